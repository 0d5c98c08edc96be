"""Proximal steps: known methods, certified minimizers on real data, one meaning of loss, and refusals with a reason."""

import dataclasses
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as blocks_module
from optimtext.penalties import L1, L2, ElasticNet

FITTING = (ot.GradientDescent, ot.Momentum, ot.Nesterov)
every_fitting = pytest.mark.parametrize("kind", FITTING, ids=lambda cls: cls.__name__)
NO_BIAS = slice(-1)


def regression(name):
    data = getattr(ot.datasets, name)().standardized()
    return ot.models.LinearRegression(data.features, data.targets)


@pytest.fixture(scope="module", params=["penguins", "breast_cancer"])
def model(request):
    return regression(request.param)


def rule_for(kind, model, beta=0.9):
    """A rate at which each method is known to converge on a penalized quadratic."""
    steepest = np.linalg.eigvalsh(model.hessian())[-1]
    if kind is ot.GradientDescent:
        return kind(1.9 / steepest)
    return kind(1 / steepest, beta) if kind is ot.Nesterov else kind(1.99 * (1 - beta) / steepest, beta)


def solve(model, kind, penalty, steps=12_000, threshold=1e-12):
    stop = ot.GradientNorm(threshold)
    return ot.minimize(
        model,
        np.zeros(model.dim),
        rule_for(kind, model),
        max_steps=steps,
        penalty=penalty,
        stop=stop,
        record_theta=False,
    )


@every_fitting
@pytest.mark.parametrize(
    "penalty", [L1(0.02, on=NO_BIAS), L1(0.1, on=NO_BIAS), ElasticNet(0.1, 0.01, on=NO_BIAS)], ids=str
)
def test_the_end_is_certified_to_be_the_minimizer(model, kind, penalty):
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


@every_fitting
def test_ridge_is_its_closed_form(model, kind):
    penalty = L2(0.05, on=NO_BIAS)
    run = solve(model, kind, penalty)
    hessian = model.hessian()
    penalized = np.diag([1.0] * (model.dim - 1) + [0.0])
    closed = np.linalg.solve(hessian + 2 * penalty.l2 * penalized, -model.gradient(np.zeros(model.dim)))
    np.testing.assert_allclose(run.theta, closed, rtol=0, atol=1e-10)


@every_fitting
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


def textbook(kind, model, penalty, lr, beta, steps):
    """The methods as their papers print them: without a velocity, from the last two points."""
    before = theta = np.zeros(model.dim)
    path = [theta]
    for _ in range(steps):
        ahead = theta + beta * (theta - before)
        if kind is ot.Nesterov:  # FISTA with constant momentum
            after = penalty.prox(ahead - lr * model.gradient(ahead), lr)
        else:  # iPiano; with beta = 0, ISTA
            after = penalty.prox(ahead - lr * model.gradient(theta), lr)
        before, theta = theta, after
        path.append(theta)
    return np.array(path)


@every_fitting
@pytest.mark.parametrize("penalty", [L1(0.1, on=NO_BIAS), L2(0.1), ElasticNet(0.05, 0.1)], ids=str)
def test_the_paths_are_those_of_ista_fista_and_ipiano(model, kind, penalty):
    rule = rule_for(kind, model)
    run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=200, penalty=penalty)
    path = textbook(kind, model, penalty, rule.lr, getattr(rule, "beta", 0.0), 200)
    np.testing.assert_allclose(run.trace.theta, path, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(run.trace.theta == 0, path == 0)


@pytest.mark.parametrize("penalty", [L1(0.1, on=NO_BIAS), ElasticNet(0.05, 0.1)], ids=str)
def test_the_gap_stays_below_the_published_bounds(model, penalty):
    curvatures = np.linalg.eigvalsh(model.hessian())
    steepest, kappa = curvatures[-1], curvatures[-1] / curvatures[0]
    beta = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    end = solve(model, ot.Nesterov, penalty)
    distance = end.theta @ end.theta  # from a start at zero

    def gaps(rule):
        run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=400, penalty=penalty, record_theta=False)
        return run.trace.loss - end.loss

    k, slack = np.arange(401), 1e-12
    plain = gaps(ot.GradientDescent(1 / steepest))
    assert (plain[1:] <= steepest * distance / (2 * k[1:]) + slack).all()
    assert (np.diff(plain) <= slack).all()  # ISTA only ever descends
    fast = gaps(ot.Nesterov(1 / steepest, beta))
    assert (fast <= (1 - 1 / np.sqrt(kappa)) ** k * (fast[0] + curvatures[0] / 2 * distance) + slack).all()


def test_acceleration_pays_on_an_ill_conditioned_problem():
    model, penalty = regression("breast_cancer"), L1(0.02, on=NO_BIAS)
    steepest = np.linalg.eigvalsh(model.hessian())[-1]
    plain, fast = (
        ot.minimize(
            model, np.zeros(model.dim), rule, max_steps=12_000, penalty=penalty, stop=ot.GradientNorm(1e-9)
        ).steps
        for rule in (ot.GradientDescent(1 / steepest), ot.Nesterov(1 / steepest, 0.97))
    )
    assert fast < plain / 3


