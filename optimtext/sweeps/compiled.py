"""Runs of one rule on a surface, each as one compiled loop; what comes out is what `advance` makes of them."""

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext._measures import culprit
from optimtext._rates import Rates
from optimtext.kernels import worth
from optimtext.kernels.runs import Record, run_kernel
from optimtext.stepper import Stepper
from optimtext.stopping import StopReason
from optimtext.surfaces.base import is_nothing_else
from optimtext.sweeps.plan import Settings, Spec
from optimtext.sweeps.result import Outcome

REPORT_EVERY = 64  # runs between two reports to a progress bar
LONGEST = 2**16  # points of a run that are recorded before they are looked at
STEP, RUN = 60e-6, 2e-7  # seconds that a step of many runs costs without a kernel: each step, and each run in it

Array: TypeAlias = NDArray[Any]


def advance_compiled(
    problem: Any, theta0: Array, specs: Sequence[Spec], settings: Settings, report: Callable[[float], None]
) -> list[Outcome] | None:
    """Run `specs`, all of one rule class, from `theta0`, shape (runs, 2); None where no kernel is to do it."""
    if settings.clip is not None or settings.batch_size is not None or not is_nothing_else(problem):
        return None
    kinds: tuple[Any, Any] = (type(specs[0].rule), type(problem))
    seconds = settings.max_steps * (STEP + RUN * len(specs))
    # All of the work is known before: a kernel that is worth its price is compiled before it begins.
    if worth.patience(kinds) > seconds:
        worth.spend(kinds, seconds)
        return None
    kernel = run_kernel(*kinds) if worth.available() else None
    if kernel is None:
        return None
    numbers = [some for spec in specs if (some := kernel.numbers(spec.rule, problem)) is not None]
    if len(numbers) < len(specs):
        return None
    worth.compile_once(kinds, kernel.compile)
    record = Record(min(settings.max_steps + 1, LONGEST))
    slots = list(Stepper(specs[0].rule, theta0[0]).slots.values())
    shared = Rates(specs[0].rule.lr, settings.max_steps) if callable(specs[0].rule.lr) else None
    found = []
    for i, (spec, start, some) in enumerate(zip(specs, theta0, numbers, strict=True)):
        rates = shared or Rates(spec.rule.lr, settings.max_steps)
        run = functools.partial(kernel.advance, kernel.pack(start, slots), some)
        outcome = _run(run, rates, record, start, spec, settings)
        if outcome is None:
            return None
        found.append(outcome)
        if i % REPORT_EVERY == 0:
            report((i + 1) / len(specs))
    return found


def _run(
    advance: Callable[[Array, Record], int], rates: Rates, record: Record, theta0: Array, spec: Spec, settings: Settings
) -> Outcome | None:
    every = settings.losses_every
    losses: list[Array] = []
    before: tuple[Array, float] = theta0, math.nan  # the last good parameters, and their loss
    step = 0
    while step <= settings.max_steps:
        some = rates.several(step, min(record.loss.size, settings.max_steps + 1 - step))
        if some.size == 0:
            return None  # a schedule has failed: the loop that asks for one rate at a time tells how
        good = advance(some, record)
        if good < some.size and not np.isfinite(record.theta[good]).all():
            record.loss[good] = math.nan  # as in a trace: it was not asked for
        if every is not None:
            losses.append(record.loss[: good + 1][: some.size][-step % every :: every].copy())
        if good:
            before = record.theta[good - 1].copy(), float(record.loss[good - 1])
        step += good
        if good < some.size:
            return _diverged(spec, step, before, record, good, losses)
    return Outcome(
        index=spec.index,
        theta=before[0],
        loss=before[1],
        steps=settings.max_steps,
        reason=StopReason.MAX_STEPS,
        message=f"stopped at step {settings.max_steps}: max_steps reached",
        evaluations=settings.max_steps,
        losses=_joined(losses),
    )


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
    return Outcome(
        index=spec.index,
        theta=before[0],
        loss=loss if step == 0 else before[1],
        steps=step,
        reason=StopReason.DIVERGED,
        message=f"diverged at step {step}: {what} became {value}",
        evaluations=step,
        losses=_joined(losses),
    )


def _joined(losses: list[Array]) -> Array:
    return np.concatenate(losses) if losses else np.empty(0)
