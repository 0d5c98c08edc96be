"""Every page of the built book, as a reader with any screen, mode or aid meets it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOAD_ALL = "for (const image of document.images) image.loading = 'eager'"
ALL_LOADED = "[...document.images].every(image => image.complete)"
BROKEN = "[...document.images].filter(image => !image.naturalWidth).map(image => image.src)"
# A thumbnail stands in a link that says the same in words, and is rightly silent.
UNNAMED = "[...document.querySelectorAll('article figure img, .plate img')].filter(i => !i.alt.trim()).map(i => i.src)"
# On a wide screen every formula fits its column, those of folded solutions too; a pixel is rounding.
UNFOLD = "for (const folded of document.querySelectorAll('details')) folded.open = true"
TOO_WIDE = """[...document.querySelectorAll('.katex-display')]
    .filter(box => box.scrollWidth > box.clientWidth + 1)
    .map(box => box.querySelector('annotation').textContent)"""
# The signs that begin a line although a formula ends the one before. Where a box ends, the last of its pieces ends.
LOST_SIGNS = """[...document.querySelectorAll('article .katex')].filter(formula => {
    const pieces = formula.querySelectorAll('.katex-html > .base');
    const next = (formula.closest('span.math') ?? formula).nextSibling;
    if (!pieces.length || !/^[.,;:!?)]/.test(next?.nodeType === Node.TEXT_NODE ? next.data : '')) return false;
    const range = new Range();
    range.setStart(next, 0);
    range.setEnd(next, 1);
    const sign = range.getBoundingClientRect();
    return sign.width > 0 && sign.left < pieces[pieces.length - 1].getBoundingClientRect().left;
}).map(formula => formula.querySelector('annotation').textContent)"""


@pytest.fixture(scope="module")
def tab(browser):
    """Return one tab for all pages: what they share is loaded once, as by a reader, and not three hundred times."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab):
    """Return the tab, empty and as wide as a new one; pages that are only read leave nothing behind."""
    tab.goto("about:blank")
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.emulate_media(color_scheme="light")
    return tab


@pytest.mark.parametrize("name", ["index", "start", "book/momentum", "gallery/index", "reference/notation"])
def test_the_site_has_what_the_start_page_promises(site, name):
    assert (site / f"{name}.html").is_file()


def test_a_page_is_complete_asks_no_other_host_and_fits_a_phone(page, base_url, requests, complaints, path):
    page.goto(f"{base_url}/{path}")
    page.evaluate(LOAD_ALL)
    page.wait_for_function(ALL_LOADED)
    assert [address for address in requests if not address.startswith((base_url, "data:"))] == []
    assert complaints == []
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(UNNAMED) == []
    page.evaluate(UNFOLD)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate(OVERFLOW) <= 0, width
        assert page.evaluate(LOST_SIGNS) == [], width
        assert width < 1280 or page.evaluate(TOO_WIDE) == []


# A formula's visible half is hidden from readers' aids and has the color of the text around it, which is looked at.
EVERYTHING = {"exclude": [[".katex-html"]]}


def test_a_page_has_no_serious_accessibility_fault_in_either_mode(page, base_url, path):
    page.emulate_media(color_scheme="light")
    page.goto(f"{base_url}/{path}")
    # Colors that fade over from one mode to the other would be read half way.
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; }")
    # Of all that is checked, only the contrast of colors depends on the mode; and what is in order need not be listed.
    brief = {"resultTypes": ["violations"]}
    for mode, rules in (("light", brief), ("dark", {**brief, "runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=mode)
        serious = [
            (fault["id"], node["target"], node["failureSummary"])
            for fault in Axe().run(page, context=EVERYTHING, options=rules).response["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
        assert serious == [], mode
