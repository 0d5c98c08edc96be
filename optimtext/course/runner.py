"""Runs a learner's file in a process of its own, with limits on its time and on what it prints."""

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimtext.course.bank import EXERCISES
from optimtext.course.exercise import Trials
from optimtext.course.judge import Verdict, judge
from optimtext.course.witness import Answer, Failure, Value

#: Seconds for one exercise; a right solution takes a few milliseconds.
TIME_LIMIT = 10.0
#: What an exercise may print, in bytes. Some lines to look at a value are welcome, a flood is a mistake.
MOST_PRINTED = 1_000_000
#: What `child` writes among the prints where an exercise begins.
BEGUN = re.compile(rb"\0begun (\w+)\0")


@dataclass(frozen=True)
class Outcome:
    """How the work on a file ended.

    Attributes
    ----------
    reason : str
        ``"finished"``, ``"timeout"``, ``"printed"`` or ``"died"``.
    at : str or None
        The exercise at which it ended before its time; None while the file was loaded.
    code : int
        The exit code of the process, negative for a signal.
    """

    reason: str
    at: str | None = None
    code: int = 0


def check_file(
    file: Path, names: Sequence[str], *, seed: int | None = None, time_limit: float = TIME_LIMIT
) -> list[Verdict]:
    """Return the verdicts on the exercises `names` of a learner's file.

    Where an exercise ends the process, the next ones get another.

    Parameters
    ----------
    file : Path
        The learner's file; it need not exist.
    names : sequence of str
        Exercises that belong into it.
    seed : int, optional
        Draws five more cases for each exercise.
    time_limit : float
        Seconds for each exercise.

    Raises
    ------
    OSError
        If no process can be started.
    """
    if not file.is_file():
        return [Verdict(name, "crashed", absent(file, name), comparable=False) for name in names]
    verdicts: dict[str, Verdict] = {}
    while waiting := [name for name in names if name not in verdicts]:
        events, outcome = run(file, waiting, seed, time_limit)
        for event in events:
            for verdict in verdicts_of(event, file, waiting, seed):
                verdicts[verdict.exercise] = verdict
        if outcome.reason != "finished":
            for name in waiting if outcome.at is None else [outcome.at]:
                verdicts[name] = unfinished(outcome, file, name, time_limit)
    return [verdicts[name] for name in names]


def verdicts_of(event: dict[str, Any], file: Path, names: Sequence[str], seed: int | None) -> list[Verdict]:
    """Return what an event says about exercises: nothing, one verdict, or one for all if the file cannot be loaded."""
    place = f"starter/{file.name}"
    match event["event"]:
        case "answered":
            exercise = EXERCISES[event["exercise"]]
            return [judge(exercise, decoded(event["answers"]), seed)]
        case "missing":
            symbol = EXERCISES[event["exercise"]].symbol
            message = f"{place} does not define {symbol}: was it renamed or deleted?"
            return [Verdict(event["exercise"], "crashed", message, comparable=False)]
        case "unreadable":
            failure = Failure(**event["failure"])
            where = place + (f", line {failure.line}" if failure.line else "")
            message = f"{where} cannot be loaded: {failure.type}: {failure.words}."
            return [Verdict(name, "crashed", message, comparable=False) for name in names]
    return []


def unfinished(outcome: Outcome, file: Path, name: str, time_limit: float) -> Verdict:
    """Return the verdict on an exercise during which the process ended."""
    place = f"starter/{file.name}"
    doing = f"{place}, {EXERCISES[name].symbol}," if outcome.at else f"{place}, while it was loaded,"
    if outcome.reason == "timeout":
        message = f"{doing} was not done after {time_limit:g} s: is there a loop that never ends?"
        return Verdict(name, "timeout", message, comparable=False)
    if outcome.reason == "printed":
        message = (
            f"{doing} printed more than {MOST_PRINTED / 1e6:g} MB and was stopped: remove the print from the loop."
        )
    else:
        how = f"signal {-outcome.code}" if outcome.code < 0 else f"exit code {outcome.code}"
        message = f"{doing} ended the whole process ({how})."
    return Verdict(name, "crashed", message, comparable=False)


