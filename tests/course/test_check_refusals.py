"""Bad input to `optimtext check`: a sentence that says what and where, exit code 2, and nothing lost."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimtext.cli import main
from optimtext.course import check, runner
from optimtext.course.hints import FILE

STEP = "def gradient_step(theta, grad, lr):\n"


def one(directory, body, time_limit=10.0):
    """Return the verdict on the first exercise when its file is `body`."""
    (directory / "starter" / "gradient_descent.py").write_text(body)
    return check(directory, ["gradient_step"], time_limit=time_limit)[0]


def run(directory, *arguments):
    """Run the command line and return the exit code and all that it printed."""
    result = CliRunner().invoke(main, ["check", *arguments, "--dir", str(directory)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_what_a_file_can_do_wrong_is_one_sentence_and_exit_code_2(solved):
    bodies = {
        "starter/momentum.py, line 2 cannot be loaded: SyntaxError": "import math\ndef step(:\n",
        "line 1 cannot be loaded: ModuleNotFoundError: No module named 'nothing_here'": "import nothing_here\n",
        "cannot be loaded: SystemExit": "exit()\n",
        "starter/momentum.py does not define Momentum": "class Momentumm:\n    pass\n",
    }
    for words, body in bodies.items():
        (solved / "starter" / "momentum.py").write_text(body)
        (verdict,) = check(solved, ["momentum"])
        assert verdict.status == "crashed"
        assert words in verdict.message
    code, output = run(solved, "momentum", "adam", "--all")
    assert code == 2
    assert "momentum            crashed" in output
    assert "adam                right" in output


def test_a_file_that_was_deleted_or_renamed(solved):
    path = solved / "starter" / "momentum.py"
    path.rename(path.with_name("momentun.py"))
    code, output = run(solved, "momentum", "adam")
    assert code == 2
    assert "starter/momentum.py, where momentum belongs, is not there. Was it renamed to momentun.py?" in output
    assert "adam                right" in output


def test_bytes_that_are_no_text(solved):
    (solved / "starter" / "momentum.py").write_bytes(b"\xff\xfe\x00class")
    assert check(solved, ["momentum"])[0].status == "crashed"


ANSWERS = {
    "gradient_descent.py": """
def gradient_step(theta, grad, lr): return float("nan") * theta
def gradient_descent(gradient, theta0, lr, steps): return [theta0]
def batch_gradient(X, y, theta, batch): return theta[None]
def minibatches(n, batch_size, rng): exit()
""",
    "adaptive.py": """
import os
class AdaGrad:
    def __init__(self, **hyper): print("x" * 3_000_000)
class RMSProp:
    def __init__(self, **hyper): os.write(1, b"x" * 3_000_000)
class Adam:
    def __init__(self, **hyper): os._exit(0)
""",
    "stopping.py": """
def soft_threshold(x, step, l1): return input()
def clip_by_norm(grad, limit):
    return 1 / 0
