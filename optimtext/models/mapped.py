"""Rows of a memory-mapped file, without the file itself coming to lie in memory."""

import mmap
import os
import weakref
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

# Pages that were looked at through a map count as this process's memory; after so many bytes they are handed back.
_LENT_BYTES = 2**23


class MappedRows:
    """Reads rows of a map: neighbors through the map, scattered ones one by one from the file.

    Through the map, one row would bring a whole page with it, and on some systems 2 MB of pages: a batch of a few
    hundred scattered rows would hold half the file. So where the map only reads, and the numbers of a row lie side by
    side, scattered rows are read like any file.
    """

    def __init__(self, view: Array, root: Any) -> None:
        self._view, self._root, self._lent, self._file = view, root, 0, -1
        if getattr(root, "mode", None) != "r" or not root.filename or not hasattr(os, "preadv"):
            return
        if view.strides[1:] not in ((), (view.itemsize,)):
            return
        try:
            self._file = os.open(root.filename, os.O_RDONLY)
        except OSError:  # removed since it was mapped; the map still has it
            return
        weakref.finalize(self, os.close, self._file)
        self._start = root.offset + view.ctypes.data - root.ctypes.data

    def __reduce__(self) -> Any:
        """Travel to another process as the name of the file, if it is one that is only read."""
        if self._file < 0:
            return type(self), (self._view, None)
        view = self._view
        return _reopened, (str(self._root.filename), view.dtype, view.shape, view.strides, self._start)

    def take(self, rows: Array) -> Array:
        """Return a copy of the rows with these indices."""
        if self._file < 0:
            taken: Array = self._view[rows]
            self._count(len(rows) * mmap.PAGESIZE)
            return taken
        n = len(self._view)
        beyond = rows[(rows < -n) | (rows >= n)]
        if beyond.size:
            raise IndexError(f"index {beyond[0]} is out of bounds for axis 0 with size {n}")
        found = np.empty((len(rows), *self._view.shape[1:]), dtype=self._view.dtype)
        width, stride = found[0].nbytes, self._view.strides[0]
        memory = found.reshape(-1).view(np.uint8).data
        places = (np.where(rows < 0, rows + n, rows).astype(np.int64) * stride + self._start).tolist()
        for at, place in zip(range(0, found.nbytes, width), places, strict=True):
            if os.preadv(self._file, [memory[at : at + width]], place) != width:
                raise OSError(f"{self._root.filename} has become shorter than it was when it was mapped")
        return found

    def between(self, start: int, stop: int) -> Array:
        """Return neighboring rows, as a view of the map: use them before the next call."""
        rows = self._view[start:stop]
        self._count(rows.nbytes)
        return rows

    def _count(self, size: int) -> None:
        self._lent += size
        base = getattr(self._root, "base", None)
        # Only of a map that reads: of one opened copy-on-write (mode "c"), pages may hold changes found nowhere else.
        if self._lent > _LENT_BYTES and hasattr(mmap, "MADV_DONTNEED") and isinstance(base, mmap.mmap):
            self._lent = 0
            if self._root.mode == "r":
                base.madvise(mmap.MADV_DONTNEED)


def mapped_rows(array: "np.memmap[Any, Any]") -> MappedRows:
    """Return the reader of a map, or of a view of one."""
    root: Any = array
    while isinstance(root.base, np.memmap):
        root = root.base
    return MappedRows(array.view(np.ndarray), root if isinstance(root.base, mmap.mmap) else None)


def _reopened(filename: str, dtype: Any, shape: Any, strides: Any, start: int) -> MappedRows:
    root: Any = np.memmap(filename, dtype=np.uint8, mode="r")
    return MappedRows(np.ndarray(shape, dtype=dtype, buffer=root, offset=start, strides=strides), root)
