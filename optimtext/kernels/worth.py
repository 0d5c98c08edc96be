"""When to compile: as soon as compiling would have been cheaper than what has been spent without it.

Numba takes about a second before it has compiled its first kernel, and a fifth of one for each after that. A run of a
thousand steps is over long before. So each kernel keeps an account: what its rule has cost so far without it. When the
account has reached the price of a compilation, the kernel is compiled, and from then on it is used. However long the
work turns out to be, it never takes much more than twice what the better choice would have taken.
"""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cache

FIRST, FURTHER = 1.0, 0.2  # seconds to import Numba and compile one kernel; to compile another

_spent: dict[Hashable, float] = {}  # seconds without a kernel, by kernel
_compiled: set[Hashable] = set()
_lock = threading.Lock()  # two threads need not compile the same
_switches = {"on": True}


@cache
def importable() -> bool:
    """Whether Numba can be imported here, which takes a moment to find out."""
    try:
        import numba  # noqa: F401  # whether it can be, is the question
    except ImportError:
        return False
    return True


def available() -> bool:
    """Whether kernels are used: Numba is installed, and they have not been switched off."""
    return _switches["on"] and importable()


@contextmanager
def off() -> Iterator[None]:
    """Do without compiled kernels inside a ``with`` block, as if Numba were not installed; for all threads."""
    before, _switches["on"] = _switches["on"], False
    try:
        yield
    finally:
        _switches["on"] = before


def patience(kernel: Hashable) -> float:
    """Return how many more seconds to do without a kernel; zero if it is to be used now, infinity if never."""
    if not _switches["on"]:
        return float("inf")
    if kernel in _compiled:
        return 0.0
    left = (FURTHER if _compiled else FIRST) - _spent.get(kernel, 0.0)
    if left > 0:
        return left
    return 0.0 if importable() else float("inf")


def spend(kernel: Hashable, seconds: float) -> None:
    """Enter into the account of a kernel what its rule cost without it."""
    _spent[kernel] = _spent.get(kernel, 0.0) + seconds


def compile_once(kernel: Hashable, work: Callable[[], object]) -> None:
    """Compile a kernel, unless that is done."""
    if kernel not in _compiled:
        with _lock:
            work()
            _compiled.add(kernel)
