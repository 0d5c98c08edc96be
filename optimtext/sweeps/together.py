"""Runs of one rule that advance together, as one array of shape (runs, dim).

Each run comes out as `minimize` alone would have it, bit for bit. A run that diverges is noted and forgotten: its row
goes on as whatever it is, and no other row sees it, because a rule works elementwise.
"""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext import _checks
from optimtext._rates import Rates
from optimtext.blocks import BLOCK
from optimtext.minimize import _batches
from optimtext.rules.base import Rule
from optimtext.stepper import Stepper
from optimtext.stopping import StopReason
from optimtext.surfaces.base import is_nothing_else
from optimtext.sweeps.compiled import advance_compiled
from optimtext.sweeps.outcomes import Outcome, Outcomes, Room, max_steps_reached
from optimtext.sweeps.plan import Settings, Spec

LOOK_EVERY = 16  # steps between two looks for runs that diverged: one look at many steps costs little more than at one
_sum = np.add.reduce  # what `sum` of an array calls, several Python calls later
REPORT_EVERY = 64  # steps between two reports to a progress bar
Array: TypeAlias = NDArray[Any]
Report: TypeAlias = Callable[[float], None]
Look: TypeAlias = tuple[int, int, Array, Any, Array]  # step, evaluations, theta, loss (a surface's comes later), grad


def advance(
    problem: Any, theta0: Array, specs: Sequence[Spec], settings: Settings, report: Report, room: Room
) -> Outcomes:
    """Run `specs`, all of one rule class and one sequence of mini-batches, from `theta0`, shape (runs, dim)."""
    compiled = advance_compiled(problem, theta0, specs, settings, report, room)
    if compiled is not None:
        return compiled
    group = _Group(problem, theta0, specs, settings)
    with np.errstate(all="ignore"):
        group.go(report)
        return group.outcomes()


