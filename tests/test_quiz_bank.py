"""The bank of questions: what a file must hold, and that every file of the book holds it."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
FILES = sorted((DOCS / "quiz").glob("*.yml"))


@pytest.fixture(scope="module")
def bank():
    spec = importlib.util.spec_from_file_location("quiz_bank", DOCS / "_ext" / "quiz_bank.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_chapter_has_questions_and_shows_them(bank, file):
    assert len(bank.read(file)) >= 5
    assert f"```{{quiz}} {file.stem}\n" in (DOCS / "book" / f"{file.stem}.md").read_text(encoding="utf-8")


def test_no_two_questions_of_the_book_have_one_name(bank):
    names = [question.id for file in FILES for question in bank.read(file)]
    assert len(names) == len(set(names))


def test_the_book_asks_many_questions_of_every_kind(bank):
    questions = [question for file in FILES for question in bank.read(file)]
    assert len(questions) >= 60
    kinds = [question.kind for question in questions]
    assert min(kinds.count(kind) for kind in bank.KINDS) >= 5
    assert sum(bool(question.figure) for question in questions) >= 5
    assert sum(question.id.endswith("-bug") for question in questions) >= 8


def test_every_figure_that_is_drawn_is_asked_about_and_described():
    spec = importlib.util.spec_from_file_location("quiz_figures", DOCS / "quiz" / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    named = re.findall(r"^  figure: (\w+)$", "".join(file.read_text(encoding="utf-8") for file in FILES), re.MULTILINE)
    assert sorted(named) == sorted(module.FIGURES)
    assert all(len(function.__doc__) > 40 for function in module.FIGURES.values())


def test_a_number_is_what_the_package_computes(bank, tmp_path):
    file = tmp_path / "one.yml"
    file.write_text("- {id: a, kind: numeric, ask: How much is it, compute: ot.Momentum().beta * 10, why: It is.}")
    (question,) = bank.read(file)
    assert question.answer == 9.0


OPTION = "{text: A, why: w, right: true}, {text: B, why: w}, {text: C, why: w}"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "must hold a list"),
        ("- 3", "is a mapping"),
        ("- {id: a, kind: essay, ask: Q}", "kind is one of"),
        ("- {kind: single, ask: Q}", "has id and ask"),
        ("- {id: a, kind: numeric, ask: Q}", "compute and why"),
        ("- {id: a, kind: numeric, ask: Q, compute: 1 / 0.0 if 0 else float('inf'), why: w}", "finite"),
        ("- {id: a, kind: single, ask: Q, options: [{text: A, why: w, right: true}, {text: B, why: w}]}", "three"),
        (f"- {{id: a, kind: single, ask: Q, options: [{OPTION}, {{text: D, why: w, right: true}}]}}", "one option is"),
        ("- {id: a, kind: single, ask: Q, options: [{text: A, right: true}, {text: B}, {text: C}]}", "text and why"),
        (
            "- {id: a, kind: multiple, ask: Q, options: [{text: A, why: w}, {text: B, why: w}, {text: C, why: w}]}",
            "one",
        ),
        (f"- {{id: a, kind: single, ask: Q, options: [{OPTION}], color: red}}", "unexpected keyword"),
        (f"- {{id: a, kind: single, ask: Q, options: [{OPTION}]}}\n" * 2, "used twice"),
        ("- {id: a", "one.yml"),
    ],
)
def test_a_file_that_cannot_be_asked_is_refused(bank, tmp_path, text, complaint):
    file = tmp_path / "one.yml"
    file.write_text(text)
    with pytest.raises(ValueError, match=complaint):
        bank.read(file)


def test_the_order_of_the_options_does_not_give_the_right_one_away(bank):
    single = [question for file in FILES for question in bank.read(file) if question.kind == "single"]
    places = {[option.right for option in question.options].index(True) for question in single}
    assert len(single) < 5 or len(places) > 1
