"""Tables of text: CSV with any separator, sparse rows as Lightning writes them, or one number a line."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING

import numpy as np

from optimtext.diagnosis.readers.columns import MOST, guess
from optimtext.diagnosis.readers.log import Array, Columns, Log, LogError, Options, Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 1 << 21  # characters read at once
_SAMPLE = 40  # lines looked at to find the separator
_SEPARATORS = (",", ";", "\t", "|")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|infinity|nan)", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_NOTHING = -1.2345678912345e304  # stands in an empty cell
_MISSING = {"", "-", "na", "n/a", "none", "null"}


def read_table(text: IO[str], options: Options, progress: Progress) -> Log:
    """Read a table from text, a block at a time."""
    first = text.read(BLOCK)
    lines = _lines(first)[:_SAMPLE]
    if not lines:
        raise LogError("it is empty")
    separator = _separator(lines)
    head = _cells(lines[0], separator)
    if len(head) > MOST:
        raise LogError(f"its first line has {len(head):,} cells; a training log has at most {MOST:,} columns")
    headed = not all(_is_number(cell, options.decimal) for cell in head if cell.strip().lower() not in _MISSING)
    names = [cell.strip() for cell in head] if headed else [f"column {i + 1}" for i in range(len(head))]
    _refuse_commas(lines[headed:], separator, options)
    table = _Table(names, separator, options, headed=headed)
    read = 0
    for block in _blocks(text, first):
        table.take(block)
        read += len(block)
        progress(read)
    return table.log()


class _Table:
    def __init__(self, names: list[str], separator: str | None, options: Options, *, headed: bool) -> None:
        self.names, self.separator, self.options, self.headed = names, separator, options, headed
        said = options.said()
        if not headed and len(names) == 1:
            said["loss"] = said["loss"] or names[0]
        elif not headed and said["loss"] is None:
            raise LogError(
                f"it has {len(names)} columns without names: say which is the loss with --loss NUMBER, and which the "
                f"steps with --step NUMBER"
            )
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise LogError(f"it has two columns named {twice!r}")
        self.columns = Columns(guess([name for name in names if name], said), options)
        self.where = {role: names.index(name) for role, name in self.columns.roles.named.items()}
        self.line = 0

    def take(self, block: str) -> None:
        """Take whole lines."""
        if self.headed and self.line == 0:
            lines = block.splitlines()
            header = next(i for i, line in enumerate(lines) if _counts(line))
            self.line, block = header + 1, "\n".join(lines[header + 1 :]) + "\n"
        if not block.strip():
            self.line += block.count("\n")
            return
        if not self._fast(block):
            self._slow(block)
        self.line += block.count("\n")

    def log(self) -> Log:
        return self.columns.log()

    def _fast(self, block: str) -> bool:
        # Nearly all tables are numbers and separators only, which NumPy reads without a Python object for each cell.
        if self.options.decimal != "." or '"' in block or "#" in block or self.separator == "|":
            return False
        roles = list(self.where)
        places = [self.where[role] for role in roles]
        filled = self._fill(block)
        try:
            cells = np.loadtxt(
                io.StringIO(filled), delimiter=self.separator, usecols=places, ndmin=2, comments=None, dtype=np.float64
            )
        except (ValueError, IndexError):
            return False
        if self.separator is not None and block.count(self.separator) != len(cells) * (len(self.names) - 1):
            return False  # some line has more cells, or fewer: the slow way finds it
        columns = {role: np.ascontiguousarray(cells[:, i]) for i, role in enumerate(roles)}
        self.columns.add(columns, {role: values != _NOTHING for role, values in columns.items()}, len(cells))
        return True

    def _fill(self, block: str) -> str:
        # A mark in each empty cell: a number that no log holds, since NumPy knows no missing ones.
        if self.separator is None:
            return block
        s, mark = self.separator, repr(_NOTHING)
        if s + s in block:
            block = block.replace(s + s, f"{s}{mark}{s}").replace(s + s, f"{s}{mark}{s}")
        if s + "\n" in block:
            block = block.replace(s + "\n", f"{s}{mark}\n")
        if "\n" + s in block:
            block = block.replace("\n" + s, f"\n{mark}{s}")
        return mark + block if block.startswith(s) else block

    def _slow(self, block: str) -> None:
        rows: list[tuple[int, list[str]]] = []
        for number, line in enumerate(block.splitlines(), start=self.line + 1):
            if not _counts(line):
                continue
            cells = _cells(line, self.separator)
            if len(cells) == len(self.names) + 1 and not cells[-1].strip():
                cells = cells[:-1]  # a separator at the end of the line
            if len(cells) != len(self.names):
                raise LogError(
                    f"line {number} has {len(cells)} cells where {len(self.names)} were expected: separators are "
                    f"mixed, decimal commas are in use, or the line is cut off"
                )
            rows.append((number, cells))
        columns: dict[str, Array] = {}
        present: dict[str, NDArray[np.bool_]] = {}
        for role, place in self.where.items():
            values = [self._number(cells[place], number, place) for number, cells in rows]
            present[role] = np.array([value is not None for value in values], dtype=bool)
            columns[role] = np.array([np.nan if value is None else value for value in values])
        self.columns.add(columns, present, len(rows))

    def _number(self, cell: str, line: int, place: int) -> float | None:
        cell = cell.strip().strip('"').strip()
        if cell.lower() in _MISSING:
            return None
        plain = cell.replace(",", ".") if self.options.decimal == "," else cell
        if _NUMBER.fullmatch(plain):
            return float(plain)
        hint = ": with decimal commas, pass --decimal ," if _COMMA_NUMBER.fullmatch(cell) else ""
        raise LogError(f"line {line} has {cell[:40]!r} in the column {self.names[place]!r}, which is no number{hint}")


def _blocks(text: IO[str], first: str) -> Iterator[str]:
    rest = ""
    for piece in chain([first], iter(lambda: text.read(BLOCK), "")):
        block = rest + piece
        end = block.rfind("\n") + 1
        if end == 0 and len(block) > 64 * BLOCK:
            raise LogError("one of its lines is longer than 100 million characters")
        rest = block[end:]
        if end:
            yield block[:end]
    if rest:
        yield rest + "\n"


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    if len(lines) > 1 and not text.endswith("\n"):
        lines = lines[:-1]  # it may go on in the next block
    return [line for line in lines if _counts(line)]


def _separator(lines: list[str]) -> str | None:
    # The one that parts all lines alike, and into most cells; None for blanks.
    best: tuple[int, str | None] = (1, None)
    for separator in _SEPARATORS:
        counts = [len(_cells(line, separator)) for line in lines]
        if min(counts) > 1 and counts.count(counts[0]) == len(counts):
            best = max(best, (counts[0], separator), key=lambda found: found[0])
    if best[1] is None:  # none parts all alike: the header decides, and the lines that differ will be named
        counts_of = {separator: lines[0].count(separator) for separator in _SEPARATORS}
        separator = max(counts_of, key=lambda s: counts_of[s])
        return separator if counts_of[separator] else None
    return best[1]


def _cells(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return line.split()
    if '"' in line:
        try:
            return next(csv.reader([line], delimiter=separator))
        except csv.Error:
            raise LogError(f"a line has quotation marks that do not match: {line[:40]!r}") from None
    return line.split(separator)


def _is_number(cell: str, decimal: str) -> bool:
    cell = cell.strip().strip('"')
    return bool(_NUMBER.fullmatch(cell.replace(",", ".") if decimal == "," else cell) or _COMMA_NUMBER.fullmatch(cell))


def _refuse_commas(lines: list[str], separator: str | None, options: Options) -> None:
    if options.decimal == "," or separator == ",":
        return
    for line in lines:
        for cell in _cells(line, separator):
            if _COMMA_NUMBER.fullmatch(cell.strip().strip('"')):
                raise LogError(f"its numbers have decimal commas, such as {cell.strip()!r}: pass --decimal ,")
