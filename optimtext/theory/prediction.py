"""The whole run on a quadratic, foretold from its first point."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.theory.spectra import Array, Spectral, constants_of, eigenbasis, recurrence


@dataclass(frozen=True, eq=False)  # equality of arrays is no yes or no
class Prediction:
    """A run as theory foretells it: arrays of length ``steps + 1`` whose index is the step, as in a trace.

    Attributes
    ----------
    loss : numpy.ndarray
        Loss after so many steps.
    gap : numpy.ndarray
        How far it is above its value at the stationary point: exact also where `loss` has long lost it to rounding.
        Negative where a saddle leads below.
    theta : numpy.ndarray, shape (steps + 1, dim)
        Parameters.
    """

    loss: Array
    gap: Array
    theta: Array


def predict(rule: Any, problem: Spectral, theta0: ArrayLike, steps: int) -> Prediction:
    r"""Return the run of a rule on a quadratic, from the iteration matrices alone.

    Along each eigendirection :math:`e_{k+1} = \tau e_k - \delta e_{k-1}` with the trace :math:`\tau` and the
    determinant :math:`\delta` of `iteration_matrix`, from rest: :math:`e_{-1} = e_0`. The loss is
    :math:`f(\theta_k) = f(\theta^\star) + \tfrac12 \sum_i \lambda_i e_{k,i}^2`. No gradient of the run is evaluated.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.
    problem : problem, matrix or curvatures
        As for `spectrum`. A matrix or a list of curvatures (one for each coordinate, in the order of the list) stands
        for :math:`\tfrac12 \theta^\top H \theta`.
    theta0 : array_like, shape (dim,)
        First parameters.
    steps : int
        How many steps.

    Returns
    -------
    Prediction

    Raises
    ------
    ValueError, TypeError
        For other rules, a `theta0` of another shape, a problem that has no stationary point, and as for `spectrum`.

    Warnings
    --------
    A run that diverges overflows in the prediction as it does in earnest.

    Examples
    --------
    >>> import optimtext as ot
    >>> ravine = ot.surfaces.Ravine(condition=9)
    >>> rule = ot.Momentum(lr=0.1, beta=0.5)
    >>> predict(rule, ravine, [1.0, 1.0], 3).loss.round(6)
    array([5.     , 0.45   , 1.16   , 0.63218])
    >>> ot.minimize(ravine, [1.0, 1.0], rule, max_steps=3).trace.loss.round(6)
    array([5.     , 0.45   , 1.16   , 0.63218])
    """
    constants = constants_of(rule)
    steps = _checks.integer("steps", steps, 0)
    curvatures, directions = eigenbasis(problem)
    start = _checks.finite_array("theta0", theta0).astype(np.float64)
    if start.shape != curvatures.shape:
        raise ValueError(f"theta0 must have shape {curvatures.shape}, got shape {start.shape}")
    center, lowest = _stationary_point(problem, curvatures, directions)
    trace, det = recurrence(*constants, curvatures)
    errors = np.empty((steps + 1, len(start)))
    errors[0] = before = directions.T @ (start - center)
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(steps):
            errors[k + 1] = trace * errors[k] - det * before
            before = errors[k]
        gap = errors**2 @ curvatures / 2
        return Prediction(loss=lowest + gap, gap=gap, theta=center + errors @ directions.T)


def _stationary_point(problem: Any, curvatures: Array, directions: Array) -> tuple[Array, float]:
    # Newton's step from the origin arrives at once; the second one takes back the rounding of the first.
    if not hasattr(problem, "gradient"):
        return np.zeros(len(curvatures)), 0.0
    size = np.abs(curvatures)
    curved = size > len(size) * np.finfo(np.float64).eps * size.max()
    inverse = np.where(curved, 1 / np.where(curved, curvatures, 1.0), 0.0)
    point = np.zeros(len(curvatures))
    first = np.asarray(problem.gradient(point))
    for _ in range(2):
        point = point - directions @ (inverse * (directions.T @ np.asarray(problem.gradient(point))))
    slope = float(np.linalg.norm(problem.gradient(point)))
    if slope > 1e-6 * float(np.linalg.norm(first)):
        raise ValueError(f"problem must be a quadratic with a stationary point, got {problem!r} with slope {slope:.3g}")
    return point, float(problem.loss(point))
