"""Every page of the built book, as a reader with any screen, mode or aid meets it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PAGES

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Images that are hidden in this mode are not loaded, and need not be.
BROKEN = """[...document.images].filter(i => i.checkVisibility() && !(i.complete && i.naturalWidth)).map(i => i.src)"""
UNNAMED = "[...document.querySelectorAll('article img')].filter(i => !(i.alt || '').trim()).map(i => i.src)"


def load_everything(page):
    """Scroll through the page, so that lazy images come."""
    page.evaluate("for (const i of document.images) i.loading = 'eager'")
    page.wait_for_load_state("networkidle")


def test_the_site_has_the_pages_that_the_start_page_promises():
    expected = {"index.html", "start.html", "book/momentum.html", "gallery/index.html", "reference/notation.html"}
    assert expected <= set(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_without_a_complaint_and_asks_no_other_host(page, base_url, requests, complaints, path):
    page.goto(f"{base_url}/{path}")
    load_everything(page)
    assert [address for address in requests if not address.startswith((base_url, "data:"))] == []
    assert complaints == []
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(UNNAMED) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(page, base_url, path):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{base_url}/{path}")
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_accessibility_fault(page, base_url, path, mode):
    page.emulate_media(color_scheme=mode)
    page.goto(f"{base_url}/{path}")
    violations = Axe().run(page).response["violations"]
    serious = [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in violations
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
    assert serious == []
