"""Fair races and the range test: equal budgets, medians that say what they are of, and rates to begin with."""

import math

import numpy as np
import pytest

import optimtext as ot
from optimtext.sweeps.ranges import GeometricRise, _smoothed

RATES = [0.003, 0.01, 0.03, 0.1]


def model(n=50):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 3))
    return ot.models.LinearRegression(x, x.sum(axis=1) + rng.normal(size=n))


@pytest.mark.parametrize("batch_size", [None, 1, 7, 10, 50])
@pytest.mark.parametrize("budget", [50, 99, 100, 1234])
def test_nobody_spends_more_than_the_budget_and_one_more_step_would(batch_size, budget):
    problem = model()
    found = ot.race(
        problem, [ot.Momentum(), ot.Adam()], np.zeros(4), budget=budget, batch_size=batch_size, seeds=[0, 1]
    )
    assert {run.evaluations for run in found.sweep} == {found.sweep[0].evaluations}
    assert found.sweep[0].evaluations <= budget
    longer = ot.minimize(
        problem,
        np.zeros(4),
        ot.Adam(),
        max_steps=found.steps + 1,
        batch_size=batch_size,
        seed=0 if batch_size else None,
    )
    assert longer.trace.evaluations[-1] > budget


def test_a_budget_for_no_step_at_all_is_refused():
    with pytest.raises(ValueError, match="one step, 50 gradient evaluations, got 49"):
        ot.race(model(), ot.Adam(), np.zeros(4), budget=49)
    with pytest.raises(TypeError, match="budget"):
        ot.race(model(), ot.Adam(), np.zeros(4), budget=50.0)  # type: ignore[arg-type]


def test_medians_and_quartiles_are_those_of_the_final_losses():
    problem, starts = model(), np.random.default_rng(0).normal(size=(3, 4))
    rules = {"gd": ot.grid(ot.GradientDescent, lr=RATES), "ball": ot.grid(ot.Momentum, lr=RATES)}
    found = ot.race(problem, rules, starts, budget=300, seeds=range(5), batch_size=10)
    assert [entry.name for entry in found.entries] == ["gd"] * 4 + ["ball"] * 4
    for entry in found.entries:
        losses = [
            ot.minimize(problem, start, entry.rule, max_steps=30, batch_size=10, seed=seed).loss
            for start in starts
            for seed in range(5)
        ]
        np.testing.assert_array_equal([run.loss for run in entry.runs], losses)
        assert entry.median == np.median(losses)
        assert entry.low <= np.quantile(losses, 0.25)
        assert entry.high >= np.quantile(losses, 0.75)
    best = {name: min((e for e in found.entries if e.name == name), key=lambda e: e.median) for name in rules}
    assert set(found.standing) == set(best.values())
    assert found.standing[0].median <= found.standing[1].median


def test_a_run_that_diverges_counts_as_infinite_and_a_rate_at_the_edge_is_named():
    rules = {"wild": ot.grid(ot.GradientDescent, lr=[5.0, 1e3]), "tame": ot.grid(ot.GradientDescent, lr=[0.001, 0.01])}
    found = ot.race(ot.surfaces.Ravine(), rules, [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]], budget=400)
    wild, tame = found.standing[1], found.standing[0]
    assert (wild.name, wild.median, wild.diverged) == ("wild", math.inf, 3)
    assert tame.rule.lr == 0.01
    assert found.at_edge == ("tame",)
    text = str(found)
    assert "GradientDescent(lr=0.01), best of 2, at the edge of its grid" in text
    assert "400 gradient evaluations, 400 steps, 3 runs" in text


def test_a_race_is_the_same_whoever_stands_first_and_is_kept_in_a_store(tmp_path):
    rules = {"gd": ot.grid(ot.GradientDescent, lr=RATES), "ball": ot.grid(ot.Momentum, lr=RATES)}
    one = ot.race(model(), rules, np.zeros(4), budget=500, store=tmp_path / "store")
    other = ot.race(model(), dict(reversed(rules.items())), np.zeros(4), budget=500)
    again = ot.race(model(), rules, np.zeros(4), budget=500, store=tmp_path / "store")
    for result in (other, again):
        assert [(e.name, e.rule, e.median) for e in one.standing] == [
            (e.name, e.rule, e.median) for e in result.standing
        ]


