"""Critical damping, first steps, escapes and guarantees, each against runs."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import theory

GD, HEAVY, NESTEROV = ot.GradientDescent, ot.Momentum, ot.Nesterov
steady = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize("rule_class", [HEAVY, NESTEROV])
@pytest.mark.parametrize(("lr", "curvature"), [*itertools.product([0.01, 0.3], [0.1, 1.0, 3.0])])
def test_critical_momentum_is_the_fastest_one(rule_class: Any, lr: float, curvature: float) -> None:
    beta, root = theory.critical_momentum(rule_class, lr, curvature), math.sqrt(lr * curvature)
    fastest = theory.contraction(rule_class(lr=lr, beta=beta), curvature)
    assert fastest == pytest.approx(1 - root, abs=1e-7)
    for other in np.linspace(0, 0.999, 101).tolist():
        assert theory.contraction(rule_class(lr=lr, beta=other), curvature) >= fastest - 1e-7
    trace, _ = matrix = theory.iteration_matrix(rule_class(lr=lr, beta=beta), curvature)
    assert trace[0] ** 2 / 4 == pytest.approx(-matrix[0, 1], rel=1e-12)  # both eigenvalues meet


def test_critical_momentum_beyond_one_step_to_the_minimum() -> None:
    assert theory.critical_momentum(HEAVY, 2.25, 1.0) == 0.25
    assert theory.contraction(HEAVY(2.25, 0.25), 1.0) == pytest.approx(0.5, abs=1e-7)
    assert theory.critical_momentum(NESTEROV, 1.0, 1.0) == 0
    np.testing.assert_allclose(theory.critical_momentum(HEAVY, 0.04, [1.0, 4.0]), [0.64, 0.36], rtol=1e-14)


def test_critical_momentum_refuses_what_it_cannot_damp() -> None:
    with pytest.raises(TypeError, match="GradientDescent, which has no momentum"):
        theory.critical_momentum(GD, 0.1, 1.0)
    for rule_class, lr, curvature, message in [
        (HEAVY, 4.0, 1.0, "must be below 4 for the heavy ball"),
        (NESTEROV, 1.1, 1.0, "must be at most 1 for Nesterov's rule"),
        (HEAVY, 0.0, 1.0, "lr must be positive"),
        (HEAVY, 0.1, -1.0, "curvature must be positive"),
    ]:
        with pytest.raises(ValueError, match=message):
            theory.critical_momentum(rule_class, lr, curvature)


EVERY = [
    GD(0.3), HEAVY(0.1, 0.9), NESTEROV(0.1, 0.9), ot.AdaGrad(0.2), ot.AdaGrad(0.2, eps_root=0.1, eps=0.2),
    ot.RMSProp(0.01, 0.99), ot.RMSProp(0.01, 0.9, eps_root=0.3, eps=0.1), ot.Adam(), ot.Adam(0.1, eps_root=0.1),
    ot.Adam(eps=0.2), ot.AMSGrad(0.1, eps_root=0.1, eps=0.2), ot.AdaMax(0.1, eps=0.3),
    ot.AdamUncorrected(), ot.AdamUncorrected(0.1, 0.7, 0.95, eps=0.1, eps_root=0.2),
]  # fmt: skip


@pytest.mark.parametrize("rule", EVERY, ids=repr)
@pytest.mark.parametrize("grad", [1.0, -0.01, 40.0])
def test_first_steps_are_those_of_the_rule(rule: Any, grad: float) -> None:
    stepper, path = ot.Stepper(rule, [0.0]), [0.0]
    for _ in range(50):
        stepper.step([grad])
        path.append(float(stepper.theta[0]))
    np.testing.assert_allclose(np.abs(np.diff(path)), theory.first_steps(rule, 50, grad), rtol=1e-9)


def test_first_steps_of_the_table() -> None:
    lr = 0.001
    assert theory.first_steps(ot.RMSProp(lr, 0.99, eps=0.0), 1)[0] == pytest.approx(10 * lr, rel=1e-12)
    assert theory.first_steps(ot.Adam(lr), 1, 1e-8)[0] == pytest.approx(lr / 2, rel=1e-12)  # |g| / (|g| + eps)
    steps = theory.first_steps(ot.AdamUncorrected(lr), 5000) / lr
    assert steps[0] == pytest.approx(3.1623, abs=1e-4)
    assert steps[9] == pytest.approx(6.5, abs=0.05)
    assert steps[-1] == pytest.approx(1, abs=0.005)  # the correction no longer matters
    adagrad = theory.first_steps(ot.AdaGrad(0.1, eps=0.0), 100)
    np.testing.assert_allclose(adagrad, 0.1 / np.sqrt(np.arange(1, 101)), rtol=1e-14)


@pytest.mark.parametrize("rule", [GD(0.02), HEAVY(0.02, 0.9), NESTEROV(0.02, 0.9)], ids=repr)
def test_steps_grow_to_the_effective_rate(rule: Any) -> None:
    assert theory.first_steps(rule, 500, 3.0)[-1] == pytest.approx(3 * theory.effective_rate(rule), rel=1e-12)


def test_first_steps_refuse_what_they_do_not_know() -> None:
    with pytest.raises(TypeError, match=r"rule must be an instance of GradientDescent, .*, got 'Adam'"):
        theory.first_steps("Adam", 3)
    with pytest.raises(TypeError, match="rule must have one constant number"):
        theory.first_steps(ot.Adam(lr=ot.StepDecay()), 3)
    with pytest.raises(ValueError, match="grad must not be zero"):
        theory.first_steps(ot.Adam(), 3, 0.0)
    with pytest.raises(ValueError, match="steps must be an integer of at least 1, got 0"):
        theory.first_steps(ot.Adam(), 0)


@pytest.mark.parametrize("rule", [GD(0.1), GD(0.01), HEAVY(0.1, 0.5), HEAVY(0.05, 0.9), NESTEROV(0.05, 0.9)], ids=repr)
@pytest.mark.parametrize("offset", [0.3e-2, -2e-5, 7e-9])
def test_runs_leave_the_saddle_when_told(rule: Any, offset: float) -> None:
    saddle, told = ot.surfaces.Saddle(), theory.escape_time(rule, ot.surfaces.Saddle(), offset)
    stepper = ot.Stepper(rule, [0.0, offset])
    while abs(stepper.theta[1]) < 1:
        stepper.step(saddle.gradient(stepper.probe))
    assert stepper.t == math.ceil(told)


def test_gradient_descents_escape_is_the_logarithm_of_the_table() -> None:
    told = theory.escape_time(GD(0.1), [-2.0, 1.0], [1e-3, -1e-6, 0.0, 7.0], radius=5.0)
    expected = [math.log(5 / 1e-3) / math.log(1.2), math.log(5 / 1e-6) / math.log(1.2), math.inf, 0.0]
    np.testing.assert_allclose(told, expected, rtol=1e-13)


def test_escapes_need_a_way_down() -> None:
    with pytest.raises(ValueError, match=r"problem must have a negative curvature, got 1\.0"):
        theory.escape_time(GD(), [1.0, 2.0], 0.1)
    with pytest.raises(ValueError, match="radius must be positive"):
        theory.escape_time(GD(), -1.0, 0.1, radius=0.0)


def measurements(seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(80, 3)) * [0.1, 1.0, 3.0]
    odds = features @ [3.0, -1.0, 0.5] + rng.logistic(size=80)
    return features, (odds > 0).astype(float)


def test_smoothness_is_the_largest_change_of_the_gradient() -> None:
    features, classes = measurements()
    model, rng = ot.models.LogisticRegression(features, classes), np.random.default_rng(1)
    bound, design = theory.smoothness(model), np.column_stack([features, np.ones(80)])
    assert bound == pytest.approx(np.linalg.eigvalsh(design.T @ design)[-1] / (4 * 80), rel=1e-13)
    for scale in (1e-3, 0.1, 1.0, 10.0):
        one, two = rng.normal(size=(2, 4)) * scale
        change = np.linalg.norm(model.gradient(one) - model.gradient(two))
        assert change <= bound * np.linalg.norm(one - two)
    near = 1e-4 * np.linalg.eigh(model.hessian(np.zeros(4)))[1][:, -1]
    assert np.linalg.norm(model.gradient(near) - model.gradient(-near)) == pytest.approx(2e-4 * bound, rel=1e-6)
    line = ot.models.LinearRegression(features, classes)
    assert theory.smoothness(line) == pytest.approx(8 * bound, rel=1e-13)  # 2 / n in place of 1 / 4n
    assert theory.smoothness(ot.surfaces.Saddle()) == 1
    assert theory.smoothness([-3.0, 2.0]) == 3


def test_smoothness_of_softmax_is_attained_where_two_classes_share_all_odds() -> None:
    features, _ = measurements()
    model, rng = ot.models.SoftmaxRegression(features, np.arange(80) % 3), np.random.default_rng(2)
    bound, design = theory.smoothness(model), np.column_stack([features, np.ones(80)])
    assert bound == pytest.approx(np.linalg.eigvalsh(design.T @ design)[-1] / (2 * 80), rel=1e-12)
    for scale in (1e-3, 0.1, 1.0, 10.0):
        one, two = rng.normal(size=(2, 12)) * scale
        assert np.linalg.norm(model.gradient(one) - model.gradient(two)) <= bound * np.linalg.norm(one - two)
    out = np.zeros(12)
    out[-1] = -50.0  # the bias of the third class: it has no odds left
    assert np.linalg.eigvalsh(model.hessian(out))[-1] == pytest.approx(bound, rel=1e-12)


def test_smoothness_refuses_what_has_no_such_constant() -> None:
    with pytest.raises(
        TypeError, match="problem must be a quadratic or a logistic or softmax regression, got Rosenbrock"
    ):
        theory.smoothness(ot.surfaces.Rosenbrock())
    with pytest.raises(TypeError, match="problem must"):
        theory.smoothness("steep")


def optimum(model: Any) -> Any:
    """Newton's method: the minimizer to rounding."""
    theta = np.zeros(model.dim)
    for _ in range(30):
        theta = theta - np.linalg.solve(model.hessian(theta), model.gradient(theta))
    return theta


