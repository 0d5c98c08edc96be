"""A fair race: several rules, a grid of settings each, several starts and seeds, and the same budget for everybody."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.clipping import Clip
from optimtext.minimize import Shuffle
from optimtext.record import Problem
from optimtext.rules.base import Rule
from optimtext.sampling import shuffled_batches
from optimtext.sweeps.plan import Rules, named_rules
from optimtext.sweeps.result import SweepResult, SweepRun
from optimtext.sweeps.run import sweep

if TYPE_CHECKING:
    import os


@dataclass(frozen=True, eq=False)
class Entry:
    """One setting of one rule, over all starts and seeds.

    Attributes
    ----------
    name : str
        Name under which the rule was given.
    rule : Rule
        The rule with its hyper-parameters.
    median, low, high : float
        Median of the final losses, and the lower and upper quartile; a run that diverged counts as infinite.
    diverged : int
        Number of runs that diverged.
    runs : tuple of SweepRun
        The runs themselves.
    """

    name: str
    rule: Rule
    median: float
    low: float
    high: float
    diverged: int
    runs: tuple[SweepRun, ...]


@dataclass(frozen=True, eq=False)
class RaceResult:
    """How a race ended; printing it shows the standing.

    Attributes
    ----------
    standing : tuple of Entry
        The best setting under each name, the lowest median first.
    entries : tuple of Entry
        Every setting that ran, in the order given.
    at_edge : tuple of str
        Names whose best learning rate is the smallest or largest of several that were tried: their grid is too narrow
        to say how well they can do.
    budget : int
        Gradient evaluations that each run could spend.
    steps : int
        Steps that they were enough for.
    sweep : SweepResult
        All runs and the settings in common.
    """

    standing: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    at_edge: tuple[str, ...]
    budget: int
    steps: int
    sweep: SweepResult

    def __str__(self) -> str:
        runs = len(self.entries[0].runs)
        lines = [f"{self.budget} gradient evaluations, {self.steps} steps, {runs} runs of each setting; final loss:"]
        lines.append(f"{'median':>12} {'quartiles':^25} diverged  setting")
        for entry in self.standing:
            tried = sum(other.name == entry.name for other in self.entries)
            edge = ", at the edge of its grid" if entry.name in self.at_edge else ""
            lines.append(
                f"{entry.median:12.5g} {entry.low:12.5g} {entry.high:12.5g} {entry.diverged:>8}  "
                f"{entry.name}: {entry.rule!r}, best of {tried}{edge}"
            )
        return "\n".join(lines)


@_checks.named_arguments
def race(
    problem: Problem,
    rules: Rules,
    theta0: ArrayLike,
    *,
    budget: int,
    seeds: int | Sequence[int] = 0,
    batch_size: int | None = None,
    shuffle: Shuffle = shuffled_batches,
    clip: Clip | None = None,
    executor: Any = None,
    store: "str | os.PathLike[str] | None" = None,
    progress: bool | None = None,
) -> RaceResult:
    """Compare rules fairly: a grid of settings each, the same starts, seeds and gradient evaluations for all.

    Parameters
    ----------
    problem : Problem
        Anything with ``loss(theta)`` and ``gradient(theta)``.
    rules : rule, list of rules, or dict of such by name
        Who races; the rules under one name are the settings that it may choose from. Give everybody a grid of the same
        size: whoever may choose from more has an advantage.
    theta0 : array_like, shape (dim,) or (starts, dim)
        First parameters.
    budget : int
        Gradient evaluations for each run: of single samples for a finite sum, else of the gradient. Every rule of
        this package spends one gradient a step.
    seeds : int or sequence of int, default 0
        Seeds of the mini-batches.
    batch_size, shuffle, clip, executor, store, progress : optional
        As for `sweep`.

    Returns
    -------
    RaceResult

    Raises
    ------
    ValueError, TypeError
        As for `sweep`, and if the budget is not enough for a single step.

    Warnings
    --------
    The settings are chosen by the runs that are then reported, which flatters everybody a little, and most of all
    whoever has many settings. Where the gap is small, run the winners once more with other seeds.

    Examples
    --------
    >>> import optimtext as ot
    >>> rates = [0.003, 0.01, 0.03, 0.1]
    >>> rules = ot.grid(ot.GradientDescent, lr=rates) + ot.grid(ot.Momentum, lr=rates, beta=0.7)
    >>> ravine = ot.surfaces.Ravine(condition=50)
    >>> found = ot.race(ravine, rules, [ravine.start, [4.0, -1.0], [-3.0, 0.5]], budget=100)
    >>> for entry in found.standing:
    ...     print(entry.rule, f"{entry.median:.1e}")
    Momentum(lr=0.03, beta=0.7) 4.3e-15
    GradientDescent(lr=0.03) 1.8e-02
    >>> found.at_edge
    ()
    """
    budget = _checks.integer("budget", budget, 1)
    steps = _steps(problem, budget, batch_size)
    settings = named_rules(rules)
    runs = sweep(
        problem,
        settings,
        theta0,
        max_steps=steps,
        seeds=seeds,
        batch_size=batch_size,
        shuffle=shuffle,
        clip=clip,
        losses_every=None,
        executor=executor,
        store=store,
        progress=progress,
    )
    count = sum(map(len, settings.values()))
    each = len(runs) // count  # the rule is outermost: runs of one setting stand side by side
    entries = tuple(_entry(runs.runs[i : i + each]) for i in range(0, len(runs), each))
    best = [min((e for e in entries if e.name == name), key=lambda e: e.median) for name in settings]
    at_edge = tuple(e.name for e in best if _at_edge(e, [o for o in entries if o.name == e.name]))
    return RaceResult(tuple(sorted(best, key=lambda e: e.median)), entries, at_edge, budget, steps, runs)


def _steps(problem: Any, budget: int, batch_size: int | None) -> int:
    # The last batch of an epoch may be smaller, so an epoch costs all samples, however many batches it has.
    n_samples = getattr(problem, "n_samples", None) or 1
    size = n_samples if batch_size is None else _checks.integer("batch_size", batch_size, 1, n_samples)
    epochs, rest = divmod(budget, n_samples)
    steps: int = epochs * -(-n_samples // size) + rest // size
    if steps == 0:
        raise ValueError(f"budget must be enough for one step, {size} gradient evaluations, got {budget}")
    return steps


def _entry(runs: tuple[SweepRun, ...]) -> Entry:
    # Of the sorted losses themselves, without interpolation, which would make NaN of two infinities.
    low, median, high = (
        float(np.quantile([run.score for run in runs], q, method=method))  # type: ignore[call-overload]
        for q, method in [(0.25, "lower"), (0.5, "higher"), (0.75, "higher")]
    )
    diverged = sum(run.diverged for run in runs)
    return Entry(runs[0].name, runs[0].rule, median, low, high, diverged, runs)


def _at_edge(best: Entry, entries: list[Entry]) -> bool:
    rates = [entry.rule.lr for entry in entries]
    numbers = sorted({float(lr) for lr in rates if isinstance(lr, (int, float))})
    lr = best.rule.lr
    return (
        len(numbers) > 1
        and isinstance(lr, (int, float))
        and lr in (numbers[0], numbers[-1])
        and not math.isinf(best.median)
    )
