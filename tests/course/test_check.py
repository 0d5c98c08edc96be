"""`optimtext check`: what it prints, what it returns, and how many hints it gives."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimtext.cli import main
from optimtext.course import assess, check, hints
from optimtext.course.bank import EXERCISES

DOCS = Path(__file__).parents[2] / "docs" / "course"
AVERAGED = """
class Momentum:
    def __init__(self, lr, beta):
        self.lr, self.beta, self.v = lr, beta, 0.0

    def step(self, theta, grad):
        self.v = self.beta * self.v + (1 - self.beta) * grad
        return theta - self.lr * self.v
"""
ASCENDS = "def gradient_step(theta, grad, lr):\n    return theta + lr * grad\n"


def run(directory, *arguments):
    """Run the command line and return the exit code and all that it printed."""
    result = CliRunner().invoke(main, ["check", *arguments, "--dir", str(directory)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def write(directory, file, text):
    (directory / "starter" / file).write_text(text)


def test_a_fresh_directory_is_not_attempted(course_directory):
    assert {verdict.status for verdict in check(course_directory)} == {"not-attempted"}
    code, output = run(course_directory, "adam")
    assert code == 1
    assert "Write Adam in starter/adaptive.py" in output


def test_right_solutions_are_right_and_the_exit_code_is_zero(solved):
    code, output = run(solved, "--all")
    assert code == 0
    assert "17 of 17 right" in output
    assert [verdict.status for verdict in check(solved, ["momentum.py"], seed=3)] == ["right"] * 3


def test_a_wrong_one_is_named_and_each_time_gets_one_hint_more(course_directory):
    write(course_directory, "gradient_descent.py", ASCENDS)
    code, output = run(course_directory, "gradient_step")
    assert code == 1
    for part in (
        "ascends",
        "uphill",
        "theta=[1.], grad=[2.], lr=0.1",
        "expected  [0.8]",
        "got       [1.2]",
        "Hint 1 of 2",
    ):
        assert part in output
    assert "Hint 2" not in output
    assert "Hint 2 of 2. Subtract" in run(course_directory, "gradient_step")[1]
    assert "Hint 2 of 2. Subtract" in run(course_directory, "gradient_step")[1]
    write(course_directory, "gradient_descent.py", ASCENDS.replace("+ lr *", "-"))
    assert "Hint 2" not in run(course_directory, "gradient_step")[1]


def test_tables_and_json_use_up_no_hint(course_directory):
    write(course_directory, "gradient_descent.py", ASCENDS)
    for option in ("--all", "--json"):
        assert run(course_directory, "gradient_step", option)[0] == 1
    assert not (course_directory / ".optimtext").exists()


def test_without_names_the_first_that_is_begun_and_not_right_is_explained(solved):
    (solved / "starter" / "momentum.py").write_text("class Momentum:\n    pass\n")
    code, output = run(solved)
    assert code == 2
    assert "nesterov            crashed" in output
    assert output.count("crashed (starter/momentum.py)") == 1


def test_json_has_the_four_entries_of_the_contract(solved):
    write(solved, "gradient_descent.py", ASCENDS)
    code, output = run(solved, "--json", "gradient_step", "adam")
    assert code == 1
    wrong, right = json.loads(output)
    assert list(wrong) == ["exercise", "status", "misconception", "message"]
    assert (wrong["exercise"], wrong["status"], wrong["misconception"]) == ("gradient_step", "wrong", "ascends")
    assert (right["exercise"], right["status"], right["misconception"]) == ("adam", "right", None)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["adaptive"], ["adagrad", "rmsprop", "adam"]),
        (["starter/momentum.py"], ["momentum", "nesterov", "shifted_nesterov"]),
        (["momentum"], ["momentum"]),
        (["Adam", "momentum"], ["momentum", "adam"]),
    ],
)
def test_exercises_may_be_named_by_their_file(course_directory, words, names):
    assert [entry["exercise"] for entry in json.loads(run(course_directory, *words, "--json")[1])] == names


def test_a_state_that_is_damaged_begins_anew(course_directory):
    verdict = assess("gradient_step", lambda theta, grad, lr: theta + lr * grad)
    (course_directory / hints.FILE).parent.mkdir()
    for text in ("{", "[1]", '{"gradient_step/ascends": "many"}', '{"gradient_step/ascends": -3}'):
        (course_directory / hints.FILE).write_text(text)
        assert hints.due(course_directory, verdict) == verdict.hints[:1]
        hints.remember(course_directory, verdict)
        assert hints.due(course_directory, verdict) == verdict.hints


def test_the_output_is_plain_where_there_is_no_terminal(solved):
    command = [sys.executable, "-m", "optimtext", "check", "--all", "--dir", str(solved)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "\x1b" not in done.stdout
    assert "gradient_step       right\n" in done.stdout
    assert done.stderr == ""


def test_help_explains_the_exit_codes():
    for command in ("start", "check"):
        text = CliRunner().invoke(main, [command, "--help"]).output
        assert "\n  Examples:\n    optimtext " in text
        assert "Exit code" in text


def test_the_page_shows_what_the_check_prints(solved):
    path = solved / "starter" / "adaptive.py"
    text = path.read_text()
    for power in (" / (1 - self.beta1**self.t)", " / (1 - self.beta2**self.t)"):
        assert power in text
        text = text.replace(power, "")
    path.write_text(text)
    page = (DOCS / "index.md").read_text(encoding="utf-8")
    assert "$ optimtext check adam\n" + run(solved, "adam")[1] in page


def test_the_lecturers_script_runs_as_it_stands(solved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submissions" / "empty").mkdir(parents=True)
    write(solved, "momentum.py", AVERAGED)
    solved.rename(tmp_path / "submissions" / "ada")
    page = (DOCS / "lecturers.md").read_text(encoding="utf-8")
    script = page.split("```python\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    first, *rest = done.stdout.splitlines()
    assert first == f"ada {len(EXERCISES) - 3} of {len(EXERCISES)}"
    assert "empty Error:" in rest[0]
    assert "1 momentum velocity-averaged" in rest
    shown = json.loads(page.split("```json\n")[1].split("```")[0])
    assert shown == json.loads(run(tmp_path / "submissions" / "ada", "momentum", "--json")[1])


def test_every_exercise_has_a_page_with_its_title():
    for exercise in EXERCISES.values():
        page = (DOCS / "exercises" / f"{exercise.name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {exercise.title}\n")
        assert f"```{{course-exercise}} {exercise.name}\n" in page
    assert len(list((DOCS / "exercises").glob("*.md"))) == len(EXERCISES)
