"""What the e-book needs beyond Sphinx's own: pages that are well-formed XML, and the kinds of all files."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import _epub_base
from sphinx.transforms.post_transforms import SphinxPostTransform

# Sphinx leaves out, with a warning, what it does not know the kind of.
KINDS = {".woff2": "font/woff2", ".js": "text/javascript", ".json": "application/json"}


class NoTabs(SphinxPostTransform):
    """Show what lies in tabs one below the other: a tab needs controls that an e-book lacks."""

    default_priority = 5
    builders = ("epub",)

    def run(self, **_: Any) -> None:
        """Replace every set of tabs by titles and contents."""
        for tabs in list(self.document.findall(nodes.container)):
            if "sd-tab-set" in tabs["classes"]:
                tabs.parent.replace(tabs, [part for item in tabs.children for part in item.children])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform, and tell Sphinx the kinds of our files."""
    for suffix, kind in KINDS.items():
        _epub_base.MEDIA_TYPES.setdefault(suffix, kind)
    app.add_post_transform(NoTabs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
