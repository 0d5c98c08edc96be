"""What the rules' constructors refuse: each message names argument, value and what is allowed."""

import dataclasses
import math
import re
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.rules import ALL

NAMES = [(cls, field.name) for cls in ALL for field in dataclasses.fields(cls)]
ALLOWED = {"lr": "positive, finite number", "beta": r"in [0, 1)", "eps": "non-negative and finite"}
TOO_FAR = {"lr": [0, 0.0, -1e-9, -3], "beta": [1, 1.0, 1.5, -1e-9], "eps": [-1e-12, -1]}
SAME = {"gamma": "beta", "weight_decay": "eps"}  # names with the range of another one
NO_NUMBERS = ["0.1", True, np.True_, None, 1j, {}, np.array([]), np.array(["a"])]


@pytest.mark.parametrize(("rule_class", "name"), NAMES)
def test_values_out_of_range_are_refused_by_name_value_and_what_is_allowed(rule_class: Any, name: str) -> None:
    kind = SAME.get(name) or re.sub(r"\d|_root", "", name)
    for value in [*TOO_FAR[kind], math.nan, math.inf, -math.inf, np.float32("nan"), np.array([[0.5], [math.nan]])]:
        with pytest.raises(ValueError, match=rf"^{name} must be .*{re.escape(ALLOWED[kind])}") as caught:
            rule_class(**{name: value})
        assert f"got {value!r}" in str(caught.value)


@pytest.mark.parametrize(("rule_class", "name"), NAMES)
def test_what_is_no_number_is_refused_by_name_value_and_what_is_allowed(rule_class: Any, name: str) -> None:
    kind = SAME.get(name) or re.sub(r"\d|_root", "", name)
    for value in NO_NUMBERS:
        with pytest.raises(TypeError, match=rf"^{name} must be .*{re.escape(ALLOWED[kind])}") as caught:
            rule_class(**{name: value})
        assert f"got {value!r}" in str(caught.value)


@pytest.mark.parametrize(("rule_class", "name"), NAMES)
def test_the_ends_of_the_ranges_are_allowed(rule_class: Any, name: str) -> None:
    kind = SAME.get(name) or re.sub(r"\d|_root", "", name)
    ends: dict[str, list[Any]] = {"lr": [1, 5e-324, 1e300, np.float32(0.1)], "beta": [0, 0.0, 1 - 2**-53]}
    for value in [*ends.get(kind, [0, 0.0, 1e6]), np.array([[0.5], [0.25]])]:
        assert getattr(rule_class(**{name: value}), name) is value


@pytest.mark.parametrize("rule_class", ALL, ids=lambda cls: cls.__name__)
def test_an_unknown_keyword_is_named_with_its_value_and_the_known_ones(rule_class: Any) -> None:
    names = ", ".join(field.name for field in dataclasses.fields(rule_class))
    with pytest.raises(TypeError, match=rf"{rule_class.__name__} has no argument learning_rate .*learning_rate=0\.1"):
        rule_class(learning_rate=0.1)
    with pytest.raises(TypeError, match=re.escape(f"allowed are {names}")):
        rule_class(learning_rate=0.1)


@pytest.mark.parametrize("schedule", [ot.StepDecay, ot.ReduceOnPlateau])
def test_a_schedule_that_was_never_made_is_refused_at_once(schedule: Any) -> None:
    with pytest.raises(TypeError, match=rf"^lr must be .*got .*{schedule.__name__}"):
        ot.GradientDescent(lr=schedule)
