"""How large a rate may be, which constants are best, and how much momentum damps a direction critically."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.rules import GradientDescent, Momentum, Nesterov
from optimtext.theory.spectra import Spectral, class_of, constants_of, positive_range


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
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, for the heavy ball. The
    others follow in the same way: below the limit, and not at it, both eigenvalues of `iteration_matrix` are inside
    the unit circle.

    Examples
    --------
    >>> stability_limit(GradientDescent, 50.0)
    0.04
    >>> stability_limit(Momentum(beta=0.5), 50.0)
    0.06
    >>> stability_limit(Nesterov(beta=0.5), 50.0)
    0.03
    """
    cls = class_of(rule)
    _, largest = positive_range(problem)
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
    constraints", 2016, Proposition 1.

    Examples
    --------
    >>> import optimtext as ot
    >>> ot.theory.optimal(ot.GradientDescent, [1.0, 9.0])
    GradientDescent(lr=0.2)
    >>> ot.theory.optimal(ot.Momentum, [1.0, 9.0])
    Momentum(lr=0.25, beta=0.25)
    """
    cls = class_of(rule)
    smallest, largest = positive_range(problem)
    if cls is GradientDescent:
        return GradientDescent(lr=2 / (largest + smallest))
    if cls is Momentum:
        high, low = largest**0.5, smallest**0.5
        return Momentum(lr=4 / (high + low) ** 2, beta=((high - low) / (high + low)) ** 2)
    root = (3 * largest / smallest + 1) ** 0.5
    return Nesterov(lr=4 / (3 * largest + smallest), beta=max(0.0, (root - 2) / (root + 2)))


def critical_momentum(rule: type[Any], lr: ArrayLike, curvature: ArrayLike) -> Any:
    r"""Return the momentum that makes a direction of given curvature arrive fastest at a given rate.

    Less of it creeps and more of it swings: both eigenvalues of `iteration_matrix` meet there. With
    :math:`s = \sqrt{\alpha\lambda}` the heavy ball's is :math:`\beta = (1 - s)^2`, where the direction contracts by
    :math:`\sqrt\beta = |1 - s|` per step, and Nesterov's is :math:`\beta = (1 - s)/(1 + s)`, which contracts by
    :math:`1 - s`.

    Parameters
    ----------
    rule : class of rule
        `Momentum` or `Nesterov`.
    lr : float or array_like
        Rate, positive.
    curvature : float or array_like
        Eigenvalue of the Hessian, positive.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    ValueError, TypeError
        For other rules; if an argument is not positive and finite; or if ``lr * curvature`` is too large for the
        rule: 4 and more for the heavy ball, which no momentum below 1 then makes stable, and more than 1 for
        Nesterov's rule, whose overshooting steps only grow with momentum.

    Warnings
    --------
    It suits one curvature. With several, the smallest one needs the most momentum: see `optimal`.

    Examples
    --------
    >>> critical_momentum(Momentum, 0.25, 1.0)
    0.25
    >>> round(critical_momentum(Nesterov, 0.25, 1.0), 12)
    0.333333333333
    """
    cls = class_of(rule)
    if cls is GradientDescent:
        raise TypeError("rule must be Momentum or Nesterov, got GradientDescent, which has no momentum")
    rates, curvatures = _checks.finite_array("lr", lr), _checks.finite_array("curvature", curvature)
    for name, values in (("lr", rates), ("curvature", curvatures)):
        if (values <= 0).any():
            raise ValueError(f"{name} must be positive and finite, got {values}")
    root = np.sqrt(rates * curvatures)
    if cls is Momentum and (root >= 2).any():
        raise ValueError(f"lr * curvature must be below 4 for the heavy ball, got {rates * curvatures}")
    if cls is Nesterov and (root > 1).any():
        raise ValueError(f"lr * curvature must be at most 1 for Nesterov's rule, got {rates * curvatures}")
    beta = (1 - root) ** 2 if cls is Momentum else (1 - root) / (1 + root)
    return beta if beta.ndim else float(beta)


def effective_rate(rule: Any) -> float:
    r"""Return the rate that a rule settles at in a constant gradient.

    For momentum of either kind it is :math:`\alpha/(1-\beta)`: the decayed sum of equal gradients is
    :math:`1/(1-\beta)` of them. Runs with the same effective rate take about the same path where the gradient changes
    slowly; a text that averages its gradients, :math:`v \leftarrow \beta v + (1-\beta) g`, quotes this one.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        For other rules, and for a rate that is no constant number.

    Examples
    --------
    >>> round(effective_rate(Momentum(lr=0.01, beta=0.9)), 12)
    0.1
    """
    _, lr, beta = constants_of(rule)
    return lr / (1 - beta)
