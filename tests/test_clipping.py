"""Clipping: what is short passes untouched, what is long is cut to the limit, each run by itself."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import optimtext as ot
from optimtext.clipping import ByNorm, ByValue

steady = settings(derandomize=True, deadline=None, max_examples=80, database=None)
limits = st.floats(1e-3, 1e3)
vectors = arrays(np.float64, st.integers(1, 20), elements=st.floats(-1e4, 1e4))
every_clip = pytest.mark.parametrize("clip", [ByValue(0.5), ByNorm(0.5)], ids=str)


@steady
@given(vectors, limits)
def test_by_norm_shortens_to_the_limit_and_keeps_the_direction(grad, limit):
    clipped, norm = ByNorm(limit)(grad), np.linalg.norm(grad)
    np.testing.assert_allclose(clipped, min(1, limit / norm if norm else 1) * grad, rtol=1e-13, atol=1e-300)
    assert np.linalg.norm(clipped) <= limit * (1 + 1e-14)
    if norm < limit * (1 - 1e-14):
        np.testing.assert_array_equal(clipped, grad)


@steady
@given(vectors, limits)
def test_by_value_cuts_each_coordinate(grad, limit):
    np.testing.assert_array_equal(ByValue(limit)(grad), [min(max(g, -limit), limit) for g in grad])


def test_by_value_may_turn_the_direction_and_by_norm_does_not():
    grad = np.array([1.0, 10.0])
    np.testing.assert_array_equal(ByValue(1.0)(grad), [1.0, 1.0])
    np.testing.assert_allclose(ByNorm(1.0)(grad)[1] / ByNorm(1.0)(grad)[0], 10.0, rtol=1e-15)


@every_clip
@pytest.mark.parametrize("shape", [(4, 3), (2, 4, 3)])
def test_each_run_of_a_batch_is_clipped_as_if_alone(clip, shape):
    grad = np.random.default_rng(0).normal(size=shape) * np.array([0.01, 0.1, 1.0, 100.0])[:, None]
    together = clip(grad)
    for run in np.ndindex(shape[:-1]):
        np.testing.assert_array_equal(together[run], clip(grad[run]))
    np.testing.assert_array_equal(together[..., 0, :], grad[..., 0, :])  # short, beside others that are long


@pytest.mark.parametrize("scale", [1e-320, 1e-200, 1e200, 8e307])
def test_squares_may_leave_the_range(scale):
    grad = np.array([scale, -scale, 0.0])
    np.testing.assert_allclose(ByNorm(scale)(grad), grad / np.sqrt(2), rtol=1e-3 if scale < 1e-300 else 1e-14)
    length = math.hypot(*ByNorm(1.0)(grad))
    assert length == pytest.approx(min(1.0, math.sqrt(2) * scale), rel=1e-14 if scale > 1e-300 else 1e-3)


@every_clip
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_shape_and_dtype_are_kept_and_the_input_is_left_alone(clip, dtype, shape):
    grad = np.full(shape, -2.0, dtype)
    grad.setflags(write=False)
    clipped = clip(grad)
    assert (clipped.shape, clipped.dtype) == (shape, dtype)
    np.testing.assert_array_equal(grad, np.full(shape, -2.0, dtype))
    assert (clipped > grad).all()


@every_clip
def test_a_zero_gradient_stays_zero_and_integers_are_converted(clip):
    np.testing.assert_array_equal(clip(np.zeros(3)), np.zeros(3))
    np.testing.assert_array_equal(clip([0, 7]), [0.0, 0.5])


def test_a_gradient_that_is_not_finite_does_not_disturb_the_other_runs():
    grad = np.array([[np.inf, 1.0], [3.0, 4.0], [np.nan, 1.0]])
    clipped = ByNorm(1.0)(grad)
    np.testing.assert_allclose(clipped[1], [0.6, 0.8], rtol=1e-15)
    assert not np.isfinite(clipped[[0, 2]]).all(axis=1).any()


@every_clip
@pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
def test_minimize_gives_the_clipped_gradient_to_the_rule_and_records_the_norm_before(clip, rule):
    ravine, rule = ot.surfaces.Ravine(), rule(lr=0.01)
    run = ot.minimize(ravine, ravine.start, rule, max_steps=30, clip=clip)
    stepper = ot.Stepper(rule, ravine.start)
    for k in range(31):
        grad = ravine.gradient(stepper.probe)
        np.testing.assert_array_equal(run.trace.theta[k], stepper.theta)
        np.testing.assert_allclose(run.trace.grad_norm[k], np.linalg.norm(grad), rtol=1e-14)
        stepper.step(clip(grad))
    assert run.trace.grad_norm.max() > 1.0  # something was clipped


def test_clipping_crosses_a_cliff_that_throws_the_plain_run_out():
    """Slope 1e8 beyond a wall at 1: one plain step there undoes all others."""

    def gradient(theta):
        return np.where(theta > 1.0, 1e8, -1.0)

    cliff = SimpleNamespace(
        loss=lambda theta: float(np.where(theta > 1.0, 1e8 * (theta - 1), -theta)[0]), gradient=gradient
    )
    plain, clipped = (
        ot.minimize(cliff, [0.0], ot.GradientDescent(lr=0.3), max_steps=50, clip=clip) for clip in (None, ByNorm(1.0))
    )
    assert np.abs(plain.trace.theta).max() > 1e6
    assert np.abs(clipped.trace.theta).max() < 1.5


def test_a_gradient_that_is_not_finite_ends_the_run_before_clipping_could_hide_it():
    problem = SimpleNamespace(loss=lambda _: 0.0, gradient=lambda _: np.array([np.inf]))
    run = ot.minimize(problem, [0.0], ot.GradientDescent(), max_steps=5, clip=ByValue(1.0))
    assert run.message == "diverged at step 0: the gradient became inf"


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize("kind", [ByValue, ByNorm])
def test_a_limit_must_be_positive_and_finite(kind, limit):
    with pytest.raises(ValueError, match=re.escape(f"limit must be positive and finite, got {limit}")):
        kind(limit)


@pytest.mark.parametrize("clip", [1.0, ByNorm, "norm"], ids=str)
def test_what_is_no_clip_is_refused(clip):
    with pytest.raises(TypeError, match=r"^clip must be a function of the gradient, such as ByNorm\(1.0\), got "):
        ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], ot.GradientDescent(), max_steps=1, clip=clip)
