"""The captions of the navigation: Sphinx calls them headings, but of no level, which a screen reader cannot place."""

from typing import Any

from sphinx.application import Sphinx

CAPTION = '<p class="caption" role="heading">'


def give_level(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Make every caption a heading of the second level, in the page and in the side bar."""
    for part in ("body", "furo_navigation_tree"):
        if part in context:
            context[part] = context[part].replace(CAPTION, CAPTION[:-1] + ' aria-level="2">')


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect after Furo, which fills the side bar at priority 500."""
    app.connect("html-page-context", give_level, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
