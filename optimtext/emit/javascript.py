"""A rule or surface as a JavaScript module: the same operations in the same order, so the same bits."""

import ast
import json
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from optimtext.grammar import Method, as_class, fields, read

_CALLS = {
    "sqrt": "Math.sqrt({0})",
    "abs": "Math.abs({0})",
    "sign": "(Math.sign({0}) + 0)",  # as in NumPy, the sign of -0 is +0
    "maximum": "Math.max({0}, {1})",
    "minimum": "Math.min({0}, {1})",
    "exp": "Math.exp({0})",
    "cos": "Math.cos({0})",
    "sin": "Math.sin({0})",
}
_STRENGTH = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2}
_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def javascript(subject: object) -> str:
    """Return a JavaScript module that exports a rule or surface.

    A rule becomes an object with ``name``, ``hyper`` (hyper-parameters: an instance's, or the defaults of a class),
    ``state`` (initial slots) and ``update(self, theta, grad, lr, ...slots)``, which returns an array, and ``probe``
    where the rule looks ahead. A surface becomes an object with ``name``, ``hyper``, ``start``, ``window``,
    ``minimum``, ``minimizers``, ``value(self, x, y)`` and ``slope(self, x, y)``. All functions work on one number at a
    time; ``self`` carries the hyper-parameters.

    Parameters
    ----------
    subject : rule, surface, or class of one

    Returns
    -------
    str

    Raises
    ------
    GrammarError
        If a line is outside the grammar.
    TypeError
        If `subject` is neither a rule nor a surface.

    Examples
    --------
    >>> import optimtext as ot
    >>> print(ot.emit.javascript(ot.GradientDescent))
    export const GradientDescent = {
      name: "GradientDescent",
      hyper: { lr: 0.01 },
      state: {},
      update(self, theta, grad, lr) {
        theta = theta - lr * grad;
        return [theta];
      },
    };
    <BLANKLINE>
    """
    cls = as_class(subject)
    return f"export const {cls.__name__} = {literal_object(members(subject))}"


def members(subject: object) -> list[str]:
    """Return the members of the object that `javascript` exports, as text."""
    cls = as_class(subject)
    if hasattr(cls, "update"):
        return _rule(subject, cls)
    if hasattr(cls, "value") and hasattr(cls, "slope"):
        return _surface(cls() if subject is cls else subject, cls)
    raise TypeError(f"subject must be an update rule or a surface, got {subject!r}")


def literal_object(parts: list[str]) -> str:
    """Return an object literal with one member a line."""
    return f"{{\n{''.join(f'  {part},{chr(10)}' for part in parts)}}};\n"


def _rule(subject: object, cls: type) -> list[str]:
    update = read(cls, "update")
    parts = [*_head(subject, cls), f"state: {literal(update.defaults)}"]
    if hasattr(cls, "probe"):
        parts.append(_function("probe", read(cls, "probe"), cls, as_array=False))
    return [*parts, _function("update", update, cls, as_array=True)]


def _surface(surface: Any, cls: type) -> list[str]:
    facts = {"minimum": surface.minimum, "window": surface.window}
    points = {"start": surface.start, "minimizers": surface.minimizers}
    return [
        *_head(surface, cls),
        *(f"{name}: {literal(value)}" for name, value in (facts | points).items()),
        _function("value", read(cls, "value"), cls, as_array=False),
        _function("slope", read(cls, "slope"), cls, as_array=True),
    ]


def _head(subject: object, cls: type) -> list[str]:
    # The values of an instance, or the defaults of a class: a field without a default is no attribute of the class.
    hyper = {name: getattr(subject, name, None) for name in fields(cls)}
    for name, value in hyper.items():
        if not isinstance(value, (int, float)):
            raise TypeError(f"{cls.__name__}.{name} must be a number, to be used in a page, got {value!r}")
    return [f"name: {json.dumps(cls.__name__)}", f"hyper: {literal(hyper)}"]


def _function(name: str, method: Method, cls: type, *, as_array: bool) -> str:
    values = returned(method, cls)
    last = f"return [{', '.join(values)}];" if as_array else f"return {', '.join(values)};"
    return function(name, ("self", *method.arguments), [*assignments(method, cls), last])


def function(name: str, arguments: Iterable[str], rows: list[str]) -> str:
    """Return a method of an object literal."""
    return f"{name}({', '.join(arguments)}) {{\n{''.join(f'    {row}{chr(10)}' for row in rows)}  }}"


def assignments(method: Method, cls: type, *, comments: bool = True) -> list[str]:
    """Return the lines of a method, each name declared where it gets its first value."""
    printer, declared, rows = _Printer(cls), set(method.arguments), []
    for line in method.lines:
        keyword = "" if line.target in declared else "let "
        declared.add(line.target)
        comment = f" // {line.comment}" if line.comment and comments else ""
        rows.append(f"{keyword}{line.target} = {printer.text(line.value)};{comment}")
    return rows


def returned(method: Method, cls: type) -> list[str]:
    """Return the expressions that a method returns."""
    printer = _Printer(cls)
    return [printer.text(expression) for expression in method.returns]


class _Printer:
    def __init__(self, cls: type) -> None:
        self.cls = cls

    def text(self, node: ast.expr, strength: int = 0) -> str:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                own = _STRENGTH[type(op)]
                # Both languages group from the left, so an equally strong right side needs its parentheses.
                text = f"{self.text(left, own)} {_SIGNS[type(op)]} {self.text(right, own + 1)}"
                return f"({text})" if own < strength else text
            case ast.UnaryOp(operand=operand):
                return f"(-{self.text(operand, 3)})" if strength else f"-{self.text(operand, 3)}"
            case ast.Name(id=name):
                return name
            case ast.Attribute(attr=attribute) if attribute in fields(self.cls):
                return f"self.{attribute}"
            case ast.Attribute(attr=attribute):
                value = literal(getattr(self.cls, attribute))
                return f"({value})" if value.startswith("-") else value
            case ast.Call(func=ast.Name(id=name), args=args):
                return _CALLS[name].format(*(self.text(argument) for argument in args))
            case ast.Constant(value=value):
                return literal(value)
        raise AssertionError(f"the grammar let {ast.dump(node)} pass")


def literal(value: Any) -> str:
    """Return numbers, lists and dictionaries of them as JavaScript, to the same doubles."""
    # JavaScript reads the shortest decimal that names a double, which is what repr writes, back to the same double.
    if isinstance(value, dict):
        inside = ", ".join(f"{name}: {literal(item)}" for name, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"[{', '.join(literal(item) for item in value)}]"
    number = float(value)
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
