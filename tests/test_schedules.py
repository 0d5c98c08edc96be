"""Schedules against their closed forms, and properties that hold for all settings."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
rates = st.floats(1e-8, 1e3)
counts = st.integers(1, 50)
shares = st.floats(1e-3, 1.0)
ALL = {
    "StepDecay": st.builds(ot.StepDecay, rates, shares, counts),
    "ExponentialDecay": st.builds(ot.ExponentialDecay, rates, shares),
    "CosineAnnealing": st.builds(lambda a, b, n: ot.CosineAnnealing(max(a, b), min(a, b), n), rates, rates, counts),
    "WarmRestarts": st.builds(
        lambda a, b, n, m: ot.WarmRestarts(max(a, b), min(a, b), n, m), rates, rates, counts, st.integers(1, 4)
    ),
}
falling = st.one_of(ALL["StepDecay"], ALL["ExponentialDecay"], ALL["CosineAnnealing"])


def highest(schedule):
    return getattr(schedule, "lr_max", None) or schedule.lr


def test_step_decay_gives_the_table_of_the_source():
    schedule = ot.StepDecay(lr=0.1, factor=0.5, every=10)
    table = [0.1] * 10 + [0.05] * 10 + [0.025] * 10
    assert [schedule(t) for t in range(30)] == table


def test_exponential_decay_gives_the_numbers_of_the_source():
    schedule = ot.ExponentialDecay(lr=0.1, decay=0.96)
    assert (schedule(0), round(schedule(10), 3), round(schedule(50), 3)) == (0.1, 0.066, 0.013)


def test_cosine_annealing_gives_the_curve_of_the_source():
    schedule = ot.CosineAnnealing(lr_max=0.1, lr_min=0.001, steps=100)
    t = np.arange(101)
    np.testing.assert_allclose(
        [schedule(int(k)) for k in t], 0.001 + 0.099 * (1 + np.cos(np.pi * t / 100)) / 2, rtol=1e-13
    )
    assert schedule(50) == pytest.approx(0.0505, rel=1e-14)


@quick
@given(ALL["StepDecay"], st.integers(0, 300))
def test_step_decay_is_its_formula(schedule, t):
    assert schedule(t) == schedule.lr * schedule.factor ** (t // schedule.every)


@quick
@given(ALL["ExponentialDecay"], st.integers(0, 300))
def test_exponential_decay_multiplies_by_its_factor_each_step(schedule, t):
    assert schedule(t + 1) == pytest.approx(schedule(t) * schedule.decay, rel=1e-12, abs=1e-300)
    assert schedule(0) == schedule.lr


@quick
@given(ALL["CosineAnnealing"], st.integers(0, 500))
def test_a_cosine_stays_at_its_end(schedule, t):
    assert schedule(schedule.steps + t) == schedule.lr_min
    assert schedule(0) == pytest.approx(schedule.lr_max, rel=1e-15)
    if t <= schedule.steps:  # the curve is odd about its middle
        both = schedule(t) + schedule(schedule.steps - t)
        assert both == pytest.approx(schedule.lr_max + schedule.lr_min, rel=1e-13)


@quick
@given(falling, st.integers(0, 200))
def test_decaying_schedules_never_rise(schedule, t):
    assert schedule(t + 1) <= schedule(t)


@quick
@given(st.one_of(*ALL.values()), st.integers(0, 10_000))
def test_rates_are_floats_within_their_bounds(schedule, t):
    rate = schedule(t)
    assert type(rate) is float
    assert getattr(schedule, "lr_min", 0.0) <= rate <= highest(schedule) * (1 + 1e-15)


@quick
@given(ALL["WarmRestarts"])
def test_restarts_begin_where_the_closed_form_says(schedule):
    length, mult = schedule.steps, schedule.mult
    begins = [i * length if mult == 1 else length * (mult**i - 1) // (mult - 1) for i in range(6)]
    period = length
    for begin, following in itertools.pairwise(begins):
        assert following - begin == period
        fall = ot.CosineAnnealing(schedule.lr_max, schedule.lr_min, period)
        for t in {0, 1, period // 2, period - 1} & set(range(period)):
            assert schedule(begin + t) == fall(t)
        period *= mult


@pytest.mark.parametrize(("mult", "begins"), [(1, [0, 10, 20, 30, 40]), (2, [0, 10, 30, 70]), (3, [0, 10, 40])])
def test_restarts_of_a_period_of_ten(mult, begins):
    schedule = ot.WarmRestarts(lr_max=0.1, lr_min=0.0, steps=10, mult=mult)
    assert [t for t in range(begins[-1] + 1) if schedule(t) == 0.1] == begins


@quick
@given(counts, falling, st.integers(0, 200))
def test_warmup_rises_in_equal_steps_and_hands_over_without_a_jump(steps, then, t):
    schedule = ot.Warmup(steps, then)
    first = then(0)
    assert schedule(steps - 1) == pytest.approx(first, rel=1e-15)
    assert schedule(steps) == first
    assert schedule(steps + t) == then(t)
    rise = [0.0, *(schedule(k) for k in range(steps))]
    np.testing.assert_allclose(np.diff(rise), first / steps, rtol=1e-12)


def test_warmup_to_a_number_stays_there():
    schedule = ot.Warmup(steps=4, then=0.1)
    assert [schedule(t) for t in range(7)] == [0.025, 0.05, pytest.approx(0.075), 0.1, 0.1, 0.1, 0.1]


def follow(schedule, losses):
    feedback = schedule.follow()
    return [next(feedback), *(feedback.send(loss) for loss in losses)]


def test_a_plateau_is_so_many_losses_without_a_new_lowest_one():
    losses = [3.0, 2.0, 2.0, 2.5, 1.0, 1.0, 1.5, 1.5, 1.5, 0.5]
    expected = [8, 8, 8, 8, 4, 4, 4, 2, 2, 1, 1]
    assert follow(ot.ReduceOnPlateau(lr=8.0, factor=0.5, patience=2), losses) == expected


def test_a_plateau_never_goes_below_its_floor():
    assert follow(ot.ReduceOnPlateau(lr=1.0, factor=0.1, patience=1, min_lr=0.05), [1.0] * 4) == [1, 1, 0.1, 0.05, 0.05]


@quick
@given(
    st.lists(st.floats(0, 10) | st.just(math.nan) | st.just(math.inf), max_size=40), shares, counts, st.floats(0, 0.5)
)
def test_a_plateau_only_lowers_the_rate_by_its_factor_within_bounds(losses, factor, patience, floor):
    schedule = ot.ReduceOnPlateau(lr=0.5, factor=factor, patience=patience, min_lr=floor)
    followed = follow(schedule, losses)
    assert followed[0] == 0.5
    for before, after in itertools.pairwise(followed):
        assert after in (before, max(before * factor, floor))
        assert floor <= after <= before
    assert followed == follow(schedule, losses)  # no memory from run to run


@quick
@given(st.lists(st.floats(0, 10), min_size=1, max_size=40, unique=True))
def test_a_falling_loss_is_no_plateau(losses):
    assert set(follow(ot.ReduceOnPlateau(patience=1), sorted(losses, reverse=True))) == {0.1}


@pytest.mark.parametrize("t", [10**6, 10**9])
@pytest.mark.parametrize("schedule", [ot.StepDecay(), ot.ExponentialDecay(), ot.CosineAnnealing(), ot.WarmRestarts()])
def test_steps_far_out_cost_nothing_and_break_nothing(schedule, t):
    assert 0.0 <= schedule(t) <= 0.1


SETTINGS: dict[str, tuple[Any, ...]] = {
    "lr": (ot.StepDecay, ot.ExponentialDecay, ot.ReduceOnPlateau),
    "lr_max": (ot.CosineAnnealing, ot.WarmRestarts),
    "factor": (ot.StepDecay, ot.ReduceOnPlateau),
    "decay": (ot.ExponentialDecay,),
    "every": (ot.StepDecay,),
    "steps": (ot.CosineAnnealing, ot.WarmRestarts, ot.Warmup),
    "mult": (ot.WarmRestarts,),
    "patience": (ot.ReduceOnPlateau,),
    "lr_min": (ot.CosineAnnealing, ot.WarmRestarts),
    "min_lr": (ot.ReduceOnPlateau,),
    "then": (ot.Warmup,),
}
VALUES: dict[str, list[float]] = {
    "lr": [0, -0.1, math.nan, math.inf], "lr_max": [0, -0.1, math.nan, math.inf], "then": [0, -0.1, math.nan, math.inf],
    "factor": [0, -0.5, 1.5, math.nan], "decay": [0, -0.5, 1.5, math.nan],
    "every": [0, -1], "steps": [0, -1], "mult": [0, -1], "patience": [0, -1],
    "lr_min": [-0.1, math.nan, math.inf, 0.2], "min_lr": [-0.1, math.nan, math.inf, 0.2],
}  # fmt: skip
WRONG = [(cls, name, value) for name, classes in SETTINGS.items() for cls in classes for value in VALUES[name]]


@pytest.mark.parametrize(("cls", "name", "value"), WRONG)
def test_a_setting_out_of_range_is_refused_by_name_and_value(cls, name, value):
    with pytest.raises(ValueError, match=rf"^{name} must .*, got {value!r}$"):
        cls(**{name: value})


@pytest.mark.parametrize("value", ["a", None, True, 1j, [0.1, 0.2], np.array([0.1, 0.2])], ids=str)
@pytest.mark.parametrize(("cls", "name"), [(cls, name) for name, classes in SETTINGS.items() for cls in classes])
def test_a_setting_that_is_no_number_is_refused_by_name(cls, name, value):
    with pytest.raises((TypeError, ValueError), match=rf"^{name} must be "):
        cls(**{name: value})


@pytest.mark.parametrize("cls", sorted({cls for classes in SETTINGS.values() for cls in classes}, key=str))
def test_an_unknown_setting_is_refused_with_its_value(cls):
    with pytest.raises(TypeError, match=r"has no argument warm \(got warm=3\); allowed are "):
        cls(warm=3)


def test_a_warmup_cannot_hand_over_to_what_answers_to_losses():
    with pytest.raises(TypeError, match="then must be"):
        ot.Warmup(then=ot.ReduceOnPlateau())  # type: ignore[arg-type]  # that is the point
