"""Pictures: axes in, artists out. Nothing here opens a figure, shows it or saves it.

Every line that belongs to a rule has the color, dash and marker of `optimtext.looks`. The colors are those of the
light palette; ``plt.style.use(optimtext.plot.STYLE)`` gives the rest of the book's look.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks, looks, theory
from optimtext._plot_diagnosis import diagnosis as _diagnosis
from optimtext._rates import Schedule
from optimtext.record import Result
from optimtext.stopping import StopReason
from optimtext.surfaces import Surface
from optimtext.surfaces.picture import heights, levels

#: Path of the one style sheet, for ``plt.style.use``.
STYLE = str(Path(__file__).with_name("optimtext.mplstyle"))

_SYMBOLS = {"lr": "α", "beta": "β", "beta1": "β₁", "beta2": "β₂", "eps": "ε", "eps_root": "εᵣ"}
_EPSILONS = ("eps", "eps_root")
_LABEL_ROOM = 0.55  # inches below the axes for ticks and their label

diagnosis = _diagnosis  # one of the pictures; it lies in a file of its own


def label(name: str, run: Result) -> str:
    """Return a legend entry: a name and every hyper-parameter of the rule (an epsilon only off its default)."""
    fields = dataclasses.fields(run.rule)
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
    if not isinstance(surface, Surface):
        raise TypeError(f"surface must be a surface such as Ravine(), got {surface!r}")
    (x0, x1), (y0, y1) = surface.window
    x, y, height = heights(surface)
    marks = levels(surface)
    colors = [looks.LIGHT[f"contour{i}"] for i in range(len(marks))]
    lines = ax.contour(x, y, height, levels=marks, colors=colors, linewidths=0.9, linestyles="solid")
    if len(surface.minimizers):  # an artist without a point upsets a constrained layout
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
    _check_named(runs)
    contour(ax, surface)
    artists = []
    for (name, run), style in zip(runs.items(), _lines(runs.values()), strict=True):
        path = run.trace.theta
        if path.shape[1:] != (2,) or len(path) == 0:
            raise ValueError(f"runs[{name!r}] must have recorded two parameters a step, got shape {path.shape}")
        path = path[np.isfinite(path).all(axis=1)]
        every = max(1, len(path) // 12)
        (artist,) = ax.plot(*path.T, label=label(name, run), markevery=every, **style)
        ax.plot(*path[0], "o", markersize=9, markerfacecolor="none", color=looks.LIGHT["ink"], zorder=4)
        if _inside(path[-1], surface):
            ax.plot(*path[-1], style["marker"], markersize=8, color=style["color"], zorder=4)
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
    _check_named(runs)
    gaps = {name: _gap(run, optimum) for name, run in runs.items()}
    artists = []
    for (name, run), style in zip(runs.items(), _lines(runs.values()), strict=True):
        spent, every = run.trace.evaluations, max(1, len(run.trace.loss) // 11)
        (artist,) = ax.plot(spent, gaps[name], label=label(name, run), markevery=every, **style)
        artists.append(artist)
        if predicted:
            with np.errstate(all="ignore"):
                slope = gaps[name][0] * theory.contraction(run.rule, run.problem) ** (2.0 * np.arange(len(spent)))
            ax.plot(spent, _drawable(slope), ":", linewidth=1.4, color=looks.LIGHT["ink"], zorder=1)
    if predicted:
        ax.plot([], [], ":", linewidth=1.4, color=looks.LIGHT["ink"], label="predicted slope")
    _log_y(ax, gaps.values())
    finite_sum = any(hasattr(run.problem, "n_samples") for run in runs.values())
    ax.set(xlabel="single-sample gradients" if finite_sum else "gradient evaluations")
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
    _check_named(runs)
    for name, group in runs.items():
        if not group:
            raise ValueError(f"runs[{name!r}] must hold at least one run, got {group!r}")
        if not all(_is_number(run.rule.lr) for run in group):
            raise TypeError(
                f"runs[{name!r}] must hold runs with constant rates, got {[run.rule for run in group]!r:.80}"
            )
    start = max((gap for group in runs.values() for run in group for gap in _gap(run, optimum)[:1]), default=np.nan)
    start = 1.0 if np.isnan(start) else float(start)
    artists = []
    styles = _lines(group[0] for group in runs.values())
    for (name, group), style in zip(runs.items(), styles, strict=True):
        ordered = sorted(group, key=_rate)
        rates = np.array([_rate(run) for run in ordered])
        lost = np.array([run.reason is StopReason.DIVERGED or run.loss - optimum > start for run in ordered])
        gap = np.array([run.loss - optimum for run in ordered])
        (artist,) = ax.plot(rates[~lost], np.maximum(gap, np.finfo(float).tiny)[~lost], label=name, **style)
        ax.plot(rates[lost], np.full(lost.sum(), 3 * start), "x", color=style["color"], markersize=7)
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
    for name, schedule in named.items():
        if not callable(schedule):
            raise TypeError(f"named[{name!r}] must be a schedule, a function of the step, got {schedule!r}")
    dashes = [identity.dash for identity in looks.RULES.values()]
    artists = []
    for i, (name, schedule) in enumerate(named.items()):
        (artist,) = ax.plot([schedule(t) for t in range(steps)], label=name, linestyle=_dash(dashes[i % len(dashes)]))
        artists.append(artist)
    ax.set(xlabel="step", ylabel="learning rate α")
    ax.set_ylim(bottom=0)
    _legend_below(ax)
    return artists


# A diverged run ends far off the scale of everything else; beyond this, log axes overflow as well.
_TOP = 1e100


def _drawable(values: NDArray[Any]) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):
        return np.where((values > 0) & (values < _TOP), values, np.nan)


def _gap(run: Result, optimum: float) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):
        return _drawable(run.trace.loss - optimum)


def _log_y(ax: Axes, gaps: Iterable[NDArray[Any]]) -> None:
    # A diverged run leaves through the top; it must not squeeze the others: room for a factor of a thousand above.
    ax.set_yscale("log", nonpositive="mask")
    starts = [float(gap[0]) for gap in gaps if np.isfinite(gap[:1]).all()]
    if starts:
        bottom, top = ax.get_ylim()
        ax.set_ylim(bottom, min(top, 1e3 * max(starts)))


def _rate(run: Result) -> float:
    return float(run.rule.lr)  # type: ignore[arg-type]  # checked to be a number by its only caller


def _lines(runs: Iterable[Result]) -> list[dict[str, Any]]:
    # A rule keeps its color; where it appears again, a further dash and marker tell the runs apart without color.
    identities = list(looks.RULES.values())
    seen: dict[type, int] = {}
    styles = []
    for run in runs:
        again = seen.get(type(run.rule), 0)
        seen[type(run.rule)] = again + 1
        look = looks.identity(run.rule)
        if again:
            others = [identity for identity in identities if identity is not look]
            look = others[(again - 1) % len(others)]
        color = looks.color(run.rule)
        styles.append(
            {"color": color, "linestyle": _dash(look.dash), "marker": look.marker, "markersize": 4.5, "zorder": 3}
        )
    return styles


def _dash(dash: tuple[float, ...]) -> Any:
    return (0, dash) if dash else "solid"


def _inside(point: ArrayLike, surface: Surface) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(np.asarray(point), surface.window, strict=True))


def _check_named(runs: object) -> None:
    if not isinstance(runs, Mapping) or not runs:
        raise ValueError(f"runs must map at least one name to what was run, got {runs!r:.80}")


def _legend_below(ax: Axes) -> None:
    # Below the axes, where it can hide neither a path nor a curve, and below their label at any size of the figure.
    below = ax.transAxes + ScaledTranslation(0, -_LABEL_ROOM, ax.figure.dpi_scale_trans)
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.0), bbox_transform=below, borderaxespad=0.0, ncols=1)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.generic)) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _short(value: Any) -> str:
    if _is_number(value):
        return f"{float(value):.3g}"
    if dataclasses.is_dataclass(value):  # a schedule, with its own settings
        settings = (_short(getattr(value, field.name)) for field in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(settings)})"
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
