"""Proximal steps end where they should: certified minimizers on real data, closed forms, and zeros that are exact."""

from types import SimpleNamespace

import numpy as np
import pytest

import optimtext as ot
from optimtext.penalties import L1, L2, ElasticNet

NO_BIAS = slice(-1)


@pytest.fixture(scope="module", params=["penguins", "breast_cancer"])
def model(request, regression):
    return regression(request.param)


@pytest.mark.parametrize(
    "penalty", [L1(0.02, on=NO_BIAS), L1(0.1, on=NO_BIAS), ElasticNet(0.1, 0.01, on=NO_BIAS)], ids=str
)
def test_the_end_is_certified_to_be_the_minimizer(model, kind, penalty, solve):
    """Fermat's rule for a convex sum: minus the gradient is a slope of the penalty. No solver is asked."""
    run = solve(model, kind, penalty)
    assert run.reason is ot.StopReason.GRADIENT_NORM
    weights, grad = run.theta[:-1], model.gradient(run.theta)
    slope = -(grad[:-1] + 2 * getattr(penalty, "l2", 0.0) * weights)
    zero = weights == 0
    np.testing.assert_allclose(slope[~zero], penalty.l1 * np.sign(weights[~zero]), atol=1e-10)
    assert (np.abs(slope[zero]) <= penalty.l1).all()
    assert abs(grad[-1]) < 1e-10  # the bias is free
    assert not np.signbit(weights[zero]).any()
    if model.dim > 5:
        assert zero.sum() > 10


def test_ridge_is_its_closed_form(model, kind, solve):
    penalty = L2(0.05, on=NO_BIAS)
    run = solve(model, kind, penalty)
    hessian = model.hessian()
    penalized = np.diag([1.0] * (model.dim - 1) + [0.0])
    closed = np.linalg.solve(hessian + 2 * penalty.l2 * penalized, -model.gradient(np.zeros(model.dim)))
    np.testing.assert_allclose(run.theta, closed, rtol=0, atol=1e-10)


def test_an_orthogonal_design_has_the_lasso_in_closed_form(kind):
    rng = np.random.default_rng(3)
    design = np.linalg.qr(rng.normal(size=(40, 8)))[0] * np.sqrt(40)
    target = rng.normal(size=40)
    model = SimpleNamespace(  # without a bias, so that the Hessian is 2 I
        loss=lambda w: np.mean((design @ w - target) ** 2),
        gradient=lambda w: 2 * design.T @ (design @ w - target) / 40,
    )
    correlation = design.T @ target / 40
    rule = kind(0.4) if kind is ot.GradientDescent else kind(0.2, beta=0.5)
    run = ot.minimize(model, np.ones(8), rule, max_steps=300, penalty=L1(0.2))
    expected = np.sign(correlation) * np.maximum(np.abs(correlation) - 0.1, 0)
    np.testing.assert_allclose(run.theta, expected, atol=1e-13)
    np.testing.assert_array_equal(run.theta == 0, expected == 0)
    assert 0 < (expected == 0).sum() < 8


def test_without_the_proximal_map_no_weight_is_ever_exactly_zero(regression, rule_for):
    model, l1 = regression("breast_cancer"), 0.1
    weighed = SimpleNamespace(
        loss=lambda theta: model.loss(theta) + l1 * np.abs(theta[:-1]).sum(),
        gradient=lambda theta: model.gradient(theta) + l1 * np.append(np.sign(theta[:-1]), 0.0),
    )
    rule = rule_for(ot.GradientDescent, model)
    subgradient = ot.minimize(weighed, np.full(model.dim, 0.01), rule, max_steps=2000, record_theta=False)
    proximal = ot.minimize(model, np.full(model.dim, 0.01), rule, max_steps=2000, penalty=L1(l1, on=NO_BIAS))
    assert (subgradient.theta != 0).all()
    assert (proximal.theta == 0).sum() > 20
    assert proximal.loss < subgradient.loss


def test_a_rate_for_each_coordinate_has_the_map_use_it_too(regression, solve):
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    rates = 0.2 / np.diag(model.hessian()) * np.array([1.0, 0.5, 2.0, 1.0])
    run = ot.minimize(model, np.ones(4), ot.GradientDescent(rates), max_steps=3000, penalty=penalty)
    np.testing.assert_allclose(run.theta, solve(model, ot.GradientDescent, penalty).theta, atol=1e-11)


def test_a_penalty_of_ones_own_needs_only_a_value_and_a_map(regression, rule_for):
    class Nonnegative:
        def __call__(self, x):
            return np.where((np.asarray(x) < 0).any(axis=-1), np.inf, 0.0)

        def prox(self, x, step):
            return np.maximum(x, 0)

    model = regression("penguins")
    run = ot.minimize(model, np.ones(4), rule_for(ot.Nesterov, model), max_steps=500, penalty=Nonnegative())
    grad = model.gradient(run.theta)
    assert (run.theta >= 0).all()
    np.testing.assert_allclose(np.minimum(run.theta, grad), 0, atol=1e-10)  # complementary: one of the two is zero
