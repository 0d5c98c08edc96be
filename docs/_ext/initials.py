"""A reference that begins with an initial, such as "A. Cauchy", is a sentence and not item A of a list."""

import re
from typing import Any

from sphinx.application import Sphinx


def escape(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Put a backslash before the initial, before numpydoc reads the lines."""
    lines[:] = [re.sub(r"^(\s*)(?=[A-Z]\. )", r"\1\\", line) for line in lines]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect before numpydoc, whose priority is 500."""
    app.connect("autodoc-process-docstring", escape, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
