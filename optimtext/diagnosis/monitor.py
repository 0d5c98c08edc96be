"""A diagnosis while the run is going: one loss at a time, in memory that does not grow."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from optimtext import _checks
from optimtext.diagnosis.context import Known
from optimtext.diagnosis.findings import FINE, NAMES, Diagnosis, Finding
from optimtext.diagnosis.prepare import curve_of
from optimtext.diagnosis.stream import Collector
from optimtext.diagnosis.verdict import judge
from optimtext.stopping import Progress

Callback: TypeAlias = Callable[[Finding], None]
_BINS, _RECENT = 512, 512  # enough for the tests on curves, at some tens of kilobytes
_GROWTH = 1.1  # the run is examined each time it has grown by a tenth: a bounded cost a loss, on average


class Monitor:
    """Watches a run and warns when something looks wrong.

    It keeps a bounded number of averages and of recent losses, however long the run. It examines them each time the run
    has grown by a tenth, which costs a few microseconds a loss on average, and at once when a loss is not finite.

    Parameters
    ----------
    start : int, default 50
        Losses before the first examination; a run of a few steps looks like many things.
    confidence : float, default 0.8
        Warn only of findings at least so sure.
    patience : int, default 2
        Warn when so many examinations in a row agree. A diverged run is reported at once.
    on_finding : function of Finding, optional
        Called with each new finding.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.

    Notes
    -----
    A finding is reported once, and again only after it had gone. "Converged" and "healthy" are never reported.

    Examples
    --------
    In a loop of one's own:

    >>> monitor = Monitor(start=20)
    >>> for step in range(60):
    ...     loss = 0.1 * 1.2**step  # a rate that is too large
    ...     if finding := monitor.add(loss):
    ...         print(step, finding.name)
    ...         break
    19 diverged

    With `minimize`, as a criterion that ends a run which has gone wrong:

    >>> import optimtext as ot
    >>> ravine = ot.surfaces.Ravine(condition=50)
    >>> rule = ot.GradientDescent(lr=1e-7)
    >>> run = ot.minimize(ravine, ravine.start, rule, max_steps=10_000, stop=Monitor().criterion())
    >>> run.message
    'stopped at step 54: no-progress (confidence 97%)'
    """

    @_checks.named_arguments
    def __init__(
        self, *, start: int = 50, confidence: float = 0.8, patience: int = 2, on_finding: Callback | None = None
    ) -> None:
        self.start = _checks.integer("start", start, 8)
        self.patience = _checks.integer("patience", patience, 1)
        _checks.share("confidence", confidence)
        if on_finding is not None and not callable(on_finding):
            raise TypeError(f"on_finding must be a function of a finding, got {on_finding!r}")
        self.confidence, self.on_finding = confidence, on_finding
        self._columns = {name: Collector(_BINS, _RECENT) for name in ("loss", "validation", "lr", "grad_norm")}
        self._next, self._count, self._last_step = self.start, 0, -math.inf
        self._seen: dict[str, int] = {}
        self._reported: set[str] = set()
        self._broken = False

    def add(
        self,
        loss: float,
        *,
        validation: float | None = None,
        lr: float | None = None,
        grad_norm: float | None = None,
        step: float | None = None,
    ) -> Finding | None:
        """Take the loss of a step and what else is known of it; return a new finding, or None.

        Parameters
        ----------
        loss : float
            Training loss; anything that `float` accepts, such as a tensor of one number.
        validation, lr, grad_norm : float, optional
            Validation loss (at the steps that measured one), learning rate and norm of the gradient.
        step : float, optional
            Number of the step, increasing; by default the losses are counted from 0.

        Raises
        ------
        ValueError
            If `step` does not increase.
        """
        step = float(self._count if step is None else step)
        if not step > self._last_step:
            raise ValueError(f"step must increase from call to call, got {step:g} after {self._last_step:g}")
        self._last_step = step
        self._count += 1
        given = {"loss": loss, "validation": validation, "lr": lr, "grad_norm": grad_norm}
        for name, value in given.items():
            if value is not None and (name == "loss" or math.isfinite(float(value))):
                self._columns[name].one(step, float(value))
        if not math.isfinite(float(loss)):
            if not self._broken:
                self._broken = True
                return self._report(self.diagnosis().findings[0])
            return None
        self._broken = False
        if self._count < self._next:
            return None
        self._next = max(self._count + 1, int(self._count * _GROWTH))
        return self._examine()

    def diagnosis(self) -> Diagnosis:
        """Return the diagnosis of the run so far.

        Raises
        ------
        ValueError
            If no loss was added yet.
        """
        series = {name: column.series() for name, column in self._columns.items()}
        return judge(curve_of(series.pop("loss"), series, skip_nan=not self._ends_broken()), Known())

    def criterion(self, *names: str, stop: bool = True) -> "Watch":
        """Return a criterion with which `minimize` hands each step to this monitor.

        Parameters
        ----------
        *names : str
            Findings that end the run; by default every one that the monitor reports.
        stop : bool, default True
            End the run at such a finding. Without it the run is only watched, and `on_finding` called.
        """
        unknown = [name for name in names if name not in NAMES]
        if unknown:
            raise ValueError(f"names must be among {NAMES}, got {unknown[0]!r}")
        return Watch(self, frozenset(names or NAMES) if stop else frozenset())

    def _ends_broken(self) -> bool:
        return self._columns["loss"].series().broken is not None

    def _examine(self) -> Finding | None:
        found = {finding.name: finding for finding in self.diagnosis().findings
                 if finding.name not in (*FINE, "too-short") and finding.confidence >= self.confidence}  # fmt: skip
        self._seen = {name: self._seen.get(name, 0) + 1 for name in found}
        self._reported &= set(found)
        for name, finding in found.items():
            if name not in self._reported and (self._seen[name] >= self.patience or name == "diverged"):
                return self._report(finding)
        return None

    def _report(self, finding: Finding) -> Finding:
        self._reported.add(finding.name)
        if self.on_finding is not None:
            self.on_finding(finding)
        return finding


@dataclass(frozen=True)
class Watch:
    """A criterion of `minimize` that hands each step to a monitor.

    Attributes
    ----------
    monitor : Monitor
        What watches the run. It remembers, so a criterion serves one run only.
    names : frozenset of str
        Findings that end the run.
    """

    monitor: Monitor
    names: frozenset[str]

    def __call__(self, run: Progress, /) -> str | None:
        """Return why to stop, or None."""
        finding = self.monitor.add(
            run.loss[-1], validation=run.validation, lr=run.lr, grad_norm=run.grad_norm[-1], step=run.step
        )
        if finding is None or finding.name not in self.names:
            return None
        return f"{finding.name} (confidence {finding.confidence:.0%})"
