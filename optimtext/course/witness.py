"""What a solution does when it is called: the value that came back, the error, the arguments it changed.

Nothing here judges. An `Answer` holds plain numbers and words, so that it can cross from the process in which a
learner's code runs to the one that compares it.
"""

import contextlib
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# No exercise asks for more numbers than this; of a larger array only the shape is kept.
MOST_NUMBERS = 10_000


@dataclass(frozen=True)
class Value:
    """What a call returned.

    Attributes
    ----------
    kind : str
        ``"numbers"``, or the name of what was returned instead, such as ``"list"`` or ``"NoneType"``.
    shape : tuple of int
        Shape of the numbers; that of a single number is ``()``.
    numbers : tuple of float
        The numbers, row by row.
    """

    kind: str
    shape: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()

    @property
    def finite(self) -> bool:
        """Whether these are numbers, none of them infinite or NaN."""
        return self.kind == "numbers" and bool(np.isfinite(self.numbers).all())

    @classmethod
    def of(cls, value: object) -> "Value":
        """Return the record of a value."""
        if not isinstance(value, (bool, int, float, np.ndarray, np.generic)):
            return cls(type(value).__name__)
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return cls(f"array of {array.dtype}")
        numbers = array.ravel().tolist() if array.size <= MOST_NUMBERS else ()
        return cls("numbers", array.shape, tuple(float(number) for number in numbers))


@dataclass(frozen=True)
class Failure:
    """An exception that a solution raised: its type, its words and the line of the solution's own file, if known."""

    type: str
    words: str
    line: int | None = None

    @classmethod
    def of(cls, error: BaseException, file: str = "") -> "Failure":
        """Return the record of an exception; `file` is the one whose line is wanted."""
        frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        line = error.lineno if isinstance(error, SyntaxError) else frames[-1] if frames else None
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        return cls(type(error).__name__, " ".join(words.split())[:300], line)


@dataclass(frozen=True)
class Answer:
    """One call and what came of it; `value` is None where there is a `failure`.

    Attributes
    ----------
    call : str
        The call in words, complete enough to be repeated by hand.
    modified : tuple of str
        Names of the arguments that the call changed.
    """

    call: str
    value: Value | None = None
    failure: Failure | None = None
    modified: tuple[str, ...] = ()


class Halt(Exception):  # noqa: N818  # a signal, not an error: this trial cannot go on
    """The next call would need what this one did not give."""


class Recorder:
    """Makes calls and writes down what came of them.

    Parameters
    ----------
    file : str
        Path of the solution's file, for the line at which it failed.
    """

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.answers: list[Answer] = []

    def make(self, call: str, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Return what a call returns, without writing it down: it is no answer yet. A failure is written down."""
        try:
            return function(*arguments, **named)
        except BaseException as error:  # noqa: BLE001  # exit() and KeyboardInterrupt of the solution are failures of it
            self.answers.append(Answer(call, failure=Failure.of(error, self.file)))
            raise Halt from None

    def __call__(
        self,
        call: str,
        function: Callable[..., Any],
        /,
        *,
        read: Callable[[Any], Any] = lambda value: value,
        **given: Any,
    ) -> Any:
        """Call with the `given` arguments by position, write down what `read` makes of the result, and return it."""
        before = {name: np.copy(value) for name, value in given.items() if isinstance(value, np.ndarray)}
        result = self.make(call, lambda: read(function(*given.values())))
        changed = tuple(name for name, copy in before.items() if not np.array_equal(given[name], copy, equal_nan=True))
        value = Value.of(result)
        self.answers.append(Answer(call, value, modified=changed))
        if value.kind != "numbers":
            raise Halt
        return result


def watch(play: Callable[[Recorder, Any, Any], None], solution: Any, case: Any, file: str = "") -> tuple[Answer, ...]:
    """Return the answers of a solution to one case; `play` makes the calls."""
    recorder = Recorder(file)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.suppress(Halt):
            play(recorder, solution, case)
    return tuple(recorder.answers)


def show(value: Any, digits: int = 6) -> str:
    """Return numbers as one would write them by hand, without the type's name."""
    if isinstance(value, np.ndarray):
        return np.array2string(value, separator=", ", precision=digits, max_line_width=10_000, threshold=40)
    return f"{value:.{digits}g}" if isinstance(value, float) else repr(value)
