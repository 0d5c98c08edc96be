"""Runs the doctest blocks of the book, and of the README above it, as tests."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from sybil import Document, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.parsers.myst import DocTestDirectiveParser, PythonCodeBlockParser


def fences(document: Document) -> Iterable[Region]:
    """Yield the Python fences that hold a doctest; the others are excerpts, which need not run by themselves."""
    return (region for region in PythonCodeBlockParser()(document) if isinstance(region.evaluator, DocTestEvaluator))


blocks = Sybil(parsers=[fences, DocTestDirectiveParser()], path=str(Path(__file__).parents[1]), pattern="*.md")


class Blocks:
    """A plugin: what a conftest collects by itself must lie in its own folder, and README.md lies above it."""

    pytest_collect_file = staticmethod(blocks.pytest())


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(Blocks())
