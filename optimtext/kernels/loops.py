"""A rule as one compiled loop over the coordinates: each number is read once and written once.

NumPy passes over a vector once for every operation. The loops printed here do all operations of a rule on one
coordinate before they turn to the next, which is as fast as memory allows. Numba compiles them without any of the
liberties that compilers may take with arithmetic (no reordering, no fused multiply-add), so that the bits are NumPy's.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext.kernels.buffers import compiled, function, scalar_operands
from optimtext.kernels.program import Operation, Program, rule_program

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def print_loop(program: Program) -> str:
    """Return the source of the loop over the coordinates of one vector."""
    vectors = [name for name in program.arguments if name in program.vectors]
    slots = [name for name in vectors if name != "grad"]
    results = [name for name in program.results if program.is_vector(name)]
    body = [
        *(f"{name} = all_{name}[i]" for name in vectors),
        *(statement(operation) for operation in program.operations),
        *(f"all_{slot}[i] = {result}" for slot, result in zip(slots, results, strict=True)),
    ]
    lines = [f"for i in range(all_{vectors[0]}.size):", *(f"    {line}" for line in body)]
    return function("loop", [*(f"all_{name}" for name in vectors), *scalar_operands(program)], lines)


def statement(operation: Operation) -> str:
    """Return one operation as a line of Python."""
    if operation.function in _SIGNS:
        return f"{operation.target} = {f' {_SIGNS[operation.function]} '.join(operation.arguments)}"
    if operation.function in ("negative", "positive"):
        return f"{operation.target} = {'-' if operation.function == 'negative' else ''}{operation.arguments[0]}"
    return f"{operation.target} = {operation.function}({', '.join(operation.arguments)})"


@cache
def loop(cls: type, dtype: str) -> Callable[..., None]:
    """Return the compiled loop ``loop(theta, grad, *vectors, *numbers)``: vectors of one dimension, without gaps.

    Raises
    ------
    NoProgramError
        If the rule is outside the grammar.
    ImportError
        If Numba is missing.
    """
    import numba

    program, _ = rule_program(cls)
    number = numba.from_dtype(np.dtype(dtype))
    vectors = [name for name in program.arguments if name in program.vectors]
    # A gradient that may not be written is accepted as well as one that may.
    types = [numba.types.Array(number, 1, "C", readonly=name == "grad") for name in vectors]
    types += [number] * len(scalar_operands(program))
    return compile_with_numba(compiled(print_loop(program), "loop", callable_by_kernels()), numba.void(*types))


def callable_by_kernels() -> dict[str, Any]:
    """Return the functions that a kernel may call, by NumPy's names."""
    return {name: getattr(np, name) for name in ("sqrt", "absolute", "sign", "maximum", "minimum")}


def compile_with_numba(python: Callable[..., Any], signature: Any) -> Callable[..., Any]:
    """Compile a function for arguments of fixed types: a division by zero is NumPy's, and other threads may run."""
    import numba

    answer: Callable[..., Any] = numba.njit(signature, nogil=True, error_model="numpy", fastmath=False)(python)
    return answer


def run_loop(
    cls: type, vectors: list[NDArray[Any]], numbers: tuple[Any, ...], *, threads: int = 1, least: int = 1
) -> None:
    """Do one step of a rule on `vectors` (parameters, gradient, slots), in place, on so many threads.

    Coordinates do not meet in a rule, so the result does not depend on how the vector is cut; pieces shorter than
    `least` are not cut off.
    """
    dtype = vectors[0].dtype
    kernel = loop(cls, dtype.str)
    flat = [vector.reshape(-1) for vector in vectors]
    scalars = [dtype.type(number) for number in numbers]
    size = flat[0].size
    pieces = max(1, min(threads, size // max(1, least)))
    if pieces == 1:
        kernel(*flat, *scalars)
        return
    from threading import Thread

    edges = [size * i // pieces for i in range(pieces + 1)]
    cut = [[vector[start:stop] for vector in flat] for start, stop in pairwise(edges)]
    others = [Thread(target=kernel, args=(*piece, *scalars)) for piece in cut[1:]]
    for thread in others:
        thread.start()
    kernel(*cut[0], *scalars)
    for thread in others:
        thread.join()


@cache
def exact(cls: type) -> bool:
    """Whether IEEE arithmetic prescribes every bit of a rule's update."""
    return rule_program(cls)[0].exact
