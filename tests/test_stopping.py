"""When a run ends: each criterion by itself, several at once, and what early stopping gives back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

Reason = ot.StopReason


class Script:
    """A problem whose parameter counts the steps and whose losses are written down beforehand."""

    def __init__(self, losses, slopes=None):
        self.losses, self.slopes = losses, slopes

    def at(self, values, theta):
        return values[min(round(float(theta[0])), len(values) - 1)]

    def loss(self, theta):
        return self.at(self.losses, theta)

    def gradient(self, theta):
        return np.array([-1.0])  # with rate 1 one further at each step


def run(losses, *, max_steps=50, validation=None, **options):
    problem = losses if hasattr(losses, "loss") else Script(losses)
    options["validation"] = Script(validation) if isinstance(validation, list) else validation
    return ot.minimize(problem, [0.0], ot.GradientDescent(lr=1.0), max_steps=max_steps, **options)


FALLING = list(np.linspace(10, 1, 100))


def test_the_loss_change_of_the_source_text_stops():
    result = run([0.5, 0.3, 0.1234567, 0.1234568, 0.1], stop=ot.LossChange(threshold=1e-6))
    assert (result.reason, result.steps, result.loss) == (Reason.LOSS_CHANGE, 3, 0.1234568)
    assert result.message.startswith("stopped at step 3: the loss changed by 1e-07, less than 1e-06")


@pytest.mark.parametrize(("change", "steps"), [(0.25, 1), (0.5, 20), (0.75, 20)])
def test_a_loss_change_must_be_below_the_threshold_and_not_at_it(change, steps):
    losses = [change * k for k in range(30)]
    assert run(losses, stop=ot.LossChange(0.5), max_steps=20).steps == steps


def test_a_loss_that_does_not_change_stops_at_the_first_step():
    assert run([1.0], stop=ot.LossChange()).steps == 1


@pytest.mark.parametrize("threshold", [1e-2, 1e-6, 1e-12])
def test_the_gradient_norm_stops_at_the_first_point_below_the_threshold(threshold):
    bowl = ot.surfaces.Bowl(curvature=1.0)
    result = ot.minimize(bowl, [3.0, 4.0], ot.GradientDescent(lr=0.5), max_steps=99, stop=ot.GradientNorm(threshold))
    assert result.reason is Reason.GRADIENT_NORM
    assert result.steps == int(np.ceil(np.log2(5 / threshold)))  # the norm is 5 / 2**k
    assert result.trace.grad_norm[-1] < threshold <= result.trace.grad_norm[-2]


def test_a_stationary_start_needs_no_step():
    saddle = ot.surfaces.Saddle()
    result = ot.minimize(saddle, [0.0, 0.0], ot.Adam(), max_steps=9, stop=ot.GradientNorm())
    assert (result.reason, result.steps) == (Reason.GRADIENT_NORM, 0)


@pytest.mark.parametrize("stop", [(), [], ot.GradientNorm(1e-300), [ot.LossChange(1e-300)]], ids=str)
def test_the_maximum_always_holds(stop):
    result = run(FALLING, stop=stop, max_steps=13)
    assert (result.reason, result.steps) == (Reason.MAX_STEPS, 13)
    assert "max_steps" in result.message


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_patience_counts_losses_without_a_new_lowest_one(patience):
    validation = [5.0, 4.0, 4.5, 3.0, 3.0, 3.5, 3.25, 3.125, 3.5, 2.0, 1.0]
    result = run(FALLING, validation=validation, stop=ot.EarlyStopping(patience), max_steps=8)
    steps, best = {1: (2, 1), 2: (5, 3), 5: (8, 3)}[patience]
    assert (result.reason, result.steps) == (Reason.EARLY_STOPPING, steps)
    np.testing.assert_array_equal(result.theta, [best])
    assert result.loss == FALLING[best]
    assert f"step {best}" in result.message


def test_the_best_parameters_come_back_also_when_patience_never_runs_out():
    validation = [5.0, 4.0, 1.0, *np.linspace(2.0, 3.0, 60)]
    result = run(FALLING, validation=validation, stop=ot.EarlyStopping(1000), max_steps=40)
    assert (result.reason, result.steps) == (Reason.MAX_STEPS, 40)
    np.testing.assert_array_equal(result.theta, [2.0])
    assert result.loss == FALLING[2]
    np.testing.assert_array_equal(result.trace.theta[-1], [40.0])  # the trace tells all the same


def test_the_best_parameters_come_back_whatever_else_ends_the_run():
    validation = [5.0, 1.0, 2.0, 3.0, 4.0]
    stop = [lambda run: "enough" if run.step == 4 else None, ot.EarlyStopping(100)]
    result = run(FALLING, validation=validation, stop=stop)
    assert (result.reason, result.steps, result.theta.tolist()) == (Reason.CRITERION, 4, [1.0])


def test_without_early_stopping_a_validation_problem_only_watches():
    result = run(FALLING, validation=[1.0, 0.0, 2.0, 3.0], max_steps=3)
    np.testing.assert_array_equal(result.theta, [3.0])
    np.testing.assert_array_equal(result.trace.validation, [1.0, 0.0, 2.0, 3.0])


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(
    st.lists(st.integers(0, 9).map(float) | st.just(np.nan) | st.just(np.inf), min_size=1, max_size=30),
    st.integers(1, 6),
    st.integers(1, 4),
)
def test_the_result_is_at_the_lowest_measured_validation_loss(validation, patience, every):
    steps = len(validation) - 1
    options = {"stop": ot.EarlyStopping(patience), "validate_every": every}
    result = run(FALLING, validation=validation, max_steps=steps, **options)
    measured = result.trace.validation
    finite = np.isfinite(measured)
    if finite.any():
        assert result.theta[0] == np.flatnonzero(measured == measured[finite].min())[0]
    if result.steps < steps:
        assert result.reason is Reason.EARLY_STOPPING
        since = measured[: result.steps + 1 : every][-patience:]
        best = np.nanmin(measured[finite], initial=np.inf)
        assert not (since[finite[: result.steps + 1 : every][-patience:]] < best).any()


@pytest.mark.parametrize("every", [1, 3, 7, 100])
def test_validation_is_measured_every_so_many_steps_and_at_the_last(every):
    result = run(FALLING, validation=list(range(100)), validate_every=every, max_steps=20)
    due = sorted({*range(0, 21, every), 20})
    np.testing.assert_array_equal(np.flatnonzero(~np.isnan(result.trace.validation)), due)
    np.testing.assert_array_equal(result.trace.validation[due], due)


def test_by_default_an_epoch_of_mini_batches_lies_between_two_measurements():
    model = ot.models.LinearRegression(np.arange(10.0)[:, None] / 10, np.arange(10.0))
    result = ot.minimize(model, [0.0, 0.0], ot.GradientDescent(), max_steps=9, batch_size=3, seed=0, validation=model)
    np.testing.assert_array_equal(np.flatnonzero(~np.isnan(result.trace.validation)), [0, 4, 8, 9])
    full = ot.minimize(model, [0.0, 0.0], ot.GradientDescent(), max_steps=4, validation=model)
    np.testing.assert_array_equal(full.trace.validation, full.trace.loss)


@pytest.mark.parametrize(
    "stop",
    [ot.GradientNorm(1e-2), ot.LossChange(1e-4), lambda run: "now" if run.step == 8 else None],
    ids=["gradient", "loss", "custom"],
)
@pytest.mark.parametrize("early", [False, True])
def test_the_last_parameters_are_measured_also_when_a_criterion_ends_the_run(stop, early):
    bowl = ot.surfaces.Bowl(curvature=1.0)
    criteria = [stop, ot.EarlyStopping(100)] if early else stop
    result = ot.minimize(
        bowl, [1.0, 1.0], ot.GradientDescent(lr=0.5), max_steps=50, stop=criteria, validation=bowl, validate_every=5
    )
    assert result.steps % 5
    assert result.trace.validation[-1] == result.trace.loss[-1]
    np.testing.assert_array_equal(result.theta, result.trace.theta[-1])  # the loss only falls: the last is the best


def test_the_first_criterion_that_answers_wins():
    stop = [
        lambda _: None,
        lambda run: "second" if run.step >= 3 else None,
        lambda run: "third" if run.step >= 3 else None,
        ot.LossChange(1e-300),
    ]
    result = run(FALLING, stop=stop)
    assert (result.reason, result.steps) == (Reason.CRITERION, 3)
    assert result.message == "stopped at step 3: second"


def test_the_earliest_of_several_ends_the_run():
    losses = [9.0, 8.0, 7.0, 7.0, 6.0]
    stop = (ot.EarlyStopping(4), ot.LossChange(1e-3))
    result = run(losses, validation=[1.0, 2.0, 3.0, 4.0, 5.0], stop=stop)
    assert (result.reason, result.steps) == (Reason.LOSS_CHANGE, 3)
    assert result.theta.tolist() == [0.0]


def test_a_criterion_sees_the_run_up_to_the_present_point():
    seen = []

    def watch(progress):
        seen.append((progress.step, len(progress.loss), len(progress.grad_norm), progress.since_best))

    run(FALLING, stop=watch, max_steps=3)
    run(FALLING, stop=watch, max_steps=1, validation=[1.0, 2.0])
    assert seen == [(0, 1, 1, None), (1, 2, 2, None), (2, 3, 3, None), (3, 4, 4, None), (0, 1, 1, 0), (1, 2, 2, 1)]


def test_a_custom_criterion_may_name_its_reason():
    class Norm:
        reason = Reason.GRADIENT_NORM

        def __call__(self, progress):
            return "flat enough"

    assert run(FALLING, stop=Norm()).reason is Reason.GRADIENT_NORM


@pytest.mark.parametrize("criterion", [ot.LossChange(0.5), ot.GradientNorm(0.5)], ids=str)
def test_one_criterion_serves_any_number_of_runs(criterion):
    first, second = (run([1.0, 0.8, 0.7], stop=criterion) for _ in range(2))
    assert first.steps == second.steps


@pytest.mark.parametrize("cls", [ot.LossChange, ot.GradientNorm])
@pytest.mark.parametrize("wrong", [0.0, -1e-6, np.nan, np.inf])
def test_a_threshold_that_is_not_positive_is_refused(cls, wrong):
    with pytest.raises(ValueError, match=rf"threshold must be .*positive and finite.*, got {wrong}"):
        cls(threshold=wrong)


@pytest.mark.parametrize("cls", [ot.LossChange, ot.GradientNorm])
@pytest.mark.parametrize("wrong", ["a", None, True, np.array([0.1, 0.2]), [0.1, 0.2]], ids=str)
def test_a_threshold_that_is_no_number_is_refused(cls, wrong):
    with pytest.raises((TypeError, ValueError), match="threshold must be"):
        cls(threshold=wrong)


@pytest.mark.parametrize(("wrong", "error"), [(0, ValueError), (-1, ValueError), (2.0, TypeError), (True, TypeError)])
def test_a_patience_that_is_no_count_is_refused(wrong, error):
    with pytest.raises(error, match=rf"patience must be an integer of at least 1, got {wrong}"):
        ot.EarlyStopping(patience=wrong)


def test_reasons_are_strings():
    assert {reason.value for reason in Reason} == {
        "max_steps", "loss_change", "gradient_norm", "early_stopping", "criterion", "diverged"
    }  # fmt: skip
