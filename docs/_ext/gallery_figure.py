"""A script's figure in a chapter, numbered, with a caption and a link to the script.

```{gallery-figure} momentum/plot_ravine 1
:name: fig-ravine
What there is to see, with $mathematics$ if needed.
```
"""

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class GalleryFigure(SphinxDirective):
    """The n-th figure of a gallery script."""

    required_arguments = 2
    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a figure whose image the twins will complete."""
        script, number = self.arguments
        page = Path(self.env.srcdir, "gallery", script)
        images = page.parent / "images"
        drawn = sorted(images.glob(f"sphx_glr_{page.name}_[0-9][0-9][0-9].svg"))
        if not page.with_suffix(".py").exists():
            raise self.error(f"gallery-figure: no script gallery/{script}.py")
        if not number.isdigit() or not 1 <= int(number) <= len(drawn):
            raise self.error(f"gallery-figure: {script} draws {len(drawn)} figures, there is no figure {number}")
        if not self.content:
            raise self.error("gallery-figure: a numbered figure needs a caption")
        image = drawn[int(number) - 1]
        self.env.note_dependency(str(image))

        caption, *legend = self.parse_content_to_nodes()
        source = nodes.paragraph("", "Made by ", classes=["figure-source"])
        source += addnodes.pending_xref(
            "",
            nodes.inline(script, script),
            refdomain="std",
            reftype="doc",
            reftarget=f"/gallery/{script}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        figure = nodes.figure("", nodes.image(uri="/" + image.relative_to(self.env.srcdir).as_posix()))
        figure += nodes.caption("", "", *caption.children)
        figure += nodes.legend("", *legend, source)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("gallery-figure", GalleryFigure)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
