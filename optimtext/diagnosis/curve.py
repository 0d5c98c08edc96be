"""A training curve, ready to be examined: finite losses in order, and what was logged beside them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """Something logged now and then beside the loss.

    Attributes
    ----------
    at : numpy.ndarray
        Where in the run it was logged, from 0 at the first loss to 1 at the last.
    value : numpy.ndarray
        What was logged.
    step : numpy.ndarray
        The steps of the log.
    """

    at: Array
    value: Array
    step: Array

    def over(self, places: Array) -> Array:
        """Return the values at other places, interpolated."""
        return np.interp(places, self.at, self.value)


@dataclass(frozen=True, eq=False)
class Curve:
    """The losses of a run.

    A short log is kept as it is. Of a long one each entry stands for many: then `loss` holds means, `high` the largest
    of each, and `recent` the last single losses, for what only they show.

    Attributes
    ----------
    loss : numpy.ndarray
        Finite losses, in the order of the run.
    step : numpy.ndarray
        The steps of the log, one for each loss.
    high : numpy.ndarray
        The largest single loss that an entry stands for; equal to `loss` in a short log.
    recent, recent_step : numpy.ndarray
        Single losses to the end, and their steps: half of a short log, less of a long one.
    count : int
        Losses in the log.
    broken : tuple of (float, float), optional
        Step and value of the first loss that was not finite, where the run did not recover.
    validation, lr, grad_norm, travel : Column, optional
        What was logged beside; `travel` is the distance of the parameters from where they started.
    """

    loss: Array
    step: Array
    high: Array
    recent: Array
    recent_step: Array
    count: int
    broken: tuple[float, float] | None = None
    validation: Column | None = None
    lr: Column | None = None
    grad_norm: Column | None = None
    travel: Column | None = None

    @property
    def whole(self) -> bool:
        """Whether each entry is a single loss."""
        return self.count == len(self.loss)

    def steps(self, begin: float = 0.0, end: float = 1.0) -> tuple[float, float]:
        """Return the steps between two shares of the run."""
        last = len(self.step) - 1
        first_step, last_step = self.step[round(begin * last)], self.step[round(end * last)]
        return float(first_step), float(last_step)


def plain(loss: Any, step: Any = None, *, broken: tuple[float, float] | None = None, **columns: Column | None) -> Curve:
    """Return the curve of a log that is short enough to keep every loss."""
    loss = np.asarray(loss, dtype=np.float64)
    step = np.arange(len(loss), dtype=np.float64) if step is None else np.asarray(step, dtype=np.float64)
    half = len(loss) // 2
    return Curve(loss, step, loss, loss[half:], step[half:], len(loss), broken, **columns)
