"""AdaDelta, AdaMax, AMSGrad and NAdam against their closed forms, and where Adam need not converge."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

steady = settings(derandomize=True, deadline=None, max_examples=40)
scales = st.floats(1e-3, 1e3)  # gradients in front of which the default epsilons vanish
betas = st.floats(0.0, 0.999)
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


# AdaDelta


@steady
@given(scales, st.floats(0, 0.99), st.floats(1e-9, 1e-2), st.floats(0.1, 2))
def test_adadelta_first_steps_come_from_the_epsilon(gradient: float, beta: float, eps: float, lr: float) -> None:
    first, second = steps(ot.AdaDelta(lr=lr, beta=beta, eps_root=eps), [gradient, gradient])
    delta = math.sqrt(eps / ((1 - beta) * gradient**2 + eps)) * gradient
    assert first == pytest.approx(lr * delta, rel=1e-10)
    after = ((1 - beta) * delta**2 + eps) / ((1 - beta**2) * gradient**2 + eps)
    assert second == pytest.approx(lr * math.sqrt(after) * gradient, rel=1e-9)


def test_adadelta_at_its_defaults_starts_with_a_three_hundredth() -> None:
    assert steps(ot.AdaDelta(), [1.0])[0] == pytest.approx(math.sqrt(1e-6 / (0.1 + 1e-6)), rel=1e-13)


def test_adadelta_steps_have_the_unit_of_the_parameters() -> None:
    """Measured in another unit, the parameters grow by a factor, gradients shrink by it, and the run is the same."""
    unit = 2.0**-7  # a power of 2 rounds nothing

    def descend(unit: float) -> Any:
        rule = ot.AdaDelta(eps_root=0.0)  # so the averages start from somewhere, or nothing would move
        theta, s, z = np.array([3.0 * unit, -2.0 * unit]), 1.0 / unit**2, 1e-3 * unit**2
        for _ in range(100):
            theta, s, z = rule.update(theta, theta / unit**2, rule.lr, s, z)
        return theta / unit

    np.testing.assert_array_equal(descend(unit), descend(1.0))


def test_adadelta_without_epsilon_never_moves() -> None:
    assert not steps(ot.AdaDelta(eps_root=0.0), 10 * [1.0]).any()


# AdaMax


@steady
@given(gradient_lists, st.floats(0.01, 0.999))
def test_adamax_measures_against_the_largest_discounted_gradient(gradients: list[float], beta2: float) -> None:
    rule, theta, m, u, p1 = ot.AdaMax(beta2=beta2, eps=0.0), 0.0, 0.0, 0.0, 1.0
    for t, gradient in enumerate(gradients):
        theta, m, u, p1 = rule.update(theta, gradient, 0.1, m, u, p1)
        assert u == pytest.approx(max(beta2 ** (t - i) * abs(gradients[i]) for i in range(t + 1)), rel=1e-12)


@steady
@given(scales, betas, betas, st.floats(0, 1))
def test_adamax_steps_by_lr_in_a_constant_gradient(gradient: float, beta1: float, beta2: float, eps: float) -> None:
    rule = ot.AdaMax(lr=0.1, beta1=beta1, beta2=beta2, eps=eps)
    assert steps(rule, 20 * [gradient]) == pytest.approx(20 * [0.1 * gradient / (gradient + eps)], rel=1e-8)


BOUND = 0.1 * 0.999 / (0.999 - 0.9)  # in rates, at the defaults


@steady
@given(gradient_lists)
def test_adamax_steps_are_at_most_a_hair_longer_than_the_rate(gradients: list[float]) -> None:
    assert np.abs(steps(ot.AdaMax(lr=1.0, eps=0.0), gradients)).max() <= BOUND * (1 + 1e-9)


def test_adamax_comes_as_near_its_bound_as_you_like_in_a_gradient_that_shrinks_by_beta2() -> None:
    longest = steps(ot.AdaMax(lr=1.0, eps=0.0), 0.999 ** np.arange(300)).max()
    assert longest == pytest.approx(BOUND, rel=1e-10)
    assert longest > 1.009  # the paper's own bound is 1
    assert round(BOUND, 4) == 1.0091


# AMSGrad


@steady
@given(scales, betas, betas)
def test_amsgrad_steps_by_lr_in_a_constant_gradient(gradient: float, beta1: float, beta2: float) -> None:
    rule = ot.AMSGrad(lr=0.1, beta1=beta1, beta2=beta2, eps=0.0)
    assert steps(rule, 20 * [gradient]) == pytest.approx(20 * [0.1], rel=1e-8)


def test_amsgrad_is_adam_to_the_last_bit_while_the_average_grows() -> None:
    gradients = np.array([1, -1] * 50) * np.linspace(1, 5, 100)
    np.testing.assert_array_equal(
        positions(ot.AMSGrad(lr=0.1), gradients, 1.0), positions(ot.Adam(lr=0.1), gradients, 1.0)
    )


@pytest.mark.parametrize("calm", [0, 1, 10, 300])
def test_amsgrad_remembers_the_largest_gradient(calm: int) -> None:
    gradients = [100.0, *calm * [0.0], 1.0]
    t, beta2 = len(gradients), 0.99
    v = (1 - beta2) * (100.0**2 * beta2 ** (t - 1) + 1)  # what Adam remembers
    adam, amsgrad = (
        steps(rule(lr=1.0, beta1=0.0, beta2=beta2, eps=0.0), gradients)[-1] for rule in (ot.Adam, ot.AMSGrad)
    )
    assert adam == pytest.approx(math.sqrt((1 - beta2**t) / v), rel=1e-10)
    assert amsgrad == pytest.approx(math.sqrt((1 - beta2**t) / max(v, (1 - beta2) * 100.0**2)), rel=1e-10)


def test_amsgrad_of_the_paper_is_ours_under_the_rate_that_undoes_the_correction() -> None:
    gradients = np.random.default_rng(3).normal(size=150) * np.linspace(3, 0.1, 150)
    theta, m, v, v_max, expected = 1.0, 0.0, 0.0, 0.0, [1.0]
    for t, g in enumerate(gradients):  # Algorithm 2, without its projection
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g**2
        v_max = max(v_max, v)
        theta = theta - 0.1 / math.sqrt(t + 1) * m / math.sqrt(v_max)
        expected.append(theta)

    def rate(t: int) -> float:
        return 0.1 / math.sqrt(t + 1) * (1 - 0.9 ** (t + 1)) / math.sqrt(1 - 0.99 ** (t + 1))

    rule = ot.AMSGrad(lr=rate, beta2=0.99, eps=0.0)
    np.testing.assert_allclose(positions(rule, gradients, 1.0), expected, rtol=1e-12, atol=1e-13)


# NAdam


def nadam_steps(gradient_count: int, beta1: float, psi: float | None) -> list[float]:
    """Steps in rates in a constant gradient, from powers and products; psi None is constant momentum."""

    def momentum(t: int) -> float:
        return beta1 if psi is None else beta1 * (1 - 0.5 * 0.96 ** (t * psi))

    lengths = []
    for t in range(1, gradient_count + 1):
        product = math.prod(momentum(i) for i in range(1, t + 1))
        ahead = momentum(t + 1)
        average = 1 - beta1**t
        lengths.append(ahead * average / (1 - product * ahead) + (1 - momentum(t)) / (1 - product))
    return lengths


@steady
@given(scales, st.floats(0, 0.99))
def test_nadam_in_a_constant_gradient(gradient: float, beta1: float) -> None:
    constant = steps(ot.NAdam(lr=1.0, beta1=beta1, gamma=0.0, eps=0.0), 30 * [gradient])
    assert constant == pytest.approx(nadam_steps(30, beta1, None), rel=1e-8)
    assert constant[0] == pytest.approx((1 + 2 * beta1) / (1 + beta1), rel=1e-9)
    warmed = steps(ot.NAdam(lr=1.0, beta1=beta1, eps=0.0), 30 * [gradient])
    assert warmed == pytest.approx(nadam_steps(30, beta1, 0.004), rel=1e-8)


def test_nadam_first_steps_at_the_defaults_are_what_its_page_says() -> None:
    (first,) = steps(ot.NAdam(lr=1.0), [5.0])
    assert round(first, 2) == 1.06
    now, ahead = (0.9 * (1 - 0.5 * 0.96 ** (t * 0.004)) for t in (1, 2))
    assert round(ahead * (1 - now) / (1 - now * ahead) + 1, 2) == 1.31  # the paper averages by the same momenta


def test_without_momentum_nadam_is_adam_without_momentum() -> None:
    gradients = np.random.default_rng(4).normal(size=100)
    nadam, adam = (positions(rule(lr=0.1, beta1=0.0), gradients) for rule in (ot.NAdam, ot.Adam))
    np.testing.assert_array_equal(nadam, adam)


# Adam need not converge


def constructed(rule: Any, periods: int = 30_000, steep: float = 3.0) -> tuple[float, float]:
    """Last point and average regret on the example of Reddi, Kale and Kumar: slope C every third time, else -1."""
    theta, regret = np.float64(0.0), 0.0
    state: list[Any] = []
    for t in range(3 * periods):
        grad = steep if t % 3 == 0 else -1.0
        regret += grad * (float(theta) + 1)  # the best fixed point is -1
        theta, *state = rule.update(theta, grad, 0.5 / math.sqrt(t + 1), *state)
        theta = np.clip(theta, -1.0, 1.0)
    return float(theta), regret / (3 * periods)


@pytest.mark.parametrize("rule_class", [ot.Adam, ot.AdamUncorrected])
def test_adam_need_not_converge(rule_class: Any) -> None:
    end, regret = constructed(rule_class(beta1=0.0, beta2=1 / (1 + 3.0**2), eps=0.0))
    assert end > 0.99
    assert regret == pytest.approx(2 / 3, abs=0.01)


def test_amsgrad_goes_where_it_should_on_the_same_example() -> None:
    end, regret = constructed(ot.AMSGrad(beta1=0.0, beta2=1 / (1 + 3.0**2), eps=0.0))
    assert end < -0.99
    assert abs(regret) < 0.05
