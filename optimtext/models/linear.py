"""Models of one linear score: linear and logistic regression. Parameters are ``[weights..., bias]``."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext.models.base import Array, Batch, FiniteSum, one_vector, rows_to_predict


class LinearModel(FiniteSum):
    r"""A loss that sees each sample through one linear score, :math:`z_i = w^\top x_i + b`.

    The loss is the mean :math:`f(\theta) = \frac1n \sum_i \ell(z_i, y_i)`. A concrete model supplies the
    elementwise :math:`\ell` and its first two derivatives in :math:`z`; the chain rule is written here, once.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample. Copied, with a column of ones for the bias; but see `FiniteSum` for data in
        a file.
    targets : array_like, shape (n_samples,)
        What to predict.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``: the number of features and one for the bias, which is last.

    Raises
    ------
    ValueError
        If there are no samples, a value is not finite, or the shapes do not fit.
    TypeError
        If the data are not numbers.
    """

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        super().__init__(features, targets)
        self.dim = self._samples.width

    def hessian(self, theta: ArrayLike, batch: Batch = None) -> Array:
        """Return the matrix of second derivatives at one `theta`, shape (dim, dim)."""
        parameters = one_vector(theta, self.dim)
        half: Array = self._mean(batch, lambda x, y: (self._half_hessian(parameters, x, y),))[0]
        return half + half.T  # exactly symmetric, which the product is only to rounding

    def predict(self, theta: ArrayLike, features: ArrayLike) -> Array:
        """Return the model's answer for each row of `features`, shape (n,)."""
        x, parameters = rows_to_predict(features, self.dim - 1), one_vector(theta, self.dim)
        return self._answers(x @ parameters[:-1] + parameters[-1])

    def _loss(self, theta: Array, design: Array, targets: Array) -> Any:
        return self._losses(theta @ design.T, targets).mean(axis=-1)

    def _gradient(self, theta: Array, design: Array, targets: Array) -> Array:
        gradient: Array = self._slopes(theta @ design.T, targets) @ design / len(design)
        return gradient

    def _both(self, theta: Array, design: Array, targets: Array) -> tuple[Any, Array]:
        score = theta @ design.T
        return self._losses(score, targets).mean(axis=-1), self._slopes(score, targets) @ design / len(design)

    def _half_hessian(self, theta: Array, design: Array, targets: Array) -> Array:
        weights = self._curvatures(design @ theta, targets)
        half: Array = (design.T * weights) @ design / (2 * len(design))
        return half

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
        design, targets = next(self._samples.blocks())
        if len(design) < self.n_samples:
            # Of a file block by block: the triangle of a QR factorization has the same least-squares solution as all
            # rows that went into it, and the condition number of the design, not its square as the normal equations.
            table: Array = np.empty((0, self.dim + 1), dtype=design.dtype)
            for block, wanted in self._samples.blocks():
                table = np.asarray(np.linalg.qr(np.vstack([table, np.column_stack([block, wanted])]), mode="r"))
            design, targets = table[:, :-1], table[:, -1]
        solution: Array = np.linalg.lstsq(design, targets, rcond=None)[0]
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

    def _checked_targets(self, targets: Array) -> Array:
        wrong = targets[(targets != 0) & (targets != 1)]
        if wrong.size:
            raise ValueError(f"targets must be 0 or 1, got {wrong[0]}")
        return targets

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
