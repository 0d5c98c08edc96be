"""What is made of the outputs of a layered model: probabilities of classes, or one number."""

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks

Array: TypeAlias = NDArray[Any]


class Head(Protocol):
    """From scores of shape (..., n, outputs) to a mean loss of shape (...) and its derivative in the scores."""

    outputs: int

    def checked(self, targets: Array) -> Array:
        """Return the targets in the form that the other methods take, or refuse them."""

    def loss(self, scores: Array, targets: Array) -> Any:
        """Return the mean loss."""

    def loss_and_slopes(self, scores: Array, targets: Array) -> tuple[Any, Array]:
        """Return the mean loss and its derivative in the scores, in their shape."""

    def answers(self, scores: Array) -> Array:
        """Return what the model says."""


class SquaredError:
    """One number for each sample: the mean of squares, without a factor ½."""

    outputs = 1

    def checked(self, targets: Array) -> Array:
        """Return the targets: any finite numbers will do."""
        return targets

    def loss(self, scores: Array, targets: Array) -> Any:
        """Return the mean of squared differences."""
        return ((scores[..., 0] - targets) ** 2).mean(axis=-1)

    def loss_and_slopes(self, scores: Array, targets: Array) -> tuple[Any, Array]:
        """Return it and its derivative."""
        rest = scores[..., 0] - targets
        return (rest**2).mean(axis=-1), (rest * (2 / len(targets)))[..., None]

    def answers(self, scores: Array) -> Array:
        """Return the number."""
        return scores[..., 0]


class CrossEntropy:
    """Classes: the mean of minus the logarithm of the probability (softmax) of the class that is right."""

    def __init__(self, outputs: int) -> None:
        self.outputs = outputs

    def checked(self, targets: Array) -> Array:
        """Return the targets as indices of classes."""
        wrong = targets[(targets != np.floor(targets)) | (targets < 0) | (targets >= self.outputs)]
        if wrong.size:
            raise ValueError(f"targets must be whole numbers from 0 to {self.outputs - 1}, got {wrong[0]}")
        return targets.astype(np.intp)

    def loss(self, scores: Array, targets: Array) -> Any:
        """Return the mean log loss."""
        return self._parts(scores, targets)[0]

    def loss_and_slopes(self, scores: Array, targets: Array) -> tuple[Any, Array]:
        """Return it and its derivative, the probabilities less 1 at the right class."""
        loss, powers, totals, rows = self._parts(scores, targets)
        powers /= totals
        powers[..., rows, targets] -= 1
        powers /= len(targets)
        return loss, powers

    def answers(self, scores: Array) -> Array:
        """Return the probability of each class."""
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares: Array = powers / powers.sum(axis=-1, keepdims=True)
        return shares

    def _parts(self, scores: Array, targets: Array) -> tuple[Any, Array, Array, Array]:
        # Less the largest score, which changes no probability and keeps exp from overflowing.
        shifted = scores - scores.max(axis=-1, keepdims=True)
        powers, rows = np.exp(shifted), np.arange(len(targets))
        totals = powers.sum(axis=-1, keepdims=True)
        losses = np.log(totals[..., 0]) - shifted[..., rows, targets]
        return losses.mean(axis=-1), powers, totals, rows


def cross_entropy(targets: ArrayLike, n_classes: int | None) -> CrossEntropy:
    """Return the head for as many classes as asked for, or as the targets show."""
    if n_classes is not None:
        return CrossEntropy(_checks.integer("n_classes", n_classes, 2))
    if isinstance(targets, np.memmap):
        raise TypeError("n_classes must be given where the targets are in a file, got None")
    classes = _checks.finite_array("targets", targets)
    return CrossEntropy(max(2, int(min(classes.max(), 2**31)) + 1))
