"""The playground with a keyboard, a screen reader, a finger, a narrow window, or a wish for less motion."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NAMELESS = """() => {
  const name = (node) => node.getAttribute('aria-label') || node.labels?.[0]?.innerText || node.innerText;
  return [...document.querySelectorAll('.playground-whole :is(input, select, button, textarea, a)')]
    .filter((node) => node.checkVisibility() && !name(node).trim()).map((node) => node.outerHTML);
}"""


def faults(page):
    return [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def tab_to(page, test, limit=80):
    """Press Tab until the element that has the focus passes a test."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const node = document.activeElement; return {test}; }})()"):
            return
    raise AssertionError(f"no focus within {limit} tabs: {test}")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_serious_fault_with_everything_open(page, player, mode):
    page.emulate_media(color_scheme=mode)
    player.open("#v=1&surface=Himmelblau&rule=Momentum,lr:0.01&rule=Adam,lr:0.1&view=basin&noise=0.1&bad=1")
    for summary in page.locator(".playground-whole summary").all():
        summary.click()
    page.locator(".pg-code").fill("theta = theta ^ grad")
    player.rate("Adam").fill("-1")
    page.wait_for_function("document.querySelector('.pg-shares caption').textContent.includes('paler')")
    assert faults(page) == []
    assert page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_serious_fault_of_a_playground_within_a_text(page, player, mode):
    page.emulate_media(color_scheme=mode)
    player.open()
    page.locator(".playground-wake").first.click()
    page.locator(".pg-small .pg-play").wait_for()
    for summary in page.locator(".pg-small summary").all():
        summary.click()
    assert faults(page) == []


def test_a_whole_visit_without_a_mouse(page, player):
    player.open()
    page.evaluate("document.querySelector('.playground-whole').scrollIntoView()")
    page.locator(".pg-pill input:checked").first.focus()
    page.keyboard.press("ArrowRight")  # the radio buttons of the surfaces: from the ravine to the saddle
    page.wait_for_function("location.hash.includes('surface=Saddle')")
    tab_to(page, "node.closest('.pg-chip')?.innerText.trim() === 'Lion'")
    page.keyboard.press("Space")
    expect(player.row("Lion")).to_be_visible()
    tab_to(page, "node.classList.contains('pg-start')")
    before = player.start()
    page.keyboard.press("Shift+ArrowUp")
    assert player.start()[1] > before[1]
    page.keyboard.press("Space")
    expect(page.locator(".pg-play").first).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Space")
    expect(page.locator(".pg-play").first).to_have_attribute("aria-label", "Play")
    tab_to(page, "node.classList.contains('pg-scrubber')")
    page.keyboard.press("End")
    expect(page.locator(".pg-scrubber").first).to_have_attribute("aria-valuetext", "step 150 of 150")
    tab_to(page, "node.closest('.pg-row')?.dataset.rule === 'Lion' && node.type === 'range'")
    value = player.rate("Lion").input_value()
    page.keyboard.press("ArrowRight")
    assert float(player.rate("Lion").input_value()) > float(value)
    tab_to(page, "node.matches('.pg-editor > summary')")
    page.keyboard.press("Enter")
    tab_to(page, "node.matches('.pg-code')")
    page.keyboard.press("Control+A")
    page.keyboard.type("theta = theta - lr * sign(grad)")
    expect(player.row("Own")).to_be_visible()
    page.keyboard.press("Tab")  # no trap
    assert not page.evaluate("document.activeElement.matches('.pg-code')")


def test_sliders_tell_their_names_and_values(page, player):
    player.open()
    tree = page.locator(".playground-whole").aria_snapshot()
    for line in (
        'slider "Start point"',
        'slider "Step"',
        'slider "learning rate α, gradient descent"',
        'spinbutton "learning rate α, momentum, exact value"',
        'radio "Ravine" [checked]',
        'checkbox "Adam" [checked]',
        'button "Basins"',
        'img "Loss against steps',
    ):
        assert line in tree, line
    slider = player.rate("GradientDescent", "range")
    assert slider.get_attribute("aria-valuetext") == "0.03"
    slider.press("ArrowRight")
    assert float(slider.get_attribute("aria-valuetext")) > 0.03


def test_one_polite_live_region_speaks_after_things_have_come_to_rest(page, player):
    player.open()
    regions = page.locator(".playground-whole :is([aria-live], [role=status], [role=alert], output)")
    assert regions.count() == 1
    assert regions.first.get_attribute("aria-live") == "polite"
    page.evaluate("""() => {
      window.spoken = 0;
      new MutationObserver((seen) => (window.spoken += seen.length)).observe(
        document.querySelector('.playground-whole [role=status]'),
        { childList: true, characterData: true, subtree: true });
    }""")
    for _ in range(15):
        player.rate("GradientDescent", "range").press("ArrowRight")
    page.wait_for_function("window.spoken > 0")
    page.wait_for_timeout(800)
    assert page.evaluate("window.spoken") <= 2
    expect(regions.first).to_contain_text("gradient descent")


def test_who_wants_less_motion_gets_the_end_at_once_and_nothing_moves_by_itself(page, player):
    page.emulate_media(reduced_motion="reduce")
    player.open()
    step = page.locator(".pg-scrubber").first
    expect(step).to_have_value("150")
    page.get_by_role("button", name="Back to the start").first.click()
    page.wait_for_timeout(300)
    expect(step).to_have_value("0")
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(step).to_have_value("150")
    expect(page.locator(".pg-play").first).to_have_attribute("aria-label", "Play")


def test_it_fits_a_phone_and_answers_to_a_finger(browser, base_url):
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{base_url}/playground.html")
    page.wait_for_selector(".playground-whole .playground[data-awake]")
    for summary in page.locator(".playground-whole summary").all():
        summary.tap()
    page.locator(".playground-wake").first.tap()
    page.locator(".pg-small .pg-chart").wait_for()
    assert page.evaluate(OVERFLOW) <= 0
    stage = page.locator(".pg-map").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    before = page.locator(".pg-start").first.get_attribute("aria-valuetext")
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    assert page.locator(".pg-start").first.get_attribute("aria-valuetext") != before
    page.locator(".pg-chip", has_text="Nesterov").first.tap()
    expect(page.locator(".pg-row[data-rule=Nesterov]").first).to_be_visible()
    handle = page.locator(".pg-start").first.bounding_box()
    assert min(handle["width"], handle["height"]) >= 44
    context.close()


def test_the_picture_and_the_answer_are_there_without_a_script(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/playground.html")
    assert page.locator(".playground-picture").count() >= 6
    answer = page.locator(".playground-answer").first
    answer.locator("summary").click()
    expect(answer).to_contain_text("It converges, but not straight")
    context.close()
