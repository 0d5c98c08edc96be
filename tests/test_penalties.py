"""Penalties: the value as printed, and a proximal map that meets its optimality condition and beats every rival."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimtext.penalties import L1, L2, ElasticNet, Penalty

steady = settings(derandomize=True, deadline=None, max_examples=60, database=None)
strengths = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))
steps = st.floats(1e-3, 1e3)
vectors = arrays(np.float64, st.integers(1, 6), elements=st.floats(-1e3, 1e3))
ON = [slice(-1), [0, 1, 2], [-4, -3, -2], np.array([True, True, True, False]), (1, 0, 2, 1)]


def of(l1, l2, on=None):
    """All penalties that say l1 and l2."""
    found = [ElasticNet(l1, l2, on=on)]
    return found + ([L1(l1, on=on)] if l2 == 0 else []) + ([L2(l2, on=on)] if l1 == 0 else [])


@steady
@given(vectors, strengths, strengths)
def test_the_value_has_no_half(x, l1, l2):
    for penalty in of(l1, l2):
        np.testing.assert_allclose(penalty(x), sum(l1 * abs(a) + l2 * a**2 for a in x), rtol=1e-12)


@steady
@given(vectors, strengths, strengths, steps)
def test_the_proximal_map_meets_its_optimality_condition(x, l1, l2, step):
    """What the map took away, over the step, is a slope of the penalty where it ended."""
    for penalty in of(l1, l2):
        p = penalty.prox(x, step)
        slope = (x - p) / step - 2 * l2 * p
        rounding = 1e-13 * (np.abs(x) / step + l1 + 2 * l2 * np.abs(p)) + 1e-300
        kept = p != 0
        assert (np.abs(slope - l1 * np.sign(p)) <= rounding)[kept].all()
        assert (np.abs(slope) <= l1 + rounding)[~kept].all()
        assert (p * x >= 0).all()


@steady
@given(vectors, strengths, strengths, steps)
def test_no_point_of_a_fine_grid_is_a_better_compromise(x, l1, l2, step):
    def cost(z):
        return step * (l1 * np.abs(z) + l2 * z * z) + (z - x) ** 2 / 2

    grid = np.sort(np.concatenate([np.linspace(-1.5, 1.5, 4001), np.geomspace(1e-9, 1, 200)]))[:, None] * x
    for penalty in of(l1, l2):
        best = cost(penalty.prox(x, step))
        assert (best <= cost(grid).min(axis=0) * (1 + 1e-12) + 1e-300).all()


@steady
@given(vectors, vectors, strengths, strengths, steps)
def test_the_proximal_map_brings_no_two_points_further_apart(x, y, l1, l2, step):
    size = min(len(x), len(y))
    for penalty in of(l1, l2):
        before, after = x[:size] - y[:size], penalty.prox(x[:size], step) - penalty.prox(y[:size], step)
        assert after @ after <= after @ before + 1e-10  # firmly nonexpansive


@steady
@given(vectors, strengths, steps)
def test_the_three_agree_where_they_meet(x, strength, step):
    np.testing.assert_array_equal(ElasticNet(strength, 0.0).prox(x, step), L1(strength).prox(x, step))
    np.testing.assert_array_equal(ElasticNet(0.0, strength).prox(x, step), L2(strength).prox(x, step))
    np.testing.assert_array_equal(ElasticNet(0.0, 0.0).prox(x, step), x)
    np.testing.assert_array_equal(ElasticNet(strength, strength).prox(x, 0.0), x)


def test_zeros_are_exact_and_without_a_sign():
    found = L1(1.0).prox([0.5, -0.5, 1.0, -1.0, 0.0, -0.0], 1.0)
    np.testing.assert_array_equal(found, 0.0)
    assert not np.signbit(found).any()


@pytest.mark.parametrize("on", ON, ids=str)
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_coordinates_that_are_left_out_cost_nothing_and_stay(on, shape):
    x = np.random.default_rng(0).normal(size=shape) * 5
    for l1, l2 in [(0.7, 0.0), (0.0, 0.3), (0.7, 0.3)]:
        for some, every in zip(of(l1, l2, on), of(l1, l2), strict=True):
            np.testing.assert_allclose(some(x), every(x[..., :3]), rtol=1e-14)
            np.testing.assert_array_equal(some.prox(x, 0.9)[..., :3], every.prox(x[..., :3], 0.9))
            np.testing.assert_array_equal(some.prox(x, 0.9)[..., 3], x[..., 3])


@pytest.mark.parametrize("on", [None, slice(-1)])
def test_a_batch_of_runs_is_the_runs_alone(on):
    rng = np.random.default_rng(1)
    x, step = rng.normal(size=(5, 3)), rng.uniform(0.1, 1.0, (5, 1))
    penalty = ElasticNet(0.4, 0.2, on=on)
    assert penalty(x).shape == (5,)
    for run in range(5):
        assert penalty(x)[run] == penalty(x[run])
        np.testing.assert_array_equal(penalty.prox(x, step)[run], penalty.prox(x[run], float(step[run, 0])))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize("on", [None, slice(1)])
def test_shape_and_dtype_are_kept_and_the_input_is_left_alone(dtype, shape, on):
    x = np.full(shape, 1.5, dtype)
    x.setflags(write=False)
    for penalty in of(0.5, 0.25, on):
        found = penalty.prox(x, 0.1)
        assert (found.shape, found.dtype) == (shape, dtype)
        assert penalty(x).dtype == dtype
        np.testing.assert_array_equal(x, np.full(shape, 1.5, dtype))


def test_integers_are_converted():
    np.testing.assert_array_equal(L1(0.5).prox(np.array([2, -3], np.int8), 1.0), [1.5, -2.5])
    assert L2(0.5)([3, True]) == 5.0


def test_they_are_penalties():
    assert all(isinstance(penalty, Penalty) for penalty in (L1(), L2(), ElasticNet()))


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: L1(-0.1), ValueError, "l1 must be non-negative and finite, got -0.1"),
        (lambda: L2(np.inf), ValueError, "l2 must be non-negative and finite, got inf"),
        (lambda: ElasticNet(0.1, np.nan), ValueError, "l2 must be non-negative and finite, got nan"),
        (lambda: L1("0.1"), TypeError, "l1 must be non-negative and finite, got '0.1'"),  # type: ignore[arg-type]
        (lambda: L1(np.ones(2)), TypeError, "l1 must be non-negative and finite, got array"),  # type: ignore[arg-type]
        (lambda: L1(alpha=0.1), TypeError, "L1 has no argument alpha (got alpha=0.1); allowed are l1, on"),  # type: ignore[call-arg]
        (lambda: L1(on=0.5), TypeError, "on must be a slice, a mask, an array of indices, or None for all, got 0.5"),
        (lambda: L1(on=[0.5]), TypeError, "on must be a slice, a mask, an array of indices, or None for all, got"),
        (lambda: L1(on=3), TypeError, "on must be a slice, a mask, an array of indices, or None for all, got 3"),
        (lambda: L1(on=[5])([1.0, 2.0]), ValueError, "on must fit vectors of length 2, the last axis of x, got [5]"),
        (lambda: L1(on=[True]).prox([1.0, 2.0], 1.0), ValueError, "on must fit vectors of length 2"),
        (lambda: L1().prox([1.0], -1.0), ValueError, "step must be non-negative and finite, got -1.0"),
        (lambda: L1().prox(["a"], 1.0), TypeError, "x must hold real numbers"),
    ],
)
def test_what_is_impossible_is_refused(make, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        make()
