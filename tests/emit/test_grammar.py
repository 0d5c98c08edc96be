"""What the grammar refuses, each time with file, line number and text of the line at fault."""

import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

import optimtext as ot
from optimtext.emit import GrammarError, javascript, latex

both = pytest.mark.parametrize("emit", [latex, javascript])
Maker = Callable[[str], Any]


def line_of(source: str, text: str) -> int:
    return next(i for i, line in enumerate(source.splitlines(), 1) if text.splitlines()[0] in line)


REFUSED = {
    "power": "w = v ** 2",
    "floor division": "w = v // 2",
    "remainder": "w = v % 2",
    "matrix product": "w = v @ grad",
    "bit operation": "w = v & 1",
    "unary plus": "w = +v",
    "not": "w = not v",
    "if": "if lr: v = grad",
    "for": "for v in grad: theta = v",
    "while": "while lr: v = grad",
    "with": "with lr: v = grad",
    "try": "try: v = grad\n        finally: pass",
    "augmented assignment": "theta += v",
    "annotated assignment": "w: float = v",
    "two targets": "w = u = v",
    "unpacking": "w, u = v, grad",
    "stored attribute": "self.lr = v",
    "stored item": "theta[0] = v",
    "unknown name": "w = velocity",
    "bare self": "w = self",
    "unknown attribute": "w = self.gamma",
    "attribute that is no number": "w = self.label",
    "method": "w = self.update(v)",
    "attribute of another": "w = theta.real",
    "qualified call": "w = np.sqrt(v)",
    "unknown function": "w = tanh(v)",
    "keyword argument": "w = sqrt(x=v)",
    "further keyword": "w = sqrt(v, out=v)",
    "too many arguments": "w = sqrt(v, v)",
    "too few arguments": "w = maximum(v)",
    "starred argument": "w = sqrt(*v)",
    "comparison": "w = v > 0",
    "and": "w = v and grad",
    "conditional": "w = v if lr else grad",
    "walrus": "w = (u := v)",
    "lambda": "w = (lambda: v)",
    "subscript": "w = v[0]",
    "list": "w = [v]",
    "comprehension": "w = sum(x for x in v)",
    "formatted string": "w = f'{v}'",
    "bool": "w = True * v",
    "string": "w = 'v'",
    "complex": "w = 1j * v",
    "none": "w = None",
    "ellipsis": "w = ...",
    "expression": "sqrt(v)",
    "pass": "pass",
    "assert": "assert lr",
    "early return": "return v, v",
    "inner function": "def inner(): pass",
    "delete": "del v",
    "global": "global w",
    "multi-line": "w = (v +\n             velocity)",
}


@both
@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_outside_the_grammar_is_refused_with_file_line_and_text(
    made: Maker, rule_source: str, emit: Callable[[Any], str], line: str
) -> None:
    source = rule_source.replace("LINE", line)
    fault = line.splitlines()[-1].strip() if "velocity)" in line else line.splitlines()[0]
    with pytest.raises(GrammarError) as caught:
        emit(made(source))
    assert str(caught.value).startswith(f"own_rule.py, line {line_of(source, fault)}: `{fault}`: ")


@both
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v=0.0", "v=None"),
        ("v=0.0", "v='0'"),
        ("v=0.0", "v=True"),
        ("v=0.0", "v=1j"),
        ("v=0.0", "v=np.zeros(2)"),
        ("v=0.0", "*v"),
        ("v=0.0", "**v"),
        ("v=0.0", "*, v=0.0"),
        ("grad, lr, v=0.0", "grad, lr, /, v=0.0"),
    ],
)
def test_arguments_outside_the_grammar_are_refused_with_the_line(
    made: Maker, rule_source: str, emit: Callable[[Any], str], old: str, new: str
) -> None:
    source = rule_source.replace("LINE", "theta = theta - lr * grad").replace(old, new)
    with pytest.raises(GrammarError, match=rf"own_rule.py, line {line_of(source, 'def update')}: `def update\("):
        emit(made(source))


@both
@pytest.mark.parametrize("end", ["", "return", "yield v", "return theta, [v]", "return theta, v ** 2", "return w"])
def test_a_method_ends_by_returning_expressions(
    made: Maker, rule_source: str, emit: Callable[[Any], str], end: str
) -> None:
    source = rule_source.replace("LINE", "theta = theta - lr * grad").replace("return theta, v", end).rstrip() + "\n"
    fault = end or "theta = theta - lr * grad"
    with pytest.raises(GrammarError, match=rf"own_rule.py, line {line_of(source, fault)}: `{re.escape(fault)}`: "):
        emit(made(source))


@both
def test_a_lambda_for_update_is_refused(made: Maker, emit: Callable[[Any], str]) -> None:
    source = "class Own:\n    update = lambda self, theta, grad, lr: (theta - lr * grad,)\n"
    with pytest.raises(GrammarError, match=r"own_rule.py, line 2: `update = lambda .*def"):
        emit(made(source))


@both
def test_other_subjects_and_rules_without_source_are_refused(emit: Callable[[Any], str]) -> None:
    for subject in (object(), 3, ot.StepDecay, "Adam"):
        with pytest.raises(TypeError, match=r"subject must be an update rule or a surface, got"):
            emit(subject)
    space: dict[str, Any] = {}
    exec(textwrap.dedent("class Own:\n    def update(self, theta, grad, lr): return (theta,)"), space)  # noqa: S102
    with pytest.raises(TypeError, match=r"Own.update has no source to read: define it in a file"):
        emit(space["Own"])


@pytest.mark.parametrize("name", ["new", "var", "delete", "function", "this"])
def test_names_that_javascript_reserves_reach_no_javascript(made: Maker, rule_source: str, name: str) -> None:
    source = rule_source.replace("LINE", f"{name} = v / 2").replace("return theta, v", f"return theta - {name}, v")
    try:
        text = javascript(made(source))
    except GrammarError as error:
        assert name in str(error)  # noqa: PT017  # renaming it or refusing it are both good
    else:
        assert not re.search(rf"\blet {name}\b", text)


def test_a_hyperparameter_without_default_is_named(made: Maker, rule_source: str) -> None:
    source = rule_source.replace("LINE", "theta = theta - lr * v").replace(
        "lr: float = 0.1\n    beta: float = 0.9", "lr: float"
    )
    try:
        text = javascript(made(source))
    except (GrammarError, TypeError) as error:
        assert re.search(r"\blr\b", str(error))  # noqa: PT017  # leaving it out would be as good
    else:
        assert "hyper: {}" in text
