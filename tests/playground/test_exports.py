"""What a reader takes along is the run itself: the table to the last digit, and a script that repeats it."""

import importlib.util
import struct
from pathlib import Path
from typing import Any

import pytest

import optimtext as ot

CSV = """
const runner = new Runner(data.spec);
runner.advance(data.spec.steps);
out.table = csv(runner);
"""


def test_the_table_is_the_record_to_the_last_digit(node: Any) -> None:
    spec = {"rule": "Adam", "hyper": {"lr": 0.1}, "surface": "Himmelblau", "steps": 25}
    table = node(CSV, {"spec": spec}, csv="exports.js", Runner="driver.js")["table"].splitlines()
    assert table[0] == "step,x,y,loss,grad_norm,lr,m_x,m_y,v_x,v_y,p1_x,p1_y,p2_x,p2_y"
    surface = ot.surfaces.Himmelblau()
    trace = ot.minimize(surface, surface.start, ot.Adam(lr=0.1), max_steps=25).trace
    for k, line in enumerate(table[1:]):
        step, *numbers = line.split(",")
        assert int(step) == k
        assert [float(x) for x in numbers[:3]] == [*trace.theta[k], trace.loss[k]]
    assert len(table) == 27


def own(name: str) -> str:
    """Return the source of a rule as the page's editor shows it."""
    return ot.emit.source(getattr(ot, name))


BANANA = {"surface": "Rosenbrock", "surfaceHyper": {}, "start": [-1.2, 1]}
NADAM = {"lr": 0.02, "beta1": 0.9, "beta2": 0.99, "gamma": 0.96, "eps": 1e-8, "eps_root": 0}
LION = {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.01}
SHORT = "v = self.beta * v + grad  # a comment is left out\ntheta = theta - lr * v / (1 - -self.eps * (2 - 3 / 4))\n"
STATES: list[dict[str, Any]] = [
    {},
    {"noise": 0.5, "seed": 7, "steps": 60},
    {"surface": "Quadratic", "surfaceHyper": {"a": 1, "b": -0.5, "c": 4.25}, "start": [-0.0, 1e-7]},
    {"schedule": {"name": "StepDecay", "hyper": {"factor": 0.5, "every": 20}}},
    {"schedule": {"name": "Warmup", "hyper": {"steps": 30}}, **BANANA},
    {"schedule": {"name": "ReduceOnPlateau", "hyper": {"factor": 0.25, "patience": 3, "min_lr": 1e-4}}},
    {
        "rules": [{"name": "Own", "hyper": {"lr": 0.05, "beta": 0.9, "eps": 0.5}}, {"name": "Lion", "hyper": LION}],
        "own": SHORT,
    },
    {"rules": [{"name": "Own", "hyper": NADAM}], "own": own("NAdam")},
    {"rules": [{"name": "Own", "hyper": {"lr": 0.02, "beta": 0.9}}], "own": own("Nesterov"), **BANANA},
    {"rules": [{"name": "GradientDescent", "hyper": {"lr": 1.0}}], **BANANA},
]


def run_file(path: Path) -> None:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_the_script_runs_as_it_is_and_prints_the_same_numbers(
    node: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    body = """
    const exact = (x) => (Object.is(x, -0) ? "-0" : String(x));
    out.made = data.map((change) => {
      const entries = specs({ ...defaults(), ...change });
      const runs = entries.map(({ name, spec }) => {
        const { theta, loss, lr, message } = run(spec);
        return { name, message, rows: theta.map(([x, y], k) => [k, x, y, loss[k], lr[k]].map(exact)) };
      });
      return { script: python(entries), runs };
    });
    """
    changes = [{"steps": 80, **change} for change in STATES]
    names = {"python": "exports.js", "run": "driver.js", "defaults, specs": "state.js"}
    for i, made in enumerate(node(body, changes, **names)["made"]):
        path = tmp_path / f"script{i}.py"
        path.write_text(made["script"], encoding="utf-8")
        run_file(path)
        lines = iter(capsys.readouterr().out.splitlines())
        for run in made["runs"]:
            assert next(lines) == f"{run['name']}: {run['message']}"
            assert next(lines) == "step x y loss lr"
            for row in run["rows"]:
                ours, theirs = ([struct.pack("<d", float(x)) for x in line] for line in (next(lines).split(), row))
                assert ours == theirs, (made["script"], row)
        assert list(lines) == []
