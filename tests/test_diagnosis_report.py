"""How a diagnosis is shown: on the terminal, as a figure, and as a page that needs nothing else."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure

import optimtext as ot
from optimtext.cli import main
from optimtext.diagnosis.advice import ADVICE
from optimtext.diagnosis.links import playground
from optimtext.diagnosis.report.page import page
from optimtext.diagnosis.report.text import TITLES

T = np.arange(200)
FALL = 2.0 * np.exp(-T / 12) + 0.3
RUNS: dict[str, dict[str, Any]] = {
    "overfitting": {"losses": FALL, "validation": FALL + 0.1 + 0.004 * np.maximum(T - 60, 0)},
    "spikes": {"losses": FALL + 2.5 * np.isin(T, (60, 61, 120, 121))},
    "diverged": {"losses": [2.0, 1.0, 3.0, 1e200, np.inf, np.nan]},
    "nothing finite": {"losses": [np.inf, np.nan]},
    "negative": {"losses": -10 - 5 * (1 - np.exp(-T / 50))},
    "long": {"losses": 0.3 + 2 * np.exp(-np.arange(20_000) / 900)},
    "one": {"losses": [1.0]},
}
BOOK = Path(__file__).parents[1] / "docs" / "book"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.ids, self.sources = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.sources += [value for name, value in attrs if name in ("src", "href", "xlink:href") and value]
        if tag not in ("meta", "link", "br", "img", "path", "use", "rect", "defs"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass


@pytest.mark.parametrize("name", RUNS)
def test_a_page_needs_nothing_else(name):
    text = page(ot.diagnose(**RUNS[name]), "my <log>.csv")
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert len(set(tags.ids)) == len(tags.ids)
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert all(source.startswith("#") for source in tags.sources)
    assert "url(http" not in text
    assert tags.seen.count("svg") == 2  # one for each mode of the reader
    assert "my &lt;log&gt;.csv" in text
    assert text == page(ot.diagnose(**RUNS[name]), "my <log>.csv")


def test_a_page_links_to_the_book_where_it_is_told_where_that_lies():
    text = page(ot.diagnose(**RUNS["overfitting"]), "log.csv", book="https://example.org/book/")
    assert '<a href="https://example.org/book/book/stopping.html#stop-early">' in text


@pytest.mark.parametrize("name", RUNS)
def test_a_figure_says_what_was_found(name):
    found = ot.diagnose(**RUNS[name])
    figure = Figure()
    ax = figure.subplots()
    lines = ot.plot.diagnosis(ax, found)
    assert ax.get_title("left").startswith(TITLES[found.main]) or ax.get_title().startswith(TITLES[found.main])
    assert len(lines) == (0 if name == "nothing finite" else 1 + (name == "overfitting"))
    assert ax.get_xlabel() == "step"
    figure.draw_without_rendering()


def test_spikes_are_ringed_where_they_are():
    ax = Figure().subplots()
    ot.plot.diagnosis(ax, ot.diagnose(**RUNS["spikes"]))
    rings = next(line for line in ax.get_lines() if line.get_marker() == "o" and line.get_markersize() == 9)
    assert sorted(np.asarray(rings.get_xdata()).tolist()) == pytest.approx([60, 120], abs=1)


def test_the_report_on_the_terminal_has_evidence_causes_and_fixes():
    text = str(ot.diagnose(**RUNS["overfitting"]))
    assert "Overfitting  (overfitting, steps" in text
    assert "lowest at step" in text
    assert "1. Stop early" in text
    assert "see book/stopping.html#stop-early" in text
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_command_writes_all_that_it_is_asked_for(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("step,loss\n" + "".join(f"{t},{loss}\n" for t, loss in enumerate(FALL)))
    figures = [tmp_path / f"curve.{kind}" for kind in ("png", "svg", "pdf")]
    for figure in figures:
        result = CliRunner().invoke(main, ["diagnose", str(log), "--figure", str(figure)])
        assert result.exit_code == 0, result.output
        assert figure.stat().st_size > 1000
    result = CliRunner().invoke(
        main, ["diagnose", str(log), "--html", str(tmp_path / "page.html"), "--json", "--rate", "0.1"]
    )
    assert result.exit_code == 0
    assert json.loads(result.output)["main"] == "converged"
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "converged" in CliRunner().invoke(main, ["diagnose", str(log)]).output


def test_rate_and_curvature_from_the_command_line_reach_the_finding(tmp_path):
    log = tmp_path / "log.txt"
    log.write_text("".join(f"{1.5**t}\n" for t in range(40)))
    arguments = ["diagnose", str(log), "--rate", "0.21", "--curvature", "10", "--json"]
    found = json.loads(CliRunner().invoke(main, arguments).output)
    assert "0.21 is above the limit 2/L = 0.2" in found["findings"][0]["causes"][0]


def test_every_fix_leads_to_a_section_that_the_book_has():
    for name, advice in ADVICE.items():
        for fix in advice.fixes:
            match = re.fullmatch(r"book/(\w+)\.html#([\w-]+)", fix.chapter)
            assert match, fix.chapter
            chapter, section = match.groups()
            assert f"({section})=" in (BOOK / f"{chapter}.md").read_text(encoding="utf-8"), (name, fix.chapter)


def test_every_playground_link_names_a_surface_and_a_rule_with_hyper_parameters_of_its_own():
    links = {fix.playground for advice in ADVICE.values() for fix in advice.fixes if fix.playground}
    assert links
    for link in links:
        match = re.fullmatch(r"playground\.html#v=1&surface=(\w+)&rule=(\w+),(.*)", link)
        assert match, link
        surface, rule, settings = match.groups()
        assert hasattr(ot.surfaces, surface)
        hyper = dict(pair.split(":") for pair in settings.split(","))
        getattr(ot, rule)(**{name: float(value) for name, value in hyper.items()})
    assert (
        playground("Bowl", "GradientDescent", lr=0.1) == "playground.html#v=1&surface=Bowl&rule=GradientDescent,lr:0.1"
    )
