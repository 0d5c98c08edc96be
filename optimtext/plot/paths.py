"""Surfaces seen from above, and the paths that runs take over them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from optimtext import looks
from optimtext.plot.labels import label
from optimtext.plot.lines import check_named, identified, legend_below
from optimtext.record import Result
from optimtext.surfaces import Surface
from optimtext.surfaces.picture import heights, levels


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
    check_named(runs)
    contour(ax, surface)
    artists = []
    for (name, run), style in zip(runs.items(), identified(runs.values()), strict=True):
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
    legend_below(ax)
    return artists


def _inside(point: ArrayLike, surface: Surface) -> bool:
    return all(low <= value <= high for value, (low, high) in zip(np.asarray(point), surface.window, strict=True))
