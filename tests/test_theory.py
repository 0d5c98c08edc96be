"""The closed forms of theory against real runs, eigenvalues and the constants around them."""

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import theory

GD, HEAVY, NESTEROV = ot.GradientDescent, ot.Momentum, ot.Nesterov
CLOSED = [GD, HEAVY, NESTEROV]
SPECTRA = [[1.0], [1.0, 50.0], [0.03, 0.5, 2.0, 7.0], [1e-3, 1e3]]
METHODS = [(GD, {}), *((rule, {"beta": beta}) for rule in (HEAVY, NESTEROV) for beta in (0.0, 0.3, 0.9, 0.98))]
every_closed = pytest.mark.parametrize("rule_class", CLOSED, ids=lambda cls: cls.__name__)
every_method = pytest.mark.parametrize(("rule_class", "hyper"), METHODS)
every_spectrum = pytest.mark.parametrize("spectrum", SPECTRA)
steady = settings(derandomize=True, deadline=None, max_examples=60)
curvatures = st.floats(1e-3, 1e3)


def distances(rule: Any, spectrum: Any, steps: int, shape: tuple[int, ...] = ()) -> list[Any]:
    """Distances from the minimizer of a diagonal quadratic along a real run, the last axis being the coordinates."""
    stepper = ot.Stepper(rule, np.ones((*shape, len(spectrum))))
    passed = [np.linalg.norm(stepper.theta, axis=-1)]
    for _ in range(steps):
        stepper.step(np.asarray(spectrum) * stepper.probe)
        passed.append(np.linalg.norm(stepper.theta, axis=-1))
    return passed


@every_method
@pytest.mark.parametrize("spectrum", SPECTRA[1:3])
def test_runs_converge_a_thousandth_below_the_limit_and_diverge_a_thousandth_above(
    rule_class: Any, hyper: dict[str, float], spectrum: list[float]
) -> None:
    # Only the steepest curvature feels the limit; the flattest may take far longer than a test has time for.
    limit = theory.stability_limit(rule_class, spectrum, **hyper)
    rates = np.array([[0.999], [1.001]]) * limit
    below, above = distances(rule_class(lr=rates, **hyper), spectrum[-1:], 4000, (2,))[-1]
    assert below < 1e-3
    assert above > 1e3
    assert theory.contraction(rule_class(lr=0.999 * limit, **hyper), spectrum) < 1
    assert theory.contraction(rule_class(lr=1.001 * limit, **hyper), spectrum) > 1
    assert theory.contraction(rule_class(lr=limit, **hyper), spectrum) == pytest.approx(1, abs=1e-12)


@every_method
def test_minimize_converges_below_the_limit_on_a_ravine_and_diverges_above(
    rule_class: Any, hyper: dict[str, float]
) -> None:
    ravine = ot.surfaces.Ravine(condition=20)
    limit = theory.stability_limit(rule_class, ravine, **hyper)
    good, bad = (
        ot.minimize(ravine, ravine.start, rule_class(lr=share * limit, **hyper), max_steps=4000)
        for share in (0.999, 1.001)
    )
    assert good.loss < 1e-4 * ravine.loss(ravine.start)
    assert bad.trace.loss[-1] > 1e4 * ravine.loss(ravine.start)


@steady
@given(curvatures, st.floats(0.0, 0.999))
def test_limits_are_those_of_the_table(largest: float, beta: float) -> None:
    spectrum = [largest / 7, largest]
    assert theory.stability_limit(GD, spectrum) == pytest.approx(2 / largest, rel=1e-14)
    heavy = theory.stability_limit(HEAVY, spectrum, beta=beta)
    assert heavy == pytest.approx(2 * (1 + beta) / largest, rel=1e-14)
    nesterov = theory.stability_limit(NESTEROV(beta=beta), spectrum)
    assert nesterov == pytest.approx(2 * (1 + beta) / ((1 + 2 * beta) * largest), rel=1e-14)
    assert nesterov < heavy if beta > 1e-12 else nesterov <= heavy


@steady
@given(st.sampled_from(METHODS), st.floats(1e-3, 3.0), st.floats(-2.0, 10.0))
def test_contraction_is_the_spectral_radius_of_the_iteration_matrix(method: Any, rate: float, curvature: float) -> None:
    rule_class, hyper = method
    rule = rule_class(lr=rate, **hyper)
    radius = np.abs(np.linalg.eigvals(theory.iteration_matrix(rule, curvature))).max()
    # An eigenvalue solver keeps half of the digits where two eigenvalues meet.
    assert theory.contraction(rule, [curvature]) == pytest.approx(radius, rel=1e-6, abs=1e-7)


