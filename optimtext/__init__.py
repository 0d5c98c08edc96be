"""optimtext: how models learn. First-order optimization, each rule written once.

>>> import optimtext as ot
>>> ravine = ot.surfaces.Ravine(condition=50)
>>> run = ot.minimize(ravine, ravine.start, ot.Momentum(lr=0.05, beta=0.7), max_steps=100)
>>> bool(run.loss < 1e-6)
True
"""

import importlib
from typing import TYPE_CHECKING, Any

from optimtext import rules, sampling, schedules, stopping
from optimtext.minimize import minimize
from optimtext.record import Problem, Result, Trace
from optimtext.rules import (
    AdaGrad,
    Adam,
    AdamUncorrected,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    Rule,
)
from optimtext.schedules import (
    CosineAnnealing,
    ExponentialDecay,
    ReduceOnPlateau,
    StepDecay,
    WarmRestarts,
    Warmup,
)
from optimtext.stepper import Stepper
from optimtext.stopping import EarlyStopping, GradientNorm, LossChange, StopReason

if TYPE_CHECKING:
    from optimtext import datasets, emit, looks, models, plot, surfaces, theory

__version__ = "0.1.0"

# Loaded when first used: plot brings matplotlib with it, and a training loop of one's own needs none of the others.
_LATER = ("datasets", "emit", "looks", "models", "plot", "surfaces", "theory")

__all__ = [
    "AdaGrad",
    "Adam",
    "AdamUncorrected",
    "CosineAnnealing",
    "EarlyStopping",
    "ExponentialDecay",
    "GradientDescent",
    "GradientNorm",
    "LossChange",
    "Momentum",
    "Nesterov",
    "Problem",
    "RMSProp",
    "ReduceOnPlateau",
    "Result",
    "Rule",
    "StepDecay",
    "Stepper",
    "StopReason",
    "Trace",
    "WarmRestarts",
    "Warmup",
    "datasets",
    "emit",
    "looks",
    "minimize",
    "models",
    "plot",
    "rules",
    "sampling",
    "schedules",
    "stopping",
    "surfaces",
    "theory",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return importlib.import_module(f"optimtext.{name}")
    raise AttributeError(f"module 'optimtext' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
