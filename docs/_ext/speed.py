"""The table of speeds, made while the book is built from the file that the benchmarks wrote.

    ```{speed-table}
    ```

The figures and what they were measured on come from ``docs/reference/speed.json``, which ``nox -s bench -- --record``
writes; none is typed in a page.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

FILE = Path(__file__).parents[1] / "reference" / "speed.json"
HEAD = ("work", "beside", "here", "there", "times as fast", "wanted")
WIDTHS = (30, 30, 10, 10, 10, 10)
UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6))


def duration(seconds: float) -> str:
    """Return a time with three digits, in the largest unit of which it is at least one; they stay on one line.

    >>> [duration(time).split() for time in (0.0104, 2.5e-7, 181.2)]
    [['10.4', 'ms'], ['0.25', 'µs'], ['181', 's']]
    """
    unit, size = next((pair for pair in UNITS if seconds >= pair[1]), UNITS[-1])
    return f"{digits(seconds / size)}\N{NO-BREAK SPACE}{unit}"


def digits(number: float) -> str:
    """Return a number with three digits, and no exponent.

    >>> digits(1184.9), digits(0.9942), digits(12.34)
    ('1,180', '0.994', '12.3')
    """
    return f"{float(f'{number:.3g}'):,.12g}"


def conditions(about: dict[str, Any]) -> str:
    """Return, as a sentence, when and on what the figures were measured."""
    versions = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    return (
        f"Measured on {about['date']} on a machine with {about['cores']} cores ({about['processor']}), "
        f"Python {about['python']}, {versions}."
    )


class SpeedTable(SphinxDirective):
    """The table, and what it was measured on."""

    def run(self) -> list[nodes.Node]:
        """Return both."""
        self.env.note_dependency(str(FILE))
        found = json.loads(FILE.read_text(encoding="utf-8"))
        group = nodes.tgroup(cols=len(HEAD))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        group += nodes.thead("", self.line(HEAD))
        group += nodes.tbody("", *(self.line(self.cells(row)) for row in found["rows"]))
        table = nodes.table("", group, classes=["speed-table"])
        sentence = conditions(found["about"])
        self.set_source_info(table)
        return [table, nodes.paragraph(sentence, sentence)]

    @staticmethod
    def cells(row: dict[str, Any]) -> tuple[str, ...]:
        """Return what a row of the file says, as text."""
        ratio = digits(row["theirs"] / row["ours"])
        return (row["work"], row["against"], duration(row["ours"]), duration(row["theirs"]), ratio, f"{row['asked']:g}")

    def line(self, texts: tuple[str, ...]) -> nodes.row:
        """Return one line of the table; what is between backticks is code, here as in the text."""
        row = nodes.row()
        for text in texts:
            content, _ = self.parse_inline(text)
            row += nodes.entry("", nodes.paragraph("", "", *content))
        return row


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("speed-table", SpeedTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
