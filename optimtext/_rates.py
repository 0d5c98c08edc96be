"""The rate of each step, whatever kind of rate a rule has, and what makes a schedule one."""

import math
from collections.abc import Callable, Generator
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

CHECKED_AHEAD = 100_000  # steps of a schedule that are looked at before the first one; later ones when they come


class Schedule(Protocol):
    """Anything that maps a step, counted from 0, to a learning rate."""

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""


@runtime_checkable
class FeedbackSchedule(Protocol):
    """A schedule that answers to the losses; each run follows it anew."""

    def follow(self) -> Generator[float, float, None]:
        """Yield the rate of a step, be sent the loss that followed."""


def scheduled(schedule: Callable[[int], Any], t: int) -> float:
    """Return a schedule's rate at step `t` as a float, refusing what is no rate; zero stands still and is one."""
    value = schedule(t)
    if type(value) is not float or not 0 <= value < math.inf:
        number = np.asarray(value)
        if number.ndim or number.dtype.kind not in "iuf" or not np.isfinite(number) or number < 0:
            raise ValueError(f"lr must be a schedule of finite rates of at least 0, got {value!r} at step {t}")
    return float(value)


class Rates:
    """The rate of each step, whatever kind of rate the rule has."""

    def __init__(self, lr: Any, max_steps: int) -> None:
        self._lr = lr
        self._ahead: list[float] = []
        self._feedback = None
        if hasattr(lr, "follow"):
            self._feedback = lr.follow()
            self._lr = next(self._feedback)
        elif callable(lr):
            self._ahead = [scheduled(lr, t) for t in range(min(max_steps, CHECKED_AHEAD) + 1)]

    def now(self, t: int) -> Any:
        """Return the rate of step `t`."""
        if t < len(self._ahead):
            return self._ahead[t]
        return scheduled(self._lr, t) if callable(self._lr) else self._lr

    @property
    def are_known(self) -> bool:
        """Whether each rate is one number that depends on the step alone."""
        return self._feedback is None and (callable(self._lr) or isinstance(self._lr, (int, float)))

    def several(self, start: int, count: int) -> NDArray[np.float64]:
        """Return the rates of `count` steps from `start` on; fewer, or none, if a schedule fails at one of them."""
        if not callable(self._lr):
            return np.full(count, float(self._lr))
        rates = self._ahead[start : start + count]
        try:
            for t in range(start + len(rates), start + count):
                rates.append(scheduled(self._lr, t))
        except Exception:  # noqa: BLE001  # it comes again, with its message, if the run comes to that step
            return np.array(rates)
        return np.array(rates)

    def observe(self, loss: float) -> None:
        """Tell a schedule that answers to the losses the latest one."""
        if self._feedback is not None:
            self._lr = self._feedback.send(loss)
