"""Exercises that are functions: called with the arguments of each case, by position."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from optimtext.course.exercise import Exercise
from optimtext.course.witness import Recorder, show

Case = dict[str, Any]


def function_exercise(
    reference: Callable[..., Any],
    *,
    symbol: str,
    cases: tuple[Case, ...],
    draw: Callable[[Generator], Case],
    read: Callable[[Any], Any] = lambda value: value,
    **facts: Any,
) -> Exercise:
    """Return an exercise whose cases are arguments by name, in the order of the signature.

    Lists become arrays; an argument that can be called, a gradient, is passed on as it is. `read` makes numbers of a
    result that is none.
    """
    return Exercise(
        symbol=symbol,
        reference=reference,
        play=lambda record, solution, case: play(record, solution, case, symbol, read),
        cases=cases,
        draw=draw,
        **facts,
    )


def play(record: Recorder, solution: Any, case: Case, symbol: str, read: Callable[[Any], Any]) -> None:
    """Make the one call of a case."""
    given = {name: np.array(value) if isinstance(value, list) else value for name, value in case.items()}
    call = f"{symbol}({', '.join(f'{name}={show(value)}' for name, value in given.items())})"
    record(call, solution, read=read, **given)
