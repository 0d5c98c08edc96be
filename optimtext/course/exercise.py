"""What an exercise is: its cases, its reference, and the wrong solutions that are known by name."""

import copy
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator

from optimtext.course.witness import Answer, Recorder, watch

Solution = TypeVar("Solution")
Trials = list[tuple[Answer, ...]]
Play = Callable[[Recorder, Any, Any], None]


@dataclass(frozen=True)
class Misconception:
    """A wrong solution of one exercise.

    Attributes
    ----------
    name : str
        Such as ``"velocity-averaged"``.
    message : str
        What the solution does, in one or two sentences to its author.
    hints : tuple of str
        From a question to nearly the answer.
    solution : function or class
        Has the shape of the learner's own.
    update : function or None
        For update rules: the same mistake in the grammar of `optimtext.emit`, where that can say it.
    """

    name: str
    message: str
    hints: tuple[str, ...]
    solution: Any
    update: Callable[..., Any] | None = None


@dataclass(eq=False, kw_only=True)
class Exercise:
    """A function or class to write.

    Attributes
    ----------
    name, title : str
        For the command line and for the reader.
    symbol, file : str
        Name of what is to be written, and of its file in the folder ``starter``.
    chapter : str
        The chapter of the book with the theory.
    hints : tuple of str
        For a mistake that has no name.
    reference : function or class
        Gives the expected values; has the learner's shape and gets its numbers from the package.
    play : function
        ``play(record, solution, case)`` makes the calls of a case.
    cases : tuple
        From the smallest to the largest, so that the first that fails is the smallest on which a mistake shows.
    draw : function
        ``draw(rng)`` returns a random case.
    """

    name: str
    title: str
    symbol: str
    file: str
    chapter: str
    hints: tuple[str, ...]
    reference: Any
    play: Play
    cases: tuple[Any, ...]
    draw: Callable[[Generator], Any]
    misconceptions: list[Misconception] = field(default_factory=list)

    @property
    def test_class(self) -> str:
        """Name of the class with the learner's tests."""
        return "Test" + (self.symbol if self.symbol[0].isupper() else self.name.title().replace("_", ""))

    def wrong(self, solution: Solution) -> Solution:
        """Enter a wrong solution into the bank; use it as a decorator.

        Its name becomes the misconception's, the first paragraph of its docstring the message, the others the hints.
        """
        self.misconceptions.append(self.describe(solution, solution))
        return solution

    def describe(self, written: Any, solution: Any, update: Callable[..., Any] | None = None) -> Misconception:
        """Return the misconception whose name and words are those of `written`."""
        message, *hints = (" ".join(part.split()) for part in (inspect.getdoc(written) or "").split("\n\n"))
        return Misconception(kebab(written.__name__), message, tuple(hints), solution, update)

    def all_cases(self, seed: int | None = None) -> tuple[Any, ...]:
        """Return the cases, and five more drawn by `seed` where one is given."""
        if seed is None:
            return self.cases
        rng = np.random.default_rng([seed, *self.name.encode()])
        return (*self.cases, *(self.draw(rng) for _ in range(5)))

    def trials(self, fresh: Callable[[], Any], seed: int | None = None, file: str = "") -> Iterator[tuple[Answer, ...]]:
        """Yield what a solution answers to each case.

        `fresh` returns it as it was before its first use, so that what it keeps outside its objects, where all of them
        find it, cannot reach from one case into the next. It shows in the case that has two objects.
        """
        return (watch(self.play, fresh(), case, file) for case in self.all_cases(seed))


def anew(solution: Any) -> Callable[[], Any]:
    """Return a function that returns a solution as it is now, whatever a use may change in its class."""
    if not isinstance(solution, type):
        return lambda: solution

    def fresh() -> Any:
        # What objects write into their class then lands in this one, and `super` still works.
        mutable = (list, dict, np.ndarray)
        copies = {name: copy.copy(value) for name, value in vars(solution).items() if isinstance(value, mutable)}
        return type(solution.__name__, (solution,), copies)

    return fresh


def kebab(name: str) -> str:
    """Return a Python name in lower case with hyphens: `SharedState` and `shared_state` both as `shared-state`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", "-", name).lower()
