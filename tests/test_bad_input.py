"""Bad input to a run: the exception names the argument, its value and what is allowed, before any step is taken."""

import re
from typing import Any

import numpy as np
import pytest

import optimtext as ot


class Counting:
    """A bowl that knows how often it was asked."""

    def __init__(self, grad=None):
        self.gradients, self.grad = 0, grad

    def loss(self, theta):
        return float(np.sum(np.square(theta)))

    def gradient(self, theta):
        self.gradients += 1
        return 2 * theta if self.grad is None else self.grad


class CountingSum(Counting):
    n_samples = 8

    def loss(self, theta, batch=None):
        return super().loss(theta)

    def gradient(self, theta, batch=None):
        return super().gradient(theta)


def refused(error, *parts, problem=None, theta0=(1.0, -1.0), rule=None, **options):
    """Check that a run is refused with all `parts` in the message, and without one gradient."""
    problem = Counting() if problem is None else problem
    with pytest.raises(error) as caught:
        ot.minimize(problem, theta0, rule or ot.GradientDescent(lr=0.1), **{"max_steps": 3, **options})
    for part in parts:
        assert part in str(caught.value), str(caught.value)
    assert getattr(problem, "gradients", 0) == 0


every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
BETAS = [(rule, name) for rule in ot.rules.ALL for name in ("beta", "beta1", "beta2") if hasattr(rule, name)]
EPSILONS = [(rule, name) for rule in ot.rules.ALL for name in ("eps", "eps_root") if hasattr(rule, name)]


@every_rule
@pytest.mark.parametrize("value", [0, 0.0, -0.1, np.nan, np.inf, -np.inf, np.array([0.1, -0.1])], ids=str)
def test_a_rate_must_be_positive_and_finite(rule, value):
    with pytest.raises(ValueError, match=r"^lr must be .*positive.*, got ") as caught:
        rule(lr=value)
    assert repr(value) in str(caught.value)


@every_rule
@pytest.mark.parametrize("value", ["0.1", None, True, 1j, [], {}, [0.1, 0.2]], ids=repr)
def test_a_rate_must_be_a_number_or_a_schedule(rule, value):
    with pytest.raises(TypeError, match=rf"^lr must be .*, got {re.escape(repr(value))}"):
        rule(lr=value)