@every_method
@pytest.mark.parametrize("curvature", [-0.5, 0.0, 1.0, 3.0])
def test_the_iteration_matrix_is_what_a_step_does(rule_class: Any, hyper: dict[str, float], curvature: float) -> None:
    rule = rule_class(lr=0.3, **hyper)
    stepper, probes = ot.Stepper(rule, [1.0]), []
    for _ in range(12):
        probes.append(float(stepper.probe[0]))
        stepper.step(curvature * stepper.probe)
    matrix = theory.iteration_matrix(rule, curvature)
    for before, now, after in zip(probes, probes[1:], probes[2:], strict=False):
        np.testing.assert_allclose(matrix @ [now, before], [after, now], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "rule",
    [
        GD(lr=0.1),
        GD(lr=0.02),
        HEAVY(0.05, 0.5),
        HEAVY(0.03, 0.9),
        HEAVY(0.001, 0.2),
        NESTEROV(0.04, 0.6),
        NESTEROV(0.02, 0.9),
    ],
    ids=repr,
)
def test_long_runs_contract_as_predicted(rule: Any) -> None:
    spectrum, half = [1.0, 4.0, 19.0], 400
    passed = distances(rule, spectrum, 2 * half)
    near = max(passed[half - 5 : half + 5])  # oscillating modes pass through small values: take envelopes
    far = max(passed[2 * half - 10 :])
    assert (far / near) ** (1 / half) == pytest.approx(theory.contraction(rule, spectrum), rel=0.01)


@steady
@given(curvatures, st.floats(1.0, 1e6))
def test_optimal_constants_contract_as_their_closed_forms_say(smallest: float, kappa: float) -> None:
    spectrum = [smallest, smallest * kappa]
    root, third = math.sqrt(kappa), math.sqrt(3 * kappa + 1)
    expected: dict[Any, float] = {
        GD: (kappa - 1) / (kappa + 1),
        HEAVY: (root - 1) / (root + 1),
        NESTEROV: 1 - 2 / third,
    }
    for rule_class, rho in expected.items():
        best = theory.optimal(rule_class, spectrum)
        assert type(best) is rule_class
        # Where two eigenvalues meet, a rounding error of the constants shows with its root.
        assert theory.contraction(best, spectrum) == pytest.approx(rho, abs=2e-7)
        assert best.lr < theory.stability_limit(best, spectrum)


@every_closed
@steady
@given(curvature=curvatures)
def test_one_curvature_alone_needs_no_momentum_and_one_step(rule_class: Any, curvature: float) -> None:
    best = theory.optimal(rule_class, [curvature])
    assert best.lr == pytest.approx(1 / curvature, rel=1e-14)
    assert getattr(best, "beta", 0.0) == pytest.approx(0, abs=1e-15)


@every_closed
@every_spectrum
def test_no_neighbor_of_the_optimal_constants_contracts_faster(rule_class: Any, spectrum: list[float]) -> None:
    best = theory.optimal(rule_class, spectrum)
    rho, beta = theory.contraction(best, spectrum), getattr(best, "beta", None)
    rates = [best.lr * f for f in (0.5, 0.9, 0.99, 0.999, 1.0, 1.001, 1.01, 1.1)]
    betas = (
        [0.0] if beta is None else {min(max(beta + d, 0.0), 0.9999) for d in (-0.1, -0.01, -1e-3, 0, 1e-3, 0.01, 0.1)}
    )
    for lr, other in itertools.product(rates, betas):
        rule = GD(lr=lr) if beta is None else rule_class(lr=lr, beta=other)
        assert theory.contraction(rule, spectrum) >= rho - 1e-7


@pytest.mark.parametrize("kappa", [1.5, 10.0, 1e3])
def test_the_customary_constants_contract_as_the_books_say(kappa: float) -> None:
    spectrum, root = [2.0, 2.0 * kappa], math.sqrt(kappa)
    assert theory.contraction(GD(lr=0.5 / kappa), spectrum) == pytest.approx(1 - 1 / kappa, rel=1e-12)
    beta = (root - 1) / (root + 1)
    assert theory.contraction(NESTEROV(lr=0.5 / kappa, beta=beta), spectrum) == pytest.approx(1 - 1 / root, abs=1e-7)