@pytest.mark.parametrize("seed", range(4))
def test_guarantees_hold_on_a_convex_loss(seed: int) -> None:
    model = ot.models.LogisticRegression(*measurements(seed))
    best, start, smooth = optimum(model), np.full(4, 2.0), theory.smoothness(model)
    distance, lowest, steps = float(np.linalg.norm(start - best)), model.loss(best), np.arange(1, 301)
    plain = ot.minimize(model, start, GD(lr=1 / smooth), max_steps=300)
    assert (plain.trace.loss[1:] - lowest <= theory.gradient_descent_bound(smooth, distance, steps)).all()
    # The accelerated method is our rule with a momentum that rises from step to step.
    rule, theta, v, t, gaps = NESTEROV(lr=1 / smooth, beta=0.0), start, 0.0, 1.0, []
    for _ in steps:
        theta, v = rule.update(theta, model.gradient(rule.probe(theta, rule.lr, v)), rule.lr, v)
        gaps.append(model.loss(theta) - lowest)
        following = (1 + math.sqrt(1 + 4 * t * t)) / 2
        rule, t = dataclasses.replace(rule, beta=(t - 1) / following), following
    assert (np.array(gaps) <= theory.accelerated_bound(smooth, distance, steps)).all()


def test_the_bounds_are_met_by_the_worst_functions() -> None:
    # Drori and Teboulle's: a Huber loss slows gradient descent to half of this bound, no better proof is possible by
    # more than that.
    steps, smooth = 50, 2.0
    corner = 1 / (2 * steps + 1)
    theta = 1.0
    for _ in range(steps):
        theta -= math.copysign(min(abs(theta), corner), theta)  # its gradient over L
    gap = smooth * (corner * abs(theta) - corner**2 / 2 if abs(theta) > corner else theta**2 / 2)
    bound = theory.gradient_descent_bound(smooth, 1.0, steps)
    assert gap == pytest.approx(smooth / (4 * steps + 2), rel=1e-12)
    assert bound / 2.1 < gap < bound


