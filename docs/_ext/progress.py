"""Checklists whose ticks a reader's browser can keep (`_static/progress.js`); without script they are plain checklists.

    ```{progress} chapters
    ```
    ```{progress}
    playground: Explored gradient descent in the playground
    ```

The first is a line for each chapter that has questions, in the order of the book, the second a line for each name.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from quiz import FOLDER, control, make
from quiz_bank import read
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Checklist(SphinxDirective):
    """A checklist of chapters, or of what stands in the directive."""

    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        if self.arguments == ["chapters"]:
            rows = [self.chapter(name) for name in self.chapters()]
        elif self.arguments or not self.content:
            raise self.error("progress: write `chapters`, or lines of the form name: text")
        else:
            rows = [self.line(entry) for entry in self.content if entry.strip()]
        checklist = nodes.bullet_list("", *rows, classes=["progress"])
        self.set_source_info(checklist)
        return [checklist]

    def chapters(self) -> list[str]:
        """Return the chapters with questions, as the start page orders the book."""
        index = Path(self.env.srcdir, "index.md")
        self.env.note_dependency(str(index))
        order = re.findall(r"^book/(\w+)$", index.read_text(encoding="utf-8"), re.MULTILINE)
        return [name for name in order if Path(self.env.srcdir, FOLDER, f"{name}.yml").exists()]

    def chapter(self, name: str) -> nodes.list_item:
        """Return the line of a chapter, with the names of its questions."""
        file = Path(self.env.srcdir, FOLDER, f"{name}.yml")
        self.env.note_dependency(str(file))
        questions = read(file)
        link = addnodes.pending_xref(
            "",
            nodes.inline(name, name),
            refdomain="std",
            reftype="doc",
            reftarget=f"/book/{name}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        names = " ".join(question.id for question in questions)
        count = make(
            "span", nodes.Text(f"{len(questions)} questions"), data_questions=names, **{"class": "progress-quiz"}
        )
        return self.item(f"chapter:{name}", [link], count)

    def line(self, entry: str) -> nodes.list_item:
        """Return the line of a name and its text."""
        name, colon, text = entry.partition(": ")
        if not colon:
            raise self.error(f"progress: {entry!r} is not of the form name: text")
        (paragraph,) = self.parse_text_to_nodes(text)
        return self.item(name.strip(), paragraph.children)

    @staticmethod
    def item(name: str, words: Iterable[nodes.Node], *more: nodes.Node) -> nodes.list_item:
        """Return a line with its box."""
        box = control("", tag="input", attributes={"type": "checkbox", "data-progress": name, "autocomplete": "off"})
        return nodes.list_item("", nodes.paragraph("", "", make("label", box, nodes.inline("", "", *words)), *more))


class Tools(SphinxDirective):
    """The place of the buttons that export, import and clear, which the script fills."""

    def run(self) -> list[nodes.Node]:
        """Return an empty box."""
        return [make("div", **{"class": "progress-tools"})]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, and the script before the quiz's, which uses it."""
    app.add_directive("progress", Checklist)
    app.add_directive("progress-tools", Tools)
    app.add_js_file("progress.js", loading_method="defer", priority=450)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
