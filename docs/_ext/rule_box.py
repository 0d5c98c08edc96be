"""One rule, three readings: the algorithm box, the Python it was made from and the JavaScript made from it.

    ```{rule} Momentum
    ```

The argument is a class of `optimtext.rules`, or the path of another class within the package: `surfaces.Ravine`.
"""

import inspect
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


class RuleBox(SphinxDirective):
    """A set of three tabs: Algorithm, Python, JavaScript."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the tabs, whose content is made from the source of the class."""
        package, rules, emit = (import_module(name) for name in ("optimtext", "optimtext.rules", "optimtext.emit"))
        path = self.arguments[0]
        try:
            cls = attrgetter(path)(package if "." in path else rules)
        except AttributeError:
            cls = None
        if not inspect.isclass(cls):
            known = ", ".join(
                name for name, value in vars(rules).items() if inspect.isclass(value) and hasattr(value, "update")
            )
            raise self.error(f"rule: no class {path!r}; there are {known}, or surfaces.Name")
        # The page shows what these files say, so it is made anew when one of them changes.
        sources = {Path(inspect.getfile(base)) for base in cls.__mro__[:-1]}
        home = Path(inspect.getfile(emit))
        sources |= set(home.parent.rglob("*.py")) if home.name == "__init__.py" else {home}
        for source in sources:
            self.env.note_dependency(str(source))

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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.setup_extension("sphinx_design")
    app.add_directive("rule", RuleBox)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
