"""How often help was asked for: one hint more each time, remembered in the learner's directory."""

import json
from pathlib import Path

from optimtext.course.judge import Verdict
from optimtext.course.workspace import CourseError, written_beside

FILE = Path(".optimtext", "hints.json")


def due(directory: Path, verdict: Verdict) -> tuple[str, ...]:
    """Return the hints that are due for a wrong solution: those given before, and one more.

    Another mistake in the same exercise begins with its own first hint; a mistake that comes back goes on where it was.
    """
    return verdict.hints[: read(directory / FILE).get(key(verdict), 0) + 1]


def remember(directory: Path, verdict: Verdict) -> None:
    """Remember that the hints that were due have been given.

    Raises
    ------
    CourseError
        If it cannot be written down.
    """
    path, count = directory / FILE, len(due(directory, verdict))
    if not count:
        return
    try:
        path.parent.mkdir(exist_ok=True)
        content = json.dumps(read(path) | {key(verdict): count}, indent=1)
        written_beside(path, content.encode()).replace(path)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written ({error.strerror}), so you will get the same hint again; nothing else is lost."
        ) from error


def key(verdict: Verdict) -> str:
    """Return the name under which hints on a mistake are counted."""
    return f"{verdict.exercise}/{verdict.misconception or ''}"


def read(path: Path) -> dict[str, int]:
    """Return the counts, none if the file is missing or was damaged."""
    try:
        counts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(counts, dict):
        return {}
    return {name: count for name, count in counts.items() if type(count) is int and count > 0}
