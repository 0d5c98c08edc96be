"""The losses that were examined for a diagnosis, and where in them its findings show."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from optimtext import looks
from optimtext.diagnosis.findings import Diagnosis, Finding
from optimtext.diagnosis.report.text import TITLES
from optimtext.diagnosis.signs.base import share
from optimtext.diagnosis.signs.jumps import level_before
from optimtext.plot.lines import TOP

_SPREAD = 30.0  # highest over lowest loss from which on a log axis shows more


def diagnosis(ax: Axes, found: Diagnosis) -> list[Line2D]:
    """Draw the losses that were examined and mark where the findings show.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    found : Diagnosis

    Returns
    -------
    list of matplotlib.lines.Line2D
        The training loss and, where there is one, the validation loss.
    """
    curve, main = found.curve, found.findings[0]
    ink, accent, muted = looks.LIGHT["ink"], looks.LIGHT["accent"], looks.LIGHT["muted"]
    values = _drawable(curve.loss)
    artists = []
    if len(values):
        width = 1.6 if len(values) < 300 else 0.9
        style: dict[str, Any] = {"marker": ".", "markersize": 5} if len(values) < 40 else {}
        (line,) = ax.plot(
            curve.step, values, color=looks.color("GradientDescent"), linewidth=width, label="training loss", **style
        )
        artists.append(line)
        if not curve.whole:
            ax.plot(curve.step, _drawable(curve.high), ":", color=muted, linewidth=0.8, label="highest of each bin")
    column = curve.validation
    if column is not None and np.isfinite(column.value).any():
        good = np.isfinite(column.value)
        step = (
            np.interp(column.at[good], np.linspace(0, 1, len(curve.step)), curve.step)
            if len(curve.step)
            else column.step[good]
        )
        color = looks.color("Momentum")
        (line,) = ax.plot(
            step, _drawable(column.value[good]), "--", color=color, linewidth=1.6, label="validation loss"
        )
        artists.append(line)
    _log_where_it_helps(ax, values)
    for i, finding in enumerate(found.findings):
        _mark(ax, finding, accent if i == 0 and not found.fine else muted, i)
    if len(curve.step) > 1 and curve.broken is None:
        ax.set_xlim(curve.step[0], curve.step[-1])
    if main.name == "spikes":
        _ring_spikes(ax, curve.step, curve.high, main, ink)
    ax.set(xlabel="step", ylabel="loss")
    ax.set_title(title(main))
    if artists:
        ax.legend(loc="best")
    return artists


def title(finding: Finding) -> str:
    """Return what a figure of this finding says, in one line."""
    numbers, name = finding.evidence, TITLES[finding.name]
    first, last = finding.steps
    details = {
        "diverged": f"from step {numbers['broken_at']:g} on the loss is no number" if "broken_at" in numbers else
                    f"the loss rises from step {first:g} on",
        "oscillating": f"a swing every {numbers.get('period', 0):.3g} steps",
        "overfitting": f"the validation loss turned at step {numbers.get('turned_at', first):g}",
        "spikes": f"{numbers.get('count', 0):g} jump{'s' * (numbers.get('count', 0) != 1)}, and back",
        "plateau": f"level from step {first:g} to {last:g}",
        "no-progress": f"{share(max(numbers.get('removed', 0), 0))} of the loss removed",
        "too-slow": f"{share(numbers.get('left', 0))} of the loss is left, and it falls in a straight line",
        "underfitting": f"at rest with {share(numbers.get('left', 0))} of the first loss",
        "converged": f"at rest at {numbers.get('end', 0):.3g}",
        "healthy": f"still falling, at {numbers.get('end', 0):.3g}",
        "too-short": f"{numbers.get('losses', 0):g} losses",
        "noisy": f"changes below {share(numbers.get('hidden_share', 0))} would not show",
    }  # fmt: skip  # one finding a line
    return f"{name}: {details[finding.name]}"


def _mark(ax: Axes, finding: Finding, color: str, place: int) -> None:
    first, last = finding.steps
    numbers = finding.evidence
    if finding.name in ("healthy", "too-short", "too-slow", "no-progress", "noisy"):
        return  # they are about the whole run
    if finding.name != "spikes":
        ax.axvspan(first, last, color=color, alpha=0.10, linewidth=0, zorder=0)
    line = numbers.get("turned_at", numbers.get("broken_at", numbers.get("began_at")))
    if line is not None:
        ax.axvline(line, color=color, linewidth=1.2, linestyle=(0, (4, 2)))
    ax.annotate(
        TITLES[finding.name].lower(), (last, 0.98 - 0.07 * place), xycoords=("data", "axes fraction"), xytext=(-4, 0),
        textcoords="offset points", ha="right", va="top", fontsize=9, color=color,
    )  # fmt: skip  # a label and its place


def _ring_spikes(ax: Axes, step: NDArray[Any], high: NDArray[Any], finding: Finding, color: str) -> None:
    first, last = finding.steps
    inside = np.flatnonzero((step >= first) & (step <= last))
    count = int(finding.evidence.get("count", 1))
    if not inside.size:
        return
    chosen: list[int] = []
    # As the finding measures it: over the level just before, not over zero.
    rise = high - level_before(high)
    for i in inside[np.argsort(-rise[inside])]:
        if all(abs(int(i) - j) > max(3, len(step) // 50) for j in chosen):
            chosen.append(int(i))
        if len(chosen) == count:
            break
    ax.plot(step[chosen], high[chosen], "o", markersize=9, markerfacecolor="none", color=color, zorder=4)


def _drawable(values: NDArray[Any]) -> NDArray[Any]:
    return np.where(np.abs(values) < TOP, values, np.nan)


def _log_where_it_helps(ax: Axes, values: NDArray[Any]) -> None:
    seen = values[np.isfinite(values)]
    if seen.size and seen.min() > 0 and seen.max() > _SPREAD * seen.min():
        ax.set_yscale("log")
