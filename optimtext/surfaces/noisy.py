"""Gradients with noise, as mini-batches would give them: the same numbers in Python and in the playground."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.surfaces.base import Surface

_WORD = 0xFFFFFFFF


def mixed(word: int) -> int:
    """Return a 32-bit word whose bits depend on all bits of `word`; a one-to-one map of the 32-bit words."""
    word = (word ^ (word >> 16)) * 0x21F0AAAD & _WORD
    word = (word ^ (word >> 15)) * 0xD35A2D97 & _WORD
    return word ^ (word >> 15)


def variates(seed: int) -> Iterator[float]:
    """Yield numbers of mean 0 and variance 1, nearly normal: sums of twelve uniform ones, less 6.

    Whole numbers of 32 bits and sums without rounding are all it takes, so that a page can compute the same numbers to
    the last bit, which no generator of NumPy allows. The price is a bound: no number is larger than 6.
    """
    state = mixed(seed)
    while True:
        total = 6  # half a unit in the last place for each of the twelve, so that the mean is exactly 0
        for _ in range(12):
            state = (state + 0x9E3779B9) & _WORD
            total += mixed(state)
        yield total * 2.0**-32 - 6.0


class Noisy:
    r"""A surface whose gradient carries additive noise: :math:`g = \nabla f(\theta) + \sigma \xi`.

    The variates :math:`\xi` have mean 0 and variance 1 and are independent from step to step and from coordinate to
    coordinate, whatever `theta` is. That is the simplest model of mini-batches, whose own noise varies with
    `theta`. The loss is without noise, so that a picture shows how far a run really is.

    Parameters
    ----------
    surface : Surface
        What is disturbed.
    sigma : float, default 1.0
        Standard deviation of the noise, in units of the gradient, at least 0.
    seed : int, default 0
        From 0 to 4294967295; it decides all the noise. The generator is one of 32 bits, good for pictures and runs of
        some thousand steps, not for measurements that need long streams.

    Raises
    ------
    ValueError, TypeError
        If `surface` is no surface, or `sigma` or `seed` is out of range.

    Warnings
    --------
    Each call of `gradient` draws the next noise. For the same run again, make a new object.

    Examples
    --------
    >>> import optimtext as ot
    >>> def last():
    ...     noisy = ot.surfaces.Noisy(ot.surfaces.Bowl(), sigma=0.5, seed=7)
    ...     return ot.minimize(noisy, [1.0, -1.0], ot.GradientDescent(lr=0.1), max_steps=50).theta
    >>> bool((last() == last()).all())
    True
    """

    def __init__(self, surface: Surface, sigma: float = 1.0, seed: int = 0) -> None:
        if not isinstance(surface, Surface):
            raise TypeError(f"surface must be a surface, such as Bowl(), got {surface!r}")
        _checks.non_negative("sigma", sigma, scalar=True)
        self.surface, self.sigma, self.seed = surface, float(sigma), _checks.integer("seed", seed, 0, _WORD)
        self._noise = variates(self.seed)

    def __repr__(self) -> str:
        return f"Noisy({self.surface!r}, sigma={self.sigma!r}, seed={self.seed!r})"

    def loss(self, theta: ArrayLike) -> Any:
        """Return the height at `theta`, without noise."""
        return self.surface.loss(theta)

    def gradient(self, theta: ArrayLike) -> NDArray[Any]:
        """Return the gradient at `theta` plus the next noise, in the shape of `theta`."""
        gradient = self.surface.gradient(theta)
        noise = np.fromiter(self._noise, dtype=np.float64, count=gradient.size)
        return gradient + self.sigma * noise.reshape(gradient.shape)
