"""Step decay, counted in epochs, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

from optimtext.course.functions import function_exercise
from optimtext.schedules import StepDecay


def right(t, lr, factor, every, steps_per_epoch):
    """Return the rate of the package's schedule, whose period is counted in steps."""
    return StepDecay(lr=lr, factor=factor, every=every * steps_per_epoch)(t)


def case(t, lr=0.1, factor=0.5, every=10, steps_per_epoch=1):
    """Return the arguments in their order."""
    return {"t": t, "lr": lr, "factor": factor, "every": every, "steps_per_epoch": steps_per_epoch}


EXERCISE = function_exercise(
    right,
    name="step_decay",
    title="Step decay",
    symbol="step_decay",
    file="schedules.py",
    chapter="schedules",
    hints=(
        "At 50 steps an epoch, in which epoch is step 499, and in which step 500?",
        "The epoch is t // steps_per_epoch; the drops so far are the epoch divided by every, rounded down.",
        "lr * factor ** (t // steps_per_epoch // every).",
    ),
    cases=(
        case(0),
        case(9),
        case(10),
        case(19),
        case(25),
        case(1, every=1),
        case(30, steps_per_epoch=50),
        case(1000, steps_per_epoch=50),
        case(37, lr=0.2, factor=0.1, every=3, steps_per_epoch=4),
    ),
    draw=lambda rng: case(
        int(rng.integers(200)),
        rng.uniform(0.01, 1),
        rng.uniform(0.1, 0.9),
        int(rng.integers(2, 9)),
        int(rng.integers(2, 9)),
    ),
)


@EXERCISE.wrong
def decay_per_step(t, lr, factor, every, steps_per_epoch):
    """You count in steps where the period is given in epochs: at 50 steps an epoch the rate falls 50 times too early.

    Which unit has t, and which has every?

    Make epochs of t first: t // steps_per_epoch.
    """
    return lr * factor ** (t // every)


@EXERCISE.wrong
def decay_every_epoch(t, lr, factor, every, steps_per_epoch):
    """Your rate falls in every epoch: the period is not used.

    How many drops are there in the first ten epochs, at every = 10?

    Divide the epoch by every, rounded down.
    """
    return lr * factor ** (t // steps_per_epoch)


@EXERCISE.wrong
def smooth(t, lr, factor, every, steps_per_epoch):
    """Your rate falls a little in every step: the exponent is not rounded down.

    What is 9 / 10 in Python, and what is 9 // 10?

    The exponent counts whole periods: use //.
    """
    return lr * factor ** (t / (steps_per_epoch * every))


@EXERCISE.wrong
def drops_once(t, lr, factor, every, steps_per_epoch):
    """Your rate drops once and then stays.

    What is the rate in epoch 20, at every = 10?

    The number of drops is the exponent of factor.
    """
    return lr * factor if t // steps_per_epoch >= every else lr


@EXERCISE.wrong
def factor_times_count(t, lr, factor, every, steps_per_epoch):
    """You multiply by the number of drops where the factor must be raised to it.

    After two halvings, what is left of 1?

    Use **, not *.
    """
    return lr * factor * (t // steps_per_epoch // every)


@EXERCISE.wrong
def one_epoch_late(t, lr, factor, every, steps_per_epoch):
    """Your rate falls one epoch too late: epochs count from 0, so epochs 0 to 9 are the first ten.

    With every = 10, which epoch is the first with the lower rate?

    Divide the epoch itself by every; subtract nothing, and do not ask for `>`.
    """
    return lr * factor ** (max(t // steps_per_epoch - 1, 0) // every)


@EXERCISE.wrong
def one_epoch_early(t, lr, factor, every, steps_per_epoch):
    """Your rate falls one epoch too early: epochs count from 0, so epochs 0 to 9 are the first ten.

    In which epoch is step 0?

    Add nothing to the epoch before you divide by every.
    """
    return lr * factor ** ((t // steps_per_epoch + 1) // every)


@EXERCISE.wrong
def subtracts(t, lr, factor, every, steps_per_epoch):
    """You take the same amount away at every drop; the rate becomes negative sooner or later.

    After two halvings, what is left of 1?

    Multiply by factor at every drop.
    """
    return lr - lr * (1 - factor) * (t // steps_per_epoch // every)