def absent(file: Path, name: str) -> str:
    """Return a sentence on a file that is not there, with a guess at where it went."""
    known = {exercise.file for exercise in EXERCISES.values()} | {"__init__.py"}
    folder = file.parent
    others = sorted(path.name for path in folder.glob("*.py") if path.name not in known) if folder.is_dir() else []
    guess = f" Was it renamed to {' or '.join(others)}?" if others else ""
    return f"starter/{file.name}, where {name} belongs, is not there.{guess} `optimtext start` puts a fresh one back."


def run(file: Path, names: Sequence[str], seed: int | None, time_limit: float) -> tuple[list[dict[str, Any]], Outcome]:
    """Start the process, collect its events, and end it when it has gone beyond a limit."""
    command = [sys.executable, "-P", "-X", "utf8", "-m", "optimtext.course.child"]  # -P: no module of the learner's
    # directory takes the place of one that the package imports.
    process = subprocess.Popen(  # noqa: S603  # our own module; the learner's file is in the request
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=file.parent.parent,
        start_new_session=True,  # so that what the learner's code starts can be ended with it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    heard: queue.SimpleQueue[dict[str, Any] | str] = queue.SimpleQueue()
    listeners = [
        threading.Thread(target=work, args=(process, heard), daemon=True) for work in (_hear_events, _count_prints)
    ]
    for listener in listeners:
        listener.start()
    request = {"file": str(file.resolve()), "exercises": list(names), "seed": seed}
    with contextlib.suppress(BrokenPipeError):  # it died at once; how is told below
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.close()
    try:
        return _follow(process, heard, time_limit)
    finally:
        end(process)
        for listener in listeners:
            listener.join()
        process.stdout.close()
        process.stderr.close()


def _follow(
    process: "subprocess.Popen[bytes]", heard: "queue.SimpleQueue[dict[str, Any] | str]", time_limit: float
) -> tuple[list[dict[str, Any]], Outcome]:
    events: list[dict[str, Any]] = []
    at: str | None = None
    deadline = time.monotonic() + time_limit
    while True:
        try:
            event = heard.get(timeout=max(deadline - time.monotonic(), 0.0))
        except queue.Empty:
            return events, Outcome("timeout", at)
        if isinstance(event, str):
            code = process.wait()
            answered = events and events[-1]["event"] != "begun"
            return events, Outcome("finished" if code == 0 and answered else "died", at, code)
        if event["event"] == "printed":
            return events, Outcome("printed", event["exercise"])
        events.append(event)
        at = event.get("exercise")
        deadline = time.monotonic() + time_limit


def _hear_events(process: "subprocess.Popen[bytes]", heard: "queue.SimpleQueue[dict[str, Any] | str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        heard.put(json.loads(line))
    heard.put("ended")


def _count_prints(process: "subprocess.Popen[bytes]", heard: "queue.SimpleQueue[dict[str, Any] | str]") -> None:
    assert process.stderr is not None
    told = False
    for name, printed in _printed(process.stderr):
        if printed > MOST_PRINTED and not told:
            heard.put({"event": "printed", "exercise": name})
            told = True


def _printed(pipe: Any) -> Iterator[tuple[str | None, int]]:
    # Which exercise prints, and how much so far. Events come on another pipe, later or earlier than this one.
    name: str | None = None
    printed, rest = 0, b""
    while chunk := pipe.read1(65536):
        *before, last = BEGUN.split(rest + chunk)
        for text, following in zip(before[::2], before[1::2], strict=True):
            yield name, printed + len(text)
            name, printed = following.decode(), 0
        cut = last.rfind(b"\0", max(0, len(last) - 64))  # perhaps the beginning of a mark
        rest = last[cut:] if cut >= 0 else b""
        printed += len(last) - len(rest)
        yield name, printed


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def decoded(answers: list[list[dict[str, Any]]]) -> Trials:
    """Return answers as they were before they crossed between the processes."""
    return [tuple(_answer(**answer) for answer in trial) for trial in answers]


def _answer(call: str, value: Any, failure: Any, modified: list[str]) -> Answer:
    if value is not None:
        value = Value(value["kind"], tuple(value["shape"]), tuple(value["numbers"]))
    return Answer(call, value, None if failure is None else Failure(**failure), tuple(modified))
