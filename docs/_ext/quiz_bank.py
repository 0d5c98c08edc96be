"""The bank of questions: the form of its files, and what a file must hold to be asked.

A file is a list. Each question has `id` (unique in the bank), `kind`, `ask`, and of

- `single`, `multiple`: `options`, each with `text`, `why` and, on the right ones, `right: true`;
- `numeric`: `compute`, a Python expression of the package (`ot`) and NumPy (`np`) that gives the answer when the book
  is built, `tolerance` (relative, 0.01 if absent) and `why`;

and may have `see`, the label of a section, and `figure`, the name of a function in `figures.py` beside the files, which
draws what happens up to a moment and not what happens next. Texts are MyST.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

KINDS = ("single", "multiple", "numeric")


@dataclass(frozen=True)
class Option:
    """An answer to choose."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question as it is asked; `answer` is the number that the package computed."""

    id: str
    kind: str
    ask: str
    options: tuple[Option, ...] = ()
    answer: float = math.nan
    tolerance: float = 0.01
    why: str = ""
    see: str = ""
    figure: str = ""


def read(file: Path) -> tuple[Question, ...]:
    """Return the questions of a file, or say what is wrong with it."""
    return _read(file, file.stat().st_mtime_ns)


@cache
def _read(file: Path, stamp: int) -> tuple[Question, ...]:  # the time of the last change is a key of the cache
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{file.name}: {error}") from None
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"{file.name} must hold a list of questions")
    questions = tuple(_question(file.name, entry) for entry in entries)
    names = [question.id for question in questions]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{file.name}: used twice: {sorted(doubled)}")
    return questions


def _question(file: str, entry: Any) -> Question:
    def must(holds: object, what: str) -> None:
        if not holds:
            raise ValueError(f"{file}: {what}: {entry}")

    must(isinstance(entry, dict), "a question is a mapping")
    given = dict(entry)
    kind = given.get("kind")
    must(kind in KINDS, f"kind is one of {KINDS}")
    must(given.get("id") and given.get("ask"), "a question has id and ask")
    compute, options = given.pop("compute", None), given.pop("options", [])
    if kind == "numeric":
        must(compute and given.get("why") and not options, "a numeric question has compute and why")
        given["answer"] = _computed(str(compute))
        must(math.isfinite(given["answer"]), "compute must give a finite number")
        must(given.get("tolerance", 0.01) > 0, "tolerance is positive")
    else:
        must(compute is None and "why" not in given, "why stands with each option, compute with numeric questions")
        must(all({"text", "why"} <= set(option) <= {"text", "why", "right"} for option in options), "text and why")
        # In the file the right ones may stand first; on the page the order says nothing, and stays the same.
        given["options"] = tuple(sorted((Option(**option) for option in options), key=_shuffled))
        right = sum(option.right for option in given["options"])
        must(len(given["options"]) >= 3, "there are at least three options")
        must(right == 1 if kind == "single" else right >= 1, "one option is right, or of `multiple` at least one")
        must(right < len(given["options"]), "one option at least is wrong")
    try:
        return Question(**given)
    except TypeError as error:
        raise ValueError(f"{file}: {error}: {entry}") from None


def _shuffled(option: Option) -> bytes:
    return hashlib.sha256(option.text.encode()).digest()


def _computed(expression: str) -> float:
    import numpy as np

    import optimtext as ot

    # An expression of the project's own, in a file of the project's own, run while the book is built.
    return float(eval(expression, {"ot": ot, "np": np}))  # noqa: S307
