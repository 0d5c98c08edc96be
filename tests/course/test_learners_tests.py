"""The tests that learners get: right solutions pass them, the starter and every wrong solution fail."""

import inspect
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from optimtext.course import assess
from optimtext.course.bank import EXERCISES
from optimtext.course.exercise import anew
from optimtext.course.rules import RuleExercise
from optimtext.course.workspace import FILES, shipped, source


@pytest.fixture
def starter(monkeypatch):
    """Stand in for the package `starter` of a course directory; returns its module of a given name."""
    monkeypatch.setitem(sys.modules, "starter", ModuleType("starter"))

    def module(file):
        name = f"starter.{file.removesuffix('.py')}"
        made = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, made)
        return made

    return module


def failures(exercise, solution, starter):
    """Run the test class of an exercise on a solution and return the names of the tests that fail."""
    made = starter(exercise.file)
    for other in EXERCISES.values():
        setattr(made, other.symbol, solution if other is exercise else None)
    scope: dict[str, Any] = {"__name__": "learners_tests"}
    exec(source(f"tests/test_{exercise.file}").read_text(encoding="utf-8"), scope)  # noqa: S102  # ours
    tests = [(name, test) for name, test in inspect.getmembers(scope[exercise.test_class]) if name.startswith("test_")]
    assert len(tests) >= 2
    failing = []
    for name, test in tests:
        try:
            with np.errstate(all="ignore"):
                test(scope[exercise.test_class]())
        except Exception:  # noqa: BLE001  # whatever it is, the test has failed
            failing.append(name)
    return failing


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_right_solutions_pass(exercise, right, starter):
    assert failures(exercise, right(exercise), starter) == []


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_every_wrong_solution_fails(exercise, starter):
    for entry in exercise.misconceptions:
        solution = anew(entry.solution)()
        if isinstance(exercise, RuleExercise) and inspect.isclass(solution):
            solution = with_defaults(solution, exercise.cases[0].hyper)
        assert failures(exercise, solution, starter), entry.name


def with_defaults(cls, defaults):
    """Return a class of the bank, which knows no defaults, with some."""
    return type(cls.__name__, (cls,), {"__init__": lambda self, **hyper: cls.__init__(self, **(defaults | hyper))})


def test_the_starter_says_that_nothing_is_written_yet():
    for exercise in EXERCISES.values():
        scope: dict[str, Any] = {"__name__": "starter"}
        exec(source(f"starter/{exercise.file}").read_text(encoding="utf-8"), scope)  # noqa: S102  # ours
        assert assess(exercise.name, scope[exercise.symbol]).status == "not-attempted"


def test_the_starter_files_define_what_the_exercises_ask_for_in_their_order():
    for file in {exercise.file for exercise in EXERCISES.values()}:
        scope: dict[str, object] = {"__name__": "starter"}
        exec(source(f"starter/{file}").read_text(encoding="utf-8"), scope)  # noqa: S102  # ours
        defined = [name for name, value in scope.items() if getattr(value, "__module__", "") == "starter"]
        assert defined == [exercise.symbol for exercise in EXERCISES.values() if exercise.file == file]


def test_all_files_of_the_list_are_shipped_but_those_that_other_parts_bring():
    assert set(FILES) - set(shipped()) <= {"lab.ipynb"}
