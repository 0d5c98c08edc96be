"""Two roles of elements, set right for screen readers.

Sphinx calls the captions of the navigation headings, but of no level; docutils puts entries of a bibliography into a
list with a role that is no longer allowed in one.
"""

from typing import Any

from sphinx.application import Sphinx

MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    ' role="doc-biblioentry"': ' role="listitem"',
}


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Replace both in the page and in the side bar."""
    for part in ("body", "furo_navigation_tree"):
        for old, new in MENDED.items():
            if part in context:
                context[part] = context[part].replace(old, new)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect after Furo, which fills the side bar at priority 500."""
    app.connect("html-page-context", mend, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
