"""A proximal step: its velocity, and the same bits for a batch of runs and for blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as blocks_module
from optimtext.penalties import L1, ElasticNet


@pytest.mark.parametrize("kind", [ot.Momentum, ot.Nesterov])
def test_minus_rate_times_velocity_is_the_step_taken(kind, regression, rule_for):
    model = regression("penguins")
    rule = rule_for(kind, model)
    stepper = ot.Stepper(rule, np.ones(model.dim), penalty=L1(0.3))
    for _ in range(50):
        before = stepper.theta
        stepper.step(model.gradient(stepper.probe))
        np.testing.assert_allclose(-rule.lr * stepper._slots[0], stepper.theta - before, atol=1e-14)


@settings(derandomize=True, deadline=None, max_examples=15, database=None)
@given(seed=st.integers(0, 2**32 - 1), runs=st.integers(1, 4), dim=st.integers(1, 9))
def test_a_batch_of_runs_is_bit_for_bit_the_runs_alone(kind, seed, runs, dim):
    rng = np.random.default_rng(seed)
    theta0, grads, rates = rng.normal(size=(runs, dim)), rng.normal(size=(5, runs, dim)), rng.uniform(0.1, 1, (runs, 1))
    penalty = ElasticNet(0.3, 0.2, on=None if seed % 2 else slice(1, None))
    together = ot.Stepper(kind(rates), theta0, penalty=penalty)
    alone = [ot.Stepper(kind(float(rates[i, 0])), theta0[i], penalty=penalty) for i in range(runs)]
    for grad in grads:
        together.step(grad)
        for i, stepper in enumerate(alone):
            stepper.step(grad[i])
            np.testing.assert_array_equal(together.theta[i], stepper.theta)
            np.testing.assert_array_equal(together.probe[i], stepper.probe)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "on"), [((20_001,), None), ((3, 5_003), None), ((20_001,), slice(-1))])
def test_blocked_is_bit_for_bit_the_whole(kind, dtype, shape, on, monkeypatch):
    rng = np.random.default_rng(0)
    theta0, grads = rng.normal(size=shape).astype(dtype), rng.normal(size=(4, *shape)).astype(dtype)
    found = []
    for block in (blocks_module.BLOCK, 10**9):
        monkeypatch.setattr(blocks_module, "BLOCK", block)
        stepper = ot.Stepper(kind(0.3), theta0, penalty=L1(0.5, on=on))
        for grad in grads:
            stepper.step(grad)
        found.append((np.array(stepper.theta), np.array(stepper.probe)))
        assert stepper.theta.dtype == dtype
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (found[0][0] == 0).any()
