"""A column of a log of any length in bounded memory: kept whole while it is short, in equal bins when it is long.

Each bin holds the sum, the largest value and the place of its entries. When there are too many bins, neighbors are
joined and each holds twice as many entries. The last single values are kept beside, for what only they show.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Up to so many entries a column is kept whole; a longer one ends in at least half as many bins.
BINS = 4096
RECENT = 2048
# A loss beyond this has diverged, whatever it is exactly; kept below, squares and sums of losses do not overflow.
LARGEST = 1e140


@dataclass(frozen=True, eq=False)
class Series:
    """A column: values, the steps of the log, and how many entries there were.

    Attributes
    ----------
    step, value, high : numpy.ndarray
        Step of the last entry, mean and largest value of each bin; in a short column a bin is an entry.
    place : numpy.ndarray
        Number of the bin's last row in the log, counted from 0.
    recent_step, recent : numpy.ndarray
        The last single entries.
    count, seen : int
        Finite entries, and all entries.
    broken : tuple of (float, float), optional
        Step and value of the first entry that was not finite, if none after it was.
    resumed : tuple of (float, float), optional
        Step and value of the first entry that was not finite, if a later one was.
    backwards : tuple of (float, float), optional
        The first step that did not exceed the one before it, and that one.
    """

    step: Array
    value: Array
    high: Array
    place: Array
    recent_step: Array
    recent: Array
    count: int
    seen: int
    broken: tuple[float, float] | None
    resumed: tuple[float, float] | None
    backwards: tuple[float, float] | None


class Collector:
    """Takes a column piece by piece, or one value at a time, in memory that does not grow.

    Parameters
    ----------
    bins : int, default 4096
        Most bins that are kept.
    recent : int, default 2048
        Single entries that are kept from the end.
    """

    def __init__(self, bins: int = BINS, recent: int = RECENT) -> None:
        self.count = self.seen = 0
        self.width = 1  # entries in a bin
        self._bins, self._recent = bins, recent
        # Rows: sum, largest value, step and place of the last entry, number of entries.
        self._full = np.empty((5, bins))
        self._used = 0
        self._tail = np.empty((2, 2 * recent))
        self._tail_used = 0
        self._last_step = -np.inf
        self._bad: tuple[float, float] | None = None
        self._resumed: tuple[float, float] | None = None
        self._backwards: tuple[float, float] | None = None

    def add(self, step: Array, value: Array, place: Array) -> None:
        """Add entries in the order of the log; those that are not finite are noted and not kept."""
        self.seen += len(value)
        good = np.isfinite(value)
        if not good.all():
            first = int(np.argmin(good))
            if self._bad is None:
                self._bad = float(step[first]), float(value[first])
                later = good[first:].any()
            else:
                later = good.any()
            if later and self._resumed is None:
                self._resumed = self._bad
            step, value, place = step[good], value[good], place[good]
        elif self._bad is not None and len(value) and self._resumed is None:
            self._resumed = self._bad
        if not len(value):
            return
        self._note_order(step)
        value = np.clip(value, -LARGEST, LARGEST)
        self._keep_recent(step, value)
        while len(value):
            room = self._bins * self.width - self.count
            if room <= 0:
                self._halve()
                continue
            self._fill(step[:room], value[:room], place[:room])
            step, value, place = step[room:], value[room:], place[room:]

    def one(self, step: float, value: float) -> None:
        """Add one entry."""
        self.add(np.array([step]), np.array([value]), np.array([float(self.count)]))

    def series(self) -> Series:
        """Return the column as it stands."""
        total, high, step, place, held = self._full[:, : self._used]
        start = max(0, self._tail_used - self._recent)
        recent = self._tail[:, start : self._tail_used]
        broken = self._bad if self._resumed is None else None
        return Series(
            step.copy(), total / held, high.copy(), place.copy(), recent[0].copy(), recent[1].copy(), self.count,
            self.seen, broken, self._resumed, self._backwards,
        )  # fmt: skip  # in the order of the attributes

    def _note_order(self, step: Array) -> None:
        before = np.concatenate([[self._last_step], step[:-1]])
        if self._backwards is None:
            wrong = np.flatnonzero(step <= before)
            if wrong.size:
                self._backwards = float(step[wrong[0]]), float(before[wrong[0]])
        self._last_step = float(step[-1])

    def _keep_recent(self, step: Array, value: Array) -> None:
        keep = self._recent
        step, value = step[-keep:], value[-keep:]
        if self._tail_used + len(value) > 2 * keep:
            self._tail[:, :keep] = self._tail[:, self._tail_used - keep : self._tail_used]
            self._tail_used = keep
        self._tail[:, self._tail_used : self._tail_used + len(value)] = step, value
        self._tail_used += len(value)

    def _fill(self, step: Array, value: Array, place: Array) -> None:
        # The bin of each entry; the first may belong to a bin that was begun before.
        index = (self.count + np.arange(len(value))) // self.width
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        ends = np.append(starts[1:], len(value)) - 1
        total, high, held = np.add.reduceat(value, starts), np.maximum.reduceat(value, starts), ends - starts + 1
        new = np.stack([total, high, step[ends], place[ends], held.astype(np.float64)])
        target = int(index[0])
        if target < self._used:
            last = self._full[:, target]
            last[:] = last[0] + new[0, 0], max(last[1], new[1, 0]), new[2, 0], new[3, 0], last[4] + new[4, 0]
            new = new[:, 1:]
        self._full[:, self._used : self._used + new.shape[1]] = new
        self._used += new.shape[1]
        self.count += len(value)

    def _halve(self) -> None:
        pairs = self._full[:, : self._used].reshape(5, -1, 2)
        total, high, step, place, held = pairs
        joined = np.stack([total.sum(axis=1), high.max(axis=1), step[:, 1], place[:, 1], held.sum(axis=1)])
        self._used = joined.shape[1]
        self._full[:, : self._used] = joined
        self.width *= 2
