"""What a check prints: lines that read well in color, and as plain text where there is no terminal."""

import sys
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from optimtext.course.bank import EXERCISES
from optimtext.course.judge import Verdict

COLORS = {"right": "green", "wrong": "red", "crashed": "red", "timeout": "red", "not-attempted": "dim"}


class Printer:
    """Prints to the standard output, wrapped to the width of a terminal and not wrapped elsewhere."""

    def __init__(self) -> None:
        self.console = Console(file=sys.stdout, highlight=False)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print a line of words and (words, style) pairs."""
        self.console.print(Text.assemble(*parts), soft_wrap=not self.console.is_terminal)

    def verdict(self, verdict: Verdict) -> None:
        """Print one line on an exercise: its name, its status and the mistake's name."""
        name = f"  ({verdict.misconception})" if verdict.misconception else ""
        self.line(f"{verdict.exercise:<20}", (verdict.status, COLORS[verdict.status]), name)

    def explanation(self, verdict: Verdict, hints: Sequence[str]) -> None:
        """Print what there is to say about an exercise that is not right."""
        self.line()
        self.line((verdict.exercise, "bold"), ": ", (verdict.status, COLORS[verdict.status]), *called(verdict))
        self.line(verdict.message)
        if verdict.call:
            self.line()
            self.line(("the smallest input that shows it: ", "dim"), verdict.call)
        if verdict.expected or verdict.got:
            self.line(("expected  ", "dim"), verdict.expected or "no exception")
            self.line(("got       ", "dim"), verdict.got)
        for number, hint in enumerate(hints, start=1):
            self.line()
            self.line((f"Hint {number} of {len(verdict.hints)}. ", "bold"), hint)
        if len(hints) < len(verdict.hints):
            self.line()
            self.line((f"`optimtext check {verdict.exercise}` gives the next hint.", "dim"))
        if verdict.status == "not-attempted":
            exercise = EXERCISES[verdict.exercise]
            self.line(f"Write {exercise.symbol} in starter/{exercise.file}; its docstring says what it is to do.")

    def table(self, verdicts: Sequence[Verdict]) -> None:
        """Print a table of all exercises, by file, and the count."""
        for file, group in groupby(verdicts, key=lambda verdict: EXERCISES[verdict.exercise].file):
            self.line((f"starter/{file}", "bold"))
            for verdict in group:
                self.verdict(verdict)
            self.line()
        self.count(verdicts)

    def count(self, verdicts: Sequence[Verdict]) -> None:
        """Print how many are right."""
        right = sum(verdict.status == "right" for verdict in verdicts)
        self.line(f"{right} of {len(verdicts)} right")


def called(verdict: Verdict) -> tuple[str, ...]:
    """Return the name of the mistake, as the end of a heading."""
    return (f", {verdict.misconception}",) if verdict.misconception else ()
