"""The stepper: batched is solo, blocked is whole, nothing of the caller's is touched, bad input is named."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as module
from optimtext.rules import ALL

every_rule = pytest.mark.parametrize("rule_class", ALL, ids=lambda cls: cls.__name__)
DTYPES = [np.float16, np.float32, np.float64, np.longdouble]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
steady = settings(derandomize=True, deadline=None, max_examples=10)  # times rules times dtypes
shapes = st.lists(st.integers(1, 4), max_size=3).map(tuple)
seeds = st.integers(0, 2**32 - 1)
RANGES = {"lr": (1e-4, 0.5), "beta": (0, 0.99), "beta1": (0, 0.99), "beta2": (0.5, 0.999), "eps": (1e-4, 0.1)}
RANGES |= {"gamma": (0, 0.999), "weight_decay": (0, 0.5)}


def constants(rule_class: Any, rng: np.random.Generator, shape: tuple[int, ...] | None, dtype: Any) -> dict[str, Any]:
    """Random hyper-parameters: Python floats, or arrays of a shape."""
    names = [field.name for field in dataclasses.fields(rule_class)]
    drawn = {name: rng.uniform(*RANGES[name.removesuffix("_root")], shape) for name in names}
    return {name: float(x) if shape is None else x.astype(dtype) for name, x in drawn.items()}


def gradients(shape: tuple[int, ...], dtype: Any, rng: np.random.Generator, count: int = 6) -> list[Any]:
    """Gradients of several sizes, some of them exactly zero."""
    return [(rng.normal(size=shape) * rng.integers(0, 3, shape)).astype(dtype) for _ in range(count)]


def path(rule: Any, theta0: Any, grads: list[Any]) -> list[Any]:
    """Everything that shows: parameters and look-ahead points of all steps."""
    stepper, seen = ot.Stepper(rule, theta0), []
    for grad in grads:
        seen.append(np.array(stepper.probe))
        stepper.step(grad)
        seen.append(np.array(stepper.theta))
    return seen


def assert_same_bits(ours: Any, theirs: Any) -> None:
    for one, other in zip(ours, theirs, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(np.signbit(one), np.signbit(other))


@every_rule
@every_dtype
@steady
@given(seed=seeds, shape=shapes)
def test_shape_and_dtype_are_kept_and_inputs_are_left_alone(
    rule_class: Any, dtype: Any, seed: int, shape: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(seed)
    theta0, grads = rng.normal(size=shape).astype(dtype), gradients(shape, dtype, rng)
    copies = [array.copy() for array in (theta0, *grads)]
    for array in (theta0, *grads):
        np.asarray(array).setflags(write=False)
    for seen in path(rule_class(**constants(rule_class, rng, None, dtype)), theta0, grads):
        assert (seen.shape, seen.dtype) == (shape, dtype)
    for array, copy in zip((theta0, *grads), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@every_rule
@pytest.mark.parametrize("dtype", DTYPES[1:])
@steady
@given(seed=seeds, runs=st.integers(1, 4), dim=st.integers(1, 9))
def test_a_batch_of_runs_is_bit_for_bit_the_runs_alone(
    rule_class: Any, dtype: Any, seed: int, runs: int, dim: int
) -> None:
    rng = np.random.default_rng(seed)
    theta0, grads = rng.normal(size=(runs, dim)).astype(dtype), gradients((runs, dim), dtype, rng)
    hyper = constants(rule_class, rng, (runs, 1), dtype)
    together = path(rule_class(**hyper), theta0, grads)
    for run in range(runs):
        alone = path(rule_class(**{k: v[run] for k, v in hyper.items()}), theta0[run], [g[run] for g in grads])
        assert_same_bits([array[run] for array in together], alone)
        if dtype is np.float64:  # narrower hyper-parameters cannot have the bits of Python's doubles
            plain = rule_class(**{k: float(v[run, 0]) for k, v in hyper.items()})
            assert_same_bits([array[run] for array in together], path(plain, theta0[run], [g[run] for g in grads]))


@every_rule
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "per_run"),
    [
        ((8193,), False),
        ((20_001,), False),
        ((3, 5_003), False),
        ((3, 5_003), True),
        ((9_001, 1), True),
        ((2, 3, 2_001), False),
    ],
)
def test_blocked_is_bit_for_bit_the_whole(
    rule_class: Any, dtype: Any, shape: tuple[int, ...], per_run: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(7)
    rule = rule_class(**constants(rule_class, rng, (shape[0], 1) if per_run else None, dtype))
    theta0, grads = rng.normal(size=shape).astype(dtype), gradients(shape, dtype, rng, 4)
    assert math.prod(shape) > module.BLOCK
    copies = [array.copy() for array in (theta0, *grads)]
    blocked = path(rule, theta0, grads)
    for array, copy in zip((theta0, *grads), copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    monkeypatch.setattr(module, "BLOCK", 10**9)
    assert_same_bits(blocked, path(rule, theta0, grads))


@every_rule
@steady
@given(seed=seeds, dim=st.integers(2, 40), block=st.integers(1, 39))
def test_the_length_of_a_block_shows_nowhere(rule_class: Any, seed: int, dim: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    rule = rule_class(**constants(rule_class, rng, None, np.float64))
    theta0, grads = rng.normal(size=dim), gradients((dim,), np.float64, rng)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK", block)
        blocked = path(rule, theta0, grads)
    assert_same_bits(blocked, path(rule, theta0, grads))


@every_rule
@pytest.mark.parametrize("dim", [3, 9_001])
def test_a_hyperparameter_for_each_coordinate_is_a_run_for_each_coordinate(rule_class: Any, dim: int) -> None:
    rng = np.random.default_rng(3)
    hyper = constants(rule_class, rng, (dim,), np.float64)
    theta0, grads = rng.normal(size=dim), gradients((dim,), np.float64, rng)
    together = path(rule_class(**hyper), theta0, grads)
    for i in (0, dim - 1):
        alone = path(
            rule_class(**{k: float(v[i]) for k, v in hyper.items()}), theta0[i : i + 1], [g[i : i + 1] for g in grads]
        )
        assert_same_bits([array[i : i + 1] for array in together], alone)


@every_rule
@pytest.mark.parametrize("size", [4, 9_000])
def test_theta_and_probe_cannot_be_written_and_may_serve_as_gradient(rule_class: Any, size: int) -> None:
    stepper = ot.Stepper(rule_class(lr=0.1), np.ones(size))
    for _ in range(3):
        for view in (stepper.theta, stepper.probe):
            with pytest.raises(ValueError, match="read-only"):
                view[0] = 5.0
        stepper.step(stepper.probe)
    assert stepper.t == 3
    assert (stepper.theta < 1).all()
    assert len(set(stepper.theta.tolist())) == 1


@every_rule
def test_the_callers_gradient_buffer_may_be_reused(rule_class: Any) -> None:
    rng = np.random.default_rng(5)
    grads, buffer = gradients((3,), np.float64, rng), np.empty(3)
    stepper = ot.Stepper(rule_class(), [1.0, 2.0, 3.0])
    for grad in grads:
        buffer[:] = grad
        stepper.step(buffer)
        buffer[:] = math.nan
    np.testing.assert_array_equal(stepper.theta, path(rule_class(), [1.0, 2.0, 3.0], grads)[-1])


@every_rule
@pytest.mark.parametrize("theta0", [[3, -2], np.array([3, 200], dtype=np.uint8), (True, False), 4])
def test_integers_are_converted_and_never_truncated(rule_class: Any, theta0: Any) -> None:
    stepper = ot.Stepper(rule_class(lr=0.125), theta0)
    stepper.step(np.ones(np.shape(theta0), dtype=int))
    expected = ot.Stepper(rule_class(lr=0.125), np.array(theta0, dtype=float))
    expected.step(np.ones(np.shape(theta0)))
    assert stepper.theta.dtype == np.float64
    np.testing.assert_array_equal(stepper.theta, expected.theta)
    assert not np.array_equal(stepper.theta, np.round(stepper.theta))


@every_rule
def test_a_schedule_sets_the_rate_of_each_step(rule_class: Any) -> None:
    rates, rng = [0.5, 0.25, 0.0, 0.125], np.random.default_rng(1)
    grads = gradients((2,), np.float32, rng, 4)
    scheduled = path(rule_class(lr=lambda t: np.float64(rates[t])), np.ones(2, np.float32), grads)
    stepper, theta = rule_class(), np.ones(2, np.float32)
    state: list[Any] = []
    for t, grad in enumerate(grads):
        probe = stepper.probe(theta, rates[t], *state) if hasattr(stepper, "probe") else theta
        assert_same_bits([scheduled[2 * t]], [probe])
        theta, *state = stepper.update(theta, grad, rates[t], *state)
        assert_same_bits([scheduled[2 * t + 1]], [theta])


@every_rule
@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), np.array(0.1), np.full((2, 1), 0.1)])
@pytest.mark.parametrize("shape", [(2, 3), (2, 5_001)])
def test_a_rate_given_to_step_keeps_shape_and_dtype(rule_class: Any, rate: Any, shape: tuple[int, ...]) -> None:
    stepper, expected = (ot.Stepper(rule_class(lr=r), np.ones(shape, np.float32)) for r in (9.0, 0.1))
    for _ in range(2):
        stepper.step(np.ones(shape, np.float32), lr=rate)
        expected.step(np.ones(shape, np.float32))
    assert stepper.theta.shape == shape
    assert stepper.theta.dtype == np.float32
    np.testing.assert_allclose(stepper.theta, expected.theta, rtol=1e-6)


@every_rule
@pytest.mark.parametrize("dim", [5, 9_001])
def test_a_rate_for_each_coordinate_given_to_step_is_that_of_the_rule(rule_class: Any, dim: int) -> None:
    rates = np.linspace(0.01, 0.1, dim)
    given, own = ot.Stepper(rule_class(lr=1.0), np.ones(dim)), ot.Stepper(rule_class(lr=rates), np.ones(dim))
    for _ in range(3):
        given.step(np.full(dim, 0.5), lr=rates)
        own.step(np.full(dim, 0.5))
    assert_same_bits([given.theta], [own.theta])