@pytest.mark.parametrize(("rule", "name"), BETAS)
@pytest.mark.parametrize("value", [-0.1, 1.0, 1.5, np.nan, np.inf, np.array([0.5, 1.0])], ids=str)
def test_a_beta_must_be_in_its_range(rule, name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be .*\[0, 1\).*, got {re.escape(repr(value))}"):
        rule(**{name: value})


@pytest.mark.parametrize(("rule", "name"), EPSILONS)
@pytest.mark.parametrize("value", [-1e-8, np.nan, np.inf], ids=str)
def test_an_epsilon_must_not_be_negative(rule, name, value):
    with pytest.raises(ValueError, match=rf"^{name} must be .*non-negative.*, got {value}"):
        rule(**{name: value})


@pytest.mark.parametrize(("rule", "name"), BETAS + EPSILONS)
@pytest.mark.parametrize("value", ["a", None, True, [0.1, 0.2]], ids=repr)
def test_other_hyper_parameters_must_be_numbers(rule, name, value):
    with pytest.raises(TypeError, match=rf"^{name} must be .*, got {re.escape(repr(value))}"):
        rule(**{name: value})


@every_rule
def test_an_unknown_hyper_parameter_is_named_with_its_value_and_the_known_ones(rule):
    with pytest.raises(TypeError, match=r"has no argument learning_rate \(got learning_rate=0\.1\); allowed are lr"):
        rule(learning_rate=0.1)


@every_rule
@pytest.mark.parametrize("shape", [(3,), (2, 2), (3, 1)], ids=str)
def test_hyper_parameters_that_do_not_fit_the_parameters(rule, shape):
    refused(ValueError, "lr must", "(2,)", str(shape), rule=rule(lr=np.full(shape, 0.1)))


@pytest.mark.parametrize(
    ("theta0", "error", "parts"),
    [
        ([1.0, np.nan], ValueError, ["theta0", "finite", "theta0[1] = nan"]),
        ([np.inf, 1.0], ValueError, ["theta0", "finite", "theta0[0] = inf"]),
        ([[1.0, 2.0], [3.0, -np.inf]], ValueError, ["theta0", "finite", "theta0[1, 1] = -inf"]),
        (np.nan, ValueError, ["theta0", "finite", "nan"]),
        ([], ValueError, ["theta0", "empty", "(0,)"]),
        (np.empty((2, 0)), ValueError, ["theta0", "empty", "(2, 0)"]),
        ([[1.0, 2.0], [3.0]], ValueError, ["theta0", "one shape"]),
        ("ab", TypeError, ["theta0", "real numbers", "'ab'"]),
        (None, TypeError, ["theta0", "real numbers", "None"]),
        ([1j, 2.0], TypeError, ["theta0", "real numbers", "complex"]),
        ({"w": 1.0}, TypeError, ["theta0", "real numbers", "'w'"]),
    ],
    ids=str,
)
def test_first_parameters_that_are_none(theta0, error, parts):
    refused(error, *parts, theta0=theta0)


@pytest.mark.parametrize(
    ("value", "error"), [(-1, ValueError), (2.5, TypeError), ("3", TypeError), (None, TypeError), (True, TypeError)]
)
def test_max_steps(value, error):
    refused(error, "max_steps must be an integer of at least 0", f"got {value!r}", max_steps=value)


@pytest.mark.parametrize(
    ("value", "error"),
    [(0, ValueError), (-2, ValueError), (9, ValueError), (2.0, TypeError), ("2", TypeError), (True, TypeError)],
)
def test_batch_size(value, error):
    parts = "batch_size must be an integer from 1 to 8", f"got {value!r}"
    refused(error, *parts, problem=CountingSum(), batch_size=value)


def test_a_batch_size_needs_a_finite_sum():
    refused(TypeError, "batch_size", "n_samples", "4", batch_size=4)


@pytest.mark.parametrize(("value", "error"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_validate_every(value, error):
    parts = "validate_every must be an integer of at least 1", f"got {value!r}"
    refused(error, *parts, validation=Counting(), validate_every=value)


@pytest.mark.parametrize(("value", "error"), [(-1, ValueError), ("a", TypeError), (1.5, TypeError)])
def test_a_seed_that_is_none(value, error):
    refused(error, "seed", repr(value), problem=CountingSum(), batch_size=4, seed=value)


@every_rule
@pytest.mark.parametrize("rate", [np.nan, np.inf, -0.1, np.array([0.1, 0.1])], ids=str)
@pytest.mark.parametrize("at", [0, 2])
def test_a_schedule_without_a_rate_for_some_step(rule, rate, at):
    schedule = rule(lr=lambda t: rate if t == at else 0.1)
    refused(ValueError, "lr must be", "finite", repr(rate), f"step {at}", rule=schedule)


@pytest.mark.parametrize("rate", [None, "0.1", 1j], ids=repr)
def test_a_schedule_that_returns_no_number(rate):
    parts = "lr must be", repr(rate), "step 0"
    refused((TypeError, ValueError), *parts, rule=ot.GradientDescent(lr=lambda _: rate))


@pytest.mark.parametrize("rule", [None, 0.1, "Adam", ot.Adam, lambda theta: theta], ids=["None", "0", "s", "cls", "f"])
def test_a_rule_that_is_none(rule):
    problem = Counting()
    message = f"rule must be an update rule such as GradientDescent(lr=0.1), got {rule!r}"
    with pytest.raises(TypeError, match=re.escape(message)):
        ot.minimize(problem, [1.0, 1.0], rule, max_steps=3)
    assert problem.gradients == 0


@pytest.mark.parametrize("problem", [3.0, np.sum, object(), Counting, ot.surfaces.Bowl])
def test_a_problem_that_is_none(problem):
    refused(TypeError, "problem must", "methods loss(theta) and gradient(theta)", repr(problem), problem=problem)


@pytest.mark.parametrize(
    ("stop", "wrong"), [(5, "5"), (None, "None"), ("a", "'a'"), ([1e-6], "1e-06"), ([ot.LossChange(), None], "None")]
)
def test_criteria_that_are_none(stop, wrong):
    refused(TypeError, "stop must", "LossChange", f"got {wrong}", stop=stop)


@pytest.mark.parametrize("stop", [ot.EarlyStopping, [ot.LossChange]], ids=["alone", "listed"])
def test_a_criterion_is_made_and_not_a_class(stop):
    refused(TypeError, "stop must", stop=stop, validation=Counting())


@pytest.mark.parametrize("stop", [ot.EarlyStopping(), [ot.LossChange(), ot.EarlyStopping(3)]], ids=["alone", "listed"])
def test_early_stopping_needs_a_validation_problem(stop):
    refused(ValueError, "EarlyStopping(patience=", "validation", "None", stop=stop)


@pytest.mark.parametrize("validation", [1.0, [0.1], object()], ids=["number", "list", "object"])
def test_a_validation_problem_that_is_none(validation):
    refused(TypeError, "validation must have a method loss(theta)", repr(validation), validation=validation)


@pytest.mark.parametrize("name", ["steps", "lr", "batchsize"])
def test_an_unknown_argument_of_a_run(name):
    refused(TypeError, f"minimize has no argument {name} (got {name}=7); allowed are", "batch_size", **{name: 7})


def test_max_steps_has_no_default():
    with pytest.raises(TypeError, match="max_steps"):
        ot.minimize(Counting(), [1.0, 1.0], ot.Adam())  # type: ignore[call-arg]  # that is the point


@every_rule
@pytest.mark.parametrize("grad", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]], []], ids=str)
def test_a_gradient_of_another_shape_is_refused_before_the_first_step(rule, grad):
    problem = Counting(np.array(grad))
    message = f"gradient(theta) must have the shape of theta0, (2,), got shape {np.shape(grad)}"
    with pytest.raises(ValueError, match=re.escape(message)):
        ot.minimize(problem, [1.0, 1.0], rule(), max_steps=3)
    assert problem.gradients == 1


@pytest.mark.parametrize("shape", [(1,), (2,), (1, 1)], ids=str)
@pytest.mark.parametrize("role", ["problem", "validation"])
def test_a_loss_must_be_one_number(shape, role):
    class Vector(Counting):
        def loss(self, theta):
            return np.ones(shape)

    roles: dict[str, Any] = {"problem": Counting(), "validation": None, role: Vector()}
    with pytest.raises(ValueError, match=re.escape(f"must return one number, got an array of shape {shape}")):
        ot.minimize(roles["problem"], [1.0, 1.0], ot.Adam(), max_steps=3, validation=roles["validation"])


@pytest.mark.parametrize("cls", [ot.models.LinearRegression, ot.models.LogisticRegression])
def test_theta0_that_does_not_fit_a_model(cls):
    with pytest.raises(ValueError, match=r"theta must have shape \(2,\) or \(\.\.\., 2\), got shape \(3,\)"):
        ot.minimize(cls([[0.0], [1.0]], [0, 1]), np.zeros(3), ot.Adam(), max_steps=1)
