"""One rule, three readings: the algorithm box, the Python it was made from and the JavaScript made from it.

    ```{rule} Momentum
    ```

The argument is a class of `optimtext.rules`, or the path of another class within the package: `surfaces.Ravine`.

    ```{rule-cards} GradientDescent Momentum
    ```

shows only the algorithms, side by side with their defaults, for the cheat sheet.
"""

import inspect
import re
from dataclasses import fields
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from textwrap import dedent
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx_design.shared import create_component

METHODS = ("probe", "update", "value", "slope")


def python_source(cls: type) -> str:
    """Return the methods that are the rule, as they stand in the package."""
    return "\n".join(dedent(inspect.getsource(getattr(cls, name))) for name in METHODS if hasattr(cls, name))


def find_class(directive: SphinxDirective, path: str) -> type[Any]:
    """Return the class that an argument names; the page is made anew when a file behind it changes."""
    package, rules, emit = (import_module(name) for name in ("optimtext", "optimtext.rules", "optimtext.emit"))
    try:
        cls = attrgetter(path)(package if "." in path else rules)
    except AttributeError:
        cls = None
    if not inspect.isclass(cls):
        known = ", ".join(
            name for name, value in vars(rules).items() if inspect.isclass(value) and hasattr(value, "update")
        )
        raise directive.error(f"{directive.name}: no class {path!r}; there are {known}, or surfaces.Name")
    sources = {Path(inspect.getfile(base)) for base in cls.__mro__[:-1]}
    home = Path(inspect.getfile(emit))
    sources |= set(home.parent.rglob("*.py")) if home.name == "__init__.py" else {home}
    for source in sources:
        directive.env.note_dependency(str(source))
    return cls


class RuleBox(SphinxDirective):
    """A set of three tabs: Algorithm, Python, JavaScript."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the tabs, whose content is made from the source of the class."""
        cls, emit = find_class(self, self.arguments[0]), import_module("optimtext.emit")
        latex, python, script = emit.latex(cls), python_source(cls), emit.javascript(cls)
        formula = nodes.math_block(latex, latex, nowrap=False, number=None, label=None, docname=self.env.docname)
        blocks = {
            "Algorithm": formula,
            "Python": nodes.literal_block(python, python, language="python"),
            "JavaScript": nodes.literal_block(script, script, language="javascript"),
        }
        tabs = create_component("tab-set", classes=["sd-tab-set", "rule-box"])
        for title, block in blocks.items():
            self.set_source_info(block)
            label = nodes.rubric(title, title, classes=["sd-tab-label"], sync_group="rule", sync_id=title.lower())
            content = create_component("tab-content", classes=["sd-tab-content"], children=[block])
            tabs += create_component("tab-item", classes=["sd-tab-item"], children=[label, content], selected=False)
        self.set_source_info(tabs)
        return [tabs]


class RuleCards(SphinxDirective):
    """The algorithms of several rules, one card each."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the cards."""
        emit, looks = import_module("optimtext.emit"), import_module("optimtext.looks")
        cards = nodes.container("", classes=["rule-cards"])
        for name in self.arguments[0].split():
            cls = find_class(self, name)
            label = looks.identity(cls).label
            # A remark beside a line is for the box that explains the rule.
            latex = re.sub(r"\\qquad \\textsf\{.*?\}\}?(?= \\\\|$)", "", emit.latex(cls), flags=re.MULTILINE)
            formula = nodes.math_block(latex, latex, nowrap=False, number=None, label=None, docname=self.env.docname)
            given = ", ".join(f"{field.name} = {field.default}" for field in fields(cls))
            title = nodes.paragraph("", "", nodes.strong("", label[0].upper() + label[1:]), classes=["rule-card-title"])
            defaults = nodes.paragraph("", "", nodes.literal("", given), classes=["rule-card-defaults"])
            self.set_source_info(formula)
            cards += nodes.container("", title, formula, defaults, classes=["rule-card", f"rule-{name.lower()}"])
        return [cards]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.setup_extension("sphinx_design")
    app.add_directive("rule", RuleBox)
    app.add_directive("rule-cards", RuleCards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
