"""The lab, solved, as a page: every code fence of `course/lab.md` runs while the page is read.

    ```{lab}
    :alt: What the figure shows, for those who do not see it.

    fig, ax = plt.subplots()
    ```

All fences of a page share one namespace, as cells of a notebook do. Below the code stand what it printed and its
figure; a figure needs `alt`. A warning or an exception in a fence stops the build. `lab_cells` explains the marks.
"""

import contextlib
import io
import warnings
from typing import Any, ClassVar

import matplotlib.pyplot as plt
from docutils import nodes
from docutils.parsers.rst import directives
from drawn import image, save, style
from lab_cells import solved
from quiz import make
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

PAGES = {"course/lab"}


class Lab(SphinxDirective):
    """A cell with its solution, and what it does."""

    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Run the cell and return code, output and figure."""
        if self.env.docname not in PAGES:
            raise self.error(f"lab: only {sorted(PAGES)} may have cells, since they are read anew in every build")
        cell = "\n".join(self.content)
        code = solved(cell)
        shared = self.env.temp_data.setdefault("lab", {"names": {"__name__": "lab"}, "figures": 0})
        assert isinstance(shared, dict)
        shown: list[nodes.Node] = [nodes.literal_block(code, code, language="python")]
        if code != cell:
            shown.insert(0, nodes.paragraph("", "One solution", classes=["lab-label"]))
        elif "\ncheck(" in code:  # what a check looks at would interrupt those who read
            shown = [make("details", make("summary", nodes.Text("The check")), *shown, **{"class": "lab-check"})]
        printed = io.StringIO()
        with style("lab"), warnings.catch_warnings(), contextlib.redirect_stdout(printed):
            warnings.simplefilter("error")
            try:
                exec(compile(code, "lab", "exec"), shared["names"])  # noqa: S102  # the project's own cells
            except Exception as error:
                raise self.error(f"lab: {type(error).__name__}: {error}\n{code}") from error
            figures = [plt.figure(number) for number in plt.get_fignums()]
            if printed.getvalue():
                text = printed.getvalue().rstrip()
                shown.append(nodes.literal_block(text, text, language="text", classes=["lab-output"]))
            if len(figures) != ("alt" in self.options):
                raise self.error(f"lab: a cell draws one figure and describes it in alt, or none: {code}")
            for figure in figures:
                shared["figures"] += 1
                name = f"lab_{shared['figures']}"
                save(self.env.srcdir, name, figure, self.options["alt"])
                shown.append(image(self.env.srcdir, name))
        return shown


def always(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Read the page in every build, since the package that it runs may have changed."""
    return sorted(PAGES & env.found_docs)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("lab", Lab)
    app.connect("env-get-outdated", always)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
