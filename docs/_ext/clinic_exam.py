"""How often the clinic is right: tables computed while the book is built, from the runs that travel with the package.

    ```{clinic-exam} measures
    ```

The word names the table: `measures`, `confusion` (of the held-out part) or `confidence`.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

Row = list[str]


@cache
def scores() -> dict[bool, Any]:
    """Return the score of the training part and that of the held-out part."""
    from optimtext.diagnosis.exam import load, score

    cases = load()
    return {held: score(case for case in cases if case.held_out == held) for held in (False, True)}


def percent(part: float, whole: float) -> str:
    """Return a share in percent with one digit after the point."""
    return f"{100 * part / whole:.1f}%"


def measures() -> tuple[Row, list[Row]]:
    """Return how many verdicts are right, how many are false alarms, and how many stay the same in altered logs."""
    from optimtext.diagnosis.exam.score import SMOOTHING

    shown: list[tuple[str, Callable[[Any], str]]] = [
        ("settled runs", lambda s: f"{s.settled}"),
        ("right main finding", lambda s: percent(s.right, s.settled)),
        ("runs with which nothing is wrong", lambda s: f"{s.fine}"),
        ("false alarms among them", lambda s: percent(s.alarms, s.fine)),
        ("same verdict from every second entry", lambda s: percent(s.same["halved"], s.settled)),
        ("same verdict in another unit", lambda s: percent(s.same["rescaled"], s.settled)),
        (f"same verdict after smoothing by {SMOOTHING:g}", lambda s: percent(s.same["smoothed"], s.settled)),
        ("runs between two definitions", lambda s: f"{s.open}"),
        ("verdict among their right ones", lambda s: percent(s.allowed, s.open)),
    ]
    found = scores()
    return ["", "held-out part", "training part"], [
        [name, show(found[True]), show(found[False])] for name, show in shown
    ]


def confusion() -> tuple[Row, list[Row]]:
    """Return verdicts by right answer, for the held-out part."""
    from optimtext.diagnosis import NAMES

    table = scores()[True].confusion
    answers = sorted(table, key=lambda answer: (" or " in answer, [*NAMES].index(answer.split(" or ")[0])))
    rows = [[answer, *(str(table[answer][name] or "·") for name in NAMES)] for answer in answers]
    return ["right answer", *NAMES], rows


def confidence() -> tuple[Row, list[Row]]:
    """Return how often a verdict is right, by its confidence, for the held-out part."""
    rows = []
    for low, high in ((0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.0)):
        inside = [(said, right) for said, right in scores()[True].confident if low <= said < high]
        if inside:
            mean = sum(said for said, _ in inside) / len(inside)
            right = sum(right for _, right in inside)
            rows.append(
                [
                    f"{100 * low:.0f} to {100 * high:.0f}%",
                    f"{len(inside)}",
                    f"{100 * mean:.0f}%",
                    percent(right, len(inside)),
                ]
            )
    return ["confidence", "runs", "mean", "right"], rows


TABLES: dict[str, Callable[[], tuple[Row, list[Row]]]] = {
    "measures": measures,
    "confusion": confusion,
    "confidence": confidence,
}


class ClinicExam(SphinxDirective):
    """One of the tables."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a table with a caption."""
        from optimtext.diagnosis import exam

        name = self.arguments[0]
        if name not in TABLES:
            raise self.error(f"clinic-exam: there is no table {name!r}, only {', '.join(TABLES)}")
        if not self.content:
            raise self.error("clinic-exam: a table needs a caption")
        for path in (
            Path(str(exam.__file__)).parents[2] / "data" / "clinic_runs.npz",
            *Path(str(exam.__file__)).parents[1].rglob("*.py"),
        ):
            self.env.note_dependency(str(path))
        head, rows = TABLES[name]()
        caption, *_ = self.parse_content_to_nodes()
        table = nodes.table("", nodes.title("", "", *caption.children), classes=["clinic-exam", f"clinic-{name}"])
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
        group += nodes.thead("", _row(head))
        group += nodes.tbody("", *(_row(row) for row in rows))
        table += group
        self.set_source_info(table)
        self.add_name(table)
        return [table]


def _row(cells: Row) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", nodes.inline("", cell))) for cell in cells))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("clinic-exam", ClinicExam)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
