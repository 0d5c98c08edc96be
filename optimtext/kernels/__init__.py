"""Fast programs made from the rules' own source; they change how long a step takes, and no bit of its result.

A rule is written once, as a few lines of arithmetic within the grammar of `optimtext.emit`. `Stepper`, `minimize` and
`sweep` take those lines apart and print them anew in the form that suits the work, without being asked:

* for a long vector, NumPy operations that write into places which exist already, block by block;
* the same as one compiled loop over the coordinates, if Numba is installed (the extra ``fast``);
* where the problem is a surface, the whole run as one compiled loop over the steps, if Numba is installed.

A kernel is compiled when that has become worth its price. Numba needs about a second for the first kernel of a process
and a fifth of one for each further kernel. So the kernel of a rule is compiled once the rule has cost that much without
it: about 25 steps of Adam over ten million parameters, or 60,000 steps of `minimize` on a surface, in all runs of the
process together. `prepare` compiles it at once, and `off` does without. Kernels are kept as long as the process lives.

Compiled code rounds as NumPy does: Numba may neither reorder additions nor fuse a product and a sum. Rules and surfaces
that call ``exp``, ``cos`` or ``sin``, whose last bit differs from library to library, are not compiled. A kernel raises
no floating-point warnings.
"""

from typing import Any

from optimtext import _checks
from optimtext.kernels.worth import available, off

__all__ = ["available", "off", "prepare", "set_threads", "threads"]

_threads = {"count": 1}


def threads() -> int:
    """Return how many threads a compiled step over a long vector may use."""
    return _threads["count"]


def set_threads(count: int) -> None:
    """Set how many threads a compiled step over a long vector may use.

    Parameters
    ----------
    count : int
        At least 1, which is what it is at first: gradients are often computed on all cores already. Vectors shorter
        than a few hundred thousand numbers are done by one thread anyway.

    Raises
    ------
    ValueError, TypeError
        If `count` is not an integer of at least 1.

    Notes
    -----
    The result does not depend on it, bit for bit, since coordinates do not meet in a rule.
    """
    _threads["count"] = _checks.integer("count", count, 1)


def prepare(rule: Any, problem: Any = None, *, dtype: Any = "float64") -> bool:
    """Compile a kernel now, whether or not the work to come is worth it.

    Parameters
    ----------
    rule : Rule, or class of one
        The rule.
    problem : surface, or class of one, optional
        For whole runs on this surface; by default for steps over long vectors.
    dtype : dtype, default float64
        Of the long vectors: float64 or float32.

    Returns
    -------
    bool
        Whether there is a kernel now. There is none if Numba is not installed, if `off` is in force, or if rule or
        surface is outside the grammar or calls ``exp``, ``cos`` or ``sin``.

    Raises
    ------
    TypeError
        If `dtype` is neither float64 nor float32.

    Examples
    --------
    >>> import optimtext as ot
    >>> ot.kernels.prepare(ot.Adam, ot.surfaces.Rosenbrock) == ot.kernels.available()
    True
    >>> ot.kernels.prepare(ot.Adam, ot.surfaces.Rastrigin)
    False
    """
    import numpy as np

    from optimtext.kernels import loops, runs, worth
    from optimtext.kernels.program import NoProgramError

    name = np.dtype(dtype).str
    if name not in (np.dtype(np.float64).str, np.dtype(np.float32).str):
        raise TypeError(f"dtype must be float64 or float32, got {dtype!r}")
    if not available():
        return False
    cls = rule if isinstance(rule, type) else type(rule)
    if problem is None:
        try:
            if not loops.exact(cls):
                return False
        except NoProgramError:
            return False
        worth.compile_once((cls, name), lambda: loops.loop(cls, name))
        return True
    surface = problem if isinstance(problem, type) else type(problem)
    kernel = runs.run_kernel(cls, surface)
    if kernel is None:
        return False
    worth.compile_once((cls, surface), kernel.compile)
    worth.compile_once((cls, surface, "many"), kernel.compile_many)
    return True
