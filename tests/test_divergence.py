"""Every way to diverge ends a run with its last good parameters and a sentence: no error and no warning."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

DIVERGED = ot.StopReason.DIVERGED
every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_size = pytest.mark.parametrize("size", [2, 17, 20_000])
recorded = pytest.mark.parametrize("record_theta", [True, False], ids=["recorded", "unrecorded"])


class Ramp:
    """Slope 1 everywhere, so that gradient descent with rate 1 is at -k after k steps; something breaks at `at`."""

    def __init__(self, at, loss=None, gradient=1.0, everywhere=False):
        self.at, self.bad_loss, self.bad_gradient, self.everywhere = at, loss, gradient, everywhere

    def there(self, theta):
        return np.ravel(theta)[0] <= -self.at

    def loss(self, theta):
        if self.bad_loss is not None and self.there(theta):
            return self.bad_loss
        return float(np.ravel(theta)[0])

    def gradient(self, theta):
        grad = np.ones_like(theta)
        if self.there(theta):
            grad[... if self.everywhere else -1] = self.bad_gradient
        return grad


def descend(problem, size, lr=1.0, **options):
    return ot.minimize(problem, np.zeros(size), ot.GradientDescent(lr=lr), max_steps=20, **options)


def check(run, step, what):
    assert run.reason is DIVERGED
    assert run.steps == step
    assert run.message == f"diverged at step {step}: {what}"
    assert np.isfinite(run.theta).all()
    for name in ("loss", "grad_norm", "lr", "evaluations", "validation"):
        assert len(getattr(run.trace, name)) == step + 1, name
    assert len(run.trace.theta) in (0, step + 1)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan], ids=str)
@pytest.mark.parametrize("at", [1, 7])
@every_size
@recorded
def test_a_loss_that_is_not_finite(value, at, size, record_theta):
    run = descend(Ramp(at, loss=value), size, record_theta=record_theta)
    check(run, at, f"the loss became {value}")
    np.testing.assert_array_equal(run.theta, np.full(size, 1.0 - at))
    assert run.loss == 1.0 - at
    np.testing.assert_array_equal(run.trace.loss[-1], value)


@pytest.mark.parametrize("value", [-np.inf, np.nan], ids=str)
@pytest.mark.parametrize("at", [0, 7])
@pytest.mark.parametrize("everywhere", [True, False], ids=["all", "one"])
@every_size
@recorded
def test_a_gradient_that_is_not_finite(value, at, everywhere, size, record_theta):
    run = descend(Ramp(at, gradient=value, everywhere=everywhere), size, record_theta=record_theta)
    check(run, at, f"the gradient became {value}")
    np.testing.assert_array_equal(run.theta, np.full(size, -float(at)))  # where the gradient failed, not before
    assert run.loss == -at
    assert not np.isfinite(run.trace.grad_norm[-1])


@pytest.mark.parametrize("sign", [1, -1])
@every_size
@recorded
def test_a_parameter_that_is_not_finite(sign, size, record_theta):
    run = descend(Ramp(3, gradient=sign * 1e308), size, lr=100.0, record_theta=record_theta)
    check(run, 2, f"a parameter became {-sign * np.inf}")
    np.testing.assert_array_equal(run.theta, np.full(size, -100.0))
    assert run.loss == -100.0
    assert np.isnan(run.trace.loss[-1])


@pytest.mark.parametrize("value", [np.inf, np.nan], ids=str)
@every_size
@recorded
def test_at_step_0_the_first_parameters_come_back(value, size, record_theta):
    run = descend(Ramp(0, loss=value), size, record_theta=record_theta)
    check(run, 0, f"the loss became {value}")
    np.testing.assert_array_equal(run.theta, np.zeros(size))
    assert not np.isfinite(run.loss)


@every_rule
@recorded
@pytest.mark.parametrize("size", [2, 20_000])
def test_far_too_large_a_rate_on_a_bowl(rule, record_theta, size):
    weights = np.linspace(1.0, 4.0, size)

    class Quartic:
        def loss(self, theta):
            return float((weights * theta**4).sum())

        def gradient(self, theta):
            return 4 * weights * theta**3

    run = ot.minimize(Quartic(), np.ones(size), rule(lr=1e80), max_steps=50, record_theta=record_theta)
    assert run.reason is DIVERGED
    assert re.fullmatch(rf"diverged at step {run.steps}: .* became (inf|-inf|nan)", run.message)
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)
    assert run.loss == run.trace.loss[-2] == Quartic().loss(run.theta)
    if record_theta:
        np.testing.assert_array_equal(run.theta, run.trace.theta[-2])


@every_size
def test_adagrad_with_both_epsilons_zero_divides_zero_by_zero(size):
    class Flat:
        def loss(self, theta):
            return 1.0

        def gradient(self, theta):
            return np.zeros_like(theta)

    rule = ot.AdaGrad(lr=0.1, eps=0.0, eps_root=0.0)
    run = ot.minimize(Flat(), np.ones(size), rule, max_steps=5)
    check(run, 1, "a parameter became nan")
    np.testing.assert_array_equal(run.theta, np.ones(size))


@every_rule
@every_size
def test_a_gradient_is_not_diverged_because_its_squares_leave_the_range(rule, size):
    class Slope:
        def __init__(self, steepness):
            self.steepness = steepness

        def loss(self, theta):
            return 0.0

        def gradient(self, theta):
            return np.full_like(theta, self.steepness)

    for scale in (1e160, 1e300, 1e-170, 5e-324):
        run = ot.minimize(Slope(scale), np.ones(size), rule(lr=1e-302), max_steps=3)
        assert (run.reason, run.steps) == (ot.StopReason.MAX_STEPS, 3)
        np.testing.assert_allclose(run.trace.grad_norm, scale * size**0.5, rtol=1e-12, atol=5e-324)


@every_size
def test_a_sum_of_parameters_may_leave_the_range(size):
    class Far:
        def loss(self, theta):
            return 0.0

        def gradient(self, theta):
            return np.ones_like(theta)

    run = ot.minimize(Far(), np.full(size, 1.5e308), ot.GradientDescent(), max_steps=2)
    assert (run.reason, run.loss) == (ot.StopReason.MAX_STEPS, 0.0)


@recorded
@pytest.mark.parametrize("size", [1, 20_000])
def test_early_stopping_gives_the_best_parameters_back_after_a_divergence(record_theta, size):
    class Valley:
        def loss(self, theta):
            return abs(float(theta[0]) + 3.0)  # lowest at step 3

    options = {"stop": ot.EarlyStopping(patience=50), "validation": Valley(), "record_theta": record_theta}
    run = descend(Ramp(9, loss=np.inf), size, **options)
    assert run.reason is DIVERGED
    assert run.message.startswith("diverged at step 9: the loss became inf")
    assert "step 3" in run.message
    np.testing.assert_array_equal(run.theta, np.full(size, -3.0))
    assert run.loss == -3.0


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    rule=st.sampled_from(ot.rules.ALL),
    surface=st.sampled_from(ot.surfaces.ALL),
    start=st.tuples(*[st.floats(-1e6, 1e6)] * 2),
    lr=st.floats(1e-3, 1e200),
)
def test_whatever_happens_the_result_is_finite_and_nobody_is_warned(rule, surface, start, lr):
    run = ot.minimize(surface(), start, rule(lr=lr), max_steps=60)
    assert np.isfinite(run.theta).all()
    assert np.isfinite(run.loss)
    assert len(run.trace.loss) == run.steps + 1
    finite = np.isfinite(run.trace.loss)
    assert finite[:-1].all()
    assert run.reason is DIVERGED or finite[-1]


@pytest.mark.parametrize("seed", range(5))
def test_with_mini_batches_the_result_is_the_last_point_whose_own_batch_had_a_finite_loss(seed):
    features = np.array([[1e-3], [1.0], [1e3], [1e5]])
    model = ot.models.LinearRegression(features, np.ones(4))
    run = ot.minimize(model, np.zeros(2), ot.GradientDescent(lr=1.0), max_steps=200, batch_size=1, seed=seed)
    assert run.reason is DIVERGED
    assert np.isfinite(run.theta).all()
    last = np.flatnonzero(np.isfinite(run.trace.loss))[-1]
    np.testing.assert_array_equal(run.theta, run.trace.theta[last])


def test_finite_gradients_whose_norm_is_beyond_the_largest_float_end_the_run():
    huge = SimpleNamespace(loss=lambda _: 0.0, gradient=lambda theta: np.full_like(theta, 1.7e308))
    run = ot.minimize(huge, np.ones(4), ot.GradientDescent(), max_steps=3)
    assert (run.reason, run.message) == (DIVERGED, "diverged at step 0: the gradient became inf")