@pytest.mark.parametrize(("lr", "curvature"), [*itertools.product([0.01, 0.3], [0.1, 1.0, 3.0])])
def test_critical_damping_is_the_fastest_momentum_of_a_mode(lr: float, curvature: float) -> None:
    beta = (1 - math.sqrt(lr * curvature)) ** 2
    critical = theory.contraction(HEAVY(lr=lr, beta=beta), [curvature])
    assert critical == pytest.approx(math.sqrt(beta), abs=1e-7)
    for other in np.linspace(0, 0.999, 41):
        rho = theory.contraction(HEAVY(lr=lr, beta=float(other)), [curvature])
        assert rho >= critical - 1e-7
        if other > beta:  # complex roots: the curvature no longer matters
            assert rho == pytest.approx(math.sqrt(other), rel=1e-12)


def cornered(x: Any) -> Any:
    """Slope of a convex function with curvatures 1 and 25, no quadratic."""
    return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


def test_heavy_ball_can_end_in_a_cycle_where_nesterov_converges() -> None:
    best = theory.optimal(HEAVY, [1.0, 25.0])  # the constants that are best on quadratics of these curvatures
    assert (best.lr, best.beta) == pytest.approx((1 / 9, 4 / 9), rel=1e-15)
    heavy, visited = ot.Stepper(HEAVY(lr=1 / 9, beta=4 / 9), [3.3]), []
    for _ in range(1200):
        heavy.step(cornered(heavy.probe))
        visited.append(float(heavy.theta[0]))
    assert sorted(visited[-3:]) == pytest.approx([-2208 / 1225, 792 / 1225, 2592 / 1225], rel=1e-12)
    assert visited[-6:-3] == pytest.approx(visited[-3:], rel=1e-12)
    # Nesterov's rule has a smaller limit, so each rule gets its own constants for the same two curvatures.
    assert theory.stability_limit(NESTEROV, 25.0, beta=4 / 9) < 1 / 9
    for rule in (NESTEROV(lr=1 / 25, beta=2 / 3), theory.optimal(NESTEROV, [1.0, 25.0])):
        nesterov = ot.Stepper(rule, [3.3])
        for _ in range(1200):
            nesterov.step(cornered(nesterov.probe))
        assert abs(nesterov.theta[0]) < 1e-12


def test_a_spectrum_comes_from_curvatures_matrix_or_problem() -> None:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    for problem in ([50.0, 1.0], turn @ np.diag([1.0, 50.0]) @ turn.T, ot.surfaces.Ravine(condition=50)):
        np.testing.assert_allclose(theory.spectrum(problem), [1.0, 50.0], rtol=1e-13)
    np.testing.assert_array_equal(theory.spectrum(3), [3.0])


BAD = [
    [], np.empty((0, 0)), [math.nan], [1.0, math.inf], np.ones((2, 3)), [[1.0, 2.0], [0.0, 1.0]], np.ones((2, 2, 2)),
    np.full((2, 2), math.nan), np.full((2, 2), math.inf), "steep", None, [1j],
]  # fmt: skip


@pytest.mark.parametrize("problem", BAD, ids=repr)
def test_what_is_no_spectrum_is_refused_by_name(problem: Any) -> None:
    for ask in (theory.spectrum, lambda p: theory.stability_limit(GD, p), lambda p: theory.contraction(GD(), p)):
        with pytest.raises((ValueError, TypeError), match=r"^problem must .*got "):
            ask(problem)


@pytest.mark.parametrize("problem", [0.0, [-1.0, 2.0], ot.surfaces.Saddle()])
def test_limits_and_best_constants_need_positive_curvatures(problem: Any) -> None:
    for ask in (lambda p: theory.stability_limit(HEAVY(), p), lambda p: theory.optimal(NESTEROV, p)):
        with pytest.raises(ValueError, match=r"problem must have positive curvatures only, got \["):
            ask(problem)


@pytest.mark.parametrize("rule", [ot.Adam, ot.AdaGrad(), "GradientDescent", None])
def test_rules_without_closed_form_are_refused(rule: Any) -> None:
    for ask in (theory.stability_limit, theory.optimal, theory.iteration_matrix, theory.contraction):
        with pytest.raises(TypeError, match=rf"rule must be .*closed forms, got {re.escape(repr(rule))}"):
            ask(rule, 1.0)


def test_constants_that_are_missing_or_impossible_are_named() -> None:
    with pytest.raises(ValueError, match="beta must be given for the class Momentum"):
        theory.stability_limit(HEAVY, 1.0)
    for beta in (1.0, -0.1, math.nan):
        with pytest.raises(ValueError, match=rf"beta must be in \[0, 1\), got {beta}"):
            theory.stability_limit(NESTEROV, 1.0, beta=beta)
    for rule in (GD, GD(lr=ot.StepDecay()), GD(lr=np.array([0.1])), HEAVY(beta=np.array([0.5, 0.6]))):
        with pytest.raises(TypeError, match=r"rule must have .*constant"):
            theory.contraction(rule, 1.0)
