"""Schedules: the learning rate as a function of the step, counted from 0.

A schedule is a frozen dataclass that is called with a step and answers with a rate; it remembers nothing. One
schedule, `ReduceOnPlateau`, needs to see the losses, so it is not a function of the step alone: `minimize` follows
it through `ReduceOnPlateau.follow`.
"""

from optimtext.schedules.cosine import CosineAnnealing, WarmRestarts
from optimtext.schedules.decay import ExponentialDecay, StepDecay
from optimtext.schedules.plateau import ReduceOnPlateau
from optimtext.schedules.warmup import Warmup

#: Every schedule of the package.
ALL = (StepDecay, ExponentialDecay, CosineAnnealing, WarmRestarts, Warmup, ReduceOnPlateau)

__all__ = [
    "ALL",
    "CosineAnnealing",
    "ExponentialDecay",
    "ReduceOnPlateau",
    "StepDecay",
    "WarmRestarts",
    "Warmup",
]