def test_without_the_proximal_map_no_weight_is_ever_exactly_zero():
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


@pytest.mark.parametrize("kind", [ot.Momentum, ot.Nesterov])
def test_minus_rate_times_velocity_is_the_step_taken(kind):
    model = regression("penguins")
    rule = rule_for(kind, model)
    stepper = ot.Stepper(rule, np.ones(model.dim), penalty=L1(0.3))
    for _ in range(50):
        before = stepper.theta
        stepper.step(model.gradient(stepper.probe))
        np.testing.assert_allclose(-rule.lr * stepper._slots[0], stepper.theta - before, atol=1e-14)


@every_fitting
@pytest.mark.parametrize("batch_size", [None, 50])
def test_loss_means_loss_and_penalty_everywhere_but_in_the_validation(kind, batch_size):
    train, held_out = ot.datasets.penguins().standardized().split(0.25, seed=0)
    model, other = (ot.models.LinearRegression(part.features, part.targets) for part in (train, held_out))
    penalty = ElasticNet(0.1, 0.05, on=NO_BIAS)
    run = ot.minimize(
        model, np.ones(4), rule_for(kind, model), max_steps=20, penalty=penalty, batch_size=batch_size, seed=4,
        validation=other, validate_every=1,
    )  # fmt: skip
    batches = ot.sampling.shuffled_batches(model.n_samples, batch_size or model.n_samples, np.random.default_rng(4))
    for k, theta in enumerate(run.trace.theta):
        batch = next(batches) if batch_size else None
        assert run.trace.loss[k] == model.loss(theta, batch) + penalty(theta)
        assert run.trace.validation[k] == other.loss(theta)
    assert run.loss == model.loss(run.theta) + penalty(run.theta)
    assert run.problem is model


def test_the_recorded_norm_is_that_of_the_gradient_mapping():
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    rule = rule_for(ot.Nesterov, model)
    run = ot.minimize(model, np.ones(4), rule, max_steps=60, penalty=penalty)
    stepper = ot.Stepper(rule, np.ones(4), penalty=penalty)
    for norm in run.trace.grad_norm:
        point, grad = stepper.probe, model.gradient(stepper.probe)
        mapped = (point - penalty.prox(point - rule.lr * grad, rule.lr)) / rule.lr
        np.testing.assert_allclose(norm, np.linalg.norm(mapped), rtol=1e-9)
        stepper.step(grad)
    assert run.trace.grad_norm[-1] < 1e-3 < np.linalg.norm(model.gradient(run.theta))  # only one of them vanishes


@every_fitting
def test_a_penalty_of_strength_zero_changes_no_bit(kind):
    model = regression("penguins")
    options: dict[str, Any] = {"max_steps": 50, "batch_size": 32, "seed": 0}
    plain, free = (
        ot.minimize(model, np.ones(4), rule_for(kind, model), penalty=penalty, **options)
        for penalty in (None, ElasticNet(0.0, 0.0))
    )
    np.testing.assert_array_equal(plain.trace.theta, free.trace.theta)
    np.testing.assert_array_equal(plain.trace.loss, free.trace.loss)
    np.testing.assert_allclose(plain.trace.grad_norm, free.trace.grad_norm, rtol=1e-9)


@every_fitting
def test_a_rate_that_falls_to_zero_moves_nothing_and_warns_of_nothing(kind):
    model, schedule = regression("penguins"), ot.CosineAnnealing(0.1, 0.0, 20)
    run = ot.minimize(model, np.ones(4), kind(schedule), max_steps=30, penalty=L1(0.1))
    assert run.reason is ot.StopReason.MAX_STEPS
    assert np.isfinite(run.trace.theta).all()
    assert np.isfinite(run.trace.grad_norm).all()
    np.testing.assert_array_equal(run.trace.theta[20], run.trace.theta[-1])
    stepper = ot.Stepper(kind(schedule), np.ones(4), penalty=L1(0.1))
    for _ in range(30):
        stepper.step(model.gradient(stepper.probe))
    np.testing.assert_array_equal(stepper.theta, run.theta)


def test_a_rate_for_each_coordinate_has_the_map_use_it_too():
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    rates = 0.2 / np.diag(model.hessian()) * np.array([1.0, 0.5, 2.0, 1.0])
    run = ot.minimize(model, np.ones(4), ot.GradientDescent(rates), max_steps=3000, penalty=penalty)
    np.testing.assert_allclose(run.theta, solve(model, ot.GradientDescent, penalty).theta, atol=1e-11)


