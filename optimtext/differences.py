"""Is this the gradient of that loss? Differences of the loss, against the gradient that a problem claims."""

import warnings
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.record import Problem

# The imaginary step cannot cancel anything, so it may be so small that its square vanishes beside any loss.
_IMAGINARY = 1e-30


@_checks.named_arguments
def check_gradient(
    problem: Problem,
    theta: ArrayLike,
    *,
    batch: ArrayLike | None = None,
    coordinates: ArrayLike | None = None,
    method: Literal["central", "complex"] = "central",
) -> float:
    r"""Return the largest error of a problem's gradient, relative to the gradient.

    Compared are the derivative that ``problem.gradient`` gives for each coordinate, :math:`g_i`, and one taken from
    ``problem.loss`` alone, :math:`d_i`; returned is :math:`\max_i |g_i - d_i| / \max_i \max(|g_i|, |d_i|)`.

    Parameters
    ----------
    problem : Problem
        Anything with ``loss(theta)`` and ``gradient(theta)``.
    theta : array_like
        The point, finite. Take one where the gradient is not small: at a minimizer any noise is large beside it.
    batch : array_like of int, optional
        Passed on to both methods of a finite sum.
    coordinates : array_like of int, optional
        Which coordinates of the flattened `theta` to compare, for long vectors; by default all. Each costs two losses.
    method : {"central", "complex"}, default "central"
        Central differences, :math:`(f(\theta + h e_i) - f(\theta - h e_i)) / 2h` with
        :math:`h = \varepsilon^{1/3} \max(1, |\theta_i|)`, serve every smooth loss and agree with a right gradient to
        about 1e-8. A complex step, :math:`\operatorname{Im} f(\theta + i h e_i) / h`, subtracts nothing and is exact to
        rounding, but the loss must be analytic and take complex numbers: of this package all surfaces and all models
        but ``LogisticRegression`` do.

    Returns
    -------
    float
        About 1e-8 or less (with a complex step 1e-14) for a right gradient, about 1 for a wrong one; 0 if both
        derivatives vanish everywhere.

    Raises
    ------
    TypeError
        If `problem` is none, or its loss does not carry a complex step through.
    ValueError
        If a loss around `theta`, or the gradient there, is not finite or not of the right shape, or an argument is out
        of range.

    Warnings
    --------
    At a kink, such as that of ReLU at zero, there is no derivative to compare with, and a difference across one is a
    mean of both sides. Use random points, which hit no kink, but may come within the step of one. A loss that takes the
    absolute value, or compares, is not analytic: its complex step can be wrong without a sign of it.

    References
    ----------
    W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", 1998.

    Examples
    --------
    >>> import optimtext as ot
    >>> valley = ot.surfaces.Rosenbrock()
    >>> check_gradient(valley, valley.start) < 1e-8
    True
    >>> check_gradient(valley, valley.start, method="complex") < 1e-15
    True
    """
    if isinstance(problem, type) or not isinstance(problem, Problem):
        raise TypeError(f"problem must be an object with methods loss(theta) and gradient(theta), got {problem!r}")
    if method not in ("central", "complex"):
        raise ValueError(f"method must be 'central' or 'complex', got {method!r}")
    point = _checks.finite_array("theta", theta).astype(np.float64)
    chosen = _chosen(coordinates, point.size)
    options = {} if batch is None else {"batch": batch}
    claimed = np.asarray(problem.gradient(point.copy(), **options), dtype=np.float64)
    if claimed.shape != point.shape:
        raise ValueError(f"gradient(theta) must have the shape of theta, {point.shape}, got shape {claimed.shape}")
    claimed = claimed.ravel()[chosen]
    difference = _central if method == "central" else _complex
    found = np.array([difference(problem, point, int(i), options) for i in chosen])
    if not np.isfinite(claimed).all():
        raise ValueError(f"gradient(theta) must be finite, got {claimed[~np.isfinite(claimed)][0]}")
    largest = max(np.abs(claimed).max(), np.abs(found).max())
    return float(np.abs(claimed - found).max() / largest) if largest else 0.0


def _central(problem: Any, point: NDArray[Any], i: int, options: dict[str, Any]) -> float:
    step = np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(point.flat[i]))
    ahead, behind = point.copy(), point.copy()
    ahead.flat[i] += step
    behind.flat[i] -= step
    rise = _finite(problem.loss(ahead, **options)) - _finite(problem.loss(behind, **options))
    return float(rise / (ahead.flat[i] - behind.flat[i]))  # the distance as rounded, not as meant


def _complex(problem: Any, point: NDArray[Any], i: int, options: dict[str, Any]) -> float:
    aside = point.astype(np.complex128)
    aside.flat[i] += 1j * _IMAGINARY
    refusal = f"method='complex' needs a loss that takes complex numbers, which that of {problem!r} does not"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part was thrown away
            loss = problem.loss(aside, **options)
    except (TypeError, np.exceptions.ComplexWarning) as error:
        raise TypeError(refusal) from error
    if np.asarray(loss).dtype.kind != "c":
        raise TypeError(refusal)
    return float(_finite(loss).imag / _IMAGINARY)


def _finite(loss: Any) -> Any:
    if np.ndim(loss):
        raise ValueError(f"loss(theta) must return one number, got an array of shape {np.shape(loss)}")
    if not np.isfinite(loss):
        raise ValueError(f"loss must be finite around theta, got {loss}")
    return loss


def _chosen(coordinates: ArrayLike | None, size: int) -> NDArray[Any]:
    if coordinates is None:
        return np.arange(size)
    chosen = np.atleast_1d(np.asarray(coordinates))
    if chosen.ndim != 1 or chosen.size == 0 or chosen.dtype.kind not in "iu":
        raise ValueError(f"coordinates must hold at least one index, in one dimension, got {coordinates!r}")
    if chosen.min() < 0 or chosen.max() >= size:
        raise ValueError(f"coordinates must be from 0 to {size - 1}, got {coordinates!r}")
    return chosen
