"""Whole runs as one loop: the trace, the ending and its message are those of the interpreted loop, to the bit."""

import math

import numpy as np
import pytest

import optimtext as ot
from optimtext import _shortcut
from optimtext.kernels import runs, worth

pytestmark = pytest.mark.usefixtures("at_once")
SURFACES = [surface for surface in ot.surfaces.ALL if surface is not ot.surfaces.Rastrigin]
every_rule = pytest.mark.parametrize("kind", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_surface = pytest.mark.parametrize("surface", SURFACES, ids=lambda cls: cls.__name__)
LENGTH = 700  # more than two pieces of a record, the last one not full


@pytest.fixture
def taken(monkeypatch):
    """Count the steps that kernels take."""
    steps, advance = [], runs.RunKernel.advance

    def counted(self, state, numbers, rates, record):
        steps.append(advance(self, state, numbers, rates, record))
        return steps[-1]

    monkeypatch.setattr(runs.RunKernel, "advance", counted)
    return steps


@every_rule
@every_surface
@pytest.mark.usefixtures("printed")
def test_what_is_printed_for_each_pair_is_the_same_run(kind, surface, taken, interpreted, assert_same_run):
    problem = surface()

    def run():
        return ot.minimize(problem, problem.start, kind(lr=0.003), max_steps=300)

    assert_same_run(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("kind", [ot.GradientDescent, ot.FISTA, ot.Lion, ot.AMSGrad], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("rate", [1e-3, 0.05, 1.0])
def test_compiled_runs_are_the_interpreted_ones(kind, rate, taken, interpreted, assert_same_run):
    problem = ot.surfaces.Rosenbrock()

    def run():
        return ot.minimize(problem, problem.start, kind(lr=rate), max_steps=LENGTH)

    assert_same_run(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("surface", [ot.surfaces.Bowl, ot.surfaces.Rosenbrock], ids=lambda cls: cls.__name__)
def test_divergence_is_told_alike(surface, taken, interpreted, assert_same_run):
    """Far too large a rate: the loss, a parameter or the gradient is the first to overflow."""
    for rule in (ot.GradientDescent(lr=60.0), ot.Momentum(lr=1e200), ot.Nesterov(lr=3.0, beta=0.99)):

        def run(rule=rule):
            return ot.minimize(surface(), [1.5, -0.5], rule, max_steps=5_000)

        assert_same_run(run(), interpreted(run))
        assert taken


def test_a_start_that_overflows_at_once(interpreted, assert_same_run):
    for start in ([1e200, 1.0], [1e100, 1e80], [1e155, 1e155]):

        def run(start=start):
            return ot.minimize(ot.surfaces.Beale(), start, ot.Adam(), max_steps=500)

        assert_same_run(run(), interpreted(run))


CRITERIA = {
    "gradient": ot.GradientNorm(1e-3),
    "change": ot.LossChange(1e-5),
    "both": [ot.GradientNorm(1e-3), ot.LossChange(1e-9)],
    "at once": ot.GradientNorm(1e9),
    "after one step": ot.LossChange(1e9),
    "never": ot.GradientNorm(1e-300),
}


@pytest.mark.parametrize("stop", CRITERIA.values(), ids=CRITERIA)
@pytest.mark.parametrize("max_steps", [256, 257, 767, 768, 769, 3_000])
def test_criteria_end_a_run_at_the_same_step(stop, max_steps, taken, interpreted, assert_same_run):
    problem = ot.surfaces.Ravine(condition=20)

    def run():
        return ot.minimize(problem, problem.start, ot.Momentum(0.01, 0.8), max_steps=max_steps, stop=stop)

    assert_same_run(run(), interpreted(run))
    assert taken


@pytest.mark.parametrize("after", [1, 2, 300, 699, 700, 10_000])
def test_a_run_may_change_over_in_its_middle(after, interpreted, assert_same_run, monkeypatch):
    problem = ot.surfaces.Himmelblau()
    monkeypatch.setattr(_shortcut.Shortcut, "patience", lambda _: after)

    def run():
        return ot.minimize(problem, problem.start, ot.Adam(0.01), max_steps=LENGTH, stop=ot.LossChange(1e-12))

    changed = run()
    monkeypatch.undo()
    assert_same_run(changed, interpreted(run))


SCHEDULES = {
    "decay": ot.ExponentialDecay(0.01, 0.999),
    "cosine": ot.CosineAnnealing(0.01, 0.0, 500),
    "warmup": ot.Warmup(50, 0.01),
    "function": lambda t: 0.01 / (1 + t),
}


@pytest.mark.parametrize("lr", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("record_theta", [True, False])
def test_schedules_and_traces_without_parameters(lr, record_theta, taken, interpreted, assert_same_run):
    problem = ot.surfaces.Rosenbrock()

    def run():
        return ot.minimize(problem, problem.start, ot.NAdam(lr), max_steps=LENGTH, record_theta=record_theta)

    assert_same_run(run(), interpreted(run))
    assert taken


def test_a_schedule_that_fails_fails_at_its_step_and_not_before(monkeypatch):
    from optimtext import _rates

    monkeypatch.setattr(_rates, "CHECKED_AHEAD", 10)
    asked = []

    def lr(t):
        asked.append(t)
        return 0.01 if t < 600 else math.nan

    problem = ot.surfaces.Bowl()
    short = ot.minimize(problem, problem.start, ot.GradientDescent(lr), max_steps=900, stop=ot.GradientNorm(0.1))
    assert short.steps < 600
    with pytest.raises(ValueError, match=r"got nan at step 600"):
        ot.minimize(problem, problem.start, ot.GradientDescent(lr), max_steps=900)


OWN_RULE = """
from dataclasses import dataclass
from math import sqrt
from numpy import maximum
from optimtext.surfaces import Surface

@dataclass(frozen=True)
class Own:
    lr: float = 0.1
    scale: float = 2.0
    share = 3

    def probe(self, theta, lr, v=0.0, n=0.0, w=1.0):
        ahead = theta - lr * v / self.share
        return ahead

    def update(self, theta, grad, lr, v=0.0, n=0.0, w=1.0):
        n = n + 1
        root = sqrt(n) / self.scale
        v = 0.5 * v + grad
        theta = theta - lr * v / root
        return theta, v, n, w
"""
OWN_SURFACE = """
from dataclasses import dataclass
from numpy import abs, maximum
from optimtext.surfaces import Surface

@dataclass(frozen=True)
class Tent(Surface):
    tilt: int = 2
    window = ((-1.0, 1.0), (-1.0, 1.0))
    _start = (0.7, -0.4)

    def value(self, x, y):
        return maximum(self.tilt * abs(x), y * y) / self.tilt

    def slope(self, x, y):
        return x, 1 - -y / (2 + y * y)
"""


def test_rules_and_surfaces_of_ones_own_are_compiled_too(made, taken, interpreted, assert_same_run):
    rule, surface = made(OWN_RULE).Own(), made(OWN_SURFACE).Tent()

    def run():
        return ot.minimize(surface, surface.start, rule, max_steps=LENGTH)

    assert_same_run(run(), interpreted(run))
    assert taken


def test_an_error_of_pythons_arithmetic_stays_one(made, interpreted):
    for change, error in (("scale: float = 2.0", "scale: float = 0.0"), ("sqrt(n)", "sqrt(2.5 - n)")):
        rule = made(OWN_RULE.replace(change, error)).Own()

        def run(rule=rule):
            return ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], rule, max_steps=LENGTH)

        for way in (run, lambda run=run: interpreted(run)):
            with pytest.raises((ZeroDivisionError, ValueError)):
                way()


class Loud(ot.surfaces.Bowl):
    def loss(self, theta):
        return super().loss(theta) + 1.0


@pytest.mark.parametrize(
    "settings",
    [
        {"problem": Loud()},
        {"problem": ot.surfaces.Rastrigin()},
        {"rule": ot.Momentum(lr=np.array([0.1, 0.2]))},
        {"rule": ot.Momentum(lr=0.1, beta=np.array([0.1, 0.2]))},
        {"rule": ot.Momentum(lr=ot.ReduceOnPlateau(0.1, 0.5, 10))},
        {"penalty": ot.penalties.L1(0.1)},
        {"clip": ot.clipping.ByNorm(1.0)},
        {"stop": lambda run: "enough" if run.step == 5 else None},
        {"validation": ot.surfaces.Bowl()},
        {"theta0": np.array([1.0, 2.0], dtype=np.float32)},
    ],
    ids=" ".join,
)
def test_what_a_kernel_does_not_cover_is_interpreted(settings, taken, interpreted, assert_same_run):
    given = {
        "problem": ot.surfaces.Bowl(),
        "theta0": [1.0, 2.0],
        "rule": ot.Momentum(0.1),
        "max_steps": 400,
        **settings,
    }

    def run():
        return ot.minimize(**given)

    assert_same_run(run(), interpreted(run))
    assert not taken


@pytest.mark.usefixtures("without_numba")
def test_without_numba_the_same(taken, interpreted, assert_same_run):
    problem = ot.surfaces.Rosenbrock()

    def run():
        return ot.minimize(problem, problem.start, ot.Adam(), max_steps=LENGTH)

    assert_same_run(run(), interpreted(run))
    assert not taken
    assert not ot.kernels.prepare(ot.Adam, problem)


def test_prepare_says_what_there_is_a_kernel_for():
    assert ot.kernels.prepare(ot.Momentum(0.1), ot.surfaces.Bowl(2.0))
    assert ot.kernels.prepare(ot.Momentum, dtype=np.float32)
    assert not ot.kernels.prepare(ot.Momentum, ot.surfaces.Rastrigin)
    assert not ot.kernels.prepare(object)
    with ot.kernels.off():
        assert not ot.kernels.prepare(ot.Momentum)
    with pytest.raises(TypeError, match=r"dtype must be float64 or float32, got"):
        ot.kernels.prepare(ot.Momentum, dtype=int)


def test_short_runs_do_not_pay_for_compiling(monkeypatch):
    monkeypatch.setattr(worth, "FIRST", 1.0)
    monkeypatch.setattr(worth, "_spent", {})
    monkeypatch.setattr(worth, "_compiled", set())
    monkeypatch.setattr(worth, "importable", None)  # not even asked for
    problem = ot.surfaces.Bowl()
    for _ in range(3):
        ot.minimize(problem, problem.start, ot.Adam(), max_steps=1_000)
    kinds = (ot.Adam, ot.surfaces.Bowl)
    assert worth._spent == {kinds: pytest.approx(3_000 * _shortcut.SECONDS)}
    monkeypatch.setitem(worth._spent, kinds, worth.FIRST - 2 * _shortcut.SECONDS)
    with pytest.raises(TypeError, match="not callable"):
        ot.minimize(problem, problem.start, ot.Adam(), max_steps=1_000)
