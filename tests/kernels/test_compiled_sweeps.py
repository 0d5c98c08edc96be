"""Many runs taken along by a kernel: each comes out as it does without one, to the bit."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import optimtext as ot
from optimtext.kernels import runs
from optimtext.sweeps import compiled

pytestmark = pytest.mark.usefixtures("at_once")
RATES = np.geomspace(1e-4, 30.0, 23)  # the largest make most rules diverge


@pytest.fixture
def taken(monkeypatch):
    """Count the times that a kernel takes many runs along."""
    calls, advance = [], runs.RunKernel.advance_many

    def counted(self, *given):
        calls.append(self)
        advance(self, *given)

    monkeypatch.setattr(runs.RunKernel, "advance_many", counted)
    return calls


@pytest.fixture
def assert_same_sweep(assert_same):
    def check(one, other):
        assert len(one) == len(other)
        for run, expected in zip(one, other, strict=True):
            for name in (
                "index",
                "name",
                "start",
                "seed",
                "theta",
                "loss",
                "steps",
                "message",
                "evaluations",
                "losses",
            ):
                assert_same(getattr(run, name), getattr(other[run.index], name))
            assert (run.rule, run.reason) == (expected.rule, expected.reason)

    return check


def sweep(kind, rates, steps):
    return ot.sweep(ot.surfaces.Ravine(), ot.grid(kind, lr=rates), [[-4.5, 1.0], [2.0, -0.25]], max_steps=steps)


@pytest.mark.parametrize("kind", ot.rules.ALL, ids=lambda cls: cls.__name__)
@pytest.mark.usefixtures("printed")
def test_what_is_printed_for_every_rule(kind, taken, interpreted, assert_same_sweep):
    def run():
        return sweep(kind, RATES[::4], 40)

    assert_same_sweep(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("kind", [ot.Nesterov, ot.Adam], ids=lambda cls: cls.__name__)
def test_what_is_compiled(kind, taken, interpreted, assert_same_sweep):
    def run():
        return sweep(kind, RATES, 200)

    assert_same_sweep(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("surface", [ot.surfaces.Saddle, ot.surfaces.Beale], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("every", [1, 7, 1000, None])
def test_surfaces_whatever_losses_are_kept(surface, every, taken, interpreted, assert_same_sweep):
    rules = [*ot.grid(ot.Momentum, lr=RATES, beta=[0.5, 0.9]), ot.Momentum(2, 0)]

    def run():
        return ot.sweep(surface(), rules, surface().start, max_steps=150, losses_every=every)

    assert_same_sweep(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("max_steps", [0, 1, 2, 99])
@pytest.mark.parametrize("every", [1, 2, None])
def test_pieces_of_a_run_and_of_its_runs_show_nowhere(
    max_steps, every, taken, interpreted, assert_same_sweep, monkeypatch
):
    monkeypatch.setattr(compiled, "TILE", 5)
    monkeypatch.setattr(compiled, "NUMBERS", 40)

    def run():
        rules = ot.grid(ot.Momentum, lr=RATES)
        return ot.sweep(ot.surfaces.Himmelblau(), rules, [0.5, -0.5], max_steps=max_steps, losses_every=every)

    assert_same_sweep(run(), interpreted(run))
    assert taken


def test_a_schedule_for_all(taken, interpreted, assert_same_sweep):
    rules = ot.grid(ot.Nesterov, lr=[ot.ExponentialDecay(0.02, 0.99)], beta=[0.1, 0.5, 0.9, 0.99])

    def run():
        return ot.sweep(ot.surfaces.Rosenbrock(), rules, [[-1.2, 1.0], [5.0, 5.0]], max_steps=120)

    assert_same_sweep(run(), interpreted(run))
    assert taken


def test_a_schedule_that_fails_is_an_error_as_ever(monkeypatch):
    from optimtext import _rates

    monkeypatch.setattr(_rates, "CHECKED_AHEAD", 10)
    rules = ot.grid(ot.Nesterov, lr=[lambda t: 0.01 if t < 50 else math.nan], beta=[0.1, 0.5])
    with pytest.raises(ValueError, match=r"got nan at step 50"):
        ot.sweep(ot.surfaces.Bowl(), rules, [1.0, 1.0], max_steps=100)


def test_a_sum_that_overflows_while_its_terms_do_not_is_no_divergence(interpreted, assert_same_sweep):
    def run():
        return ot.sweep(ot.surfaces.Saddle(), ot.grid(ot.Lion, lr=[1e3, 1e300]), [1e153, 1e154], max_steps=20)

    assert_same_sweep(run(), interpreted(run))


@pytest.mark.parametrize("change", [{"clip": ot.clipping.ByNorm(1.0)}, {"problem": ot.surfaces.Rastrigin()}], ids=str)
def test_what_a_kernel_does_not_cover(change, taken, interpreted, assert_same_sweep):
    given = {"problem": ot.surfaces.Bowl(), "rules": ot.grid(ot.Adam, lr=RATES), "theta0": [1.0, 2.0], **change}

    def run():
        return ot.sweep(**given, max_steps=50)

    assert_same_sweep(run(), interpreted(run))
    assert not taken


@pytest.mark.usefixtures("without_numba")
def test_without_numba_the_same(taken, interpreted, assert_same_sweep):
    def run():
        return ot.sweep(ot.surfaces.Bowl(), ot.grid(ot.Adam, lr=RATES), [1.0, 1.0], max_steps=50)

    assert_same_sweep(run(), interpreted(run))
    assert not taken


@pytest.mark.parametrize("together", [None, 4])
def test_a_sweep_spread_over_workers_and_stored_is_the_same(together, taken, interpreted, assert_same_sweep, tmp_path):
    given = ot.surfaces.Rosenbrock(), ot.grid(ot.Momentum, lr=RATES), [-1.2, 1.0]

    def run():
        return ot.sweep(*given, max_steps=60)

    with ThreadPoolExecutor(2) as pool:
        spread = ot.sweep(*given, max_steps=60, executor=pool, chunk_size=together or len(RATES), store=tmp_path / "s")
    assert taken
    assert_same_sweep(spread, interpreted(run))
    assert_same_sweep(ot.sweep(*given, max_steps=60, store=tmp_path / "s"), spread)
    assert_same_sweep(pickle.loads(pickle.dumps(run())), spread)  # noqa: S301  # our own bytes
