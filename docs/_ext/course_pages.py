"""The course in the book: each exercise as its starter file says it, and what the bank knows, as tables.

    ```{course-exercise} momentum
    ```

shows where the exercise stands, what it asks for, its smallest example and how to check it.

    ```{course-matrix}
    ```

shows for each starter file which misconception is known in which exercise, and on how many inputs it shows.

    ```{course-misconceptions}
    ```

lists them with what the check says. The exercises on update rules are written to `_static/course/cases.json`, for the
editor of the playground.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PLAYGROUND = "playground"
Cells: TypeAlias = Sequence[str | list[nodes.Node]]


class CourseDirective(SphinxDirective):
    """What the directives share: the package, on whose files the page depends."""

    def depend(self) -> None:
        """Have the page made anew when the course changes."""
        from optimtext import course

        for pattern in ("*.py", "*.txt"):
            for path in Path(course.__file__).parent.rglob(pattern):
                self.env.note_dependency(str(path))

    def text(self, words: str) -> list[nodes.Node]:
        """Return words of the bank, in which `a` and a * b are code as in a docstring."""
        parts = words.split("`")
        return [nodes.literal(part, part) if k % 2 else nodes.Text(part) for k, part in enumerate(parts)]

    def code(self, text: str, language: str) -> nodes.Node:
        """Return a block of code."""
        block = nodes.literal_block(text, text, language=language)
        self.set_source_info(block)
        return block


class ExerciseDirective(CourseDirective):
    """One exercise of the course."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the parts of its page."""
        from optimtext.course import EXERCISES, playground
        from optimtext.course.judge import number_text, right_answers

        self.depend()
        if self.arguments[0] not in EXERCISES:
            raise self.error(f"course-exercise: no exercise {self.arguments[0]!r}; there are {', '.join(EXERCISES)}")
        exercise = EXERCISES[self.arguments[0]]
        place = nodes.paragraph("", "In ", nodes.literal("", f"starter/{exercise.file}"))
        if (chapter := f"book/{exercise.chapter}") in self.env.found_docs:
            place += [nodes.Text(". The theory is in "), self.page(chapter)]
        place += nodes.Text(".")
        answer = right_answers(exercise)[0][0]
        assert answer.value is not None, "the reference gives values"
        example = nodes.paragraph("", "The smallest example, to be worked by hand first:")
        call = self.code(f"{answer.call}\n→ {number_text(answer.value, 6)}", "text")
        commands = (
            f"$ optimtext check {exercise.name}\n"
            f"$ pytest tests/test_{exercise.file.removesuffix('.py')}.py::{exercise.test_class} -v\n"
        )
        check = nodes.paragraph("", "Check it in your course directory:")
        parts = [place, self.code(starter(exercise.file, exercise.symbol), "python"), example, call, check]
        parts.append(self.code(commands, "console"))
        if playground.opens(exercise.name) and PLAYGROUND in self.env.found_docs:
            parts.append(self.editor(playground.link(exercise.name)))
        return parts

    def page(self, docname: str) -> nodes.Node:
        """Return a link to a page by its title."""
        link = addnodes.pending_xref(
            "", refdomain="std", reftype="doc", reftarget=f"/{docname}", refexplicit=False, refdoc=self.env.docname
        )
        link += nodes.inline("", "")
        return link

    def editor(self, link: str) -> nodes.Node:
        """Return the link into the playground's editor, where the same cases check what is typed."""
        page, _, state = link.partition(".html")
        address = self.env.app.builder.get_relative_uri(self.env.docname, page) + state
        opened = nodes.reference("", "", nodes.Text("the playground's editor"), refuri=address, internal=True)
        rest = nodes.Text(", which checks it against the same inputs and knows the same mistakes.")
        return nodes.paragraph("", "Or write it in ", opened, rest)


def starter(file: str, symbol: str) -> str:
    """Return a function or class as the starter file has it."""
    from optimtext.course.workspace import source

    text = source(f"starter/{file}").read_text(encoding="utf-8")
    found = next(node for node in ast.parse(text).body if getattr(node, "name", None) == symbol)
    return ast.get_source_segment(text, found) or ""


class Matrix(CourseDirective):
    """A table for each starter file: misconceptions down, exercises across."""

    def run(self) -> list[nodes.Node]:
        """Return the tables with their captions."""
        from optimtext.course.judge import right_answers, same_trial, wrong_answers

        self.depend()
        tables: list[nodes.Node] = []
        for file, exercises in by_file():
            shows: dict[str, dict[str, str]] = {}
            for exercise in exercises:
                right = right_answers(exercise)
                for entry, wrong in wrong_answers(exercise):
                    failing = sum(not same_trial(a, b) for a, b in zip(right, wrong, strict=True))
                    shows.setdefault(entry.name, {})[exercise.name] = f"{failing}/{len(right)}"
            heading = ["misconception", *(exercise.name for exercise in exercises)]
            rows = [[name, *(found.get(exercise.name, "") for exercise in exercises)] for name, found in shows.items()]
            tables += [nodes.rubric("", "", nodes.literal("", f"starter/{file}")), table(heading, rows)]
        return tables


class Misconceptions(CourseDirective):
    """All misconceptions with the message of the check."""

    def run(self) -> list[nodes.Node]:
        """Return a table for each exercise."""
        self.depend()
        parts: list[nodes.Node] = []
        for _, exercises in by_file():
            for exercise in exercises:
                parts.append(nodes.rubric("", f"{exercise.title}: ", nodes.literal("", exercise.name)))
                rows = [[entry.name, self.text(entry.message)] for entry in exercise.misconceptions]
                parts.append(table(["misconception", "message"], rows))
        return parts


def by_file() -> Iterator[tuple[str, list[Any]]]:
    """Yield the starter files in the order of the course, each with its exercises."""
    from optimtext.course import EXERCISES

    for file in dict.fromkeys(exercise.file for exercise in EXERCISES.values()):
        yield file, [exercise for exercise in EXERCISES.values() if exercise.file == file]


def table(heading: Cells, rows: Sequence[Cells]) -> nodes.table:
    """Return a table."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in heading), cols=len(heading))
    group += nodes.thead("", row(heading))
    group += nodes.tbody("", *map(row, rows))
    return nodes.table("", group, classes=["course-matrix"])


def row(cells: Cells) -> nodes.row:
    """Return a row of a table."""
    texts = ([nodes.Text(cell)] if isinstance(cell, str) else cell for cell in cells)
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *text)) for text in texts))


def write_cases(app: Sphinx) -> None:
    """Write what the playground's editor needs, before the page that loads it."""
    if app.builder.format == "html":
        from optimtext.course import playground

        path = Path(app.outdir, "_static", "course", "cases.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(playground.exercises(), separators=(",", ":")), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("course-exercise", ExerciseDirective)
    app.add_directive("course-matrix", Matrix)
    app.add_directive("course-misconceptions", Misconceptions)
    app.connect("builder-inited", write_cases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
