"""What the loop measures at a point: a loss that is one number, a norm, and whether all is finite."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHORT = 16  # up to this length plain Python is quicker than the fixed cost of NumPy's calls


def scalar(loss: Any) -> float:
    """Return a loss as a float, refusing one that is no single number."""
    if np.ndim(loss):
        raise ValueError(f"loss(theta) must return one number, got an array of shape {np.shape(loss)}")
    return float(loss)


def all_finite(array: NDArray[Any]) -> bool:
    """Tell whether an array is finite everywhere."""
    if array.size <= SHORT:
        return all(map(math.isfinite, array.ravel().tolist()))
    # The sum of finite numbers may overflow, but a sum that is finite had only finite terms: one pass, no temporary.
    return math.isfinite(array.sum()) or bool(np.isfinite(array).all())


def norm(grad: NDArray[Any]) -> float:
    """Return the Euclidean norm, also where the squares overflow or vanish."""
    if grad.size <= SHORT:
        return math.hypot(*grad.ravel().tolist())
    flat = grad.ravel()
    length = math.sqrt(flat.dot(flat))
    if math.isfinite(length) and length > 0:
        return length
    largest = float(np.abs(flat).max())  # the squares overflowed or underflowed, unless this says otherwise
    if not math.isfinite(largest) or largest == 0:
        return largest
    return largest * float(np.linalg.norm(flat / largest))


def culprit(array: NDArray[Any]) -> float:
    """Return the first number that is not finite; infinity where all are, since their norm then was not."""
    culprits = array[~np.isfinite(array)]
    return float(culprits[0]) if culprits.size else math.inf