class _Group:
    def __init__(self, problem: Any, theta0: Array, specs: Sequence[Spec], settings: Settings) -> None:
        self.problem, self.specs, self.settings = problem, specs, settings
        self.on_surface = is_nothing_else(problem)
        # Short arrays are quicker multiplied by arrays of their own shape than by columns.
        width = theta0.shape[1] if theta0.size <= BLOCK else 1
        rule = stacked([spec.rule for spec in specs], width)
        self.rates = Rates(rule.lr, settings.max_steps)
        self.scheduled = callable(rule.lr)
        self.stepper = Stepper(rule, theta0)
        self.batches, _ = _batches(problem, settings.batch_size, specs[0].seed, settings.shuffle)
        self.alive = np.arange(len(specs))
        self.ended: dict[int, dict[str, Any]] = {}
        self.losses: list[Array] = []  # one entry for each recorded step, all runs in it
        self.step = self.evaluations = 0
        self.unseen: list[Look] = []
        self.safe, self.safe_loss = self.stepper.theta.copy(), np.full(len(specs), math.nan)

    def go(self, report: Report) -> None:
        stepper, clip = self.stepper, self.settings.clip
        while True:
            lr = self.rates.now(self.step)
            batch, cost = next(self.batches)
            theta = stepper.theta
            probe = stepper.probe_at(lr)
            loss, grad = (None, self.slopes(probe)) if self.on_surface else self.evaluate(theta, probe, batch)
            self.unseen.append((self.step, self.evaluations, theta, loss, grad))
            # Rows go on for a while without being looked at: what happens to one after it diverged counts for nothing.
            if self.step == self.settings.max_steps:
                self.look_back()
                self.finish()
            elif len(self.unseen) == LOOK_EVERY or theta.base is not None:
                self.look_back()
            if self.alive.size == 0:
                return
            stepper.step(grad if clip is None else clip(grad), lr if self.scheduled else None)
            self.step += 1
            self.evaluations += cost
            if self.step % REPORT_EVERY == 0:
                report(self.step / self.settings.max_steps)

    def slopes(self, probe: Array) -> Array:
        """Return the gradients of a surface, which by its grammar is elementwise: no run needs an axis of its own."""
        grad = np.empty_like(probe)
        grad[:, 0], grad[:, 1] = self.problem.slope(probe[:, 0], probe[:, 1])
        return grad

    def evaluate(self, theta: Array, probe: Array, batch: dict[str, Any]) -> tuple[Array, Array]:
        # An axis of length 1 makes each run a product of its own, matrix times vector, as it is for a run alone. One
        # product of two matrices for all runs would add in another order.
        loss = np.asarray(self.problem.loss(theta[:, None, :], **batch))
        grad = np.asarray(self.problem.gradient(probe[:, None, :], **batch))
        runs, dim = theta.shape
        if loss.shape != (runs, 1) or grad.shape != (runs, 1, dim):
            raise ValueError(
                f"a problem with stacks = True must give, for parameters of shape {(runs, 1, dim)}, gradients of this "
                f"shape and losses of shape {(runs, 1)}, got {grad.shape} and {loss.shape} from {self.problem!r}"
            )
        # Copies, because they are kept for a while and a problem may use its arrays again.
        return np.array(loss[:, 0], dtype=np.float64), grad[:, 0].copy()

    def look_back(self) -> None:
        """Examine the steps taken since this was last called, all at once."""
        unseen, self.unseen = self.unseen, []
        steps, evaluations, seen, known, slopes = zip(*unseen, strict=True)
        thetas, grads = np.array(seen), np.array(slopes)
        if self.on_surface:  # no step waits for its loss, so those of several are asked for together
            losses = np.empty(thetas.shape[:2])
            losses[:] = self.problem.value(thetas[..., 0], thetas[..., 1])
        else:
            losses = np.array(known)
        unseen = list(zip(steps, evaluations, seen, losses, slopes, strict=True))
        every = self.settings.losses_every
        if every is not None:
            self.losses += [loss for step, loss in zip(steps, losses, strict=True) if step % every == 0]
        alive: Any = slice(None) if self.alive.size == len(self.specs) else self.alive
        total = _sum(thetas[:, alive], None) + _sum(losses[:, alive], None) + _sum(grads[:, alive], None)
        # A sum that is finite had only finite terms; one that is not may only have overflowed.
        if not math.isfinite(total):
            self.bury(unseen, ~np.isfinite(thetas).all(axis=2), ~np.isfinite(losses), ~np.isfinite(grads).all(axis=2))
        theta, self.safe_loss = unseen[-1][2:4]
        if theta.base is None:
            self.safe = theta
        else:  # a view: the stepper works in place
            np.copyto(self.safe, theta)

    def bury(self, unseen: list[Look], broken: Array, blown: Array, steep: Array) -> None:
        """Note the runs that diverged, each at its first bad step and in the order of the checks of `minimize`."""
        dead: Array = broken | blown | steep  # (steps, runs), like its parts
        for i in self.alive[dead[:, self.alive].any(axis=0)].tolist():
            k = int(dead[:, i].argmax())
            step, evaluations, theta, loss, grad = unseen[k]
            safe, safe_loss = unseen[k - 1][2:4] if k else (self.safe, self.safe_loss)
            if broken[k, i]:
                what, value = "a parameter", theta[i]
                loss[i] = math.nan  # as in a trace: it was not asked for
            elif blown[k, i]:
                what, value = "the loss", loss[i : i + 1]
            else:
                what, value = "the gradient", grad[i]
                safe, safe_loss = theta, loss
            if step == 0:
                safe_loss = loss
            culprit = float(value[~np.isfinite(value)][0])
            self.ended[i] = {
                "theta": safe[i].copy(),
                "loss": float(safe_loss[i]),
                "steps": step,
                "reason": StopReason.DIVERGED,
                "message": f"diverged at step {step}: {what} became {culprit}",
                "evaluations": evaluations,
            }
        self.alive = self.alive[~dead[:, self.alive].any(axis=0)]

    def finish(self) -> None:
        """Note the runs that came to the last step."""
        for i in self.alive.tolist():
            self.ended[i] = {
                "theta": self.safe[i].copy(),
                "loss": float(self.safe_loss[i]),
                "steps": self.step,
                "reason": StopReason.MAX_STEPS,
                "message": max_steps_reached(self.step),
                "evaluations": self.evaluations,
            }
        self.alive = self.alive[:0]

    def outcomes(self) -> list[Outcome]:
        losses = np.array(self.losses, dtype=np.float64).reshape(-1, len(self.specs))
        found = []
        for i, spec in enumerate(self.specs):
            end, every = self.ended[i], self.settings.losses_every
            if self.settings.batch_size is not None:  # what was recorded are the losses of batches
                end["loss"] = float(self.problem.loss(end["theta"]))
            kept = 0 if every is None else end["steps"] // every + 1
            found.append(Outcome(index=spec.index, losses=losses[:kept, i].copy(), **end))
        return found


def stacked(rules: Sequence[Rule], width: int = 1) -> Rule:
    """Return one rule for all: a hyper-parameter that differs becomes an array of shape (runs, width)."""
    settings = [_checks.hyperparameters(rule) for rule in rules]
    columns = {}
    for name, first in settings[0].items():
        values = [one[name] for one in settings]
        # One that is the same everywhere stays the number that it is in each rule; so does a schedule.
        if not callable(first) and any(value != first for value in values):
            columns[name] = np.repeat(np.array(values, dtype=np.float64)[:, None], width, axis=1)
    return dataclasses.replace(rules[0], **columns) if columns else rules[0]
