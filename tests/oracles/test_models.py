"""Softmax regression and the multilayer perceptron against PyTorch's layers, losses and automatic differentiation."""

from typing import Any

import numpy as np
import pytest
import torch

import optimtext as ot
from optimtext.models import MLP, SoftmaxRegression

SEEDS = range(4)
HIDDEN = {"softmax": (), "one": (20,), "three": (16, 12, 8)}
BENDS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}


def theirs(model: Any, theta: Any, features: Any, targets: Any, bend: Any, loss: Any) -> tuple[float, Any]:
    """The same network in PyTorch: its loss, and its gradient in the order of our flat vector."""
    layers = model.unpack(theta)
    modules: list[Any] = []
    for weights, biases in layers:
        linear = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights.T.copy()))  # a row an output there
            linear.bias.copy_(torch.from_numpy(biases.copy()))
        modules += [linear, bend()]
    network = torch.nn.Sequential(*modules[:-1])
    value = loss(network(torch.tensor(features)), torch.tensor(targets))
    value.backward()
    linears = [module for module in network if isinstance(module, torch.nn.Linear)]
    parts = [np.r_[one.weight.grad.numpy().T.ravel(), one.bias.grad.numpy()] for one in linears]
    return value.item(), np.concatenate(parts)


def assert_same(model: Any, theta: Any, features: Any, targets: Any, bend: Any, loss: Any) -> None:
    for batch in (slice(None), [5, 0, 5, 17]):
        expected, gradient = theirs(model, theta, features[batch], targets[batch], bend, loss)
        rows = np.arange(len(features))[batch]
        assert model.loss(theta, batch=rows) == pytest.approx(expected, rel=1e-12)
        error = np.abs(model.gradient(theta, batch=rows) - gradient).max() / np.abs(gradient).max()
        assert error < 1e-10, error


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bend", BENDS)
@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_classification_on_the_digits(hidden: tuple[int, ...], bend: Any, seed: int) -> None:
    data = ot.datasets.digits()
    features, targets = data.features[:400] / 16, data.targets[:400].astype(np.int64)
    if hidden:
        model: Any = MLP(features, targets, hidden, activation=bend)
    else:
        model = SoftmaxRegression(features, targets)
    theta = np.random.default_rng(seed).normal(size=model.dim, scale=0.5)
    assert_same(model, theta, features, targets, BENDS[bend], torch.nn.CrossEntropyLoss())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bend", BENDS)
def test_regression_on_the_penguins(bend: Any, seed: int) -> None:
    data = ot.datasets.penguins().standardized()
    model = MLP(data.features, data.targets, (10, 5), activation=bend, task="regression")
    theta = np.random.default_rng(seed).normal(size=model.dim)

    def mean_square(outputs: Any, targets: Any) -> Any:
        return torch.nn.functional.mse_loss(outputs[:, 0], targets)

    assert_same(model, theta, data.features, data.targets, BENDS[bend], mean_square)


def test_the_derivative_of_relu_at_zero_is_pytorchs() -> None:
    features, targets = np.zeros((2, 3)), np.array([0, 1])  # with no bias yet, every unit sits on its kink
    features = np.vstack([features, np.zeros((16, 3))])
    targets = np.r_[targets, np.arange(16) % 2]
    model = MLP(features, targets, (4,))
    theta = model.init(seed=0)
    theta[-2:] = [0.3, -0.4]
    assert_same(model, theta, features, targets, torch.nn.ReLU, torch.nn.CrossEntropyLoss())


@pytest.mark.parametrize("bend", BENDS)
def test_a_wrong_derivative_would_be_noticed(bend: Any) -> None:
    """The sharpness of this comparison: the other activation's gradient is far outside the tolerance."""
    data = ot.datasets.digits()
    features, targets = data.features[:50] / 16, data.targets[:50].astype(np.int64)
    model = MLP(features, targets, (20,), activation=bend)
    other = MLP(features, targets, (20,), activation="tanh" if bend == "relu" else "relu")
    theta = model.init(seed=0)
    _, gradient = theirs(model, theta, features, targets, BENDS[bend], torch.nn.CrossEntropyLoss())
    assert np.abs(other.gradient(theta) - gradient).max() > 1e-3 * np.abs(gradient).max()
