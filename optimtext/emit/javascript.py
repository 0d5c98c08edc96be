"""A rule or surface as a JavaScript module: the same operations in the same order, so the same bits."""

import ast
import json
import math
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
    if hasattr(cls, "update"):
        members = _rule(subject, cls)
    elif hasattr(cls, "value") and hasattr(cls, "slope"):
        members = _surface(cls() if subject is cls else subject, cls)
    else:
        raise TypeError(f"subject must be an update rule or a surface, got {subject!r}")
    return f"export const {cls.__name__} = {{\n{''.join(f'  {member},{chr(10)}' for member in members)}}};\n"


def _rule(subject: object, cls: type) -> list[str]:
    update = read(cls, "update")
    members = [*_head(subject, cls), f"state: {_literal(update.defaults)}"]
    if hasattr(cls, "probe"):
        members.append(_function("probe", read(cls, "probe"), cls, as_array=False))
    return [*members, _function("update", update, cls, as_array=True)]


def _surface(surface: Any, cls: type) -> list[str]:
    facts = {"minimum": surface.minimum, "window": surface.window}
    points = {"start": surface.start, "minimizers": surface.minimizers}
    return [
        *_head(surface, cls),
        *(f"{name}: {_literal(value)}" for name, value in (facts | points).items()),
        _function("value", read(cls, "value"), cls, as_array=False),
        _function("slope", read(cls, "slope"), cls, as_array=True),
    ]


def _head(subject: object, cls: type) -> list[str]:
    # The values of an instance, or the defaults of a class: a field without a default is no attribute of the class.
    hyper = {name: getattr(subject, name, None) for name in fields(cls)}
    for name, value in hyper.items():
        if not isinstance(value, (int, float)):
            raise TypeError(f"{cls.__name__}.{name} must be a number, to be used in a page, got {value!r}")
    return [f"name: {json.dumps(cls.__name__)}", f"hyper: {_literal(hyper)}"]


def _function(name: str, method: Method, cls: type, *, as_array: bool) -> str:
    printer = _Printer(cls)
    declared = set(method.arguments)
    rows = []
    for line in method.lines:
        keyword = "" if line.target in declared else "let "
        declared.add(line.target)
        comment = f" // {line.comment}" if line.comment else ""
        rows.append(f"{keyword}{line.target} = {printer.text(line.value)};{comment}")
    values = ", ".join(printer.text(expression) for expression in method.returns)
    rows.append(f"return [{values}];" if as_array else f"return {values};")
    body = "".join(f"    {row}\n" for row in rows)
    return f"{name}({', '.join(('self', *method.arguments))}) {{\n{body}  }}"


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
                value = _literal(getattr(self.cls, attribute))
                return f"({value})" if value.startswith("-") else value
            case ast.Call(func=ast.Name(id=name), args=args):
                return _CALLS[name].format(*(self.text(argument) for argument in args))
            case ast.Constant(value=value):
                return _literal(value)
        raise AssertionError(f"the grammar let {ast.dump(node)} pass")


def _literal(value: Any) -> str:
    # JavaScript reads the shortest decimal that names a double, which is what repr writes, back to the same double.
    if isinstance(value, dict):
        inside = ", ".join(f"{name}: {_literal(item)}" for name, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"[{', '.join(_literal(item) for item in value)}]"
    number = float(value)
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else repr(number)
