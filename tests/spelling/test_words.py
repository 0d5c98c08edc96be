"""Every word of the built book is an English one, or stands in words.txt beside this file, which is read by people."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from spellchecker import SpellChecker

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
KNOWN = Path(__file__).with_name("words.txt")
# What is code, a formula, a reference or a drawing has an orthography of its own.
NOT_PROSE = "code, pre, script, style, svg, .katex, .sig, .citation, .highlight, dt, .figure-source, .not-prose"
WORD = re.compile(r"[^\W\d_][a-zà-öø-ÿ]+(?:'[a-z]+)?")


def known_words():
    return [line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="session")
def english():
    """Return an English dictionary that knows our words as well."""
    dictionary = SpellChecker(language="en")
    dictionary.word_frequency.load_words(known_words())
    return dictionary


def words_of(path):
    """Return the words of a page's text, in lower case and without the possessive ending."""
    article = BeautifulSoup((SITE / path).read_text(encoding="utf-8"), "html.parser").find("article")
    if article is None:
        return set()
    for part in article.select(NOT_PROSE):
        part.decompose()
    text = article.get_text(" ").replace("’", "'")
    return {word.lower().removesuffix("'s") for word in WORD.findall(text)}


def test_there_is_a_book_to_read():
    assert PAGES, f"build the book first: there is no page in {SITE}"


@pytest.mark.parametrize("path", PAGES)
def test_no_word_of_a_page_is_misspelled(english, path):
    assert sorted(english.unknown(words_of(path))) == []


def test_our_words_are_sorted_needed_and_listed_once():
    words = known_words()
    assert words == sorted(set(words))
    plain = SpellChecker(language="en")
    used = set().union(*map(words_of, PAGES))
    assert [word for word in words if word in plain or word not in used] == []
