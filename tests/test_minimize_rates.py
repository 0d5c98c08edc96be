"""Rates in a run: schedules step by step, schedules that answer to losses, arrays of rates."""

from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext import _rates

BOWL = ot.surfaces.Bowl(curvature=1.0)
SCHEDULES: list[Any] = [
    ot.StepDecay(lr=0.1, factor=0.5, every=3),
    ot.ExponentialDecay(lr=0.1),
    ot.CosineAnnealing(lr_max=0.1, steps=8),
    ot.WarmRestarts(lr_max=0.1, steps=3),
    ot.Warmup(steps=4, then=0.1),
    lambda t: 0.1 / (1 + t),
]
every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: type(s).__name__)
@every_rule
def test_the_trace_holds_the_rate_of_each_step(rule, schedule):
    run = ot.minimize(BOWL, [1.0, -1.0], rule(lr=schedule), max_steps=15)
    np.testing.assert_array_equal(run.trace.lr, [schedule(t) for t in range(16)])


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: type(s).__name__)
def test_each_step_uses_its_rate(schedule):
    run = ot.minimize(BOWL, [1.0, -1.0], ot.GradientDescent(lr=schedule), max_steps=15)
    shrink = np.cumprod([1.0, *(1 - schedule(t) for t in range(15))])
    np.testing.assert_allclose(run.trace.theta[:, 0], shrink, rtol=1e-14)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: type(s).__name__)
@every_rule
def test_a_stepper_and_a_run_agree_on_schedules(rule, schedule):
    stepper = ot.Stepper(rule(lr=schedule), [1.0, -1.0])
    for _ in range(10):
        stepper.step(BOWL.gradient(stepper.probe))
    run = ot.minimize(BOWL, [1.0, -1.0], rule(lr=schedule), max_steps=10)
    np.testing.assert_array_equal(run.theta, stepper.theta)


@every_rule
def test_an_array_of_rates_is_one_rate_a_coordinate(rule):
    both = ot.minimize(BOWL, [1.0, 1.0], rule(lr=np.array([0.1, 0.2])), max_steps=6)
    for i, lr in enumerate((0.1, 0.2)):
        alone = ot.minimize(BOWL, [1.0, 1.0], rule(lr=lr), max_steps=6)
        np.testing.assert_array_equal(both.trace.theta[:, i], alone.trace.theta[:, i])
    assert both.trace.lr.shape == (7, 2)


def test_plateau_follows_the_losses_of_the_run():
    schedule = ot.ReduceOnPlateau(lr=2.5, factor=0.5, patience=3)  # 2.5 is too large: the loss rises
    run = ot.minimize(BOWL, [1.0, 1.0], ot.GradientDescent(lr=schedule), max_steps=30)
    rates = schedule.follow()
    expected = [next(rates), *(rates.send(loss) for loss in run.trace.loss[:-1])]
    np.testing.assert_array_equal(run.trace.lr, expected)
    assert run.trace.lr[-1] < 2.0
    assert run.loss < 1e-6  # once below 2 / L, it converges


def test_plateau_watches_the_validation_loss_where_there_is_one():
    class Flat:
        def loss(self, theta):
            return 1.0

    flat: Any = Flat()
    schedule = ot.ReduceOnPlateau(lr=0.1, factor=0.5, patience=2)
    run = ot.minimize(BOWL, [1.0, 1.0], ot.GradientDescent(lr=schedule), max_steps=8, validation=flat)
    np.testing.assert_array_equal(run.trace.lr, [0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125])
    rarely = ot.minimize(
        BOWL, [1.0, 1.0], ot.GradientDescent(lr=schedule), max_steps=8, validation=flat, validate_every=3
    )
    np.testing.assert_array_equal(rarely.trace.lr, [0.1] * 7 + [0.05] * 2)


def test_runs_do_not_share_a_plateau():
    rule = ot.GradientDescent(lr=ot.ReduceOnPlateau(lr=2.5, patience=3))
    first, second = (ot.minimize(BOWL, [1.0, 1.0], rule, max_steps=30) for _ in range(2))
    np.testing.assert_array_equal(first.trace.lr, second.trace.lr)


def test_no_schedule_is_asked_for_steps_of_a_run_that_has_none():
    assert ot.minimize(BOWL, [1.0, 1.0], ot.GradientDescent(lr=SCHEDULES[0]), max_steps=0).trace.lr.tolist() == [0.1]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -0.1, np.array([0.1, 0.1])], ids=str)
def test_a_rate_that_is_none_beyond_the_steps_looked_at_is_refused_when_it_comes(monkeypatch, wrong):
    monkeypatch.setattr(_rates, "CHECKED_AHEAD", 5)
    rule = ot.GradientDescent(lr=lambda t: wrong if t == 9 else 0.1)
    with pytest.raises(ValueError, match=r"lr must be .* at step 9"):
        ot.minimize(BOWL, [1.0, 1.0], rule, max_steps=20)
    assert ot.minimize(BOWL, [1.0, 1.0], rule, max_steps=8).steps == 8


def test_a_rate_of_zero_stands_still():
    run = ot.minimize(BOWL, [1.0, 1.0], ot.GradientDescent(lr=lambda _: 0.0), max_steps=3)
    np.testing.assert_array_equal(run.trace.theta, np.ones((4, 2)))
