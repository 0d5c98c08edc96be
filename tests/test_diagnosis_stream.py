"""Long logs: bounded memory, the same counts, and the same verdict as the short log they are made of."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimtext.diagnosis import read
from optimtext.diagnosis.prepare import curve_of, series_of
from optimtext.diagnosis.stream import BINS, Collector
from optimtext.diagnosis.verdict import judge

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=700)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.integers(1, 90), st.sampled_from([8, 16, 64]))
def test_bins_hold_every_entry_once_however_they_arrive(values, piece, bins):
    values = np.array(values)
    at_once, in_pieces = Collector(bins, 4), Collector(bins, 4)
    steps = np.arange(len(values), dtype=float)
    at_once.add(steps, values, steps)
    for start in range(0, len(values), piece):
        part = slice(start, start + piece)
        in_pieces.add(steps[part], values[part], steps[part])
    for collector in (at_once, in_pieces):
        series = collector.series()
        assert len(series.value) <= bins
        assert series.count == series.seen == len(values)
        held = np.minimum(collector.width, len(values) - collector.width * np.arange(len(series.value)))
        assert series.value @ held == pytest.approx(values.sum(), rel=1e-9, abs=1e-6)
        assert series.high.max() == values.max()
        assert series.step[-1] == len(values) - 1
        assert series.recent.tolist() == values[-4:].tolist()
        assert series.backwards is None
    assert at_once.series().value == pytest.approx(in_pieces.series().value, rel=1e-12, abs=1e-9)


@given(VALUES.filter(lambda values: len(values) <= 64))
def test_a_short_column_is_kept_as_it_is(values):
    series = series_of(np.array(values))
    assert series.value.tolist() == series.high.tolist() == values


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([1.0, 2.0, np.nan, np.inf]), min_size=1, max_size=30), st.integers(1, 7))
def test_what_is_not_finite_is_noted_at_its_step(values, piece):
    collector = Collector(16, 4)
    for start in range(0, len(values), piece):
        part = np.array(values[start : start + piece])
        steps = start + np.arange(len(part), dtype=float)
        collector.add(steps, part, steps)
    series, good = collector.series(), np.isfinite(values)
    assert series.count == good.sum()
    bad = np.flatnonzero(~good)
    if not bad.size:
        assert series.broken is series.resumed is None
    elif good[bad[0] :].any():
        assert series.resumed is not None
        assert series.resumed[0] == bad[0]
        assert series.broken is None
    else:
        assert series.broken is not None
        assert series.broken[0] == bad[0]
        assert series.resumed is None


@pytest.mark.parametrize(("steps", "wrong"), [([0, 1, 2], None), ([0, 1, 1], (1, 1)), ([0, 2, 1], (1, 2))])
def test_the_first_step_out_of_order_is_noted_across_pieces(steps, wrong):
    collector = Collector(16, 4)
    for step in steps:
        collector.one(step, 1.0)
    assert collector.series().backwards == wrong


STORIES = {
    "converged": lambda t: 2 * np.exp(-20 * t) + 0.3,
    "too-slow": lambda t: 2 - t,
    "healthy": lambda t: 0.2 + 2 / (1 + 6 * t),
    "no-progress": lambda t: 2.3 + 0 * t,
    "diverged": lambda t: 0.5 * np.exp(6 * t),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_long_log_gets_the_verdict_of_the_short_one(name):
    for n in (2 * BINS + 1, 200_000):
        places = np.linspace(0, 1, n)
        losses = STORIES[name](places) + 0.01 * np.random.default_rng(0).normal(size=n)
        curve = curve_of(series_of(losses), {})
        assert len(curve.loss) <= BINS
        assert judge(curve).main == name


def test_single_spikes_and_swings_of_a_long_log_are_not_averaged_away():
    n = 100_000
    t = np.arange(n)
    losses = STORIES["converged"](t / n) + 0.01 * np.random.default_rng(0).normal(size=n)
    losses[[40_000, 70_000]] += 5.0
    found = judge(curve_of(series_of(losses), {})).findings[0]
    assert found.name == "spikes"
    assert found.evidence["count"] == 2
    swinging = STORIES["converged"](t / n) + 0.3 * np.sin(t / 5)
    found = judge(curve_of(series_of(swinging), {})).findings[0]
    assert found.name == "oscillating"
    assert found.evidence["period"] == pytest.approx(10 * np.pi, rel=0.05)


@pytest.mark.parametrize("kind", ["csv", "sparse", "lines"])
def test_a_log_of_many_blocks_is_read_in_pieces(kind, monkeypatch):
    from optimtext.diagnosis.readers import json_logs, table

    monkeypatch.setattr(table, "BLOCK", 4096)
    monkeypatch.setattr(json_logs, "_ROWS", 64)
    n = 20_000
    loss = np.round(2 * np.exp(-np.arange(n) / 2000) + 0.3, 6)
    if kind == "csv":
        text = "step,loss,lr\n" + "".join(f"{i},{value},0.1\n" for i, value in enumerate(loss.tolist()))
    elif kind == "sparse":
        text = "step,loss,val_loss\n" + "".join(
            f"{i},{v},{v if i % 7 == 0 else ''}\n" for i, v in enumerate(loss.tolist())
        )
    else:
        text = "".join(f'{{"step": {i}, "loss": {value}}}\n' for i, value in enumerate(loss.tolist()))
    seen: list[int] = []
    log = read(io.BytesIO(text.encode()), progress=seen.append)
    assert log.loss.count == n
    assert log.loss.value.sum() / len(log.loss.value) == pytest.approx(loss.mean(), rel=0.02)
    assert seen == sorted(seen)
    assert len(seen) > 10
    assert seen[-1] == pytest.approx(len(text), rel=0.01)
    if kind == "sparse":
        assert log.beside["validation"].count == -(-n // 7)
