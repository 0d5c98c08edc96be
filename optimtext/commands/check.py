"""`optimtext check`: say what is right, and which mistake the rest shows."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimtext.commands._problems import told

if TYPE_CHECKING:
    from optimtext.course import Verdict


@click.command()
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
@click.option("--all", "table", is_flag=True, help="Print a table of what is done, without explanations and hints.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of exercise, status, misconception and message.")
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path),
    default=".",
    help="The course directory, by default this one.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Check five more inputs for each exercise, drawn by this number."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds for each exercise.",
)
@click.pass_context
def check(
    context: click.Context,
    exercises: Sequence[str],
    *,
    table: bool,
    as_json: bool,
    directory: Path,
    seed: int | None,
    timeout: float,
) -> None:
    """Check your solutions, and name the mistake where there is one.

    EXERCISE is one such as adam, or a file such as momentum.py for all that belong into it. With names each gets its
    explanation: which known mistake the solution shows, the smallest input on which it shows, what was expected and
    what came out, and a hint; each time you ask, one hint more. Without names all exercises are checked, and the first
    that you have begun and that is not right is explained.

    Your code runs in a process of its own, which is ended after the time limit.

    \b
    Examples:
      optimtext check                   all, and help with the first that is not right
      optimtext check adam rmsprop      these two, each explained
      optimtext check --all             a table
      optimtext check --json --dir X    for scripts; gives no hints and writes nothing

    \b
    Status: right, wrong, not-attempted, crashed, timeout.
    Exit code:
      0  everything checked is right
      1  something is wrong or not yet attempted
      2  something could not be judged: a file that is missing or cannot be loaded, a crash,
         an endless loop, a flood of print, a result that is no finite number of the right shape;
         or the command itself could not be carried out
    """  # noqa: D301  # to click the character \b says: leave these lines as they are
    from optimtext import course
    from optimtext.course.report import Printer

    with told():
        verdicts = course.check(directory, exercises, seed=seed, time_limit=timeout)
        if as_json:
            click.echo(json.dumps([verdict.record() for verdict in verdicts], indent=1))
        elif table:
            Printer().table(verdicts)
        elif exercises:
            explain(directory, verdicts)
        else:
            for verdict in verdicts:
                Printer().verdict(verdict)
            Printer().count(verdicts)
            begun = [verdict for verdict in verdicts if verdict.status not in {"right", "not-attempted"}]
            explain(directory, begun[:1])
    context.exit(exit_code(verdicts))


def explain(directory: Path, verdicts: Sequence["Verdict"]) -> None:
    """Print explanations with the hints that are due, then remember that they were given."""
    from optimtext.course import hints
    from optimtext.course.report import Printer

    for verdict in verdicts:
        if verdict.status == "right":
            Printer().verdict(verdict)
        else:
            Printer().explanation(verdict, hints.due(directory, verdict))
    for verdict in verdicts:
        hints.remember(directory, verdict)


def exit_code(verdicts: Sequence["Verdict"]) -> int:
    """Return 2 where something could not be judged, else 1 where something is not right, else 0."""
    if not all(verdict.comparable for verdict in verdicts):
        return 2
    return int(any(verdict.status != "right" for verdict in verdicts))
