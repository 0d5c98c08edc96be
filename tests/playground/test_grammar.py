"""The grammar in the page is that of `optimtext.emit`: both run to the same bits, and refuse in the same words."""

import importlib.util
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.emit import GrammarError, javascript

HEAD = """
from dataclasses import dataclass
import numpy as np
from numpy import abs, cos, exp, maximum, minimum, sign, sin, sqrt

@dataclass(frozen=True)
class Own:
"""


@pytest.fixture
def in_python(tmp_path: Path) -> Callable[[str], Any]:
    """Make a class of text that the page reads as a rule."""

    def make(text: str) -> Any:
        path = tmp_path / "own_rule.py"
        path.write_text(HEAD + "".join(f"    {line}\n" for line in text.splitlines()), encoding="utf-8")
        spec = importlib.util.spec_from_file_location("own_rule", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.Own

    return make


FIELDS = "lr: float = 0.1\nbeta: float = 0.9\n"
UPDATE = "def update(self, theta, grad, lr, v=0.0):\n    v = v + grad\n    LINE\n    return theta, v\n"
RULE = f"{FIELDS}\n{UPDATE}"
# As in the test of emit's own reader, with what it says of each.
REFUSED = {
    "w = v ** 2": "of the operators",
    "w = v // 2": "of the operators",
    "w = v % 2": "of the operators",
    "w = v @ grad": "of the operators",
    "w = v & 1": "of the operators",
    "w = +v": "only + - * /",
    "w = not v": "only + - * /",
    "theta += v": "each line assigns",
    "w = u = v": "each line assigns",
    "w, u = v, grad": "each line assigns",
    "self.lr = v": "each line assigns",
    "theta[0] = v": "each line assigns",
    "w = velocity": "velocity has no value here",
    "w = self": "self has no value here",
    "w = self.gamma": "self.gamma is neither a hyper-parameter nor a constant",
    "w = self.update(v)": "only these functions",
    "w = theta.real": "only + - * /",
    "w = np.sqrt(v)": "only these functions",
    "w = tanh(v)": "only these functions",
    "w = sqrt(x=v)": "only these functions",
    "w = sqrt(v, out=v)": "only these functions",
    "w = sqrt(v, v)": "only these functions",
    "w = maximum(v)": "only these functions",
    "w = sqrt(*v)": "only + - * /",
    "w = v > 0": "only + - * /",
    "w = v and grad": "only + - * /",
    "w = v if lr else grad": "only + - * /",
    "w = (u := v)": "only + - * /",
    "w = (lambda: v)": "only + - * /",
    "w = v[0]": "only + - * /",
    "w = [v]": "only + - * /",
    "w = f'{v}'": "only + - * /",
    "w = True * v": "only + - * /",
    "w = 'v'": "only + - * /",
    "w = None": "only + - * /",
    "w = ...": "only + - * /",
    "sqrt(v)": "each line assigns",
    "pass": "each line assigns",
    "assert lr": "each line assigns",
    "return v, v": "each line assigns",
    "def inner(): pass": "each line assigns",
    "del v": "each line assigns",
    "if lr: v = grad": "each line assigns",
    "for v in grad: theta = v": "each line assigns",
    "new = v": "JavaScript keeps the word new for itself",
}
# What the page refuses where Python's own reader or compiler would stumble, or where a file made of it would not run.
STRICTER = {
    "w = 1j": "1j is no number of this grammar",
    "w = 0x10": "0x10 is no number",
    "w = 012": "012 is no number of Python",
    "w = v +": "the line ends in the middle",
    "w = (v": "a parenthesis is not closed",
    "w = v)": "only + - * /",
    "w = $v": '"$" means nothing here',
    "w = v grad": "only + - * /",
    "sqrt = v": "sqrt is a function of the grammar",
    "__v = v": "names with two underscores are Python's own",
    "w = self.lr * v": "self.lr is neither a hyper-parameter nor a constant",
    "w = sqrt(v)(v)": "only these functions",
    "w = " + "(" * 300 + "v" + ")" * 300: "this is nested too deeply",
    "w = " + "-" * 300 + "v": "this is nested too deeply",
}


def test_what_is_refused_is_refused_with_line_column_and_sentence(node: Any, in_python: Any) -> None:
    lines = [*REFUSED, *STRICTER]
    body = """
    out.said = data.map((text) => {
      try { read(text); return null; } catch (e) { return [e.name, e.line, e.column, e.message]; }
    });
    """
    said = node(body, [RULE.replace("LINE", line) for line in lines], read="grammar.js")["said"]
    for line, sentence, answer in zip(lines, [*REFUSED.values(), *STRICTER.values()], said, strict=True):
        assert answer is not None, line
        name, at, column, message = answer
        assert (name, at) == ("GrammarError", 6), (line, answer)
        assert 1 <= column <= len(line) + 6, (line, answer)
        assert sentence in message, (line, answer)
    for line, sentence in REFUSED.items():
        with pytest.raises(GrammarError) as caught:
            javascript(in_python(RULE.replace("LINE", line)))
        assert sentence in str(caught.value)


ENDS = {
    "def update(self, theta, grad, lr, v=None):\n    return theta, v": "a slot starts from a number",
    "def update(self, theta, grad, lr, *v):\n    return theta, v": "a method takes plain arguments only",
    "def update(self, theta, grad, lr, v=0.0):\n    theta = v": "the last line returns the new values",
    "def update(self, theta, grad, lr, v=0.0):\n    return": "the last line returns the new values",
    "def update(self, theta, grad, lr, v=0.0):\n    return theta": "every slot, in order: theta, v",
    "def update(self, theta, grad):\n    return (theta,)": "update takes self, theta, grad, lr and then the slots",
    "def other(self):\n    return theta": "a rule has one update and perhaps one probe, not other",
    "def probe(self, theta, lr):\n    return theta": "a rule has a method update",
    "beta: float = 'a'\ndef update(self, theta, grad, lr):\n    return (theta,)": "a number as its default",
    "def update(self, theta, grad, lr):\n    theta = theta\n      theta = lr\n    return (theta,)": "indentation",
    "def probe(self, theta, lr, u=0.0):\n    return theta\n"
    + UPDATE.replace("    LINE\n", ""): "slots of update, in order: v",
    "": "there is no line that assigns anything",
    "# only a comment": "there is no line that assigns anything",
    "v = self.beta * w": "w has no value here",
    "v = v + grad\nreturn v, theta": "the return names theta and then every slot: theta, v",
    "v = v + grad\n  theta = v": "indentation",
}


def test_the_frame_of_a_rule_is_checked(node: Any) -> None:
    body = "out.said = data.map((text) => thrown(() => read(text)));"
    for (text, sentence), said in zip(ENDS.items(), node(body, list(ENDS), read="grammar.js")["said"], strict=True):
        assert said is not None, text
        assert sentence in said, text


def test_every_rule_of_the_package_read_from_its_source_runs_to_the_same_bits(node: Any) -> None:
    body = """
    for (const rule of Object.values(rules)) {
      const own = ownRule(rule.source);
      const go = (entry, surface) => {
        const r = new Runner({ rule: entry, hyper: { lr: 1e-3 }, surface, steps: 500 });
        r.advance(500);
        return [...r.theta, ...r.states, ...r.loss];
      };
      const same = Object.keys(surfaces).every((surface) => {
        const theirs = go(rule, surface);
        return go(own, surface).every((x, i) => Object.is(x, theirs[i]));
      });
      const step = [0.3, -2, 0.1, ...Object.values(rule.state)];
      out[rule.name] = [same, JSON.stringify(own.hyper) === JSON.stringify(rule.hyper),
        JSON.stringify(own.state) === JSON.stringify(rule.state),
        JSON.stringify(own.update(own.hyper, ...step)) === JSON.stringify(rule.update(rule.hyper, ...step)),
        Boolean(own.probe) === Boolean(rule.probe)];
    }
    """
    names = {"rules, surfaces": "engine.js", "ownRule": "machine.js", "Runner": "driver.js"}
    out = node(body, **names)
    assert list(out) == [cls.__name__ for cls in ot.rules.ALL]
    assert all(all(answers) for answers in out.values()), out


def test_the_short_form_infers_slots_and_hyper_parameters(node: Any) -> None:
    texts = [
        "v = self.beta * v + grad\ntheta = theta - lr * v",
        "  # indented as it was pasted\n  v = self.beta * v + grad  # velocity\n\n  theta = (theta -\n    lr * v)\n",
        "v = self.beta * v + grad\r\ntheta = theta - lr * v\r\nreturn theta, v\r\n",
        (
            "def update(self, theta: Number, grad: Number, lr: Number, v: Number = 0.0) -> tuple[Number, Number]:\n"
            '    """Return the next."""\n    v = self.beta * v + grad\n    theta = theta - lr * v\n    return theta, v'
        ),
    ]
    body = """
    out.read = data.map(read).map(({ hyper, state }) => [hyper, state]);
    const go = (rule) => {
      const r = new Runner({ rule, hyper: { lr: 0.01 }, surface: "Ravine" });
      r.advance(100);
      return r;
    };
    out.same = data.map((text) => {
      const [ours, theirs] = [go(ownRule(text)), go("Momentum")];
      return ours.theta.every((x, i) => Object.is(x, theirs.theta[i]));
    });
    """
    out = node(body, texts, read="grammar.js", ownRule="machine.js", Runner="driver.js")
    assert out["read"] == [[{"lr": 0.01, "beta": 0.9}, {"v": 0}]] * len(texts)
    assert out["same"] == [True] * len(texts)


def tree(rng: random.Random, depth: int) -> str:
    """A random expression in the grammar, with as many parentheses as its structure needs and some more."""
    kind = rng.random()
    if depth == 0 or kind < 0.12:
        return rng.choice(["theta", "grad", "lr", "v", "self.beta", "0.1", "3", "2.5e-3", "1e21", ".5", "1_000.5"])
    if kind < 0.25:
        return f"-{tree(rng, depth - 1)}" if rng.random() < 0.5 else f"(-{tree(rng, depth - 1)})"
    if kind < 0.37:
        return f"{rng.choice(['sqrt', 'abs', 'sign'])}({tree(rng, depth - 1)})"
    if kind < 0.45:
        return f"{rng.choice(['maximum', 'minimum'])}({tree(rng, depth - 1)}, {tree(rng, depth - 1)} + 0.0625)"
    text = f"{tree(rng, depth - 1)} {rng.choice('+-*/')} {tree(rng, depth - 1)}"
    return f"({text})" if rng.random() < 0.5 else text


@pytest.mark.parametrize("depth", range(1, 6))
def test_random_expressions_mean_what_they_mean_in_python(
    node: Any, in_python: Any, assert_same_bits: Any, depth: int
) -> None:
    rng = random.Random(depth)  # noqa: S311  # expressions, no secrets
    trees = [tree(rng, depth) for _ in range(80)]
    slots = ", ".join(f"e{i}=0.0" for i in range(len(trees)))
    lines = "".join(f"    e{i} = {text}\n" for i, text in enumerate(trees))
    names = ", ".join(f"e{i}" for i in range(len(trees)))
    text = f"{FIELDS}\ndef update(self, theta, grad, lr, v=0.0, {slots}):\n{lines}    return theta, v, {names}\n"
    inputs = [[rng.choice([-1, 1]) * rng.lognormvariate(0, 2) for _ in range(4)] for _ in range(5)]
    body = """
    const rule = ownRule(data.text);
    const none = Object.values(rule.state).slice(1);
    out.x = bits(data.inputs.flatMap((row) => rule.update(rule.hyper, ...row, ...none).slice(2)));
    """
    out = node(body, {"text": text, "inputs": inputs}, ownRule="machine.js")
    with np.errstate(all="ignore"):
        ours = [in_python(text)().update(*map(np.float64, row))[2:] for row in inputs]
    assert_same_bits(ours, out["x"])
