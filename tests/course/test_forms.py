"""Answers that are none: nothing, a list, words, another shape, NaN, changed arguments."""
# ruff: noqa: ARG001, ARG005
# Solutions that do not use what they are given.

import numpy as np
import pytest

from optimtext.course import CourseError, assess


@pytest.mark.parametrize(
    ("result", "name"),
    [
        (lambda new: None, "returns-nothing"),
        (lambda new: new.tolist(), "returns-a-list"),
        (lambda new: tuple(new.ravel()), "returns-a-list"),
        (str, "returns-no-number"),
        (lambda new: new + 0j, "returns-no-number"),
        (lambda new: new.astype(object), "returns-no-number"),
        (lambda new: (value for value in new), "returns-no-number"),
        (lambda new: new[:, None], "wrong-shape"),
        (lambda new: float(new.sum()), "wrong-shape"),
        (lambda new: np.zeros(1_000_000), "wrong-shape"),
        (lambda new: new * np.nan, "not-a-number"),
        (lambda new: new / 0.0, "not-a-number"),
    ],
)
def test_what_cannot_be_compared_is_called_by_its_name(result, name):
    verdict = assess("gradient_step", lambda theta, grad, lr: result(theta - lr * grad))
    assert (verdict.status, verdict.misconception, verdict.comparable) == ("wrong", name, False)
    assert verdict.hints
    assert "{" not in verdict.message


def test_a_right_number_and_a_changed_argument():
    class Careless:
        """Keeps the caller's gradient and changes it later; not written like the one in the bank."""

        def __init__(self, lr, beta):
            self.lr, self.beta, self.v = lr, beta, None

        def step(self, theta, grad):
            self.v = grad if self.v is None else np.add(self.beta * self.v, grad, out=grad)
            theta = theta.astype(float)
            return theta - self.lr * self.v

    verdict = assess("momentum", Careless)
    assert (verdict.status, verdict.misconception) == ("wrong", "input-modified")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotImplementedError(), "not-attempted"),
        (ZeroDivisionError("division by zero"), "crashed"),
        (SystemExit(0), "crashed"),
        (KeyboardInterrupt(), "crashed"),
        (MemoryError(), "crashed"),
    ],
    ids=repr,
)
def test_exceptions(error, status):
    def step(theta, grad, lr):
        raise error

    verdict = assess("gradient_step", step)
    assert verdict.status == status
    assert verdict.misconception is None
    if status == "crashed":
        assert type(error).__name__ in verdict.message or "exit()" in verdict.message
        assert not verdict.comparable


def test_an_exercise_of_which_a_part_is_written_is_crashed_and_not_unattempted():
    def step(theta, grad, lr):
        if theta.size > 1:
            raise NotImplementedError
        return theta - lr * grad

    verdict = assess("gradient_step", step)
    assert verdict.status == "crashed"
    assert "NotImplementedError" in verdict.message


def test_a_class_without_its_method():
    assert "there is no method step" in assess("adam", type("Adam", (), {"__init__": lambda self, **_: None})).message


def test_batches_may_be_a_list_or_a_generator_but_not_endless():
    def endless(n, batch_size, rng):
        while True:
            yield rng.permutation(n)[:batch_size]

    assert assess("minibatches", endless).status == "wrong"


def test_exercises_have_names_that_may_be_spelled_in_several_ways():
    for name in ("Adam", "adam", "ADAM"):
        assert assess(name, None).exercise == "adam"
    for name in ("ShiftedNesterov", "shifted-nesterov", "shifted_nesterov"):
        assert assess(name, None).exercise == "shifted_nesterov"
    with pytest.raises(CourseError, match=r"there is no exercise 'adma'. Did you mean adam\? There are gradient_step"):
        assess("adma", None)
