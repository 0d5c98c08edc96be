"""Layers of weights in one flat vector, and the chain rule through them."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from optimtext.models.base import Array, FiniteSum, any_vectors, one_vector, rows_to_predict
from optimtext.models.heads import Head
from optimtext.models.samples import with_ones

Layers: TypeAlias = tuple[tuple[Array, Array], ...]


class LayeredModel(FiniteSum):
    r"""A loss that sees each sample through layers, :math:`h_{j+1} = \varphi(h_j W_j + b_j)`, the last without :math:`\varphi`.

    All weights and biases lie in one flat ``theta``: layer after layer, of each the weights row by row (a row an input,
    a column an output), then its biases. So a layer is one matrix whose last row is the bias, the weight of an input
    that is always 1. `unpack` gives the pieces.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``: the weights and biases of all layers.
    sizes : tuple of int
        Numbers of a sample on its way: features, hidden layers, outputs.
    """  # noqa: E501  # the formula is longer in source than in print

    sizes: tuple[int, ...]
    _head: Head

    def _lay_out(self, hidden: Sequence[int]) -> None:
        self.sizes = (self._samples.width - 1, *hidden, self._head.outputs)
        self._shapes = [(rows + 1, columns) for rows, columns in zip(self.sizes[:-1], self.sizes[1:], strict=True)]
        ends = np.cumsum([rows * columns for rows, columns in self._shapes]).tolist()
        self._parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        self.dim = ends[-1]

    def unpack(self, theta: ArrayLike) -> Layers:
        """Return ``((weights, biases), ...)``, one pair a layer, first layer first.

        Parameters
        ----------
        theta : array_like, shape (dim,) or (..., dim)
            Parameters.

        Returns
        -------
        tuple of pairs of numpy.ndarray
            Weights of shape (..., inputs, outputs) and biases of shape (..., outputs): views of `theta` where it is an
            array.
        """
        layers = self._layers(any_vectors(theta, self.dim))
        return tuple((layer[..., :-1, :], layer[..., -1, :]) for layer in layers)

    def predict(self, theta: ArrayLike, features: ArrayLike) -> Array:
        """Return the model's answer for each row of `features`.

        Parameters
        ----------
        theta : array_like, shape (dim,)
            Parameters.
        features : array_like, shape (n, n_features)
            Any number of samples.

        Returns
        -------
        numpy.ndarray
            For a classification the probability of each class, shape (n, n_classes); ``.argmax(axis=1)`` is the class
            that the model names. For a regression shape (n,).
        """
        x, parameters = rows_to_predict(features, self.sizes[0]), one_vector(theta, self.dim)
        return self._head.answers(self._forward(self._layers(parameters), with_ones(x))[-1])

    def _layers(self, theta: Array) -> list[Array]:
        stack = theta.shape[:-1]
        return [theta[..., part].reshape(stack + shape) for part, shape in zip(self._parts, self._shapes, strict=True)]

    def _forward(self, layers: list[Array], design: Array) -> list[Array]:
        """Return what goes into each layer, a column of ones included, and what comes out of the last."""
        values = [design]
        for layer in layers[:-1]:
            score = values[-1] @ layer
            value = np.empty((*score.shape[:-1], score.shape[-1] + 1), dtype=score.dtype)
            self._activate(score, value[..., :-1])
            value[..., -1] = 1
            values.append(value)
        return [*values, values[-1] @ layers[-1]]

    def _backward(self, layers: list[Array], values: list[Array], slopes: Array) -> Array:
        """Return the gradient from the derivative of the loss in the outputs."""
        gradient = np.empty((*slopes.shape[:-2], self.dim), dtype=slopes.dtype)
        for index, part in reversed(list(enumerate(self._layers(gradient)))):
            np.matmul(values[index].swapaxes(-1, -2), slopes, out=part)
            if index:
                slopes = slopes @ layers[index][..., :-1, :].swapaxes(-1, -2)
                self._chain(slopes, values[index][..., :-1])
        return gradient

    def _loss(self, theta: Array, design: Array, targets: Array) -> Any:
        return self._head.loss(self._forward(self._layers(theta), design)[-1], targets)

    def _gradient(self, theta: Array, design: Array, targets: Array) -> Array:
        return self._both(theta, design, targets)[1]

    def _both(self, theta: Array, design: Array, targets: Array) -> tuple[Any, Array]:
        layers = self._layers(theta)
        *values, scores = self._forward(layers, design)
        loss, slopes = self._head.loss_and_slopes(scores, targets)
        return loss, self._backward(layers, values, slopes)

    def _checked_targets(self, targets: Array) -> Array:
        return self._head.checked(targets)

    def _activate(self, score: Array, out: Array) -> None:
        """Write the activation of `score` to `out`; a model without hidden layers has none."""

    def _chain(self, slopes: Array, value: Array) -> None:
        """Multiply `slopes` in place by the derivative of the activation where it took `value`."""
