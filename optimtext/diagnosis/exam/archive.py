"""The exam as it is kept: every run's log, how it was made, and its right answers, in one compressed file."""

import dataclasses
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.exam.problems import held_out
from optimtext.diagnosis.exam.recipe import Recipe
from optimtext.diagnosis.exam.runs import Log

FILE = "clinic_runs.npz"
_COLUMNS = ("loss", "validation", "lr", "grad_norm")


@dataclass(frozen=True)
class Case:
    """A run of the exam.

    Attributes
    ----------
    recipe : Recipe
        How it was made.
    log : Log
        What is handed to the diagnosis.
    labels : frozenset of str
        The right main findings: one, or several where the run lies between definitions.
    """

    recipe: Recipe
    log: Log
    labels: frozenset[str]

    @property
    def held_out(self) -> bool:
        """Whether its model or its data set was not looked at while the diagnosis was written."""
        return held_out(self.recipe.model, self.recipe.data)

    @property
    def settled(self) -> bool:
        """Whether one answer is right, or only the two that call for no action."""
        return len(self.labels) == 1 or self.labels == {"converged", "healthy"}


def save(cases: Sequence[Case], path: Path) -> None:
    """Write cases to a file."""
    columns: dict[str, list[NDArray[np.float32]]] = {name: [] for name in _COLUMNS}
    described = []
    for case in cases:
        lengths = {}
        for name in _COLUMNS:
            values = getattr(case.log, name)
            if values is not None:
                lengths[name] = len(values)
                columns[name].append(values.astype(np.float32))
        recipe = {
            field.name: getattr(case.recipe, field.name)
            for field in dataclasses.fields(Recipe)
            if field.default is dataclasses.MISSING or getattr(case.recipe, field.name) != field.default
        }
        described.append({"recipe": recipe, "labels": sorted(case.labels), "lengths": lengths})
    # Bytes of equal weight side by side, exponents with exponents, compress better.
    arrays: dict[str, Any] = {
        name: np.concatenate(parts).view(np.uint8).reshape(-1, 4).T.copy() for name, parts in columns.items() if parts
    }
    text = np.frombuffer(json.dumps(described, separators=(",", ":")).encode(), dtype=np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, described=text, **arrays)


def load() -> list[Case]:
    """Return the exam's runs, those of the training part first.

    Examples
    --------
    >>> cases = load()
    >>> len(cases) >= 300, sorted({case.held_out for case in cases})
    (True, [False, True])
    """
    packed = (files("optimtext") / "data" / FILE).read_bytes()
    with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
        described = json.loads(archive["described"].tobytes())
        columns = {name: _unpacked(archive[name]) for name in _COLUMNS}
    used = dict.fromkeys(_COLUMNS, 0)
    cases = []
    for one in described:
        log: dict[str, Any] = dict.fromkeys(_COLUMNS)
        for name, length in one["lengths"].items():
            log[name] = columns[name][used[name] : used[name] + length]
            used[name] += length
        recipe = one["recipe"]
        recipe.update({name: tuple(recipe[name]) for name in ("glitches", "columns") if name in recipe})
        cases.append(Case(Recipe(**recipe), Log(**log), frozenset(one["labels"])))
    return cases


def _unpacked(planes: NDArray[np.uint8]) -> NDArray[np.float64]:
    return planes.T.copy().view(np.float32).reshape(-1).astype(np.float64)
