"""The curvatures of a quadratic, and what one step of a rule does along one of them."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.rules import GradientDescent, Momentum, Nesterov

Array: TypeAlias = NDArray[np.float64]
Spectral: TypeAlias = ArrayLike | Any


def spectrum(problem: Spectral) -> Array:
    """Return the curvatures of a quadratic: the eigenvalues of its Hessian, rising.

    Parameters
    ----------
    problem : problem, or array_like
        A problem whose ``hessian()`` needs no parameters, since it is the same everywhere; or a symmetric matrix of
        shape (dim, dim); or the curvatures themselves, shape (k,) or a number.

    Returns
    -------
    numpy.ndarray, shape (k,)

    Raises
    ------
    ValueError
        If the array is neither a symmetric matrix nor a list of curvatures.

    Examples
    --------
    >>> import optimtext as ot
    >>> spectrum(ot.surfaces.Ravine(condition=50))
    array([ 1., 50.])
    """
    array = _hessian(problem)
    if array.ndim < 2:
        return np.sort(np.atleast_1d(array))
    return np.asarray(np.linalg.eigvalsh(array), dtype=np.float64)


def eigenbasis(problem: Spectral) -> tuple[Array, Array]:
    """Return the curvatures, rising, and the matrix whose columns are their directions.

    Curvatures that are given as a list belong to the coordinates one by one, in the order of the list.
    """
    array = _hessian(problem)
    if array.ndim < 2:
        array = np.atleast_1d(array)
        order = np.argsort(array, kind="stable")
        return array[order], np.eye(len(array))[:, order]
    curvatures, directions = np.linalg.eigh(array)
    return np.asarray(curvatures, dtype=np.float64), np.asarray(directions, dtype=np.float64)


def _hessian(problem: Spectral) -> Array:
    hessian = getattr(problem, "hessian", None)
    array = _checks.finite_array("problem", hessian() if hessian is not None else problem).astype(np.float64)
    rounding = 1e-10 * np.abs(array).max()
    if array.ndim >= 2 and (
        array.ndim > 2 or array.shape[0] != array.shape[1] or np.abs(array - array.T).max() > rounding
    ):
        raise ValueError(f"problem must be curvatures or a symmetric Hessian, got shape {array.shape}: {array}")
    return array


def positive_range(problem: Spectral) -> tuple[float, float]:
    """Return the smallest and the largest curvature, refusing any that is not positive."""
    curvatures = spectrum(problem)
    if curvatures[0] <= 0:
        raise ValueError(f"problem must have positive curvatures only, got {curvatures}")
    return float(curvatures[0]), float(curvatures[-1])


def class_of(rule: Any) -> type[Any]:
    """Return the class of a rule or the class itself, refusing those without closed forms on a quadratic."""
    cls = rule if isinstance(rule, type) else type(rule)
    if cls not in (GradientDescent, Momentum, Nesterov):
        raise TypeError(f"rule must be GradientDescent, Momentum or Nesterov, which have closed forms, got {rule!r}")
    return cls


def constants_of(rule: Any) -> tuple[type[Any], float, float]:
    """Return the class, the rate and the momentum (zero where there is none) of a rule with constant numbers."""
    cls = class_of(rule)
    if isinstance(rule, type) or not all(isinstance(x, (int, float)) for x in _checks.hyperparameters(rule).values()):
        raise TypeError(f"rule must have one constant number for each hyper-parameter, got {rule!r}")
    return cls, rule.lr, getattr(rule, "beta", 0.0)


def recurrence(cls: type[Any], lr: Any, beta: Any, curvature: Any) -> tuple[Any, Any]:
    """Return trace and determinant of the iteration matrix: ``e[k+1] = trace * e[k] - det * e[k-1]``, elementwise."""
    kept = 1 - lr * curvature
    if cls is GradientDescent:
        return kept, 0.0 * kept
    if cls is Momentum:
        return kept + beta, beta + 0.0 * kept
    return (1 + beta) * kept, beta * kept


def radius(trace: Any, det: Any) -> Any:
    """Return the larger size of the two roots of z² - trace z + det, elementwise."""
    # Written out because an eigenvalue solver loses half of the digits where both roots meet, which is where the best
    # momentum lies.
    discriminant = trace * trace / 4 - det
    root = np.sqrt(np.abs(discriminant))
    return np.where(discriminant <= 0, np.sqrt(np.abs(det)), np.abs(trace) / 2 + root)


def iteration_matrix(rule: Any, curvature: float) -> Array:
    r"""Return what one step does along an eigendirection.

    The matrix maps :math:`(e_k, e_{k-1})` to :math:`(e_{k+1}, e_k)`, where :math:`e` is the signed distance of
    ``theta`` from the minimizer. For Nesterov's rule the look-ahead point obeys the same matrix.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.
    curvature : float
        Eigenvalue of the Hessian, any sign.

    Returns
    -------
    numpy.ndarray, shape (2, 2)

    Raises
    ------
    TypeError
        For other rules, and for a rate that is no constant number.

    Examples
    --------
    >>> iteration_matrix(Momentum(lr=0.5, beta=0.25), 1.0)
    array([[ 0.75, -0.25],
           [ 1.  ,  0.  ]])
    """
    trace, det = recurrence(*constants_of(rule), curvature)
    return np.array([[trace, 0.0 - det], [1.0, 0.0]])


def contraction(rule: Any, problem: Spectral) -> float:
    r"""Return the factor :math:`\rho` by which the distance to the minimizer shrinks per step, in the long run.

    It is the largest spectral radius of `iteration_matrix` over the curvatures; the gap of the loss shrinks by
    :math:`\rho^2`. A value of 1 or more means that the rule does not converge.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.
    problem : problem, matrix or curvatures
        As for `spectrum`.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        For other rules, for a rate that is no constant number, and as for `spectrum`.

    Warnings
    --------
    The long run can be far off. At the heavy ball's best constants the slowest matrices have one eigenvector only, and
    the distance follows :math:`k\rho^k`, not :math:`\rho^k`.

    Examples
    --------
    >>> round(contraction(GradientDescent(lr=0.2), [1.0, 9.0]), 12)
    0.8
    """
    constants = constants_of(rule)
    return float(radius(*recurrence(*constants, spectrum(problem))).max())
