"""Every link within the site leads somewhere, down to the anchor."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


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
    """Tell whether a link from the file `page` leads nowhere within the site."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return False
    target = page.parent.joinpath(unquote(parts.path)).resolve() if parts.path else page
    if not target.is_file():
        return True
    if target.name == "playground.html" and parts.fragment.startswith("v="):
        return False  # no place on the page but the state that it opens with
    return bool(parts.fragment) and target.suffix == ".html" and unquote(parts.fragment) not in anchors(target).names


def test_no_link_of_a_page_is_dead(site, path):
    page = site / path
    assert [link for link in anchors(page).links if dead(page, link)] == []
