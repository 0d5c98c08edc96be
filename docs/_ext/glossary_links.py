"""The first time a chapter uses a term of the glossary, the word becomes a link to it; the chapters need no markup.

Headings, formulas, code, captions and words that are links already are left alone, and so is a page that is no chapter.
A question of a quiz has no links: its answer may be what the glossary says.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = Path("reference", "glossary.md")


@cache
def terms(path: Path, stamp: int) -> dict[str, re.Pattern[str]]:  # the time of the last change is a key of the cache
    """Return each term of the glossary with the pattern that finds it, long terms first."""
    block = re.search(r"^```\{glossary\}.*?\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    found = [line.strip() for line in (block[1] if block else "").splitlines() if line and line[0] not in " :"]
    plain = sorted(found, key=len, reverse=True)
    return {term: re.compile(rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?![\w-])", re.IGNORECASE) for term in plain}


def in_quiz(node: nodes.Element) -> bool:
    """Whether a node is part of a quiz."""
    while (parent := node.parent) is not None:
        if "data-quiz" in parent.get("attributes", ()):
            return True
        node = parent
    return False


class LinkTerms(SphinxTransform):
    """Link the first use of each term."""

    default_priority = 600

    def apply(self, **_: Any) -> None:
        """Walk through the paragraphs of a chapter once for each term."""
        path = Path(self.env.srcdir, GLOSSARY)
        if not self.env.docname.startswith("book/") or not path.exists():
            return
        self.env.note_dependency(str(path))
        for term, pattern in terms(path, path.stat().st_mtime_ns).items():
            self.link(term, pattern)

    def link(self, term: str, pattern: re.Pattern[str]) -> None:
        """Replace the first occurrence of a term by a link."""
        for paragraph in self.document.findall(nodes.paragraph):
            if isinstance(paragraph.parent, nodes.caption | nodes.legend | nodes.footnote) or in_quiz(paragraph):
                continue
            for text in [child for child in paragraph.children if isinstance(child, nodes.Text)]:
                match = pattern.search(text)
                if match is None:
                    continue
                link = addnodes.pending_xref(
                    "",
                    nodes.inline(match[0], match[0], classes=["glossary-term"]),
                    refdomain="std",
                    reftype="term",
                    reftarget=term,
                    refdoc=self.env.docname,
                    refexplicit=True,
                    refwarn=True,
                )
                before, after = text[: match.start()], text[match.end() :]
                paragraph.replace(text, [nodes.Text(before), link, nodes.Text(after)])
                return


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_transform(LinkTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
