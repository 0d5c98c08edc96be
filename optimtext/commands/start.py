"""`optimtext start`: make a course directory."""

from pathlib import Path

import click

from optimtext.commands._problems import told


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Make all files new; those that you have changed move into a dated backup.")
def start(directory: Path, *, force: bool) -> None:
    """Make a course directory: starter files, tests, a README.

    DIR is made if it does not exist. A file of yours is never overwritten: asked again, the command adds what is
    missing and says so. With --force it first moves the files that you have changed into a folder named backup- with
    the date.

    \b
    Examples:
      optimtext start course            a new directory
      optimtext start course            again: what you deleted comes back
      optimtext start course --force    begin anew, the old files in course/backup-…

    Exit code: 0, or 2 if something cannot be written.
    """  # noqa: D301  # to click the character \b says: leave these lines as they are
    from optimtext.course import workspace
    from optimtext.course.report import Printer

    with told():
        done, say = workspace.start(directory, force=force), Printer().line
        for name in done.added:
            say("added  ", name)
        for name in done.moved:
            say("new    ", name)
        if done.backup is not None:
            moved = counted(len(done.moved), "changed file of yours is", "changed files of yours are")
            say(f"{moved} in {done.backup}.")
        if done.kept and not done.added and not done.moved:
            say(f"Nothing is missing in {directory}: all {len(done.kept)} files are there and stay as they are.")
        elif done.kept:
            say(counted(len(done.kept), "file was there and stays as it is.", "files were there and stay as they are."))
        if done.added and not done.kept and not done.moved:
            say(f"Go to {directory}, read README.md, and begin with starter/gradient_descent.py.")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with the words that fit it."""
    return f"{number} {one if number == 1 else many}"
