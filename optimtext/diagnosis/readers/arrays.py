"""NumPy files: one array of losses, or an archive with a column by name."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.readers.columns import MOST, Roles, guess
from optimtext.diagnosis.readers.log import Columns, Log, LogError, Options, Progress, refuse_lengths

_ROWS = 1 << 18


def read_npy(path: Path, options: Options, progress: Progress) -> Log:
    """Read an array of losses, mapped and not loaded."""
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise LogError(f"it is no complete NumPy file: {error}") from None
    if array.ndim == 2 and 1 in array.shape:
        array = array.reshape(-1)
    if array.ndim != 1 or array.dtype.kind not in "iuf":
        raise LogError(
            f"it holds an array of shape {array.shape} and type {array.dtype}; a log has one dimension of numbers"
        )
    return _of_columns({"loss": array}, Roles({"loss": "loss"}), options, progress)


def read_npz(path: Path, options: Options, progress: Progress) -> Log:
    """Read an archive of columns, as ``numpy.savez(path, loss=…, validation=…)`` writes it."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if len(archive.files) > MOST:
                raise LogError(f"it holds {len(archive.files):,} arrays: no training log")
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        raise LogError(f"it is no complete NumPy archive: {error}") from None
    columns = {name: array for name, array in arrays.items() if array.ndim == 1 and array.dtype.kind in "iuf"}
    if not columns:
        raise LogError(f"it holds no array of one dimension of numbers among {sorted(arrays)}")
    said = options.said()
    if "validation" in columns:
        said["validation"] = said["validation"] or "validation"
    roles = guess(list(columns), said)
    chosen = {role: columns[name] for role, name in roles.named.items()}
    refuse_lengths({name: len(columns[name]) for name in roles.named.values()})
    return _of_columns(chosen, roles, options, progress)


def _of_columns(arrays: dict[str, NDArray[np.generic]], roles: Roles, options: Options, progress: Progress) -> Log:
    columns = Columns(roles, options)
    n = len(next(iter(arrays.values())))
    for start in range(0, n, _ROWS):
        cells = {role: np.asarray(array[start : start + _ROWS], dtype=np.float64) for role, array in arrays.items()}
        rows = min(_ROWS, n - start)
        present = {role: np.isfinite(values) | (role == "loss") for role, values in cells.items()}
        columns.add(cells, present, rows)
        progress(min(start + _ROWS, n) * sum(array.itemsize for array in arrays.values()))
    return columns.log()
