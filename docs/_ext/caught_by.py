"""The test that would catch a mistake, folded, under its correction on the errata page.

    ```{caught-by} test_the_velocity_is_a_sum_of_gradients_and_not_their_average
    ```

Its source is taken from `tests/test_errata*.py`, so it cannot be another than the one that runs; a test that no page
names is an error, as is a name that no test has.
"""

import ast
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from exercises import solution
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

TESTS = sorted((Path(__file__).parents[2] / "tests").glob("test_errata*.py"))
logger = logging.getLogger(__name__)


@cache
def sources(path: Path, stamp: int) -> dict[str, str]:  # the time of the file's last change, a key of the cache
    """Return the source of each test of one file by its name, its decorators included."""
    text = path.read_text(encoding="utf-8")
    tests = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"]
    lines = text.splitlines()
    starts = [min([test.lineno, *(decorator.lineno for decorator in test.decorator_list)]) for test in tests]
    return {test.name: "\n".join(lines[start - 1 : test.end_lineno]) for test, start in zip(tests, starts, strict=True)}


def current() -> dict[str, str]:
    """Return the sources as the files have them now."""
    return {name: code for path in TESTS for name, code in sources(path, path.stat().st_mtime_ns).items()}


class CaughtBy(SphinxDirective):
    """One test, folded."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the folded source."""
        for path in TESTS:
            self.env.note_dependency(str(path))
        name = self.arguments[0]
        if name not in current():
            raise self.error(f"caught-by: no file of {[path.name for path in TESTS]} has {name}")
        self.env.metadata[self.env.docname].setdefault("caught", []).append(name)
        code = nodes.literal_block(current()[name], current()[name], language="python")
        self.set_source_info(code)
        return [solution("", code, summary="The test that would catch it")]


def complete(app: Sphinx, env: Any) -> None:
    """Warn of tests that stand beside no correction."""
    named = {name for data in env.metadata.values() for name in data.get("caught", ())}
    if named and (missing := set(current()) - named):
        logger.warning("errata: no page names %s", ", ".join(sorted(missing)), type="errata")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("caught-by", CaughtBy)
    app.connect("env-check-consistency", complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
