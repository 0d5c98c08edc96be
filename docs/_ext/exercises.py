"""Exercises, numbered on each page, whose solution opens on request.

    ::::{exercise} An optional title
    :name: ex-agree
    The task.

    :::{solution}
    The way to it.
    :::
    ::::

A text refers to it by {ref}`ex-agree`, which reads "Exercise 1".
"""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id


class solution(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """A part of the page that is closed until the reader opens it."""


class Exercise(SphinxDirective):
    """A numbered task."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the box and make its name a target."""
        self.assert_has_content()
        number = int(self.env.temp_data.get("exercises") or 0) + 1
        self.env.temp_data["exercises"] = number
        name = f"Exercise {number}"
        title = nodes.paragraph("", "", nodes.strong("", f"{name}."), classes=["exercise-title"])
        if self.arguments:
            text, messages = self.parse_inline(self.arguments[0])
            title += [nodes.Text(" "), *text, *messages]
        box = nodes.container("", title, *self.parse_content_to_nodes(), classes=["exercise"])
        self.set_source_info(box)
        box["ids"].append(make_id(self.env, self.state.document, "exercise", str(number)))
        self.state.document.note_explicit_target(box)
        if label := nodes.fully_normalize_name(self.options.get("name", "")):
            self.env.domains.standard_domain.note_hyperlink_target(label, self.env.docname, box["ids"][0], name)
        return [box]


class Solution(SphinxDirective):
    """The answer to the exercise that surrounds it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the part that opens."""
        self.assert_has_content()
        return [solution("", *self.parse_content_to_nodes())]


def open_details(translator: Any, node: nodes.Element) -> None:
    """Write the browser's own folding element: it opens by keyboard, by search and without a script."""
    translator.body.append(f'<details class="solution"><summary>{node.get("summary", "Solution")}</summary>\n')


def close_details(translator: Any, node: nodes.Element) -> None:
    """End the folding element."""
    translator.body.append("</details>\n")


def show(translator: Any, node: nodes.Element) -> None:
    """Show the answer where nothing can be folded."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both directives."""
    plain = (show, show)
    app.add_node(solution, html=(open_details, close_details), latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_directive("exercise", Exercise)
    app.add_directive("solution", Solution)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
