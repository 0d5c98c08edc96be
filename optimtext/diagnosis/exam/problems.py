"""What the exam's runs are trained on: real data, split, and one of the package's models over each part.

Groups are pairs of model and data set. Those with softmax regression and those with the digits are held out: neither
that model nor that data set was looked at while the diagnosis was written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext import datasets, models
from optimtext.minimize import minimize
from optimtext.rules import Adam, GradientDescent
from optimtext.schedules import CosineAnnealing
from optimtext.theory import spectrum

Array = NDArray[Any]
HELD_OUT_MODEL, HELD_OUT_DATA = "softmax", "digits"
_SEED = 7  # of every split into training and validation samples


@dataclass(frozen=True)
class Problem:
    """A model over training samples, the same over validation samples, and what full knowledge adds.

    Attributes
    ----------
    train, check : model
        Over the samples to learn from (the first `n_clean` of them) and over those held out.
    theta0 : numpy.ndarray
        Where runs start.
    n_clean : int
        Samples as they were measured. Behind them lie as many spoiled ones, which only a run with bad batches draws.
    limit : float
        The rate 2/L of gradient descent: exact for linear regression, at the start for others.
    reachable : float
        The lowest training loss that is known to be reachable.
    richer : float
        The validation loss that a richer model of the same data reaches.
    """

    train: Any
    check: Any
    theta0: Array
    n_clean: int
    limit: float
    reachable: float
    richer: float

    def full_loss(self, theta: Array) -> float:
        """Return the loss over all clean training samples."""
        with np.errstate(all="ignore"):
            return float(self.train.loss(theta, batch=np.arange(self.n_clean)))


@dataclass(frozen=True)
class _Data:
    features: Array
    targets: Array
    kind: str  # "number", "yes or no", "class" or "bin"


def _penguins(kind: str) -> _Data:
    if kind == "number":
        data = datasets.penguins().standardized()
        return _Data(data.features, data.targets - 4.0, kind)
    birds = datasets.penguin_sex().standardized()
    if kind == "bin":  # which fifth of the weights, from the three lengths
        return _Data(birds.features[:, :3], _bins(birds.features[:, 3], 5), kind)
    return _Data(birds.features, birds.targets, kind)


def _cancer(kind: str) -> _Data:
    data = datasets.breast_cancer().standardized()
    if kind in ("number", "bin"):  # how smooth the outlines are, or which tenth, from all else that was measured
        smooth = data.feature_names.index("mean_smoothness")
        target = data.features[:, smooth]
        return _Data(np.delete(data.features, smooth, axis=1), _bins(target, 10) if kind == "bin" else target, kind)
    return _Data(data.features, data.targets, kind)


def _bins(values: Array, count: int) -> Array:
    # Classes of equal size along a measurement.
    return np.floor(np.argsort(np.argsort(values)) * count / len(values))


def _digits(kind: str) -> _Data:
    data = datasets.digits()
    features, targets = data.features[:600] / 16, data.targets[:600]
    if kind == "number":  # how much ink the lower half has, from the upper half
        return _Data(features[:, :32], features[:, 32:].sum(axis=1) - 10.0, kind)
    return _Data(features, targets % 2 if kind == "yes or no" else targets, kind)


DATA: dict[str, Callable[[str], _Data]] = {"penguins": _penguins, "breast_cancer": _cancer, "digits": _digits}
KINDS = {
    "linear": "number",
    "logistic": "yes or no",
    "softmax": "class",
    "mlp": "class",
    "mlp_number": "number",
    "mlp_many": "bin",
}
# Digits are many classes already.
GROUPS = [(model, data) for data in DATA for model in KINDS if (model, data) != ("mlp_many", "digits")]


def held_out(model: str, data: str) -> bool:
    """Return whether a group belongs to the part that was not looked at."""
    return model == HELD_OUT_MODEL or data == HELD_OUT_DATA


def _model(name: str, x: Array, y: Array, classes: int) -> Any:
    if name == "linear":
        return models.LinearRegression(x, y)
    if name == "logistic":
        return models.LogisticRegression(x, y)
    if name == "softmax":
        return models.SoftmaxRegression(x, y, n_classes=classes)
    if name in ("mlp", "mlp_many"):
        return models.MLP(x, y, hidden=(16,), activation="relu", n_classes=classes)
    return models.MLP(x, y, hidden=(16,), activation="tanh", task="regression")


@cache
def problem(
    model: str,
    data: str,
    n_train: int = 160,
    weak: float = 0.0,
    noise: float = 0.0,
    junk: int = 0,
    slow: float = 0.0,
    skew: float = 0.0,
) -> Problem:
    """Return a problem of a group.

    Parameters
    ----------
    model, data : str
        The group.
    n_train : int, default 160
        Samples to learn from; few make a model learn them by heart.
    weak : float, default 0.0
        Use one feature only, that at this share of the list sorted by how little each says about the target: a model
        that is too weak. With 0, all features.
    noise : float, default 0.0
        Share of the training targets that are replaced by others, drawn at random.
    junk : int, default 0
        So many columns of noise beside the features.
    slow : float, default 0.0
        Unless 0, multiply all features but the one that says most by this: they are learned later than the columns of
        noise, and the validation loss falls, rises and falls again.
    skew : float, default 0.0
        Unless 0, multiply the features by factors from 1 down to this: a loss that is steeper in some directions.
    """
    table = DATA[data](KINDS[model])
    x, y = table.features, table.targets
    rng = np.random.default_rng(_SEED)
    order = rng.permutation(len(y))
    mine, theirs = order[:n_train], order[n_train : n_train + 160]
    richer = 0.0
    said = _says(x, y)
    if weak:
        richer = problem(model, data, n_train, 0.0, noise).richer
        useful = np.flatnonzero(said > 0)
        x = x[:, [useful[np.argsort(said[useful])[int(weak * len(useful))]]]]
    if skew:
        x = x * rng.permutation(np.geomspace(1.0, skew, x.shape[1]))
    if slow:
        x = x * np.where(said == said.max(), 1.0, slow)
    if junk:
        x = np.hstack([x, rng.normal(size=(len(y), junk))])
    targets = y[mine].copy()
    swapped = rng.random(n_train) < noise
    targets[swapped] = rng.permutation(y)[: swapped.sum()]
    # The spoiled samples: features as a broken sensor or a missing division would give them.
    classes = int(y.max()) + 1 if table.kind in ("class", "bin") else 0
    spoiled = x[mine] * 12.0
    train = _model(model, np.vstack([x[mine], spoiled]), np.concatenate([targets, targets]), classes)
    check = _model(model, x[theirs], y[theirs], classes)
    clean = _model(model, x[mine], targets, classes)
    theta0 = clean.init(seed=3) if hasattr(clean, "init") and model != "softmax" else np.zeros(clean.dim)
    reachable, best = _best(clean, check, theta0)
    return Problem(train, check, theta0, n_train, 2 / _curvature(clean, theta0), reachable, richer or best)


def _says(x: Array, y: Array) -> Array:
    # How far each feature goes along with the target: the size of their correlation, but for the target's own spread.
    spread = x.std(axis=0)
    along = np.abs((x - x.mean(axis=0)).T @ (y - y.mean())) / len(y)
    says: Array = np.divide(along, spread, out=np.zeros_like(along), where=spread > 0)
    return says


def _curvature(model: Any, theta: Array) -> float:
    if hasattr(model, "hessian"):
        return float(spectrum(model.hessian(theta)).max())
    # The largest eigenvalue by repeated products of the Hessian with a vector, from differences of gradients.
    vector, size = np.random.default_rng(0).normal(size=len(theta)), 1.0
    for _ in range(60):
        vector = vector / np.linalg.norm(vector)
        product = (model.gradient(theta + 1e-4 * vector) - model.gradient(theta - 1e-4 * vector)) / 2e-4
        size, vector = abs(float(product @ vector)), product
    return size


def _best(model: Any, check: Any, theta0: Array) -> tuple[float, float]:
    # Long runs of two rules; the lower of their ends is a loss that can be reached, and no guess.
    with np.errstate(all="ignore"):
        runs = [
            minimize(model, theta0, rule, max_steps=6000, validation=check, validate_every=20, record_theta=False)
            for rule in (
                Adam(lr=CosineAnnealing(lr_max=0.03, lr_min=0.0, steps=6000)),
                GradientDescent(lr=0.9 / _curvature(model, theta0)),
            )
        ]
    lowest = [run.trace.validation[np.isfinite(run.trace.validation)].min() for run in runs]
    return min(run.loss for run in runs if np.isfinite(run.loss)), float(min(lowest))
