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

    window: ClassVar[Window] = ((-2.0, 2.0), (-2.0, 2.0))
    _minimum: ClassVar[float] = -np.inf
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


@_checks.strict
@dataclass(frozen=True)
class Quadratic(Surface):
    r"""A quadratic of one's own: :math:`f = \tfrac12 (a x^2 + 2 b x y + c y^2)`.

    The coupling :math:`b` turns the axes of the ellipses away from those of the coordinates, which rules that treat
    each coordinate on its own can feel and gradient descent cannot.

    Parameters
    ----------
    a : float, default 2.0
        Curvature along x.
    b : float, default -3.0
        Coupling of the coordinates, the mixed second derivative.
    c : float, default 8.0
        Curvature along y. With the other defaults the curvatures of the ellipse's own axes are 5 ± 3√2, so that the
        condition number is about 12.2 and the ravine is tilted.

    Raises
    ------
    ValueError, TypeError
        If one of them is not finite.

    Warnings
    --------
    What it is depends on the numbers: a bowl where ``a > 0`` and ``a * c > b * b``, a saddle where ``a * c < b * b``.
    In between, where the two are equal and no curvature is negative, the floor is a line of minimizers, of which
    `minimizers` names the origin.

    Examples
    --------
    >>> Quadratic(a=2.0, b=1.0, c=3.0).gradient([1.0, 1.0])
    array([3., 4.])
    >>> Quadratic(b=5.0).minimum
    -inf
    """

    a: float = 2.0
    b: float = -3.0
    c: float = 8.0

    window: ClassVar[Window] = ((-3.0, 3.0), (-2.0, 2.0))
    _start: ClassVar[tuple[float, float]] = (-2.5, 1.0)

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        for name in ("a", "b", "c"):
            _checks.finite(name, getattr(self, name))

    @property
    def minimum(self) -> float:
        """The lowest value; minus infinity where a curvature is negative."""
        bounded = self.a >= 0 and self.c >= 0 and self.a * self.c >= self.b * self.b
        return 0.0 if bounded else -np.inf

    @property
    def minimizers(self) -> NDArray[np.float64]:
        """Where the lowest value is taken, shape (k, 2)."""
        return np.zeros((int(self.minimum == 0), 2))

    def hessian(self, theta: ArrayLike | None = None) -> NDArray[np.float64]:  # constant on a quadratic
        """Return the second derivatives, shape (2, 2): the same at every `theta`."""
        return np.array([[self.a, self.b], [self.b, self.c]], dtype=np.float64)

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        return 0.5 * (self.a * x * x + 2.0 * self.b * x * y + self.c * y * y)

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        return self.a * x + self.b * y, self.b * x + self.c * y
