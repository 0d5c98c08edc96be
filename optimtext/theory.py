"""Closed forms on quadratics: how large a rate may be, which is best, and how fast a rule then is.

On a quadratic every eigendirection of the Hessian moves on its own. For a rule with one rate for all coordinates, a
step multiplies the pair (present distance, distance before) by a 2×2 matrix that depends on the curvature only. All
that is said here follows from the eigenvalues of that matrix. Elsewhere it holds near a minimum, as far as the loss
looks like its quadratic model.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.rules import GradientDescent, Momentum, Nesterov

Spectral: TypeAlias = ArrayLike | Any


def spectrum(problem: Spectral) -> NDArray[np.float64]:
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
    hessian = getattr(problem, "hessian", None)
    array = _checks.finite_array("problem", hessian() if hessian is not None else problem).astype(np.float64)
    if array.ndim < 2:
        return np.sort(np.atleast_1d(array))
    rounding = 1e-10 * np.abs(array).max()
    if array.ndim > 2 or array.shape[0] != array.shape[1] or np.abs(array - array.T).max() > rounding:
        raise ValueError(f"problem must be curvatures or a symmetric Hessian, got shape {array.shape}: {array}")
    return np.asarray(np.linalg.eigvalsh(array), dtype=np.float64)


def stability_limit(rule: Any, problem: Spectral, *, beta: float | None = None) -> float:
    r"""Return the rate below which a rule converges on a quadratic, and at which it no longer does.

    With largest curvature :math:`L` the limits are :math:`2/L` for gradient descent, :math:`2(1+\beta)/L` for the
    heavy ball and :math:`2(1+\beta)/((1+2\beta)L)` for Nesterov's rule.

    Parameters
    ----------
    rule : rule or class of rule
        `GradientDescent`, `Momentum` or `Nesterov`; from an instance its ``beta`` is taken.
    problem : problem, matrix or curvatures
        As for `spectrum`; all curvatures must be positive.
    beta : float, optional
        In [0, 1); needed where `rule` is a class that has one.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        For other rules, which have no such limit in closed form, and for curvatures that are not positive.

    References
    ----------
    L. Lessard, B. Recht and A. Packard, "Analysis and design of optimization algorithms via integral quadratic
    constraints", 2016.

    Examples
    --------
    >>> stability_limit(GradientDescent, 50.0)
    0.04
    >>> stability_limit(Momentum(beta=0.5), 50.0)
    0.06
    >>> stability_limit(Nesterov(beta=0.5), 50.0)
    0.03
    """
    cls = _class_of(rule)
    _, largest = _positive_range(problem)
    if cls is GradientDescent:
        return 2 / largest
    beta = getattr(rule, "beta", None) if beta is None and not isinstance(rule, type) else beta
    if beta is None:
        raise ValueError(f"beta must be given for the class {cls.__name__}, got None")
    _checks.fraction("beta", beta)
    return 2 * (1 + beta) / (largest if cls is Momentum else (1 + 2 * beta) * largest)


def optimal(rule: type[Any], problem: Spectral) -> Any:
    r"""Return the rule with the constants that contract fastest on a quadratic.

    With the smallest curvature :math:`\mu`, the largest :math:`L`, and :math:`\kappa = L/\mu`:

    - gradient descent: :math:`\alpha = 2/(L+\mu)` contracts by :math:`(\kappa-1)/(\kappa+1)` per step;
    - momentum: :math:`\alpha = 4/(\sqrt L+\sqrt\mu)^2` and :math:`\beta = \rho^2` contract by
      :math:`\rho = (\sqrt\kappa-1)/(\sqrt\kappa+1)`;
    - Nesterov: :math:`\alpha = 4/(3L+\mu)` and :math:`\beta = (q-2)/(q+2)` contract by :math:`1 - 2/q`, where
      :math:`q = \sqrt{3\kappa+1}`.

    Parameters
    ----------
    rule : class of rule
        `GradientDescent`, `Momentum` or `Nesterov`.
    problem : problem, matrix or curvatures
        As for `spectrum`; all curvatures must be positive.

    Returns
    -------
    rule

    Raises
    ------
    ValueError, TypeError
        For other rules and for curvatures that are not positive.

    References
    ----------
    L. Lessard, B. Recht and A. Packard, "Analysis and design of optimization algorithms via integral quadratic
    constraints", 2016.

    Examples
    --------
    >>> import optimtext as ot
    >>> ot.theory.optimal(ot.GradientDescent, [1.0, 9.0])
    GradientDescent(lr=0.2)
    >>> ot.theory.optimal(ot.Momentum, [1.0, 9.0])
    Momentum(lr=0.25, beta=0.25)
    """
    cls = _class_of(rule)
    smallest, largest = _positive_range(problem)
    if cls is GradientDescent:
        return GradientDescent(lr=2 / (largest + smallest))
    if cls is Momentum:
        high, low = largest**0.5, smallest**0.5
        return Momentum(lr=4 / (high + low) ** 2, beta=((high - low) / (high + low)) ** 2)
    root = (3 * largest / smallest + 1) ** 0.5
    return Nesterov(lr=4 / (3 * largest + smallest), beta=max(0.0, (root - 2) / (root + 2)))


def iteration_matrix(rule: Any, curvature: float) -> NDArray[np.float64]:
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
    cls = _class_of(rule)
    if isinstance(rule, type) or not all(isinstance(x, (int, float)) for x in _checks.hyperparameters(rule).values()):
        raise TypeError(f"rule must have one constant number for each hyper-parameter, got {rule!r}")
    kept = 1 - rule.lr * curvature
    if cls is GradientDescent:
        return np.array([[kept, 0.0], [1.0, 0.0]])
    beta = rule.beta
    if cls is Momentum:
        return np.array([[kept + beta, -beta], [1.0, 0.0]])
    return np.array([[(1 + beta) * kept, -beta * kept], [1.0, 0.0]])


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
    return max(_spectral_radius(iteration_matrix(rule, float(curvature))) for curvature in spectrum(problem))


def _spectral_radius(matrix: NDArray[np.float64]) -> float:
    # Of the characteristic polynomial z² - trace z + det. Written out because an eigenvalue solver loses half of the
    # digits where both roots meet, which is where the best momentum lies.
    trace, det = float(matrix[0, 0]), float(-matrix[0, 1])
    discriminant = trace * trace / 4 - det
    return float(det**0.5) if discriminant <= 0 else abs(trace) / 2 + float(discriminant**0.5)


def _class_of(rule: Any) -> type[Any]:
    cls = rule if isinstance(rule, type) else type(rule)
    if cls not in (GradientDescent, Momentum, Nesterov):
        raise TypeError(f"rule must be GradientDescent, Momentum or Nesterov, which have closed forms, got {rule!r}")
    return cls


def _positive_range(problem: Spectral) -> tuple[float, float]:
    curvatures = spectrum(problem)
    if curvatures[0] <= 0:
        raise ValueError(f"problem must have positive curvatures only, got {curvatures}")
    return float(curvatures[0]), float(curvatures[-1])
