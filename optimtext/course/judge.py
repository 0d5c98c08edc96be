"""From answers to a verdict: right, wrong in a way that has a name, or nothing that could be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from optimtext.course.exercise import Exercise, Misconception, Trials, anew
from optimtext.course.witness import Answer, Value, show

# Rounding in another order of operations stays below 1e-13; the smallest mistake of the bank is 1e-3.
RTOL, ATOL = 1e-9, 1e-12

# What can go wrong in any exercise, by name: the message and the hints.
FORMS = {
    "returns-nothing": (
        "The call gave back None.",
        ("A function without a `return` gives back None.", "End it with `return` and the new value."),
    ),
    "returns-a-list": (
        "The call gave back a {kind}, not a NumPy array.",
        (
            "What does [1.0, 2.0] * 2 give in Python, and what should it give here?",
            "Make an array of it with np.array(...), best before you calculate with it.",
        ),
    ),
    "returns-no-number": (
        "The call gave back something that is neither a number nor an array of numbers: {kind}.",
        ("The docstring in the starter file says under Returns what is expected.",),
    ),
    "wrong-shape": (
        "The result has the shape {got}, expected is {expected}.",
        (
            "Print the shape of each array on the way, and find the first that surprises you.",
            "A column of shape (n, 1) and a vector of shape (n,) broadcast to a matrix of shape (n, n).",
        ),
    ),
    "not-a-number": (
        "The result holds NaN or infinity, and the expected one does not.",
        (
            "Something divides zero by zero or takes the root of a negative number. Which denominator can be zero?",
            "Work the input shown above by hand and look at each denominator.",
        ),
    ),
    "input-modified": (
        "The numbers are right, but the call has changed its argument `{modified}`, which belongs to the caller.",
        (
            "`theta -= step` writes into the array that the caller passed; `theta = theta - step` makes a new one.",
            "An array that is kept in `self` without a copy is still the caller's: later `*=` and `+=` change it.",
        ),
    ),
}


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes
    ----------
    exercise : str
        Its name.
    status : str
        ``"right"``, ``"wrong"``, ``"not-attempted"``, ``"crashed"`` or ``"timeout"``.
    message : str
        What was found, in a sentence or two.
    misconception : str or None
        The name of the mistake, where it has one.
    call, expected, got : str
        The smallest input on which the mistake shows, and the two results.
    hints : tuple of str
        From a question to nearly the answer.
    comparable : bool
        Whether there were numbers to compare; a list, NaN or a crash leaves none.
    """

    exercise: str
    status: str
    message: str
    misconception: str | None = None
    call: str = ""
    expected: str = ""
    got: str = ""
    hints: tuple[str, ...] = ()
    comparable: bool = True

    def record(self) -> dict[str, str | None]:
        """Return the four entries that `optimtext check --json` prints."""
        names = ("exercise", "status", "misconception", "message")
        return {name: getattr(self, name) for name in names}


def judge(exercise: Exercise, answers: Trials, seed: int | None = None) -> Verdict:
    """Return the verdict on the answers that a solution gave to all cases of an exercise."""
    if all(trial and unwritten(trial[-1]) for trial in answers):
        return Verdict(exercise.name, "not-attempted", f"{exercise.symbol} is not written yet.")
    expected = right_answers(exercise, seed)
    failing = [k for k, (want, got) in enumerate(zip(expected, answers, strict=True)) if not same_trial(want, got)]
    if not failing:
        return Verdict(exercise.name, "right", f"{exercise.symbol} is right on all {len(expected)} inputs.")
    want, got = first_difference(expected[failing[0]], answers[failing[0]])
    known = diagnose(expected, wrong_answers(exercise, seed), answers, failing)
    form = None if want is None else wrong_form(want, got)
    if known is None and got.failure is not None:
        return crash(exercise, got)
    if known is not None:
        name, message, hints = known.name, known.message, known.hints
    elif form is not None:
        name, message, hints = form
    elif all(same_trial(a, b, values_only=True) for a, b in zip(expected, answers, strict=True)):
        message, hints = FORMS["input-modified"]
        name, message = "input-modified", message.format(modified="`, `".join(got.modified))
    else:
        name, hints = None, exercise.hints
        message = "The result differs from the expected one, in no way that has a name here."
    left, right = in_words(want.value if want else None, got)
    if got.modified:
        changed = " and ".join(got.modified)
        left, right = f"{left}, and {changed} as before", f"{right}, and {changed} changed"
    comparable = form is None and got.failure is None
    return Verdict(exercise.name, "wrong", message, name, got.call, left, right, hints, comparable)


@cache
def right_answers(exercise: Exercise, seed: int | None = None) -> Trials:
    """Return the answers of the reference to all cases."""
    return list(exercise.trials(anew(exercise.reference), seed))


