"""TensorBoard's event files, where its reader is installed; an event at a time."""

from pathlib import Path
from typing import Any

import numpy as np

from optimtext.diagnosis.readers.columns import MOST, guess
from optimtext.diagnosis.readers.log import Log, LogError, Options, Progress
from optimtext.diagnosis.stream import Collector


def event_files(path: Path) -> list[Path]:
    """Return the event files of a run: the file itself, or those of a folder."""
    if path.is_dir():
        found = sorted(path.rglob("*tfevents*"))
        if not found:
            raise LogError("it is a folder without event files of TensorBoard")
        folders = {file.parent for file in found}
        if len(folders) > 1:
            shown = ", ".join(sorted(str(folder.relative_to(path)) or "." for folder in folders)[:5])
            raise LogError(f"it holds the event files of several runs, in {shown}: name one of these folders")
        return found
    return [path]


def read_events(path: Path, options: Options, progress: Progress) -> Log:
    """Read the scalars of an event file, or of a folder with those of one run."""
    files = event_files(path)
    try:
        from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
        from tensorboard.util import tensor_util
    except ImportError:
        raise LogError(
            "it is a TensorBoard event file, which the package tensorboard reads: install it with pip install "
            "tensorboard"
        ) from None
    tags: dict[str, Collector] = {}
    for file in files:
        for event in EventFileLoader(str(file)).Load():
            for value in event.summary.value if event.HasField("summary") else ():
                number = _scalar(value, tensor_util)
                if number is not None:
                    tags.setdefault(value.tag, Collector()).one(float(event.step), number)
            if len(tags) > MOST:
                raise LogError(f"it has more than {MOST:,} tags: name the folder of a single run")
        progress(file.stat().st_size)
    if not tags:
        raise LogError("it holds no scalars, or is cut off before the first")
    said = options.said()
    named = guess(list(tags), said)
    columns = {role: tags[name].series() for role, name in named.named.items() if role not in ("step", "epoch")}
    return Log(columns.pop("loss"), columns, named.notes)


def _scalar(value: Any, tensor_util: Any) -> float | None:
    if value.HasField("simple_value"):
        return float(value.simple_value)
    if not value.HasField("tensor"):
        return None
    array = tensor_util.make_ndarray(value.tensor)
    return float(array) if array.ndim == 0 and np.issubdtype(array.dtype, np.number) else None
