"""The tables against what their authors published, and the promises of Dataset."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from importlib.resources import files

import numpy as np
import pytest

from optimtext.datasets import Dataset, breast_cancer, digits, penguin_sex, penguins, tables

MEASURED = [penguins, penguin_sex, breast_cancer]
every_set = pytest.mark.parametrize("load", [*MEASURED, digits], ids=lambda load: load.__name__)
# Digits have pixels that are never written on, and so no scale.
every_measured_set = pytest.mark.parametrize("load", MEASURED, ids=lambda load: load.__name__)


def tiny() -> Dataset:
    return replace(
        penguins(), features=np.array([[1.0, 10.0, 5.0], [2.0, 30.0, 6.0], [3.0, 20.0, 5.0]]), targets=np.arange(3.0)
    )


def test_penguin_table_has_the_published_counts() -> None:
    table = tables._table("penguins.csv")
    assert len(table) == 344
    species = [row["species"] for row in table]
    islands = [row["island"] for row in table]
    assert [species.count(s) for s in ("Adelie", "Chinstrap", "Gentoo")] == [152, 68, 124]
    assert [islands.count(i) for i in ("Biscoe", "Dream", "Torgersen")] == [168, 124, 52]
    assert sum("NA" not in row.values() for row in table) == 333
    assert [penguins().n_samples, penguin_sex().n_samples] == [342, 333]


def test_penguins_have_the_published_summary() -> None:
    data = penguins()
    np.testing.assert_array_equal(data.features.min(axis=0), [32.1, 13.1, 172])
    np.testing.assert_array_equal(data.features.max(axis=0), [59.6, 21.5, 231])
    np.testing.assert_allclose(np.median(data.features, axis=0), [44.45, 17.3, 197], rtol=1e-14)
    np.testing.assert_allclose(data.features.mean(axis=0), [43.92, 17.15, 200.9], atol=0.05)
    assert (data.targets.min(), np.median(data.targets), data.targets.max()) == (2.7, 4.05, 6.3)
    assert data.targets.mean() == pytest.approx(4.202, abs=5e-4)
    assert data.target_unit == "kg"


def test_first_penguins_are_those_of_the_table() -> None:
    np.testing.assert_array_equal(penguins().features[:3], [[39.1, 18.7, 181], [39.5, 17.4, 186], [40.3, 18, 195]])
    np.testing.assert_array_equal(penguin_sex().features[0], [39.1, 18.7, 181, 3750])
    np.testing.assert_array_equal(penguin_sex().targets[:3], [1, 0, 0])


def test_sex_counts_are_the_published_ones() -> None:
    targets = penguin_sex().targets
    assert ((targets == 1).sum(), (targets == 0).sum()) == (168, 165)


def test_breast_cancer_has_the_published_counts_and_ranges() -> None:
    data = breast_cancer()
    assert data.features.shape == (569, 30)
    assert ((data.targets == 1).sum(), (data.targets == 0).sum()) == (212, 357)
    assert data.target_name == "malignant"
    published = {  # the summary statistics that go with the data
        "mean_radius": (6.981, 28.11),
        "mean_area": (143.5, 2501.0),
        "texture_error": (0.36, 4.885),
        "worst_radius": (7.93, 36.04),
        "worst_area": (185.2, 4254.0),
        "mean_smoothness": (0.053, 0.163),
        "worst_fractal_dimension": (0.055, 0.208),
    }
    for name, extremes in published.items():
        column = data.select(name).features
        assert (column.min(), column.max()) == pytest.approx(extremes, abs=5.1e-4), name  # three decimals


def test_malignant_nuclei_are_the_larger_ones() -> None:
    """A target coded the wrong way round would fail here."""
    data = breast_cancer()
    radius = data.select("mean_radius").features[:, 0]
    assert radius[data.targets == 1].mean() > 1.4 * radius[data.targets == 0].mean()


def test_digits_have_the_published_counts() -> None:
    data = digits()
    assert data.features.shape == (1797, 64)
    assert np.bincount(data.targets.astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (data.features.min(), data.features.max()) == (0, 16)
    np.testing.assert_array_equal(data.features, data.features.round())
    np.testing.assert_array_equal(data.feature_names[:9:8], ["row_0_column_0", "row_1_column_0"])


def test_a_zero_is_a_ring_and_a_one_is_a_bar() -> None:
    """Pictures turned or mixed up would fail here."""
    data = digits()
    zero, one = (data.features[data.targets == digit].mean(axis=0).reshape(8, 8) for digit in (0, 1))
    assert zero[3:5, 3:5].mean() < 2
    assert min(zero[3:5, 2].mean(), zero[3:5, 5].mean()) > 8
    assert one[3:5, 3:5].mean() > 10
    assert one[:, :2].mean() < 1 > one[:, 7].mean()
    np.testing.assert_array_equal(
        data.features[0].reshape(8, 8)[:2], [[0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0]]
    )


def test_digits_are_not_standardized_since_some_pixels_are_never_written_on() -> None:
    with pytest.raises(
        ValueError, match=r"features must vary to be standardized, got row_0_column_0 = 0\.0 throughout"
    ):
        digits().standardized()


@pytest.mark.parametrize("name", ["penguins.csv", "breast_cancer.csv", "digits.csv.gz"])
def test_tables_are_those_of_the_record(name: str) -> None:
    folder = files("optimtext") / "data"
    content = (folder / name).read_bytes()
    if name.endswith(".csv"):
        content = content.replace(b"\r\n", b"\n")  # as a checkout may have them
    assert hashlib.sha256(content).hexdigest() in (folder / "SOURCES.md").read_text(encoding="utf-8")


@every_set
def test_every_set_says_where_it_comes_from(load: Callable[[], Dataset]) -> None:
    data = load()
    assert "doi:" in data.source
    assert data.license.startswith("CC")
    assert data.description
    assert len(data.units) == len(data.feature_names) == data.features.shape[1]
    assert data.features.dtype == data.targets.dtype == np.float64


@every_set
def test_nothing_can_be_changed_in_place(load: Callable[[], Dataset]) -> None:
    data = load()
    train, held_out = data.split(0.3, seed=1)
    standard = data if load is digits else data.standardized()
    for part in (data, standard, train, held_out, data.select(data.feature_names[1])):
        for array in (part.features, part.targets, part.mean, part.scale):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0.0
    with pytest.raises(FrozenInstanceError):
        data.license = "none"  # type: ignore[misc]


def test_arrays_given_are_copied_and_left_alone() -> None:
    features, targets = np.arange(6).reshape(2, 3), np.array([0, 1])
    data = replace(penguins(), features=features, targets=targets)  # type: ignore[arg-type]  # integers on purpose
    features[0, 0] = 99
    assert data.features[0, 0] == 0.0
    assert data.features.dtype == np.float64
    assert targets.flags.writeable


@every_measured_set
def test_standardized_has_zero_mean_and_unit_variance(load: Callable[[], Dataset]) -> None:
    data = load()
    standard = data.standardized()
    np.testing.assert_allclose(standard.features.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(standard.features.var(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(
        standard.features * standard.scale + standard.mean, data.features, rtol=1e-12, atol=1e-14
    )
    assert set(standard.units) == {"1"}
    np.testing.assert_array_equal(standard.targets, data.targets)


def test_standardizing_twice_still_leads_back() -> None:
    data = penguins()
    again = data.split(0.5, seed=3)[0].standardized().split(0.5, seed=4)[0]
    twice = again.standardized()
    np.testing.assert_allclose(twice.features * twice.scale + twice.mean, again.features * again.scale + again.mean)


def test_held_out_samples_are_seen_through_the_training_statistics() -> None:
    train, held_out = penguins().split(0.2, seed=0)
    seen = held_out.standardized(like=train.standardized())
    expected = (held_out.features - train.features.mean(axis=0)) / train.features.std(axis=0)
    np.testing.assert_allclose(seen.features, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(
        held_out.standardized().standardized(like=train.standardized()).features, expected, atol=1e-12
    )


@every_set
@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5, 0.9])
def test_split_is_a_partition(load: Callable[[], Dataset], fraction: float) -> None:
    data = load()
    numbered = replace(data, targets=np.arange(float(data.n_samples)))
    train, held_out = numbered.split(fraction, seed=7)
    assert held_out.n_samples == round(fraction * data.n_samples)
    both = np.concatenate([train.targets, held_out.targets])
    np.testing.assert_array_equal(np.sort(both), numbered.targets)
    for part in (train, held_out):
        np.testing.assert_array_equal(part.features, data.features[part.targets.astype(int)])


def test_split_depends_on_the_seed_alone() -> None:
    data = breast_cancer()
    first, second, other = (data.split(0.3, seed=seed)[1].features for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_select_keeps_order_units_and_the_way_back() -> None:
    data = penguin_sex().standardized()
    part = data.select("body_mass_g", "bill_depth_mm")
    np.testing.assert_array_equal(part.features, data.features[:, [3, 1]])
    np.testing.assert_array_equal(part.scale, data.scale[[3, 1]])
    assert penguin_sex().select("body_mass_g", "bill_depth_mm").units == ("g", "mm")


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 1.5, float("nan"), "half", True, 0.001])
def test_split_refuses_a_fraction_that_leaves_nothing(fraction: object) -> None:
    with pytest.raises(ValueError, match=rf"fraction must .*{re.escape(repr(fraction))}"):
        penguins().split(fraction, seed=0)  # type: ignore[arg-type]


def test_split_refuses_bad_seeds() -> None:
    with pytest.raises(ValueError, match="seed must be an integer of at least 0, got -1"):
        penguins().split(0.5, seed=-1)
    with pytest.raises(TypeError, match="seed must be an integer"):
        penguins().split(0.5, seed=0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("names", [(), ("wing_span",), ("bill_depth_mm", "bill_depth_mm")])
def test_select_names_what_there_is(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"feature_names must .*bill_length_mm.*, got "):
        penguins().select(*names)


def test_standardized_refuses_what_it_cannot_do() -> None:
    constant = replace(tiny(), features=np.array([[1.0, 0.1, 5.0], [2.0, 0.1, 6.0], [3.0, 0.1, 5.0]]))
    with pytest.raises(ValueError, match=r"features must vary .* bill_depth_mm = 0.1 throughout"):
        constant.standardized()
    with pytest.raises(ValueError, match=r"like must have the features .*, got \('bill_length_mm',\)"):
        tiny().standardized(like=tiny().select("bill_length_mm"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": [1.0, 2.0, 3.0]}, r"features must have shape \(n, d\), got shape \(3,\)"),
        ({"features": np.empty((0, 3))}, r"features must not be empty"),
        ({"features": [[1.0, np.nan, 3.0]] * 3}, r"features must be finite, got features\[0, 1\] = nan"),
        ({"targets": [1.0, 2.0]}, r"targets must have shape \(3,\), got shape \(2,\)"),
        ({"targets": [1.0, 2.0, np.inf]}, r"targets must be finite, got targets\[2\] = inf"),
        ({"feature_names": ("a", "b")}, r"feature_names must hold 3 different names, got \('a', 'b'\)"),
        ({"feature_names": ("a", "b", "a")}, r"feature_names must hold 3 different names"),
        ({"units": ("mm",)}, r"units must hold 3 names, got \('mm',\)"),
        ({"scale": [1.0, 0.0, 1.0]}, r"scale must be positive"),
        ({"mean": [0.0]}, r"mean must have shape \(3,\), got shape \(1,\)"),
    ],
)
def test_bad_input_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(tiny(), **change)  # type: ignore[arg-type]


def test_unknown_keyword_is_named() -> None:
    with pytest.raises(TypeError, match="Dataset has no argument colour"):
        Dataset(colour="red")  # type: ignore[call-arg]
