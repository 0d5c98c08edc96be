"""The e-book is one that a reader's device can open: well-formed pages, each of them listed, and nothing missing."""

import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

BOOK = Path(__file__).parents[2] / "docs" / "_build" / "epub" / "optimtext.epub"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def files():
    assert BOOK.is_file(), f"build the e-book first: there is no {BOOK}"
    with zipfile.ZipFile(BOOK) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def pages(files):
    return {name: ET.fromstring(text) for name, text in files.items() if name.endswith(".xhtml")}  # noqa: S314  # ours


def test_the_kind_of_the_archive_stands_first(files):
    assert next(iter(files)) == "mimetype"
    assert files["mimetype"] == b"application/epub+zip"


def test_every_page_is_well_formed_and_the_chapters_are_there(pages):
    assert {"index.xhtml", "book/gradient_descent.xhtml", "book/momentum.xhtml"} <= set(pages)


def test_every_picture_and_link_of_a_page_is_in_the_book(pages, files):
    missing = []
    for name, page in pages.items():
        for element in page.iter():
            for attribute in ("src", "href"):
                address = urlsplit(element.get(attribute, ""))
                if address.path and not address.scheme and not element.tag.endswith("link"):
                    target = (Path("/") / name).parent / unquote(address.path)
                    if str(target.resolve().relative_to("/")) not in files:
                        missing.append((name, element.get(attribute)))
    assert missing == []


def test_mathematics_is_there_for_readers_with_and_without_eyes(pages):
    momentum = pages["book/momentum.xhtml"]
    assert sum("katex-html" in (span.get("class") or "") for span in momentum.iter(f"{XHTML}span")) > 100
    assert sum(1 for _ in momentum.iter("{http://www.w3.org/1998/Math/MathML}math")) > 100


def test_nothing_is_hidden_in_tabs(pages):
    assert not any(
        "sd-tab" in (part.get("class") or "") and part.tag == f"{XHTML}input"
        for page in pages.values()
        for part in page.iter()
    )
