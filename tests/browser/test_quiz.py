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
    page.get_by_role("spinbutton", name="Seed").fill("7")
    page.get_by_role("button", name="Draw ten questions").click()
    assert drawn(page) == first
    assert page.url.endswith("?seed=7")


@pytest.mark.parametrize("seed", ["", "-1", "1e9", "<b>", "9" * 40])
def test_a_strange_seed_is_taken_for_the_first(page, base_url, complaints, seed):
    page.goto(f"{base_url}/course/quiz.html?seed={seed}")
    assert page.get_by_role("spinbutton", name="Seed").input_value() == "1"
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


@pytest.mark.parametrize("text", ["0.2", "0,2", "1/5", "2e-1", "2·10^-1", " .2 ", "0.2000"])
def test_a_number_is_read_as_people_write_it(quiz, text):
    asked = question(quiz, "gd-limit")
    asked.get_by_label("Your number").fill(text)
    asked.get_by_role("button", name="Check").click()
    assert asked.get_by_role("status").inner_text() == "Right."


def test_thousands_may_be_parted_by_commas(page, base_url):
    page.goto(f"{base_url}/course/quiz.html")
    page.evaluate("for (const q of document.querySelectorAll('.quiz fieldset')) q.hidden = false")
    asked = page.locator("fieldset[data-id=batches-steps]")
    asked.locator("input").evaluate("field => { field.dataset.answer = '50000'; }")
    asked.get_by_label("Your number").fill("50,000")
    asked.get_by_role("button", name="Check").click()
    assert asked.get_by_role("status").inner_text() == "Right."


def test_what_is_no_number_is_not_judged(quiz):
    asked = question(quiz, "gd-limit")
    asked.get_by_label("Your number").fill("two")
    asked.get_by_role("button", name="Check").click()
    assert asked.get_by_role("status").inner_text().startswith("That is no number")
    assert asked.get_attribute("data-result") is None


def test_a_verdict_goes_when_the_answer_changes(quiz):
    asked = question(quiz, "gd-limit")
    asked.get_by_label("Your number").fill("0.2")
    asked.get_by_role("button", name="Check").click()
    asked.get_by_label("Your number").fill("0.3")
    assert asked.get_attribute("data-result") is None
    assert asked.get_by_role("status").inner_text() == ""


def test_one_of_several_says_how_many_are_missing(quiz):
    asked = question(quiz, "gd-no-number")
    asked.locator("input[data-right=yes]").first.check()
    asked.get_by_role("button", name="Check").click()
    assert "1 missing" in asked.get_by_role("status").inner_text()


def answer(page, name, *, right=True):
    """Answer a question on the page, with the keyboard."""
    asked = page.locator(f".quiz fieldset[data-id={name}]")
    if asked.get_attribute("data-kind") == "numeric":
        field = asked.get_by_label("Your number")
        field.fill(field.get_attribute("data-answer") if right else "12345.6")
    else:
        chosen = asked.locator("input[data-right=yes]" if right else "input:not([data-right])")
        for box in chosen.all() if right else chosen.all()[:1]:
            box.focus()
            page.keyboard.press("Space")
    page.keyboard.press("Enter")


def test_eight_right_at_the_first_try_pass_and_are_remembered(page, base_url, complaints):
    page.goto(f"{base_url}/course/quiz.html?seed=3")
    names = drawn(page)
    for number, name in enumerate(names):
        answer(page, name, right=number >= 2)
    score = page.locator(".quiz-score")
    assert "8 of 10 right, 8 at the first try: passed" in score.inner_text()
    page.goto(f"{base_url}/course/progress.html")
    assert page.get_by_label("Passed the quiz").is_checked()
    page.goto(f"{base_url}/course/quiz.html?seed=3")
    assert page.get_by_text("You have answered this one right before.").locator("visible=true").count() == 8
    assert "you have answered 8 right so far" in score.inner_text()
    page.get_by_label("Only what I have not answered right yet").check()
    page.get_by_role("button", name="Draw ten questions").click()
    assert not set(drawn(page)) & set(names[2:])
    assert complaints == []


def test_a_second_try_does_not_pass(page, base_url):
    page.goto(f"{base_url}/course/quiz.html?seed=3")
    for right in (False, True):
        for name in drawn(page):
            answer(page, name, right=right)
            if not right and page.locator(f"fieldset[data-id={name}] input[type=checkbox]").count():
                page.locator(f"fieldset[data-id={name}] input:checked").first.uncheck()
    assert "10 of 10 right, 0 at the first try: not passed yet" in page.locator(".quiz-score").inner_text()
    page.get_by_role("button", name="Start over").click()
    assert page.locator(".quiz-score").inner_text().startswith("0 of 10 right.")
