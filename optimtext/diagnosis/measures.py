"""What every test looks at: levels of the curve, how much it fell, and how far noise lets one see.

Nothing depends on the unit of the loss, and little on how many entries a run has: the curve is cut into about fifty
blocks, and noise is judged by how their means scatter, so that noise which lasts a few steps (as after smoothing) is
not taken for less than it is.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimtext.diagnosis.curve import Array, Curve

BLOCKS = 48
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Measures:
    """Measures of a curve, each computed when it is first asked for."""

    curve: Curve

    @cached_property
    def blocks(self) -> Array:
        """Means of about fifty blocks of equal length (single losses, where there are few)."""
        return blocks(self.curve.loss)

    @cached_property
    def jitter(self) -> float:
        """Standard deviation of a single entry about its neighbors, in the second half of the run."""
        return scatter(self.curve.loss[len(self.curve.loss) // 2 :])

    @cached_property
    def end(self) -> float:
        """Level of the last twentieth of the run."""
        return float(self.curve.loss[-max(1, len(self.curve.loss) // 20) :].mean())

    @cached_property
    def first(self) -> float:
        """Level at the start."""
        return self._start[0]

    @cached_property
    def clearance(self) -> float:
        """By how many standard errors the first losses lie above the end, for as many of them as show it best."""
        return self._start[1]

    @cached_property
    def _start(self) -> tuple[float, float]:
        # The first loss if it stands clear of the end, or the mean of as many as stand clear, up to a tenth; where none
        # do, as many as stand out most.
        loss = self.curve.loss
        early = max(scatter(loss[: max(8, len(loss) // 4)]), _TINY)
        widths = [width for width in (1, 2, 4, 8, 16, 32, 64) if width <= max(1, len(loss) // 10)]
        levels = [float(loss[:width].mean()) for width in widths]
        clear = [(level - self.end) / early * width**0.5 for level, width in zip(levels, widths, strict=True)]
        chosen = next((i for i, z in enumerate(clear) if z >= 4), int(np.argmax(clear)))
        return levels[chosen], max(clear) * early / max(early, self.wander)

    @cached_property
    def size(self) -> float:
        """What a change is compared with: the first level, or the range of the curve where the loss may be negative."""
        lowest = float(self.curve.loss.min())
        return max(self.first if lowest >= 0 else float(np.ptp(self.curve.loss)), _TINY)

    @cached_property
    def drop(self) -> float:
        """How much the loss fell, negative if it rose."""
        return self.first - self.end

    @cached_property
    def error(self) -> float:
        """Standard error of the difference of two quarters' means."""
        return self.wander * float(np.sqrt(8 / len(self.curve.loss)))

    @cached_property
    def late_error(self) -> float:
        """Standard error of the mean of the last twelfth of the run."""
        return self.wander * float(np.sqrt(12 / len(self.curve.loss)))

    @cached_property
    def wander(self) -> float:
        """Standard deviation of one entry, if its noise were independent of its neighbors' with means as uncertain."""
        return wander(self.curve.loss[len(self.curve.loss) // 2 :])

    @cached_property
    def quarters(self) -> float:
        """How much the mean of the last quarter lies below that of the first."""
        quarter = max(1, len(self.blocks) // 4)
        return float(np.median(self.blocks[:quarter]) - np.median(self.blocks[-quarter:]))


def blocks(values: Array, count: int = BLOCKS) -> Array:
    """Return the means of `count` pieces of equal length, or the values where there are not twice as many."""
    if len(values) < 2 * count:
        return values
    edges = np.linspace(0, len(values), count + 1).round().astype(int)
    return np.add.reduceat(values, edges[:-1]) / np.diff(edges)


def scatter(values: Array) -> float:
    """Return the standard deviation of values about a curve without sharp bends, not misled by single outliers."""
    if len(values) < 4:
        return 0.0
    # For independent noise a second difference has six times the variance of a value.
    bend = values[:-2] - 2 * values[1:-1] + values[2:]
    return float(np.median(np.abs(bend))) * 1.4826 / 6**0.5


def wander(values: Array) -> float:
    """Return how far means of values stray: the standard deviation of one, times the root of how long noise lasts.

    It is the root of the spectral density at frequency zero, read off the slow waves of the values about a parabola. A
    log that was smoothed, or of which entries were dropped, has nearly the same slow waves.
    """
    n = len(values)
    if n < 8:
        return scatter(values)
    places = np.linspace(-1, 1, n)
    basis = np.linalg.qr(np.polynomial.legendre.legvander(places, 2))[0]
    rest = values - basis @ (basis.T @ values)
    slow = np.abs(np.fft.rfft(rest)[2 : 2 + min(8, max(4, n // 8))])
    return float(np.sqrt(np.mean(slow**2) / n))
