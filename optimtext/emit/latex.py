"""A rule or surface as an algorithm box: each line of its source is a row, with the same names."""

import ast
import re

from optimtext.grammar import Line, Method, as_class, read

_SYMBOLS = {
    "grad": "g",
    "lr": r"\alpha",
    "eps": r"\epsilon",
    "eps_root": r"\epsilon_r",
    "weight_decay": r"\omega",
    "v_max": r"v_{\max}",
    "h_next": "h'",
    "s_next": "s'",
    "condition": r"\kappa",
    "curvature": "c",
    "two_pi": r"2\pi",
}
_GREEK = {"theta", "alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "mu", "nu", "rho", "sigma"}
_UPRIGHT = {"sign": r"\operatorname{sign}", "maximum": r"\max", "minimum": r"\min", "cos": r"\cos", "sin": r"\sin"}
_SUM, _PRODUCT = 1, 2


def latex(subject: object) -> str:
    r"""Return the algorithm box of a rule, or the equations of a surface, as the inside of a display formula.

    Parameters
    ----------
    subject : rule, surface, or class of one

    Returns
    -------
    str
        An ``array`` environment, for KaTeX, MathJax or LaTeX with amsmath.

    Raises
    ------
    GrammarError
        If a line is outside the grammar.
    TypeError
        If `subject` is neither a rule nor a surface.

    Examples
    --------
    >>> import optimtext as ot
    >>> print(ot.emit.latex(ot.Momentum))
    \begin{array}{l}
    \textsf{start:}\quad v = 0 \\[.4em]
    \textsf{each step:} \\
    \quad g \leftarrow \nabla f(\theta) \\
    \quad v \leftarrow \beta v + g \\
    \quad \theta \leftarrow \theta - \alpha v
    \end{array}
    """
    cls = as_class(subject)
    if hasattr(cls, "update"):
        blocks = _rule(cls)
    elif hasattr(cls, "value") and hasattr(cls, "slope"):
        blocks = [_surface(read(cls, "value"), "f = {}"), _surface(read(cls, "slope"), r"\nabla f = ({})")]
        blocks[1] = [row for row in blocks[1] if row not in blocks[0]]  # what both need is written above already
    else:
        raise TypeError(f"subject must be an update rule or a surface, got {subject!r}")
    body = " \\\\[.4em]\n".join(" \\\\\n".join(rows) for rows in blocks)
    return f"\\begin{{array}}{{l}}\n{body}\n\\end{{array}}"


def symbol(name: str) -> str:
    """Return the symbol of a name in code: ``beta1`` is β₁, ``m_hat`` is m with a hat."""
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if name.endswith("_hat"):
        return rf"\hat {symbol(name.removesuffix('_hat'))}"
    stem, digits = re.fullmatch(r"(.*?)(\d*)", name).groups()  # type: ignore[union-attr]  # the pattern matches all
    if stem in _GREEK:
        stem = f"\\{stem}"
    elif len(stem) > 1:
        stem = r"\mathit{" + stem.replace("_", r"\_") + "}"
    return f"{stem}_{digits}" if digits else stem


def _rule(cls: type) -> list[list[str]]:
    update = read(cls, "update")
    start = r",\ ".join(f"{symbol(slot)} = {_number(value)}" for slot, value in update.defaults.items())
    where = r"\theta"
    rows = [r"\textsf{each step:}"]
    if hasattr(cls, "probe"):
        probe = read(cls, "probe")
        where = _text(probe.returns[0])
        rows += map(_row, probe.lines)
    rows += [rf"\quad g \leftarrow \nabla f({where})", *map(_row, update.lines)]
    return [[rf"\textsf{{start:}}\quad {start}"], rows] if start else [rows]


def _row(line: Line) -> str:
    comment = re.sub(r"([\\{}$&#^_%~])", r"\\\1", line.comment)
    remark = rf"\qquad \textsf{{\small {comment}}}" if comment else ""
    return rf"\quad {symbol(line.target)} \leftarrow {_text(line.value)}{remark}"


def _surface(method: Method, result: str) -> list[str]:
    rows = [f"{symbol(line.target)} = {_text(line.value)}" for line in method.lines]
    return [*rows, result.replace("{}", r",\ ".join(_text(expression) for expression in method.returns))]


def _text(node: ast.expr, strength: int = 0) -> str:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            sign = "+" if isinstance(op, ast.Add) else "-"
            text = f"{_text(left, _SUM)} {sign} {_text(right, _SUM + isinstance(op, ast.Sub))}"
            return rf"({text})" if strength > _SUM else text
        case ast.BinOp(op=ast.Mult()):
            return _product(node)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_text(left)}}}{{{_text(right)}}}"
        case ast.UnaryOp(operand=operand):
            text = f"-{_text(operand, _PRODUCT)}"
            return f"({text})" if strength else text
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return symbol(name)
        case ast.Constant(value=int() | float() as value):
            return _number(float(value))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, [_text(argument) for argument in args])
    raise AssertionError(f"the grammar let {ast.dump(node)} pass")


def _product(node: ast.expr) -> str:
    factors = _factors(node)
    text, after_number = "", False
    while factors:
        factor = factors.pop(0)
        power = 1
        while factors and ast.dump(factors[0]) == ast.dump(factor):
            factors.pop(0)
            power += 1
        is_number = isinstance(factor, ast.Constant) or _SYMBOLS.get(getattr(factor, "attr", ""), "")[:1].isdigit()
        part = _text(factor, _PRODUCT)
        if power > 1:
            simple = isinstance(factor, (ast.Name, ast.Attribute, ast.Constant)) or part.startswith("(")
            part = f"{part}^{power}" if simple else f"({part})^{power}"
        # Two numbers side by side would read as one.
        text += rf" \cdot {part}" if after_number and is_number else f" {part}"
        after_number = is_number
    return text.lstrip()


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _call(name: str, arguments: list[str]) -> str:
    inside = ", ".join(arguments)
    if name == "sqrt":
        return rf"\sqrt{{{inside}}}"
    if name == "abs":
        return rf"\lvert {inside} \rvert"
    if name == "exp":
        return rf"e^{{{inside}}}"
    return f"{_UPRIGHT[name]}({inside})"


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa
    return f"10^{{{int(exponent)}}}" if float(mantissa) == 1 else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
