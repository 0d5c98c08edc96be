"""The quiz as a reader takes it: with the keyboard, with right and wrong answers, and without script."""

import pytest

PAGE = "book/gradient_descent.html"


@pytest.fixture
def quiz(page, base_url):
    page.goto(f"{base_url}/{PAGE}")
    return page.locator(".quiz")


def question(quiz, name):
    return quiz.locator(f"fieldset[data-id={name}]")


def test_a_number_is_checked_within_its_tolerance_and_explained(page, quiz):
    asked = question(quiz, "gd-limit")
    field = asked.get_by_label("Your number")
    field.focus()
    page.keyboard.type("0.4")
    page.keyboard.press("Enter")
    assert asked.get_by_role("status").inner_text().startswith("Not right")
    assert asked.locator(".quiz-answer").evaluate("node => node.open") is True
    field.fill("0,2001")  # as many readers write it
    page.keyboard.press("Enter")
    assert asked.get_by_role("status").inner_text() == "Right."
    assert "1 of" in quiz.locator(".quiz-score").inner_text()


def test_a_choice_is_made_and_checked_by_keyboard(page, quiz):
    asked = question(quiz, "gd-direction")
    asked.locator("input[data-right=yes]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert asked.get_by_role("status").inner_text() == "Right."


def test_several_choices_are_right_only_together(quiz):
    asked = question(quiz, "gd-no-number")
    right = asked.locator("input[data-right=yes]")
    right.first.check()
    asked.get_by_role("button", name="Check").click()
    assert asked.get_attribute("data-result") == "wrong"
    right.nth(1).check()
    asked.get_by_role("button", name="Check").click()
    assert asked.get_attribute("data-result") == "right"


def test_nothing_is_judged_before_there_is_an_answer(quiz):
    asked = question(quiz, "gd-ten")
    asked.get_by_role("button", name="Check").click()
    assert asked.get_by_role("status").inner_text() == "Answer first."
    assert asked.get_attribute("data-result") is None


def drawn(page):
    return page.locator(".quiz fieldset:visible").evaluate_all("found => found.map(one => one.dataset.id)")


def test_a_seed_draws_the_same_questions_for_everybody(page, base_url):
    page.goto(f"{base_url}/course/quiz.html?seed=7")
    first = drawn(page)
    assert 0 < len(first) <= 10
    page.goto(f"{base_url}/course/quiz.html?seed=8")
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Draw ten questions").click()
    assert drawn(page) == first
    assert page.url.endswith("?seed=7")


@pytest.mark.parametrize("seed", ["", "-1", "1e9", "<b>", "9" * 40])
def test_a_strange_seed_is_taken_for_the_first(page, base_url, complaints, seed):
    page.goto(f"{base_url}/course/quiz.html?seed={seed}")
    assert page.get_by_label("Seed").input_value() == "1"
    assert complaints == []


def test_without_script_every_question_can_be_read_and_its_answer_opened(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/{PAGE}")
    asked = page.locator("fieldset[data-id=gd-limit]")
    asked.locator("summary").click()
    assert "largest curvature" in asked.locator(".quiz-answer").inner_text()
    assert page.get_by_role("button", name="Check").count() == 0
    context.close()
