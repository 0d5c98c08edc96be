"""Penalized regressions against scikit-learn's on real data: the same coefficients, the same zeros."""

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge

import optimtext as ot

NO_BIAS = slice(-1)
every_kind = pytest.mark.parametrize(
    "kind", [ot.GradientDescent, ot.Momentum, ot.Nesterov], ids=lambda cls: cls.__name__
)
every_data = pytest.mark.parametrize("name", ["penguins", "breast_cancer"])


def solve(model: Any, steepest: float, kind: Any, penalty: Any) -> Any:
    beta = 0.97 if model.dim > 10 else 0.5
    rules = {
        ot.GradientDescent: ot.GradientDescent(1.9 / steepest),
        ot.Momentum: ot.Momentum(1.99 * (1 - beta) / steepest, beta),
        ot.Nesterov: ot.Nesterov(1 / steepest, beta),
    }
    run = ot.minimize(
        model, np.zeros(model.dim), rules[kind], max_steps=60_000, penalty=penalty, stop=ot.GradientNorm(1e-12),
        record_theta=False,
    )  # fmt: skip
    assert run.reason is ot.StopReason.GRADIENT_NORM
    return run.theta


def regression(name: str) -> tuple[Any, Any, float]:
    data = getattr(ot.datasets, name)().standardized()
    model = ot.models.LinearRegression(data.features, data.targets)
    return data, model, np.linalg.eigvalsh(model.hessian())[-1]


def assert_same(theta: Any, theirs: Any, tolerance: float = 1e-6) -> None:
    np.testing.assert_allclose(theta[:-1], np.ravel(theirs.coef_), rtol=0, atol=tolerance)
    np.testing.assert_allclose(theta[-1], theirs.intercept_, rtol=0, atol=tolerance)
    np.testing.assert_array_equal(theta[:-1] == 0, np.ravel(theirs.coef_) == 0)


@every_kind
@every_data
@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_lasso(kind: Any, name: str, alpha: float) -> None:
    """Squared errors are divided by 2 n there and by n here: our l1 is twice their alpha."""
    data, model, steepest = regression(name)
    theirs = Lasso(alpha=alpha, tol=1e-14, max_iter=10**6).fit(data.features, data.targets)
    assert_same(solve(model, steepest, kind, ot.penalties.L1(2 * alpha, on=NO_BIAS)), theirs)


@every_kind
@every_data
@pytest.mark.parametrize(("alpha", "ratio"), [(0.05, 0.9), (0.1, 0.5), (0.4, 0.2)])
def test_elastic_net(kind: Any, name: str, alpha: float, ratio: float) -> None:
    """And their squares carry a ½, which the other factor 2 takes away again."""
    data, model, steepest = regression(name)
    theirs = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-14, max_iter=10**6).fit(data.features, data.targets)
    penalty = ot.penalties.ElasticNet(2 * alpha * ratio, alpha * (1 - ratio), on=NO_BIAS)
    assert_same(solve(model, steepest, kind, penalty), theirs)


@every_kind
@every_data
def test_ridge(kind: Any, name: str) -> None:
    """Their squared errors are a sum: our l2 is their alpha over n."""
    data, model, steepest = regression(name)
    theirs = Ridge(alpha=30.0, solver="svd").fit(data.features, data.targets)
    penalty = ot.penalties.L2(30.0 / model.n_samples, on=NO_BIAS)
    assert_same(solve(model, steepest, kind, penalty), theirs, tolerance=1e-10)


def test_logistic_regression_with_l1() -> None:
    """Their log losses are a sum weighted by C, and saga leaves the bias alone: our l1 is 1 / (C n)."""
    data = ot.datasets.breast_cancer().standardized()
    model = ot.models.LogisticRegression(data.features, data.targets)
    steepest = np.linalg.eigvalsh(model.hessian(np.zeros(model.dim)))[-1]  # sigmoid' is largest at zero
    theirs = LogisticRegression(l1_ratio=1.0, C=0.1, solver="saga", tol=1e-10, max_iter=10**5, random_state=0)
    theirs.fit(data.features, data.targets)
    penalty = ot.penalties.L1(1 / (0.1 * model.n_samples), on=NO_BIAS)
    assert_same(solve(model, steepest, ot.Nesterov, penalty), theirs)


def test_a_path_of_penalties_drops_the_same_features_in_the_same_order() -> None:
    data, model, steepest = regression("breast_cancer")
    for alpha in np.geomspace(0.3, 0.01, 8):
        theirs = Lasso(alpha=alpha, tol=1e-14, max_iter=10**6).fit(data.features, data.targets)
        assert_same(solve(model, steepest, ot.Nesterov, ot.penalties.L1(2 * alpha, on=NO_BIAS)), theirs)
