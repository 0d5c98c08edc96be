"""The test that would catch a mistake, folded, under its correction on the errata page.

    ```{caught-by} test_the_velocity_is_a_sum_of_gradients_and_not_their_average
    ```

Its source is taken from `tests/test_errata.py`, so it cannot be another than the one that runs; a test that no page
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

TESTS = Path(__file__).parents[2] / "tests" / "test_errata.py"
logger = logging.getLogger(__name__)


@cache
def sources(stamp: int) -> dict[str, str]:  # the time of the file's last change, a key of the cache
    """Return the source of each test by its name."""
    text = TESTS.read_text(encoding="utf-8")
    tests = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"]
    return {test.name: ast.get_source_segment(text, test) or "" for test in tests}


def current() -> dict[str, str]:
    """Return the sources as the file has them now."""
    return sources(TESTS.stat().st_mtime_ns)


class CaughtBy(SphinxDirective):
    """One test, folded."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the folded source."""
        self.env.note_dependency(str(TESTS))
        name = self.arguments[0]
        if name not in current():
            raise self.error(f"caught-by: tests/{TESTS.name} has no {name}")
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
