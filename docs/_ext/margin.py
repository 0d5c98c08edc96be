"""A remark that stands beside the text on wide screens and apart from it on narrow ones.

    :::{margin}
    A caveat, a name, a piece of history.
    :::

It comes before the paragraph that it belongs to.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Margin(SphinxDirective):
    """A note in the margin."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a box that the style sheet sets apart."""
        self.assert_has_content()
        return [nodes.container("", *self.parse_content_to_nodes(), classes=["margin-note"])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("margin", Margin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
