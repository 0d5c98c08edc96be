"""The playground's engine: every rule, surface and schedule of the package in one JavaScript module."""

import ast
import inspect
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from optimtext.emit import javascript as js
from optimtext.emit.kinds import ALLOWED, kinds
from optimtext.emit.programs import program
from optimtext.grammar import Source, as_class, fields, read

if TYPE_CHECKING:
    from optimtext.looks import Identity

# Names with a dollar cannot collide with the names of a rule, which are Python's.
_STATE, _AT, _OUT = "$s", "$i", "$out"


def engine(
    rules: Iterable[Any] | None = None, surfaces: Iterable[Any] | None = None, schedules: Iterable[Any] | None = None
) -> str:
    """Return a JavaScript module that exports ``rules``, ``surfaces``, ``schedules``, ``allowed`` and ``other``.

    Each of the first three is an object by name. Its entries have what `javascript` gives them, and beside it:

    - all: ``label``, and ``kinds``, what each hyper-parameter may be: a key of ``allowed``, which says it in words;
    - rules: ``look`` (dash, marker, name of the color's CSS variable), ``source`` (the Python of it, without
      annotations), ``move(self, state, at, grad, lr)``, which is ``update`` in place, on a Float64Array that holds a
      parameter at ``at`` and its slots behind it, and, where the rule looks ahead, ``ahead(self, state, at, lr)``;
    - surfaces: ``quadratic``, whether the second derivatives are constant, and ``slopeTo(self, x, y, out)``, which is
      ``slope`` into an array;
    - schedules: ``peak``, the hyper-parameter that is the rate from which the others are counted, and
      ``rate(self, t)`` or the generator ``follow(self)``, which is sent the losses.

    ``other`` is the label and look of a rule that is not of the package.

    Parameters
    ----------
    rules, surfaces, schedules : iterables of classes, optional
        By default all of the package.

    Returns
    -------
    str

    Raises
    ------
    GrammarError
        If a line is outside the grammar.

    Examples
    --------
    >>> import optimtext as ot
    >>> module = engine([ot.GradientDescent], [], [])
    >>> print(module[module.index("  move") : module.index("export const surfaces")])
      move(self, $s, $i, grad, lr) {
        let theta = $s[$i];
        theta = theta - lr * grad;
        $s[$i] = theta;
      },
    },
    };
    <BLANKLINE>
    """
    from optimtext import schedules as all_schedules
    from optimtext import surfaces as all_surfaces
    from optimtext.looks import OTHER
    from optimtext.rules import ALL

    helpers: dict[str, str] = {}
    parts = {
        "rules": {cls.__name__: _rule(cls) for cls in (ALL if rules is None else rules)},
        "surfaces": {cls.__name__: _surface(cls) for cls in (all_surfaces.ALL if surfaces is None else surfaces)},
        "schedules": {
            cls.__name__: _schedule(cls, helpers) for cls in (all_schedules.ALL if schedules is None else schedules)
        },
    }
    lines = ["// Made from the Python source of optimtext while the book was built: change that, not this.\n"]
    lines += [f"{text}\n" for text in helpers.values()]
    own = {"label": OTHER.label, "look": _look(OTHER, "--look-other")}
    lines.append(f"export const other = {json.dumps(own)};\n")
    lines.append(f"export const allowed = {json.dumps(ALLOWED)};\n")
    for name, entries in parts.items():
        inside = "".join(f"{key}: {js.literal_object(entry)[:-2]},\n" for key, entry in entries.items())
        lines.append(f"export const {name} = {{\n{inside}}};\n")
    return "".join(lines)


def source(rule: Any) -> str:
    """Return a rule as its author would type it anew: hyper-parameters, `probe`, `update`, without annotations.

    Examples
    --------
    >>> import optimtext as ot
    >>> print(source(ot.Momentum))
    lr: float = 0.01
    beta: float = 0.9
    <BLANKLINE>
    def update(self, theta, grad, lr, v=0.0):
        v = self.beta * v + grad
        theta = theta - lr * v
        return theta, v
    <BLANKLINE>
    """
    cls = as_class(rule)
    head = "".join(f"{name}: float = {float(getattr(rule, name))!r}\n" for name in fields(cls))
    return "\n".join([head, *(_method(cls, name) for name in ("probe", "update") if hasattr(cls, name))])


