"""A period or comma stays on the line of the formula that it follows.

Browsers may break a line between a typeset formula and the sign after it, whatever the characters between them. A
short formula and its sign are put into one box that does not break. A long one must be able to break within itself, at
320 pixels, so the sign becomes a part of the formula, whose last piece then ends with it.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

SIGN = re.compile(r"^[.,;:!?)\]’”…-]+")
SIGN_IN_LATEX = re.compile(r"^[.,;:!?)\]]+")
LONGEST = 20  # letters and signs: about what fits into a line of an exercise at 320 pixels


def symbols(latex: str) -> int:
    """Return about how many letters and signs a formula shows: a command is one, braces and spaces are none."""
    bare = re.sub(r"\\(?:text|mathrm|operatorname)\b|\\[,;:! ]", "", latex)
    return len(re.sub(r"[{}^_&\s]", "", re.sub(r"\\[a-zA-Z]+", "x", bare)))


class KeepTogether(SphinxPostTransform):
    """Tie each formula to the punctuation after it."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Move the sign from the text into a box around the formula, or into the formula."""
        for formula in list(self.document.findall(nodes.math)):
            parent = formula.parent
            place = parent.index(formula)
            text = parent[place + 1] if place + 1 < len(parent) else None
            if not isinstance(text, nodes.Text):
                continue
            latex = formula.astext()
            short = symbols(latex) <= LONGEST
            sign = (SIGN if short else SIGN_IN_LATEX).match(text)
            if sign is None:
                continue
            tied: nodes.Element
            if short:
                tied = nodes.inline("", "", formula.deepcopy(), nodes.Text(sign[0]), classes=["keep"])
            else:
                tied = nodes.math("", rf"{latex}\text{{{sign[0]}}}", classes=formula["classes"])
            parent[place : place + 2] = [tied, nodes.Text(text[sign.end() :])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_post_transform(KeepTogether)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
