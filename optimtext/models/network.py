"""The multilayer perceptron: layers of linear scores with a bend between them."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.models.base import Array
from optimtext.models.heads import SquaredError, cross_entropy
from optimtext.models.layered import LayeredModel


class MLP(LayeredModel):
    r"""A multilayer perceptron, :math:`h_{j+1} = \varphi(h_j W_j + b_j)` from :math:`h_0 = x`, the last layer linear.

    For a classification the last layer's outputs are the scores of the classes and the loss is the mean log loss, as in
    `SoftmaxRegression`; for a regression it is one number and the loss the mean squared error, as in
    `LinearRegression`. Without hidden layers it is one of these two models.

    Parameters
    ----------
    features : array_like, shape (n_samples, n_features)
        Measurements, one row a sample. Standardize them, or bring them to about [0, 1]: the start that `init` draws
        expects inputs of about unit size.
    targets : array_like, shape (n_samples,)
        Classes, whole numbers from 0; or real numbers, for a regression.
    hidden : sequence of int, default (100,)
        Units in each hidden layer, in any number of layers.
    activation : {"relu", "tanh"}, default "relu"
        The bend :math:`\varphi`: :math:`\max(z, 0)`, whose derivative at 0 is taken as 0, or :math:`\tanh z`.
    task : {"classification", "regression"}, default "classification"
        What the targets are.
    n_classes : int, optional
        Number of classes, as for `SoftmaxRegression`.

    Attributes
    ----------
    n_samples : int
        Number of samples.
    dim : int
        Length of ``theta``: the weights and biases of all layers, in the order that `unpack` shows.
    sizes : tuple of int
        Numbers of a sample on its way: features, hidden layers, outputs.

    Raises
    ------
    ValueError, TypeError
        As for every model, and if a setting is not one of those allowed.

    Warnings
    --------
    Never start from zeros: there all units of a layer have the same gradient, and stay alike for ever. `init` draws a
    start. With ReLU the loss has kinks, where it has no gradient; what is returned there is one-sided.

    References
    ----------
    D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by back-propagating errors", 1986.

    Examples
    --------
    Exclusive or, which no linear model can learn:

    >>> import optimtext as ot
    >>> model = MLP([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], hidden=(8,), activation="tanh")
    >>> model.dim, [weights.shape for weights, biases in model.unpack(model.init(seed=0))]
    (42, [(2, 8), (8, 2)])
    >>> run = ot.minimize(model, model.init(seed=0), ot.Adam(lr=0.05), max_steps=300)
    >>> model.predict(run.theta, [[0, 0], [0, 1], [1, 0], [1, 1]]).argmax(axis=1)
    array([0, 1, 1, 0])
    """

    @_checks.named_arguments
    def __init__(
        self,
        features: ArrayLike,
        targets: ArrayLike,
        hidden: Sequence[int] = (100,),
        *,
        activation: Literal["relu", "tanh"] = "relu",
        task: Literal["classification", "regression"] = "classification",
        n_classes: int | None = None,
    ) -> None:
        if not isinstance(hidden, (list, tuple)):
            raise TypeError(f"hidden must be a tuple of integers of at least 1, one for each layer, got {hidden!r}")
        units = [_checks.integer(f"hidden[{i}]", size, 1) for i, size in enumerate(hidden)]
        if activation not in ("relu", "tanh"):
            raise ValueError(f"activation must be 'relu' or 'tanh', got {activation!r}")
        if task not in ("classification", "regression"):
            raise ValueError(f"task must be 'classification' or 'regression', got {task!r}")
        if task == "regression" and n_classes is not None:
            raise ValueError(f"n_classes must be None for a regression, got {n_classes!r}")
        self.activation = activation
        self._head = cross_entropy(targets, n_classes) if task == "classification" else SquaredError()
        super().__init__(features, targets)
        self._lay_out(units)

    def init(self, seed: "int | np.random.Generator | None" = None) -> Array:
        r"""Return a start, shape (dim,): random weights that neither grow nor fade from layer to layer, biases zero.

        Weights into a layer of ReLU units are normal with variance :math:`2 / n_{in}` (He), all others uniform with
        variance :math:`2 / (n_{in} + n_{out})` (Glorot).

        Parameters
        ----------
        seed : int or numpy.random.Generator, optional
            Source of randomness; without it every call draws another start.

        Returns
        -------
        numpy.ndarray, shape (dim,)
            In the precision of the features.

        References
        ----------
        K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", 2015. X. Glorot and Y. Bengio,
        "Understanding the difficulty of training deep feedforward neural networks", 2010.
        """
        rng = np.random.default_rng(seed)
        theta = np.zeros(self.dim, dtype=self._samples.dtype)
        for weights, _ in self.unpack(theta)[:-1]:
            weights[:] = self._draw(rng, weights.shape, he=self.activation == "relu")
        last, _ = self.unpack(theta)[-1]
        last[:] = self._draw(rng, last.shape, he=False)
        return theta

    def _draw(self, rng: "np.random.Generator", shape: tuple[int, ...], *, he: bool) -> Array:
        inputs, outputs = shape
        if he:
            return rng.normal(scale=np.sqrt(2 / inputs), size=shape)
        bound = np.sqrt(6 / (inputs + outputs))
        return rng.uniform(-bound, bound, size=shape)

    def _activate(self, score: Array, out: Array) -> None:
        if self.activation == "relu":
            np.maximum(score, 0, out=out)
        else:
            np.tanh(score, out=out)

    def _chain(self, slopes: Array, value: Array) -> None:
        # Both derivatives can be read off the value that the activation took.
        slopes *= value > 0 if self.activation == "relu" else 1 - value * value