@every_fitting
@settings(derandomize=True, deadline=None, max_examples=15, database=None)
@given(seed=st.integers(0, 2**32 - 1), runs=st.integers(1, 4), dim=st.integers(1, 9))
def test_a_batch_of_runs_is_bit_for_bit_the_runs_alone(kind, seed, runs, dim):
    rng = np.random.default_rng(seed)
    theta0, grads, rates = rng.normal(size=(runs, dim)), rng.normal(size=(5, runs, dim)), rng.uniform(0.1, 1, (runs, 1))
    penalty = ElasticNet(0.3, 0.2, on=None if seed % 2 else slice(1, None))
    together = ot.Stepper(kind(rates), theta0, penalty=penalty)
    alone = [ot.Stepper(kind(float(rates[i, 0])), theta0[i], penalty=penalty) for i in range(runs)]
    for grad in grads:
        together.step(grad)
        for i, stepper in enumerate(alone):
            stepper.step(grad[i])
            np.testing.assert_array_equal(together.theta[i], stepper.theta)
            np.testing.assert_array_equal(together.probe[i], stepper.probe)


@every_fitting
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "on"), [((20_001,), None), ((3, 5_003), None), ((20_001,), slice(-1))])
def test_blocked_is_bit_for_bit_the_whole(kind, dtype, shape, on, monkeypatch):
    rng = np.random.default_rng(0)
    theta0, grads = rng.normal(size=shape).astype(dtype), rng.normal(size=(4, *shape)).astype(dtype)
    found = []
    for block in (blocks_module.BLOCK, 10**9):
        monkeypatch.setattr(blocks_module, "BLOCK", block)
        stepper = ot.Stepper(kind(0.3), theta0, penalty=L1(0.5, on=on))
        for grad in grads:
            stepper.step(grad)
        found.append((np.array(stepper.theta), np.array(stepper.probe)))
        assert stepper.theta.dtype == dtype
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (found[0][0] == 0).any()


def test_a_penalty_of_ones_own_needs_only_a_value_and_a_map():
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


def test_a_clip_shorter_than_the_gradient_at_the_minimum_shows_in_the_recorded_norm():
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    best = solve(model, ot.Nesterov, penalty)
    length = float(np.linalg.norm(model.gradient(best.theta)))
    rule = rule_for(ot.Nesterov, model)
    options: dict[str, Any] = {"max_steps": 3000, "penalty": penalty}
    enough = ot.minimize(model, np.ones(4), rule, clip=ot.clipping.ByNorm(1.01 * length), **options)
    short = ot.minimize(model, np.ones(4), rule, clip=ot.clipping.ByNorm(0.5 * length), **options)
    np.testing.assert_allclose(enough.theta, best.theta, atol=1e-11)
    assert enough.trace.grad_norm[-1] < 1e-11
    assert short.trace.grad_norm[-1] > 0.01
    assert short.loss > best.loss


@every_fitting
@pytest.mark.parametrize("lr", [1e3, 1e300])
def test_divergence_is_a_result_and_no_warning(kind, lr):
    model = regression("penguins")
    run = ot.minimize(model, np.ones(4), kind(lr), max_steps=2000, penalty=L1(1e-3, on=NO_BIAS), stop=ot.GradientNorm())
    assert run.reason is ot.StopReason.DIVERGED
    assert np.isfinite(run.theta).all()


@pytest.mark.parametrize(
    "kind", [rule for rule in ot.rules.ALL if rule not in (*FITTING, ot.FISTA)], ids=lambda cls: cls.__name__
)
def test_a_rule_that_scales_coordinates_is_refused_with_the_reason(kind):
    rule, penalty = kind(), L1(0.1)
    reason = (
        "the proximal map must use the same scales, and the plain one would lead to the minimum of another objective"
    )
    for attempt in (
        lambda: ot.Stepper(rule, [1.0], penalty=penalty),
        lambda: ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], rule, max_steps=1, penalty=penalty),
    ):
        with pytest.raises(ValueError, match=re.escape(reason)) as caught:
            attempt()
        assert f"got {rule!r}" in str(caught.value)
        assert str(caught.value).startswith(f"penalty={penalty!r} needs a rule with one rate for all coordinates")


def test_the_reason_is_true():
    """The plain map after AdaGrad's step: the run settles, and not at the minimizer."""
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    theta, s, rule = np.ones(4), 0.0, ot.AdaGrad(lr=0.3)
    for _ in range(20_000):
        theta, s = rule.update(theta, model.gradient(theta), rule.lr, s)
        theta = penalty.prox(theta, rule.lr)
    best = solve(model, ot.Nesterov, penalty)
    assert model.loss(theta) + penalty(theta) > best.loss + 0.01


def test_a_derived_rule_is_refused_since_its_update_may_be_another():
    @dataclasses.dataclass(frozen=True)
    class Scaled(ot.GradientDescent):
        def update(self, theta, grad, lr):
            return (theta - lr * grad / (1 + abs(grad)),)

    with pytest.raises(ValueError, match="needs a rule with one rate for all coordinates"):
        ot.Stepper(Scaled(), [1.0], penalty=L1())


@pytest.mark.parametrize("penalty", [L1, 0.1, abs, "l1", SimpleNamespace(prox=abs)], ids=str)
def test_what_is_no_penalty_is_refused(penalty):
    with pytest.raises(TypeError, match=r"^penalty must have a value and a method prox\(x, step\).* got "):
        ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], ot.GradientDescent(), max_steps=1, penalty=penalty)
