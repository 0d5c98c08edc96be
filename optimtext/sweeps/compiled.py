"""Runs of one rule on a surface, advanced by a compiled kernel; what comes out is what `advance` makes of them.

The kernel that takes many runs along does not stop for one that diverges. It marks those in which something may not
have been finite, and each of these is done once more by itself, up to the step at which it ends.
"""

import math
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext._measures import culprit
from optimtext._rates import Rates
from optimtext.kernels import worth
from optimtext.kernels.runs import Record, RunKernel, run_kernel
from optimtext.stepper import initial_state
from optimtext.stopping import StopReason
from optimtext.surfaces.base import is_nothing_else
from optimtext.sweeps.outcomes import Columns, Outcome, Outcomes, Room, max_steps_reached
from optimtext.sweeps.plan import Settings, Spec

TILE = 512  # runs that are taken along together: their states stay in the cache
NUMBERS = 2**20  # losses that are held at a time, beside those that are kept
STEP, RUN = 15e-6, 1e-8  # seconds that a step costs without a kernel, and each run in it besides

Array: TypeAlias = NDArray[Any]
Report: TypeAlias = Callable[[float], None]


def advance_compiled(
    problem: Any, theta0: Array, specs: Sequence[Spec], settings: Settings, report: Report, room: Room
) -> Outcomes | None:
    """Run `specs`, all of one rule class, from `theta0`, shape (runs, 2); None where no kernel is to do it."""
    if settings.clip is not None or settings.batch_size is not None or not is_nothing_else(problem):
        return None
    kinds: tuple[Any, Any] = (type(specs[0].rule), type(problem))
    seconds = settings.max_steps * (STEP + RUN * len(specs))
    # All of the work is known before: a kernel that is worth its price is compiled before it begins.
    if worth.patience((*kinds, "many")) > seconds:
        worth.spend((*kinds, "many"), seconds)
        return None
    kernel = run_kernel(*kinds) if worth.available() else None
    numbers = None if kernel is None else _numbers(kernel, [spec.rule for spec in specs], problem)
    if kernel is None or numbers is None:
        return None
    for key, work in ((kinds, kernel.compile), ((*kinds, "many"), kernel.compile_many)):
        worth.compile_once(key, work)
    tiles: list[_Tile] = []
    others: dict[int, Outcome] = {}
    for first in range(0, len(specs), TILE):
        some = slice(first, first + TILE)
        tile = _Tile(kernel, numbers[:, some], theta0[some], specs[some], settings, room)
        if not tile.go():
            return None
        tiles.append(tile)
        others.update((first + i, tile.alone(i)) for i in np.flatnonzero(tile.doubtful).tolist())
        report(min(1.0, (first + TILE) / len(specs)))
    return Columns(
        indices=[spec.index for spec in specs],
        theta=np.concatenate([tile.states[:2].T for tile in tiles]),
        loss=np.concatenate([tile.last for tile in tiles]),
        losses=[tile.losses for tile in tiles],
        steps=settings.max_steps,
        others=others,
    )


def _numbers(kernel: RunKernel, rules: list[Any], problem: Any) -> Array | None:
    """Return what stands after ``self.`` in the source, shape (numbers, runs), or None if that is not all numbers."""
    columns = []
    for owner, name in kernel.source.constants:
        values = list(map(attrgetter(name), rules)) if owner == "rule" else [getattr(problem, name)] * len(rules)
        kinds = set(map(type, values))
        if not kinds <= {float, int} or (int in kinds and max(map(abs, values)) > 2**53):
            return None
        columns.append(np.array(values, dtype=np.float64))
    return np.array(columns).reshape(-1, len(rules))


class _Tile:
    """Some runs that advance together."""

    def __init__(
        self, kernel: RunKernel, numbers: Array, theta0: Array, specs: Sequence[Spec], settings: Settings, room: Room
    ) -> None:
        self.kernel, self.numbers, self.theta0, self.specs, self.settings = kernel, numbers, theta0, specs, settings
        self.rule, runs = specs[0].rule, len(specs)
        self.rates = Rates(self.rule.lr, settings.max_steps)
        self.scheduled = callable(self.rule.lr)
        self.lrs = np.zeros(runs) if self.scheduled else np.array([spec.rule.lr for spec in specs], dtype=np.float64)
        self.slots = initial_state(self.rule.update)
        self.states = np.repeat(kernel.pack(theta0[0], self.slots)[:, None], runs, axis=1)
        self.states[:2] = theta0.T
        self.doubtful = np.zeros(runs)
        every = settings.losses_every
        self.losses = room.table(0 if every is None else settings.max_steps // every + 1, runs)
        self.last = np.zeros(runs)

    def go(self) -> bool:
        """Take all steps; return False if a schedule fails, which the loop that asks for one rate at a time tells."""
        step, most, every = 0, self.settings.max_steps, self.settings.losses_every
        room = max(1, NUMBERS // len(self.specs))
        while step <= most:
            # The last point is a piece of its own: its step is not taken.
            count = min(room, most - step) or 1
            rates = self.rates.several(step, count) if self.scheduled else np.empty(0)
            if self.scheduled and rates.size < count:
                return False
            losses = self.losses[step : step + count] if every == 1 else np.empty((count, len(self.specs)))
            states = self.states if step < most else self.states.copy()
            self.kernel.advance_many(states, self.numbers, self.lrs, rates, losses, self.doubtful)
            if every is not None and every > 1:
                kept = losses[-step % every :: every]
                self.losses[-(-step // every) :][: len(kept)] = kept
            self.last = losses[-1]
            step += count
        return True

    def alone(self, i: int) -> Outcome:
        """Do one run by itself, up to the step at which it ends."""
        spec = self.specs[i]
        state, numbers = self.kernel.pack(self.theta0[i], self.slots), np.ascontiguousarray(self.numbers[:, i])
        most, every, step, length = self.settings.max_steps, self.settings.losses_every, 0, 256
        rates = self.rates if self.scheduled else Rates(spec.rule.lr, most)
        before: tuple[Array, float] = self.theta0[i], math.nan  # the last good parameters, and their loss
        losses: list[Array] = []
        while step <= most:
            some = rates.several(step, min(length, most + 1 - step))
            record = Record(some.size)
            good = self.kernel.advance(state, numbers, some, record)
            if good < some.size and not np.isfinite(record.theta[good]).all():
                record.loss[good] = math.nan  # as in a trace: it was not asked for
            if every is not None:
                losses.append(record.loss[: good + 1][-step % every :: every])
            if good:
                before = record.theta[good - 1].copy(), float(record.loss[good - 1])
            step, length = step + good, 2 * length
            if good < some.size:
                return _diverged(spec, step, before, record, good, losses)
        message, kept = max_steps_reached(most), _joined(losses)
        return Outcome(spec.index, *before, most, StopReason.MAX_STEPS, message, most, kept)


def _diverged(
    spec: Spec, step: int, before: tuple[Array, float], record: Record, at: int, losses: list[Array]
) -> Outcome:
    theta, loss, grad = record.theta[at].copy(), float(record.loss[at]), record.grad[at]
    if not np.isfinite(theta).all():
        what, value = "a parameter", culprit(theta)
    elif not math.isfinite(loss):
        what, value = "the loss", loss
    else:
        what, value, before = "the gradient", culprit(grad), (theta, loss)
    message = f"diverged at step {step}: {what} became {value}"
    last = loss if step == 0 else before[1]
    return Outcome(spec.index, before[0], last, step, StopReason.DIVERGED, message, step, _joined(losses))


def _joined(losses: list[Array]) -> Array:
    return np.concatenate(losses) if losses else np.empty(0)
