"""The process in which a learner's file runs: `python -m optimtext.course.child`, started by `runner`.

It reads one request from its standard input and writes one line of JSON for each event to its standard output: that
an exercise begins, and what the solution answered. It judges nothing. Whatever the learner's code prints goes to the
standard error, so that it cannot be taken for an answer, with a mark where an exercise begins; what it does to this
process ends this process alone.
"""

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TextIO

from optimtext.course.bank import EXERCISES
from optimtext.course.witness import Failure


def main() -> None:
    """Serve one request: a file, and the exercises in it."""
    request = json.loads(sys.stdin.readline())
    # The descriptor of the answers is moved away, and what prints, in Python or below it, lands in the other pipe.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    file = Path(request["file"])
    sys.path[:0] = [str(file.parent.parent), str(file.parent)]
    serve(file, request["exercises"], request["seed"], events)
    events.flush()
    os._exit(0)  # a thread that the learner's code has started does not keep the process


def serve(file: Path, names: list[str], seed: int | None, events: TextIO) -> None:
    """Run the exercises of a file one after another and tell what came of each."""

    def tell(**event: Any) -> None:
        events.write(json.dumps(event) + "\n")
        events.flush()

    try:
        code = compile(file.read_bytes(), str(file), "exec")
        load(file, code)
    except BaseException as error:  # noqa: BLE001  # exit() at the top of a file is the file's failure
        tell(event="unreadable", failure=dataclasses.asdict(Failure.of(error, str(file))))
        return
    for name in names:
        tell(event="begun", exercise=name)
        with contextlib.suppress(AttributeError, ValueError):  # the learner's code may have closed or replaced it
            sys.stdout.flush()
        os.write(2, f"\0begun {name}\0".encode())  # what is printed from here on is this exercise's
        exercise = EXERCISES[name]
        if not hasattr(load(file, code), exercise.symbol):
            tell(event="missing", exercise=name)
            continue
        trials = exercise.trials(solution(file, code, exercise.symbol), seed, str(file))
        answers = [[dataclasses.asdict(answer) for answer in trial] for trial in trials]
        tell(event="answered", exercise=name, answers=answers)


def load(file: Path, code: CodeType) -> ModuleType:
    """Run the file's code as a module of its own and return it."""
    module = ModuleType(f"starter.{file.stem}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    exec(code, module.__dict__)  # noqa: S102  # running a learner's file is what this process is for
    return module


def solution(file: Path, code: CodeType, symbol: str) -> Callable[[], Any]:
    """Return a function that loads the file anew and returns what the exercise asks for."""
    return lambda: getattr(load(file, code), symbol)


if __name__ == "__main__":
    main()
