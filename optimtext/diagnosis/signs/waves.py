"""Does the loss swing up and down regularly?"""

from dataclasses import dataclass

import numpy as np

from optimtext.diagnosis.curve import Array
from optimtext.diagnosis.measures import Measures
from optimtext.diagnosis.signs.base import Sign, share

HEIGHT = 0.022  # of one swing, over what the run has removed
REGULAR = 0.55  # correlation of the swings with themselves one period on
CHANCE = 3.3  # the same over the square root of the number of entries: what noise alone hardly reaches
# Share of the variance that two earlier entries do not foretell: noise has 1, smoothed by 0.6 it has 0.64.
SMOOTH = 0.35
CROSSINGS = 6  # of the trend: three periods
FEWEST = 12  # entries that a swing can be seen in


@dataclass(frozen=True)
class Wave:
    """A regular swing: its period in entries, how regular it is (1 is a clock), its heights, and its surprise."""

    period: int
    regular: float
    early: float
    late: float
    surprise: float


def oscillating(m: Measures) -> Sign | None:
    """Test whether the loss keeps swinging in the last half of the run."""
    recent = m.curve.recent
    wave = find(recent)
    if wave is None or follows_the_rate(m):
        return None
    scale = max(m.drop, 0.03 * m.size)
    whole = (wave.early + wave.late) / 2
    height = min(whole, wave.late) / scale
    each = (m.curve.recent_step[-1] - m.curve.recent_step[0]) / max(1, len(recent) - 1)
    trend = "grow" if wave.late > 1.3 * wave.early else ("fade" if wave.late < wave.early / 1.3 else "stay as high")
    period = wave.period * each
    summary = (
        f"In the last half the loss swings with a period of about {period:.3g} steps; a swing is {whole:.3g} high, "
        f"{share(whole / scale)} of what the run has removed, and the swings {trend}."
    )
    numbers = {
        "period": period, "height": whole, "growth": wave.late / max(wave.early, 1e-300), "regularity": wave.regular,
    }  # fmt: skip  # one line a thought reads better here
    by_chance = max(REGULAR, CHANCE / len(recent) ** 0.5)
    # A curve without noise foretells itself; then several swings at once may be less regular.
    ratio = min(height / HEIGHT, (wave.regular / (0.2 if wave.surprise < SMOOTH else by_chance)) ** 2)
    begin = 1 - len(recent) / m.curve.count
    return Sign("oscillating", ratio, (begin, 1.0), summary, numbers)


def find(values: Array) -> Wave | None:
    """Return the regular swing of a stretch of the curve about its trend, or None where there is no such thing."""
    n = len(values)
    if n < FEWEST:
        return None
    rest = values - trend(values)
    power = float(rest @ rest)
    if not np.isfinite(power) or power <= 0:
        return None
    # How well the curve agrees with itself some entries on: from a transform, since products of all lags are slow.
    spectrum = np.abs(np.fft.rfft(rest, 2 * n)) ** 2
    agreement = np.fft.irfft(spectrum)[: n // 3 + 1] / power
    agreement *= n / (n - np.arange(len(agreement)))  # fewer pairs at longer lags
    below = np.flatnonzero(agreement < 0)
    crossings = int((np.diff(np.sign(rest)) != 0).sum())
    if not below.size or crossings < CROSSINGS:
        return None
    later = agreement[below[0] :]
    # The first peak that is nearly as high as the highest: a clock agrees with itself after two periods as well.
    high = int((later >= 0.9 * later.max()).argmax())
    period = int(below[0] + high + later[high : high + max(2, high)].argmax())
    regular = float(min(agreement[period], -1.5 * agreement[: period + 1].min()))
    if period < 2 or regular <= 0:
        return None
    half = n // 2
    heights = [2 * float(np.sqrt(2 * max(regular, 0.0)) * part.std()) for part in (rest[:half], rest[half:])]
    return Wave(period, regular, heights[0], heights[1], surprise(rest))


def surprise(values: Array) -> float:
    """Return the share of the variance that the best linear forecast from two earlier values leaves open."""
    earlier, later = np.stack([values[1:-1], values[:-2]], axis=1), values[2:]
    left = later - earlier @ np.linalg.lstsq(earlier, later, rcond=None)[0]
    return float(left @ left) / max(float(later @ later), 1e-300)


def smooth(m: Measures) -> bool:
    """Return whether the late curve foretells itself: then what looks like noise is none."""
    late = m.curve.recent
    return len(late) >= FEWEST and surprise(late - trend(late)) < SMOOTH


def trend(values: Array) -> Array:
    """Return the cubic that fits best, over the same places."""
    places = np.linspace(-1, 1, len(values))
    basis = np.polynomial.legendre.legvander(places, 3)
    fit: Array = basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
    return fit


def follows_the_rate(m: Measures, least: int = 2) -> bool:
    """Return whether the rate itself goes up again at least so often: then the loss may follow it."""
    return m.curve.lr is not None and restarts(m.curve.lr.value) >= least


def restarts(rates: Array) -> int:
    """Return how often the rate jumps up, after it had fallen to less than half."""
    count, low = 0, np.inf
    high = 0.0
    for rate in rates.tolist():
        if rate > 2 * low and high > 2 * low:
            count, low, high = count + 1, rate, rate
        low, high = min(low, rate), max(high, rate)
    return count
