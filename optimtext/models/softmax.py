"""Softmax regression: one linear score for each of several classes."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.models.base import Array, Batch, one_vector
from optimtext.models.heads import cross_entropy
from optimtext.models.layered import LayeredModel


class SoftmaxRegression(LayeredModel):
    r"""Softmax regression by mean log loss, :math:`f = \frac1n \sum_i \log \sum_c e^{z_{ic}} - z_{i y_i}`.

    Differences of the scores :math:`z_i = x_i W + b` are the log odds between classes; logistic regression is the case
    of two classes, with the difference of their parameters as its own.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample.
    targets : array_like, shape (n_samples,)
        Classes, whole numbers from 0.
    n_classes : int, optional
        Number of classes, at least 2; by default the largest target and one. Give it where some of the data may lack a
        class; where the targets are in a file it must be given.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``, ``(n_features + 1) * n_classes``: the weights, shape (n_features, n_classes) row by row,
        then the biases.
    sizes : tuple of int
        ``(n_features, n_classes)``.

    Raises
    ------
    ValueError, TypeError
        As for every model, and if a target is no class.

    Warnings
    --------
    A constant added to all classes' parameters changes no probability, so minimizers are never alone and the Hessian is
    singular. Where planes separate the classes without error, there is no minimizer at all.

    Examples
    --------
    Before it has learned anything, the model gives even odds, at a loss of log 3:

    >>> model = SoftmaxRegression([[0.0], [1.0], [2.0], [3.0]], [0, 1, 2, 1])
    >>> model.loss(model.init()).round(6)
    np.float64(1.098612)
    >>> model.predict([0.0, 1.0, 2.0, 0.0, 0.0, 0.0], [[0.0], [1.0]]).round(2)
    array([[0.33, 0.33, 0.33],
           [0.09, 0.24, 0.67]])
    """

    @_checks.named_arguments
    def __init__(self, features: ArrayLike, targets: ArrayLike, *, n_classes: int | None = None) -> None:
        self._head = cross_entropy(targets, n_classes)
        super().__init__(features, targets)
        self._lay_out(())

    def init(self, seed: Any = None) -> Array:
        """Return zeros, shape (dim,), whatever the `seed`: the loss is convex, and no start beats even odds."""
        return np.zeros(self.dim, dtype=self._samples.dtype)

    def hessian(self, theta: ArrayLike, batch: Batch = None) -> Array:
        """Return the matrix of second derivatives at one `theta`, shape (dim, dim)."""
        parameters = one_vector(theta, self.dim)
        mean: Array = self._mean(batch, lambda x, _: (self._curvature(parameters, x),))[0]
        hessian: Array = (mean + mean.T) / 2  # exactly symmetric, which the products are only to rounding
        return hessian

    def _curvature(self, theta: Array, design: Array) -> Array:
        # Of one sample: (diag(p) - p pᵀ) ⊗ x xᵀ, in the order of theta, inputs before classes.
        shares = self._head.answers(self._forward(self._layers(theta), design)[-1])
        slopes = (design[:, :, None] * shares[:, None, :]).reshape(len(design), self.dim)
        mean: Array = -(slopes.T @ slopes)
        width, classes = self._shapes[0]
        same = mean.reshape(width, classes, width, classes)
        for c in range(classes):
            same[:, c, :, c] += (design.T * shares[:, c]) @ design
        mean /= len(design)
        return mean
