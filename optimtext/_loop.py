"""The loop of `minimize`: look, judge, step, until a criterion answers or something is no longer finite."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext import _checks
from optimtext._measures import all_finite, culprit, norm, scalar
from optimtext._rates import Rates
from optimtext._shortcut import shortcut_of
from optimtext.record import Run
from optimtext.stepper import Stepper
from optimtext.stopping import Criterion, EarlyStopping, StopReason

if TYPE_CHECKING:
    from optimtext.clipping import Clip
    from optimtext.penalties import Penalty

Ending: TypeAlias = tuple[StopReason, str]


@dataclass
class Loop:
    """One run: what it is made of, and how it goes."""

    problem: Any
    stepper: Stepper
    penalty: "Penalty | None"
    clip: "Clip | None"
    rates: Rates
    batches: Iterator[tuple[dict[str, Any], int]]
    criteria: Sequence[Criterion]
    max_steps: int
    validation: Any
    every: int
    run: Run

    def __post_init__(self) -> None:
        """Find out whether loss and gradient belong to one point, and the problem can compute both in one pass."""
        together = None if self.stepper.looks_ahead else getattr(self.problem, "loss_and_gradient", None)
        self.together: Callable[..., Any] | None = together

    def go(self) -> Ending:
        """Run to the end; return how it ended."""
        ending = None
        shortcut = shortcut_of(self)
        if shortcut is not None:
            ending = self.interpret(shortcut.patience())
            if ending is None:
                shortcut.take()
        while ending is None:
            ending = self.interpret()
        if shortcut is not None:
            shortcut.account()
        return ending

    def interpret(self, until: float = math.inf) -> Ending | None:
        """Go on step by step; return how the run ended, or None if it came to step `until`."""
        run, step, now, batches = self.run, self.stepper.step, self.rates.now, self.batches
        while run.step < until:
            lr, (batch, cost) = now(run.step), next(batches)
            grad, ending = self.look(lr, batch)
            ending = ending or self.judge()
            if ending:
                return ending
            step(grad, lr)
            run.step += 1
            run.evaluations += cost
        return None

    def look(self, lr: Any, batch: dict[str, Any]) -> tuple[Any, Ending | None]:
        """Evaluate and record the present point; return the gradient, and how the run ended if it diverged."""
        run, theta = self.run, self.stepper.theta
        if not all_finite(theta):
            run.record(theta, math.nan, math.nan, lr)
            return None, self.diverged("a parameter", culprit(theta))
        probe = self.stepper.probe_at(lr)
        if self.together is not None:
            loss, grad = self.together(theta, **batch)
        else:
            loss, grad = self.problem.loss(theta, **batch), self.problem.gradient(probe, **batch)
        loss, grad = scalar(loss), np.asarray(grad)
        if grad.dtype.kind != "f":
            grad = _checks.real_array("gradient(theta)", grad)
        if grad.shape != theta.shape:
            raise ValueError(f"gradient(theta) must have the shape of theta0, {theta.shape}, got shape {grad.shape}")
        length = norm(grad)
        run.record(theta, loss, length if self.penalty is None else self.distance(probe, grad, lr), lr)
        if not math.isfinite(loss):
            return None, self.diverged("the loss", loss)
        run.keep(theta)
        if not math.isfinite(length):
            return None, self.diverged("the gradient", culprit(grad))
        return grad if self.clip is None else self.clip(grad), None

    def distance(self, probe: NDArray[Any], grad: NDArray[Any], lr: Any) -> float:
        """Return the norm of the gradient mapping; no criterion may take a step out of range for none."""
        from optimtext.proximal import gradient_mapping

        length = math.inf if self.penalty is None else norm(gradient_mapping(self.penalty, probe, grad, lr))
        return math.inf if math.isnan(length) else length

    def judge(self) -> Ending | None:
        """Measure the validation loss where it is due; return how the run ended if it should end here."""
        run = self.run
        if self.validation is None:
            self.rates.observe(run.loss[-1])
        elif run.step % self.every == 0:
            self.rates.observe(self.validate())
        ending = self.verdict()
        if ending and self.validation is not None and run.step % self.every:
            self.validate()
        return ending

    def validate(self) -> float:
        theta = self.stepper.theta
        return self.run.validate(theta, scalar(self.validation.loss(theta)))

    def verdict(self) -> Ending | None:
        run = self.run
        for criterion in self.criteria:
            answer = criterion(run)
            if answer is not None:
                return getattr(criterion, "reason", StopReason.CRITERION), f"stopped at step {run.step}: {answer}"
        if run.step == self.max_steps:
            return StopReason.MAX_STEPS, f"stopped at step {run.step}: max_steps reached"
        return None

    def diverged(self, what: str, value: float) -> Ending:
        return StopReason.DIVERGED, f"diverged at step {self.run.step}: {what} became {value}"

    def chosen(self) -> tuple[NDArray[Any], str]:
        """Return the parameters to give back, and a note if they are not the last good ones."""
        run = self.run
        if run.best is None or not any(isinstance(criterion, EarlyStopping) for criterion in self.criteria):
            return run.safe, ""
        theta, step = run.best
        return theta, f"; the parameters are those of step {step}, validation loss {run.lowest:.6g}"
