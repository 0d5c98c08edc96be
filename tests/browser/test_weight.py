"""How much a reader must load to see a page: everything that the page names, compressed as a server sends it."""

import gzip
import re
from functools import cache
from pathlib import Path

# In KB, by folder. The index of the gallery shows every script, so it is the heaviest.
LIMITS = {"book": 350, "gallery": 250}
OTHERS = 300
HEAVIER = {"gallery/index.html": 600}


@cache
def compressed(file):
    return len(gzip.compress(file.read_bytes(), 9))


def named_by(page):
    """Return the files that a page names and a browser loads, with the figures of the light mode only."""
    text = page.read_text(encoding="utf-8")
    elements = re.findall(r"<(?:img|script|source|video)\b[^>]*>|<link\b[^>]*\brel=\"stylesheet\"[^>]*>", text)
    shown = [element for element in elements if "only-dark" not in element]
    names = {name for element in shown for name in re.findall(r'\b(?:src|href|poster)="([^"?#]+)', element)}
    return {Path(page.parent, name).resolve() for name in names if not name.startswith("data:")}


def test_a_page_is_no_heavier_than_its_kind_may_be(site, path):
    page = site / path
    files = {page, *named_by(page)}
    total = sum(map(compressed, files)) / 1000
    limit = HEAVIER.get(path, LIMITS.get(path.split("/")[0], OTHERS))
    heaviest = sorted(((compressed(file) // 1000, file.name) for file in files), reverse=True)[:5]
    assert total <= limit, f"{total:.0f} KB, most of it in {heaviest}"
