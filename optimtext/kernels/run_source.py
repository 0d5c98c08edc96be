"""The source of a whole run: a rule's and a surface's lines, printed one after another into one loop over the steps."""

import ast
import copy
import math
from typing import Any

from optimtext.kernels.buffers import function
from optimtext.kernels.loops import statement
from optimtext.kernels.program import NoProgramError, Operation, Program, rule_program, take_apart

AXES = ("x", "y")
_MEASURED = ("theta_x", "theta_y", "loss", "grad_x", "grad_y")


class RunSource:
    """What is printed, and what it must be called with.

    Attributes
    ----------
    one : str
        A function ``run(state, numbers, rates, thetas, losses, grads)`` that takes one run from step to step.
    many : str
        A function ``runs(losses, doubtful, rates, lrs, *state, *numbers)`` that takes many runs along together, with an
        array over runs for each entry of the state and each number.
    state : list of str
        What the state of a run consists of.
    long : tuple of bool
        For each slot of the rule, whether it is a vector.
    constants : list of (str, str)
        Where each of the numbers comes from: ``("rule", "beta1")``, ``("surface", "condition")``.

    Raises
    ------
    NoProgramError
        If a line of one of the two is outside the grammar, or its bits are not prescribed by IEEE arithmetic.
    """

    def __init__(self, rule: type, surface: type) -> None:
        self.constants: list[tuple[str, str]] = []
        self.update, self.long = rule_program(rule)
        value, slope = (take_apart(surface, name, set(AXES)) for name in ("value", "slope"))
        if (value.arguments, slope.arguments) != (AXES, AXES) or (len(value.results), len(slope.results)) != (1, 2):
            raise NoProgramError(f"{surface.__name__} has no value and slope at (x, y)")
        probe = None
        if hasattr(rule, "probe"):
            probe = take_apart(rule, "probe", self.update.vectors)
            if probe.arguments != ("theta", "lr", *self.update.arguments[3:]):
                raise NoProgramError(f"{rule.__name__}.probe does not take the slots of the update by the same names")
        for program in (self.update, value, slope, probe):
            if program is not None and not program.exact:
                raise NoProgramError(f"{rule.__name__} on {surface.__name__} needs a function that IEEE leaves open")
        slots = [*zip(self.update.arguments[3:], self.long, strict=True)]
        self.state = [f"{held(name)}_{axis}" for name, long in [("theta", True), *slots] if long for axis in AXES]
        self.state += [held(name) for name, long in slots if not long]
        look = [
            *self._on_surface(value, "value", "theta", ["loss"]),
            *self._look_ahead(probe),
            *self._on_surface(slope, "slope", "probe", ["grad_x", "grad_y"]),
        ]
        step = self._step()
        self.one, self.many = self._one(look, step), self._many(look, step)

    def _one(self, look: list[str], step: list[str]) -> str:
        finite = " and ".join(f"isfinite({name})" for name in _MEASURED)
        body = [
            "lr = rates[step]",
            *look,
            "losses[step] = loss",
            *(f"thetas[step, {i}] = theta_{axis}" for i, axis in enumerate(AXES)),
            *(f"grads[step, {i}] = grad_{axis}" for i, axis in enumerate(AXES)),
            f"if not ({finite}):",
            "    break",
            *step,
            "step += 1",
        ]
        lines = [
            *(f"{name} = state[{i}]" for i, name in enumerate(self.state)),
            *(f"number_{i} = numbers[{i}]" for i in range(len(self.constants))),
            "step = 0",
            "while step < losses.size:",
            *(f"    {line}" for line in body),
            *(f"state[{i}] = {name}" for i, name in enumerate(self.state)),
            "return step",
        ]
        return function("run", ["state", "numbers", "rates", "thetas", "losses", "grads"], lines)

    def _many(self, look: list[str], step: list[str]) -> str:
        numbers = [f"number_{i}" for i in range(len(self.constants))]
        held = [*self.state, *numbers]
        body = [
            *(f"{name} = all_{name}[i]" for name in held),
            "lr = lrs[i]",
            *look,
            "losses[step, i] = loss",
            # Zero, or NaN from here on where something is not finite, or no longer is when it is added up.
            f"total = {' + '.join(_MEASURED)}",
            "doubtful[i] = doubtful[i] + (total - total)",
            *step,
            *(f"all_{name}[i] = {name}" for name in self.state),
        ]
        lines = [
            "for step in range(losses.shape[0]):",
            "    if rates.size > 0:",
            "        for i in range(lrs.size):",
            "            lrs[i] = rates[step]",
            "    for i in range(lrs.size):",
            *(f"        {line}" for line in body),
        ]
        return function("runs", ["losses", "doubtful", "rates", "lrs", *(f"all_{name}" for name in held)], lines)

    def _step(self) -> list[str]:
        lines = self._scalars(self.update, "rule", "update")
        for axis in AXES:
            given = {name: f"{held(name)}_{axis}" for name in self.update.vectors}
            lines += operations(self.update, "update", given, axis)
        left: list[str] = []
        right: list[str] = []
        for name, result in zip(("theta", *self.update.arguments[3:]), self.update.results, strict=True):
            old = result in self.update.arguments
            if self.update.is_vector(result):
                left += [f"{held(name)}_{axis}" for axis in AXES]
                right += [f"{held(result)}_{axis}" if old else f"update_{result}_{axis}" for axis in AXES]
            else:
                left.append(held(name))
                right.append(held(result) if old else f"update_{result}")
        # All at once, since a new value may be the old one of another name.
        return [*lines, f"{', '.join(left)} = {', '.join(right)}"]

    def _look_ahead(self, probe: Program | None) -> list[str]:
        if probe is None:
            return [f"probe_{axis} = theta_{axis}" for axis in AXES]
        lines = self._scalars(probe, "rule", "ahead")
        for axis in AXES:
            given = {name: f"{held(name)}_{axis}" for name in probe.vectors}
            lines += operations(probe, "ahead", given, axis)
            lines.append(f"probe_{axis} = {given.get(probe.results[0], f'ahead_{probe.results[0]}_{axis}')}")
        return lines

    def _on_surface(self, program: Program, prefix: str, point: str, targets: list[str]) -> list[str]:
        given = {axis: f"{point}_{axis}" for axis in AXES}
        lines = [*self._scalars(program, "surface", prefix), *operations(program, prefix, given, "at")]
        for target, result in zip(targets, program.results, strict=True):
            inside = f"{prefix}_{result}_at" if program.is_vector(result) else f"{prefix}_{result}"
            lines.append(f"{target} = {given.get(result, inside)}")
        return lines

    def _scalars(self, program: Program, owner: str, prefix: str) -> list[str]:
        local = _Local(self.constants, owner, prefix, program)
        return [
            f"{prefix}_{scalar.target} = {ast.unparse(local.visit(copy.deepcopy(scalar.value)))}"
            for scalar in program.scalars
        ]


