"""The exercises on update rules for the playground's editor: the same cases, the same wrong solutions.

The editor knows the grammar of `optimtext.emit`. What it gets are the bodies of `update`, as they stand in the bank,
and numbers computed by the package.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from optimtext.course.bank import EXERCISES
from optimtext.course.judge import RTOL, right_answers
from optimtext.course.rules import RuleCase, RuleExercise


def link(name: str) -> str:
    """Return the address, within the built book, at which an exercise is open in the editor."""
    return f"playground.html#v=1&exercise={name}"


def page(name: str) -> str:
    """Return the address, within the built book, of an exercise's page."""
    return f"course/exercises/{name}.html"


def opens(name: str) -> bool:
    """Return whether an exercise can be done in the editor: whether it is an update rule."""
    return isinstance(EXERCISES[name], RuleExercise)


def exercises() -> dict[str, Any]:
    """Return what the editor needs, by the name of the exercise; all of it can be written as JSON.

    For each exercise: ``title``, ``page``, ``slots`` with their initial values, ``hyper`` without the rate,
    ``starter``, ``cases`` and ``misconceptions`` (``name``, ``message``, ``hints`` and ``body``). A case has ``hyper``,
    ``lr``, ``theta``, the ``grads`` of its steps, ``theta_after`` each of them, and ``rtol``.
    """
    return {name: _exercise(exercise) for name, exercise in EXERCISES.items() if isinstance(exercise, RuleExercise)}


def _exercise(exercise: RuleExercise) -> dict[str, Any]:
    names = ", ".join(["theta", *exercise.slots])
    told = ["One assignment a line; the last line returns the new values.", *filter(None, [exercise.note])]
    return {
        "title": exercise.title,
        "page": page(exercise.name),
        "slots": exercise.slots,
        "hyper": _without_rate(exercise.cases[0].hyper),
        "starter": "".join(f"# {line}\n" for line in told) + f"return {names}",
        "cases": [
            _case(case, trial)
            for case, trial in zip(exercise.cases, right_answers(exercise), strict=True)
            if not case.beside and not isinstance(case.theta[0], list)  # the editor has one rule and one vector
        ],
        "misconceptions": [
            {"name": entry.name, "message": entry.message, "hints": list(entry.hints), "body": body(entry.update)}
            for entry in exercise.misconceptions
            if entry.update is not None
        ],
    }


def _case(case: RuleCase, trial: Any) -> dict[str, Any]:
    return {
        "hyper": _without_rate(case.hyper),
        "lr": case.hyper["lr"],
        "theta": [float(value) for value in case.theta],
        "grads": case.grads,
        "theta_after": [list(answer.value.numbers) for answer in trial],
        "rtol": RTOL,
    }


def _without_rate(hyper: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in hyper.items() if name != "lr"}


def body(update: Callable[..., Any]) -> str:
    """Return the lines of a function below its docstring, as they stand in its source."""
    source = textwrap.dedent(inspect.getsource(update))
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    return textwrap.dedent("\n".join(source.splitlines()[function.body[1].lineno - 1 :]))
