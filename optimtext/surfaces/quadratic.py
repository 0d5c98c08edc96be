"""Quadratics: the surfaces on which everything about a method can be said exactly."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.surfaces.base import Number, Surface, Window


@_checks.strict
@dataclass(frozen=True)
class Bowl(Surface):
    r"""The round bowl :math:`f = \tfrac{c}{2}(x^2 + y^2)`: the gradient points straight away from the minimum.

    Parameters
    ----------
    curvature : float, default 4.0
        :math:`c`, the same in all directions. At the default, gradient descent with a rate of 1 explodes, since
        2 / 4 is the limit, and a rate of 1 / 4 arrives in one step.

    Raises
    ------
    ValueError, TypeError
        If ``curvature`` is not positive and finite.

    Examples
    --------
    >>> Bowl(curvature=4.0).gradient([1.0, 0.5])
    array([4., 2.])
    """

    curvature: float = 4.0

    window: ClassVar[Window] = ((-2.0, 2.0), (-2.0, 2.0))
    _start: ClassVar[tuple[float, float]] = (-1.5, 1.0)

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("curvature", self.curvature)

    def hessian(self, theta: ArrayLike | None = None) -> NDArray[np.float64]:  # constant on a quadratic
        """Return the second derivatives, shape (2, 2): the same at every `theta`."""
        return np.diag([float(self.curvature)] * 2)

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        return 0.5 * self.curvature * (x * x + y * y)

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        return self.curvature * x, self.curvature * y


@_checks.strict
@dataclass(frozen=True)
class Ravine(Surface):
    r"""The ravine :math:`f = \tfrac12 (x^2 + \kappa y^2)`: flat along, steep across.

    Parameters
    ----------
    condition : float, default 50.0
        :math:`\kappa`, the curvature across; along the floor it is 1, so this is the condition number where it is
        at least 1.

    Raises
    ------
    ValueError, TypeError
        If ``condition`` is not positive and finite.

    Examples
    --------
    >>> Ravine(condition=50.0).gradient([1.0, 1.0])
    array([ 1., 50.])
    """

    condition: float = 50.0

    window: ClassVar[Window] = ((-5.0, 5.0), (-1.5, 1.5))
    _start: ClassVar[tuple[float, float]] = (-4.5, 1.0)

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("condition", self.condition)

    def hessian(self, theta: ArrayLike | None = None) -> NDArray[np.float64]:  # constant on a quadratic
        """Return the second derivatives, shape (2, 2): the same at every `theta`."""
        return np.diag([1.0, float(self.condition)])

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        return 0.5 * (x * x + self.condition * y * y)

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        return x, self.condition * y


@_checks.strict
@dataclass(frozen=True)
class Saddle(Surface):
    r"""The saddle :math:`f = \tfrac12 (x^2 - y^2)`: it rises along x and falls along y, with no minimum.

    The loss falls without end once a run has left the ridge ``y = 0``, which is escape and not convergence. On the
    ridge the partial derivative in y is exactly zero, so no rule of this package ever leaves it.

    Examples
    --------
    >>> Saddle().gradient([1.0, 0.5])
    array([ 1. , -0.5])
    >>> Saddle().minimum
    -inf
    """

    minimum: ClassVar[float] = -np.inf
    window: ClassVar[Window] = ((-2.0, 2.0), (-2.0, 2.0))
    _start: ClassVar[tuple[float, float]] = (-1.5, 1e-3)
    _minimizers: ClassVar[tuple[tuple[float, float], ...]] = ()

    def hessian(self, theta: ArrayLike | None = None) -> NDArray[np.float64]:  # constant on a quadratic
        """Return the second derivatives, shape (2, 2): the same at every `theta`."""
        return np.diag([1.0, -1.0])

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        return 0.5 * (x * x - y * y)

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        return x, -y
