"""The lab: its notebook is current, runs with the solutions put in, and knows mistakes from gaps and from answers."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CHECKS = 8


@pytest.fixture(scope="module")
def lab():
    spec = importlib.util.spec_from_file_location("lab_cells", ROOT / "docs" / "_ext" / "lab_cells.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text(lab):
    return lab.SOURCE.read_text(encoding="utf-8")


def test_the_notebook_of_the_package_is_made_from_the_page(lab, text):
    committed = (ROOT / "optimtext" / "course" / "lab" / "lab.ipynb").read_text(encoding="utf-8")
    assert committed == lab.written(text), "run python docs/_ext/lab_cells.py"


def test_the_learner_gets_no_solution_and_no_markup_of_the_book(lab, text):
    learner = json.dumps(lab.notebook(text))
    assert learner.count("raise NotImplementedError") == CHECKS - 2
    for left_over in ("# solution", "# end", "{doc}", "{lab}", ":alt:", "1 - beta1**t)"):
        assert left_over not in learner, left_over


# In a process of its own: what nbclient leaves behind, open sockets and loops, is no concern of other tests.
EXECUTE = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[1])
"""


def test_the_learners_notebook_runs_with_the_solutions_put_in(lab, text, tmp_path):
    pytest.importorskip("nbclient")
    learner = json.loads(lab.written(text))
    for cell, source in zip(learner["cells"], lab.cells(text), strict=True):
        if source.code:
            cell["source"] = lab.solved(source.source)
    file, folder = tmp_path / "lab.ipynb", tmp_path / "here"
    file.write_text(json.dumps(learner), encoding="utf-8")
    folder.mkdir()
    homes = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    env = os.environ | {name: str(tmp_path / name) for name in homes}
    subprocess.run([sys.executable, "-c", EXECUTE, file, folder], env=env, check=True, timeout=180)
    outputs = [out for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] for out in cell.get("outputs", [])]
    printed = "".join("".join(out["text"]) for out in outputs if out.get("name") == "stdout")
    assert printed.count(": right.") == CHECKS
    assert "not yet" not in printed
    assert "The figure comes" not in printed
    assert list(folder.iterdir()) == []


def run(names, code):
    exec(compile(code, "lab", "exec"), names)  # noqa: S102  # cells of our own, and wrong ones of this file


def test_without_solutions_every_check_says_not_yet_and_nothing_stops(lab, text, capsys):
    plt = pytest.importorskip("matplotlib.pyplot")
    names: dict[str, Any] = {}
    with plt.rc_context():
        for cell in lab.cells(text):
            if cell.code:
                run(names, lab.learner(cell.source))
        plt.close("all")
    printed = capsys.readouterr().out
    assert printed.count(": not yet.") == CHECKS
    assert ": right." not in printed


@pytest.fixture(scope="module")
def prepared(lab, text):
    """Return the names of the solved lab, and the code of its cells."""
    plt = pytest.importorskip("matplotlib.pyplot")
    codes = [cell.source for cell in lab.cells(text) if cell.code]
    names: dict[str, Any] = {}
    with plt.rc_context():
        for code in codes:
            run(names, lab.solved(code))
        plt.close("all")
    return names, codes


DESCEND = """
def descend(gradient, start, lr, steps):
    theta, path = start, [1.0 * start]
    for _ in range(steps):
        {step}
        path.append({kept})
    return {returned}
"""
MOMENTUM = """
def with_momentum(gradient, start, lr, beta, steps):
    theta, v, path = np.array(start), 0.0, [np.array(start)]
    for _ in range(steps):
        v = {v}
        theta = theta - lr * v
        path.append(theta)
    return np.array(path)
"""
ADAM = """
def adam_step(theta, grad, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    {m}
    {v}
    return theta - lr * {step} / (np.sqrt({root}) + eps), m, v
"""
STOP = """
def stop_early(losses, patience):
    best = bad = 0
    for k, loss in enumerate(losses):
        bad = 0 if k == 0 or {good} else bad + 1
        best = k if loss < losses[best] else best
        if bad == patience:
            return k, best
    return {end}
"""
GOOD = {"step": "theta = theta - lr * gradient(theta)", "kept": "theta", "returned": "np.array(path)"}
HATS = {"m": "mh = m / (1 - beta1**t)", "v": "vh = v / (1 - beta2**t)", "step": "mh", "root": "vh"}
MISTAKES = [
    ("limit, in_one_step = 1 / 4, 1 / 4", "below -1"),
    (DESCEND.format(**GOOD | {"step": "theta = theta + lr * gradient(theta)"}), "uphill"),
    (DESCEND.format(**GOOD | {"step": "theta -= lr * gradient(theta)"}), "in place"),
    (DESCEND.format(**GOOD | {"returned": "theta"}), "last point"),
    (DESCEND.format(**GOOD | {"returned": "np.array(path[1:])"}), "31 points"),
    (MOMENTUM.format(v="beta * v + (1 - beta) * gradient(theta)"), "average"),
    (MOMENTUM.format(v="gradient(theta)"), "this is gradient descent"),
    (MOMENTUM.format(v="beta * v + gradient(theta - lr * beta * v)"), "Nesterov"),
    (ADAM.format(**HATS | {"step": "m", "root": "v"}), "3.16"),
    (ADAM.format(m="mh = m * (1 - beta1**t)", v="vh = v * (1 - beta2**t)", step="mh", root="vh"), "multiplies"),
    (ADAM.format(**HATS | {"step": "m"}), "only the squares"),
    (ADAM.format(**HATS | {"root": "v"}), "only the gradients"),
    (ADAM.format(m="m = m / (1 - beta1**t)", v="v = v / (1 - beta2**t)", step="m", root="v"), "rates long"),
    ("def steps_to_escape(y0, lr):\n    return np.log(1 / y0) / np.log(1 + lr) if y0 > 0 else np.inf", "negative"),
    ("def steps_to_escape(y0, lr):\n    return np.log(1 / abs(y0)) / lr if y0 else np.inf", "94.4"),
    ("rates = [0.001, 0.003, 0.01, 0.03, 0.1]", "the last"),
    ("rates = [0.4, 0.5, 0.6, 0.8, 1.0]", "the first"),
    ("rates = [0.001, 0.003, 0.03, 0.3, 0.6]", "gap"),
    ("def cosine(t, lr_max, steps):\n    return lr_max * (1 + np.cos(np.pi * min(t, steps) / steps))", "twice"),
    ("def cosine(t, lr_max, steps):\n    return 0.5 * lr_max * (1 + np.cos(np.pi * t / steps))", "rises again"),
    (STOP.format(good="loss < losses[k - 1]", end="len(losses) - 1, best"), "not with the last"),
    (STOP.format(good="loss < losses[best]", end="len(losses) - 1, len(losses) - 1"), "remembered"),
]


@pytest.mark.parametrize(("wrong", "says"), MISTAKES, ids=[says for _, says in MISTAKES])
def test_a_check_says_which_mistake_it_sees(prepared, capsys, wrong, says):
    names, codes = prepared
    function = wrong.split("(")[0].split()[-1] if "def " in wrong else wrong.split()[0].rstrip(",")
    judged = next(code for code in codes if code.rstrip().endswith(f"{function})") or f", {function}, " in code)
    names = dict(names)
    run(names, wrong)
    run(names, judged)
    printed = capsys.readouterr().out
    assert says in printed
    assert ": right." not in printed
    assert "it stops with" not in printed