def held(name: str) -> str:
    """Return what an argument of a rule is called in the run, where a slot may not be taken for something else."""
    return name if name in ("theta", "grad", "lr") else f"slot_{name}"


def operations(program: Program, prefix: str, given: dict[str, str], suffix: str) -> list[str]:
    """Return the operations on vectors for one coordinate, which is told from the other by the ends of the names."""

    def local(name: str) -> str:
        if program.is_vector(name):
            return given.get(name, f"{prefix}_{name}_{suffix}")
        return held(name) if name in program.arguments else f"{prefix}_{name}"

    return [
        statement(Operation(local(one.target), one.function, tuple(map(local, one.arguments))))
        for one in program.operations
    ]


class _Local(ast.NodeTransformer):
    """Names of a scalar as they are called in the run; divisions and roots as Python's own, with its errors."""

    def __init__(self, constants: list[tuple[str, str]], owner: str, prefix: str, program: Program) -> None:
        self.constants, self.owner, self.prefix, self.program = constants, owner, prefix, program

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # ast prescribes the names
        constant = (self.owner, node.attr)
        if constant not in self.constants:
            self.constants.append(constant)
        return ast.Name(f"number_{self.constants.index(constant)}", ast.Load())

    def visit_Name(self, node: ast.Name) -> ast.expr:
        name = held(node.id) if node.id in self.program.arguments else f"{self.prefix}_{node.id}"
        return ast.Name(name, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Name), "the grammar has checked it"
        called = self.program.functions[node.func.id]
        name = "root_of_number" if called is math.sqrt else {"abs": "absolute"}.get(node.func.id, node.func.id)
        arguments: list[Any] = [self.visit(argument) for argument in node.args]
        return ast.Call(ast.Name(name, ast.Load()), arguments, [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Div):
            return ast.Call(ast.Name("ratio_of_numbers", ast.Load()), [left, right], [])
        return ast.BinOp(left, node.op, right)
