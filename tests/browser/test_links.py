"""Every link within the site leads somewhere, down to the anchor."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import PAGES, SITE


class Anchors(HTMLParser):
    """The places of a page that can be linked to, and the links it has."""

    def __init__(self, text):
        super().__init__()
        self.names, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.names.update(value for key in ("id", "name") if (value := values.get(key)))
        self.links += [value for key in ("href", "src") if tag != "link" and (value := values.get(key))]


@cache
def anchors(path):
    return Anchors(path.read_text(encoding="utf-8"))


def dead(page, link):
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = Path(SITE, page).parent.joinpath(unquote(parts.path)).resolve() if parts.path else Path(SITE, page)
    if not target.is_file():
        return True
    return bool(parts.fragment) and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target).names


@pytest.mark.parametrize("page", PAGES)
def test_no_link_of_a_page_is_dead(page):
    links = anchors(Path(SITE, page)).links
    assert [link for link in links if dead(page, link)] == []