def test_bounds_refuse_impossible_arguments() -> None:
    for bound in (theory.gradient_descent_bound, theory.accelerated_bound):
        with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
            bound(1.0, 1.0, 0)
        with pytest.raises(ValueError, match="smoothness must be positive"):
            bound(0.0, 1.0, 1)
        with pytest.raises(ValueError, match="distance must be non-negative"):
            bound(1.0, -1.0, 1)


@steady
@given(st.lists(st.floats(-1e3, 1e3).filter(lambda g: g == 0 or abs(g) > 1e-100), min_size=1, max_size=40))
def test_adagrads_sum_stays_below_its_bound(gradients: list[float]) -> None:
    left, right = theory.adagrad_sum(gradients)
    assert left <= right * (1 + 1e-12)
    slow = sum(g * g / math.sqrt(sum(h * h for h in gradients[: t + 1])) for t, g in enumerate(gradients) if g)
    assert left == pytest.approx(slow, rel=1e-9, abs=1e-300)


def test_adagrads_sum_is_nearly_attained_by_equal_gradients() -> None:
    left, right = theory.adagrad_sum(np.ones((40_000, 2)))
    np.testing.assert_allclose(left / right, 1, atol=0.005)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lr", [0.05, 0.7, None])
def test_adagrads_regret_stays_below_its_bound(seed: int, lr: float | None) -> None:
    # Absolute losses |a·θ - b| that arrive one by one, rare features among them; against the point that made them.
    rng, goal = np.random.default_rng(seed), np.array([1.0, -0.5, 0.3])
    rows = rng.normal(size=(400, 3)) * (rng.random((400, 3)) < [1.0, 0.3, 0.05])
    answers = rows @ goal + 0.1 * rng.normal(size=400)
    rate = 1.0 if lr is None else lr
    stepper, regret, gradients, farthest = ot.Stepper(ot.AdaGrad(rate, eps=1e-300), np.zeros(3)), 0.0, [], 0.0
    for row, answer in zip(rows, answers, strict=True):
        theta = stepper.theta
        farthest = max(farthest, float(np.abs(theta - goal).max()))
        regret += abs(row @ theta - answer) - abs(row @ goal - answer)
        gradients.append(np.sign(row @ theta - answer) * row)
        stepper.step(gradients[-1])
    bound = theory.adagrad_regret_bound(gradients, farthest, lr=rate)
    assert 0 < regret < bound
    best = theory.adagrad_regret_bound(gradients, farthest)
    assert best <= bound * (1 + 1e-12)
    lengths = np.linalg.norm(gradients, axis=0)
    assert best == pytest.approx(math.sqrt(2) * farthest * lengths.sum(), rel=1e-12)


def test_adagrads_bounds_refuse_impossible_arguments() -> None:
    for ask, message in [
        (lambda: theory.adagrad_sum([]), "gradients must not be empty"),
        (lambda: theory.adagrad_sum(np.ones((2, 2, 2))), "gradients must have shape"),
        (lambda: theory.adagrad_regret_bound([1.0], 0.0), "diameter must be positive"),
        (lambda: theory.adagrad_regret_bound([1.0], 1.0, lr=-1.0), "lr must be positive"),
    ]:
        with pytest.raises(ValueError, match=message):
            ask()
