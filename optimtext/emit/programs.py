"""Schedules as JavaScript: a wider grammar than that of rules, since a schedule counts and chooses.

Beside the arithmetic of rules there are whole numbers (``//``, ``%``, ``**``), comparisons, ``if``, ``while``, the
conditional expression, ``min max float callable``, ``math.cos``, ``math.pi`` and ``math.inf``, helper functions of the
same module, and ``yield`` for a schedule that is sent the losses. That is what the schedules of the package use, and no
more. Numbers of steps are not negative, which is where the division and the remainder of both languages agree.
"""

import ast
import inspect
import math
from typing import Any

from optimtext.emit.javascript import literal
from optimtext.grammar import Source, fields

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%", ast.Pow: "**"}
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "===", ast.NotEq: "!=="}
_CALLS = {"min": "Math.min({})", "max": "Math.max({})", "float": "{}", "callable": '(typeof {} === "function")'}


def program(cls: type) -> tuple[list[str], dict[str, str]]:
    """Translate a schedule.

    Parameters
    ----------
    cls : class of schedule
        With ``__call__(t)``, which becomes ``rate(self, t)``, or ``follow()``, which becomes a generator
        ``follow(self)``.

    Returns
    -------
    members : list of str
        Methods of an object literal.
    helpers : dict of str
        Functions that they call, by name.

    Raises
    ------
    GrammarError
        With file, line number and text of the line that is outside the grammar.
    """
    helpers: dict[str, str] = {}
    methods = [name for name, value in vars(cls).items() if inspect.isfunction(value) and not _is_of_dataclass(name)]
    return [_Translator(cls, name, helpers).text() for name in methods], helpers


def _is_of_dataclass(name: str) -> bool:
    return name.startswith("__") and name != "__call__"


class _Translator(Source):
    def __init__(self, cls: type, name: str, helpers: dict[str, str]) -> None:
        super().__init__(cls, name)
        self.names: list[str] = []
        self.helpers = helpers

    def text(self) -> str:
        tree = self.function()
        star = "*" if any(isinstance(node, ast.Yield) for node in ast.walk(tree)) else ""
        arguments = [argument.arg for argument in [*tree.args.posonlyargs, *tree.args.args]]
        name = "rate" if tree.name == "__call__" else tree.name
        return f"{star}{name}({', '.join(arguments)}) {self.block(tree, arguments)}"

    def helper(self, node: ast.expr, name: str) -> None:
        function = self.names_around.get(name)
        if not inspect.isfunction(function):
            raise self.refuse(node, "this function is not in the grammar of schedules")
        if name not in self.helpers:
            inner = _Translator.__new__(_Translator)
            inner.cls, inner.names, inner.helpers = self.cls, [], self.helpers
            inner.read(function, name)
            self.helpers[name] = ""  # so that a function that calls itself ends
            self.helpers[name] = f"function {inner.text()}"

    def block(self, tree: ast.FunctionDef, arguments: list[str]) -> str:
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        rows = [row for statement in body for row in self.statement(statement)]
        own = [name for name in dict.fromkeys(self.names) if name not in arguments]
        declared = [f"let {', '.join(own)};"] if own else []
        return "{ " + " ".join([*declared, *rows]) + " }"

    def statement(self, node: ast.stmt) -> list[str]:
        match node:
            case ast.Return(value=ast.expr() as value):
                return [f"return {self.expression(value)};"]
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.names.append(name)
                return [f"{name} = {self.expression(value)};"]
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
                if len(names) == len(targets) == len(values):
                    self.names += names
                    return [f"[{', '.join(names)}] = [{', '.join(map(self.expression, values))}];"]
            case ast.AugAssign(target=ast.Name() as target, op=op, value=value):
                same = ast.copy_location(ast.BinOp(ast.Name(target.id), op, value), node)
                return [f"{target.id} = {self.expression(same)};"]
            case ast.If(test=test, body=body, orelse=orelse):
                rows = [f"if ({self.expression(test)}) {{", *self.statements(body), "}"]
                return [*rows, "else {", *self.statements(orelse), "}"] if orelse else rows
            case ast.While(test=test, body=body, orelse=[]):
                return [f"while ({self.expression(test)}) {{", *self.statements(body), "}"]
        raise self.refuse(node, "only assignments, return, if and while are in the grammar of schedules")

    def statements(self, body: list[ast.stmt]) -> list[str]:
        return [row for statement in body for row in self.statement(statement)]

    def expression(self, node: ast.expr) -> str:
        match node:
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                over, under = self.expression(left), self.expression(right)
                return f"(({over} - {over} % {under}) / {under})"  # exact, where a quotient might be rounded up
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return f"({self.expression(left)} {_OPERATORS[type(op)]} {self.expression(right)})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{self.expression(operand)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return f"({self.expression(left)} {_COMPARISONS[type(op)]} {self.expression(right)})"
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"({self.expression(test)} ? {self.expression(body)} : {self.expression(orelse)})"
            case ast.Yield(value=ast.expr() as value):
                return f"yield {self.expression(value)}"
            case ast.Constant() | ast.Name() | ast.Attribute():
                return self.atom(node)
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self.call(node, function, [self.expression(argument) for argument in arguments])
        raise self.refuse(node, "this expression is not in the grammar of schedules")

    def atom(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=bool() as value):
                return str(value).lower()
            case ast.Constant(value=int() | float() as value):
                return literal(value)
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in fields(self.cls):
                return f"self.{name}"
            case ast.Attribute(value=ast.Name(id="math"), attr="pi" | "inf" as name):
                return literal(getattr(math, name))
        raise self.refuse(node, "this value is not in the grammar of schedules")

    def call(self, node: ast.expr, function: Any, arguments: list[str]) -> str:
        inside = ", ".join(arguments)
        match function:
            case ast.Name(id=name) if name in _CALLS:
                return _CALLS[name].format(inside)
            case ast.Name(id=name):
                self.helper(node, name)
                return f"{name}({inside})"
            case ast.Attribute(value=ast.Name(id="math"), attr="cos"):
                return f"Math.cos({inside})"
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in fields(self.cls):
                return f"self.{name}({inside})"
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in vars(self.cls):
                return f"this.{name}({', '.join(['self', *arguments])})"
        raise self.refuse(node, "this function is not in the grammar of schedules")
