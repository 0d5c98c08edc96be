"""The part of a run that a compiled kernel takes: most steps of a rule on a surface.

The kernel runs ahead and records; here the record is searched for the first point that the loop has to judge, because
a criterion would answer there, something is not finite, or it is the last. The run is put back to that point, and the
interpreted loop goes on from it. So every ending, with its message, comes from one place.
"""

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext.kernels import worth
from optimtext.stopping import GradientNorm, LossChange

if TYPE_CHECKING:
    from optimtext._loop import Loop
    from optimtext.kernels.runs import RunKernel

SECONDS = 15e-6  # that a step costs the interpreted loop
SHORTEST, LONGEST = 256, 2**16  # points in one piece of a record; what lies beyond the end is computed for nothing

Array: TypeAlias = NDArray[np.float64]


def shortcut_of(loop: "Loop") -> "Shortcut | None":
    """Return the shortcut of a run, or None where there can be none."""
    theta = loop.stepper.theta
    if theta.shape != (2,) or theta.dtype != np.float64 or loop.max_steps < SHORTEST:
        return None
    from optimtext.surfaces.base import is_nothing_else

    extras = (loop.penalty, loop.clip, loop.validation, loop.together)
    plain = all(extra is None for extra in extras) and loop.rates.are_known
    judged = all(type(criterion) in (LossChange, GradientNorm) for criterion in loop.criteria)
    return Shortcut(loop) if plain and judged and is_nothing_else(loop.problem) else None


class Shortcut:
    """The compiled part of one run."""

    def __init__(self, loop: "Loop") -> None:
        self._loop = loop
        self._kinds: tuple[Any, Any] = type(loop.stepper.rule), type(loop.problem)
        self._skipped = 0

    def patience(self) -> float:
        """Return how many steps to go on without."""
        left = worth.patience(self._kinds)
        return left if math.isinf(left) else math.ceil(left / SECONDS)

    def account(self) -> None:
        """Enter the steps that were taken without."""
        worth.spend(self._kinds, SECONDS * (self._loop.run.step - self._skipped))

    def take(self) -> None:
        """Go on to the first point that the loop has to judge, if there is a kernel for it."""
        from optimtext.kernels.runs import run_kernel

        loop, kernel = self._loop, run_kernel(*self._kinds) if worth.available() else None
        numbers = None if kernel is None else kernel.numbers(loop.stepper.rule, loop.problem)
        if kernel is None or numbers is None:
            return
        worth.compile_once(self._kinds, kernel.compile)
        first = loop.run.step
        self._run(kernel, numbers)
        self._skipped = loop.run.step - first

    def _run(self, kernel: "RunKernel", numbers: Array) -> None:
        from optimtext.kernels.runs import Record

        loop, run = self._loop, self._loop.run
        state = kernel.pack(loop.stepper.theta, list(loop.stepper.slots.values()))
        length, judged = SHORTEST, False
        while not judged and run.step < loop.max_steps:
            rates = loop.rates.several(run.step, min(length, loop.max_steps - run.step))
            record, before = Record(rates.size), state.copy()
            stop = kernel.advance(state, numbers, rates, record)
            norms = np.fromiter(map(math.hypot, *record.grad[:stop].T.tolist()), dtype=np.float64, count=stop)
            good = self._first_to_judge(record.loss[:stop], norms)
            if good < stop:
                state = before
                kernel.advance(state, numbers, rates[:good], record)
            if good:
                run.extend(record.theta[:good], record.loss[:good], norms[:good], rates[:good], 1)
            judged = good < length
            length = min(2 * length, LONGEST)
        loop.stepper.restore(run.step, *kernel.unpack(state))

    def _first_to_judge(self, losses: Array, norms: Array) -> int:
        """Return the index of the first point at which the run may end, or how many there are."""
        ends: NDArray[Any] = ~np.isfinite(norms)
        for criterion in self._loop.criteria:
            if isinstance(criterion, GradientNorm):
                ends |= norms < criterion.threshold
            if isinstance(criterion, LossChange):
                before = self._loop.run.loss[-1] if self._loop.run.loss else math.inf
                ends |= np.abs(np.diff(losses, prepend=before)) < criterion.threshold
        return int(ends.argmax()) if ends.any() else len(ends)
