"""optimtext: how models learn. First-order optimization, each rule written once.

>>> import optimtext as ot
>>> ravine = ot.surfaces.Ravine(condition=50)
>>> run = ot.minimize(ravine, ravine.start, ot.Momentum(lr=0.05, beta=0.7), max_steps=100)
>>> bool(run.loss < 1e-6)
True
"""

import importlib
from typing import TYPE_CHECKING, Any

from optimtext import rules, sampling, stopping
from optimtext.minimize import minimize
from optimtext.record import Problem, Result, Trace
from optimtext.rules import (
    FISTA,
    AdaDelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamUncorrected,
    AdamW,
    AMSGrad,
    GradientDescent,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    RMSProp,
    Rule,
)
from optimtext.stepper import Stepper
from optimtext.stopping import EarlyStopping, GradientNorm, LossChange, StopReason

if TYPE_CHECKING:
    from optimtext import (
        clipping,
        conventions,
        datasets,
        diagnosis,
        emit,
        kernels,
        looks,
        models,
        penalties,
        plot,
        schedules,
        surfaces,
        sweeps,
        theory,
    )
    from optimtext._scipy import scipy_method
    from optimtext.diagnosis import Diagnosis, Monitor, diagnose
    from optimtext.differences import check_gradient
    from optimtext.schedules import (
        CosineAnnealing,
        ExponentialDecay,
        ReduceOnPlateau,
        StepDecay,
        WarmRestarts,
        Warmup,
    )
    from optimtext.sweeps import RaceResult, RangeTest, SweepResult, SweepRun, grid, race, range_test, sweep

__version__ = "0.1.0"

# Loaded when first used, so that a training loop of one's own starts about as fast as NumPy: modules, and the names
# that lie in one of them.
_MODULES = (
    "clipping",
    "conventions",
    "datasets",
    "diagnosis",
    "emit",
    "kernels",
    "looks",
    "models",
    "penalties",
    "plot",
    "schedules",
    "surfaces",
    "sweeps",
    "theory",
)
_DIAGNOSIS = ("Diagnosis", "Monitor", "diagnose")
_SCHEDULES = ("CosineAnnealing", "ExponentialDecay", "ReduceOnPlateau", "StepDecay", "WarmRestarts", "Warmup")
_SWEEPS = ("RaceResult", "RangeTest", "SweepResult", "SweepRun", "grid", "race", "range_test", "sweep")
_NAMES = {
    "check_gradient": "differences",
    "scipy_method": "_scipy",
    **dict.fromkeys(_DIAGNOSIS, "diagnosis"),
    **dict.fromkeys(_SCHEDULES, "schedules"),
    **dict.fromkeys(_SWEEPS, "sweeps"),
}

__all__ = [
    "FISTA",
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "AdamUncorrected",
    "AdamW",
    "CosineAnnealing",
    "Diagnosis",
    "EarlyStopping",
    "ExponentialDecay",
    "GradientDescent",
    "GradientNorm",
    "Lion",
    "LossChange",
    "Momentum",
    "Monitor",
    "NAdam",
    "Nesterov",
    "Problem",
    "RMSProp",
    "RaceResult",
    "RangeTest",
    "ReduceOnPlateau",
    "Result",
    "Rule",
    "StepDecay",
    "Stepper",
    "StopReason",
    "SweepResult",
    "SweepRun",
    "Trace",
    "WarmRestarts",
    "Warmup",
    "check_gradient",
    "clipping",
    "conventions",
    "datasets",
    "diagnose",
    "diagnosis",
    "emit",
    "grid",
    "kernels",
    "looks",
    "minimize",
    "models",
    "penalties",
    "plot",
    "race",
    "range_test",
    "rules",
    "sampling",
    "schedules",
    "scipy_method",
    "stopping",
    "surfaces",
    "sweep",
    "sweeps",
    "theory",
]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(f"optimtext.{_NAMES[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"optimtext.{name}")
    raise AttributeError(f"module 'optimtext' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_NAMES})
