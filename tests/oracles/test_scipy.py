"""Our rules inside scipy.optimize.minimize: the same run as with ours, and SciPy's own manners."""

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy import optimize

import optimtext as ot

START = np.array([-1.2, 1.0])
every_rule = pytest.mark.parametrize("kind", ot.rules.ALL, ids=lambda cls: cls.__name__)


def run(rule: Any, **options: Any) -> Any:
    method = options.pop("method", {})
    return optimize.minimize(
        optimize.rosen, START, **{"jac": optimize.rosen_der, "method": ot.scipy_method(rule, **method), **options}
    )


class Rosenbrock:
    loss = staticmethod(optimize.rosen)
    gradient = staticmethod(optimize.rosen_der)


@every_rule
def test_it_is_the_run_of_minimize(kind: Any) -> None:
    rule = kind(lr=1e-4)
    result = run(rule, options={"maxiter": 200}, method={"stop": ()})
    ours = ot.minimize(Rosenbrock(), START, rule, max_steps=200)
    assert isinstance(result, optimize.OptimizeResult)
    np.testing.assert_array_equal(result.x, ours.theta)
    np.testing.assert_array_equal(result.trace.theta, ours.trace.theta)
    np.testing.assert_array_equal(result.jac, optimize.rosen_der(ours.theta))
    assert (result.fun, result.nit, result.message) == (ours.loss, 200, ours.message)
    assert (result.status, result.success) == (1, False)


def test_it_finds_the_minimum_that_scipys_methods_find() -> None:
    theirs = optimize.minimize(optimize.rosen, START, jac=optimize.rosen_der, method="BFGS")
    result = run(ot.Nesterov(1e-3, 0.95))
    assert result.success
    assert result.status == 0
    np.testing.assert_allclose(result.x, theirs.x, atol=1e-4)
    assert np.linalg.norm(result.jac) < 1e-4  # the criterion is asked at the look-ahead point
    assert {"x", "fun", "jac", "nit", "nfev", "njev", "status", "success", "message"} <= set(result)


def test_tol_is_the_threshold_of_the_gradients_norm() -> None:
    for tol in (1e-2, 1e-8):
        result = run(ot.Momentum(1e-3, 0.9), tol=tol)
        assert result.success
        assert result.trace.grad_norm[-1] < tol <= result.trace.grad_norm[-2]
    both = run(ot.Momentum(1e-3, 0.9), tol=1e-8, method={"stop": [ot.LossChange(1e-3)]})
    assert "the loss changed by" in both.message


@pytest.mark.parametrize("name", ["maxiter", "max_steps"])
def test_steps_are_limited_by_either_name(name: str) -> None:
    assert run(ot.Adam(), options={name: 7}).nit == 7
    assert run(ot.Adam(), method={"max_steps": 5}).nit == 5
    assert run(ot.Adam(), method={"max_steps": 5}, options={name: 7}).nit == 7


def test_evaluations_are_counted_as_they_are_made() -> None:
    calls = {"fun": 0, "jac": 0}

    def fun(x: Any, scale: float) -> Any:
        calls["fun"] += 1
        x[:] *= scale  # a copy, so that nobody minds
        return np.array([x @ x])

    def jac(x: Any, scale: float) -> Any:
        calls["jac"] += 1
        return 2 * scale**2 * x

    method = ot.scipy_method(ot.GradientDescent(0.1), max_steps=20)
    result = optimize.minimize(fun, [1, -2], args=(0.5,), jac=jac, method=method)
    assert (result.nfev, result.njev) == (calls["fun"], calls["jac"])
    np.testing.assert_allclose(result.x, np.array([1, -2]) * 0.95**20, rtol=1e-12)


def test_one_function_may_return_value_and_gradient() -> None:
    result = optimize.minimize(
        lambda x: (x @ x, 2 * x), [1.0, -2.0], jac=True, method=ot.scipy_method(ot.GradientDescent(0.1))
    )
    assert result.success
    np.testing.assert_allclose(result.x, 0.0, atol=1e-5)


def test_a_callback_sees_every_step_in_both_forms() -> None:
    old: list[Any] = []
    new: list[Any] = []
    result = run(ot.Adam(0.01), callback=old.append, options={"maxiter": 9})

    def callback(intermediate_result: Any) -> None:  # SciPy knows the form by this name
        new.append(intermediate_result)

    run(ot.Adam(0.01), callback=callback, options={"maxiter": 9})
    np.testing.assert_array_equal(old, result.trace.theta[1:])
    np.testing.assert_array_equal([seen.x for seen in new], result.trace.theta[1:])
    assert [seen.fun for seen in new] == result.trace.loss[1:].tolist()


def test_a_callback_may_stop_the_run() -> None:
    seen: list[Any] = []

    def callback(x: Any) -> None:
        seen.append(x)
        if len(seen) == 4:
            raise StopIteration

    result = run(ot.Adam(0.01), callback=callback)
    assert (result.nit, result.status, result.success) == (4, 99, False)
    assert "callback raised StopIteration" in result.message


def test_divergence_is_said_and_no_warning() -> None:
    result = run(ot.GradientDescent(1.0))
    assert (result.success, result.status) == (False, 2)
    assert result.message.startswith("diverged at step")
    assert np.isfinite(result.x).all()


def test_penalty_and_clip_go_through() -> None:
    method = ot.scipy_method(
        ot.Nesterov(0.1, 0.5), penalty=ot.penalties.L1(2.0), clip=ot.clipping.ByNorm(5.0), max_steps=2000
    )
    target = np.array([3.0, 0.5, -2.0])
    result = optimize.minimize(
        lambda x: (x - target) @ (x - target), np.zeros(3), jac=lambda x: 2 * (x - target), method=method
    )
    np.testing.assert_allclose(result.x, [2.0, 0.0, -1.0], atol=1e-4)
    assert result.x[1] == 0.0


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"jac": None}, TypeError, "jac must be a function that returns the gradient"),
        ({"jac": "2-point"}, TypeError, "Adam walks along gradients and does not estimate them"),
        ({"bounds": [(0, 1), (0, 1)]}, ValueError, "bounds must be None, got [(0, 1), (0, 1)]: Adam is a rule for"),
        ({"constraints": {"type": "eq", "fun": sum}}, ValueError, "constraints must be empty, got {'type': 'eq'"),
        ({"constraints": [{"type": "eq", "fun": sum}]}, ValueError, "constraints must be empty"),
        ({"options": {"gtol": 1}}, TypeError, "options must be among max_steps, maxiter, tol, got gtol=1"),
        ({"options": {"maxiter": -1}}, ValueError, "max_steps must be an integer of at least 0, got -1"),
        ({"tol": -1.0}, ValueError, "threshold must be positive and finite, got -1.0"),
    ],
)
def test_what_a_rule_cannot_do_is_refused_with_a_sentence(options: Any, kind: Any, message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        run(ot.Adam(), **options)


def test_bad_settings_are_refused_before_scipy_has_them() -> None:
    for bad, message in [(ot.Adam, "rule must be"), ("adam", "rule must be")]:
        with pytest.raises(TypeError, match=message):
            ot.scipy_method(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_steps must be"):
        ot.scipy_method(ot.Adam(), max_steps=-1)
    with pytest.raises(TypeError, match="scipy_method has no argument steps"):
        ot.scipy_method(ot.Adam(), steps=5)  # type: ignore[call-arg]


def test_scipy_is_loaded_when_a_run_needs_it_and_not_before() -> None:
    program = "import sys, optimtext as ot; ot.scipy_method(ot.Adam()); assert 'scipy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
