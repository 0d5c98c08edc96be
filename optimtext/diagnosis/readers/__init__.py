"""Readers of the logs that people have; `read` finds out which one a file needs."""

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import IO, Any

from optimtext.diagnosis.readers.arrays import read_npy, read_npz
from optimtext.diagnosis.readers.columns import ColumnError
from optimtext.diagnosis.readers.json_logs import read_json
from optimtext.diagnosis.readers.log import Log, LogError, Options, Progress
from optimtext.diagnosis.readers.table import read_table
from optimtext.diagnosis.readers.tensorboard import read_events

__all__ = ["Log", "LogError", "Options", "read"]

_SNIFFED = 1 << 16
_CONTROL = bytes(sorted({*range(32), 127} - {7, 8, 9, 10, 12, 13, 27}))


def read(source: "str | Path | IO[bytes]", options: Options | None = None, progress: Progress | None = None) -> Log:
    r"""Read a training log.

    Parameters
    ----------
    source : path or binary file
        A file, a folder with TensorBoard's event files, ``"-"`` for standard input, or an open binary file. Formats are
        told by content, not by name: tables with any separator (CSV as Keras and Lightning write it), JSON lines, JSON
        documents (Hugging Face's ``trainer_state.json`` among them), NumPy files, TensorBoard's events; any text may be
        compressed with gzip.
    options : Options, optional
        Names of columns and the like, where guessing is not enough.
    progress : function of int, optional
        Called with the number of bytes read so far, now and then.

    Returns
    -------
    Log

    Raises
    ------
    LogError
        If the log cannot be read: one sentence that says why and what to do.

    Examples
    --------
    >>> import io
    >>> log = read(io.BytesIO(b"epoch,loss,val_loss\n0,2.0,2.1\n1,1.0,1.3\n"))
    >>> log.loss.value.tolist(), log.beside["validation"].value.tolist()
    ([2.0, 1.0], [2.1, 1.3])
    """
    options, progress = options or Options(), progress or (lambda _: None)
    try:
        if not isinstance(source, (str, Path)):
            return _text(source, options, progress)
        if str(source) == "-":
            return _text(sys.stdin.buffer, options, progress)
        path = Path(source)
        if path.is_dir():
            return read_events(path, options, progress)
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
        if start.startswith(b"\x93NUMPY"):
            return read_npy(path, options, progress)
        if start.startswith(b"PK\x03\x04"):
            return read_npz(path, options, progress)
        if "tfevents" in path.name:
            return read_events(path, options, progress)
        with path.open("rb") as file:
            return _text(file, options, progress)
    except ColumnError as error:
        raise LogError(str(error)) from None
    except FileNotFoundError:
        raise LogError("there is no such file") from None
    except PermissionError:
        raise LogError("it may not be read: permission denied") from None
    except OSError as error:
        raise LogError(f"it cannot be read: {error.strerror or error}") from None
    except (EOFError, zlib.error) as error:  # a compressed file that ends early, or is spoiled
        raise LogError(f"it is cut off: {error}") from None


def _text(file: IO[bytes], options: Options, progress: Progress) -> Log:
    stream: io.BufferedReader[Any] = io.BufferedReader(_Ahead(file), buffer_size=_SNIFFED)
    start = stream.peek(_SNIFFED)
    if start.startswith(b"\x1f\x8b"):
        stream = io.BufferedReader(gzip.GzipFile(fileobj=stream), buffer_size=_SNIFFED)
        start = stream.peek(_SNIFFED)
    if not start.strip():
        raise LogError("it is empty")
    encoding = "utf-8-sig"
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif len(start.translate(None, _CONTROL)) < 0.98 * len(start):
        raise LogError("it is binary, and of no kind that is known here")
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and encoding != "utf-16":
        return read_json(text, options, progress)
    return read_table(text, options, progress)


class _Ahead(io.RawIOBase):
    """A binary file as a raw stream, so that its beginning can be looked at without being lost."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # any writable buffer
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
