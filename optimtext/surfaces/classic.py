"""The field's test functions: curved valleys, plateaus and many minima."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy import cos, sin

from optimtext import _checks
from optimtext.surfaces.base import Number, Surface, Window


@_checks.strict
@dataclass(frozen=True)
class Rosenbrock(Surface):
    r"""The banana: :math:`f = (1 - x)^2 + 100 (y - x^2)^2`, a bent valley with a nearly flat floor.

    References
    ----------
    H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960.

    Examples
    --------
    >>> Rosenbrock().loss([1.0, 1.0])
    0.0
    """

    window: ClassVar[Window] = ((-2.0, 2.0), (-1.0, 3.0))
    _start: ClassVar[tuple[float, float]] = (-1.2, 1.0)
    _minimizers: ClassVar[tuple[tuple[float, float], ...]] = ((1.0, 1.0),)

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        a = 1.0 - x
        b = y - x * x
        return a * a + 100.0 * b * b

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        b = y - x * x
        return 2.0 * (x - 1.0) - 400.0 * x * b, 200.0 * b


@_checks.strict
@dataclass(frozen=True)
class Beale(Surface):
    r"""Beale's function, a plateau with steep walls toward the corners.

    .. math:: f = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2

    References
    ----------
    E. M. L. Beale, "On an iterative method for finding a local minimum of a function of more than one variable",
    1958.

    Examples
    --------
    >>> Beale().loss([3.0, 0.5])
    0.0
    """

    window: ClassVar[Window] = ((-4.5, 4.5), (-4.5, 4.5))
    _start: ClassVar[tuple[float, float]] = (1.0, 1.5)
    _minimizers: ClassVar[tuple[tuple[float, float], ...]] = ((3.0, 0.5),)

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        a = 1.5 - x + x * y
        b = 2.25 - x + x * y * y
        c = 2.625 - x + x * y * y * y
        return a * a + b * b + c * c

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        a = 1.5 - x + x * y
        b = 2.25 - x + x * y * y
        c = 2.625 - x + x * y * y * y
        along = 2.0 * (a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0))
        across = 2.0 * x * (a + 2.0 * b * y + 3.0 * c * y * y)
        return along, across


@_checks.strict
@dataclass(frozen=True)
class Himmelblau(Surface):
    r"""Himmelblau's function :math:`f = (x^2 + y - 11)^2 + (x + y^2 - 7)^2`: four minima of equal depth.

    References
    ----------
    D. M. Himmelblau, "Applied nonlinear programming", 1972.

    Examples
    --------
    >>> Himmelblau().loss([3.0, 2.0])
    0.0
    """

    window: ClassVar[Window] = ((-5.0, 5.0), (-5.0, 5.0))
    _start: ClassVar[tuple[float, float]] = (-1.0, -1.0)
    # Beside (3, 2) these are roots of polynomials; the digits are to the last bit of a double and tested as such.
    _minimizers: ClassVar[tuple[tuple[float, float], ...]] = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.2831859912861696),
        (3.5844283403304917, -1.8481265269644036),
    )

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        a = x * x + y - 11.0
        b = x + y * y - 7.0
        return a * a + b * b

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        a = x * x + y - 11.0
        b = x + y * y - 7.0
        return 4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b


@_checks.strict
@dataclass(frozen=True)
class Rastrigin(Surface):
    r"""Rastrigin's function in two dimensions, a bowl covered with a regular grid of dents.

    .. math:: f = 20 + x^2 - 10 \cos 2\pi x + y^2 - 10 \cos 2\pi y

    References
    ----------
    L. A. Rastrigin, "Systems of extremal control", 1974 (in Russian).

    Examples
    --------
    >>> round(float(Rastrigin().loss([1.0, 1.0])), 12)
    2.0
    """

    window: ClassVar[Window] = ((-5.12, 5.12), (-5.12, 5.12))
    _start: ClassVar[tuple[float, float]] = (-3.3, 2.7)
    two_pi: ClassVar[float] = 2.0 * np.pi

    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""
        return 20.0 + x * x - 10.0 * cos(self.two_pi * x) + y * y - 10.0 * cos(self.two_pi * y)

    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""
        along = 2.0 * x + 10.0 * self.two_pi * sin(self.two_pi * x)
        across = 2.0 * y + 10.0 * self.two_pi * sin(self.two_pi * y)
        return along, across
