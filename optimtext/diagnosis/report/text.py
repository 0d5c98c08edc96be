"""The report in a terminal, with Rich; plain where there is no terminal."""

from collections.abc import Iterator
from typing import Any

from optimtext.diagnosis.findings import FINE, Diagnosis, Finding

#: What each finding is called in a heading.
TITLES = {
    "too-short": "Too short to judge",
    "diverged": "Diverged",
    "oscillating": "Oscillating",
    "noisy": "Too noisy to tell",
    "no-progress": "No progress",
    "overfitting": "Overfitting",
    "spikes": "Spikes, with recovery",
    "plateau": "A plateau",
    "underfitting": "Underfitting",
    "too-slow": "Too slow",
    "converged": "Converged",
    "healthy": "Healthy",
}


def plain_text(diagnosis: Diagnosis, width: int = 100) -> str:
    """Return the report as plain text."""
    from io import StringIO

    from rich.console import Console

    page = StringIO()
    show(diagnosis, Console(file=page, width=width, color_system=None, force_terminal=False))
    return page.getvalue().rstrip()


def show(diagnosis: Diagnosis, console: Any, *, source: str = "") -> None:
    """Print the report on a console of Rich."""
    from rich.padding import Padding
    from rich.text import Text

    count = diagnosis.curve.count
    first = f"{source}: " if source else ""
    finite = " finite" if diagnosis.curve.broken else ""
    console.print(Text(f"{first}{count:,}{finite} losses", style="dim"))
    for note in diagnosis.notes:
        console.print(Text(f"Note: {note}.", style="dim"))
    for i, finding in enumerate(diagnosis.findings):
        console.print()
        style = "bold green" if finding.name in FINE else ("bold red" if i == 0 else "bold yellow")
        console.print(Text.assemble((TITLES[finding.name], style), (heading(finding), "dim")))
        for indent, line in _body(finding, diagnosis):
            console.print(Padding(Text(line), (0, 0, 0, indent)))


def heading(finding: Finding) -> str:
    """Return what follows the title: where, and how sure."""
    first, last = finding.steps
    where = f"step {first:g}" if first == last else f"steps {first:g} to {last:g}"
    return f"  ({finding.name}, {where}, confidence {finding.confidence:.0%})"


def _body(finding: Finding, diagnosis: Diagnosis) -> Iterator[tuple[int, str]]:
    yield 2, finding.summary
    if diagnosis.findings[0] is not finding:
        return  # causes and fixes of what matters most; the others are in the JSON and on the page
    if finding.name not in FINE:
        yield 2, "Likely causes, likeliest first:"
        for cause in finding.causes:
            yield 4, f"- {cause}"
    yield 2, "What to try first:" if finding.name not in FINE else "Next:"
    for number, fix in enumerate(finding.fixes, start=1):
        yield 4, f"{number}. {fix.text}"
        yield 7, f"see {fix.chapter}" + (f" and {fix.playground}" if fix.playground else "")
