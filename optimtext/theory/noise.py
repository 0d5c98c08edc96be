"""How close to the minimum a constant rate can get when every gradient is noisy."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.rules import GradientDescent, Momentum
from optimtext.theory.spectra import Array, Spectral, constants_of, eigenbasis, radius, recurrence


def noise_floor(rule: Any, problem: Spectral, variance: ArrayLike) -> Array:
    r"""Return the variance of the parameters, direction by direction, after a long run with noisy gradients.

    Each gradient is the true one and an independent noise of mean zero and variance :math:`\sigma^2`. Along a direction
    of curvature :math:`\lambda` the error forgets its start and keeps the variance

    - gradient descent: :math:`\dfrac{\alpha\sigma^2}{\lambda(2-\alpha\lambda)}`;
    - momentum: :math:`\dfrac{\alpha\sigma^2 (1+\beta)}{\lambda(1-\beta)(2(1+\beta)-\alpha\lambda)}`;
    - Nesterov: :math:`\dfrac{\alpha\sigma^2 (1+\beta q)}{\lambda(1-\beta q)(2(1+\beta)-(1+2\beta)\alpha\lambda)}` with
      :math:`q = 1-\alpha\lambda`.

    For small rates it is about :math:`\alpha_\text{eff}\sigma^2/2\lambda` with the `effective_rate`: momentum by itself
    does not average noise away.

    Parameters
    ----------
    rule : rule
        `GradientDescent`, `Momentum` or `Nesterov` with a constant rate.
    problem : problem, matrix or curvatures
        As for `spectrum`.
    variance : float or array_like
        Variance of the noise: a number for the same in every coordinate; or one for each coordinate of the parameters,
        shape (dim,); or their covariance matrix, shape (dim, dim).

    Returns
    -------
    numpy.ndarray, shape (dim,)
        In the order of `spectrum`. For Nesterov's rule the variance of ``theta``, not of the look-ahead point.
        Infinite where nothing is stationary: beyond the rule's stability limit, and along a curvature that is not
        positive.

    Raises
    ------
    ValueError, TypeError
        For other rules, for a `variance` that is negative or of another shape, and as for `spectrum`.

    Warnings
    --------
    The noise of a mini-batch is not quite of this kind. Its variance grows with the distance from the minimum, so that
    the variance there is a good stand-in only while the floor is low. And it is independent only where each batch is
    drawn from all samples: `minimize` shuffles and goes through them, so that over an epoch most of the noise cancels,
    and after each epoch the run stands closer than this floor.

    References
    ----------
    L. Bottou, F. E. Curtis and J. Nocedal, "Optimization methods for large-scale machine learning", 2018, section 4,
    for the floor and what a falling rate does to it. The closed forms solve the equation of `stationary_covariance`.

    Examples
    --------
    >>> import optimtext as ot
    >>> noise_floor(ot.GradientDescent(lr=0.5), [1.0, 2.0], 3.0)
    array([1.  , 0.75])
    """
    cls, lr, beta = constants_of(rule)
    curvatures, noise = _along(problem, variance)
    kept = 1 - lr * curvatures
    stable = (curvatures > 0) & (radius(*recurrence(cls, lr, beta, curvatures)) < 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        if cls is GradientDescent:
            floor = lr * noise / (curvatures * (1 + kept))
        elif cls is Momentum:
            floor = lr * noise * (1 + beta) / (curvatures * (1 - beta) * (1 + 2 * beta + kept))
        else:
            swing = beta * kept
            floor = lr * noise * (1 + swing) / (curvatures * (1 - swing) * (1 + kept + 2 * swing))
    return np.where(stable, floor, np.inf)


def loss_floor(rule: Any, problem: Spectral, variance: ArrayLike) -> float:
    r"""Return how far above its minimum the loss stays on average, after a long run with noisy gradients.

    It is :math:`\tfrac12 \sum_i \lambda_i \operatorname{Var}_i` with the variances of `noise_floor`.

    Parameters
    ----------
    rule, problem, variance
        As for `noise_floor`.

    Returns
    -------
    float
        Infinite where one direction has no floor.

    Raises
    ------
    ValueError, TypeError
        As for `noise_floor`.

    Examples
    --------
    Half the rate, about half the floor:

    >>> import optimtext as ot
    >>> [round(loss_floor(ot.GradientDescent(lr=lr), [1.0, 2.0], 1.0), 4) for lr in (0.1, 0.05)]
    [0.0541, 0.026]
    """
    floor = noise_floor(rule, problem, variance)
    return float(_along(problem, variance)[0] @ floor / 2) if np.isfinite(floor).all() else float("inf")


def stationary_covariance(matrix: ArrayLike, noise: ArrayLike) -> Array:
    r"""Return the covariance that a noisy linear recurrence settles at: the solution of :math:`P = MPM^\top + N`.

    The state follows :math:`z_{k+1} = M z_k + w_k` with independent :math:`w_k` of mean zero and covariance :math:`N`.
    Along an eigendirection :math:`M` is `iteration_matrix` and :math:`N` has the one entry
    :math:`\alpha^2\sigma^2`, first row and column.

    Parameters
    ----------
    matrix : array_like, shape (k, k)
        :math:`M`, of spectral radius below 1.
    noise : array_like, shape (k, k)
        :math:`N`.

    Returns
    -------
    numpy.ndarray, shape (k, k)

    Raises
    ------
    ValueError
        If the shapes do not fit, or the spectral radius is 1 or more.

    Notes
    -----
    Solved as :math:`k^2` linear equations, which suits the small matrices of this module.

    Examples
    --------
    >>> import optimtext as ot
    >>> matrix = ot.theory.iteration_matrix(ot.GradientDescent(lr=0.5), 1.0)
    >>> stationary_covariance(matrix, [[0.75, 0.0], [0.0, 0.0]]).round(12)
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    m, n = _checks.finite_array("matrix", matrix), _checks.finite_array("noise", noise)
    if m.ndim != 2 or m.shape[0] != m.shape[1]:
        raise ValueError(f"matrix must be square, got shape {m.shape}")
    if n.shape != m.shape:
        raise ValueError(f"noise must have the shape of matrix, {m.shape}, got shape {n.shape}")
    largest = float(np.abs(np.linalg.eigvals(m)).max())
    if largest >= 1:
        raise ValueError(f"matrix must have a spectral radius below 1, got {largest:.6g}")
    solution = np.linalg.solve(np.eye(m.size) - np.kron(m, m), n.ravel())
    return np.asarray(solution, dtype=np.float64).reshape(m.shape)


def _along(problem: Spectral, variance: ArrayLike) -> tuple[Array, Array]:
    # The mean loss is a sum over eigendirections, so correlations between them do not matter.
    curvatures, directions = eigenbasis(problem)
    noise, dim = _checks.finite_array("variance", variance), len(curvatures)
    if noise.shape not in ((), (dim,), (dim, dim)):
        raise ValueError(f"variance must have shape (), ({dim},) or ({dim}, {dim}), got shape {noise.shape}")
    if noise.ndim == 2:
        along = np.einsum("ij,ik,kj->j", directions, noise, directions)
        # A covariance without full rank is non-negative but for rounding.
        negative = bool((along < -1e-12 * np.abs(noise).max()).any())
    else:
        along = (directions**2).T @ np.broadcast_to(noise, dim) if noise.ndim else np.full(dim, float(noise))
        negative = bool((noise < 0).any())
    if negative:
        raise ValueError(f"variance must not be negative, got {noise}")
    return curvatures, np.maximum(along, 0.0)
