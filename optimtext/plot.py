"""Pictures: axes in, artists out. Nothing here opens a figure, shows it or saves it.

Every line that belongs to a rule has the color, dash and marker of `optimtext.looks`. The colors are those of the
light palette; ``plt.style.use(optimtext.plot.STYLE)`` gives the rest of the book's look.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks, looks, theory
from optimtext.record import Result
from optimtext.schedules import Schedule
from optimtext.stopping import StopReason
from optimtext.surfaces import Surface

#: Path of the one style sheet, for ``plt.style.use``.
STYLE = str(Path(__file__).with_name("optimtext.mplstyle"))

_GRID = 161  # points a side of a contour: smooth at the book's widths, and a small file
_LEVELS = 8  # one for each contour color of the palette
_SYMBOLS = {"lr": "α", "beta": "β", "beta1": "β₁", "beta2": "β₂", "eps": "ε", "eps_root": "εᵣ"}
_EPSILONS = ("eps", "eps_root")


def label(name: str, run: Result) -> str:
    """Return a legend entry: a name and every hyper-parameter of the rule (an epsilon only off its default)."""
    fields = dataclasses.fields(run.rule)  # type: ignore[arg-type]  # a Rule is a dataclass
    shown = [
        f"{_SYMBOLS.get(field.name, field.name)} = {_short(getattr(run.rule, field.name))}"
        for field in fields
        if field.name not in _EPSILONS or getattr(run.rule, field.name) != field.default
    ]
    return f"{name} ({', '.join(shown)})"


def contour(ax: Axes, surface: Surface) -> QuadContourSet:
    """Draw the level lines of a surface over its window, always at the same levels, and star its minimizers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    surface : Surface

    Returns
    -------
    matplotlib.contour.QuadContourSet
    """
    (x0, x1), (y0, y1) = surface.window
    x, y = np.meshgrid(np.linspace(x0, x1, _GRID), np.linspace(y0, y1, _GRID))
    height = surface.loss(np.stack([x, y], axis=-1))
    colors = [looks.LIGHT[f"contour{i}"] for i in range(_LEVELS)]
    lines = ax.contour(x, y, height, levels=_levels(surface, height), colors=colors, linewidths=0.9, linestyles="solid")
    ax.plot(*surface.minimizers.T, "*", color=looks.LIGHT["accent"], markersize=11, zorder=2, clip_on=False)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel=r"$\theta_1$", ylabel=r"$\theta_2$", aspect="equal")
    ax.grid(visible=False)
    return lines


def trajectories(ax: Axes, surface: Surface, runs: Mapping[str, Result]) -> list[Line2D]:
    """Draw runs over the level lines of their surface: the path, its start (ring) and its end (the rule's marker).

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    surface : Surface
    runs : mapping of str to Result
        Runs of two parameters by name; the legend adds every hyper-parameter.

    Returns
    -------
    list of matplotlib.lines.Line2D
        One path a run.

    Raises
    ------
    ValueError
        If a run did not record its parameters, or had not two of them.
    """
    contour(ax, surface)
    artists = []
    for name, run in runs.items():
        path = run.trace.theta
        if path.shape[1:] != (2,) or len(path) == 0:
            raise ValueError(f"runs[{name!r}] must have recorded two parameters a step, got shape {path.shape}")
        path = path[np.isfinite(path).all(axis=1)]
        look = looks.identity(run.rule)
        every = max(1, len(path) // 12)
        (artist,) = ax.plot(*path.T, label=label(name, run), markevery=every, **_line(run.rule))
        ax.plot(*path[0], "o", markersize=9, markerfacecolor="none", color=looks.LIGHT["ink"], zorder=4)
        if _inside(path[-1], surface):
            ax.plot(*path[-1], look.marker, markersize=8, color=looks.color(run.rule), zorder=4)
        artists.append(artist)
    _legend_below(ax)
    return artists


def convergence(ax: Axes, runs: Mapping[str, Result], *, optimum: float = 0.0, predicted: bool = False) -> list[Line2D]:
    """Draw the optimality gap of runs, on a log axis, against the gradients they spent.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    runs : mapping of str to Result
    optimum : float, default 0.0
        The lowest possible loss, which is subtracted: otherwise a curve bends where it reaches it.
    predicted : bool, default False
        Add dotted lines with the slopes that `optimtext.theory.contraction` predicts, from the same first gap. For
        runs of `GradientDescent`, `Momentum` and `Nesterov` with a constant rate on a quadratic.

    Returns
    -------
    list of matplotlib.lines.Line2D
        One curve a run.

    Warnings
    --------
    A run with mini-batches has recorded the loss of each batch, not of all samples.
    """
    artists = []
    for name, run in runs.items():
        gap = _gap(run, optimum)
        spent = run.trace.evaluations
        every = (0.0, 0.09)
        (artist,) = ax.plot(spent, gap, label=label(name, run), markevery=every, **_line(run.rule))
        artists.append(artist)
        if predicted:
            rho = theory.contraction(run.rule, run.problem)
            steps = np.arange(len(gap))
            ax.plot(spent, gap[0] * rho ** (2.0 * steps), ":", linewidth=1.4, color=looks.LIGHT["ink"], zorder=1)
    if predicted:
        ax.plot([], [], ":", linewidth=1.4, color=looks.LIGHT["ink"], label="predicted slope")
    finite_sum = any(hasattr(run.problem, "n_samples") for run in runs.values())
    ax.set(yscale="log", xlabel="single-sample gradients" if finite_sum else "gradient evaluations")
    ax.set_ylabel("loss" if optimum == 0 else "loss above the minimum")
    _legend_below(ax)
    return artists


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
    artists = []
    start = max(float(run.trace.loss[0]) - optimum for group in runs.values() for run in group)
    for name, group in runs.items():
        ordered = sorted(group, key=lambda run: float(run.rule.lr))  # type: ignore[arg-type]  # constant rates, by contract
        rates = np.array([float(run.rule.lr) for run in ordered])  # type: ignore[arg-type]
        lost = np.array([run.reason is StopReason.DIVERGED or run.loss - optimum > start for run in ordered])
        gap = np.array([max(run.loss - optimum, np.finfo(float).tiny) for run in ordered])
        style = _line(ordered[0].rule)
        (artist,) = ax.plot(rates[~lost], gap[~lost], label=name, **style)
        ax.plot(rates[lost], np.full(lost.sum(), 3 * start), "x", color=style["color"], markersize=7, clip_on=False)
        artists.append(artist)
    ax.axhline(start, color=looks.LIGHT["muted"], linewidth=0.9)
    ax.annotate("loss at the start", (0.01, start), xycoords=("axes fraction", "data"), va="top", fontsize=9)
    if limit is not None:
        ax.axvline(limit, color=looks.LIGHT["accent"], linewidth=1.2, linestyle="--")
    ax.set(xscale="log", yscale="log", xlabel="learning rate α")
    ax.set_ylabel("final loss" if optimum == 0 else "final loss above the minimum")
    _legend_below(ax)
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
    dashes = [identity.dash for identity in looks.RULES.values()]
    artists = []
    for i, (name, schedule) in enumerate(named.items()):
        (artist,) = ax.plot([schedule(t) for t in range(steps)], label=name, linestyle=_dash(dashes[i % len(dashes)]))
        artists.append(artist)
    ax.set(xlabel="step", ylabel="learning rate α")
    ax.set_ylim(bottom=0)
    _legend_below(ax)
    return artists


def _levels(surface: Surface, height: NDArray[Any]) -> NDArray[Any]:
    lowest = float(height.min()) if np.isinf(surface.minimum) else surface.minimum
    if np.isinf(surface.minimum):
        return np.linspace(lowest, float(height.max()), _LEVELS + 2)[1:-1]
    above = height - lowest
    return lowest + np.geomspace(np.quantile(above, 0.02), 0.8 * above.max(), _LEVELS)


def _gap(run: Result, optimum: float) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):
        gap = run.trace.loss - optimum
    return np.where(np.isfinite(gap) & (gap > 0), gap, np.nan)


def _line(rule: object) -> dict[str, Any]:
    look = looks.identity(rule)
    return {
        "color": looks.color(rule),
        "linestyle": _dash(look.dash),
        "marker": look.marker,
        "markersize": 4.5,
        "zorder": 3,
    }


def _dash(dash: tuple[float, ...]) -> Any:
    return (0, dash) if dash else "solid"


def _inside(point: ArrayLike, surface: Surface) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(np.asarray(point), surface.window, strict=True))


def _legend_below(ax: Axes) -> None:
    # Below the axes, where it can hide neither a path nor a curve; one column, since the entries are long.
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.16), borderaxespad=0.5, ncols=1)


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, (int, float)) else type(value).__name__
