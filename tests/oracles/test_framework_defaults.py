"""What the chapter on choosing says about frameworks: their defaults, and the snippet that it prints."""

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.linear_model as linear
import sklearn.neural_network as neural
import torch
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning

import optimtext as ot

CHAPTER = Path(__file__).parents[2] / "docs" / "book" / "choosing.md"


def defaults(call: Any) -> dict[str, Any]:
    return {name: one.default for name, one in inspect.signature(call).parameters.items()}


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (linear.Ridge, {"solver": "auto"}),
        (linear.LogisticRegression, {"solver": "lbfgs"}),
        (linear.SGDRegressor, {"learning_rate": "invscaling", "eta0": 0.01, "power_t": 0.25, "penalty": "l2"}),
        (linear.SGDClassifier, {"learning_rate": "optimal", "penalty": "l2"}),
        (linear.SGDRegressor, {"early_stopping": False}),
        (neural.MLPClassifier, {"solver": "adam", "learning_rate_init": 0.001, "early_stopping": False}),
        (neural.MLPRegressor, {"solver": "adam", "learning_rate_init": 0.001, "early_stopping": False}),
        (torch.optim.Adam, {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8}),
        (torch.optim.SGD, {"lr": 0.001, "momentum": 0}),
        (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.99}),
        (torch.optim.Adagrad, {"lr": 0.01}),
        (torch.optim.lr_scheduler.ReduceLROnPlateau, {"threshold": 1e-4, "threshold_mode": "rel"}),
    ],
)
def test_defaults_are_those_that_the_chapter_names(call: Any, wanted: dict[str, Any]) -> None:
    assert {name: defaults(call)[name] for name in wanted} == wanted


def test_linear_regression_takes_no_steps_and_the_network_does() -> None:
    """One has no learning rate to set; of the other the optimizer can be looked at."""
    data = ot.datasets.penguins().standardized()
    exact = ot.models.LinearRegression(data.features, data.targets).solution()
    theirs = linear.LinearRegression().fit(data.features, data.targets)
    np.testing.assert_allclose([*theirs.coef_, theirs.intercept_], exact, rtol=1e-10)
    assert not {"learning_rate", "eta0", "solver"} & set(defaults(linear.LinearRegression))
    network = neural.MLPRegressor(hidden_layer_sizes=(4,), max_iter=5, tol=1e-9, random_state=0)
    with pytest.warns(ConvergenceWarning):
        network.fit(data.features, data.targets)
    assert type(network._optimizer).__name__ == "AdamOptimizer"
    assert defaults(neural.MLPRegressor)["batch_size"] == "auto"  # which is min(200, n_samples)


def test_lbfgs_solves_logistic_regression_in_a_few_dozen_passes() -> None:
    data = ot.datasets.penguin_sex().standardized()
    model = ot.models.LogisticRegression(data.features, data.targets)
    found = minimize(model.loss, np.zeros(5), jac=model.gradient, method="L-BFGS-B", options={"gtol": 1e-9, "ftol": 0})
    exact = found.x
    for _ in range(5):
        exact = exact - np.linalg.solve(model.hessian(exact), model.gradient(exact))
    assert found.nfev <= 36
    assert model.loss(found.x) - model.loss(exact) < 1e-10 * model.loss(exact)


def test_the_snippet_runs_and_its_scheduler_acts() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", CHAPTER.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (snippet,) = (block for block in blocks if block.startswith("import torch"))
    names: dict[str, Any] = {}
    exec(compile(snippet, str(CHAPTER), "exec"), names)  # noqa: S102  # our own chapter's code, which is to be run
    assert float(names["validation"]) < 0.03
    assert names["optimizer"].param_groups[0]["lr"] < 0.1


def test_pytorch_waits_one_loss_longer_than_its_patience() -> None:
    steps = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(steps, patience=5, factor=0.5)
    ours = ot.ReduceOnPlateau(lr=1.0, patience=5, factor=0.5).follow()
    next(ours)
    rates = []
    for _ in range(8):
        theirs.step(1.0)
        rates.append((steps.param_groups[0]["lr"], ours.send(1.0)))
    fall = [[rate[i] for rate in rates].index(0.5) for i in (0, 1)]
    assert fall == [6, 5]