@cache
def wrong_answers(exercise: Exercise, seed: int | None = None) -> list[tuple[Misconception, Trials]]:
    """Return the answers of every wrong solution of the bank to all cases."""
    return [(entry, list(exercise.trials(anew(entry.solution), seed))) for entry in exercise.misconceptions]


def diagnose(
    expected: Trials, known_wrong: list[tuple[Misconception, Trials]], answers: Trials, failing: Sequence[int]
) -> Misconception | None:
    """Return the misconception that answers like this solution, if there is one.

    One that agrees on every case is it. Else a solution may make two mistakes at once: then it is the one that agrees
    on more than half of the cases that fail, is right on those that do not, and leaves no other as good.
    """
    passing = set(range(len(expected))) - set(failing)
    scores: dict[int, list[Misconception]] = {}
    for entry, wrong in known_wrong:
        if all(map(same_trial, wrong, answers)):
            return entry
        if all(same_trial(wrong[k], expected[k]) for k in passing):
            scores.setdefault(sum(same_trial(wrong[k], answers[k]) for k in failing), []).append(entry)
    best = max(scores, default=0)
    return scores[best][0] if 2 * best > len(failing) and len(scores[best]) == 1 else None


def same_trial(one: Sequence[Answer], two: Sequence[Answer], *, values_only: bool = False) -> bool:
    """Return whether two solutions gave the same answers to a case."""
    pairs = zip(one, two, strict=False)
    return len(one) == len(two) and all(same(a, b) and (values_only or a.modified == b.modified) for a, b in pairs)


def same(one: Answer, two: Answer) -> bool:
    """Return whether two answers agree within rounding, or failed alike."""
    if one.value is None or two.value is None:
        failures = [None if answer.failure is None else answer.failure.type for answer in (one, two)]
        return failures[0] == failures[1] and one.value is two.value
    a, b = one.value, two.value
    if a.kind != b.kind or a.shape != b.shape or len(a.numbers) != len(b.numbers):
        return False
    return np.allclose(a.numbers, b.numbers, rtol=RTOL, atol=ATOL, equal_nan=True)


def first_difference(expected: Sequence[Answer], answers: Sequence[Answer]) -> tuple[Answer | None, Answer]:
    """Return the first pair of answers that differ; nothing is expected of a call that only prepares."""
    for want, got in zip(expected, answers, strict=False):
        if not same(want, got) or want.modified != got.modified:
            return (want if want.call == got.call else None), got
    return None, answers[-1]


def unwritten(answer: Answer) -> bool:
    """Return whether the starter's own line answered."""
    return answer.failure is not None and answer.failure.type == "NotImplementedError"


def wrong_form(want: Answer, got: Answer) -> tuple[str, str, tuple[str, ...]] | None:
    """Return name, message and hints for a result that cannot be compared."""
    if want.value is None or got.value is None:
        return None
    name = None
    if got.value.kind != "numbers":
        listed = {"NoneType": "returns-nothing", "list": "returns-a-list", "tuple": "returns-a-list"}
        name = listed.get(got.value.kind, "returns-no-number")
    elif got.value.shape != want.value.shape:
        name = "wrong-shape"
    elif not got.value.finite:
        name = "not-a-number"
    if name is None:
        return None
    message, hints = FORMS[name]
    return name, message.format(kind=got.value.kind, got=got.value.shape, expected=want.value.shape), hints


def crash(exercise: Exercise, answer: Answer) -> Verdict:
    """Return the verdict on a solution that raised an exception."""
    failure = answer.failure
    assert failure is not None
    where = f"starter/{exercise.file}" + (f", line {failure.line}" if failure.line else "")
    said = f"{failure.type}: {failure.words}" if failure.words else failure.type
    if failure.type == "SystemExit":
        said = "it called exit(), which would end the program that uses it"
    message = f"{exercise.symbol} crashed ({where}): {said}."
    return Verdict(exercise.name, "crashed", message, call=answer.call, comparable=False)


def in_words(want: Value | None, answer: Answer) -> tuple[str, str]:
    """Return both results with as many digits as it takes to tell them apart."""
    if answer.value is None or want is None:
        return (number_text(want, 6) if want else ""), "" if answer.failure is None else answer.failure.type
    texts: tuple[str, str] = ("", "")
    for digits in (6, 12, 17):
        texts = number_text(want, digits), number_text(answer.value, digits)
        if texts[0] != texts[1]:
            break
    return texts


def number_text(value: Value, digits: int) -> str:
    """Return a value as one would write it."""
    if value.kind != "numbers":
        return value.kind
    if len(value.numbers) != int(np.prod(value.shape)):
        return f"an array of shape {value.shape}"
    numbers: Any = np.array(value.numbers).reshape(value.shape)
    return show(numbers, digits) if value.shape else show(float(numbers), digits)
