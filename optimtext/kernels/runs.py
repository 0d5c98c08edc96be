"""A rule and a surface as one compiled run: the whole loop, from the first step to the last.

A step in Python costs microseconds, most of which go to finding out what is to be added to what. Where both rule and
surface are within the grammar, nothing is left to find out: their lines are printed one after another into one loop
over the steps, for two coordinates, and Numba compiles it. The loop records every step. It ends at the first point at
which something is not finite; all other judgments are made from the record, by the interpreted loop.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext.kernels.buffers import compiled
from optimtext.kernels.loops import callable_by_kernels, compile_with_numba
from optimtext.kernels.program import NoProgramError
from optimtext.kernels.run_source import RunSource

Array: TypeAlias = NDArray[np.float64]


class RunKernel:
    """The run of one kind of rule on one kind of surface.

    Parameters
    ----------
    rule : class of a rule
    surface : class of a surface

    Raises
    ------
    NoProgramError
        If a line of one of them is outside the grammar, or its bits are not prescribed by IEEE arithmetic.
    """

    def __init__(self, rule: type, surface: type) -> None:
        self.source = RunSource(rule, surface)
        self._one: Callable[..., int] | None = None
        self._many: Callable[..., None] | None = None

    def compile(self) -> None:
        """Compile what takes one run, unless that is done."""
        if self._one is None:
            import numba

            vector, table = numba.float64[::1], numba.float64[:, ::1]
            self._one = self._compiled("run", numba.int64(vector, vector, vector, table, vector, table))

    def compile_many(self) -> None:
        """Compile what takes many runs together, unless that is done."""
        if self._many is None:
            import numba

            vector, table = numba.float64[::1], numba.float64[:, ::1]
            held = len(self.source.state) + len(self.source.constants)
            self._many = self._compiled("runs", numba.void(table, *[vector] * (3 + held)))

    def _compiled(self, name: str, signature: Any) -> Callable[..., Any]:
        text = self.source.one if name == "run" else self.source.many
        names = {**callable_by_kernels(), **_arithmetic_of_python(), "isfinite": math.isfinite}
        return compile_with_numba(compiled(text, name, names), signature)

    def numbers(self, rule: Any, surface: Any) -> Array | None:
        """Return what stands after ``self.`` in the source, or None if that is not all plain numbers."""
        owners = {"rule": rule, "surface": surface}
        values = [getattr(owners[owner], name) for owner, name in self.source.constants]
        plain = all(isinstance(value, float) or (isinstance(value, int) and abs(value) <= 2**53) for value in values)
        return np.array(values, dtype=np.float64) if plain else None

    def pack(self, theta: Array, slots: Sequence[Any]) -> Array:
        """Return parameters and slots as one array of numbers."""
        long = self.source.long
        vectors = [np.broadcast_to(slot, (2,)) for slot, is_long in zip(slots, long, strict=True) if is_long]
        numbers = [float(slot) for slot, is_long in zip(slots, long, strict=True) if not is_long]
        return np.concatenate([theta, *vectors, numbers])

    def unpack(self, state: Array) -> tuple[Array, list[Any]]:
        """Return parameters and slots again."""
        first = 2 + 2 * sum(self.source.long)
        vectors, numbers = iter(state[2:first].reshape(-1, 2)), iter(state[first:])
        slots = [next(vectors).copy() if is_long else float(next(numbers)) for is_long in self.source.long]
        return state[:2].copy(), slots

    def advance(self, state: Array, numbers: Array, rates: Array, record: "Record") -> int:
        """Take ``rates.size`` steps from `state`, in place, recording each point before its step.

        Returns
        -------
        int
            The steps taken: fewer than asked for if a point was recorded at which something is not finite.
        """
        self.compile()
        assert self._one is not None, "it has just been compiled"
        n = rates.size
        return int(self._one(state, numbers, rates, record.theta[:n], record.loss[:n], record.grad[:n]))

    def advance_many(
        self, states: Array, numbers: Array, lrs: Array, rates: Array, losses: Array, doubtful: Array
    ) -> None:
        """Take as many steps as `losses` has rows, for all runs, whether or not they stay finite.

        Parameters
        ----------
        states, numbers : array, one row for each entry of a state, and for each number; one column a run
            The states are changed in place.
        lrs : array, one entry a run
            The rate of each run.
        rates : array, one entry a step, or empty
            In its place, the rates of all runs.
        losses : array, shape (steps, runs)
            Filled with the loss of each point before its step.
        doubtful : array, one entry a run
            Becomes NaN where something may not have been finite; it is certain elsewhere that all was.
        """
        self.compile_many()
        assert self._many is not None, "it has just been compiled"
        self._many(losses, doubtful, rates, lrs, *states, *numbers)


class Record:
    """Room for so many points of a run: parameters, losses, and gradients where the rule asked for them."""

    def __init__(self, length: int) -> None:
        self.theta, self.loss, self.grad = np.empty((length, 2)), np.empty(length), np.empty((length, 2))


@cache
def run_kernel(rule: type, surface: type) -> RunKernel | None:
    """Return the kernel of a kind of rule on a kind of surface, or None if there is none."""
    try:
        return RunKernel(rule, surface)
    except NoProgramError:
        return None


@cache
def _arithmetic_of_python() -> dict[str, Any]:
    # A rule's scalars are Python's numbers, which raise where arrays go on with inf or NaN.
    import numba

    def ratio_of_numbers(one, other):  # type: ignore[no-untyped-def]  # Numba finds the types
        if other == 0:
            raise ZeroDivisionError("division by zero")
        return one / other

    def root_of_number(number):  # type: ignore[no-untyped-def]
        if number < 0:
            raise ValueError("math domain error")
        return math.sqrt(number)

    return {helper.__name__: numba.njit(helper) for helper in (ratio_of_numbers, root_of_number)}
