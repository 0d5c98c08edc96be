"""What every surface shares: from two elementwise functions to a problem that `minimize` can run."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Window: TypeAlias = tuple[tuple[float, float], tuple[float, float]]
Number: TypeAlias = Any


class Surface(ABC):
    """A loss of two parameters that can be drawn.

    A concrete surface writes `value` and `slope` in the grammar of `optimtext.emit`, so that the playground's
    surface is this one. Parameters `theta` have shape (2,), or (..., 2) for many points at once.

    Attributes
    ----------
    minimum : float
        The lowest value; minus infinity where there is none.
    minimizers : numpy.ndarray, shape (k, 2)
        Where the lowest value is taken; empty where it is not.
    start : numpy.ndarray, shape (2,)
        The customary first point of a run.
    window : pair of pairs of float
        ``((x0, x1), (y0, y1))``, the part that pictures show.
    """

    window: ClassVar[Window]
    _minimum: ClassVar[float] = 0.0
    _start: ClassVar[tuple[float, float]]
    _minimizers: ClassVar[tuple[tuple[float, float], ...]] = ((0.0, 0.0),)

    @abstractmethod
    def value(self, x: Number, y: Number) -> Number:
        """Return the height at (x, y), elementwise."""

    @abstractmethod
    def slope(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Return both partial derivatives at (x, y), elementwise."""

    @property
    def minimum(self) -> float:
        """The lowest value; minus infinity where there is none."""
        return self._minimum

    @property
    def start(self) -> NDArray[np.float64]:
        """The customary first point of a run, shape (2,)."""
        return np.array(self._start)

    @property
    def minimizers(self) -> NDArray[np.float64]:
        """Where the lowest value is taken, shape (k, 2)."""
        return np.array(self._minimizers, dtype=np.float64).reshape(-1, 2)

    def loss(self, theta: ArrayLike) -> Any:
        """Return the height at `theta`: a float for shape (2,), an array of shape (...) for (..., 2)."""
        point = _point(theta)
        if point.ndim == 1:
            return _solo(self.value, point)
        return self.value(point[..., 0], point[..., 1])

    def gradient(self, theta: ArrayLike) -> NDArray[Any]:
        """Return the gradient at `theta`, in the shape of `theta`."""
        point = _point(theta)
        gradient = np.empty_like(point)
        if point.ndim == 1:
            gradient[0], gradient[1] = _solo(self.slope, point)
        else:
            gradient[..., 0], gradient[..., 1] = self.slope(point[..., 0], point[..., 1])
        return gradient


def is_nothing_else(problem: object) -> bool:
    """Tell whether a problem is a surface whose loss and gradient are its `value` and `slope`, and nothing more."""
    cls: Any = type(problem)
    if not isinstance(problem, Surface) or cls.loss is not Surface.loss or cls.gradient is not Surface.gradient:
        return False
    return set(getattr(problem, "__dict__", ())) <= set(getattr(cls, "__dataclass_fields__", ()))


def _point(theta: ArrayLike) -> NDArray[Any]:
    # Complex points are for `check_gradient`: the grammar of surfaces is analytic, so a complex step differentiates it.
    point = theta if isinstance(theta, np.ndarray) and theta.dtype.kind in "fc" else np.asarray(theta, dtype=np.float64)
    if point.ndim == 0 or point.shape[-1] != 2:
        raise ValueError(f"theta must have shape (2,) or (..., 2), got shape {point.shape}")
    return point


def _solo(function: Callable[[Number, Number], Any], point: NDArray[Any]) -> Any:
    # Two Python floats cost a tenth of two length-1 views, and IEEE arithmetic gives the same bits. Other precisions
    # stay with NumPy's scalars, which keep theirs.
    x, y = point.tolist() if point.dtype == np.float64 else point
    try:
        return function(x, y)
    except ZeroDivisionError:  # Python's floats raise where IEEE arithmetic, and NumPy, go on with inf or NaN
        return function(*point)
