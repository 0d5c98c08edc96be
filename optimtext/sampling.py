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

    Notes
    -----
    The order of an epoch takes 8 bytes a sample. Where even that is too much, or the samples lie in a file that is slow
    to jump about in, `blocked_batches` shuffles with less.

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


def blocked_batches(
    n_samples: int, batch_size: int, rng: "np.random.Generator", *, block: int = 256, window: int = 64
) -> Iterator[NDArray[Any]]:
    """Yield batches of indices for ever, shuffled before each epoch as far as a file read in blocks allows.

    The samples are cut into blocks of neighbors. For each epoch the order of the blocks is drawn, and then, for
    `window` blocks at a time, the order of their samples. So at any time only ``window * block`` samples take part,
    which the system can keep in memory, and a block is read from the file once an epoch.

    Every epoch visits each sample once, in ``ceil(n_samples / batch_size)`` batches, the last of which may be smaller.

    Parameters
    ----------
    n_samples : int
        Number of samples, at least 1.
    batch_size : int
        Samples in a batch, from 1 to `n_samples`.
    rng : numpy.random.Generator
        The source of randomness; nothing else is drawn from.
    block : int, default 256
        Neighbors in a block, at least 1. So many that reading a block takes longer than finding it: a few hundred
        kilobytes for a disk.
    window : int, default 64
        Blocks whose samples are mixed, at least 1. All of them, or blocks of 1, make every order equally likely.

    Yields
    ------
    numpy.ndarray of int, shape (batch_size,) or smaller at the end of an epoch

    Raises
    ------
    ValueError, TypeError
        If a size is out of range or not an integer.

    Warnings
    --------
    Neighbors meet in one batch more often than chance would have it. If the file is sorted, by class or by time,
    shuffle it once on disk, or take a window of many small blocks.

    Notes
    -----
    Memory: 8 bytes for each block and each sample of a window, where `shuffled_batches` needs them for each sample.

    Examples
    --------
    >>> batches = blocked_batches(8, 4, np.random.default_rng(0), block=2, window=2)
    >>> epoch = [next(batches).tolist() for _ in range(2)]
    >>> [sorted(i // 2 for i in batch) for batch in epoch]
    [[0, 0, 2, 2], [1, 1, 3, 3]]
    """
    n_samples = _checks.integer("n_samples", n_samples, 1)
    batch_size = _checks.integer("batch_size", batch_size, 1, n_samples)
    block, window = _checks.integer("block", block, 1), _checks.integer("window", window, 1)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, such as default_rng(0), got {rng!r}")
    return _blocked(n_samples, batch_size, rng, block, window)


def _forever(n_samples: int, batch_size: int, rng: "np.random.Generator") -> Iterator[NDArray[Any]]:
    # A function of its own, so that the checks above run at the call and not at the first batch.
    while True:
        order = rng.permutation(n_samples)
        for start in range(0, n_samples, batch_size):
            yield order[start : start + batch_size]


def _blocked(
    n_samples: int, batch_size: int, rng: "np.random.Generator", block: int, window: int
) -> Iterator[NDArray[Any]]:
    within = np.arange(block)
    while True:
        blocks = rng.permutation(-(-n_samples // block))
        rest = blocks[:0]
        for first in range(0, len(blocks), window):
            drawn = (blocks[first : first + window, None] * block + within).ravel()
            drawn = rng.permutation(drawn[drawn < n_samples])  # the last block of the file may be short
            order = np.concatenate([rest, drawn])
            whole = len(order) - len(order) % batch_size
            for start in range(0, whole, batch_size):
                yield order[start : start + batch_size]
            rest = order[whole:]
        if rest.size:
            yield rest
