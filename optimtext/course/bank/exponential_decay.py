"""Exponential decay, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

import math

from optimtext.course.functions import function_exercise
from optimtext.schedules import ExponentialDecay


def right(t, lr, decay):
    """Return the rate of the package's schedule."""
    return ExponentialDecay(lr=lr, decay=decay)(t)


def case(t, lr=0.1, decay=0.96):
    """Return the arguments in their order."""
    return {"t": t, "lr": lr, "decay": decay}


EXERCISE = function_exercise(
    right,
    name="exponential_decay",
    title="Exponential decay",
    symbol="exponential_decay",
    file="schedules.py",
    chapter="schedules",
    hints=(
        "What is the rate at step 0, at step 1 and at step 2, if each is 0.96 of the one before?",
        "t multiplications by the same factor are a power.",
        "lr * decay ** t.",
    ),
    cases=(case(0), case(1), case(2), case(10), case(50), case(3, lr=0.5, decay=0.5), case(7, decay=1.0)),
    draw=lambda rng: case(int(rng.integers(2, 80)), rng.uniform(0.01, 1), rng.uniform(0.8, 0.999)),
)


@EXERCISE.wrong
def multiplied_by_time(t, lr, decay):
    """You multiply by t where decay must be raised to the power t: your rate starts at zero and rises.

    What should the rate be at step 0?

    Use **, not *.
    """
    return lr * decay * t


@EXERCISE.wrong
def natural_exponential(t, lr, decay):
    """You use exp(-decay * t), in which decay is a rate and not the factor that is left after a step.

    What is left of 1 after one step, at decay = 0.96?

    lr * decay ** t.
    """
    return lr * math.exp(-decay * t)


@EXERCISE.wrong
def share_lost_for_share_kept(t, lr, decay):
    """You keep 1 - decay of the rate in every step, where decay is what is kept.

    At decay = 0.96, is the rate after one step 96% of what it was, or 4%?

    The base of the power is decay itself.
    """
    return lr * (1 - decay) ** t


@EXERCISE.wrong
def one_step_early(t, lr, decay):
    """Your step 0 is already decayed: steps count from 0.

    What is decay ** 0?

    The exponent is t, not t + 1.
    """
    return lr * decay ** (t + 1)


@EXERCISE.wrong
def linear(t, lr, decay):
    """Your rate falls on a straight line, by the same amount in every step.

    By which factor does your rate fall in the first step, and by which in the tenth?

    Multiply by decay in every step, which makes a power.
    """
    return lr * (1 - (1 - decay) * t)


@EXERCISE.wrong
def inverse_time(t, lr, decay):
    """You divide by a number that grows in proportion to t; that schedule exists, under the name of inverse time decay.

    By which factor does your rate fall in the first step, and by which in the tenth?

    Multiply by decay in every step, which makes a power.
    """
    return lr / (1 + (1 - decay) * t)


@EXERCISE.wrong
def rate_raised_too(t, lr, decay):
    """The power takes in the rate as well: mind the precedence, or the parentheses.

    What is (0.1 * 0.96) ** 0?

    lr * decay ** t raises decay alone.
    """
    return (lr * decay) ** t
