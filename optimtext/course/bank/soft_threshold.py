"""The proximal map of the L1 penalty, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import numpy as np

from optimtext.course.functions import function_exercise
from optimtext.penalties import L1


def right(x, step, l1):
    """Return the proximal map of the package's penalty."""
    return L1(l1).prox(x, step)


def case(x, step=1.0, l1=0.5):
    """Return the arguments in their order."""
    return {"x": x, "step": step, "l1": l1}


EXERCISE = function_exercise(
    right,
    name="soft_threshold",
    title="Zeros that are exact",
    symbol="soft_threshold",
    file="stopping.py",
    chapter="regularization",
    hints=(
        "What becomes of 3, of 0.2 and of -3, if the threshold is 0.5?",
        "Each coordinate moves towards zero by step * l1, and stops there if it arrives.",
        "np.sign(x) * np.maximum(np.abs(x) - step * l1, 0).",
    ),
    cases=(
        case([3.0]),
        case([0.2]),
        case([-3.0]),
        case([-0.2]),
        case([1.0], step=0.1),
        case([0.5, -0.5, 0.0]),
        case([3.0, -1.0, 0.04, -0.06, 0.0], step=0.1),
        case([3, -2, 0], step=0.5),
    ),
    draw=lambda rng: case((3 * rng.normal(size=6)).tolist(), rng.uniform(0.1, 2), rng.uniform(0.1, 1)),
)


@EXERCISE.wrong
def subgradient_step(x, step, l1):
    """You subtract the threshold from everything, so that small coordinates jump across zero and none lands on it.

    Where does 0.2 go, if the threshold is 0.5?

    A coordinate nearer to zero than the threshold becomes zero.
    """
    return x - step * l1 * np.sign(x)


@EXERCISE.wrong
def hard_threshold(x, step, l1):
    """You cut the small coordinates off and leave the large ones as they are; soft thresholding shrinks these, too.

    What becomes of 3, if the threshold is 0.5?

    Subtract the threshold from the size of what remains.
    """
    return np.where(np.abs(x) > step * l1, x, 0.0)


@EXERCISE.wrong
def sign_lost(x, step, l1):
    """Your result has no negative coordinates: the sign of x is lost.

    What becomes of -3, if the threshold is 0.5?

    Multiply by np.sign(x).
    """
    return np.maximum(np.abs(x) - step * l1, 0.0)


@EXERCISE.wrong
def negatives_cut_off(x, step, l1):
    """All negative coordinates become zero: you shrink x itself and not its size.

    What becomes of -3, if the threshold is 0.5?

    Shrink np.abs(x), then give the sign back.
    """
    return np.maximum(x - step * l1, 0.0)


@EXERCISE.wrong
def shrinks_like_ridge(x, step, l1):
    """You divide, which makes every coordinate smaller and none zero; that is the map of the L2 penalty.

    What becomes of 0.2, if the threshold is 0.5?

    Subtract the threshold; do not divide.
    """
    return x / (1 + 2 * step * l1)


@EXERCISE.wrong
def step_missing(x, step, l1):
    """Your threshold is l1: the step does not enter.

    A step of zero should change nothing. Does yours?

    The threshold is step * l1.
    """
    return np.sign(x) * np.maximum(np.abs(x) - l1, 0.0)


@EXERCISE.wrong
def penalty_missing(x, step, l1):
    """Your threshold is the step: the strength l1 does not enter.

    Without a penalty, l1 = 0, nothing should change. Does it?

    The threshold is step * l1.
    """
    return np.sign(x) * np.maximum(np.abs(x) - step, 0.0)


@EXERCISE.wrong
def grows(x, step, l1):
    """Your coordinates move away from zero.

    Does the penalty make a parameter larger or smaller?

    Subtract the threshold from the size.
    """
    return np.sign(x) * (np.abs(x) + step * l1)


@EXERCISE.wrong
def integer_truncation(x, step, l1):
    """Where x is given as integers, your result is made of integers and loses the digits behind the point.

    Which type has np.zeros_like(x) if x is np.array([3, -2])?

    Let NumPy choose the type of the result.
    """
    result = np.zeros_like(x)
    result[...] = np.sign(x) * np.maximum(np.abs(x) - step * l1, 0.0)
    return result
