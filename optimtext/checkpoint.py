"""Checkpoints: the state of a stepper in one file that is either whole or refused.

A checkpoint is an ``npz`` archive without pickled objects: a ``header`` of JSON text, the parameters ``theta``, and
each slot under ``slot_`` and its name. `Stepper.save` and `Stepper.load` are how to use it.
"""

import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "optimtext stepper"
VERSION = 1

# What NumPy and the standard library raise for an archive with bytes missing or changed.
_TORN = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError, RuntimeError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def write(file: "str | os.PathLike[str]", rule: str, t: int, theta: NDArray[Any], slots: dict[str, Any]) -> None:
    """Write a state to `file`, replacing an older one only when the new one is whole and on the disk."""
    # A float of Python's is no array of NumPy's: it leaves the precision of an expression to the arrays in it.
    plain = {name: type(slot).__name__ for name, slot in slots.items() if type(slot) in (int, float)}
    header = {"format": FORMAT, "version": VERSION, "rule": rule, "t": t, "slots": list(slots), "plain": plain}
    arrays = {f"slot_{name}": np.asarray(slot) for name, slot in slots.items()}
    path = Path(os.path.realpath(file))  # a link stays, what it points to is replaced
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        with beside.open("xb") as stream:
            # The stubs of NumPy take any keyword for the flag allow_pickle, which none of ours is.
            np.savez(stream, header=np.array(json.dumps(header)), theta=theta, **arrays)  # type: ignore[arg-type]
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def read(file: "str | os.PathLike[str]", rule: str, names: list[str]) -> tuple[int, NDArray[Any], list[Any]]:
    """Return the number of steps, the parameters and the slots that `write` wrote for such a rule."""
    path = Path(file)
    with path.open("rb") as stream:
        try:
            header, arrays = _contents(stream)
            state = _checked(header, arrays)
        except _TORN as error:
            raise ValueError(
                f"file must be a whole checkpoint written by Stepper.save, got {str(path)!r}: {error!s}"
            ) from None
    if (header["rule"], header["slots"]) != (rule, names):
        raise ValueError(
            f"rule must be of the kind whose state {str(path)!r} holds, {header['rule']} with the slots "
            f"{header['slots']}, got {rule} with the slots {names}"
        )
    return state


def _contents(stream: Any) -> tuple[Any, dict[str, NDArray[Any]]]:
    with zipfile.ZipFile(stream) as archive:
        torn = archive.testzip()  # checksums first: nothing that was changed on the way is interpreted
        if torn is not None:
            raise ValueError(f"the checksum of {torn} is wrong")
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    header = json.loads(str(arrays.pop("header")[()]))
    if header["format"] != FORMAT or header["version"] != VERSION:
        raise ValueError(f"it is of format {header['format']!r}, version {header['version']!r}")
    return header, arrays


def _checked(header: Any, arrays: dict[str, NDArray[Any]]) -> tuple[int, NDArray[Any], list[Any]]:
    theta, t, slots = arrays["theta"], header["t"], []
    if theta.dtype.kind != "f" or theta.size == 0 or type(t) is not int or t < 0:
        raise ValueError(f"it holds parameters of dtype {theta.dtype} and shape {theta.shape} after {t} steps")
    for name in header["slots"]:
        slot = arrays[f"slot_{name}"]
        if np.broadcast_shapes(slot.shape, theta.shape) != theta.shape or slot.dtype.kind not in "fi":
            raise ValueError(f"its slot {name} has dtype {slot.dtype} and shape {slot.shape}, not {theta.shape}")
        if name in header["plain"]:
            slots.append({"float": float, "int": int}[header["plain"][name]](slot))
        else:
            slots.append(slot if slot.ndim else slot[()])
    return t, theta, slots
