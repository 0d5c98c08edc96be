"""The store of a sweep: one line a finished run, each with its own checksum, appended and forced to the disk.

The first line says which sweep it belongs to. Whatever stops a sweep, its store is whole up to the last line, and a
torn last line is recognized, cut off and its run done again. A file that is no store of this very sweep is refused and
left as it is; so is a store that another sweep is writing to.
"""

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from optimtext.stopping import StopReason
from optimtext.sweeps.outcomes import Outcome

FORMAT = "optimtext sweep"
VERSION = 1

_in_use: set[str] = set()  # by this process, to which its own lock is no hindrance


class Store:
    """A store that is open and locked: ``outcomes`` are the runs that it held, by index.

    Parameters
    ----------
    path : path
        A new file, an empty one, or the store of the same sweep.
    fingerprint : dict of str
        What tells this sweep from others, part by part.
    shape : tuple of int
        Shape of the parameters of one run.
    runs : int
        Number of runs of the sweep.
    """

    def __init__(self, path: "str | os.PathLike[str]", fingerprint: dict[str, str], shape: Any, runs: int) -> None:
        self._path = str(Path(path).resolve())
        self._shape, self._runs = shape, runs
        header = {"format": FORMAT, "version": VERSION, "sweep": fingerprint}
        # Asked before the file is opened: to close a file a second time open would give up the first one's lock.
        busy = f"store is in use by another sweep: {self._path!r}; give each sweep a file of its own"
        if self._path in _in_use:
            raise ValueError(busy)
        self._stream: BinaryIO = Path(path).open("a+b")  # noqa: SIM115  # closed by `close`, which a sweep always calls
        _in_use.add(self._path)
        try:
            try:
                _lock_file(self._stream)
            except OSError as error:
                raise ValueError(busy) from error
            self.outcomes = self._read(header)
        except BaseException:
            self.close()
            raise

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Add finished runs; when this returns they are on the disk."""
        self._write(b"".join(_line("run", _packed(outcome)) for outcome in outcomes))

    def close(self) -> None:
        """Close the file, which gives the lock up."""
        self._stream.close()
        _in_use.discard(self._path)

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def _read(self, header: dict[str, Any]) -> dict[int, Outcome]:
        self._stream.seek(0)
        content = self._stream.read()
        first = _line("sweep", header)
        if first.startswith(content):  # new, empty, or torn in its very first line
            self._stream.truncate(0)
            self._write(first)
            return {}
        lines = content.splitlines(keepends=True)
        self._check_header(_opened("sweep", lines[0]), header)
        outcomes: dict[int, Outcome] = {}
        for line in lines[1:]:
            record = _opened("run", line)
            # A damaged line counts for nothing, so that its run is done again.
            if record is not None and 0 <= record["index"] < self._runs:
                outcome = _unpacked(record, self._shape)
                outcomes[outcome.index] = outcome
        if _opened("run", lines[-1]) is None and len(lines) > 1:
            self._stream.truncate(len(content) - len(lines[-1]))
        return outcomes

    def _check_header(self, found: Any, header: dict[str, Any]) -> None:
        if found is None or found.get("format") != FORMAT:
            raise ValueError(f"store must be a new file or the store of a sweep, and is neither: {self._path!r}")
        if found["version"] != VERSION:
            raise ValueError(f"store is of version {found['version']!r}, and this is version {VERSION}: {self._path!r}")
        theirs, ours = found["sweep"], header["sweep"]
        other = [name for name in {**ours, **theirs} if theirs.get(name) != ours.get(name)]
        if other:
            raise ValueError(
                f"store belongs to another sweep, which differs in {', '.join(other)}: {self._path!r}; give each "
                "sweep a file of its own"
            )


def _line(kind: str, record: dict[str, Any]) -> bytes:
    return json.dumps({kind: record, "check": _checksum(record)}).encode() + b"\n"


def _checksum(record: Any) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]


def _opened(kind: str, line: bytes) -> Any:
    # None for a line that is not whole, or not as it was written.
    with contextlib.suppress(ValueError, LookupError, TypeError):
        content = json.loads(line)
        if line.endswith(b"\n") and content["check"] == _checksum(content[kind]):
            return content[kind]
    return None


def _packed(outcome: Outcome) -> dict[str, Any]:
    return {
        "index": outcome.index,
        "theta": _text(outcome.theta),
        "loss": outcome.loss.hex(),
        "steps": outcome.steps,
        "reason": outcome.reason.value,
        "message": outcome.message,
        "evaluations": outcome.evaluations,
        "losses": _text(outcome.losses),
    }


def _unpacked(record: dict[str, Any], shape: Any) -> Outcome:
    return Outcome(
        index=record["index"],
        theta=_array(record["theta"]).reshape(shape),
        loss=float.fromhex(record["loss"]),
        steps=record["steps"],
        reason=StopReason(record["reason"]),
        message=record["message"],
        evaluations=record["evaluations"],
        losses=_array(record["losses"]),
    )


def _text(array: NDArray[Any]) -> list[str]:
    little = array.astype(array.dtype.newbyteorder("<"))
    return [little.dtype.str, base64.b64encode(little.tobytes()).decode()]


def _array(text: list[str]) -> NDArray[Any]:
    array = np.frombuffer(base64.b64decode(text[1]), dtype=text[0])
    return array.astype(array.dtype.newbyteorder("="))  # a copy, which the caller may write to


def _lock_file(stream: BinaryIO) -> None:
    # Locks of the system are given up when their process ends, however it ends. Those of `lockf` do not pass on to
    # worker processes, which may outlive a sweep that was killed.
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        stream.seek(2**62)  # a byte that is never written to, because locked bytes cannot be read either
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
