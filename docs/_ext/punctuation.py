"""A period or comma stays on the line of the formula that it follows.

Browsers may break a line between a typeset formula and the sign after it, whatever the characters between them, so
the two are put into one box that does not break. A long formula keeps its sign only as far as it fits.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

SIGN = re.compile(r"^[.,;:!?)\]’”…-]+")
LONGEST = 40  # characters of LaTeX: what is longer must be able to break within itself, at 320 pixels


class KeepTogether(SphinxPostTransform):
    """Box each short formula with the punctuation after it."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move the sign from the text into the box."""
        for formula in list(self.document.findall(nodes.math)):
            parent = formula.parent
            place = parent.index(formula)
            text = parent[place + 1] if place + 1 < len(parent) else None
            if not isinstance(text, nodes.Text) or len(formula.astext()) > LONGEST:
                continue
            sign = SIGN.match(text)
            if sign is None:
                continue
            box = nodes.inline("", "", formula.deepcopy(), nodes.Text(sign[0]), classes=["keep"])
            parent[place : place + 2] = [box, nodes.Text(text[sign.end() :])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_post_transform(KeepTogether)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
