"""A method of the grammar as a list of single operations: what every program made from a rule is printed from.

A rule's line such as ``v = self.beta2 * v + (1 - self.beta2) * grad * grad`` holds numbers of two kinds. Some are the
same for every coordinate (``self.beta2``, the rate, a running power): they are computed once a step. The others differ
from coordinate to coordinate. Here each line is taken apart into scalars and operations on vectors, in the order in
which Python would compute them, so that whatever is printed from the list has the same bits.
"""

import ast
import copy
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from optimtext.grammar import GrammarError, Method, read

OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
# What IEEE arithmetic prescribes to the last bit, so that NumPy and a compiler agree; exp, cos and sin are not of it.
EXACT = frozenset(
    {"add", "subtract", "multiply", "divide", "negative", "positive", "sqrt", "absolute", "sign", "maximum", "minimum"}
)


# Names that a printed program has for its own use.
_TAKEN = EXACT | {"copyto", "i"}
_TAKEN_PREFIXES = ("all_", "buffer_")


class NoProgramError(ValueError):
    """The method cannot be taken apart; it is run as it stands."""


@dataclass(frozen=True)
class Scalar:
    """A number that is the same for all coordinates; `value` refers to earlier ones and to ``self.`` only."""

    target: str
    value: ast.expr


@dataclass(frozen=True)
class Operation:
    """One operation on vectors, by the name of NumPy's function."""

    target: str
    function: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Program:
    """A method, taken apart.

    Attributes
    ----------
    arguments : tuple of str
        Names of the arguments.
    vectors : frozenset of str
        Those of them that differ from coordinate to coordinate.
    scalars : tuple of Scalar
        What is computed once, in order.
    operations : tuple of Operation
        What is computed for each coordinate, in order.
    results : tuple of str
        Names of what is returned.
    functions : dict
        What the scalars call, by name: the very functions that the method calls.
    """

    arguments: tuple[str, ...]
    vectors: frozenset[str]
    scalars: tuple[Scalar, ...]
    operations: tuple[Operation, ...]
    results: tuple[str, ...]
    functions: dict[str, Any]

    def is_vector(self, name: str) -> bool:
        """Tell whether a name stands for something that differs from coordinate to coordinate."""
        return name in self.vectors or any(operation.target == name for operation in self.operations)

    @property
    def exact(self) -> bool:
        """Whether IEEE arithmetic prescribes every bit of the result."""
        called = {call.func.id for scalar in self.scalars for call in _calls(scalar.value)}
        return {*(operation.function for operation in self.operations)} <= EXACT and not called & {"exp", "cos", "sin"}


def plain_function(cls: type, name: str) -> FunctionType:
    """Return a method that is nothing but its source: no wrapper around it, and NumPy's functions by their names."""
    function = getattr(cls, name, None)
    if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
        raise NoProgramError(f"{cls.__name__}.{name} is no plain method")
    return function


def take_apart(cls: type, name: str, vectors: Collection[str]) -> Program:
    """Return the method `name` of a class as a program in which the arguments `vectors` are vectors.

    Raises
    ------
    NoProgramError
        If it is outside the grammar, or calls by a name of the grammar something that is not NumPy's.
    """
    function = plain_function(cls, name)
    try:
        method = read(cls, name)
    except (GrammarError, TypeError) as error:
        raise NoProgramError(str(error)) from error
    for word in (*method.arguments, *(line.target for line in method.lines)):
        if word in _TAKEN or word.startswith(_TAKEN_PREFIXES):
            raise NoProgramError(
                f"{cls.__name__}.{name} has a variable {word}, a name that programs need for themselves"
            )
    return _Reader(cls, function, method, vectors).program()


