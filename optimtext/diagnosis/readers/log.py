"""What a reader makes of a log, and how it refuses one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.readers.columns import Roles
from optimtext.diagnosis.stream import Collector, Series

Array = NDArray[np.float64]
Progress: TypeAlias = Callable[[int], None]


class LogError(ValueError):
    """A log that cannot be read, in one sentence that says what to do."""


@dataclass(frozen=True)
class Options:
    """What the user says about a log.

    Attributes
    ----------
    loss, validation, lr, grad_norm, step : str, optional
        Names of columns; without one it is guessed.
    decimal : str, default "."
        Decimal sign, "." or ",".
    ignore_steps : bool, default False
        Count entries as they come, whatever the log says about steps.
    """

    loss: str | None = None
    validation: str | None = None
    lr: str | None = None
    grad_norm: str | None = None
    step: str | None = None
    decimal: str = "."
    ignore_steps: bool = False

    def said(self) -> dict[str, str | None]:
        """Return for each role the column that was named for it."""
        return {role: getattr(self, role) for role in ("loss", "validation", "lr", "grad_norm", "step")}


@dataclass(frozen=True)
class Log:
    """The columns of a log that a diagnosis needs.

    Attributes
    ----------
    loss : Series
        The training loss.
    beside : dict of str to Series
        What else there is: ``"validation"``, ``"lr"``, ``"grad_norm"``.
    notes : tuple of str
        What was taken for what, and what was left out.
    """

    loss: Series
    beside: dict[str, Series]
    notes: tuple[str, ...] = ()


@dataclass
class Columns:
    """Collects the columns of a log as its rows come by, each with the step that its row has.

    Rows may be sparse: training and validation on different lines. Two counts are kept for each column, the steps of
    the log and the number of the row, because only the end tells whether the steps are any good: an epoch that repeats
    in each of its rows, or a step that starts again in each epoch, is counted by rows.
    """

    roles: Roles
    options: Options
    rows: int = 0
    _by_step: dict[str, Collector] = field(default_factory=dict)
    _by_row: dict[str, Collector] = field(default_factory=dict)
    _last: tuple[float, float] = (-np.inf, -np.inf)  # epoch and step of the latest loss
    _in_order: bool = True

    def add(self, cells: dict[str, Array], present: dict[str, NDArray[np.bool_]], rows: int) -> None:
        """Add some rows: for each role the numbers in them, and which rows have one."""
        number = self.rows + np.arange(rows, dtype=np.float64)
        self.rows += rows
        step, has_step = cells.get("step"), present.get("step")
        epoch = cells.get("epoch")
        if step is None and epoch is not None:
            step, has_step = epoch, present["epoch"]
        for role in ("loss", "validation", "lr", "grad_norm"):
            if role not in cells:
                continue
            here = present[role]
            if role != "loss":
                here = here & np.isfinite(cells[role])
            if not here.any():
                continue
            value, row = cells[role][here], number[here]
            self._collector(self._by_row, role).add(row, value, row)
            if step is not None and has_step is not None:
                known = has_step[here]
                place = np.where(known, step[here], np.nan)
                self._collector(self._by_step, role).add(_filled(place), value, row)
                if role == "loss" and epoch is not None and "step" in cells:
                    self._note_order(epoch[here], step[here])

    def log(self) -> Log:
        """Return what was collected."""
        notes = list(self.roles.notes)
        chosen, by_row = self._by_step, self._by_row
        if "loss" not in by_row:
            raise LogError(f"the column {self.roles.named.get('loss', 'loss')!r} holds no number")
        if self.options.ignore_steps or "loss" not in chosen:
            chosen = by_row
        elif chosen["loss"].series().backwards is not None and self._repeats():
            notes.append("steps start again in each epoch: the entries were counted instead")
            chosen = by_row
        beside = {role: collector.series() for role, collector in chosen.items() if role != "loss"}
        return Log(chosen["loss"].series(), beside, tuple(notes))

    def _repeats(self) -> bool:
        # An epoch that stays the same for many rows, or a step that starts anew when the epoch rises.
        return "step" not in self.roles.named or ("epoch" in self.roles.named and self._in_order)

    def _note_order(self, epoch: Array, step: Array) -> None:
        pairs = np.stack([np.concatenate([[self._last[0]], epoch]), np.concatenate([[self._last[1]], step])])
        rises = np.diff(pairs[0]) > 0
        same = np.diff(pairs[0]) == 0
        self._in_order &= bool((rises | (same & (np.diff(pairs[1]) > 0))).all())
        if len(epoch):
            self._last = float(epoch[-1]), float(step[-1])

    @staticmethod
    def _collector(where: dict[str, Collector], role: str) -> Collector:
        return where.setdefault(role, Collector())


def refuse_lengths(lengths: dict[str, int]) -> None:
    """Refuse columns of different lengths: which entries belong together cannot be told."""
    if len(set(lengths.values())) > 1:
        each = ", ".join(f"{name!r} has {length:,}" for name, length in lengths.items())
        raise LogError(
            f"its columns have different lengths ({each}): fill the shorter ones with NaN where nothing was logged"
        )


def _filled(step: Array) -> Array:
    # A row without a step belongs to the row before it; the first rows, to the first step that is known.
    known = ~np.isnan(step)
    if known.all() or not known.any():
        return np.where(known, step, np.arange(len(step)))
    places = np.maximum.accumulate(np.where(known, np.arange(len(step)), -1))
    first = step[known][0]
    return np.where(places >= 0, step[np.maximum(places, 0)], first)
