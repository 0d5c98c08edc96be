"""What all models share: a mean over samples, over a batch of them or over all, in memory or in a file."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.models.samples import samples

Array: TypeAlias = NDArray[Any]
Batch: TypeAlias = ArrayLike | None


class FiniteSum(ABC):
    r"""A loss that is a mean over samples, :math:`f(\theta) = \frac1n \sum_i f_i(\theta)`.

    A concrete model says what the mean is over some rows of the design (the features with a column of ones, whose
    weight is the bias); which rows, and how many at a time, is decided here, once.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample. Copied, with a column of ones for the bias; but of a `numpy.memmap` only the
        rows of a batch are ever in memory.
    targets : array_like, shape (n_samples,)
        What to predict; beside mapped features they may be mapped too.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``.

    Raises
    ------
    ValueError
        If there are no samples, a value is not finite, or the shapes do not fit. The values of a memory map are checked
        when they are read.
    TypeError
        If the data are not numbers.

    Warnings
    --------
    A model over a memory map is as constant as the file. An array made from a map, such as ``numpy.asarray(map)``, is
    an array like any other and copied.

    Examples
    --------
    A table in a file, of which a step reads two rows:

    >>> import pathlib, tempfile
    >>> import optimtext as ot
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(pathlib.Path(folder, "table.npy"), [[0.0, 1.0], [1.0, 3.0], [2.0, 5.0], [3.0, 7.0]])
    ...     table = np.load(pathlib.Path(folder, "table.npy"), mmap_mode="r")
    ...     model = ot.models.LinearRegression(table[:, :-1], table[:, -1])
    ...     run = ot.minimize(
    ...         model, [0.0, 0.0], ot.GradientDescent(lr=0.1), max_steps=400, batch_size=2, seed=0, record_theta=False
    ...     )
    >>> run.theta.round(3)
    array([2., 1.])
    """

    dim: int

    def __init__(self, features: ArrayLike, targets: ArrayLike) -> None:
        self._samples = samples(features, targets, self._checked_targets)
        self.n_samples = self._samples.n_samples

    def loss(self, theta: ArrayLike, batch: Batch = None) -> Any:
        """Return the mean loss over `batch`, or over all samples.

        Parameters
        ----------
        theta : array_like, shape (dim,) or (..., dim)
            Parameters.
        batch : array_like of int, optional
            Indices of the samples to use.

        Returns
        -------
        float or numpy.ndarray, shape (...)
        """
        parameters = any_vectors(theta, self.dim)
        return self._mean(batch, lambda x, y: (self._loss(parameters, x, y),))[0]

    def gradient(self, theta: ArrayLike, batch: Batch = None) -> Array:
        """Return the gradient of `loss` with respect to `theta`, in the shape of `theta`."""
        parameters = any_vectors(theta, self.dim)
        gradient: Array = self._mean(batch, lambda x, y: (self._gradient(parameters, x, y),))[0]
        return gradient

    def loss_and_gradient(self, theta: ArrayLike, batch: Batch = None) -> tuple[Any, Array]:
        """Return both, bit for bit what `loss` and `gradient` return, for little more than a gradient costs."""
        parameters = any_vectors(theta, self.dim)
        loss, gradient = self._mean(batch, lambda x, y: self._both(parameters, x, y))
        return loss, gradient

    def _mean(self, batch: Batch, function: Callable[[Array, Array], tuple[Any, ...]]) -> tuple[Any, ...]:
        if batch is not None:
            return function(*self._samples.take(batch))
        totals: list[Any] = []
        for design, targets in self._samples.blocks():
            means = function(design, targets)
            if len(design) == self.n_samples:
                return means
            parts = [mean * (len(design) / self.n_samples) for mean in means]
            totals = [total + part for total, part in zip(totals, parts, strict=True)] if totals else parts
        return tuple(totals)

    def _checked_targets(self, targets: Array) -> Array:
        """Return the targets as the model wants them, or refuse those that it cannot have."""
        return targets  # any finite numbers are fine by default

    @abstractmethod
    def _loss(self, theta: Array, design: Array, targets: Array) -> Any:
        """Mean loss of these rows."""

    @abstractmethod
    def _gradient(self, theta: Array, design: Array, targets: Array) -> Array:
        """Its gradient."""

    @abstractmethod
    def _both(self, theta: Array, design: Array, targets: Array) -> tuple[Any, Array]:
        """Both, with what they share computed once."""


def any_vectors(theta: ArrayLike, dim: int) -> Array:
    """Return `theta` as an array: one vector, or a stack of such."""
    parameters = np.asarray(theta)
    if parameters.ndim == 0 or parameters.shape[-1] != dim:
        raise ValueError(f"theta must have shape ({dim},) or (..., {dim}), got shape {parameters.shape}")
    return parameters


def one_vector(theta: ArrayLike, dim: int) -> Array:
    """Return `theta` as an array, refusing a stack."""
    parameters = np.asarray(theta)
    if parameters.shape != (dim,):
        raise ValueError(f"theta must have shape ({dim},), got shape {parameters.shape}")
    return parameters


def rows_to_predict(features: ArrayLike, width: int) -> Array:
    """Return features of any number of samples, refusing those that are not `width` numbers each."""
    x = _checks.finite_array("features", features)
    if x.ndim != 2 or x.shape[1] != width:
        raise ValueError(f"features must have shape (n, {width}), got shape {x.shape}")
    return x
