"""What is guaranteed: constants of smoothness, gaps after so many steps, and what AdaGrad may regret."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.theory.spectra import Array, Spectral, spectrum


def smoothness(problem: Spectral) -> float:
    r"""Return the smoothness constant :math:`L`: the gradient never changes faster than that times the distance.

    With the design matrix :math:`X`, whose last column is ones for the bias, and :math:`n` samples it is
    :math:`2\lambda_{\max}(X^\top X)/n` for `LinearRegression`, :math:`\lambda_{\max}(X^\top X)/4n` for
    `LogisticRegression` and :math:`\lambda_{\max}(X^\top X)/2n` for `SoftmaxRegression`, the least such constant that
    holds whatever the targets are; for a quadratic it is the largest size of a curvature.

    Parameters
    ----------
    problem : problem, matrix or curvatures
        A `LogisticRegression`, a `SoftmaxRegression`, or what `spectrum` takes.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If the Hessian of a problem of another kind is not the same everywhere; and as for `spectrum`.

    Examples
    --------
    >>> import optimtext as ot
    >>> features, classes = [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]
    >>> round(smoothness(ot.models.LogisticRegression(features, classes)), 6)
    1.050641
    >>> smoothness(ot.surfaces.Ravine(condition=50))
    50.0
    """
    from optimtext.models import LogisticRegression, SoftmaxRegression

    if isinstance(problem, (LogisticRegression, SoftmaxRegression)):
        # A sample's curvature p (1 - p) is largest at even odds, where it is a quarter: the Hessian at zero is XᵀX / 4n
        # and no Hessian elsewhere is larger. Of C classes the matrix diag(p) - p pᵀ is largest where two share all the
        # odds, a half, while at zero, where all share, it is 1 / C.
        at_zero = float(np.linalg.eigvalsh(problem.hessian(np.zeros(problem.dim)))[-1])
        return at_zero * problem.sizes[-1] / 2 if isinstance(problem, SoftmaxRegression) else at_zero
    try:
        curvatures = spectrum(problem)
    except TypeError as error:
        if not hasattr(problem, "hessian") and not hasattr(problem, "loss"):
            raise
        raise TypeError(f"problem must be a quadratic or a logistic or softmax regression, got {problem!r}") from error
    return float(np.abs(curvatures).max())


def gradient_descent_bound(smoothness: float, distance: float, steps: ArrayLike) -> Any:
    r"""Return the gap that gradient descent is certain to be below on a convex, smooth loss.

    With the rate :math:`1/L`: :math:`f(\theta_k) - f^\star \le L\lVert\theta_0-\theta^\star\rVert^2/2k`.

    Parameters
    ----------
    smoothness : float
        :math:`L`, positive.
    distance : float
        :math:`\lVert\theta_0 - \theta^\star\rVert` to the nearest minimizer.
    steps : int or array_like
        :math:`k`, at least 1.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.

    References
    ----------
    A. Beck and M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009.

    Examples
    --------
    >>> gradient_descent_bound(4.0, 3.0, [1, 10, 100])
    array([18.  ,  1.8 ,  0.18])
    """
    return _bound(smoothness, distance, steps, lambda k: 1 / (2 * k))


def accelerated_bound(smoothness: float, distance: float, steps: ArrayLike) -> Any:
    r"""Return the gap that Nesterov's accelerated gradient is certain to be below on a convex, smooth loss.

    With the rate :math:`1/L`: :math:`f(\theta_k) - f^\star \le 2L\lVert\theta_0-\theta^\star\rVert^2/(k+1)^2`.

    Parameters
    ----------
    smoothness : float
        :math:`L`, positive.
    distance : float
        :math:`\lVert\theta_0 - \theta^\star\rVert` to the nearest minimizer.
    steps : int or array_like
        :math:`k`, at least 1.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.

    Warnings
    --------
    It holds for a momentum that rises from step to step, :math:`\beta_k = (t_k - 1)/t_{k+1}` with :math:`t_1 = 1` and
    :math:`t_{k+1} = (1 + \sqrt{1 + 4t_k^2})/2`, which is `FISTA`, and not for `Nesterov` with one constant ``beta``.

    References
    ----------
    A. Beck and M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009,
    Theorem 4.4, where a penalty is allowed.

    Examples
    --------
    >>> accelerated_bound(4.0, 3.0, [1, 3, 9])
    array([18.  ,  4.5 ,  0.72])
    """
    return _bound(smoothness, distance, steps, lambda k: 2 / (k + 1) ** 2)


def adagrad_sum(gradients: ArrayLike) -> tuple[Array, Array]:
    r"""Return both sides of the inequality on which AdaGrad's analysis rests.

    For every coordinate :math:`\sum_t g_t^2 / \sqrt{\sum_{s\le t} g_s^2} \le 2\sqrt{\sum_t g_t^2}`. The left side is
    the total that AdaGrad's steps cost, in units of the rate.

    Parameters
    ----------
    gradients : array_like, shape (steps,) or (steps, dim)
        The gradients of a run; steps before a coordinate's first gradient that is not zero count nothing.

    Returns
    -------
    left, right : numpy.ndarray, shape () or (dim,)

    Raises
    ------
    ValueError, TypeError
        If `gradients` is empty, not finite or not real.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", 2011, section 3.

    Examples
    --------
    >>> [round(float(side), 3) for side in adagrad_sum([1.0, 1.0, 1.0, 1.0])]
    [2.784, 4.0]
    """
    squares = _gradients(gradients) ** 2
    sums = np.cumsum(squares, axis=0)
    terms = np.divide(squares, np.sqrt(sums), out=np.zeros_like(squares), where=sums > 0)
    return terms.sum(axis=0), 2 * np.sqrt(sums[-1])


def adagrad_regret_bound(gradients: ArrayLike, diameter: float, lr: float | None = None) -> float:
    r"""Return what AdaGrad's regret cannot exceed on a sequence of convex losses.

    The regret is :math:`\sum_t f_t(\theta_t) - f_t(\theta^\star)` against any fixed :math:`\theta^\star` that no
    coordinate of a :math:`\theta_t` is ever farther from than :math:`D_\infty`. It is at most

    .. math::

        \left(\frac{D_\infty^2}{2\alpha} + \alpha\right) \sum_i \sqrt{\textstyle\sum_t g_{t,i}^2},

    which the rate :math:`\alpha = D_\infty/\sqrt2` makes smallest: :math:`\sqrt2\, D_\infty` times the sum.

    Parameters
    ----------
    gradients : array_like, shape (steps,) or (steps, dim)
        The gradients that AdaGrad was given, with both its epsilons zero.
    diameter : float
        :math:`D_\infty`, positive.
    lr : float, optional
        The rate that was used; by default the best one.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", 2011, section 3.

    Examples
    --------
    >>> round(adagrad_regret_bound([[3.0, 0.0], [4.0, 1.0]], diameter=1.0), 4)
    8.4853
    """
    _checks.positive("diameter", diameter)
    rate = diameter / 2**0.5 if lr is None else lr
    _checks.positive("lr", rate)
    lengths = np.sqrt((_gradients(gradients) ** 2).sum(axis=0))
    return float((diameter**2 / (2 * rate) + rate) * lengths.sum())


def _bound(smoothness: float, distance: float, steps: ArrayLike, shrinking: Any) -> Any:
    _checks.positive("smoothness", smoothness)
    _checks.non_negative("distance", distance, scalar=True)
    k = _checks.finite_array("steps", steps).astype(np.float64)
    if (k < 1).any():
        raise ValueError(f"steps must be at least 1, got {steps!r}")
    bound = smoothness * distance**2 * shrinking(k)
    return bound if bound.ndim else float(bound)


def _gradients(gradients: ArrayLike) -> Array:
    array = _checks.finite_array("gradients", gradients).astype(np.float64)
    if array.ndim not in (1, 2):
        raise ValueError(f"gradients must have shape (steps,) or (steps, dim), got shape {array.shape}")
    return array
