"""Which samples a step looks at: index batches drawn from an explicit random generator."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext import _checks


# The generator's type stands in quotes, since looking it up would load numpy.random with the package.
def shuffled_batches(n_samples: int, batch_size: int, rng: "np.random.Generator") -> Iterator[NDArray[Any]]:
    """Yield batches of indices for ever, reshuffling before each epoch.

    Every epoch visits each sample once. Where `batch_size` does not divide `n_samples`, the last batch of an epoch
    is smaller, so an epoch has ``ceil(n_samples / batch_size)`` batches.

    Parameters
    ----------
    n_samples : int
        Number of samples, at least 1.
    batch_size : int
        Samples in a batch, from 1 to `n_samples`.
    rng : numpy.random.Generator
        The source of randomness; nothing else is drawn from.

    Yields
    ------
    numpy.ndarray of int, shape (batch_size,) or smaller at the end of an epoch

    Raises
    ------
    ValueError, TypeError
        If a size is out of range or not an integer.

    Examples
    --------
    >>> batches = shuffled_batches(5, 2, np.random.default_rng(0))
    >>> epoch = [next(batches) for _ in range(3)]
    >>> [len(batch) for batch in epoch]
    [2, 2, 1]
    >>> sorted(int(i) for batch in epoch for i in batch)
    [0, 1, 2, 3, 4]
    """
    n_samples = _checks.integer("n_samples", n_samples, 1)
    batch_size = _checks.integer("batch_size", batch_size, 1, n_samples)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, such as default_rng(0), got {rng!r}")
    return _forever(n_samples, batch_size, rng)


def _forever(n_samples: int, batch_size: int, rng: "np.random.Generator") -> Iterator[NDArray[Any]]:
    # A function of its own, so that the checks above run at the call and not at the first batch.
    while True:
        order = rng.permutation(n_samples)
        for start in range(0, n_samples, batch_size):
            yield order[start : start + batch_size]
