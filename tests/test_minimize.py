"""The loop: what it records, that it is the loop one would write by hand, and that it leaves its inputs alone."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as blocks_module

every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_surface = pytest.mark.parametrize("surface", ot.surfaces.ALL, ids=lambda cls: cls.__name__)
N = 10


@pytest.fixture
def model():
    rng = np.random.default_rng(7)
    return ot.models.LinearRegression(rng.normal(size=(N, 3)), rng.normal(size=N))


def simple(loss, gradient):
    return SimpleNamespace(loss=loss, gradient=gradient)


def by_hand(problem, theta0, rule, steps):
    """The loop of a textbook: no Stepper, no recording."""
    theta, slots, path, norms = np.array(theta0, dtype=float), (), [], []
    for _ in range(steps + 1):
        probe = rule.probe(theta, rule.lr, *slots) if hasattr(rule, "probe") else theta
        grad = problem.gradient(probe)
        path.append(theta)
        norms.append(np.linalg.norm(grad))
        theta, *slots = rule.update(theta, grad, rule.lr, *slots)
    return np.array(path), np.array(norms)


@every_rule
@every_surface
def test_minimize_is_the_loop_written_by_hand_bit_for_bit(rule, surface):
    problem, rule = surface(), rule(lr=0.001)
    run = ot.minimize(problem, problem.start, rule, max_steps=40)
    path, norms = by_hand(problem, problem.start, rule, 40)
    np.testing.assert_array_equal(run.trace.theta, path)
    np.testing.assert_array_equal(run.theta, path[-1])
    np.testing.assert_array_equal(run.trace.loss, [problem.loss(theta) for theta in path])
    np.testing.assert_allclose(run.trace.grad_norm, norms, rtol=1e-14)
    assert run.loss == problem.loss(path[-1])


@every_rule
@every_surface
def test_a_trace_has_one_entry_more_than_steps(rule, surface):
    problem = surface()
    for steps in (0, 1, 7):
        run = ot.minimize(problem, problem.start, rule(lr=1e-4), max_steps=steps)
        trace = run.trace
        assert (run.steps, run.reason) == (steps, ot.StopReason.MAX_STEPS)
        for name in ("loss", "grad_norm", "lr", "evaluations", "validation"):
            assert getattr(trace, name).shape == (steps + 1,), name
        assert trace.theta.shape == (steps + 1, 2)
        np.testing.assert_array_equal(trace.theta[0], problem.start)
        np.testing.assert_array_equal(trace.theta[-1], run.theta)
        np.testing.assert_array_equal(trace.evaluations, np.arange(steps + 1))
        np.testing.assert_array_equal(trace.lr, np.full(steps + 1, 1e-4))
        assert np.isnan(trace.validation).all()


@every_rule
def test_result_carries_what_was_run(rule):
    problem, chosen = ot.surfaces.Bowl(), rule(lr=0.01)
    run = ot.minimize(problem, [1.0, 1.0], chosen, max_steps=3)
    assert run.rule is chosen
    assert run.problem is problem
    assert isinstance(run.loss, float)


@every_rule
@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64])
@pytest.mark.parametrize("size", [2, 20, 10_000])
def test_theta0_is_never_modified_and_its_precision_is_kept(rule, dtype, size):
    theta0 = np.arange(1, size + 1, dtype=dtype)
    before = theta0.copy()
    problem = simple(lambda theta: 0.5 * (theta * theta).sum(), lambda theta: theta)
    run = ot.minimize(problem, theta0, rule(lr=0.25), max_steps=3)
    np.testing.assert_array_equal(theta0, before)
    expected = np.float64 if dtype is np.int64 else dtype
    assert run.theta.dtype == run.trace.theta.dtype == expected
    assert not np.shares_memory(run.theta, theta0)
    assert (np.abs(run.theta) != np.floor(np.abs(run.theta))).any()  # not truncated


@pytest.mark.parametrize("lr", [np.float64(0.1), np.array([0.1, 0.2]), np.array(0.1), lambda _: np.float64(0.1)])
@every_rule
def test_float32_parameters_stay_float32_whatever_the_rate_is(rule, lr):
    run = ot.minimize(ot.surfaces.Bowl(), np.ones(2, dtype=np.float32), rule(lr=lr), max_steps=3)
    assert run.theta.dtype == run.trace.theta.dtype == np.float32


def test_integers_are_converted_to_doubles():
    run = ot.minimize(ot.surfaces.Bowl(curvature=1.0), [1, 3], ot.GradientDescent(lr=0.5), max_steps=1)
    np.testing.assert_array_equal(run.theta, [0.5, 1.5])


def test_a_full_step_costs_all_samples(model):
    run = ot.minimize(model, np.zeros(4), ot.GradientDescent(), max_steps=5)
    np.testing.assert_array_equal(run.trace.evaluations, N * np.arange(6))


@pytest.mark.parametrize("batch_size", [1, 3, 4, N])
def test_a_mini_batch_costs_its_samples_and_an_epoch_all(model, batch_size):
    run = ot.minimize(model, np.zeros(4), ot.GradientDescent(), max_steps=30, batch_size=batch_size, seed=0)
    sizes = [min(batch_size, N - start) for start in range(0, N, batch_size)]
    cost = list(itertools.islice(itertools.cycle(sizes), 30))
    np.testing.assert_array_equal(run.trace.evaluations, np.concatenate([[0], np.cumsum(cost)]))
    assert run.trace.evaluations[len(sizes)] == N


@every_rule
def test_mini_batches_are_those_of_sampling(model, rule):
    rule = rule(lr=0.01)
    run = ot.minimize(model, np.zeros(4), rule, max_steps=12, batch_size=3, seed=5)
    batches = ot.sampling.shuffled_batches(N, 3, np.random.default_rng(5))
    stepper = ot.Stepper(rule, np.zeros(4))
    for k in range(12):
        batch = next(batches)
        assert run.trace.loss[k] == model.loss(stepper.theta, batch=batch)
        stepper.step(model.gradient(stepper.probe, batch=batch))
    np.testing.assert_array_equal(run.theta, stepper.theta)
    assert run.loss == model.loss(run.theta)  # the full loss, not a batch's


def test_a_seed_reproduces_a_run_and_another_one_does_not(model):
    def run(seed):
        return ot.minimize(model, np.zeros(4), ot.Adam(), max_steps=9, batch_size=3, seed=seed).trace.theta

    np.testing.assert_array_equal(run(1), run(1))
    np.testing.assert_array_equal(run(1), run(np.random.default_rng(1)))
    assert not np.array_equal(run(1), run(2))
    assert not np.array_equal(run(None), run(None))


@every_rule
def test_one_batch_of_all_samples_is_the_full_gradient_to_rounding(model, rule):
    full, batch = (
        ot.minimize(model, np.full(4, 2.0), rule(lr=0.01), max_steps=50, batch_size=size, seed=0) for size in (None, N)
    )
    np.testing.assert_allclose(batch.trace.theta, full.trace.theta, rtol=1e-10)
    np.testing.assert_allclose(batch.trace.loss, full.trace.loss, rtol=1e-10)
    np.testing.assert_array_equal(batch.trace.evaluations, full.trace.evaluations)


@every_rule
@pytest.mark.parametrize("size", [2, 20_000])
def test_not_recording_parameters_changes_nothing_else(rule, size):
    problem = simple(lambda theta: 0.5 * theta.dot(theta), lambda theta: theta)
    with_path, without = (
        ot.minimize(problem, np.linspace(1, 2, size), rule(lr=0.1), max_steps=4, record_theta=flag)
        for flag in (True, False)
    )
    assert without.trace.theta.shape == (0, size)
    np.testing.assert_array_equal(with_path.theta, without.theta)
    np.testing.assert_array_equal(with_path.trace.loss, without.trace.loss)


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3)])
@every_rule
def test_any_shape_of_parameters_runs_and_is_kept(rule, shape):
    problem = simple(lambda theta: 0.5 * np.sum(np.square(theta)), lambda theta: theta)
    run = ot.minimize(problem, np.full(shape, 3.0), rule(lr=0.1), max_steps=5)
    assert run.theta.shape == shape
    assert run.trace.theta.shape == (6, *shape)
    assert run.loss < run.trace.loss[0]


def test_a_bare_number_is_a_parameter():
    problem = simple(lambda theta: theta * theta, lambda theta: 2.0 * theta)
    run = ot.minimize(problem, 3.0, ot.GradientDescent(lr=0.25), max_steps=3)
    assert run.trace.theta.tolist() == [3.0, 1.5, 0.75, 0.375]
    assert run.theta.shape == ()


@every_rule
@pytest.mark.parametrize("shape", [(20_001,), (3, 7_001)], ids=str)
def test_long_vectors_give_the_unblocked_run_bit_for_bit(rule, shape, monkeypatch):
    assert np.prod(shape) > blocks_module.BLOCK
    theta0 = np.random.default_rng(3).normal(size=shape)
    scale = np.geomspace(0.1, 10, shape[-1])
    problem = simple(lambda theta: float((scale * theta * theta).sum()), lambda theta: 2 * scale * theta)
    blocked = ot.minimize(problem, theta0, rule(lr=0.01), max_steps=6)
    monkeypatch.setattr(blocks_module, "BLOCK", 10**9)
    whole = ot.minimize(problem, theta0, rule(lr=0.01), max_steps=6)
    for name in ("theta", "loss", "grad_norm"):
        np.testing.assert_array_equal(getattr(blocked.trace, name), getattr(whole.trace, name))
    np.testing.assert_array_equal(blocked.theta, whole.theta)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    starts=st.lists(st.tuples(*[st.floats(-4, 4)] * 2), min_size=1, max_size=5),
    rule=st.sampled_from(ot.rules.ALL),
    surface=st.sampled_from(ot.surfaces.ALL),
)
def test_runs_in_one_array_are_the_runs_alone(starts, rule, surface):
    problem, lr = surface(), 1e-6  # small enough for the walls of Beale's function: no run ends before the others
    together = simple(lambda theta: float(np.sum(problem.loss(theta))), problem.gradient)
    batched = ot.minimize(together, starts, rule(lr=lr), max_steps=5)
    for i, start in enumerate(starts):
        solo = ot.minimize(problem, start, rule(lr=lr), max_steps=5)
        np.testing.assert_array_equal(batched.trace.theta[:, i], solo.trace.theta)


@pytest.mark.parametrize("n", [3, 40])
def test_a_gradient_of_integers_or_a_list_is_as_good_as_one_of_doubles(n):
    whole = np.full(n, 4_000_000_000)
    runs = [
        ot.minimize(simple(lambda _: 1.0, lambda _, g=g: g), np.ones(n), ot.Momentum(lr=1e-9), max_steps=3)
        for g in (whole.astype(float), whole, whole.tolist())
    ]
    for run in runs[1:]:
        np.testing.assert_array_equal(run.trace.theta, runs[0].trace.theta)
        np.testing.assert_allclose(run.trace.grad_norm, 4e9 * n**0.5, rtol=1e-12)


def test_problems_see_parameters_that_they_cannot_change():
    def gradient(theta):
        theta += 1.0
        return theta

    for size in (2, 20_000):
        with pytest.raises(ValueError, match="read-only"):
            ot.minimize(simple(lambda _: 0.0, gradient), np.ones(size), ot.GradientDescent(), max_steps=1)


@every_rule
def test_a_problem_may_reuse_its_gradient_array(rule):
    for n in (2, 20_000):
        buffer = np.empty(n)
        reused = simple(lambda _: 0.0, lambda theta, b=buffer: np.multiply(theta, 3.0, out=b))
        fresh = simple(lambda _: 0.0, lambda theta: 3.0 * theta)
        a, b = (ot.minimize(p, np.ones(n), rule(lr=0.01), max_steps=4).theta for p in (reused, fresh))
        np.testing.assert_array_equal(a, b)


@every_rule
def test_a_result_is_the_callers_own(rule):
    for size in (2, 20_000):
        run = ot.minimize(simple(lambda _: 0.0, lambda theta: theta), np.ones(size), rule(), max_steps=2)
        last = run.trace.theta[-1].copy()
        run.theta[:] = 7.0
        np.testing.assert_array_equal(run.trace.theta[-1], last)
