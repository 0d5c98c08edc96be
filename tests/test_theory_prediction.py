"""Predicted runs and phase diagrams against runs, against matrices, and against each other."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import theory

GD, HEAVY, NESTEROV = ot.GradientDescent, ot.Momentum, ot.Nesterov
RULES = [GD(lr=0.03), HEAVY(0.02, 0.9), HEAVY(0.1, 0.2), NESTEROV(0.02, 0.9), NESTEROV(0.05, 0.5)]
every_rule = pytest.mark.parametrize("rule", RULES, ids=repr)
steady = settings(derandomize=True, deadline=None, max_examples=60)


@every_rule
@pytest.mark.parametrize(
    "problem", [ot.surfaces.Bowl(), ot.surfaces.Ravine(condition=20), ot.surfaces.Saddle()], ids=repr
)
def test_predictions_are_the_runs_on_surfaces(rule: Any, problem: Any) -> None:
    start = [-1.5, 0.25]
    run, told = ot.minimize(problem, start, rule, max_steps=80), theory.predict(rule, problem, start, 80)
    np.testing.assert_allclose(told.theta, run.trace.theta, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(told.loss, run.trace.loss, rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(told.gap, told.loss)  # their stationary value is zero


@every_rule
def test_the_gap_keeps_its_digits_far_below_the_rounding_of_the_loss(rule: Any) -> None:
    ravine = ot.surfaces.Ravine(condition=20)
    run, told = ot.minimize(ravine, [3.0, 1.0], rule, max_steps=1500), theory.predict(rule, ravine, [3.0, 1.0], 1500)
    assert told.gap[-1] < 1e-30
    # Where a swing passes through zero both have lost digits to it: compare with the envelope.
    envelope = np.maximum.accumulate(told.gap[::-1])[::-1]
    assert (np.abs(told.gap - run.trace.loss) / envelope).max() < 1e-9


@every_rule
def test_predictions_are_the_runs_on_data(rule: Any) -> None:
    rng = np.random.default_rng(5)
    features = rng.normal(size=(60, 4)) @ np.diag([0.2, 1.0, 1.5, 2.0])
    model = ot.models.LinearRegression(features, rng.normal(size=60) + features @ [1.0, -1.0, 2.0, 0.5])
    start = rng.normal(size=5)
    run, told = ot.minimize(model, start, rule, max_steps=200), theory.predict(rule, model, start, 200)
    np.testing.assert_allclose(told.theta, run.trace.theta, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(told.loss, run.trace.loss, rtol=1e-10)
    assert told.loss[-1] - told.gap[-1] == pytest.approx(model.loss(model.solution()), rel=1e-12)


def test_flat_directions_stand_still() -> None:
    # Two equal columns: what their weights differ by changes nothing and never moves.
    features = np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 3.0]])
    model = ot.models.LinearRegression(features, [1.0, 2.0, 2.0])
    run = ot.minimize(model, [1.0, -2.0, 0.3], HEAVY(0.02, 0.7), max_steps=50)
    told = theory.predict(HEAVY(0.02, 0.7), model, [1.0, -2.0, 0.3], 50)
    np.testing.assert_allclose(told.theta, run.trace.theta, atol=1e-12)
    np.testing.assert_allclose(told.loss, run.trace.loss, rtol=1e-12)


@every_rule
def test_predictions_are_powers_of_the_iteration_matrix(rule: Any) -> None:
    curvatures, start = [7.0, 0.5], np.array([1.0, -2.0])  # of the coordinates in this order, not sorted
    told = theory.predict(rule, curvatures, start, 30)
    for i, curvature in enumerate(curvatures):
        matrix = theory.iteration_matrix(rule, curvature)
        for k in (0, 1, 7, 30):
            error = (np.linalg.matrix_power(matrix, k) @ [start[i], start[i]])[0]
            assert told.theta[k, i] == pytest.approx(error, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(told.loss, told.theta**2 @ curvatures / 2, rtol=1e-13)
    matrix_told = theory.predict(rule, np.diag(curvatures), start, 30)
    np.testing.assert_allclose(matrix_told.theta, told.theta, rtol=1e-13)


def test_a_diverging_prediction_overflows_quietly() -> None:
    told = theory.predict(GD(lr=3.0), [1.0], [1.0], 2000)
    assert told.loss[1] == 2.0
    assert not math.isfinite(told.loss[-1])


class Slope:
    """A loss without a stationary point, curved in one direction only."""

    def loss(self, theta: Any) -> Any:
        return theta[0] ** 2 + theta[1]

    def gradient(self, theta: Any) -> Any:
        return np.array([2 * theta[0], 1.0])

    def hessian(self) -> Any:
        return np.diag([2.0, 0.0])


def test_predictions_that_cannot_be_made_are_refused() -> None:
    with pytest.raises(ValueError, match="problem must be a quadratic with a stationary point"):
        theory.predict(GD(), Slope(), [1.0, 1.0], 3)
    with pytest.raises(ValueError, match=r"theta0 must have shape \(2,\), got shape \(3,\)"):
        theory.predict(GD(), [1.0, 2.0], [1.0, 2.0, 3.0], 3)
    with pytest.raises(ValueError, match="steps must be an integer of at least 0, got -1"):
        theory.predict(GD(), [1.0], [1.0], -1)
    with pytest.raises(TypeError, match="rule must have one constant number"):
        theory.predict(GD(lr=ot.StepDecay()), [1.0], [1.0], 3)


@pytest.mark.parametrize("rule_class", [HEAVY, NESTEROV])
def test_the_phase_diagram_is_made_of_contractions(rule_class: Any) -> None:
    rates, betas, spectrum = np.linspace(0.01, 0.6, 13), np.linspace(0, 0.98, 9), [0.3, 1.0, 4.0, 9.0]
    diagram = theory.phase_diagram(rule_class, spectrum, rates, betas)
    assert diagram.contraction.shape == diagram.regime.shape == (9, 13)
    for i, beta in enumerate(betas.tolist()):
        limit = theory.stability_limit(rule_class, spectrum, beta=beta)
        np.testing.assert_array_equal(diagram.regime[i] == theory.Regime.DIVERGING, rates >= limit)
        for j, lr in enumerate(rates.tolist()):
            assert diagram.contraction[i, j] == theory.contraction(rule_class(lr=lr, beta=beta), spectrum)


@steady
@given(st.sampled_from([HEAVY, NESTEROV]), st.floats(0.01, 4.5), st.floats(0, 0.99))
def test_regimes_are_those_of_the_leading_eigenvalue(rule_class: Any, lr: float, beta: float) -> None:
    roots = np.linalg.eigvals(theory.iteration_matrix(rule_class(lr=lr, beta=beta), 1.0))
    leading = roots[np.abs(roots).argmax()]
    apart = abs(roots[0] - roots[1])
    if apart < 1e-6 or abs(abs(leading) - 1) < 1e-9:
        return  # on the border between two regimes rounding decides
    regime = theory.phase_diagram(rule_class, 1.0, [lr], [beta]).regime[0, 0]
    expected = theory.Regime.MONOTONE if leading.real >= 0 else theory.Regime.OSCILLATING
    if leading.imag:
        expected = theory.Regime.COMPLEX
    assert regime == (theory.Regime.DIVERGING if abs(leading) >= 1 else expected)


@pytest.mark.parametrize(
    ("rule_class", "lr", "beta", "regime"),
    [
        (HEAVY, 0.01, 0.5, "MONOTONE"),
        (HEAVY, 1.9, 0.05, "OSCILLATING"),
        (HEAVY, 0.5, 0.8, "COMPLEX"),
        (HEAVY, 3.5, 0.5, "DIVERGING"),
        (NESTEROV, 0.01, 0.5, "MONOTONE"),
        (NESTEROV, 1.4, 0.3, "OSCILLATING"),
        (NESTEROV, 0.5, 0.9, "COMPLEX"),
        (NESTEROV, 1.6, 0.9, "DIVERGING"),
    ],
)
def test_runs_behave_as_their_regime_says(rule_class: Any, lr: float, beta: float, regime: str) -> None:
    assert theory.Regime(int(theory.phase_diagram(rule_class, 1.0, lr, beta).regime[0, 0])).name == regime
    stepper, path = ot.Stepper(rule_class(lr=lr, beta=beta), [1.0]), []
    for _ in range(60):
        stepper.step(stepper.probe)
        path.append(float(stepper.theta[0]))
    turns = np.mean(np.sign(path[10:]) != np.sign(path[9:-1]))
    assert {"MONOTONE": turns == 0, "OSCILLATING": turns == 1, "COMPLEX": 0 < turns < 1}.get(regime, True)
    assert (abs(path[-1]) > 1) is (regime == "DIVERGING")


def test_the_best_pair_of_a_diagram_is_the_optimal_rule() -> None:
    best = theory.optimal(HEAVY, [1.0, 50.0])
    rates, betas = np.linspace(0.8, 1.2, 41) * best.lr, best.beta + np.linspace(-0.1, 0.1, 41)
    diagram = theory.phase_diagram(HEAVY, [1.0, 50.0], rates, betas)
    row, column = np.unravel_index(diagram.contraction.argmin(), diagram.contraction.shape)
    assert [int(row), int(column)] == [20, 20]


def test_diagrams_refuse_what_has_no_place_in_them() -> None:
    with pytest.raises(TypeError, match="got GradientDescent: it is the row beta = 0"):
        theory.phase_diagram(GD, 1.0, [0.1], [0.0])
    cases: list[tuple[Any, Any, str]] = [
        ([0.0], [0.5], "lr must be a positive"),
        ([0.1], [1.0], r"beta must be in \[0, 1\)"),
        ([[0.1]], [0.5], "lr must have one dimension"),
        ([0.1], [], "beta must not be empty"),
    ]
    for lr, beta, message in cases:
        with pytest.raises(ValueError, match=message):
            theory.phase_diagram(HEAVY, 1.0, lr, beta)
