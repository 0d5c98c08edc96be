"""Expressions of the grammar mean in JavaScript what they mean in Python, whatever their grouping and constants."""

import json
import random
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy import abs, maximum, minimum, sign, sqrt  # noqa: A004  # the grammar's name for it


def test_functions_agree_at_zeros_and_infinities(
    made: Any, rule_source: str, evaluate: Any, assert_same_bits: Any
) -> None:
    own = made(
        rule_source.replace("LINE", "u = sign(theta)\n        w = sqrt(abs(theta)) - -u").replace("theta, v", "u, w")
    )
    at = [0.0, -0.0, 1e-320, -1e-320, 2.0, -2.0, 1e300, -1e300]
    out = evaluate(f"out.x = bits([{', '.join(map(repr, at))}].flatMap((x) => Own.update({{}}, x, 1, 1, 1)));", own)
    ours = [own().update(np.float64(x), 1.0, 1.0, 1.0) for x in at]
    assert_same_bits(ours, out["x"])


def test_class_constants_keep_their_value_wherever_they_stand(made: Any, rule_source: str, evaluate: Any) -> None:
    constants = ("-2.0", "-0.0", "1e22", "-1e-7", "3", "5e-324")
    codes = ("-low + v", "v - -low", "v - low", "1 / low", "(-low) * v", "low / low * v")
    cases = [(i, code) for i in range(len(constants)) for code in codes]
    lines = [f"e{k} = {code.replace('low', f'self.low{i}')}" for k, (i, code) in enumerate(cases)]
    source = rule_source.replace("low = -2.0", "\n    ".join(f"low{i} = {text}" for i, text in enumerate(constants)))
    source = source.replace("LINE", "\n        ".join(lines))
    own = made(source.replace("return theta, v", f"return {', '.join(f'e{k}' for k in range(len(cases)))}"))
    out = evaluate("out.v = bits(Own.update({}, 1, 0.5, 1, 0.25));", own)
    with np.errstate(all="ignore"):
        own.low1 = np.float64(own.low1)  # Python's own zero raises where IEEE arithmetic goes on
        ours = own().update(1.0, np.float64(0.5), 1.0, np.float64(0.25))
    for (i, code), one, other in zip(cases, ours, out["v"], strict=True):
        assert (one == other and np.signbit(one) == np.signbit(other)) or (one != one and other != other), (  # noqa: PLR0124  # not-a-number
            f"low = {constants[i]}, {code}: {one!r}, {other!r}"
        )


def tree(rng: random.Random, depth: int) -> str:
    """A random expression in the grammar, with as many parentheses as its structure needs and some more."""
    kind = rng.random()
    if depth == 0 or kind < 0.12:
        return rng.choice(
            ["theta", "grad", "lr", "v", "self.lr", "self.beta", "self.low", "0.1", "3", "2.5e-3", "1e21"]
        )
    if kind < 0.25:
        return f"-{tree(rng, depth - 1)}" if rng.random() < 0.5 else f"(-{tree(rng, depth - 1)})"
    if kind < 0.37:
        return f"{rng.choice(['sqrt', 'abs', 'sign'])}({tree(rng, depth - 1)})"
    if kind < 0.45:
        return f"{rng.choice(['maximum', 'minimum'])}({tree(rng, depth - 1)}, {tree(rng, depth - 1)} + 0.0625)"
    text = f"{tree(rng, depth - 1)} {rng.choice('+-*/')} {tree(rng, depth - 1)}"
    return f"({text})" if rng.random() < 0.5 else text


def raises(text: str) -> bool:
    """Whether Python's own numbers, in a part without parameters, divide by zero: JavaScript would go on."""
    names = {name: np.float64(0.3) for name in ("theta", "grad", "lr", "v")}
    functions = {"sqrt": sqrt, "abs": abs, "sign": sign, "maximum": maximum, "minimum": minimum}
    try:
        with np.errstate(all="ignore"):
            eval(text, functions | names | {"self": SimpleNamespace(lr=0.1, beta=0.9, low=0.75)})  # noqa: S307
    except ZeroDivisionError:
        return True
    return False


def test_random_expressions_keep_their_grouping(
    made: Any, rule_source: str, evaluate: Any, assert_same_bits: Any
) -> None:
    rng = random.Random(20)  # noqa: S311  # expressions, no secrets
    trees = [text for depth in (2, 3, 4, 5, 6) for _ in range(120) if not raises(text := tree(rng, depth))]
    assert len(trees) > 500
    names = [f"e{i}" for i in range(len(trees))]
    lines = "\n        ".join(f"{name} = {text}" for name, text in zip(names, trees, strict=True))
    source = re.sub("return .*", f"return {', '.join(names)}", rule_source.replace("LINE", lines))
    own = made(source.replace("v = v + grad", "").replace("low = -2.0", "low = 0.75"))
    inputs = [[rng.choice([-1, 1]) * rng.lognormvariate(0, 2) for _ in range(4)] for _ in range(6)]
    hyper = json.dumps({"lr": 0.1, "beta": 0.9})
    out = evaluate(f"out.x = bits({json.dumps(inputs)}.flatMap((row) => Own.update({hyper}, ...row)));", own)
    with np.errstate(all="ignore"):
        ours = [own().update(*map(np.float64, row)) for row in inputs]
    theirs = out["x"]
    assert np.isfinite(theirs).mean() > 0.5
    assert len(np.unique(theirs)) > len(theirs) / 4
    for at, text in enumerate(trees):
        try:
            assert_same_bits([row[at] for row in ours], theirs[at :: len(trees)])
        except AssertionError as error:
            raise AssertionError(f"{text}: {error}") from None
