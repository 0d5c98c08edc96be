"""Clipping: no gradient larger than a limit reaches the rule.

A clip is a small object; call it with a gradient. The last axis is the vector; axes before it are independent runs,
each clipped by itself.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks

Array: TypeAlias = NDArray[Any]


class Clip(Protocol):
    """What ``minimize(clip=...)`` asks for: any function of a gradient that returns one of the same shape."""

    def __call__(self, grad: Any, /) -> Any:
        """Return what the rule is to get in place of `grad`."""


@_checks.strict
@dataclass(frozen=True)
class ByValue:
    r"""Clip each coordinate by itself, :math:`g_i \leftarrow \min(\max(g_i, -c), c)`.

    Parameters
    ----------
    limit : float, default 1.0
        The limit :math:`c`, in units of the gradient.

    Raises
    ------
    ValueError, TypeError
        If ``limit`` is not positive and finite.

    Warnings
    --------
    The direction changes: large coordinates lose, small ones do not. `ByNorm` keeps it.

    Examples
    --------
    >>> ByValue(1.0)([0.5, -8.0]).tolist()
    [0.5, -1.0]
    """

    limit: float = 1.0

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("limit", self.limit)

    def __call__(self, grad: ArrayLike, /) -> Array:
        """Return the clipped gradient, shape of `grad`."""
        clipped: Array = np.clip(_checks.floating("grad", grad), -self.limit, self.limit)
        return clipped


@_checks.strict
@dataclass(frozen=True)
class ByNorm:
    r"""Shorten a long gradient and keep its direction, :math:`g \leftarrow \min(1, c / \lVert g \rVert)\, g`.

    The norm is the Euclidean one over the whole vector ("global norm"), for each run by itself.

    Parameters
    ----------
    limit : float, default 1.0
        The limit :math:`c`, in units of the gradient.

    Raises
    ------
    ValueError, TypeError
        If ``limit`` is not positive and finite.

    Warnings
    --------
    PyTorch's ``clip_grad_norm_`` divides by the norm plus 1e-6 and so gives a gradient a little shorter than this.

    References
    ----------
    R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.

    Examples
    --------
    >>> ByNorm(1.0)([3.0, -4.0]).round(12).tolist()
    [0.6, -0.8]
    >>> ByNorm(10.0)([3.0, -4.0]).tolist()
    [3.0, -4.0]
    """

    limit: float = 1.0

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("limit", self.limit)

    def __call__(self, grad: ArrayLike, /) -> Array:
        """Return the clipped gradient, shape of `grad`."""
        array = _checks.floating("grad", grad)
        vector = np.atleast_1d(array)
        # In units of the largest coordinate, because the squares of large gradients overflow and of small ones vanish.
        largest = np.abs(vector).max(axis=-1, keepdims=True, initial=0.0)
        with np.errstate(all="ignore"):  # a gradient that is not finite stays so; a zero one is not looked at
            direction = vector / np.where(largest > 0, largest, 1)
            length = np.sqrt((direction * direction).sum(axis=-1, keepdims=True))
            clipped = np.where(largest * length > self.limit, direction * (self.limit / length), vector)
        return clipped.reshape(array.shape)