def _method(cls: type, name: str) -> str:
    found = Source(cls, name)
    tree = found.function()
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    method = read(cls, name)
    arguments = [f"{name}={method.defaults[name]!r}" if name in method.defaults else name for name in method.arguments]
    rows = found.source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    return "\n".join([f"def {name}({', '.join(['self', *arguments])}):", *rows]) + "\n"


def _rule(cls: type) -> list[str]:
    from optimtext.looks import RULES, identity

    look = identity(cls)
    variable = f"--rule-{cls.__name__.lower()}" if cls.__name__ in RULES else "--look-other"
    update = read(cls, "update")
    names = ["theta", *update.defaults]
    # The in-place form: parameter and slots from the array, the lines, and back into it.
    loads = ", ".join(f"{name} = {_STATE}[{_place(k)}]" for k, name in enumerate(names))
    stores = [f"{_STATE}[{_place(k)}] = {text};" for k, text in enumerate(js.returned(update, cls))]
    rows = [f"let {loads};", *js.assignments(update, cls, comments=False), *stores]
    parts = [
        *js.members(cls),
        f"label: {json.dumps(look.label)}",
        f"kinds: {json.dumps(kinds(cls))}",
        f"look: {json.dumps(_look(look, variable))}",
        f"source: {json.dumps(source(cls), ensure_ascii=False)}",
        js.function("move", ("self", _STATE, _AT, "grad", "lr"), rows),
    ]
    if hasattr(cls, "probe"):
        probe = read(cls, "probe")
        loads = ", ".join(f"{name} = {_STATE}[{_place(k)}]" for k, name in enumerate(["theta", *probe.defaults]))
        last = f"return {js.returned(probe, cls)[0]};"
        rows = [f"let {loads};", *js.assignments(probe, cls, comments=False), last]
        parts.append(js.function("ahead", ("self", _STATE, _AT, "lr"), rows))
    return parts


def _look(look: "Identity", variable: str) -> dict[str, Any]:
    return {"dash": look.dash, "marker": look.marker, "cssColor": variable}


def _place(k: int) -> str:
    return f"{_AT} + {k}" if k else _AT


def _surface(cls: Any) -> list[str]:
    slope = read(cls, "slope")
    stores = [f"{_OUT}[{k}] = {text};" for k, text in enumerate(js.returned(slope, cls))]
    rows = [*js.assignments(slope, cls, comments=False), *stores]
    return [
        *js.members(cls),
        f"label: {json.dumps(cls.__name__)}",
        f"kinds: {json.dumps(kinds(cls))}",
        f"quadratic: {json.dumps(_is_quadratic(cls))}",
        js.function("slopeTo", ("self", *slope.arguments, _OUT), rows),
    ]


def _is_quadratic(cls: Any) -> bool:
    # By the convention of the package, second derivatives that need no point are the same everywhere.
    hessian = getattr(cls, "hessian", None)
    if hessian is None:
        return False
    return all(
        p.default is not inspect.Parameter.empty for p in list(inspect.signature(hessian).parameters.values())[1:]
    )


def _schedule(cls: Any, helpers: dict[str, str]) -> list[str]:
    methods, found = program(cls)
    helpers.update(found)
    hyper = {name: getattr(cls, name) for name in fields(cls)}
    label = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    peak = next(name for name in ("lr", "lr_max", "then") if name in hyper)
    return [
        f"name: {json.dumps(cls.__name__)}",
        f"label: {json.dumps(label)}",
        f"hyper: {js.literal(hyper)}",
        f"kinds: {json.dumps(kinds(cls))}",
        f"peak: {json.dumps(peak)}",
        *methods,
    ]
