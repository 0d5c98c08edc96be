"""The grammar of update rules: what is read from the source of a method, and what is refused."""

import ast
import dataclasses
import inspect
import textwrap
import tokenize
from dataclasses import dataclass
from io import StringIO
from typing import Any

# Words that JavaScript keeps for itself and that Python allows as names.
_RESERVED_WORDS = """
    arguments case catch const debugger default delete do enum eval export extends false function implements
    instanceof interface let new null package private protected public static super switch this throw true typeof
    undefined var void Infinity Math NaN
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
FUNCTIONS = {"sqrt": 1, "abs": 1, "sign": 1, "maximum": 2, "minimum": 2, "exp": 1, "cos": 1, "sin": 1}


class GrammarError(ValueError):
    """A line of a rule is outside the grammar; the message says which and why."""


@dataclass(frozen=True)
class Line:
    """One assignment: a row of the algorithm box."""

    target: str
    value: ast.expr
    comment: str


@dataclass(frozen=True)
class Method:
    """A method within the grammar.

    Attributes
    ----------
    arguments : tuple of str
        Names of the arguments after ``self``.
    defaults : dict
        Default values of those that have one.
    lines : tuple of Line
        The assignments, in order.
    returns : tuple of expressions
        What is returned.
    """

    arguments: tuple[str, ...]
    defaults: dict[str, float]
    lines: tuple[Line, ...]
    returns: tuple[ast.expr, ...]


def read(cls: type, name: str) -> Method:
    """Read the method `name` of a class, refusing what is outside the grammar.

    Raises
    ------
    GrammarError
        With file, line number and text of the line at fault.
    TypeError
        If there is no source to read.
    """
    return _Reader(cls, name).method()


class Source:
    """The source of a method, and how to say which line of it is at fault."""

    def __init__(self, cls: type, name: str) -> None:
        self.cls = cls
        self.read(getattr(cls, name), f"{cls.__name__}.{name}")

    def read(self, function: Any, name: str) -> None:
        """Read the source of a function."""
        function = inspect.unwrap(function)
        try:
            source, self.first = inspect.getsourcelines(function)
        except (OSError, TypeError):
            raise TypeError(f"{name} has no source to read: define it in a file") from None
        self.file = (inspect.getsourcefile(function) or "?").replace("\\", "/").rsplit("/", 1)[-1]
        self.source = textwrap.dedent("".join(source))
        self.names_around: dict[str, Any] = getattr(function, "__globals__", {})

    def function(self) -> ast.FunctionDef:
        """Return the syntax tree."""
        function = ast.parse(self.source).body[0]
        if not isinstance(function, ast.FunctionDef):
            raise self.refuse(function, "a rule's method is written with def")
        return function

    def refuse(self, node: Any, why: str) -> GrammarError:
        """Return the error that names the line of a node and says what is wrong with it."""
        text = self.source.splitlines()[node.lineno - 1].strip()
        return GrammarError(f"{self.file}, line {self.first + node.lineno - 1}: `{text}`: {why}")


class _Reader(Source):
    known: set[str]

    def method(self) -> Method:
        function = self.function()
        given = function.args
        if given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs:
            raise self.refuse(function, "a method takes plain arguments only")
        names = [argument.arg for argument in given.args][1:]
        for name in names:
            self.allow(name, function)
        self.known = set(names)
        defaults = dict(zip(names[len(names) - len(given.defaults) :], given.defaults, strict=True))
        *body, last = function.body
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]  # the docstring
        comments = self.comments()
        lines = [self.line(statement, comments) for statement in body]
        if not isinstance(last, ast.Return) or last.value is None:
            raise self.refuse(last, "the last line returns the new values")
        returns = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
        for expression in returns:
            self.check(expression)
        return Method(
            tuple(names),
            {name: self.number(node) for name, node in defaults.items()},
            tuple(lines),
            tuple(returns),
        )

    def line(self, node: ast.stmt, comments: dict[int, str]) -> Line:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            raise self.refuse(node, "each line assigns an expression to one name")
        self.check(node.value)
        target = node.targets[0].id
        self.allow(target, node)
        self.known.add(target)
        return Line(target, node.value, comments.get(node.end_lineno or node.lineno, ""))

    def allow(self, name: str, node: ast.stmt) -> None:
        if name in RESERVED:
            raise self.refuse(node, f"JavaScript keeps the word {name} for itself")

    def check(self, node: ast.expr) -> None:
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
                self.check(left)
                self.check(right)
            case ast.BinOp():
                raise self.refuse(node, "of the operators only + - * / are in the grammar")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                self.check(operand)
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                pass
            case ast.Name(id=name):
                if name not in self.known:
                    raise self.refuse(node, f"{name} has no value here")
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                if attribute not in fields(self.cls) and not isinstance(
                    getattr(self.cls, attribute, None), (int, float)
                ):
                    raise self.refuse(node, f"self.{attribute} is neither a hyper-parameter nor a constant")
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if FUNCTIONS.get(name) == len(args):
                for argument in args:
                    self.check(argument)
            case ast.Call():
                allowed = ", ".join(FUNCTIONS)
                raise self.refuse(node, f"only these functions can be called, by their bare name: {allowed}")
            case _:
                raise self.refuse(node, "only + - * /, names, self., numbers and function calls are in the grammar")

    def number(self, node: ast.expr) -> float:
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.number(node.operand)
        if not isinstance(node, ast.Constant) or not isinstance(node.value, (int, float)) or node.value is True:
            raise self.refuse(node, "a slot starts from a number")
        return float(node.value)

    def comments(self) -> dict[int, str]:
        tokens = tokenize.generate_tokens(StringIO(self.source).readline)
        return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def fields(cls: type) -> tuple[str, ...]:
    """Return the names of the hyper-parameters of a rule or surface."""
    return tuple(field.name for field in dataclasses.fields(cls)) if dataclasses.is_dataclass(cls) else ()


def as_class(subject: object) -> type:
    """Return the class of an instance, or the class itself."""
    return subject if isinstance(subject, type) else type(subject)
