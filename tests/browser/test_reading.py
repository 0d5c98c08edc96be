"""What a reader does on a page, with the keyboard alone."""

import re

import pytest

CHAPTERS = ["what_is_optimized", "gradient_descent", "momentum"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_five_exercises_keep_their_solutions_until_asked(page, base_url, chapter):
    page.goto(f"{base_url}/book/{chapter}.html")
    solutions = page.locator("details.solution")
    assert solutions.count() >= 5
    first = solutions.first
    assert first.evaluate("node => node.open") is False
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.evaluate("node => node.open") is True


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_figure_shows_the_rendering_of_the_mode(page, base_url, mode):
    page.emulate_media(color_scheme=mode)
    page.goto(f"{base_url}/book/momentum.html")
    shown = page.locator("figure img:visible, .figure img:visible")
    hidden = {"light": "only-dark", "dark": "only-light"}[mode]
    assert shown.count() >= 3
    assert page.locator(f"img.{hidden}:visible").count() == 0


def test_a_rule_box_turns_from_algorithm_to_python_to_javascript_by_keyboard(page, base_url):
    page.goto(f"{base_url}/book/momentum.html")
    tabs = page.locator(".sd-tab-set").first
    assert tabs.locator(".katex").first.is_visible()
    tabs.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    assert tabs.get_by_text("def update").is_visible()
    page.keyboard.press("ArrowRight")
    assert tabs.get_by_text("export const").is_visible()


def test_the_whole_start_page_can_be_reached_with_the_tab_key(page, base_url):
    page.goto(f"{base_url}/index.html")
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement?.getAttribute('href') || ''"))
    assert any("start.html" in address for address in seen)
    assert any("momentum" in address for address in seen)


def test_mathematics_is_typeset_without_a_script(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/book/gradient_descent.html")
    assert page.locator(".katex").count() > 50
    assert page.locator(".katex-error").count() == 0
    context.close()


def test_the_cheat_sheet_prints_on_one_page(page, base_url):
    page.goto(f"{base_url}/reference/cheat_sheet.html")
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")
    printed = page.pdf(format="A4", margin=margin)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