class _Reader:
    def __init__(self, cls: type, function: FunctionType, method: Method, vectors: Collection[str]) -> None:
        self.cls, self.function, self.method = cls, function, method
        self.vectors = set(vectors)
        self.names = {name: name for name in method.arguments}  # the name in the source: the latest value under it
        self.taken = {*method.arguments, *(line.target for line in method.lines)}
        self.scalars: list[Scalar] = []
        self.operations: list[Operation] = []
        self.known: dict[str, str] = {}  # a scalar by its text, so that none is computed twice
        self.functions: dict[str, Any] = {}

    def program(self) -> Program:
        for line in self.method.lines:
            self.names[line.target] = self.value(line.value, line.target)
        results = tuple(self.value(expression, "result") for expression in self.method.returns)
        arguments = self.method.arguments
        return Program(
            arguments,
            frozenset(self.vectors & set(arguments)),
            tuple(self.scalars),
            tuple(self.operations),
            results,
            self.functions,
        )

    def value(self, node: ast.expr, wanted: str) -> str:
        """Return the name under which the value of an expression is kept from here on."""
        if isinstance(node, ast.Name):
            return self.names[node.id]
        return self.vector(node, wanted) if self.varies(node) else self.scalar(node, wanted)

    def varies(self, node: ast.expr) -> bool:
        return any(isinstance(part, ast.Name) and self.names.get(part.id) in self.vectors for part in ast.walk(node))

    def vector(self, node: ast.expr, wanted: str = "part") -> str:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                function, operands = OPERATORS[type(op)], [left, right]
            case ast.UnaryOp(operand=operand):
                function, operands = "negative", [operand]
            case ast.Call(func=ast.Name(id=name), args=operands):
                function = self.numpy_name(name)
            case _:
                raise AssertionError(f"the grammar let {ast.dump(node)} pass")
        arguments = tuple(self.value(operand, "part" if self.varies(operand) else "c") for operand in operands)
        target = self.fresh(wanted)
        self.vectors.add(target)
        self.operations.append(Operation(target, function, arguments))
        return target

    def scalar(self, node: ast.expr, wanted: str) -> str:
        for call in _calls(node):
            self.functions[call.func.id] = self.called(call.func.id)
        renamed = _Renamed(self.names).visit(copy.deepcopy(node))
        text = ast.unparse(renamed)
        if text not in self.known:
            self.known[text] = self.fresh(wanted)
            self.scalars.append(Scalar(self.known[text], renamed))
        return self.known[text]

    def numpy_name(self, name: str) -> str:
        function = self.called(name)
        if function is abs or function is np.abs:
            return "absolute"
        if function is not getattr(np, name):
            raise NoProgramError(f"{self.cls.__name__} calls by the name {name} what is not NumPy's")
        return name

    def called(self, name: str) -> Callable[..., Any]:
        builtin: Any = {"abs": abs}.get(name)
        function = self.function.__globals__.get(name, builtin)
        if function not in (builtin, getattr(np, name), getattr(math, name, builtin)) or function is None:
            raise NoProgramError(f"{self.cls.__name__} calls by the name {name} what is neither NumPy's nor Python's")
        answer: Callable[..., Any] = function
        return answer

    def fresh(self, wanted: str) -> str:
        # A name is used for one value only; a second value under it gets another.
        used = {*self.method.arguments, *self.vectors, *self.known.values()}
        number, name = 0, wanted
        while name in used or (number and name in self.taken):
            number += 1
            name = f"{wanted}_{number}"
        return name


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:  # ast prescribes the name
        return ast.Name(self.names.get(node.id, node.id), ast.Load())  # functions and self keep their names


def _calls(node: ast.expr) -> list[Any]:
    return [part for part in ast.walk(node) if isinstance(part, ast.Call)]


def rule_program(cls: type) -> tuple[Program, tuple[bool, ...]]:
    """Return a rule's update as a program, and for each slot whether it is as long as the parameters.

    Raises
    ------
    NoProgramError
        If it is outside the grammar, or does not keep the shapes of its slots.
    """
    method = plain_function(cls, "update")
    names = method.__code__.co_varnames[1 : method.__code__.co_argcount]
    if names[:3] != ("theta", "grad", "lr"):
        raise NoProgramError(f"{cls.__name__}.update does not take theta, grad and lr under these names")
    vectors = {"theta", "grad"}
    while True:
        program = take_apart(cls, "update", vectors)
        slots = dict(zip(names[3:], program.results[1:], strict=False))
        if len(program.results) != len(names) - 2 or not program.is_vector(program.results[0]):
            raise NoProgramError(f"{cls.__name__}.update does not return theta and its slots")
        grown = {name for name, result in slots.items() if program.is_vector(result)}
        if grown <= vectors:
            break
        vectors |= grown
    if not vectors <= grown | {"theta", "grad"}:
        raise NoProgramError(f"a slot of {cls.__name__} turns from a vector into a number")
    return program, tuple(name in vectors for name in names[3:])
