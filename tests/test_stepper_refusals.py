"""What the stepper refuses, before anything has moved: each message names argument, value and what is allowed."""

import math
import re
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.rules import ALL

every_rule = pytest.mark.parametrize("rule_class", ALL, ids=lambda cls: cls.__name__)


@pytest.mark.parametrize(
    ("theta0", "kind", "message"),
    [
        ([1.0, math.nan], ValueError, "theta0 must be finite, got theta0[1] = nan"),
        ([[0.0, 1.0], [math.inf, 2.0]], ValueError, "theta0 must be finite, got theta0[1, 0] = inf"),
        (-math.inf, ValueError, "theta0 must be finite, got theta0 = -inf"),
        (np.array([1.0, math.nan], np.float32), ValueError, "theta0 must be finite, got theta0[1] = nan"),
        ([], ValueError, "theta0 must not be empty, got shape (0,)"),
        (np.empty((3, 0)), ValueError, "theta0 must not be empty, got shape (3, 0)"),
        ([[1.0, 2.0], [3.0]], ValueError, "theta0 must be an array of numbers of one shape"),
        ([1j, 2.0], TypeError, "theta0 must hold real numbers, got dtype complex128"),
        (["1", "2"], TypeError, "theta0 must hold real numbers, got dtype <U1 in ['1', '2']"),
        (None, TypeError, "theta0 must hold real numbers, got dtype object in None"),
        ({"w": 1.0}, TypeError, "theta0 must hold real numbers, got dtype object in {'w': 1.0}"),
    ],
)
def test_bad_first_parameters_are_refused(theta0: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        ot.Stepper(ot.Adam(), theta0)


@every_rule
@pytest.mark.parametrize("size", [2, 9_000])
def test_a_gradient_of_another_shape_is_refused_and_moves_nothing(rule_class: Any, size: int) -> None:
    stepper = ot.Stepper(rule_class(), np.ones(size))
    wrong: list[Any] = [1.0, np.ones(1), np.ones(size + 1), np.ones((1, size)), np.ones((size, 1)), []]
    for grad in wrong:
        with pytest.raises(ValueError, match=re.escape(f"({size},), got shape {np.shape(grad)}")) as caught:
            stepper.step(grad)
        assert str(caught.value).startswith("grad must have the shape of theta")
    assert stepper.t == 0
    np.testing.assert_array_equal(stepper.theta, 1.0)


@pytest.mark.parametrize("grad", [np.array([1j, 2.0]), ["1", "2"], [None, 1.0], np.array(["a", "b"])])
def test_a_gradient_that_holds_no_real_numbers_is_refused(grad: Any) -> None:
    stepper = ot.Stepper(ot.Adam(), [1.0, 2.0])
    with pytest.raises((TypeError, ValueError), match=r"^grad must .*got"):
        stepper.step(grad)
    assert stepper.t == 0
    np.testing.assert_array_equal(stepper.theta, [1.0, 2.0])


def test_a_ragged_gradient_is_named() -> None:
    with pytest.raises(ValueError, match=r"^grad must"):
        ot.Stepper(ot.Adam(), np.ones((2, 2))).step([[1.0, 2.0], [3.0]])


# Shapes that do not broadcast at all, and shapes that do, but to more than that of theta.
@pytest.mark.parametrize("shape", [(3, 1), (5,), (2, 1, 1), (7, 2, 4)])
def test_hyperparameters_that_do_not_fit_the_parameters_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"got shape {shape}")) as caught:
        ot.Stepper(ot.Adam(beta1=np.full(shape, 0.1)), np.ones((2, 4)))
    assert str(caught.value).startswith("beta1 must broadcast to the shape of theta0, (2, 4)")


@pytest.mark.parametrize("rate", [math.nan, math.inf, -0.1, np.full((3, 1), 0.1), "0.1", None])
def test_a_schedule_that_gives_no_rate_is_refused_with_its_step(rate: Any) -> None:
    stepper = ot.Stepper(ot.Nesterov(lr=lambda t: 0.1 if t < 2 else rate), [1.0, 2.0])
    stepper.step([1.0, 1.0])
    stepper.step([1.0, 1.0])
    before = stepper.theta.copy()
    with pytest.raises((TypeError, ValueError), match=re.escape(f"got {rate!r} at step 2")) as caught:
        stepper.step([1.0, 1.0])
    assert str(caught.value).startswith("lr must be a schedule")
    assert stepper.t == 2
    np.testing.assert_array_equal(stepper.theta, before)


def test_a_schedule_that_needs_losses_is_refused_by_name() -> None:
    stepper = ot.Stepper(ot.Adam(lr=ot.ReduceOnPlateau()), [1.0])
    with pytest.raises(TypeError, match=r"a Stepper sees no losses, which lr=ReduceOnPlateau\(.*use minimize"):
        stepper.step([1.0])


@pytest.mark.parametrize("rate", [math.nan, -1.0, "fast", np.full((3, 1), 0.1)])
def test_a_rate_given_to_step_is_refused_like_any_other(rate: Any) -> None:
    stepper = ot.Stepper(ot.GradientDescent(), [1.0, 2.0])
    with pytest.raises((TypeError, ValueError), match=r"^lr must .*got"):
        stepper.step([1.0, 1.0], lr=rate)
    np.testing.assert_array_equal(stepper.theta, [1.0, 2.0])


@pytest.mark.parametrize("rule", [ot.Adam, ot.GradientDescent, "Adam", None, lambda theta: theta])
def test_what_is_no_rule_is_refused_by_name(rule: Any) -> None:
    with pytest.raises(TypeError, match=r"^rule must be"):
        ot.Stepper(rule, [1.0, 2.0])


@every_rule
def test_a_list_of_hyperparameters_is_refused_or_taken_as_the_array(rule_class: Any) -> None:
    """Lists pass for arrays in NumPy, but not in `1 - self.beta`: it must not be a step that finds out."""
    for name in (field for field in rule_class.__dataclass_fields__):
        values = [[0.5], [0.25]]
        try:
            rule = rule_class(**{name: values})
        except TypeError as error:
            assert str(error).startswith(f"{name} must be")  # noqa: PT017  # either answer will do, a third will not
            continue
        listed, arrayed = (
            ot.Stepper(r, np.ones((2, 3), np.float32)) for r in (rule, rule_class(**{name: np.array(values)}))
        )
        for stepper in (listed, arrayed):
            stepper.step(np.ones((2, 3), np.float32))
        assert listed.theta.dtype == np.float32
        np.testing.assert_array_equal(listed.theta, arrayed.theta)
