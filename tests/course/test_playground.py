"""What the playground's editor gets: its grammar takes all of it, its cases tell wrong from right."""

import json

import numpy as np
import pytest

from optimtext.course import playground
from optimtext.course.bank import EXERCISES
from optimtext.emit import javascript

ENTRIES = playground.exercises()
every_rule = pytest.mark.parametrize("name", ENTRIES)


def rule(tmp_path, monkeypatch, name, body):
    """Make a rule of the package's form from a body in a file, since that is where emit reads it."""
    entry = ENTRIES[name]
    fields = "".join(f"    {field}: float = {value!r}\n" for field, value in {"lr": 0.1, **entry["hyper"]}.items())
    slots = "".join(f", {slot}={value!r}" for slot, value in entry["slots"].items())
    lines = body.replace("\n", "\n        ")
    head = "from dataclasses import dataclass\nfrom numpy import sqrt\n\n@dataclass(frozen=True)\nclass Own:\n"
    path = tmp_path / f"own_{name}_{abs(hash(body))}.py"
    path.write_text(f"{head}{fields}\n    def update(self, theta, grad, lr{slots}):\n        {lines}\n")
    monkeypatch.syspath_prepend(tmp_path)
    return __import__(path.stem).Own


def passes(cls, case):
    """Return whether a rule takes the steps of a case."""
    own, theta = cls(**case["hyper"]), np.array(case["theta"])
    slots: list[object] = []
    with np.errstate(all="ignore"):
        for grad, after in zip(case["grads"], case["theta_after"], strict=True):
            new = own.update(theta, np.array(grad), case["lr"], *slots)
            theta, *slots = new if isinstance(new, tuple) else (new,)
            if not np.allclose(theta, after, rtol=case["rtol"], atol=1e-12):
                return False
    return True


RIGHT = {
    "gradient_step": "return theta - lr * grad",
    "momentum": "v = self.beta * v + grad\nreturn theta - lr * v, v",
    "shifted_nesterov": "v = self.beta * v + grad\nreturn theta - lr * (grad + self.beta * v), v",
    "adagrad": "s = s + grad * grad\nreturn theta - lr * grad / (sqrt(s) + self.eps), s",
    "rmsprop": "s = s + (1 - self.beta) * (grad * grad - s)\nreturn theta - lr * grad / (sqrt(s) + self.eps), s",
    "adam": """p1 = p1 * self.beta1
p2 = p2 * self.beta2
m = self.beta1 * m + (1 - self.beta1) * grad
v = self.beta2 * v + (1 - self.beta2) * grad * grad
return theta - lr * (m / (1 - p1)) / (sqrt(v / (1 - p2)) + self.eps), m, v, p1, p2""",
}


@every_rule
def test_a_right_body_passes_every_case(name, tmp_path, monkeypatch):
    cls = rule(tmp_path, monkeypatch, name, RIGHT[name])
    assert "update(self, theta, grad, lr" in javascript(cls)
    assert all(passes(cls, case) for case in ENTRIES[name]["cases"])


@every_rule
def test_every_body_is_in_the_grammar_and_fails_some_case(name, tmp_path, monkeypatch):
    entry = ENTRIES[name]
    assert len(entry["misconceptions"]) >= 5
    for wrong in [*entry["misconceptions"], {"body": entry["starter"]}]:
        cls = rule(tmp_path, monkeypatch, name, wrong["body"])
        assert "update(self, theta, grad, lr" in javascript(cls)
        assert not all(passes(cls, case) for case in entry["cases"])


@every_rule
def test_the_cases_are_those_of_the_check(name):
    entry, exercise = ENTRIES[name], EXERCISES[name]
    assert len(entry["cases"]) >= 6
    assert entry["cases"][0]["grads"] == [[2.0]]
    assert json.loads(json.dumps(entry)) == entry
    assert entry["page"] == f"course/exercises/{name}.html"
    assert entry["starter"].splitlines()[-1] == "return " + ", ".join(["theta", *entry["slots"]])
    # Whoever compares by relative differences alone must never be asked for a zero.
    assert min(abs(value) for case in entry["cases"] for after in case["theta_after"] for value in after) > 1e-3
    solution = exercise.reference
    case = entry["cases"][0]
    if entry["slots"]:
        theta = solution(lr=case["lr"], **case["hyper"]).step(np.array(case["theta"]), np.array(case["grads"][0]))
        np.testing.assert_allclose(theta, case["theta_after"][0])


def test_only_update_rules_open_there():
    assert [name for name in EXERCISES if playground.opens(name)] == list(ENTRIES)
    assert playground.link("adam") == "playground.html#v=1&exercise=adam"
