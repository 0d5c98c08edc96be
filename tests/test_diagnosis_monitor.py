"""The monitor: warns while the run goes, once for each finding, in memory that does not grow."""

import math
import tracemalloc
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.diagnosis import FINE, NAMES
from optimtext.diagnosis.exam import load

T = np.arange(400)
CALM = 2.0 * np.exp(-T / 30) + 0.3


def warned(losses, validation=None, **settings):
    monitor = ot.Monitor(**settings)
    found = []
    for i, loss in enumerate(losses):
        finding = monitor.add(loss, validation=None if validation is None else validation[i])
        if finding is not None:
            found.append((i, finding.name))
    return found


def test_a_calm_run_is_not_disturbed():
    assert warned(CALM) == []


def test_a_loss_that_is_not_finite_is_reported_at_once_and_once():
    losses = [*np.linspace(2, 1, 20), math.nan, math.nan, math.inf]
    assert warned(losses) == [(20, "diverged")]


@pytest.mark.parametrize(
    ("name", "losses", "validation"),
    [
        ("diverged", 0.5 * 1.05**T, None),
        ("no-progress", 2.3 + 0 * T, None),
        ("too-slow", 2.3 - 0.001 * T, None),
        ("overfitting", CALM, CALM + 0.004 * np.maximum(T - 100, 0)),
        ("oscillating", CALM + 0.4 * np.sin(T / 2), None),
    ],
)
def test_what_goes_wrong_is_told_before_the_end(name, losses, validation):
    found = warned(losses, validation)
    assert name in [finding for _, finding in found]
    assert found[0][0] < 350
    assert len(set(found)) == len(found)


def test_the_last_word_is_that_of_diagnose():
    for losses in (CALM, 2.3 - 0.001 * T, 0.5 * 1.05**T):
        monitor = ot.Monitor()
        for loss in losses:
            monitor.add(loss)
        assert monitor.diagnosis().main == ot.diagnose(losses).main


def test_false_alarms_on_healthy_runs_of_the_exam_are_rare():
    calm = [case for case in load() if case.labels <= set(FINE) and case.held_out and "lr" in case.recipe.columns][:20]
    alarmed = sum(bool(warned(case.log.loss[np.isfinite(case.log.loss)], start=50, confidence=0.9)) for case in calm)
    assert alarmed <= 0.15 * len(calm)


def test_memory_does_not_grow_with_the_run():
    monitor = ot.Monitor()
    for i in range(1500):
        monitor.add(1 / (1 + i))
    tracemalloc.start()
    for i in range(1500, 4500):
        monitor.add(1 / (1 + i))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 50_000  # the reports of one examination, not three thousand losses


def test_a_callback_hears_each_finding_and_steps_may_be_given():
    heard: list[Any] = []
    monitor = ot.Monitor(on_finding=heard.append, patience=1)
    for step in range(0, 4000, 10):
        monitor.add(2.3, lr=1e-9, step=step)
    assert [finding.name for finding in heard] == ["no-progress"]
    assert heard[0].steps[1] > 100
    with pytest.raises(ValueError, match="step must increase"):
        monitor.add(2.3, step=3990)


def test_minimize_stops_at_a_finding_or_only_watches():
    ravine = ot.surfaces.Ravine(condition=50)
    rule = ot.GradientDescent(lr=1e-7)
    stopped = ot.minimize(ravine, ravine.start, rule, max_steps=2000, stop=ot.Monitor().criterion())
    assert stopped.steps < 200
    assert stopped.message.startswith(f"stopped at step {stopped.steps}: no-progress")
    heard: list[Any] = []
    watch = ot.Monitor(on_finding=heard.append).criterion(stop=False)
    watched = ot.minimize(ravine, ravine.start, rule, max_steps=300, stop=watch)
    assert watched.steps == 300
    assert heard[0].name == "no-progress"
    other = ot.minimize(ravine, ravine.start, rule, max_steps=300, stop=ot.Monitor().criterion("overfitting"))
    assert other.steps == 300


def test_minimize_hands_validation_and_rate_to_the_monitor():
    data, held_out = ot.datasets.breast_cancer().split(0.9, seed=0)
    data = data.standardized()
    held_out = held_out.standardized(like=data)
    model = ot.models.LogisticRegression(data.features, data.targets)
    check = ot.models.LogisticRegression(held_out.features, held_out.targets)
    monitor = ot.Monitor()
    run = ot.minimize(
        model,
        np.zeros(model.dim),
        ot.Adam(lr=0.1),
        max_steps=2000,
        validation=check,
        stop=monitor.criterion("overfitting"),
    )
    assert "overfitting" in run.message
    assert run.steps < 1000
    rates = monitor.diagnosis().curve.lr
    assert rates is not None
    assert rates.value.tolist()[-1] == 0.1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"start": 3}, "start must be an integer of at least 8"),
        ({"confidence": 1.5}, "confidence must be in"),
        ({"patience": 0}, "patience must be"),
        ({"on_finding": 3}, "on_finding must be a function"),
        ({"every": 3}, "Monitor has no argument every"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises((TypeError, ValueError), match=message):
        ot.Monitor(**settings)


def test_unknown_findings_are_refused():
    with pytest.raises(ValueError, match="names must be among"):
        ot.Monitor().criterion("explosion")
    assert set(NAMES) == ot.Monitor().criterion().names
