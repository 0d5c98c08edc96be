"""`optimtext diagnose FILE`: what does this training log show, and what should be tried first?"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from optimtext.diagnosis import Diagnosis


@click.command()
@click.argument("file")
@click.option("--loss", metavar="NAME", help="Column of the training loss.")
@click.option("--validation", metavar="NAME", help="Column of the validation loss.")
@click.option("--lr", metavar="NAME", help="Column of the learning rate.")
@click.option("--grad-norm", metavar="NAME", help="Column of the gradient's norm.")
@click.option("--step", metavar="NAME", help="Column of the steps.")
@click.option(
    "--steps", type=click.Choice(["log", "ignore"]), default="log", help="Ignore steps: count entries as they come."
)
@click.option("--decimal", type=click.Choice([".", ","]), default=".", help="Decimal sign of a table.")
@click.option("--skip-nan", is_flag=True, help="Leave out losses that are not finite where later ones are.")
@click.option("--rate", type=float, metavar="NUMBER", help="The learning rate, if it is constant and not in the log.")
@click.option(
    "--curvature", type=float, metavar="L", help="Largest eigenvalue of the Hessian, to hold the rate against."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--figure", metavar="FILE", help="Draw the curve with the findings marked; the name's ending is the format."
)
@click.option("--html", metavar="FILE", help="Write a page of its own, with the figure inside.")
@click.option("--book", metavar="URL", default="", help="Where the built book lies, for the links of that page.")
def diagnose(file: str, as_json: bool, figure: str | None, html: str | None, book: str, **said: Any) -> None:  # noqa: FBT001  # click passes options by name
    """Say what the training log FILE shows, how sure that is, and what to try first.

    FILE may be a table (CSV as Keras and Lightning write it, or any other separator), JSON lines, Hugging Face's
    trainer_state.json, a NumPy file, TensorBoard's event file or folder, or - for standard input.
    """
    try:
        found = _examined(file, said, quiet=as_json)
        if figure:
            _draw(found, figure)
        if html:
            from optimtext.diagnosis.report.page import page

            _write(html, page(found, _name(file), book))
    except ValueError as error:
        click.echo(f"{_name(file)}: {error}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(found.json())
        return
    from rich.console import Console

    from optimtext.diagnosis.report.text import show

    show(found, Console(soft_wrap=False, highlight=False), source=_name(file))


def _examined(file: str, said: dict[str, Any], *, quiet: bool) -> "Diagnosis":
    from optimtext.diagnosis.context import Known
    from optimtext.diagnosis.prepare import curve_of, series_of
    from optimtext.diagnosis.readers import LogError, Options, read
    from optimtext.diagnosis.verdict import judge

    for name in ("rate", "curvature"):
        if said[name] is not None and not 0 < said[name] < float("inf"):
            raise LogError(f"--{name} must be positive and finite, got {said[name]:g}")
    names = {name: said[name] for name in ("loss", "validation", "lr", "grad_norm", "step")}
    options = Options(**names, decimal=said["decimal"], ignore_steps=said["steps"] == "ignore")
    with _progress(file, quiet=quiet) as report:
        log = read(file, options, report)
    if log.loss.seen < 2:
        raise LogError(f"it holds {log.loss.seen} loss{'es' * (log.loss.seen != 1)}: too little for any verdict")
    beside = dict(log.beside)
    if said["rate"] is not None and "lr" not in beside:
        import numpy as np

        ends = log.loss.step[[0, -1]] if len(log.loss.step) else np.zeros(1)
        beside["lr"] = series_of(np.full(len(ends), said["rate"]), ends)
    curve = curve_of(log.loss, beside, skip_nan=said["skip_nan"])
    notes = list(log.notes)
    if said["rate"] is not None and "lr" in log.beside:
        notes.append("--rate was not used, since the log has its own rates")
    if said["curvature"] is not None and "lr" not in beside:
        notes.append("--curvature was not used, since the log has no rates: say the rate with --rate NUMBER")
    return judge(curve, Known(curvature=said["curvature"]), tuple(notes))


@contextmanager
def _progress(file: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar of how much of the file was read, where there is a terminal to show it in."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    path = Path(file)
    total = path.stat().st_size if path.is_file() else None
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=total)
        yield lambda read: bar.update(task, completed=read)


def _draw(found: "Diagnosis", path: str) -> None:
    import matplotlib as mpl
    import matplotlib.style
    from matplotlib.figure import Figure

    from optimtext import plot

    with mpl.rc_context():
        mpl.style.use(plot.STYLE)
        figure = Figure(figsize=(7, 4), facecolor="white")
        plot.diagnosis(figure.subplots(), found)
        try:
            figure.savefig(path, dpi=150, transparent=False, facecolor="white")
        except OSError as error:
            raise ValueError(f"the figure {path} cannot be written: {error.strerror or error}") from None
        except (ValueError, RuntimeError) as error:  # no such format, or a program that it needs is missing
            raise ValueError(f"the figure {path} cannot be written: {error}") from None


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ValueError(f"the page {path} cannot be written: {error.strerror or error}") from None


def _name(file: str) -> str:
    return "standard input" if file == "-" else Path(file).name