@pytest.mark.parametrize("curvature", [1e-3, 1.0, 50.0, 1e4])
@pytest.mark.parametrize("rule", [ot.GradientDescent(), ot.Momentum(beta=0.5), ot.Nesterov(beta=0.5)], ids=repr)
def test_the_suggested_rate_is_stable_and_useful_on_a_bowl(rule, curvature):
    bowl = ot.surfaces.Bowl(curvature=curvature)
    test = ot.range_test(bowl, rule, [1.0, -2.0], lr_min=1e-8, lr_max=1e6, steps=150)
    limit = ot.theory.stability_limit(
        type(rule), curvature, **({} if type(rule) is ot.GradientDescent else {"beta": 0.5})
    )
    assert test.suggestion is not None
    assert test.lowest is not None
    assert limit / 100 < test.suggestion < limit
    assert test.suggestion == test.lowest / 10
    assert test.run.steps < 150  # it ends where the loss explodes
    assert test.run.reason in (ot.StopReason.CRITERION, ot.StopReason.DIVERGED)
    assert f"{test.suggestion:.3g}" in test.message


@pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
def test_it_runs_with_every_rule_and_mini_batches(rule):
    test = ot.range_test(model(), rule(), np.zeros(4), batch_size=10, seed=0, steps=80)
    assert len(test.lr) == len(test.loss) == len(test.smooth) == test.run.steps
    np.testing.assert_allclose(test.lr, 1e-6 * 1e7 ** (np.arange(len(test.lr)) / 80), rtol=1e-12)
    np.testing.assert_array_equal(test.loss, test.run.trace.loss[1:])
    assert test.lowest is None or 1e-6 <= test.lowest <= 10
    again = ot.range_test(model(), rule(), np.zeros(4), batch_size=10, seed=0, steps=80)
    assert again.suggestion == test.suggestion


def test_without_a_fall_there_is_no_suggestion():
    test = ot.range_test(ot.surfaces.Bowl(), ot.Adam(), [0.0, 0.0])
    assert (test.suggestion, test.steepest, test.lowest) == (None, None, None)
    assert "no rate lowered the loss" in test.message


def test_a_test_that_ends_too_early_says_so():
    test = ot.range_test(ot.surfaces.Bowl(), ot.GradientDescent(), [1.0, 1.0], lr_max=1e-3)
    assert "larger lr_max" in test.message


def test_a_smoothed_constant_is_that_constant_and_no_smoothing_changes_nothing():
    np.testing.assert_allclose(_smoothed(np.full(9, 3.0), 0.9), 3.0, rtol=1e-14)
    np.testing.assert_array_equal(_smoothed(np.arange(5.0), 0.0), np.arange(5.0))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lr_min": 1.0, "lr_max": 0.1}, "lr_min"),
        ({"lr_min": 0.0}, "lr_min"),
        ({"steps": 0}, "steps"),
        ({"smoothing": 1.0}, "smoothing"),
        ({"factor": -1.0}, "factor"),
        ({"rule": ot.Adam}, "rule"),
    ],
    ids=str,
)
def test_refusals_name_the_argument(wrong, message):
    options = {"problem": ot.surfaces.Bowl(), "rule": ot.Adam(), "theta0": [1.0, 1.0], **wrong}
    with pytest.raises((ValueError, TypeError), match=message):
        ot.range_test(**options)


def test_the_rate_rises_by_one_factor_and_then_stays():
    schedule = GeometricRise(1e-3, 1.0, 30)
    rates = np.array([schedule(t) for t in range(31)])
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10**0.1, rtol=1e-12)
    assert schedule(99) == schedule(30) == pytest.approx(1.0, rel=1e-15)
