"""What the path of the parameters tells: how far they went, and how often they turned back."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def travel(path: Array) -> Array:
    """Return at each step the distance from the start, in lengths of the start (or as it is, if that is zero)."""
    flat = path.reshape(len(path), -1)
    with np.errstate(all="ignore"):
        away = np.linalg.norm(flat - flat[0], axis=1)
        size = float(np.linalg.norm(flat[0]))
    return np.where(np.isfinite(away), away / size if size else away, np.nan)


def turns(path: Array) -> float | None:
    """Return the share of the steps in the last half whose angle with the step before is more than 90 degrees."""
    flat = path.reshape(len(path), -1)
    with np.errstate(all="ignore"):
        moves = np.diff(flat[len(flat) // 2 :], axis=0)
        along = np.einsum("ij,ij->i", moves[1:], moves[:-1])
    along = along[np.isfinite(along) & (along != 0)]
    return float((along < 0).mean()) if along.size >= 4 else None
