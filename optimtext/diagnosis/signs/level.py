"""Has the loss grown, fallen, or can nobody tell? Divergence, no progress, too noisy to tell."""

import numpy as np

from optimtext.diagnosis.measures import Measures
from optimtext.diagnosis.signs.base import Sign, share

GROWN = 1.75  # times the first level: beyond any fluctuation about it
SEEN = 2.0  # standard errors that a change of the loss must have to count as seen
BEST = 0.55  # weight of the clearance of the first losses, which was chosen among several
MOVED = 0.02  # share of the first level that a run must have removed to have made progress
HIDDEN = 0.09  # two standard errors over the first level: what hides progress that would matter


def diverged(m: Measures) -> Sign | None:
    """Test whether the loss ended far above its start, or was no longer finite."""
    curve = m.curve
    begin = float(curve.loss.argmin()) / max(1, len(curve.loss) - 1) if len(curve.loss) else 0.0
    if curve.broken is not None:
        step, value = curve.broken
        if not len(curve.loss):
            return Sign(
                "diverged", 8.0, (0.0, 1.0), f"The loss is {value} from the first entry on.", {"broken_at": step}
            )
        lowest, at = float(curve.loss.min()), curve.steps(begin)[0]
        summary = (
            f"The loss became {value} at step {step:g}; it was lowest at step {at:g} ({lowest:.4g}), and "
            f"{float(curve.recent[-1]):.4g} before it broke."
        )
        if at >= curve.step[-1]:
            summary = f"The loss became {value} at step {step:g}; it was falling until then (last value {lowest:.4g})."
        return Sign("diverged", 8.0, (begin, 1.0), summary, {"broken_at": step, "began_at": at, "lowest": lowest})
    if len(curve.loss) < 2:
        return None
    lowest = float(curve.loss.min())
    if lowest >= 0:
        few = float(np.median(curve.loss[: max(4, len(curve.loss) // 12)]))
        grown = m.end / max(m.first, few, 1e-300)
    else:  # without a zero to measure from: how far above the start, in units of what it had fallen
        grown = 1 + (m.end - m.first) / max(m.first - lowest, m.error, 1e-300) if m.end > m.first else 0.0
    # Nearly all late losses must lie above nearly all early ones: single ones do, where noise has long tails.
    n = len(curve.loss)
    late, early = curve.loss[-max(4, n // 10) :], curve.loss[: max(4, n // 6)]
    apart = float(np.quantile(late, 0.25) - np.quantile(early, 0.9))
    explodes = bool((np.diff(late[-4:]) > 0).all()) and late[-1] - m.first > 9 * m.size
    clear = 2.0 if explodes else 1 + apart / max(0.1 * m.size, 1e-300)
    at = curve.steps(begin)[0]
    summary = (
        f"The loss ends at {m.end:.4g}, {grown:.3g} times its first level {m.first:.4g}; it rises from step {at:g} on."
    )
    return Sign(
        "diverged",
        min((min(grown, 1e6) / GROWN) ** 3, clear),
        (begin, 1.0),
        summary,
        {"growth": grown, "began_at": at, "lowest": lowest},
    )


def noisy(m: Measures) -> Sign:
    """Test whether noise hides whether the loss fell."""
    seen, hidden = visible(m), hides(m)
    summary = (
        f"From the first to the last quarter the mean loss changed by {-m.quarters:.3g}, with a standard error of "
        f"{m.error:.3g} from noise alone; progress below {share(hidden)} of the loss would not show."
    )
    numbers = {"change": -m.quarters, "standard_error": m.error, "hidden_share": hidden}
    return Sign("noisy", min(hidden / HIDDEN, SEEN / max(seen, 1e-12)), (0.0, 1.0), summary, numbers)


def no_progress(m: Measures) -> Sign:
    """Test whether the loss stayed where it was, as far as can be seen."""
    moved = m.drop / m.size
    if visible(m) < SEEN:
        moved = max(m.quarters, m.error, 0.0) / m.size
    summary = (
        f"The loss went from {m.first:.5g} to {m.end:.5g}: it removed {share(moved)} of its first level in "
        f"{m.curve.count:,} entries."
    )
    ratio = MOVED / max(moved, 1e-3 * MOVED)
    if visible(m) < SEEN:
        if moved > 1e-9:  # more than rounding
            summary = (
                f"The loss went from {m.first:.5g} to {m.end:.5g} in {m.curve.count:,} entries, no further than noise "
                f"alone may take it."
            )
        ratio = max(1.0, min(HIDDEN / max(hides(m), 1e-12), ratio))
    return Sign("no-progress", ratio, (0.0, 1.0), summary, {"removed": moved, "first": m.first, "end": m.end})


def hides(m: Measures) -> float:
    """Return the share of the loss that could be gained or lost without being seen: two standard errors."""
    level = float(m.curve.loss.mean()) if m.curve.loss.min() >= 0 else m.size
    return 2 * m.error / max(level, 1e-300)


def progress(m: Measures) -> bool:
    """Return whether the loss has fallen, as far as can be seen."""
    return visible(m) >= SEEN and m.drop >= MOVED * m.size


def visible(m: Measures) -> float:
    """Return how many standard errors the fall of the loss has, by the better of two ways to see it."""
    by_quarters = m.quarters / max(m.error, 1e-300)
    # A run that falls within its first entries hardly shows in a quarter's mean.
    by_ends = BEST * m.clearance
    return min(max(by_quarters, by_ends), 1e6)
