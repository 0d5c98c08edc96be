"""What a run with a penalty records: one meaning of loss, the norm of the gradient mapping, and how it ends."""

from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.penalties import L1, ElasticNet

NO_BIAS = slice(-1)


@pytest.mark.parametrize("batch_size", [None, 50])
def test_loss_means_loss_and_penalty_everywhere_but_in_the_validation(kind, batch_size, rule_for):
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


def test_the_recorded_norm_is_that_of_the_gradient_mapping(regression, rule_for):
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


def test_a_penalty_of_strength_zero_changes_no_bit(kind, regression, rule_for):
    model = regression("penguins")
    options: dict[str, Any] = {"max_steps": 50, "batch_size": 32, "seed": 0}
    plain, free = (
        ot.minimize(model, np.ones(4), rule_for(kind, model), penalty=penalty, **options)
        for penalty in (None, ElasticNet(0.0, 0.0))
    )
    np.testing.assert_array_equal(plain.trace.theta, free.trace.theta)
    np.testing.assert_array_equal(plain.trace.loss, free.trace.loss)
    np.testing.assert_allclose(plain.trace.grad_norm, free.trace.grad_norm, rtol=1e-9)


def test_a_rate_that_falls_to_zero_moves_nothing_and_warns_of_nothing(kind, regression):
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


def test_a_clip_shorter_than_the_gradient_at_the_minimum_shows_in_the_recorded_norm(regression, rule_for, solve):
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


@pytest.mark.parametrize("lr", [1e3, 1e300])
def test_divergence_is_a_result_and_no_warning(kind, lr, regression):
    model = regression("penguins")
    run = ot.minimize(model, np.ones(4), kind(lr), max_steps=2000, penalty=L1(1e-3, on=NO_BIAS), stop=ot.GradientNorm())
    assert run.reason is ot.StopReason.DIVERGED
    assert np.isfinite(run.theta).all()
