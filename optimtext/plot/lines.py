"""How runs become lines: the look of each rule, losses that a log axis can bear, and a legend that hides nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from optimtext import looks
from optimtext.record import Result

_LABEL_ROOM = 0.55  # inches below the axes for ticks and their label
#: A diverged run ends far off the scale of everything else; beyond this, log axes overflow as well.
TOP = 1e100


def check_named(runs: object) -> None:
    """Refuse what maps no name to a run."""
    if not isinstance(runs, Mapping) or not runs:
        raise ValueError(f"runs must map at least one name to what was run, got {runs!r:.80}")


def identified(runs: Iterable[Result]) -> list[dict[str, Any]]:
    """Return the keywords of each run's line."""
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
            {"color": color, "linestyle": dash_of(look.dash), "marker": look.marker, "markersize": 4.5, "zorder": 3}
        )
    return styles


def dash_of(dash: tuple[float, ...]) -> Any:
    """Return a dash as Matplotlib wants it."""
    return (0, dash) if dash else "solid"


def drawable(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values with NaN, which is not drawn, for what has no place on a log axis."""
    with np.errstate(invalid="ignore"):
        return np.where((values > 0) & (values < TOP), values, np.nan)


def optimality_gap(run: Result, optimum: float) -> NDArray[Any]:
    """Return how far the losses of a run lie above the optimum, as far as that can be drawn."""
    with np.errstate(invalid="ignore"):
        return drawable(run.trace.loss - optimum)


def log_y(ax: Axes, gaps: Iterable[NDArray[Any]]) -> None:
    """Make the second axis logarithmic."""
    # A diverged run leaves through the top; it must not squeeze the others: room for a factor of a thousand above.
    ax.set_yscale("log", nonpositive="mask")
    starts = [float(gap[0]) for gap in gaps if np.isfinite(gap[:1]).all()]
    if starts:
        bottom, top = ax.get_ylim()
        ax.set_ylim(bottom, min(top, 1e3 * max(starts)))


def legend_below(ax: Axes) -> None:
    """Write the legend under the axes."""
    # Below the axes, where it can hide neither a path nor a curve, and below their label at any size of the figure.
    below = ax.transAxes + ScaledTranslation(0, -_LABEL_ROOM, ax.figure.dpi_scale_trans)
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.0), bbox_transform=below, borderaxespad=0.0, ncols=1)
