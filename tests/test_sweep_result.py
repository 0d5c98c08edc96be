"""What a sweep returns: the order of its runs, made when somebody looks at them, copied, pickled and in tables."""

import copy
import dataclasses
import pickle
import sys

import numpy as np
import pytest

import optimtext as ot


def test_the_order_of_a_sweep_is_rules_then_starts_then_seeds_and_changes_no_run():
    data = ot.datasets.penguin_sex().standardized()
    problem, starts = ot.models.LogisticRegression(data.features, data.targets), [[0.0] * 5, [1.0] * 5]
    rules = {"a": ot.grid(ot.Adam, lr=[0.01, 0.1]), "b": ot.Momentum()}
    found = ot.sweep(problem, rules, starts, max_steps=9, seeds=[3, 1], batch_size=7)
    assert [(run.name, run.rule.lr, run.start, run.seed) for run in found][:5] == [
        ("a", 0.01, 0, 3),
        ("a", 0.01, 0, 1),
        ("a", 0.01, 1, 3),
        ("a", 0.01, 1, 1),
        ("a", 0.1, 0, 3),
    ]
    turned = {"b": ot.Momentum(), "a": ot.grid(ot.Adam, lr=[0.1, 0.01])}
    other = ot.sweep(problem, turned, starts[::-1], max_steps=9, seeds=[1, 3], batch_size=7)
    ends = [
        {(run.name, run.rule, run.theta.tobytes(), run.losses.tobytes(), run.seed) for run in runs}
        for runs in (found, other)
    ]
    assert ends[0] == ends[1]


def test_runs_are_made_when_somebody_looks_at_them_and_only_once(monkeypatch):
    made, of = [], ot.SweepRun.of

    def counted(name, *given):
        made.append(name)
        return of(name, *given)

    monkeypatch.setattr(ot.SweepRun, "of", counted)
    found = ot.sweep(ot.surfaces.Bowl(), {"a": ot.grid(ot.Adam, lr=[0.1, 0.2, 1e200])}, [1.0, 1.0], max_steps=5)
    assert not made
    first = found[0]
    assert made == ["a"] * 3
    assert found.runs[0] is next(iter(found)) is found.of("a")[0] is first
    assert len(made) == len(found) == 3


@pytest.mark.parametrize("looked", [False, True])
@pytest.mark.parametrize(
    "again",
    [
        lambda found: pickle.loads(pickle.dumps(found)),  # noqa: S301  # our own bytes
        copy.deepcopy,
        copy.copy,
        dataclasses.replace,
    ],
    ids=["pickle", "deepcopy", "copy", "replace"],
)
def test_a_result_may_be_copied_and_pickled_before_and_after_it_was_looked_at(again, looked):
    found = ot.sweep(ot.surfaces.Bowl(), ot.grid(ot.Adam, lr=[0.1, 1e200]), [1.0, 1.0], max_steps=5)
    if looked:
        assert len(found.runs) == 2
    other = again(found)
    assert len(other) == len(found) == 2
    for copied, run in zip(other, found, strict=True):
        for name in ("index", "name", "rule", "start", "seed", "steps", "reason", "message", "loss", "evaluations"):
            assert getattr(copied, name) == getattr(run, name)
        np.testing.assert_array_equal(copied.theta, run.theta)
        np.testing.assert_array_equal(copied.losses, run.losses)
    assert (other.problem, other.settings) == (found.problem, found.settings)
    assert repr(other) == repr(found)
    with pytest.raises(AttributeError, match="'SweepResult' object has no attribute 'run'"):
        other.run  # noqa: B018  # that there is none is the point


def test_tables_hold_a_record_a_run():
    rules = {"plain": ot.grid(ot.GradientDescent, lr=[0.1, 1e3]), "fancy": ot.Adam(lr=ot.StepDecay())}
    found = ot.sweep(ot.surfaces.Bowl(), rules, [[1.0, 1.0], [2.0, 1.0]], max_steps=200, seeds=[0, 4])
    table = found.to_array()
    assert table.shape == (12,)
    np.testing.assert_array_equal(table["lr"], [0.1] * 4 + [1e3] * 4 + [np.nan] * 4)
    np.testing.assert_array_equal(table["beta1"], [np.nan] * 8 + [0.9] * 4)
    np.testing.assert_array_equal(table["seed"], [0, 4] * 6)
    np.testing.assert_array_equal(table["theta"], [run.theta for run in found])
    assert table["reason"].tolist() == ["max_steps"] * 4 + ["diverged"] * 4 + ["max_steps"] * 4
    assert table["settings"][0] == "GradientDescent(lr=0.1)"
    assert table["evaluations"][0] == 200
    assert found.best()["plain"].rule.lr == 0.1
    assert list(found.best()) == ["plain", "fancy"]
    assert found[3] is found.of("plain")[3]
    with pytest.raises(ValueError, match="'plain', 'fancy'"):
        found.of("other")


def test_pandas_is_asked_for_only_when_it_is_wanted(monkeypatch):
    found = ot.sweep(ot.surfaces.Bowl(), ot.Adam(), [1.0, 1.0], max_steps=2)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_array"):
        found.to_pandas()


def test_a_data_frame_has_the_fields_of_the_array():
    pytest.importorskip("pandas")
    found = ot.sweep(ot.surfaces.Bowl(), ot.grid(ot.Adam, lr=[0.1, 0.2]), [1.0, 1.0], max_steps=2)
    table, frame = found.to_array(), found.to_pandas()
    assert set(frame.columns) == {*(table.dtype.names or ()), "theta_0", "theta_1"} - {"theta"}
    np.testing.assert_array_equal(frame["loss"], table["loss"])
    np.testing.assert_array_equal(frame["theta_1"], table["theta"][:, 1])
