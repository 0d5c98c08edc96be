"""Cosine annealing, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import math

from optimtext.course.functions import function_exercise
from optimtext.schedules import CosineAnnealing


def right(t, lr_max, lr_min, steps):
    """Return the rate of the package's schedule."""
    return CosineAnnealing(lr_max=lr_max, lr_min=lr_min, steps=steps)(t)


def case(t, lr_max=0.1, lr_min=0.001, steps=100):
    """Return the arguments in their order."""
    return {"t": t, "lr_max": lr_max, "lr_min": lr_min, "steps": steps}


EXERCISE = function_exercise(
    right,
    name="cosine_annealing",
    title="Cosine annealing",
    symbol="cosine_annealing",
    file="schedules.py",
    chapter="schedules",
    hints=(
        "What must the rate be at t = 0, at half of the way, at t = steps, and at twice as many steps?",
        "(1 + cos(pi * share)) / 2 falls from 1 to 0 while the share of the way goes from 0 to 1, then rises again.",
        "lr_min + (lr_max - lr_min) * (1 + cos(pi * min(t, steps) / steps)) / 2.",
    ),
    cases=(
        case(0),
        case(100),
        case(50),
        case(25),
        case(75),
        case(150),
        case(200),
        case(3, lr_max=1.0, lr_min=0.5, steps=4),
        case(5, lr_min=0.0, steps=8),
    ),
    draw=lambda rng: case(
        int(rng.integers(1, 99)), rng.uniform(0.1, 1), rng.uniform(0.001, 0.05), int(rng.integers(60, 120))
    ),
)


@EXERCISE.wrong
def rises_after_the_period(t, lr_max, lr_min, steps):
    """After its period your rate rises again, up to lr_max at 2 * steps.

    What is cos(2 * pi)? And what should the rate be after the fall?

    Let no more than `steps` enter the cosine: min(t, steps).
    """
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * t / steps)) / 2


@EXERCISE.wrong
def upside_down(t, lr_max, lr_min, steps):
    """Your rate starts at lr_min and rises.

    What is 1 - cos(0)?

    1 + cos falls, 1 - cos rises.
    """
    return lr_min + (lr_max - lr_min) * (1 - math.cos(math.pi * min(t, steps) / steps)) / 2


@EXERCISE.wrong
def half_missing(t, lr_max, lr_min, steps):
    """Your rate starts too high, by lr_max - lr_min: 1 + cos goes from 2 to 0 and not from 1 to 0.

    What is 1 + cos(0)?

    Divide by 2.
    """
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * min(t, steps) / steps))


@EXERCISE.wrong
def minimum_missing(t, lr_max, lr_min, steps):
    """Your rate falls to zero, and not to lr_min.

    How often is lr_min read in your function?

    Scale the fall by lr_max - lr_min and add lr_min.
    """
    return lr_max * (1 + math.cos(math.pi * min(t, steps) / steps)) / 2


@EXERCISE.wrong
def minimum_on_top(t, lr_max, lr_min, steps):
    """Your rate starts at lr_max + lr_min: the minimum is added without taking it from the fall.

    From where to where does the rate fall, and how far is that?

    Scale the fall by lr_max - lr_min.
    """
    return lr_min + lr_max * (1 + math.cos(math.pi * min(t, steps) / steps)) / 2


@EXERCISE.wrong
def whole_wave(t, lr_max, lr_min, steps):
    """Your cosine makes a whole wave: the rate is lowest at half of the way and back at lr_max at its end.

    Which angle has the cosine at t = steps, and which should it have?

    The angle goes from 0 to pi, not to 2 * pi.
    """
    return lr_min + (lr_max - lr_min) * (1 + math.cos(2 * math.pi * min(t, steps) / steps)) / 2


@EXERCISE.wrong
def quarter_wave(t, lr_max, lr_min, steps):
    """Your cosine makes a quarter of a wave: the rate falls fastest at the end, and not in the middle.

    What is (1 + cos(pi / 2)) / 2, and what should be left at the end?

    The angle goes from 0 to pi.
    """
    return lr_min + (lr_max - lr_min) * math.cos(math.pi / 2 * min(t, steps) / steps)


@EXERCISE.wrong
def degrees(t, lr_max, lr_min, steps):
    """Your angle is in degrees; cos takes radians.

    What is math.cos(180)?

    Half a turn is pi.
    """
    return lr_min + (lr_max - lr_min) * (1 + math.cos(180 * min(t, steps) / steps)) / 2


@EXERCISE.wrong
def zero_after_the_period(t, lr_max, lr_min, steps):
    """After its period your rate is zero, and the parameters would stand still; it should stay at lr_min.

    What should a step after the fall still be able to do?

    Return lr_min from `steps` on.
    """
    if t > steps:
        return 0.0
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * t / steps)) / 2


@EXERCISE.wrong
def straight_line(t, lr_max, lr_min, steps):
    """Your rate falls on a straight line.

    It agrees with the cosine at the beginning, in the middle and at the end. And at a quarter?

    Put the share of the way through (1 + cos(pi * share)) / 2.
    """
    return lr_max - (lr_max - lr_min) * min(t, steps) / steps
