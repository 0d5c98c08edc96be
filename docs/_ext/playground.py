"""A playground in the text: a question, a picture that comes alive when the reader touches it, and the answer.

    ::::{playground} Adam on the bowl
    :surface: Bowl
    :rules: Adam lr=0.1, GradientDescent lr=0.1
    :start: -1.5 1
    :steps: 100
    :predict:

    The question, and what to try.

    :::{answer}
    What there was to see.
    :::
    ::::

`surface` and `rules` are those of the package, with what differs from their defaults; `predict` hides what will happen
until the run has been played. With `whole` the playground starts by itself and fills the page, whose address it owns.
The picture is computed while the book is built; no module is loaded before a reader asks for it.
"""

import re
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import playground_picture
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id

FOLDER = "_static/playground"


class answer(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """A part of the page that is closed until the run has been played, or the reader opens it."""


def named(text: str) -> dict[str, Any]:
    """Return name and numbers of ``Momentum lr=0.1 beta=0.5``."""
    name, *words = text.split()
    pairs = (word.partition("=") for word in words)
    return {"name": name, "hyper": {key: float(value) for key, _, value in pairs}}


def fragment(state: dict[str, Any]) -> str:
    """Return a state as the address of the playground says it; state.js fills in what is left out."""
    surface = state["surface"]
    pairs = [("v", "1"), ("surface", surface["name"])]
    pairs += [(f"surface.{name}", repr(value)) for name, value in surface["hyper"].items()]
    pairs.append(("start", ",".join(map(repr, state["start"]))))
    for rule in state["rules"]:
        numbers = (f"{name}:{value!r}" for name, value in rule["hyper"].items())
        pairs.append(("rule", ",".join([rule["name"], *numbers])))
    pairs += [
        ("steps", str(state["steps"])),
        ("basin", state["rules"][0]["name"]),
    ]  # the first rule is the one explained
    return "&".join(f"{name}={value}" for name, value in pairs)


class Playground(SphinxDirective):
    """A preset of the playground."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {
        "name": directives.unchanged,
        "surface": directives.unchanged_required,
        "rules": directives.unchanged_required,
        "start": directives.unchanged_required,
        "steps": directives.positive_int,
        "predict": directives.flag,
        "whole": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the box: title, question, picture, answer."""
        for source in (Path(__file__), Path(playground_picture.__file__)):
            self.env.note_dependency(str(source))
        try:
            state = self.preset()
            drawing = playground_picture.picture(state)
        except (AttributeError, TypeError, ValueError) as error:
            raise self.error(f"playground: {error}") from error
        box = nodes.container("", classes=["playground-box"])
        self.set_source_info(box)
        if self.arguments:
            text, messages = self.parse_inline(self.arguments[0])
            box += nodes.paragraph("", "", *text, *messages, classes=["playground-title"])
        content = self.parse_content_to_nodes()
        box += [node for node in content if not isinstance(node, answer)]
        whole = "whole" in self.options
        page = self.env.app.builder.get_relative_uri(self.env.docname, "playground")
        box += nodes.raw("", markup(state, drawing, page, whole=whole), format="html", playground=True)
        box += [node for node in content if isinstance(node, answer)]
        if whole:
            box["classes"].append("playground-whole")
        if label := nodes.fully_normalize_name(self.options.get("name", "")):
            box["ids"].append(make_id(self.env, self.state.document, "playground", label))
            self.state.document.note_explicit_target(box)
            self.env.domains.standard_domain.note_hyperlink_target(label, self.env.docname, box["ids"][0], "playground")
        return [box]

    def preset(self) -> dict[str, Any]:
        """Return the state that the options describe."""
        from optimtext import surfaces

        surface = named(self.options.get("surface", "Ravine"))
        start = self.options.get("start")
        home = getattr(surfaces, surface["name"])(**surface["hyper"]).start
        return {
            "surface": surface,
            "rules": [named(rule) for rule in self.options.get("rules", "GradientDescent").split(",")],
            "start": [float(number) for number in start.split()] if start else home.tolist(),
            "steps": self.options.get("steps", 100),
            "hidden": "predict" in self.options,
        }


def markup(state: dict[str, Any], drawing: str, page: str, *, whole: bool) -> str:
    """Return the box that the script fills: until then a picture, and a button that wakes it."""
    data = {"state": fragment(state), "page": page}
    flags = "".join(f' data-{flag}=""' for flag, on in {"whole": whole, "predict": state["hidden"]}.items() if on)
    given = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    button = "" if whole else '<button type="button" class="playground-wake" hidden="">Play with this</button>'
    plain = "<noscript><p>The picture comes alive where the browser runs JavaScript.</p></noscript>"
    return f'<div class="playground"{given}{flags}>{drawing}{button}{plain}</div>\n'


class Answer(SphinxDirective):
    """What the reader will have seen."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the part that opens."""
        self.assert_has_content()
        return [answer("", *self.parse_content_to_nodes())]


def open_details(translator: Any, node: nodes.Element) -> None:
    """Write the browser's own folding element."""
    translator.body.append('<details class="solution playground-answer"><summary>What you will have seen</summary>\n')


def close_details(translator: Any, node: nodes.Element) -> None:
    """End the folding element."""
    translator.body.append("</details>\n")


def show(translator: Any, node: nodes.Element) -> None:
    """Show the answer where nothing can be folded."""


def add_files(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give style and script to the pages that have a playground, and to no other."""
    found = [] if doctree is None else [raw for raw in doctree.findall(nodes.raw) if raw.get("playground")]
    if app.builder.name == "epub":  # where pictures stay pictures
        return
    if found:
        app.add_css_file("playground/playground.css")
        app.add_js_file("playground/embed.js", type="module", loading_method="none")
    if any("data-whole" in raw.astext() for raw in found):
        # Told in advance, the browser fetches all modules at once instead of finding each in the one before.
        root = context["pathto"](FOLDER, resource=True)
        links = (f'<link rel="modulepreload" href="{root}/{name}" />' for name in modules(app))
        context["metatags"] = context.get("metatags", "") + "\n".join(links)


def write_style(app: Sphinx) -> None:
    """Put the style sheet beside the modules; Sphinx adds its fingerprint to the address."""
    if app.builder.format == "html":
        target = Path(app.outdir, FOLDER, "playground.css")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = Path(app.srcdir, "playground", "playground.css")
        text = re.sub(r"/\*.*?\*/\s*|^\s+", "", source.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        target.write_text(text, encoding="utf-8")


def modules(app: Sphinx) -> list[str]:
    """Return the names of the modules that the page needs from the start."""
    lazy = {"basin-worker.js"}
    names = {path.name for path in Path(app.srcdir, "playground").glob("*.js")} - lazy
    return sorted(names | {"engine.js", "view.js"})


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both directives."""
    plain = (show, show)
    app.add_node(answer, html=(open_details, close_details), latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_directive("playground", Playground)
    app.add_directive("answer", Answer)
    app.connect("builder-inited", write_style)
    app.connect("html-page-context", add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
