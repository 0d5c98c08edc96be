"""Warm restarts, and what goes wrong in them."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import math

from optimtext.course.functions import function_exercise
from optimtext.schedules import WarmRestarts


def right(t, lr_max, lr_min, steps, mult):
    """Return the rate of the package's schedule."""
    return WarmRestarts(lr_max=lr_max, lr_min=lr_min, steps=steps, mult=mult)(t)


def case(t, lr_max=0.1, lr_min=0.001, steps=10, mult=2):
    """Return the arguments in their order."""
    return {"t": t, "lr_max": lr_max, "lr_min": lr_min, "steps": steps, "mult": mult}


def fall(lr_max, lr_min, share):
    """Return half a cosine."""
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * share)) / 2


EXERCISE = function_exercise(
    right,
    name="warm_restarts",
    title="Warm restarts",
    symbol="warm_restarts",
    file="schedules.py",
    chapter="schedules",
    hints=(
        "With steps = 10 and mult = 2 the periods begin at 0, 10, 30 and 70. Where in which one lies step 35?",
        "Take whole periods away from t as long as they fit, making each one mult times as long as the one before.",
        "while t >= period: t -= period; period *= mult. Then half a cosine of t / period.",
    ),
    cases=(
        case(0),
        case(5),
        case(9),
        case(10),
        case(20),
        case(29),
        case(30),
        case(35),
        case(55, mult=1),
        case(70),
        case(26, lr_max=1.0, lr_min=0.5, steps=2, mult=3),
    ),
    draw=lambda rng: case(
        int(rng.integers(400)),
        rng.uniform(0.1, 1),
        rng.uniform(0.001, 0.05),
        int(rng.integers(3, 12)),
        int(rng.integers(2, 4)),
    ),
)


@EXERCISE.wrong
def periods_all_alike(t, lr_max, lr_min, steps, mult):
    """All your periods are equally long: mult is not used.

    When does the third period begin, at steps = 10 and mult = 2?

    Each period is mult times as long as the one before.
    """
    return fall(lr_max, lr_min, t % steps / steps)


@EXERCISE.wrong
def no_restart(t, lr_max, lr_min, steps, mult):
    """Your rate falls once and stays at its minimum: nothing restarts.

    What is the rate at t = steps?

    Take whole periods away from t before you compute the share.
    """
    return fall(lr_max, lr_min, min(t, steps) / steps)


@EXERCISE.wrong
def share_of_the_first_period(t, lr_max, lr_min, steps, mult):
    """In the longer periods you divide by the length of the first one, so that the cosine runs too fast.

    In the second period, at its half, which share of the way is done?

    Divide by the length of the present period.
    """
    period = steps
    while t >= period:
        t -= period
        period *= mult
    return fall(lr_max, lr_min, t / steps)


@EXERCISE.wrong
def minimum_reached(t, lr_max, lr_min, steps, mult):
    """You divide by one less than the period, so that its last step is already at lr_min.

    The restart comes when the share of the way reaches 1. Is there a step at which it does?

    Divide by the whole period.
    """
    period = steps
    while t >= period:
        t -= period
        period *= mult
    return fall(lr_max, lr_min, t / max(period - 1, 1))


@EXERCISE.wrong
def period_grows_by_addition(t, lr_max, lr_min, steps, mult):
    """Your periods grow by the same number of steps each time, and not by a factor.

    How long are the first three periods, at steps = 10 and mult = 2?

    Multiply the period by mult.
    """
    count = 1
    while t >= steps * count:
        t -= steps * count
        count += mult - 1
    return fall(lr_max, lr_min, t / (steps * count))


@EXERCISE.wrong
def restart_one_step_late(t, lr_max, lr_min, steps, mult):
    """Your restarts come one step late, after a step at lr_min.

    With steps = 10, is step 10 the last of the first period, or the first of the second?

    Take a period away as soon as t >= period.
    """
    period = steps
    while t > period:
        t -= period
        period *= mult
    return fall(lr_max, lr_min, t / period)


@EXERCISE.wrong
def peaks_shrink(t, lr_max, lr_min, steps, mult):
    """Your rate restarts lower each time: mult divides the peak, too.

    At which rate does every period begin?

    mult makes the periods longer, and nothing else.
    """
    period, peak = steps, lr_max
    while t >= period:
        t, period, peak = t - period, period * mult, peak / mult
    return fall(peak, lr_min, t / period)
