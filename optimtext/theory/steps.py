"""How long the first steps are in a constant gradient, and how many it takes to leave a saddle."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks, rules
from optimtext.theory.spectra import Array, Spectral, constants_of, recurrence, spectrum


def _divided(rule: Any, above: Any, square: Any) -> Any:
    return rule.lr * above / (np.sqrt(square + rule.eps_root) + rule.eps)


# Length of step t (counted from 1) in a constant gradient of size g. A rule without a line here has no closed form.
_LENGTHS: dict[type[Any], Callable[[Any, Array, float], Any]] = {
    rules.GradientDescent: lambda rule, t, g: rule.lr * g * t**0,
    rules.Momentum: lambda rule, t, g: rule.lr * g * (1 - rule.beta**t) / (1 - rule.beta),
    rules.Nesterov: lambda rule, t, g: rule.lr * g * (1 - rule.beta**t) / (1 - rule.beta),
    rules.AdaGrad: lambda rule, t, g: _divided(rule, g, t * g * g),
    rules.RMSProp: lambda rule, t, g: _divided(rule, g, (1 - rule.beta**t) * g * g),
    rules.Adam: lambda rule, t, g: _divided(rule, g * t**0, g * g),
    rules.AMSGrad: lambda rule, t, g: _divided(rule, g * t**0, g * g),
    rules.AdaMax: lambda rule, t, g: rule.lr * t**0 * g / (g + rule.eps),
    rules.AdamUncorrected: lambda rule, t, g: _divided(rule, (1 - rule.beta1**t) * g, (1 - rule.beta2**t) * g * g),
}


def first_steps(rule: Any, steps: int, grad: float = 1.0) -> Array:
    r"""Return how long the first steps of a rule are while the gradient stays the same.

    With :math:`g = |\text{grad}|`, steps :math:`t` counted from 1, and epsilons left out for the reader:

    - gradient descent: :math:`\alpha g`; momentum of either kind: :math:`\alpha g (1-\beta^t)/(1-\beta)`;
    - AdaGrad: :math:`\alpha/\sqrt t`;
    - RMSProp: :math:`\alpha/\sqrt{1-\beta^t}`, so the first step is :math:`\alpha/\sqrt{1-\beta}`;
    - Adam, AMSGrad and AdaMax: :math:`\alpha`, every one;
    - Adam without correction: :math:`\alpha (1-\beta_1^t)/\sqrt{1-\beta_2^t}`.

    Parameters
    ----------
    rule : rule
        One of those above, with constant numbers.
    steps : int
        How many steps, at least 1.
    grad : float, default 1.0
        The gradient, not zero.

    Returns
    -------
    numpy.ndarray, shape (steps,)
        Entry ``t - 1`` belongs to step ``t``; the epsilons are taken into account.

    Raises
    ------
    ValueError, TypeError
        For other rules, a rate that is no constant number, or a gradient that is zero or not finite.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, sections 2.1 and 3.

    Examples
    --------
    What the correction is for: without it the first steps are several times too long.

    >>> import optimtext as ot
    >>> first_steps(ot.Adam(lr=1.0), 10)[[0, 9]].round(6)
    array([1., 1.])
    >>> first_steps(ot.AdamUncorrected(lr=1.0), 10)[[0, 9]].round(2)
    array([3.16, 6.53])
    """
    if type(rule) not in _LENGTHS:
        allowed = ", ".join(cls.__name__ for cls in _LENGTHS)
        raise TypeError(f"rule must be an instance of {allowed}, whose steps have closed forms, got {rule!r}")
    if not all(isinstance(x, (int, float)) for x in _checks.hyperparameters(rule).values()):
        raise TypeError(f"rule must have one constant number for each hyper-parameter, got {rule!r}")
    t = np.arange(1.0, _checks.integer("steps", steps, 1) + 1)
    size = float(np.abs(_checks.finite_array("grad", grad)))
    if size == 0:
        raise ValueError(f"grad must not be zero, got {grad}")
    return np.asarray(_LENGTHS[type(rule)](rule, t, size), dtype=np.float64)


def escape_time(rule: Any, problem: Spectral, offset: ArrayLike, radius: float = 1.0) -> Any:
    r"""Return how many steps a run at a saddle needs until it has left.

    Along the most negative curvature :math:`-\lambda` gradient descent multiplies the distance from the ridge by
    :math:`1+\alpha\lambda` per step, so that it grows from ``offset`` to ``radius`` in
    :math:`\ln(r/|y_0|)/\ln(1+\alpha\lambda)` steps. Momentum multiplies it by the larger eigenvalue of
    `iteration_matrix` as soon as the other one, which is below 1, has died away.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.
    problem : problem, matrix or curvatures
        As for `spectrum`; the smallest curvature must be negative.
    offset : float or array_like
        Distance at the start, along the direction of that curvature. Zero stays for ever.
    radius : float, default 1.0
        Distance that counts as having left.

    Returns
    -------
    float or numpy.ndarray
        A real number: the first step at or beyond ``radius`` is the next whole one. It is exact for gradient descent
        and, for momentum, up to the share that has not died away. Zero where ``offset`` is beyond ``radius``.

    Raises
    ------
    ValueError, TypeError
        For other rules, without a negative curvature, or if ``radius`` is not positive.

    Warnings
    --------
    Leaving a saddle is no convergence: on a quadratic one the loss falls without end.

    References
    ----------
    S. S. Du et al., "Gradient descent can take exponential time to escape saddle points", 2017, which shows how much
    longer it takes where saddles follow on each other.

    Examples
    --------
    >>> import optimtext as ot
    >>> saddle = ot.surfaces.Saddle()
    >>> round(escape_time(ot.GradientDescent(lr=0.1), saddle, 1e-3), 2)
    72.48
    >>> round(escape_time(ot.Momentum(lr=0.1, beta=0.9), saddle, 1e-3), 2)
    26.66
    >>> escape_time(ot.GradientDescent(lr=0.1), saddle, 0.0)
    inf
    """
    constants = constants_of(rule)
    lowest = float(spectrum(problem)[0])
    if lowest >= 0:
        raise ValueError(f"problem must have a negative curvature, got {lowest} as its smallest")
    _checks.positive("radius", radius)
    start = np.abs(_checks.finite_array("offset", offset))
    trace, det = (float(value) for value in recurrence(*constants, lowest))
    growing = trace / 2 + (trace * trace / 4 - det) ** 0.5  # real: below zero curvature the eigenvalues are real
    dying = trace - growing
    # From rest, so that the first step is a plain gradient step: the share of the growing mode in that beginning.
    share = (trace - det - dying) / (growing - dying)
    with np.errstate(divide="ignore"):
        steps = np.log(radius / (share * start)) / np.log(growing)
    steps = np.where(start >= radius, 0.0, steps)
    return steps if steps.ndim else float(steps)
