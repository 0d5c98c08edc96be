"""Models as finite sums: the loss over data, and its gradient over all samples, one sample or a mini-batch.

There is one code path: a batch is an array of indices, one sample is a batch of length 1, and no batch means all.
Parameters are one flat vector ``theta = [weights..., bias]``, or a stack of them of shape (..., dim), for which
losses have shape (...) and gradients the shape of the stack.
"""

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks

Array: TypeAlias = NDArray[Any]
Batch: TypeAlias = ArrayLike | None


class LinearModel(ABC):
    r"""A loss that sees each sample through one linear score, :math:`z_i = w^\top x_i + b`.

    The loss is the mean :math:`f(\theta) = \frac1n \sum_i \ell(z_i, y_i)`. A concrete model supplies the
    elementwise :math:`\ell` and its first two derivatives in :math:`z`; the chain rule is written here, once.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample. Copied, with a column of ones for the bias.
    targets : array_like, shape (n_samples,)
        What to predict.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``: the number of features and one for the bias.

    Raises
    ------
    ValueError
        If there are no samples, a value is not finite, or the shapes do not fit.
    TypeError
        If the data are not numbers.
    """

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        x = _checks.finite_array("features", features)
        y = _checks.finite_array("targets", targets)
        if x.ndim != 2:
            raise ValueError(f"features must have shape (n_samples, n_features), got shape {x.shape}")
        if y.shape != x.shape[:1]:
            raise ValueError(f"targets must have shape ({len(x)},), one for each row of features, got shape {y.shape}")
        self._check_targets(y)
        self._design = np.hstack([x, np.ones((len(x), 1), dtype=x.dtype)])
        self._targets = y
        self.n_samples, self.dim = self._design.shape

    def loss(self, theta: ArrayLike, batch: Batch = None) -> Any:
        """Return the mean loss over `batch`, or over all samples.

        Parameters
        ----------
        theta : array_like, shape (dim,) or (..., dim)
            Parameters, the bias last.
        batch : array_like of int, optional
            Indices of the samples to use.

        Returns
        -------
        float or numpy.ndarray, shape (...)
        """
        design, targets = self._rows(batch)
        return self._losses(_parameters(theta, self.dim) @ design.T, targets).mean(axis=-1)

    def gradient(self, theta: ArrayLike, batch: Batch = None) -> Array:
        """Return the gradient of `loss` with respect to `theta`, in the shape of `theta`."""
        design, targets = self._rows(batch)
        gradient: Array = self._slopes(_parameters(theta, self.dim) @ design.T, targets) @ design / len(design)
        return gradient

    def hessian(self, theta: ArrayLike, batch: Batch = None) -> Array:
        """Return the matrix of second derivatives at one `theta`, shape (dim, dim)."""
        design, targets = self._rows(batch)
        weights = self._curvatures(design @ _one_vector(theta, self.dim), targets)
        half: Array = (design.T * weights) @ design / (2 * len(design))
        return half + half.T  # exactly symmetric, which the product is only to rounding

    def predict(self, theta: ArrayLike, features: ArrayLike) -> Array:
        """Return the model's answer for each row of `features`, shape (n,)."""
        x = _checks.finite_array("features", features)
        parameters = _one_vector(theta, self.dim)
        if x.ndim != 2 or x.shape[1] != self.dim - 1:
            raise ValueError(f"features must have shape (n, {self.dim - 1}), got shape {x.shape}")
        return self._answers(x @ parameters[:-1] + parameters[-1])

    def _rows(self, batch: Batch) -> tuple[Array, Array]:
        if batch is None:
            return self._design, self._targets
        rows = np.atleast_1d(np.asarray(batch))
        if rows.size == 0 or rows.dtype.kind not in "iu" or rows.ndim != 1:
            raise ValueError(f"batch must hold at least one sample index, in one dimension, got {batch!r}")
        return self._design[rows], self._targets[rows]

    def _check_targets(self, targets: Array) -> None:  # noqa: B027  # any finite targets are fine by default
        """Refuse targets that this model cannot have."""

    @abstractmethod
    def _losses(self, score: Array, target: Array) -> Array:
        """Loss of each sample."""

    @abstractmethod
    def _slopes(self, score: Array, target: Array) -> Array:
        """Its derivative in the score."""

    @abstractmethod
    def _curvatures(self, score: Array, target: Array) -> Array:
        """Its second derivative in the score."""

    @abstractmethod
    def _answers(self, score: Array) -> Array:
        """What the model says to a score."""


