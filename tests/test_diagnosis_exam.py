"""The exam: who sat it, what the diagnosis scored, and that the runs are what their recipes say."""

from dataclasses import replace

import numpy as np
import pytest

from optimtext.diagnosis import FINE, NAMES
from optimtext.diagnosis.exam import load, score
from optimtext.diagnosis.exam.problems import GROUPS, held_out, problem
from optimtext.diagnosis.exam.recipe import Recipe
from optimtext.diagnosis.exam.recipes import recipes
from optimtext.diagnosis.exam.runs import Facts, make
from optimtext.diagnosis.exam.score import halved, rescaled, smoothed
from optimtext.diagnosis.exam.truth import labels

CASES = load()
FALL = 0.2 + np.exp(-np.arange(400) / 10)


@pytest.fixture(scope="module")
def scores():
    return {held: score(case for case in CASES if case.held_out == held) for held in (True, False)}


def test_the_exam_is_large_and_its_parts_share_no_group():
    settled = [case for case in CASES if case.settled]
    assert len(settled) >= 300
    parts = {
        held: {(case.recipe.model, case.recipe.data) for case in CASES if case.held_out == held}
        for held in (True, False)
    }
    assert not parts[True] & parts[False]
    assert "softmax" not in {model for model, _ in parts[False]}
    assert "digits" not in {data for _, data in parts[False]}
    assert parts[True] | parts[False] == set(GROUPS)
    assert {name for case in settled for name in case.labels} == set(NAMES)
    for what in ("restarts", "bump", "batches", "scheduled"):  # which look like failures, and need be none
        assert any(case.recipe.purpose == what and case.labels <= set(FINE) for case in CASES)


def test_the_held_out_part_is_passed(scores):
    held = scores[True]
    assert held.settled >= 600
    assert held.right >= 0.95 * held.settled
    assert held.alarms <= 0.02 * held.fine
    assert held.same["rescaled"] == held.settled
    assert held.same["halved"] >= 0.95 * held.settled
    assert held.same["smoothed"] >= 0.95 * held.settled


def test_the_training_part_shows_no_less(scores):
    training = scores[False]
    assert training.right >= 0.94 * training.settled
    assert training.alarms <= 0.03 * training.fine
    assert training.same["rescaled"] >= 0.995 * training.settled


@pytest.mark.parametrize("held", [True, False])
def test_confidence_is_what_it_says(held, scores):
    said, right = np.array(scores[held].confident).T
    assert said.mean() == pytest.approx(right.mean(), abs=0.03)
    low, high = said < 0.9, said >= 0.95
    assert right[low].mean() < right[high].mean()


def test_a_sample_of_runs_is_made_anew_with_the_same_losses_and_labels():
    group = ("linear", "penguins")
    chosen = [case for case in CASES if (case.recipe.model, case.recipe.data) == group and not case.recipe.variant]
    assert len({case.recipe.purpose for case in chosen}) > 8
    drawn = {recipe.seed: recipe for recipe in recipes(groups=[group])}
    for case in chosen:
        assert drawn[case.recipe.seed] == case.recipe
        log, facts = make(case.recipe)
        assert labels(case.recipe, facts) == case.labels, case.recipe
        # Other libraries for matrix products round otherwise: the first losses are the same to the digits of a log.
        assert log.loss[:30] == pytest.approx(case.log.loss[:30], rel=1e-4, nan_ok=True)
        assert len(log.loss) == len(case.log.loss)


def facts(full, **known):
    full = np.asarray(full, dtype=float)
    usual = {
        "full": full, "calm": np.full(50, full[-1]), "peak": full[-1], "validation": full[:: len(full) // 50],
        "spread": 0.0, "faster": (full[-1],) * 3, "diverged": False, "rate_over_limit": 0.5, "reachable": full.min(),
        "richer": full.min(), "points": len(full), "spoiled": np.nan, "epoch": 1,
    }  # fmt: skip  # name and value
    return Facts(**{**usual, **known})


RECIPE = Recipe("made up", "linear", "penguins", columns=("validation", "lr"))
LINE = np.linspace(1, 0.7, 400)
STORIES = {
    "too-short": (RECIPE, facts(FALL, points=5)),
    "diverged": (RECIPE, facts(1.02 ** np.arange(400))),
    "oscillating": (RECIPE, facts(FALL + 0.2 * np.sin(np.arange(400) / 3))),
    "noisy": (replace(RECIPE, batch=1), facts(1 - 1e-4 * np.arange(400), spread=2.0, epoch=160, points=60)),
    "no-progress": (RECIPE, facts(1 - 1e-6 * np.arange(400))),
    "overfitting": (RECIPE, facts(FALL, validation=0.3 + np.abs(np.linspace(-1, 2, 50)))),
    "spikes": (replace(RECIPE, glitches=(200,), glitch=50.0), facts(FALL + (np.arange(400) == 203))),
    "plateau": (replace(RECIPE, schedule="step"), facts(FALL, peak=0.0, reachable=0.0)),
    "underfitting": (RECIPE, facts(0.8 + 0.2 * FALL, richer=0.1)),
    "too-slow": (RECIPE, facts(LINE, faster=(0.6, 0.2, 0.1), reachable=0.0)),
    "converged": (RECIPE, facts(FALL)),
    "healthy": (RECIPE, facts(0.2 + 1 / (1 + np.arange(400) / 20))),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_maker_calls_each_story_by_its_name(name):
    assert labels(*STORIES[name]) == {name}


def test_a_run_between_two_definitions_has_both_names():
    assert labels(RECIPE, facts(LINE, faster=(0.65, 0.5, 0.45), reachable=0.0)) == {"healthy", "too-slow"}


def test_altered_logs_are_what_they_are_called():
    log = next(case.log for case in CASES if case.log.validation is not None and case.log.lr is not None)
    assert halved(log).loss.tolist() == log.loss[::2].tolist()
    assert rescaled(log).loss == pytest.approx(1000 * log.loss)
    constant = replace(log, loss=np.full(9, 3.0), validation=np.full(9, np.nan))
    assert smoothed(constant).loss == pytest.approx(3.0)
    assert smoothed(replace(log, loss=np.array([1.0, 0.0]), validation=None)).loss == pytest.approx([1.0, 0.375])


@pytest.mark.parametrize(("model", "data"), [("linear", "penguins"), ("logistic", "penguins")])
def test_a_problem_knows_its_limit_and_its_lowest_loss(model, data):
    task = problem(model, data)
    assert held_out(model, data) is False
    assert task.reachable < task.full_loss(task.theta0)
    design, targets = task.train._samples.design, task.train._samples.targets
    clean = type(task.train)(design[: task.n_clean, :-1], targets[: task.n_clean])
    curvatures = np.linalg.eigvalsh(clean.hessian(task.theta0))
    assert task.limit == pytest.approx(2 / curvatures.max())
