r"""Penalties: what a large parameter costs, and the proximal map that makes a rule pay it exactly.

A penalty :math:`r` is a small object. Call it for its value; ``prox(x, step)`` is its proximal map,

.. math:: \operatorname{prox}_{s r}(x) = \arg\min_z \; r(z) + \tfrac{1}{2 s} \lVert z - x \rVert^2,

the best compromise between a small penalty and staying near ``x``, here always in closed form. ``minimize`` and
``Stepper`` take it after each step of a rule, so that L1 gives zeros that are exact. The last axis is the vector; axes
before it are independent runs.

None of the three has a factor ½: :math:`\lambda_1 \sum_i |x_i| + \lambda_2 \sum_i x_i^2`.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks

Array: TypeAlias = NDArray[Any]
#: Which coordinates are penalized: a slice, a boolean mask, indices, or None for all.
On: TypeAlias = "slice | ArrayLike | None"


@runtime_checkable
class Penalty(Protocol):
    """What ``minimize(penalty=...)`` asks for; any object of this shape will do.

    An elementwise penalty may also say ``on = None``, all coordinates alike; then long vectors are walked in blocks.
    """

    def __call__(self, x: Any, /) -> Any:
        """Return the value at `x`, summed over the last axis."""

    def prox(self, x: Any, step: Any, /) -> Any:
        """Return the proximal map at `x`, in its shape; `step` may be an array that broadcasts to it."""


@_checks.strict
@dataclass(frozen=True)
class L1:
    r"""The sum of absolute values, :math:`r(x) = \lambda_1 \sum_i |x_i|`: small parameters become exactly zero.

    Its proximal map moves each coordinate towards zero by ``step * l1`` and stops there (soft thresholding).

    Parameters
    ----------
    l1 : float, default 1.0
        Strength :math:`\lambda_1`, in units of the loss per unit of the parameter.
    on : slice, array of bool or array of int, optional
        The coordinates to penalize, as an index into the last axis; by default all. The models of this package have
        their bias last, and ``on=slice(-1)`` leaves it alone.

    Raises
    ------
    ValueError
        If ``l1`` is negative or not finite.
    TypeError
        If ``l1`` is no number, or ``on`` no index.

    Warnings
    --------
    Where a loss is a mean, so is its gradient, and ``l1`` does not grow with the data. scikit-learn's ``Lasso``
    divides squared errors by ``2 * n_samples``: its ``alpha`` is half the ``l1`` that suits a mean of squares.

    References
    ----------
    A. Beck and M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009.

    Examples
    --------
    >>> penalty = L1(0.5, on=slice(-1))
    >>> float(penalty([3.0, -1.0, 7.0]))
    2.0
    >>> penalty.prox([3.0, -0.1, 7.0], 1.0).tolist()
    [2.5, 0.0, 7.0]
    """

    l1: float = 1.0
    on: On = None

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _check(self)

    def __call__(self, x: ArrayLike, /) -> Any:
        """Return the value at `x`, summed over the last axis: a number, or an array of shape (...)."""
        return _value(x, self.l1, 0.0, self.on)

    def prox(self, x: ArrayLike, step: Any, /) -> Array:
        """Return the proximal map at `x`; a `step` of 0 changes nothing."""
        return _prox(x, step, self.l1, 0.0, self.on)


@_checks.strict
@dataclass(frozen=True)
class L2:
    r"""The sum of squares, :math:`r(x) = \lambda_2 \sum_i x_i^2`: all parameters shrink, none to zero.

    Its proximal map divides by ``1 + 2 * step * l2``.

    Parameters
    ----------
    l2 : float, default 1.0
        Strength :math:`\lambda_2`, in units of the loss per unit of the parameter squared.
    on : slice, array of bool or array of int, optional
        The coordinates to penalize, as for `L1`.

    Raises
    ------
    ValueError
        If ``l2`` is negative or not finite.
    TypeError
        If ``l2`` is no number, or ``on`` no index.

    Warnings
    --------
    There is no factor ½: the gradient is ``2 * l2 * x``, and PyTorch's ``weight_decay`` is ``2 * l2``.

    References
    ----------
    A. E. Hoerl and R. W. Kennard, "Ridge regression: biased estimation for nonorthogonal problems", 1970.

    Examples
    --------
    >>> L2(0.5).prox([3.0, -1.0], 1.0).tolist()
    [1.5, -0.5]
    """

    l2: float = 1.0
    on: On = None

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _check(self)

    def __call__(self, x: ArrayLike, /) -> Any:
        """Return the value at `x`, summed over the last axis: a number, or an array of shape (...)."""
        return _value(x, 0.0, self.l2, self.on)

    def prox(self, x: ArrayLike, step: Any, /) -> Array:
        """Return the proximal map at `x`; a `step` of 0 changes nothing."""
        return _prox(x, step, 0.0, self.l2, self.on)


@_checks.strict
@dataclass(frozen=True)
class ElasticNet:
    r"""Both at once, :math:`r(x) = \lambda_1 \sum_i |x_i| + \lambda_2 \sum_i x_i^2`.

    Its proximal map is that of `L1`, then the division of `L2`: exact zeros, and of correlated features not only one.

    Parameters
    ----------
    l1 : float, default 1.0
        Strength of the absolute values.
    l2 : float, default 1.0
        Strength of the squares.
    on : slice, array of bool or array of int, optional
        The coordinates to penalize, as for `L1`.

    Raises
    ------
    ValueError
        If a strength is negative or not finite.
    TypeError
        If a strength is no number, or ``on`` no index.

    Warnings
    --------
    Conventions differ in factors. scikit-learn's ``ElasticNet(alpha, l1_ratio)`` halves squared errors and squares
    alike; beside a mean of squares its minimizer is that of ``l1 = 2 * alpha * l1_ratio`` and
    ``l2 = alpha * (1 - l1_ratio)`` here.

    References
    ----------
    H. Zou and T. Hastie, "Regularization and variable selection via the elastic net", 2005.

    Examples
    --------
    >>> ElasticNet(l1=1.0, l2=0.5).prox([3.0, -0.5], 1.0).tolist()
    [1.0, 0.0]
    """

    l1: float = 1.0
    l2: float = 1.0
    on: On = None

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _check(self)

    def __call__(self, x: ArrayLike, /) -> Any:
        """Return the value at `x`, summed over the last axis: a number, or an array of shape (...)."""
        return _value(x, self.l1, self.l2, self.on)

    def prox(self, x: ArrayLike, step: Any, /) -> Array:
        """Return the proximal map at `x`; a `step` of 0 changes nothing."""
        return _prox(x, step, self.l1, self.l2, self.on)


def _check(penalty: Any) -> None:
    for name, value in _checks.hyperparameters(penalty).items():
        if name != "on":
            _checks.non_negative(name, value, scalar=True)
        elif value is not None and not isinstance(value, slice):
            index = np.asarray(value)
            if index.ndim != 1 or index.dtype.kind not in "biu":
                raise TypeError(f"on must be a slice, a mask, an array of indices, or None for all, got {value!r}")


def _value(x: ArrayLike, l1: float, l2: float, on: Any) -> Any:
    array = _vector(x)
    size = np.abs(array if on is None else array[..., _index(on, array)])
    return (l1 * size + l2 * size * size).sum(axis=-1)


def _prox(x: ArrayLike, step: Any, l1: float, l2: float, on: Any) -> Array:
    _checks.non_negative("step", step)
    array = _vector(x)
    # What the clamp leaves of a small x is x itself, and x - x is a zero without a sign.
    width = step * l1
    near: Array = (array - np.minimum(np.maximum(array, -width), width)) / (1 + 2 * step * l2)
    if on is not None:
        index, every, near = _index(on, array), near, array.copy()
        near[..., index] = every[..., index]
    return near if near.ndim == np.ndim(x) else near.reshape(np.shape(x))


def _vector(x: ArrayLike) -> Array:
    array = _checks.floating("x", x)
    return array if array.ndim else array.reshape(1)


def _index(on: Any, array: Array) -> Any:
    if isinstance(on, slice):
        return on
    mask = np.zeros(array.shape[-1], dtype=bool)  # in which an index that is named twice counts once
    try:
        mask[np.asarray(on)] = True
    except IndexError:
        raise ValueError(f"on must fit vectors of length {len(mask)}, the last axis of x, got {on!r}") from None
    return mask
