"""The page on progress: ticks stay, travel as a file, and nothing that is imported can spoil them."""

import json

import pytest

PAGE = "course/progress.html"
CHAPTER = "book/momentum.html"
KEEPS_NOTHING = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture
def progress(page, base_url):
    page.goto(f"{base_url}/{PAGE}")
    return page


def ticked(page):
    return page.locator("ul.progress input:checked").evaluate_all("all => all.map(one => one.dataset.progress)")


def status(page):
    return page.locator(".progress-tools + [role=status]")


def imported(page, content, name="mine.json"):
    content = content if isinstance(content, str) else json.dumps(content)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content.encode()}
    )
    page.wait_for_function(f"document.querySelector('.progress-tools + [role=status]').textContent.includes('{name}')")
    return status(page).inner_text()


def test_a_tick_is_made_by_keyboard_and_stays(progress):
    progress.get_by_label("Momentum", exact=True).focus()
    progress.keyboard.press("Space")
    progress.reload()
    assert ticked(progress) == ["chapter:momentum"]
    progress.get_by_label("Momentum", exact=True).uncheck()
    progress.reload()
    assert ticked(progress) == []


def test_a_chapter_offers_its_tick_at_its_end(page, base_url):
    page.goto(f"{base_url}/{CHAPTER}")
    page.get_by_label("I have worked through this chapter").check()
    page.get_by_role("link", name="Your progress", exact=True).last.click()
    assert ticked(page) == ["chapter:momentum"]


def test_another_tab_is_kept_up_to_date(context, base_url):
    one, other = context.new_page(), context.new_page()
    for tab in (one, other):
        tab.goto(f"{base_url}/{PAGE}")
    one.get_by_label("Broke training").check()
    other.wait_for_function("document.querySelector('[data-progress=broke]').checked")


def test_questions_answered_right_are_counted(page, base_url):
    page.goto(f"{base_url}/book/gradient_descent.html")
    asked = page.locator("fieldset[data-id=gd-limit]")
    asked.get_by_label("Your number").fill("0.2")
    page.keyboard.press("Enter")
    page.goto(f"{base_url}/{PAGE}")
    assert page.locator("li", has_text="Gradient descent").get_by_text("1 of 5 questions right").count() == 1


def test_export_clear_and_import_bring_everything_back(progress, tmp_path):
    progress.evaluate("kept.write('quiz', new Set(['gd-limit']))")
    progress.get_by_label("Broke training").check()
    with progress.expect_download() as download:
        progress.get_by_role("button", name="Export").click()
    file = tmp_path / "optimtext-progress.json"
    download.value.save_as(file)
    progress.on("dialog", lambda dialog: dialog.accept())
    progress.get_by_role("button", name="Clear").click()
    assert ticked(progress) == []
    assert "1 of 5" not in progress.inner_text("article")
    progress.get_by_label("Understood").check()
    assert "2 entries added, none removed" in imported(progress, file.read_text())
    assert ticked(progress) == ["broke", "understood"]
    assert "1 of 5 questions right" in progress.inner_text("article")


def test_clear_asks_first(progress):
    progress.get_by_label("Broke training").check()
    progress.on("dialog", lambda dialog: dialog.dismiss())
    progress.get_by_role("button", name="Clear").click()
    assert ticked(progress) == ["broke"]


GOOD = {"optimtext": "progress", "version": 1, "progress": ["understood"], "quiz": []}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("null", "not exported by this page"),
        ([1, 2], "not exported by this page"),
        ({"progress": ["understood"]}, "not exported by this page"),
        (GOOD | {"version": 2}, "version 2"),
        (GOOD | {"version": None}, "version null"),
        (GOOD | {"progress": "understood"}, "not a list of names"),
        (GOOD | {"quiz": [1]}, "not a list of names"),
        (GOOD | {"quiz": {"0": "gd-limit"}}, "not a list of names"),
        (GOOD | {"quiz": ["x" * 200_000]}, "bytes"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_changes_nothing(progress, complaints, content, says):
    progress.get_by_label("Broke training").check()
    said = imported(progress, content)
    assert says in said
    assert said.endswith("Nothing was changed.")
    assert ticked(progress) == ["broke"]
    assert complaints == []


def test_names_that_the_book_does_not_have_are_left_out(progress):
    said = imported(progress, GOOD | {"progress": ["understood", "<img src=x>"], "quiz": ["no-such"]})
    assert "1 entries added" in said
    assert "2 names" in said
    assert progress.evaluate("localStorage.getItem('optimtext.quiz')") == "[]"


@pytest.mark.parametrize("stored", ["{", "3", '"broke"', "[1]", "null", '{"a": 1}'])
def test_a_spoiled_store_reads_as_empty(progress, complaints, stored):
    progress.evaluate("text => localStorage.setItem('optimtext.progress', text)", stored)
    progress.reload()
    assert ticked(progress) == []
    assert complaints == []


def test_a_browser_that_keeps_nothing_says_so(page, base_url, complaints):
    page.add_init_script(KEEPS_NOTHING)
    page.goto(f"{base_url}/{PAGE}")
    page.get_by_label("Broke training").check()
    assert "keeps nothing" in status(page).inner_text()
    assert ticked(page) == ["broke"]
    assert complaints == []


def test_without_script_it_is_a_plain_checklist(browser, base_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base_url}/{PAGE}")
    assert page.locator("ul.progress input[type=checkbox]").count() >= 15
    assert page.get_by_role("button", name="Export").count() == 0
    assert page.get_by_text("9 questions").count() >= 1
    context.close()


def test_the_lab_offers_its_tick_and_folds_its_checks(page, base_url):
    page.goto(f"{base_url}/course/lab.html")
    assert page.locator("details.lab-check").count() == 8
    assert page.locator("details.lab-check[open]").count() == 0
    assert page.get_by_text(": right.").count() == 8
    page.get_by_label("I have completed the lab").check()
    page.goto(f"{base_url}/{PAGE}")
    assert ticked(page) == ["lab"]