class LinearRegression(LinearModel):
    r"""Linear regression by mean squared error, :math:`f = \frac1n \sum_i (w^\top x_i + b - y_i)^2`.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample.
    targets : array_like, shape (n_samples,)
        Real numbers to predict.

    Raises
    ------
    ValueError, TypeError
        As for every model: empty, non-finite or mismatched data.

    Warnings
    --------
    The mean has no factor ½, as in most texts on learning and unlike most texts on optimization; with it, every
    gradient and every curvature would be half as large, and every rate twice.

    Examples
    --------
    >>> model = LinearRegression([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.solution().round(12)
    array([2., 1.])
    >>> model.loss([0.0, 3.0]).round(6)
    np.float64(2.666667)
    """

    def solution(self) -> Array:
        """Return the least-squares parameters in closed form, shape (dim,); the shortest ones if not unique."""
        solution: Array = np.linalg.lstsq(self._design, self._targets, rcond=None)[0]
        return solution

    def hessian(self, theta: ArrayLike | None = None, batch: Batch = None) -> Array:
        """Return the matrix of second derivatives, shape (dim, dim): the same at every `theta`."""
        return super().hessian(np.zeros(self.dim) if theta is None else theta, batch)

    def _losses(self, score: Array, target: Array) -> Array:
        return (score - target) ** 2

    def _slopes(self, score: Array, target: Array) -> Array:
        return 2 * (score - target)

    def _curvatures(self, score: Array, target: Array) -> Array:
        return np.full_like(score, 2)

    def _answers(self, score: Array) -> Array:
        return score


class LogisticRegression(LinearModel):
    r"""Logistic regression by mean log loss, :math:`f = \frac1n \sum_i \log(1 + e^{z_i}) - y_i z_i`.

    The score :math:`z_i = w^\top x_i + b` is the log odds of class 1.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample.
    targets : array_like, shape (n_samples,)
        Classes, 0 or 1 each.

    Raises
    ------
    ValueError, TypeError
        As for every model, and if a target is neither 0 nor 1.

    Warnings
    --------
    Where a plane separates the classes without error, the loss has no minimizer: it falls toward zero while the
    weights grow without end.

    Examples
    --------
    Before it has learned anything, the model gives even odds, at a loss of log 2:

    >>> model = LogisticRegression([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])
    >>> model.loss([0.0, 0.0]).round(6)
    np.float64(0.693147)
    >>> model.predict([1.0, -1.5], [[0.0], [3.0]]).round(3)
    array([0.182, 0.818])
    """

    def _check_targets(self, targets: Array) -> None:
        wrong = targets[(targets != 0) & (targets != 1)]
        if wrong.size:
            raise ValueError(f"targets must be 0 or 1, got {wrong[0]}")

    # Written in the score of the wrong class, so that the small losses and slopes of good answers keep all digits.

    def _losses(self, score: Array, target: Array) -> Array:
        losses: Array = np.logaddexp(0, (1 - 2 * target) * score)
        return losses

    def _slopes(self, score: Array, target: Array) -> Array:
        sign = 1 - 2 * target
        slopes: Array = sign * _sigmoid(sign * score)
        return slopes

    def _curvatures(self, score: Array, target: Array) -> Array:  # the same for both classes
        return _sigmoid(score) * _sigmoid(-score)

    def _answers(self, score: Array) -> Array:
        return _sigmoid(score)


def _sigmoid(score: Array) -> Array:
    # 1 / (1 + exp(-z)) without overflow, and for z below zero without cancellation.
    small = np.exp(-np.abs(score))
    share: Array = np.where(score >= 0, 1, small) / (1 + small)
    return share


def _parameters(theta: ArrayLike, dim: int) -> Array:
    parameters = np.asarray(theta)
    if parameters.ndim == 0 or parameters.shape[-1] != dim:
        raise ValueError(f"theta must have shape ({dim},) or (..., {dim}), got shape {parameters.shape}")
    return parameters


def _one_vector(theta: ArrayLike, dim: int) -> Array:
    parameters = np.asarray(theta)
    if parameters.shape != (dim,):
        raise ValueError(f"theta must have shape ({dim},), got shape {parameters.shape}")
    return parameters
