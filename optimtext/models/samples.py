"""Where a model gets its rows from: memory, or a memory-mapped file of which only the rows asked for are read.

Rows come as a design, the features with a column of ones for the bias.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.models.mapped import MappedRows, mapped_rows

Array: TypeAlias = NDArray[Any]
Rows: TypeAlias = tuple[Array, Array]
Check: TypeAlias = Callable[[Array], Array]

# A pass over a file takes as many rows at once: enough to keep the matrix products busy, few enough that what a model
# computes from them (a network has hundreds of numbers a row) stays small.
_BLOCK_ROWS, _BLOCK_BYTES = 8192, 2**20


class Held:
    """Samples in memory: a copy of what was given."""

    def __init__(self, features: ArrayLike, targets: ArrayLike, check: Check) -> None:
        x = _checks.finite_array("features", features)
        y = _checks.finite_array("targets", targets)
        _fit(x, y)
        self.targets = check(y)
        self.design = with_ones(x)
        self.n_samples, self.width = self.design.shape
        self.dtype = self.design.dtype

    def take(self, batch: ArrayLike) -> Rows:
        """Return the rows of a batch."""
        rows = _indices(batch)
        return self.design.take(rows, axis=0), self.targets.take(rows)

    def blocks(self) -> Iterator[Rows]:
        """Yield all rows: here at once."""
        yield self.design, self.targets


class Mapped:
    """Samples in a file: nothing is copied but the rows asked for, which are checked when they are read."""

    def __init__(self, features: "np.memmap[Any, Any]", targets: ArrayLike, check: Check) -> None:
        if not isinstance(targets, np.memmap):
            targets = _checks.finite_array("targets", targets)
        for name, array in (("features", features), ("targets", targets)):
            if array.dtype.kind not in "iubf":
                raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
            if array.size == 0:
                raise ValueError(f"{name} must not be empty, got shape {array.shape}")
        _fit(features, targets)
        self._features, self._check = mapped_rows(features), check
        self._targets = mapped_rows(targets) if isinstance(targets, np.memmap) else MappedRows(targets, None)
        self.n_samples, self.width = features.shape[0], features.shape[1] + 1
        # Of the machine's own byte order, whatever the file's.
        self.dtype = np.dtype(features.dtype.type) if features.dtype.kind == "f" else np.dtype(np.float64)

    def take(self, batch: ArrayLike) -> Rows:
        """Return the rows of a batch."""
        rows = _indices(batch)
        return self._rows(self._features.take(rows), self._targets.take(rows), rows)

    def blocks(self) -> Iterator[Rows]:
        """Yield all rows, a few thousand at a time."""
        size = max(1, min(_BLOCK_ROWS, _BLOCK_BYTES // (self.width * self.dtype.itemsize)))
        for start in range(0, self.n_samples, size):
            stop = min(start + size, self.n_samples)
            x, y = self._features.between(start, stop), self._targets.between(start, stop)
            yield self._rows(x, y, range(start, stop))

    def _rows(self, x: Array, y: Array, rows: Any) -> Rows:
        design = np.empty((len(x), self.width), dtype=self.dtype)
        design[:, :-1] = x
        design[:, -1] = 1
        targets = y.astype(np.float64 if y.dtype.kind != "f" else y.dtype.type)
        for name, values in (("features", design), ("targets", targets)):
            if not np.isfinite(values).all():
                where = tuple(np.argwhere(~np.isfinite(values))[0])
                at = ", ".join(map(str, (rows[where[0]], *where[1:])))
                raise ValueError(f"{name} must be finite, got {name}[{at}] = {values[where]}")
        return design, self._check(targets)


def samples(features: ArrayLike, targets: ArrayLike, check: Check) -> Held | Mapped:
    """Return the samples, held in memory unless the features are a memory map."""
    # A memory map is an array, which the type checker cannot tell from the condition.
    return (Mapped if isinstance(features, np.memmap) else Held)(features, targets, check)  # type: ignore[arg-type]


def with_ones(features: Array) -> Array:
    """Return features with a column of ones, whose weight is the bias."""
    return np.hstack([features, np.ones((len(features), 1), dtype=features.dtype)])


def _fit(features: Array, targets: Array) -> None:
    if features.ndim != 2:
        raise ValueError(f"features must have shape (n_samples, n_features), got shape {features.shape}")
    if targets.shape != features.shape[:1]:
        n = len(features)
        raise ValueError(f"targets must have shape ({n},), one for each row of features, got shape {targets.shape}")


def _indices(batch: ArrayLike) -> Array:
    rows = np.atleast_1d(np.asarray(batch))
    if rows.size == 0 or rows.dtype.kind not in "iu" or rows.ndim != 1:
        raise ValueError(f"batch must hold at least one sample index, in one dimension, got {batch!r}")
    return rows
