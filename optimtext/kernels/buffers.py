"""A rule for NumPy that makes no arrays: every operation writes into a place that exists already.

NumPy makes a new array for each ``+`` and ``*``, and at the lengths at which the stepper walks a long vector that costs
as much as the arithmetic. The functions printed here name a place for every intermediate result: the slot that it will
end in where that can be, else one of a few buffers, which are used again as soon as what they hold is no longer needed.
"""

import ast
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from optimtext.kernels.program import Operation, Program, rule_program


class Blockwise(NamedTuple):
    """A rule in two functions, and what to call them with.

    Attributes
    ----------
    scalars : function
        ``scalars(self, lr, *slots)`` returns the numbers that a step needs once, then the slots that are numbers; the
        slots that are vectors may be anything.
    block : function
        ``block(theta, grad, *vectors, *numbers, *buffers)`` does the rest, in place, for a block of the vector.
    buffers : int
        How many buffers it wants, each as long as a block.
    long : tuple of bool
        For each slot, whether it is a vector.
    """

    scalars: Callable[..., tuple[tuple[Any, ...], tuple[Any, ...]]]
    block: Callable[..., None]
    buffers: int
    long: tuple[bool, ...]


@cache
def blockwise(cls: type) -> Blockwise:
    """Return a rule's update as functions that work in place.

    Raises
    ------
    NoProgramError
        If the rule is outside the grammar.
    """
    program, long = rule_program(cls)
    source, buffers = print_block(program)
    functions = {operation.function: getattr(np, operation.function) for operation in program.operations}
    names = {**functions, "copyto": np.copyto, "positive": np.positive}
    return Blockwise(scalars_of(program), compiled(source, "block", names), buffers, long)


def scalars_of(program: Program) -> Callable[..., tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Return the function that computes what is the same for all coordinates."""
    lines = [f"{scalar.target} = {ast.unparse(scalar.value)}" for scalar in program.scalars]
    numbers, slots = scalar_operands(program), [name for name in program.results if not program.is_vector(name)]
    lines.append(f"return ({_listed(numbers)}), ({_listed(slots)})")
    arguments = ("self", *program.arguments[2:])
    return compiled(function("scalars", arguments, lines), "scalars", program.functions)


def scalar_operands(program: Program) -> list[str]:
    """Return the names of the numbers that the operations on vectors use, in the order of their use."""
    used = [name for operation in program.operations for name in operation.arguments]
    return list(dict.fromkeys(name for name in used if not program.is_vector(name)))


def print_block(program: Program) -> tuple[str, int]:
    """Return the source of the function for one block, and how many buffers it wants."""
    places = _Places(program)
    lines = places.lines()
    buffers = [f"buffer_{i}" for i in range(places.count)]
    vectors = [name for name in program.arguments if name in program.vectors]
    return function("block", [*vectors, *scalar_operands(program), *buffers], lines), places.count


class _Places:
    """Where each intermediate result is kept."""

    def __init__(self, program: Program) -> None:
        self.program = program
        homes = [name for name in program.arguments if name in program.vectors and name != "grad"]
        vectors = [name for name in program.results if program.is_vector(name)]
        self.final = dict(zip(homes, vectors, strict=True))  # slot: the name of its last value
        self.operations = [*program.operations, *self.copies()]
        self.last = {name: i for i, operation in enumerate(self.operations) for name in operation.arguments}
        self.last |= dict.fromkeys(self.final.values(), len(self.operations))
        self.place = {name: name for name in program.vectors}
        self.free: list[str] = []
        self.count = 0

    def copies(self) -> list[Operation]:
        # A slot whose new value is the old one of another, or shared with another, gets a copy of it.
        extra, seen = [], set()
        for home, name in self.final.items():
            if name in seen or (name in self.program.vectors and name != home):
                self.final[home] = f"copy of {name} for {home}"
                extra.append(Operation(self.final[home], "positive", (name,)))
            seen.add(name)
        return extra

    def lines(self) -> list[str]:
        lines = []
        for i, operation in enumerate(self.operations):
            arguments = [self.place.get(name, name) for name in operation.arguments]
            dying = [name for name in dict.fromkeys(operation.arguments) if self.last.get(name) == i]
            released = [self.place[name] for name in dying if name in self.place and self.place[name] != "grad"]
            where = self.choose(operation.target, released, i)
            self.place[operation.target] = where
            self.free += [place for place in released if place != where and place not in self.final]
            lines.append(f"{operation.function}({', '.join(arguments)}, out={where})")
        for home, name in self.final.items():
            if self.place[name] != home:
                lines.append(f"copyto({home}, {self.place[name]})")
        return lines or ["pass"]

    def choose(self, target: str, released: list[str], now: int) -> str:
        home = next((slot for slot, name in self.final.items() if name == target), None)
        if home is not None and self.is_open(home, released, now):
            return home
        for place in released:
            # A slot may serve as a buffer only until its own last value comes.
            if place not in self.final or (home is None and self.last[target] <= self.arrival(place)):
                return place
        if self.free:
            return self.free.pop()
        self.count += 1
        return f"buffer_{self.count - 1}"

    def is_open(self, slot: str, released: list[str], now: int) -> bool:
        holds = [name for name, place in self.place.items() if place == slot and self.last.get(name, -1) >= now]
        return not holds or slot in released

    def arrival(self, slot: str) -> int:
        return next(
            (i for i, operation in enumerate(self.operations) if operation.target == self.final[slot]),
            len(self.operations),
        )


def function(name: str, arguments: Any, lines: list[str]) -> str:
    """Return the source of a function."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"def {name}({', '.join(arguments)}):\n{body}\n"


def compiled(source: str, name: str, names: dict[str, Any]) -> Callable[..., Any]:
    """Return a function from its source, with what it may call."""
    namespace: dict[str, Any] = dict(names)
    exec(compile(source, f"<made by optimtext: {name}>", "exec"), namespace)  # noqa: S102  # printed from the grammar
    answer: Callable[..., Any] = namespace[name]
    return answer


def _listed(names: list[str]) -> str:
    return "".join(f"{name}, " for name in names)
