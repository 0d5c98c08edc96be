"""Clipping by norm, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

import numpy as np

from optimtext.clipping import ByNorm
from optimtext.course.functions import function_exercise


def right(grad, limit):
    """Return the gradient as the package clips it."""
    return ByNorm(limit)(grad)


def case(grad, limit=1.0):
    """Return the arguments in their order."""
    return {"grad": grad, "limit": limit}


EXERCISE = function_exercise(
    right,
    name="clip_by_norm",
    title="A limit on the gradient",
    symbol="clip_by_norm",
    file="stopping.py",
    chapter="failures",
    hints=(
        "What becomes of [3, 4] if the limit is 1, and what of [0.3, 0.4]?",
        "A gradient that is too long is multiplied by one number, so that its norm becomes the limit.",
        "norm = np.linalg.norm(grad); grad * (limit / norm) if norm > limit, else grad.",
    ),
    cases=(
        case([2.0]),
        case([0.5]),
        case([3.0, 4.0]),
        case([0.3, 0.4]),
        case([0.0, 0.0]),
        case([3.0, -4.0], limit=2.0),
        case([0.9, 0.9]),
        case([1.5, 0.0, 1.0], limit=3.0),
        case([3, 4, 0], limit=2.5),
    ),
    draw=lambda rng: case((3 * rng.normal(size=5)).tolist(), rng.uniform(0.5, 9)),
)


@EXERCISE.wrong
def clipped_by_value(grad, limit):
    """You cut each coordinate by itself, which turns the gradient into another direction.

    Is [1, 1] the direction of [3, 4]?

    Multiply the whole gradient by one number.
    """
    return np.clip(grad, -limit, limit)


@EXERCISE.wrong
def always_scaled(grad, limit):
    """You give every gradient the length of the limit: short ones grow, and a zero gradient divides by zero.

    What should become of a gradient that is shorter than the limit?

    Change it only if its norm exceeds the limit.
    """
    return grad * limit / np.linalg.norm(grad)


@EXERCISE.wrong
def always_normalized(grad, limit):
    """Long gradients get the length 1, and not that of the limit.

    Which length should [3, -4] have, if the limit is 2?

    Multiply by limit / norm.
    """
    norm = np.linalg.norm(grad)
    return grad / norm if norm > limit else grad


@EXERCISE.wrong
def square_compared(grad, limit):
    """You compare the squared norm with the limit, and scale by it.

    What is the norm of [3, 4], and what is its square?

    Take the root: np.linalg.norm(grad).
    """
    square = np.sum(grad**2)
    return grad * limit / square if square > limit else grad


@EXERCISE.wrong
def largest_coordinate_for_norm(grad, limit):
    """You take the largest coordinate for the norm: [0.9, 0.9] is longer than 1.

    What is the length of the arrow [0.9, 0.9]?

    The norm is the root of the sum of the squares.
    """
    size = np.max(np.abs(grad))
    return grad * limit / size if size > limit else grad


@EXERCISE.wrong
def sum_of_sizes_for_norm(grad, limit):
    """You take the sum of the sizes for the norm: [0.3, 0.4] is shorter than 0.7.

    What is the length of the arrow [3, 4]?

    The norm is the root of the sum of the squares.
    """
    size = np.sum(np.abs(grad))
    return grad * limit / size if size > limit else grad


@EXERCISE.wrong
def long_gradients_dropped(grad, limit):
    """You drop long gradients altogether, so that the run stands still where it most needs to move.

    Which direction has your result, if the gradient is [3, 4]?

    Shorten it to the limit, and keep its direction.
    """
    return grad if np.linalg.norm(grad) <= limit else np.zeros_like(grad)


@EXERCISE.wrong
def excess_not_removed(grad, limit):
    """You subtract the excess from every coordinate; that is neither the limit nor the direction.

    Which length has your result for [3, 4]?

    Multiply by limit / norm.
    """
    norm = np.linalg.norm(grad)
    return grad - (norm - limit) if norm > limit else grad
