"""Everything that goes into one run of the exam."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from optimtext import rules, schedules

_RULES = {
    "gd": rules.GradientDescent,
    "momentum": rules.Momentum,
    "nesterov": rules.Nesterov,
    "adam": rules.Adam,
    "rmsprop": rules.RMSProp,
    "adagrad": rules.AdaGrad,
    "adamw": rules.AdamW,
}
_OF_CURVATURE = ("gd", "momentum", "nesterov")  # rules whose rates are measured in the limit 2/L


@dataclass(frozen=True)
class Recipe:
    """How one run is made.

    Attributes
    ----------
    purpose : str
        What the maker had in mind. The label is not taken from it but from the run's outcome.
    model, data : str
        The group; see `optimtext.diagnosis.exam.problems`.
    variant : dict
        Further arguments of `optimtext.diagnosis.exam.problems.problem`.
    rule : str
        Name of the update rule.
    rate : float
        For gradient descent and both kinds of momentum in units of the limit 2/L, for others the rate itself.
    beta, decay : float
        Momentum and weight decay, where there are such.
    schedule : str
        ``"constant"``, ``"step"``, ``"exponential"``, ``"cosine"``, ``"warmup"`` or ``"restarts"``.
    period : int
        Steps that the schedule's name asks for.
    steps, batch, seed : int
        Length of the run; samples in a batch, 0 for all; seed of the shuffles.
    every : int
        Steps between two entries of the log; 0 writes the mean of each epoch.
    start : str
        ``"drawn"``, ``"dead"`` (no unit of the network ever fires) or ``"flat"`` (near the saddle at zero).
    glitches : tuple of int
        Steps with a spoiled batch, or with a rate `glitch` times too large.
    glitch : float
        That factor, or 0 for spoiled batches.
    columns : tuple of str
        What the log holds beside the loss: ``"validation"``, ``"lr"``, ``"grad_norm"``.
    """

    purpose: str
    model: str
    data: str
    rule: str = "gd"
    rate: float = 0.5
    beta: float = 0.9
    decay: float = 0.0
    schedule: str = "constant"
    period: int = 0
    steps: int = 300
    batch: int = 0
    seed: int = 0
    every: int = 1
    start: str = "drawn"
    glitches: tuple[int, ...] = ()
    glitch: float = 0.0
    columns: tuple[str, ...] = ()
    variant: dict[str, Any] = field(default_factory=dict)

    def make_rule(self, limit: float, *, factor: float = 1.0, constant: bool = False) -> Any:
        """Return the update rule, its rate multiplied by `factor`, its schedule left out on request."""
        peak = self.rate * factor * (limit if self.rule in _OF_CURVATURE else 1.0)
        if self.rule in ("momentum", "nesterov"):
            return _RULES[self.rule](lr=self._scheduled(peak, constant=constant), beta=self.beta)
        if self.rule == "adamw":
            return rules.AdamW(lr=self._scheduled(peak, constant=constant), weight_decay=self.decay)
        return _RULES[self.rule](lr=self._scheduled(peak, constant=constant))

    def _scheduled(self, peak: float, *, constant: bool) -> Any:
        lr: Any = peak
        if not constant:
            if self.schedule == "step":
                lr = schedules.StepDecay(lr=peak, factor=0.3, every=self.period)
            elif self.schedule == "exponential":
                lr = schedules.ExponentialDecay(lr=peak, decay=float(np.exp(-1 / self.period)))
            elif self.schedule == "cosine":
                lr = schedules.CosineAnnealing(lr_max=peak, lr_min=0.0, steps=self.period)
            elif self.schedule == "warmup":
                fall = schedules.CosineAnnealing(lr_max=peak, lr_min=0.0, steps=self.steps - self.period)
                lr = schedules.Warmup(steps=self.period, then=fall)
            elif self.schedule == "restarts":
                lr = schedules.WarmRestarts(lr_max=peak, lr_min=0.0, steps=self.period, mult=self.seed % 2 + 1)
            if self.glitches and self.glitch:
                return Glitched(lr, self.glitches, self.glitch)
        return lr


@dataclass(frozen=True)
class Glitched:
    """A schedule that is `factor` times too large at some steps."""

    lr: Any
    at: tuple[int, ...]
    factor: float

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        rate = float(self.lr(t)) if callable(self.lr) else float(self.lr)
        return rate * (self.factor if t in self.at else 1.0)
