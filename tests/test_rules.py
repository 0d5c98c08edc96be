"""The rules against their closed forms, and what their constructors refuse."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext.rules import ALL

every_rule = pytest.mark.parametrize("rule_class", ALL, ids=lambda cls: cls.__name__)
every_surface = pytest.mark.parametrize("surface_class", ot.surfaces.ALL, ids=lambda cls: cls.__name__)
steady = settings(derandomize=True, deadline=None, max_examples=40)
scales = st.floats(1e-3, 1e3)  # gradients in front of which the default epsilons vanish
betas = st.floats(0.0, 0.999)


def positions(rule: Any, gradient: float, count: int) -> list[float]:
    """Where a rule goes from 0 in a gradient that is the same everywhere."""
    theta, visited = np.float64(0.0), [0.0]
    state: list[Any] = []
    for _ in range(count):
        theta, *state = rule.update(theta, gradient, rule.lr, *state)
        visited.append(float(theta))
    return visited


def steps(rule: Any, gradient: float, count: int) -> list[float]:
    """The lengths of the steps down, in a constant gradient."""
    return [float(-step) for step in np.diff(positions(rule, gradient, count))]


@every_rule
@every_surface
def test_a_first_step_from_rest_goes_downhill_in_every_coordinate(rule_class: Any, surface_class: Any) -> None:
    surface, rule = surface_class(), rule_class()
    grad = surface.gradient(surface.start)
    theta, *_ = rule.update(surface.start, grad, 1e-6)
    np.testing.assert_array_equal(np.sign(surface.start - theta), np.sign(grad))
    assert surface.loss(theta) < surface.loss(surface.start)


@every_rule
def test_a_run_mirrors_when_the_gradients_change_sign(rule_class: Any) -> None:
    assert positions(rule_class(), 2.5, 30) == [-x for x in positions(rule_class(), -2.5, 30)]


@every_rule
def test_a_zero_gradient_from_rest_moves_nothing(rule_class: Any) -> None:
    rule = rule_class(**({"weight_decay": 0.0} if hasattr(rule_class, "weight_decay") else {}))
    theta, *state = rule.update(np.array([3.0, -4.0]), np.zeros(2), 0.1)
    theta, *state = rule.update(theta, np.zeros(2), 0.1, *state)
    np.testing.assert_array_equal(theta, [3.0, -4.0])


@every_rule
def test_update_returns_a_tuple_of_the_parameters_and_the_slots(rule_class: Any) -> None:
    first = rule_class().update(1.0, 2.0, 0.1)
    assert isinstance(first, tuple)
    second = rule_class().update(*first[:1], 2.0, 0.1, *first[1:])
    assert len(second) == len(first)


@every_rule
def test_rules_are_frozen_and_compare_by_their_constants(rule_class: Any) -> None:
    rule = rule_class(lr=0.25)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.lr = 1.0
    assert rule == rule_class(lr=0.25)
    assert rule != rule_class(lr=0.5)
    assert hash(rule) == hash(rule_class(lr=0.25))
    assert repr(rule).startswith(f"{rule_class.__name__}(lr=0.25")


def test_defaults_are_those_of_the_sources() -> None:
    adam = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "eps_root": 0.0}
    assert {cls: dataclasses.asdict(cls()) for cls in ALL} == {
        ot.GradientDescent: {"lr": 0.01},
        ot.Momentum: {"lr": 0.01, "beta": 0.9},
        ot.Nesterov: {"lr": 0.01, "beta": 0.9},
        ot.FISTA: {"lr": 0.01},
        ot.AdaGrad: {"lr": 0.01, "eps_root": 0.0, "eps": 1e-10},
        ot.RMSProp: {"lr": 0.01, "beta": 0.99, "eps_root": 0.0, "eps": 1e-8},
        ot.AdaDelta: {"lr": 1.0, "beta": 0.9, "eps_root": 1e-6},
        ot.Adam: adam,
        ot.AdamUncorrected: adam,
        ot.AdaMax: {"lr": 2e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        ot.AMSGrad: adam,
        ot.NAdam: {**adam, "lr": 2e-3, "gamma": 0.96**0.004},
        ot.AdamW: {**adam, "weight_decay": 0.01},
        ot.Lion: {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    }


@steady
@given(scales, st.floats(1e-4, 1.0), betas, betas)
def test_adam_steps_by_lr_in_a_constant_gradient(gradient: float, lr: float, beta1: float, beta2: float) -> None:
    rule = ot.Adam(lr=lr, beta1=beta1, beta2=beta2, eps=0.0)
    assert steps(rule, gradient, 20) == pytest.approx([lr] * 20, rel=1e-8)


@steady
@given(st.floats(1e-9, 1e3), st.floats(1e-9, 1.0))
def test_adam_first_step_is_the_gradient_over_itself_plus_eps(gradient: float, eps: float) -> None:
    (step,) = steps(ot.Adam(lr=0.5, eps=eps), gradient, 1)
    assert step == pytest.approx(0.5 * gradient / (gradient + eps), rel=1e-11)
    (step,) = steps(ot.Adam(lr=0.5, eps=0.0, eps_root=eps), gradient, 1)
    assert step == pytest.approx(0.5 * gradient / math.sqrt(gradient**2 + eps), rel=1e-11)


def test_without_correction_adam_starts_3_16_times_too_long_and_is_6_5_times_too_long_at_step_10() -> None:
    relative = steps(ot.AdamUncorrected(lr=1.0, eps=0.0), 7.0, 5000)
    assert relative[0] == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-12)
    assert round(relative[0], 2) == 3.16
    assert relative[9] == pytest.approx((1 - 0.9**10) / math.sqrt(1 - 0.999**10), rel=1e-12)
    assert round(relative[9], 1) == 6.5
    assert min(relative) >= 1  # the correction never prevents a slow start: there is none
    assert relative[-1] == pytest.approx(1, rel=0.01)


@steady
@given(scales, betas, betas)
def test_the_correction_is_all_that_separates_the_two_adams(gradient: float, beta1: float, beta2: float) -> None:
    plain = steps(ot.AdamUncorrected(beta1=beta1, beta2=beta2, eps=0.0), gradient, 12)
    corrected = steps(ot.Adam(beta1=beta1, beta2=beta2, eps=0.0), gradient, 12)
    factor = [(1 - beta1**t) / math.sqrt(1 - beta2**t) for t in range(1, 13)]
    assert [a / b for a, b in zip(plain, corrected, strict=True)] == pytest.approx(factor, rel=1e-8)


@steady
@given(scales)
def test_adagrad_steps_by_lr_over_root_t_in_a_constant_gradient(gradient: float) -> None:
    expected = [0.1 / math.sqrt(t) for t in range(1, 41)]
    assert steps(ot.AdaGrad(lr=0.1, eps=0.0), gradient, 40) == pytest.approx(expected, rel=1e-10)


@steady
@given(st.lists(st.floats(-10, 10).filter(lambda g: abs(g) > 1e-6), min_size=1, max_size=40))
def test_adagrad_total_is_at_most_twice_the_root_of_the_sum_of_squares(gradients: list[float]) -> None:
    rule, theta, s, way = ot.AdaGrad(lr=1.0, eps=0.0), 0.0, 0.0, 0.0
    for gradient in gradients:
        new, s = rule.update(theta, gradient, rule.lr, s)
        way += gradient * (theta - new)
        theta = new
    assert way <= 2 * math.sqrt(sum(g * g for g in gradients)) * (1 + 1e-9)


@steady
@given(scales, betas)
def test_rmsprop_first_step_is_lr_over_the_root_of_one_minus_beta(gradient: float, beta: float) -> None:
    rule = ot.RMSProp(lr=0.01, beta=beta, eps=0.0)
    expected = [0.01 / math.sqrt(1 - beta**t) for t in range(1, 21)]
    assert steps(rule, gradient, 20) == pytest.approx(expected, rel=1e-10)


def test_rmsprop_first_step_is_ten_rates_long_at_its_defaults() -> None:
    assert steps(ot.RMSProp(lr=0.01, eps=0.0), 5.0, 1) == pytest.approx([0.1], rel=1e-13)


@steady
@given(scales, betas)
def test_momentum_steps_grow_to_the_effective_rate(gradient: float, beta: float) -> None:
    expected = [0.1 * gradient * (1 - beta**t) / (1 - beta) for t in range(1, 31)]
    assert steps(ot.Momentum(lr=0.1, beta=beta), gradient, 30) == pytest.approx(expected, rel=1e-9)


def test_momentum_cancels_alternating_gradients() -> None:
    theta, v, rule, before = 0.0, 0.0, ot.Momentum(lr=0.1, beta=0.9), 0.0
    for t in range(400):
        before = theta
        theta, v = rule.update(theta, (-1) ** t, rule.lr, v)
    assert abs(theta - before) == pytest.approx(0.1 / (1 + 0.9), rel=1e-9)


@every_surface
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_rate_inside_the_velocity_changes_nothing_while_it_is_constant(surface_class: Any, beta: float) -> None:
    surface, lr = surface_class(), 1e-4
    run = ot.minimize(surface, surface.start, ot.Momentum(lr=lr, beta=beta), max_steps=100)
    theta, velocity = surface.start, np.zeros(2)
    for expected in run.trace.theta:
        np.testing.assert_allclose(theta, expected, rtol=1e-11)
        velocity = beta * velocity - lr * surface.gradient(theta)
        theta = theta + velocity


@every_surface
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_nesterov_probe_is_what_the_stored_look_ahead_form_stores(surface_class: Any, beta: float) -> None:
    surface, lr = surface_class(), 1e-4
    stepper = ot.Stepper(ot.Nesterov(lr=lr, beta=beta), surface.start)
    stored, buffer = surface.start, np.zeros(2)
    for _ in range(100):
        np.testing.assert_allclose(stepper.probe, stored, rtol=1e-11)
        grad = surface.gradient(stored)
        buffer = beta * buffer + grad
        stored = stored - lr * (grad + beta * buffer)
        stepper.step(surface.gradient(stepper.probe))


def test_nesterov_looks_ahead_by_the_rate_times_the_velocity() -> None:
    rule = ot.Nesterov(lr=0.1, beta=0.5)
    assert rule.probe(1.0, 0.1) == 1.0  # at rest there is nowhere to look
    assert rule.probe(1.0, 0.1, 4.0) == pytest.approx(1.0 - 0.1 * 0.5 * 4.0, rel=1e-15)


@pytest.mark.parametrize("rule", [ot.Momentum, ot.Nesterov])
def test_without_momentum_both_are_gradient_descent(rule: Any) -> None:
    assert positions(rule(lr=0.1, beta=0.0), 3.0, 20) == positions(ot.GradientDescent(lr=0.1), 3.0, 20)
