"""The noise floor: closed forms against the Lyapunov equation, against long noisy runs, and against its limits."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import theory

GD, HEAVY, NESTEROV = ot.GradientDescent, ot.Momentum, ot.Nesterov
RULES = [
    GD(lr=0.1), GD(lr=0.9), HEAVY(0.1, 0.0), HEAVY(0.05, 0.9), HEAVY(1.3, 0.5), NESTEROV(0.1, 0.0), NESTEROV(0.05, 0.9),
    NESTEROV(0.7, 0.6),
]  # fmt: skip
every_rule = pytest.mark.parametrize("rule", RULES, ids=repr)
steady = settings(derandomize=True, deadline=None, max_examples=100)


@steady
@given(st.sampled_from([GD, HEAVY, NESTEROV]), st.floats(1e-3, 0.99), st.floats(0, 0.99), st.floats(0.01, 100.0))
def test_closed_forms_solve_the_lyapunov_equation(rule_class: Any, part: float, beta: float, curvature: float) -> None:
    hyper = {} if rule_class is GD else {"beta": beta}
    lr = part * theory.stability_limit(rule_class, curvature, **hyper)
    rule, variance = rule_class(lr=lr, **hyper), 2.5
    matrix, noise = theory.iteration_matrix(rule, curvature), np.diag([lr**2 * variance, 0.0])
    settled = theory.stationary_covariance(matrix, noise)
    np.testing.assert_allclose(matrix @ settled @ matrix.T + noise, settled, rtol=1e-9, atol=1e-12 * settled.max())
    # The equations lose digits as the matrix nears the edge of stability, up to 1e4 of them here.
    assert theory.noise_floor(rule, curvature, variance) == pytest.approx(settled[0, 0], rel=1e-8)
    assert settled[1, 1] == pytest.approx(settled[0, 0], rel=1e-8)


@every_rule
def test_the_formulas_are_those_of_the_table(rule: Any) -> None:
    lr, beta, lam, var = rule.lr, getattr(rule, "beta", 0.0), 1.3, 0.7
    if isinstance(rule, NESTEROV):
        q = 1 - lr * lam
        expected = lr * var * (1 + beta * q) / (lam * (1 - beta * q) * (2 * (1 + beta) - (1 + 2 * beta) * lr * lam))
    else:  # gradient descent is the heavy ball without momentum
        expected = lr * var * (1 + beta) / (lam * (1 - beta) * (2 * (1 + beta) - lr * lam))
    assert theory.noise_floor(rule, lam, var) == pytest.approx(expected, rel=1e-13)


@every_rule
def test_noisy_runs_settle_at_the_floor(rule: Any) -> None:
    # 4,000 independent runs of one coordinate each: the sample variance of so many Gaussians has a relative standard
    # deviation of sqrt(2 / 4000) = 2.2%; four of those are 9%. The slowest rule forgets 0.98 per step: 600 steps do.
    rng, curvature, deviation = np.random.default_rng(7), 1.0, 0.6
    stepper = ot.Stepper(rule, np.zeros(4000))
    for _ in range(600):
        stepper.step(curvature * stepper.probe + deviation * rng.normal(size=4000))
    floor = theory.noise_floor(rule, curvature, deviation**2).item()
    assert np.var(stepper.theta) == pytest.approx(floor, rel=0.09)
    assert abs(np.mean(stepper.theta)) < 4 * math.sqrt(floor / 4000)


@pytest.mark.parametrize("rule", [GD(lr=0.05), HEAVY(0.02, 0.8), NESTEROV(0.02, 0.8)], ids=repr)
def test_the_mean_loss_of_noisy_runs_settles_at_the_loss_floor(rule: Any) -> None:
    # Noise that is correlated between coordinates which are not the eigendirections. The mean is over 2,000 runs whose
    # losses are each about as wide as their mean: a standard error of about 2.5%.
    rng = np.random.default_rng(11)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    hessian = (turn * [0.5, 2.0, 9.0]) @ turn.T
    hessian = (hessian + hessian.T) / 2
    mix = rng.normal(size=(3, 3))
    stepper, losses = ot.Stepper(rule, np.zeros((2000, 3))), []
    for k in range(700):
        stepper.step(stepper.probe @ hessian + rng.normal(size=(2000, 3)) @ mix.T)
        if k >= 500 and k % 20 == 0:
            losses.append(np.einsum("ri,ij,rj->r", stepper.theta, hessian, stepper.theta).mean() / 2)
    assert np.mean(losses) == pytest.approx(theory.loss_floor(rule, hessian, mix @ mix.T), rel=0.05)


def test_batches_leave_the_floor_of_their_noise_and_less_if_no_sample_is_drawn_twice_an_epoch() -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(400, 2))
    model = ot.models.LinearRegression(features, features @ [1.0, -2.0] + rng.normal(size=400))
    best, lowest, rule = model.solution(), model.loss(model.solution()), GD(lr=0.02)
    each = np.array([model.gradient(best, [i]) for i in range(400)])
    floor = theory.loss_floor(rule, model, each.T @ each / 400 / 8)  # batches of 8
    stepper, path = ot.Stepper(rule, best), []
    for k in range(20_000):
        stepper.step(model.gradient(stepper.theta, rng.integers(400, size=8)))
        if k >= 500:
            path.append(stepper.theta)
    # A squared error is forgotten within 12 steps, so these are about 1,600 independent ones in 3 directions: 2%. Away
    # from the minimum batches are noisier than at it, by about lr * curvature * dim / batch size, a few percent.
    assert np.mean(model.loss(np.array(path)) - lowest) == pytest.approx(floor, rel=0.1)
    # Over an epoch of 50 shuffled batches the noise adds up to nearly zero; after each epoch the run is closer.
    shuffled = ot.minimize(model, best, rule, max_steps=8000, batch_size=8, seed=0).trace.theta[500::50]
    assert np.mean(model.loss(shuffled) - lowest) < 0.5 * floor


def test_small_rates_have_the_floor_of_their_effective_rate() -> None:
    for rule in (GD(lr=1e-5), HEAVY(1e-6, 0.9), NESTEROV(1e-6, 0.9)):
        expected = theory.effective_rate(rule) * 3.0 / (2 * 0.5)
        assert theory.noise_floor(rule, 0.5, 3.0) == pytest.approx(expected, rel=1e-4)


def test_what_is_not_stationary_has_an_infinite_floor() -> None:
    floor = theory.noise_floor(GD(lr=0.5), [4.0, -1.0, 0.0, 1.0], 1.0)
    np.testing.assert_allclose(floor, [math.inf, math.inf, 1 / 3, math.inf], rtol=1e-14)  # rising: -1, 0, 1, 4
    assert theory.loss_floor(GD(lr=0.5), [1.0, 4.0], 1.0) == math.inf
    assert theory.noise_floor(HEAVY(lr=3.0, beta=0.5), 1.0, 1.0) == math.inf


def test_variances_belong_to_the_coordinates_of_the_parameters() -> None:
    by_number = theory.noise_floor(GD(lr=0.1), [9.0, 1.0], [5.0, 2.0])  # rising: the curvature 1 has the variance 2
    np.testing.assert_allclose(by_number, [0.1 * 2 / 1.9, 0.1 * 5 / (9 * 1.1)], rtol=1e-13)
    ravine = ot.surfaces.Ravine(condition=9)
    np.testing.assert_allclose(theory.noise_floor(GD(lr=0.1), ravine, np.diag([2.0, 5.0])), by_number, rtol=1e-13)
    assert theory.loss_floor(GD(lr=0.1), [9.0, 1.0], [5.0, 2.0]) == pytest.approx(by_number @ [0.5, 4.5], rel=1e-13)


@pytest.mark.parametrize("variance", [-1.0, [1.0, -0.1], [[1.0, 2.0], [2.0, 1.0]], np.ones(3), np.ones((2, 2, 2))])
def test_impossible_variances_are_refused(variance: Any) -> None:
    for ask in (theory.noise_floor, theory.loss_floor):
        with pytest.raises(ValueError, match=r"^variance must .*got "):
            ask(GD(), [[2.0, 1.0], [1.0, 2.0]], variance)
    with pytest.raises(TypeError, match="rule must have one constant number"):
        theory.noise_floor(GD(lr=ot.StepDecay()), 1.0, 1.0)


def test_the_lyapunov_solver_refuses_what_does_not_settle() -> None:
    for matrix, noise, message in [
        (np.eye(2), np.eye(2), "matrix must have a spectral radius below 1, got 1"),
        (np.ones((2, 3)), np.eye(2), "matrix must be square"),
        (np.eye(2) / 2, np.eye(3), "noise must have the shape of matrix"),
    ]:
        with pytest.raises(ValueError, match=message):
            theory.stationary_covariance(matrix, noise)