""",
}
FINDINGS = {
    "gradient_step": ("wrong", "not-a-number", "NaN"),
    "gradient_descent": ("wrong", "returns-a-list", "list"),
    "batch_gradient": ("wrong", "wrong-shape", "shape (1, 1), expected is (1,)"),
    "minibatches": ("crashed", None, "exit()"),
    "adagrad": ("crashed", None, "starter/adaptive.py, AdaGrad, printed more than 1 MB"),
    "rmsprop": ("crashed", None, "printed more than 1 MB"),
    "adam": ("crashed", None, "ended the whole process (exit code 0)"),
    "early_stopping": ("crashed", None, "starter/stopping.py does not define EarlyStopping"),
    "soft_threshold": ("crashed", None, "starter/stopping.py, line 2): EOFError"),
    "clip_by_norm": ("crashed", None, "starter/stopping.py, line 4): ZeroDivisionError"),
}


def test_what_an_answer_can_be(course_directory):
    for file, text in ANSWERS.items():
        (course_directory / "starter" / file).write_text(text)
    verdicts = {verdict.exercise: verdict for verdict in check(course_directory, list(FINDINGS))}
    for name, (status, misconception, words) in FINDINGS.items():
        verdict = verdicts[name]
        assert (verdict.status, verdict.misconception, verdict.comparable) == (status, misconception, False), name
        assert words in verdict.message


@pytest.mark.parametrize("size", [1, 7, 65536])
def test_prints_are_counted_for_the_exercise_that_makes_them(size):
    class Pipe:
        def __init__(self, data):
            self.pieces = [data[i : i + size] for i in range(0, len(data), size)]

        def read1(self, _most):
            return self.pieces.pop(0) if self.pieces else b""

    data = b"loading" + b"\0begun adam\0" + b"a\0b" * 5 + b"\0begun rmsprop\0" + b"end"
    most: dict[str | None, int] = {}
    for name, printed in runner._printed(Pipe(data)):
        most[name] = max(most.get(name, 0), printed)
    assert most == {None: 7, "adam": 15, "rmsprop": 3}


def test_some_lines_of_print_are_no_mistake(course_directory):
    assert one(course_directory, STEP + "    print(theta)\n    return theta - lr * grad\n").status == "right"


def test_what_looks_like_an_answer_on_the_standard_output_is_none(course_directory):
    event = '{"event": "answered", "exercise": "gradient_step", "answers": []}'
    assert one(course_directory, f"{STEP}    print({event!r}, flush=True)\n    return theta\n").status == "wrong"


def test_an_endless_loop_ends_itself_and_nothing_else(course_directory):
    body = (
        STEP
        + "    while True:\n        pass\n"
        + "def gradient_descent(gradient, theta0, lr, steps):\n    return None\n"
    )
    (course_directory / "starter" / "gradient_descent.py").write_text(body)
    names = ["gradient_step", "gradient_descent", "adam"]
    verdicts = check(course_directory, names, time_limit=1.5)
    assert [verdict.status for verdict in verdicts] == ["timeout", "wrong", "not-attempted"]
    assert "not done after 1.5 s" in verdicts[0].message
    (course_directory / "starter" / "gradient_descent.py").write_text("while True:\n    pass\n")
    code, output = run(course_directory, "gradient_step", "--timeout", "0.5", "--json")
    assert (code, json.loads(output)[0]["status"]) == (2, "timeout")


def state_of(pid):
    try:
        return Path("/proc", pid, "stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return "gone"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
def test_a_process_that_is_left_behind_is_ended(course_directory, tmp_path):
    pid = tmp_path / "pid"
    command = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
    start = f"    left = subprocess.Popen({command!r})\n    pathlib.Path({str(pid)!r}).write_text(str(left.pid))\n"
    body = "import pathlib, subprocess\n" + STEP + start + "    return theta - lr * grad\n"
    assert one(course_directory, body).status == "right"
    deadline = time.monotonic() + 10  # a signal takes a moment to arrive; the process would sleep for a minute
    while (state := state_of(pid.read_text())) not in ("gone", "Z"):  # Z: ended, and not yet taken note of
        assert time.monotonic() < deadline, state
        time.sleep(0.01)


def test_modules_of_the_learner_hide_none_of_ours(course_directory):
    for name in ("json", "numpy", "optimtext"):
        (course_directory / f"{name}.py").write_text("raise RuntimeError\n")
        (course_directory / "starter" / f"{name}.py").write_text("raise RuntimeError\n")
    (course_directory / "starter" / "helper.py").write_text("def move(theta, step):\n    return theta - step\n")
    body = "from helper import move\n" + STEP + "    return move(theta, lr * grad)\n"
    assert one(course_directory, body).status == "right"


@pytest.mark.parametrize("arguments", [["--dir", "nowhere"], ["--dir", "."]])
def test_what_is_no_course_directory(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exit_code == 2
    assert "directory" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["adma"], ["adam", "--timeout", "0"], ["--seed", "-1"], ["--seed", "x"]])
def test_arguments_that_mean_nothing(course_directory, arguments):
    code, output = run(course_directory, *arguments)
    assert code == 2
    assert "Error" in output


def test_hints_that_cannot_be_remembered_are_given_all_the_same(course_directory, monkeypatch):
    (course_directory / "starter" / "gradient_descent.py").write_text(STEP + "    return theta + lr * grad\n")

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("optimtext.course.hints.written_beside", refuse)
    code, output = run(course_directory, "gradient_step")
    assert code == 2
    assert "Hint 1" in output
    assert f"{course_directory / FILE} cannot be written (Read-only file system)" in output
    assert run(course_directory, "gradient_step", "--json")[0] == 1


def test_no_process_can_be_started(course_directory, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    code, output = run(course_directory)
    assert code == 2
    assert "Resource temporarily unavailable" in output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_an_output_that_is_full(course_directory):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "optimtext", "check", "--dir", str(course_directory)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: No space left on device; nothing of yours was changed.\n"
