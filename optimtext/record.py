"""What a run leaves behind: the trace of its steps and the result, and the ledger both are made from."""

import math
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from optimtext.rules.base import Rule
from optimtext.stopping import StopReason


@runtime_checkable
class Problem(Protocol):
    """What can be minimized; a finite sum also has `n_samples` and takes ``batch=indices`` in both methods."""

    def loss(self, theta: Any, /) -> Any:
        """Return the loss at `theta`, a number."""

    def gradient(self, theta: Any, /) -> Any:
        """Return the gradient at `theta`, in its shape."""


class HasLoss(Protocol):
    """What can be measured: all that a validation problem needs."""

    def loss(self, theta: Any, /) -> Any:
        """Return the loss at `theta`, a number."""


@dataclass(frozen=True, eq=False)  # equality of arrays is no yes or no
class Trace:
    """What happened, step by step: arrays of length ``steps + 1`` whose index is the step.

    Attributes
    ----------
    loss : numpy.ndarray
        Loss after so many steps, entry 0 at ``theta0``; with mini-batches the loss over that step's batch. With a
        penalty, the sum of both.
    grad_norm : numpy.ndarray
        Euclidean norm of the gradient there, before clipping (for Nesterov's rule, at the look-ahead point). With a
        penalty, that of the gradient mapping; see `minimize`.
    lr : numpy.ndarray
        Rate of the step that leads on from there.
    evaluations : numpy.ndarray of int
        Single-sample gradients spent to get there; for a problem that is no finite sum, gradients.
    theta : numpy.ndarray, shape (steps + 1, ...)
        Parameters, each in the shape of ``theta0``; of length 0 if they were not recorded.
    validation : numpy.ndarray
        Loss of the validation problem, NaN where it was not measured.
    """

    loss: NDArray[np.float64]
    grad_norm: NDArray[np.float64]
    lr: NDArray[np.float64]
    evaluations: NDArray[np.int64]
    theta: NDArray[Any]
    validation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """How a run ended.

    Attributes
    ----------
    theta : numpy.ndarray
        The parameters: the last ones; after divergence the last finite ones whose recorded loss was finite too; with
        early stopping those of the lowest validation loss.
    loss : float
        The full loss at `theta`, over all samples, with the penalty if there is one. After a run with mini-batches has
        diverged it may be infinite, although the loss over the last batch was not.
    steps : int
        Steps taken.
    reason : StopReason
        Why the run ended.
    message : str
        The same in a sentence.
    trace : Trace
        The run, step by step.
    rule : Rule
        The rule that was run.
    problem : Problem
        What it was run on.
    """

    theta: NDArray[Any]
    loss: float
    steps: int
    reason: StopReason
    message: str
    trace: Trace
    rule: Rule
    problem: Problem


class Run:
    """The run so far: what criteria look at, and what the trace is made of."""

    def __init__(self, theta0: NDArray[Any], *, record_theta: bool) -> None:
        self.step = 0
        self.evaluations = 0
        self.loss: list[float] = []
        self.grad_norm: list[float] = []
        self.since_best: int | None = None
        self.lowest = math.inf
        self.best: tuple[NDArray[Any], int] | None = None
        self.safe = theta0.copy()
        self._lr: list[Any] = []
        self._spent: list[int] = []
        self._theta: list[NDArray[Any]] | None = [] if record_theta else None
        self._empty = self.safe[None][:0]
        self._validation: dict[int, float] = {}
        self._done: list[tuple[NDArray[Any], ...]] = []  # what was recorded in one piece, before what the lists hold

    def record(self, theta: NDArray[Any], loss: float, norm: float, lr: Any) -> None:
        """Add the present point to the trace."""
        self.loss.append(loss)
        self.grad_norm.append(norm)
        self._lr.append(lr)
        self._spent.append(self.evaluations)
        if self._theta is not None:
            self._theta.append(theta if theta.base is None else theta.copy())

    def extend(self, theta: NDArray[Any], loss: NDArray[Any], norm: NDArray[Any], lr: NDArray[Any], cost: int) -> None:
        """Add several good points, each a step of so much cost from the one before, and go to where they lead."""
        self._done.append(self._listed())
        spent = self.evaluations + cost * np.arange(len(loss))
        kept = theta if self._theta is not None else self._empty
        # All but the last: of the losses, criteria look at the latest two.
        self._done.append((loss[:-1], norm[:-1], lr[:-1], spent[:-1], kept[:-1]))
        for some in (self.loss, self.grad_norm, self._lr, self._spent, *([] if self._theta is None else [self._theta])):
            some.clear()
        self.evaluations = int(spent[-1])
        self.record(theta[-1].copy(), float(loss[-1]), float(norm[-1]), lr[-1])
        self.keep(theta[-1].copy())
        self.step += len(loss)
        self.evaluations += cost

    def _listed(self) -> tuple[NDArray[Any], ...]:
        return (
            np.array(self.loss),
            np.array(self.grad_norm),
            np.array(self._lr, dtype=np.float64),
            np.array(self._spent, dtype=np.int64),
            np.array(self._theta).reshape(-1, *self.safe.shape) if self._theta else self._empty,
        )

    def keep(self, theta: NDArray[Any]) -> None:
        """Remember the parameters as good ones."""
        # A view means that the stepper works in place: then the last good parameters need a place of their own.
        if theta.base is None:
            self.safe = theta
        else:
            np.copyto(self.safe, theta)

    @property
    def validation(self) -> float | None:
        """Validation loss at the present point, None where it was not measured."""
        return self._validation.get(self.step)

    @property
    def lr(self) -> float | None:
        """Rate of the step that leads on from the present point, None where it is no single number."""
        return float(self._lr[-1]) if np.ndim(self._lr[-1]) == 0 else None

    def validate(self, theta: NDArray[Any], loss: float) -> float:
        """Note a validation loss, and the parameters if it is the lowest so far; return it."""
        self._validation[self.step] = loss
        if loss < self.lowest:
            self.lowest, self.best, self.since_best = loss, (theta.copy(), self.step), 0
        else:
            self.since_best = (self.since_best or 0) + 1
        return loss

    def trace(self) -> Trace:
        """Return what was recorded."""
        last = self._listed()
        pieces = zip(*self._done, last, strict=True) if self._done else None
        loss, grad_norm, lr, spent, theta = last if pieces is None else map(np.concatenate, pieces)
        validation = np.full(len(loss), math.nan)
        validation[list(self._validation)] = list(self._validation.values())
        return Trace(loss=loss, grad_norm=grad_norm, lr=lr, evaluations=spent, theta=theta, validation=validation)
