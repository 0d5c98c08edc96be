"""How the diagnosis does in the exam: right verdicts, false alarms, and what it says when a log is altered."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from optimtext.diagnosis.exam.archive import Case
from optimtext.diagnosis.exam.runs import Array, Log
from optimtext.diagnosis.findings import FINE, Diagnosis
from optimtext.diagnosis.verdict import diagnose

SMOOTHING = 0.6


@dataclass
class Score:
    """What came out.

    Attributes
    ----------
    confusion : dict of str to Counter
        Verdicts by right answer, for the settled runs; ``"converged or healthy"`` where either is right.
    right, settled : int
        Runs with the right main finding, of those that have one.
    alarms, fine : int
        Verdicts that call for action, of the runs with which nothing is wrong.
    allowed, open : int
        Verdicts that are among several right ones, of the runs that lie between definitions.
    same : dict of str to int
        Settled runs whose verdict stays the same when every second entry is dropped, the loss is rescaled, or smoothed.
    confident : list of (float, bool)
        Confidence and whether the verdict was right, for the settled runs.
    """

    confusion: dict[str, Counter[str]] = field(default_factory=dict)
    right: int = 0
    settled: int = 0
    alarms: int = 0
    fine: int = 0
    allowed: int = 0
    open: int = 0
    same: Counter[str] = field(default_factory=Counter)
    confident: list[tuple[float, bool]] = field(default_factory=list)


def score(cases: Iterable[Case], *, altered: bool = True) -> Score:
    """Diagnose each case, and altered copies of its log where that is asked for; return what came out."""
    result = Score()
    for case in cases:
        found = examined(case.log)
        main, right = found.main, found.main in case.labels
        if case.labels <= set(FINE):
            result.fine += 1
            result.alarms += main not in FINE
        if not case.settled:
            result.open += 1
            result.allowed += right
            continue
        result.settled += 1
        result.right += right
        result.confusion.setdefault(" or ".join(sorted(case.labels)), Counter())[main] += 1
        result.confident.append((found.findings[0].confidence, right))
        for name, alter in ALTERED.items() if altered else ():
            result.same[name] += examined(alter(case.log)).main == main
    return result


def examined(log: Log) -> Diagnosis:
    """Return the diagnosis of a log."""
    return diagnose(log.loss, log.validation, lr=log.lr, grad_norm=log.grad_norm)


def halved(log: Log) -> Log:
    """Return every second entry of a log."""
    columns: dict[str, Any] = {}
    for name in ("loss", "validation", "lr", "grad_norm"):
        values = getattr(log, name)
        columns[name] = None if values is None else values[::2]
    return Log(**columns)


def rescaled(log: Log, factor: float = 1000.0) -> Log:
    """Return a log whose losses are in another unit."""
    validation = None if log.validation is None else factor * log.validation
    return replace(log, loss=factor * log.loss, validation=validation)


def smoothed(log: Log, factor: float = SMOOTHING) -> Log:
    """Return a log whose losses were smoothed as TensorBoard does: a moving average, corrected for its start."""
    validation = None if log.validation is None else _averaged(log.validation, factor)
    return replace(log, loss=_averaged(log.loss, factor), validation=validation)


def _averaged(values: Array, factor: float) -> Array:
    result, total, weight = values.copy(), 0.0, 0.0
    for i in np.flatnonzero(np.isfinite(values)).tolist():
        total = factor * total + (1 - factor) * float(values[i])
        weight = factor * weight + 1 - factor
        result[i] = total / weight
    return result


ALTERED: dict[str, Callable[[Log], Log]] = {"halved": halved, "rescaled": rescaled, "smoothed": smoothed}
