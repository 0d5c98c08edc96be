"""Does the loss jump up and come back?"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.curve import Array, Curve
from optimtext.diagnosis.measures import Measures
from optimtext.diagnosis.signs.base import Sign, share

HEIGHT = 0.27  # of a spike, over what the run has removed
OUTSTANDING = 5.0  # times the rise that one loss in ten exceeds
APART = 1.4  # height of the tallest over that of the tallest rise beside the spikes: long tails of noise have no gap
RARE, FEW = 0.25, 0.05  # share of the run that may be spiked, and spikes an entry, while they are an exception


def spikes(m: Measures) -> Sign | None:
    """Test for jumps of single losses that the run recovers from."""
    high, loss = m.curve.high, m.curve.loss
    n = len(loss)
    if n < 20:
        return None
    before = level_before(loss)
    rise = high - before
    begin = max(2, n // 10)  # before it, the run finds its feet
    usual = usual_rise(rise, begin)
    tall = np.maximum(HEIGHT * max(m.drop, 0.02 * m.size), OUTSTANDING * usual)
    out = np.flatnonzero(rise > tall)
    out = out[(out >= begin) & ~after_restart(m)[out]]
    at_top = begin + int((rise / tall)[begin:].argmax())
    highest = float(rise[at_top])
    if not out.size:
        ratio = float((rise / tall)[begin:].max())
        return Sign("spikes", min(ratio, 0.99), (0.0, 1.0), "No spike stands out.", {"highest": highest})
    groups = np.split(out, np.flatnonzero(np.diff(out) > max(3, n // 50)) + 1)
    back = m.end <= before[out[-1]] + 0.3 * highest
    if len(out) > RARE * n or len(groups) > 2 + FEW * n or not back:
        return None
    others = np.ones(n, dtype=bool)
    for group in groups:
        others[max(0, group[0] - 1) : group[-1] + 2 + n // 50] = False
    apart = highest / max(float(rise[others & (np.arange(n) >= begin)].max(initial=0.0)), 1e-300)
    # The step of the highest loss of each, as a share of the run.
    tops = [float(group[high[group].argmax()]) / (n - 1) for group in groups]
    at = ", ".join(f"{m.curve.steps(top)[0]:g}" for top in tops[:5]) + (", …" if len(tops) > 5 else "")
    summary = (
        f"The loss jumps {len(groups)} time{'s' * (len(groups) > 1)} by up to {highest:.3g} "
        f"({share(highest / max(m.drop, 1e-300))} of what the run has removed) and comes back: at step {at}."
    )
    numbers = {"count": float(len(groups)), "highest": highest, "usual_rise": float(usual[at_top])}
    return Sign("spikes", min(highest / float(tall[at_top]), apart / APART), (min(tops), max(tops)), summary, numbers)


def usual_rise(rise: Array, begin: int) -> Array:
    """Return for each entry the rise that one in ten exceeds, in the whole run or in the eighth around it."""
    n = len(rise)
    usual = np.full(n, max(float(np.quantile(rise[begin:], 0.9)), 1e-300))
    width = max(10, n // 8)
    for start in range(0, n, width):
        stretch = slice(max(begin, start - width // 2), start + width + width // 2)
        if rise[stretch].size >= 20:  # a tenth of fewer would be the spike itself
            here = 1.9 * float(np.quantile(rise[stretch], 0.75))  # as much, for noise without tails
            usual[start : start + width] = np.maximum(usual[start : start + width], here)
    return usual


def without(m: Measures) -> Curve:
    """Return the curve with its spikes cut off: from each jump on, it stays level until the loss has come back."""
    loss = m.curve.loss.copy()
    n = len(loss)
    before = level_before(loss)
    tall = HEIGHT * max(m.drop, 0.02 * m.size)
    i = max(2, n // 10)
    while i < n:
        if loss[i] - before[i] > tall:
            back = np.flatnonzero(loss[i:] <= before[i] + 0.1 * tall)
            until = i + int(back[0]) if back.size else n
            loss[i:until] = before[i]
            i = until
        i += 1
    if not m.curve.whole:
        return replace(m.curve, loss=loss)
    recent = loss[n - len(m.curve.recent) :]
    return replace(m.curve, loss=loss, high=np.minimum(m.curve.high, loss), recent=recent)


def after_restart(m: Measures) -> NDArray[np.bool_]:
    """Return for each entry whether the rate was raised shortly before it, and kept up: then the loss may jump."""
    n = len(m.curve.loss)
    explained = np.zeros(n, dtype=bool)
    if m.curve.lr is None:
        return explained
    rates = m.curve.lr.over(np.linspace(0, 1, n))
    for i in np.flatnonzero(rates[1:] > 1.5 * rates[:-1]) + 1:
        later = rates[i : i + 4]
        if later.min() > 0.5 * rates[i]:
            explained[i : i + max(5, n // 12)] = True
    return explained


def level_before(values: Array) -> Array:
    """Return for each entry the median of a few before it, for the first one itself."""
    width = max(5, len(values) // 30)
    padded = np.concatenate([np.full(width, values[0]), values[:-1]])
    level: Array = np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)
    return level
