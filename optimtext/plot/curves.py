"""How fast runs come down: the optimality gap against the gradients spent."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from optimtext import looks, theory
from optimtext.plot.labels import label
from optimtext.plot.lines import check_named, drawable, identified, legend_below, log_y, optimality_gap
from optimtext.record import Result


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
    check_named(runs)
    gaps = {name: optimality_gap(run, optimum) for name, run in runs.items()}
    artists = []
    for (name, run), style in zip(runs.items(), identified(runs.values()), strict=True):
        spent, every = run.trace.evaluations, max(1, len(run.trace.loss) // 11)
        (artist,) = ax.plot(spent, gaps[name], label=label(name, run), markevery=every, **style)
        artists.append(artist)
        if predicted:
            with np.errstate(all="ignore"):
                slope = gaps[name][0] * theory.contraction(run.rule, run.problem) ** (2.0 * np.arange(len(spent)))
            ax.plot(spent, drawable(slope), ":", linewidth=1.4, color=looks.LIGHT["ink"], zorder=1)
    if predicted:
        ax.plot([], [], ":", linewidth=1.4, color=looks.LIGHT["ink"], label="predicted slope")
    log_y(ax, gaps.values())
    finite_sum = any(hasattr(run.problem, "n_samples") for run in runs.values())
    ax.set(xlabel="single-sample gradients" if finite_sum else "gradient evaluations")
    ax.set_ylabel("loss" if optimum == 0 else "loss above the minimum")
    legend_below(ax)
    return artists
