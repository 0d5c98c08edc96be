"""AdamW and Lion against their closed forms, and AdamW against its paper's own recurrence."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

steady = settings(derandomize=True, deadline=None, max_examples=40)
scales = st.floats(1e-3, 1e3)  # gradients in front of which the default epsilons vanish
gradient_lists = st.lists(st.floats(-10, 10).filter(lambda g: abs(g) > 1e-3), min_size=1, max_size=40)


def positions(rule: Any, gradients: Any, start: float = 0.0) -> Any:
    """Where a rule goes, given its gradients whatever the place."""
    stepper, visited = ot.Stepper(rule, start), [start]
    for gradient in gradients:
        stepper.step(float(gradient))
        visited.append(float(stepper.theta))
    return np.array(visited)


def steps(rule: Any, gradients: Any) -> Any:
    """The lengths of the steps down."""
    return -np.diff(positions(rule, gradients))


@steady
@given(scales, st.floats(-1e3, 1e3), st.floats(0, 1))
def test_adamw_first_step_is_adams_plus_the_decay(gradient: float, start: float, decay: float) -> None:
    rule = ot.AdamW(lr=0.5, weight_decay=decay)
    expected = start - 0.5 * decay * start - 0.5 * gradient / (gradient + 1e-8)
    assert positions(rule, [gradient], start)[1] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("rule_class", [ot.AdamW, ot.Lion])
@pytest.mark.parametrize(("lr", "decay"), [(0.1, 0.01), (0.01, 2.0), (0.5, 0.5)])
def test_without_a_gradient_the_parameters_decay_geometrically(rule_class: Any, lr: float, decay: float) -> None:
    visited = positions(rule_class(lr=lr, weight_decay=decay), 50 * [0.0], 3.0)
    assert visited == pytest.approx(3.0 * (1 - lr * decay) ** np.arange(51), rel=1e-12)


@pytest.mark.parametrize("rule_class", [ot.AdamW, ot.Lion])
@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
def test_in_a_constant_gradient_decay_settles_at_one_over_its_constant(rule_class: Any, gradient: float) -> None:
    lr, decay = 0.1, 0.25
    rule = rule_class(lr=lr, weight_decay=decay, **({"eps": 0.0} if rule_class is ot.AdamW else {}))
    visited = positions(rule, 1500 * [gradient])
    assert visited == pytest.approx(-(1 - (1 - lr * decay) ** np.arange(1501)) / decay, rel=1e-10)
    assert visited[-1] == pytest.approx(-1 / decay, rel=1e-10)


def test_without_decay_adamw_is_adam_to_the_last_bit() -> None:
    gradients = np.random.default_rng(0).normal(size=200)
    adam = positions(ot.Adam(lr=0.1, eps_root=1e-6), gradients, 1.0)
    np.testing.assert_array_equal(positions(ot.AdamW(lr=0.1, eps_root=1e-6, weight_decay=0.0), gradients, 1.0), adam)


def test_decoupled_decay_does_not_see_the_size_of_the_loss_and_an_l2_penalty_inside_adam_does() -> None:
    def descend(rule: Any, size: float, l2: float = 0.0) -> Any:
        stepper = ot.Stepper(rule, [2.0, -1.0])
        for _ in range(200):
            stepper.step(size * np.array([1.0, 30.0]) * (stepper.theta - 1) + l2 * stepper.theta)
        return stepper.theta

    decoupled = ot.AdamW(lr=0.01, eps=0.0, weight_decay=0.1)
    np.testing.assert_array_equal(descend(decoupled, 1.0), descend(decoupled, 1024.0))  # a power of 2 rounds nothing
    coupled = ot.Adam(lr=0.01, eps=0.0)
    assert np.abs(descend(coupled, 1.0, l2=0.1) - descend(coupled, 1024.0, l2=0.1)).max() > 1e-3


def loshchilov_hutter(gradients: Any, start: float, base: float, decay: float, multiplier: Any) -> list[float]:
    """Algorithm 2 of the paper, line by line: the multiplier scales both parts, the base rate only the first."""
    theta, m, v, visited = start, 0.0, 0.0, [start]
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        theta = theta - multiplier(t - 1) * (base * m_hat / (math.sqrt(v_hat) + 1e-8) + decay * theta)
        visited.append(theta)
    return visited


COSINE = ot.CosineAnnealing(lr_max=1.0, lr_min=0.0, steps=80)


@pytest.mark.parametrize("multiplier", [lambda _: 1.0, COSINE, ot.Warmup(20, then=1.0)], ids=["1", "cosine", "warmup"])
def test_adamw_of_the_paper_is_ours_with_its_decay_divided_by_the_base_rate(multiplier: Any) -> None:
    gradients = np.random.default_rng(1).normal(size=100)
    base, decay = 0.02, 0.003
    rule = ot.AdamW(lr=lambda t: base * multiplier(t), weight_decay=decay / base)
    expected = loshchilov_hutter(gradients, 2.0, base, decay, multiplier)
    np.testing.assert_allclose(positions(rule, gradients, 2.0), expected, rtol=1e-12)


def test_dividing_by_the_rate_of_the_moment_instead_of_the_base_rate_is_another_rule() -> None:
    gradients = np.random.default_rng(1).normal(size=40)
    expected = loshchilov_hutter(gradients, 2.0, 0.02, 0.003, COSINE)
    theta: Any = 2.0
    state: list[Any] = []
    for t, g in enumerate(gradients):
        rate = 0.02 * COSINE(t)
        theta, *state = ot.AdamW(weight_decay=0.003 / rate).update(theta, g, rate, *state)
    assert abs(theta - expected[-1]) > 1e-3


def test_a_sweep_over_rates_in_the_papers_convention() -> None:
    rates, decay = np.array([[0.01], [0.1]]), 0.003
    together = ot.Stepper(ot.AdamW(lr=rates, weight_decay=decay / rates), np.full((2, 1), 2.0))
    gradients = np.random.default_rng(2).normal(size=30)
    for g in gradients:
        together.step(np.full((2, 1), g))
    for run, rate in enumerate(rates[:, 0]):
        expected = loshchilov_hutter(gradients, 2.0, float(rate), decay, lambda _: 1.0)[-1]
        assert together.theta[run, 0] == pytest.approx(expected, rel=1e-12)


@steady
@given(gradient_lists)
def test_every_step_of_lion_is_one_rate_long(gradients: list[float]) -> None:
    lengths = np.abs(steps(ot.Lion(lr=0.25), gradients))  # a power of 2, so that no sum of steps is rounded
    assert set(lengths) <= {0.0, 0.25}
    assert lengths[0] == 0.25


@pytest.mark.parametrize("before", [1, 5, 50, 500])
@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_lion_turns_round_at_once_if_the_new_gradient_outweighs_the_average(before: int, factor: float) -> None:
    kept = 0.9 * (1 - 0.99**before)  # weight of the average in the direction after so many gradients of 1
    last = steps(ot.Lion(lr=1.0), [*before * [1.0], -factor * kept / 0.1])[-1]
    assert last == (-1.0 if factor > 1 else 1.0)
