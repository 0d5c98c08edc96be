"""Learning rates: where runs end that differ in nothing else, and what a schedule does from step to step."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from optimtext import _checks, looks
from optimtext._rates import Schedule
from optimtext.plot.labels import is_number
from optimtext.plot.lines import check_named, dash_of, identified, legend_below, optimality_gap
from optimtext.record import Result
from optimtext.stopping import StopReason


def rate_sweep(
    ax: Axes, runs: Mapping[str, Sequence[Result]], *, optimum: float = 0.0, limit: float | None = None
) -> list[Line2D]:
    """Draw where runs ended against their learning rate, both on log axes; diverged runs are crosses at the top.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    runs : mapping of str to sequence of Result
        For each name, runs of one rule with constant rates and equal budgets.
    optimum : float, default 0.0
        The lowest possible loss, which is subtracted.
    limit : float, optional
        A rate to mark, such as the stability limit.

    Returns
    -------
    list of matplotlib.lines.Line2D
        One curve a name.
    """
    check_named(runs)
    rates = {}
    for name, group in runs.items():
        if not group:
            raise ValueError(f"runs[{name!r}] must hold at least one run, got {group!r}")
        rates[name] = np.array([float(run.rule.lr) for run in group if is_number(run.rule.lr)])
        if len(rates[name]) < len(group):
            raise TypeError(
                f"runs[{name!r}] must hold runs with constant rates, got {[run.rule for run in group]!r:.80}"
            )
    start = max(
        (gap for group in runs.values() for run in group for gap in optimality_gap(run, optimum)[:1]), default=np.nan
    )
    start = 1.0 if np.isnan(start) else float(start)
    artists = []
    styles = identified(group[0] for group in runs.values())
    for (name, group), style in zip(runs.items(), styles, strict=True):
        order = np.argsort(rates[name], kind="stable")
        ordered, rate = [group[i] for i in order], rates[name][order]
        lost = np.array([run.reason is StopReason.DIVERGED or run.loss - optimum > start for run in ordered])
        gap = np.array([run.loss - optimum for run in ordered])
        (artist,) = ax.plot(rate[~lost], np.maximum(gap, np.finfo(float).tiny)[~lost], label=name, **style)
        ax.plot(rate[lost], np.full(lost.sum(), 3 * start), "x", color=style["color"], markersize=7)
        artists.append(artist)
    ax.axhline(start, color=looks.LIGHT["muted"], linewidth=0.9)
    ax.annotate(
        "loss at the start",
        (0.99, start),
        xycoords=("axes fraction", "data"),
        xytext=(0, -3),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=9,
    )
    if limit is not None:
        ax.axvline(limit, color=looks.LIGHT["accent"], linewidth=1.2, linestyle="--", label=f"limit α = {limit:.3g}")
    ax.set(xscale="log", yscale="log", xlabel="learning rate α")
    ax.set_ylabel("final loss" if optimum == 0 else "final loss above the minimum")
    legend_below(ax)
    return artists


def schedules(ax: Axes, named: Mapping[str, Schedule], steps: int) -> list[Line2D]:
    """Draw schedules: the learning rate of each of the first `steps` steps.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    named : mapping of str to schedule
    steps : int
        At least 1.

    Returns
    -------
    list of matplotlib.lines.Line2D
        One line a schedule.
    """
    steps = _checks.integer("steps", steps, 1)
    for name, schedule in named.items():
        if not callable(schedule):
            raise TypeError(f"named[{name!r}] must be a schedule, a function of the step, got {schedule!r}")
    dashes = [identity.dash for identity in looks.RULES.values()]
    artists = []
    for i, (name, schedule) in enumerate(named.items()):
        (artist,) = ax.plot([schedule(t) for t in range(steps)], label=name, linestyle=dash_of(dashes[i % len(dashes)]))
        artists.append(artist)
    ax.set(xlabel="step", ylabel="learning rate α")
    ax.set_ylim(bottom=0)
    legend_below(ax)
    return artists
