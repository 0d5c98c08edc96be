"""What `diagnose` says of curves whose story is known, and what must not change its mind."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext.diagnosis import FINE, NAMES
from optimtext.diagnosis.advice import ADVICE

N = 200
T = np.arange(N)
RNG = np.random.default_rng(3)
NOISE = RNG.normal(size=N)
FALL = 2.0 * np.exp(-T / 12) + 0.3

CURVES: dict[str, dict[str, Any]] = {
    "too-short": {"losses": FALL[:5]},
    "diverged": {"losses": 0.5 * 1.1**T},
    "oscillating": {"losses": FALL + 0.3 * np.sin(T / 3)},
    "noisy": {"losses": 1 + 0.8 * np.abs(NOISE)},
    "no-progress": {"losses": 2.3 + 0.001 * NOISE},
    "overfitting": {"losses": FALL, "validation": FALL + 0.1 + 0.004 * np.maximum(T - 60, 0)},
    "spikes": {"losses": FALL + 2.5 * np.isin(T, (60, 61, 120, 121))},
    "plateau": {"losses": 1 + np.exp(-(0.05 * (1 - 0.93**T) / 0.07)), "lr": 0.05 * 0.93**T},
    "underfitting": {"losses": 0.6 + 0.09 * np.exp(-T / 12), "validation": 0.62 + 0.07 * np.exp(-T / 12)},
    "too-slow": {"losses": 2.3 - 0.004 * T},
    "converged": {"losses": FALL},
    "healthy": {"losses": 0.2 + 2 / (1 + T / 30)},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_curve_that_tells_its_story_gets_the_finding_of_that_name(name):
    found = ot.diagnose(**CURVES[name])
    assert found.main == name
    first = found.findings[0]
    assert 0.5 <= first.confidence <= 0.99
    assert 0 <= first.steps[0] <= first.steps[1] <= N - 1
    assert first.causes
    assert first.fixes
    assert found.fine == (name in FINE)


def test_every_finding_has_advice_that_names_a_section_of_the_book():
    assert set(ADVICE) == set(NAMES)
    for advice in ADVICE.values():
        assert all(fix.chapter.startswith("book/") and ".html#" in fix.chapter for fix in advice.fixes)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None)
@given(factor=st.floats(1e-30, 1e30))
def test_the_unit_of_the_loss_does_not_matter(name, factor):
    given_curve = dict(CURVES[name])
    for column in ("losses", "validation"):
        if column in given_curve:
            given_curve[column] = factor * given_curve[column]
    assert ot.diagnose(**given_curve).main == name


@pytest.mark.parametrize("name", NAMES)
def test_the_steps_do_not_matter_to_the_verdict_but_to_where_it_is_found(name):
    n = len(CURVES[name]["losses"])
    found, shifted = ot.diagnose(**CURVES[name]), ot.diagnose(**CURVES[name], steps=1000 + 7 * np.arange(n))
    assert [a.name for a in found.findings] == [b.name for b in shifted.findings]
    for a, b in zip(found.findings, shifted.findings, strict=True):
        assert b.steps == pytest.approx([1000 + 7 * step for step in a.steps])


@pytest.mark.parametrize("name", NAMES)
def test_the_json_has_the_agreed_form_and_is_strict(name):
    found = ot.diagnose(**CURVES[name])
    read = json.loads(found.json(), parse_constant=lambda token: pytest.fail(f"{token} is no JSON"))
    assert read["main"] == name
    assert all(
        set(finding) == {"name", "confidence", "steps", "evidence", "causes", "fixes"} for finding in read["findings"]
    )
    assert read["findings"][0]["name"] == name
    assert [finding["name"] for finding in read["findings"]] == sorted(
        (finding["name"] for finding in read["findings"]), key=NAMES.index
    )


def test_several_findings_hold_side_by_side():
    losses = CURVES["spikes"]["losses"]
    found = ot.diagnose(losses, CURVES["overfitting"]["validation"])
    assert {"overfitting", "spikes"} <= {finding.name for finding in found.findings}


def test_divergence_tells_where_it_began_and_where_it_ended():
    losses = np.concatenate([np.linspace(2, 1, 40), 1.05 ** np.arange(60), [np.inf, np.nan, np.nan]])
    found = ot.diagnose(losses).findings[0]
    assert found.name == "diverged"
    assert found.evidence["broken_at"] == 100
    assert found.evidence["began_at"] == pytest.approx(39, abs=1)


def test_oscillation_tells_its_period_and_whether_it_grows():
    for growth, expected in ((0.0, 1.0), (0.01, np.exp(0.5))):
        swing = ot.diagnose(FALL + 0.2 * np.exp(growth * T) * np.sin(2 * np.pi * T / 9)).findings[0]
        assert swing.name == "oscillating"
        assert swing.evidence["period"] == pytest.approx(9, rel=0.1)
        assert swing.evidence["growth"] == pytest.approx(expected, rel=0.15)


def test_overfitting_tells_where_validation_turned_and_what_was_lost():
    finding = ot.diagnose(**CURVES["overfitting"]).findings[0]
    assert finding.evidence["turned_at"] == pytest.approx(60, abs=12)
    assert finding.evidence["lost"] == pytest.approx(0.004 * 130, rel=0.1)


def test_a_rate_above_its_limit_is_named_with_both_numbers():
    bowl = ot.surfaces.Bowl(curvature=10.0)
    run = ot.minimize(bowl, [1.0, 1.0], ot.GradientDescent(lr=0.21), max_steps=60)
    finding = ot.diagnose(run).findings[0]
    assert finding.name == "diverged"
    assert "0.21" in finding.causes[0]
    assert "2/L = 0.2" in finding.causes[0]
    assert finding.evidence["limit"] == pytest.approx(0.2)
    by_hand = ot.diagnose(run.trace.loss, lr=0.21, curvature=10.0).findings[0]
    assert by_hand.causes[0] == finding.causes[0]
    assert "limit" not in ot.diagnose(run.trace.loss).findings[0].evidence


def test_momentum_is_held_against_its_own_limit():
    ravine = ot.surfaces.Ravine(condition=50)
    run = ot.minimize(ravine, ravine.start, ot.Momentum(lr=0.2, beta=0.9), max_steps=200)
    assert ot.diagnose(run).findings[0].evidence["limit"] == pytest.approx(2 * 1.9 / 50)


def test_a_rate_far_below_the_limit_is_what_makes_a_run_slow():
    ravine = ot.surfaces.Ravine(condition=2)
    run = ot.minimize(ravine, ravine.start, ot.GradientDescent(lr=1e-3), max_steps=100)
    finding = ot.diagnose(run).findings[0]
    assert finding.name == "too-slow"
    assert "only 1/" in finding.causes[0]


def test_parameters_tell_a_zigzag_from_a_run_that_rolls():
    ravine = ot.surfaces.Ravine(condition=50)
    rolling = ot.minimize(ravine, ravine.start, ot.Momentum(lr=0.002, beta=0.99), max_steps=150)
    finding = ot.diagnose(rolling).findings[0]
    assert finding.name == "oscillating"
    assert finding.evidence["turned_back"] < 0.3
    assert any("rolls" in cause for cause in finding.causes)


def test_a_gradient_that_is_zero_is_named_before_a_rate_that_is_small():
    dead = ot.diagnose(np.full(50, 2.3), grad_norm=np.zeros(50), lr=0.1).findings[0]
    assert dead.name == "no-progress"
    assert "flat piece" in dead.causes[0]
    slow = ot.diagnose(2.3 - 1e-6 * np.arange(50), grad_norm=np.full(50, 1.0), lr=1e-6).findings[0]
    assert "It is the rate that is small" in slow.causes[0]


def test_a_trace_is_read_with_all_that_it_holds():
    data, held_out = ot.datasets.breast_cancer().split(0.9, seed=0)
    data = data.standardized()
    held_out = held_out.standardized(like=data)
    model = ot.models.LogisticRegression(data.features, data.targets)
    check = ot.models.LogisticRegression(held_out.features, held_out.targets)
    run = ot.minimize(model, np.zeros(model.dim), ot.Adam(lr=0.1), max_steps=600, validation=check)
    assert ot.diagnose(run).main == ot.diagnose(run.trace).main == "overfitting"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"losses": []}, "losses must hold at least one number"),
        ({"losses": [[1.0, 2.0]]}, "losses must have one dimension"),
        ({"losses": ["a"]}, "losses must hold real numbers"),
        ({"losses": [1.0, np.nan, 0.9]}, "skip_nan"),
        ({"losses": [1.0, 0.9], "steps": [3, 3]}, "step 3 of the loss comes again"),
        ({"losses": [1.0, 0.9], "steps": [3, 2]}, "comes after step 3"),
        ({"losses": [1.0, 0.9], "steps": [1]}, "steps must hold one number for each of 2"),
        ({"losses": [1.0, 0.9], "lr": [1.0, 2.0, 3.0]}, "lr must hold one number for each of 2"),
        ({"losses": [1.0, 0.9], "curvature": -1.0}, "curvature must be positive"),
        ({"losses": [1.0, 0.9], "momentum": 0.9}, "diagnose has no argument momentum"),
        ({"losses": [1.0, 0.9], "theta": [[1.0]]}, "theta must hold one set of parameters for each of 2"),
    ],
)
def test_what_cannot_be_judged_is_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        ot.diagnose(**arguments)


def test_a_hole_is_left_out_only_on_request():
    losses = FALL.copy()
    losses[50] = np.nan
    assert ot.diagnose(losses, skip_nan=True).main == "converged"


def test_validation_of_another_length_is_spread_over_the_run():
    sparse = CURVES["overfitting"]["validation"][9::10]
    assert ot.diagnose(FALL, sparse).main == "overfitting"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=64), min_size=1, max_size=120),
    st.booleans(),
)
def test_no_list_of_numbers_makes_it_stumble(losses, skip_nan):
    try:
        found = ot.diagnose(losses, skip_nan=skip_nan)
    except ValueError as error:
        assert "hole" in str(error) or "no number" in str(error)  # noqa: PT017  # which refusal it is matters
        return
    assert found.main in NAMES
    assert sum(np.isfinite(losses)) >= 8 or found.main in ("too-short", "diverged")
    json.loads(found.json())


def test_a_run_that_its_first_steps_threw_off_is_noted():
    """What is called converged may have come to rest far above where it began."""
    losses = [0.7, 42.0, 236.0, 126.0, 114.0, *(7 + 100 * np.exp(-np.arange(200) / 10))]
    found = ot.diagnose(losses)
    assert any("above the very first, 0.7" in note for note in found.notes)
    assert found.as_dict()["notes"] == list(found.notes)
    assert not ot.diagnose(losses[2:]).notes


def test_summaries_say_no_more_than_the_log_shows():
    """A sudden overflow is no rise, rounding is no progress, and a fall that noise explains is not claimed."""
    rng = np.random.default_rng(0)
    calm = 2 * np.exp(-np.arange(300) / 60) + 0.3 + 0.03 * rng.normal(size=300)
    broken = ot.diagnose([*calm, np.inf])
    assert "rose" not in broken.findings[0].summary
    assert f"{calm[-1]:.4g} before it broke" in broken.findings[0].summary
    assert str(broken).startswith("300 finite losses")
    assert "removed 0% of" in ot.diagnose(np.full(300, 0.1)).findings[0].summary
    assert "noise" in ot.diagnose(rng.normal(size=300) * 0.01 - 0.5).findings[0].summary
