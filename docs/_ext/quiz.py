"""Questions at the end of a chapter, and one quiz drawn from all of them.

    ```{quiz} gradient_descent
    ```
    ```{quiz} *
    ```

A chapter's questions stand in `quiz/NAME.yml`, whose form `quiz_bank` explains and checks. On the page the answer lies
folded below each question; with script the reader answers first, and then it unfolds. The whole bank (`*`) shows all
questions, or, with script, the ten that a seed draws. Figures are drawn by functions in `quiz/figures.py`.
"""

from pathlib import Path
from typing import Any

from docutils import nodes
from drawn import image, image_path
from quiz_bank import Question, read
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FOLDER = "quiz"


class element(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """An element of the page's markup with a tag, attributes and content."""


class control(nodes.General, nodes.Element):  # noqa: N801  # as above
    """An element without content, such as an input."""


def attributes(node: nodes.Element) -> dict[str, str]:
    """Return what is written into the tag."""
    return {name: str(value) for name, value in node["attributes"].items()}


def open_element(translator: Any, node: nodes.Element) -> None:
    """Write the opening tag."""
    translator.body.append(translator.starttag(node, node["tag"], "", **attributes(node)))


def close_element(translator: Any, node: nodes.Element) -> None:
    """Write the closing tag."""
    translator.body.append(f"</{node['tag']}>\n")


def write_control(translator: Any, node: nodes.Element) -> None:
    """Write a tag that has no content; in the e-book, where it could not be used, nothing."""
    if translator.builder.name != "epub":
        translator.body.append(translator.emptytag(node, node["tag"], "", **attributes(node)))
    raise nodes.SkipNode


def leave_out(translator: Any, node: nodes.Element) -> None:
    """Show no control where nothing can be answered."""
    raise nodes.SkipNode


def go_on(translator: Any, node: nodes.Element) -> None:
    """Show the content alone where there are no such elements."""


def make(tag: str, *children: nodes.Node, **given: Any) -> element:
    """Return an element; an underscore in a name stands for a hyphen."""
    return element("", *children, tag=tag, attributes={name.replace("_", "-"): value for name, value in given.items()})


class Quiz(SphinxDirective):
    """The questions of one chapter, or of all."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the form."""
        name, folder = self.arguments[0], Path(self.env.srcdir, FOLDER)
        files = sorted(folder.glob("*.yml")) if name == "*" else [folder / f"{name}.yml"]
        questions: list[Question] = []
        for file in files:
            self.env.note_dependency(str(file))
            try:
                questions += read(file)
            except (OSError, ValueError) as error:
                raise self.error(f"quiz: {error}") from None
        form = make("div", *map(self.question, questions), **{"class": "quiz"}, data_quiz=name)
        self.set_source_info(form)
        return [form]

    def question(self, question: Question) -> nodes.Node:
        """Return one question: what is asked, the controls, and the answers, folded."""
        asked = make("legend", *self.parse_text_to_nodes(question.ask))
        body: list[nodes.Node] = [asked]
        if question.figure:
            body.append(self.figure(question))
        if question.kind == "multiple":
            hint = "There may be several. Choose all that are right."
            body.append(nodes.paragraph("", hint, classes=["quiz-hint"]))
        if question.kind == "numeric":
            body.append(self.field(question))
        else:
            body += [self.option(question, number) for number in range(len(question.options))]
        fieldset = make("fieldset", *body, self.answers(question), data_kind=question.kind, data_id=question.id)
        fieldset["ids"].append(f"q-{question.id}-in-{self.env.docname.rpartition('/')[2]}")
        return fieldset

    def figure(self, question: Question) -> nodes.Node:
        """Return the question's figure."""
        path = image_path(self.env.srcdir, question.figure)
        if not path.exists():
            raise self.error(f"quiz: {question.id}: quiz/figures.py draws no figure {question.figure!r}")
        self.env.note_dependency(str(path))
        return image(self.env.srcdir, question.figure)

    def option(self, question: Question, number: int) -> nodes.Node:
        """Return one answer to choose."""
        kind = "radio" if question.kind == "single" else "checkbox"
        given = {"type": kind, "name": question.id, "value": number}
        if question.options[number].right:
            given["data-right"] = "yes"
        text = self.parse_text_to_nodes(question.options[number].text)
        inline = text[0].children if len(text) == 1 and isinstance(text[0], nodes.paragraph) else text
        words = make("span", *inline)
        return make("label", control("", tag="input", attributes=given), words, **{"class": "quiz-option"})

    def field(self, question: Question) -> nodes.Node:
        """Return the field for a number."""
        given = {"type": "text", "inputmode": "decimal", "autocomplete": "off", "size": 12, "name": question.id}
        given |= {"data-answer": repr(question.answer), "data-tolerance": repr(question.tolerance)}
        words = make("span", nodes.Text(f"Your number, to within {100 * question.tolerance:.2g}%"))
        return make("label", words, control("", tag="input", attributes=given), **{"class": "quiz-number"})

    def answers(self, question: Question) -> nodes.Node:
        """Return what unfolds: for each option whether it is right and why, or the number and its reason."""
        if question.kind == "numeric":
            text = f"**{question.answer:.4g}**. {question.why}"
        else:
            verdicts = {True: "Right", False: "Wrong"}
            rows = [f"- *{option.text}* **{verdicts[option.right]}.** {option.why}" for option in question.options]
            text = "\n".join(rows)
        if question.see:
            text += f"\n\nRead again: {{ref}}`{question.see}`."
        summary = make("summary", nodes.Text("Answer"))
        return make("details", summary, *self.parse_text_to_nodes(text), **{"class": "quiz-answer"})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its elements and its script."""
    app.add_node(element, html=(open_element, close_element), latex=(go_on, go_on), text=(go_on, go_on))
    app.add_node(control, html=(write_control, None), latex=(leave_out, None), text=(leave_out, None))
    app.add_directive("quiz", Quiz)
    app.add_js_file("quiz.js", loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
