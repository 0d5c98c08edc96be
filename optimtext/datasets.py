"""Real measurements that travel with the package: loaded without a network, the origin named in the data itself.

The tables lie in ``optimtext/data``; ``SOURCES.md`` there records origin, license, checksums and what was changed.
"""

import csv
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _checks

Array = NDArray[np.float64]

_MISSING = "NA"
_BODY = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
_PENGUINS = (
    "A. M. Horst, A. P. Hill and K. B. Gorman, palmerpenguins: Palmer Archipelago (Antarctica) penguin data, 2020, "
    "doi:10.5281/zenodo.3960218; measured by K. B. Gorman, T. D. Williams and W. R. Fraser, PLoS ONE 9(3): e90081, 2014"
)
_CANCER = (
    "W. N. Street, W. H. Wolberg and O. L. Mangasarian, Nuclear feature extraction for breast tumor diagnosis, "
    "Proc. SPIE 1905, 861-870, 1993; Breast Cancer Wisconsin (Diagnostic), UCI, doi:10.24432/C5DW2B"
)
_DIGITS = (
    "E. Alpaydin and C. Kaynak, Cascading classifiers, Kybernetika 34(4), 369-374, 1998; Optical Recognition of "
    "Handwritten Digits, UCI, doi:10.24432/C50P49"
)


@_checks.strict
@dataclass(frozen=True, eq=False)
class Dataset:
    """Measurements and what is to be predicted from them; nothing in it can be changed in place.

    Parameters
    ----------
    features : array_like of shape (n, d)
        One row a sample, one column a feature. Copied to float64 and made read-only, as is every array here.
    targets : array_like of shape (n,)
        What is predicted: a measurement for regression; for classification 0 or 1, or the number of the class.
    feature_names : tuple of d str
        Names of the columns, all different.
    target_name : str
        Name of the target; of two classes, the one that 1 stands for.
    units : tuple of d str
        Unit of each column: ``"1"`` for a pure number, ``""`` where the source states none.
    target_unit : str
        Unit of the target.
    description, source, license : str
        What was measured, whom to cite, and what others may do with it.
    mean, scale : array_like of shape (d,), optional
        The way back to the original units, ``features * scale + mean``; zeros and ones unless standardized.

    Raises
    ------
    ValueError
        If an array is empty, not finite or of the wrong shape, or names are repeated or of the wrong number.

    Examples
    --------
    >>> data = penguins()
    >>> data.features.shape, data.feature_names[2], data.units[2], data.target_unit
    ((342, 3), 'flipper_length_mm', 'mm', 'kg')
    >>> train, held_out = data.split(0.25, seed=0)
    >>> train.n_samples, held_out.n_samples
    (256, 86)
    """

    features: Array = field(repr=False)
    targets: Array = field(repr=False)
    feature_names: tuple[str, ...]
    target_name: str
    units: tuple[str, ...]
    target_unit: str
    description: str = field(repr=False)
    source: str = field(repr=False)
    license: str
    mean: Array = field(default_factory=lambda: np.empty(0), repr=False)
    scale: Array = field(default_factory=lambda: np.empty(0), repr=False)

    def __post_init__(self) -> None:
        features = _checks.finite_array("features", self.features)
        if features.ndim != 2:
            raise ValueError(f"features must have shape (n, d), got shape {features.shape}")
        n, d = features.shape
        for name in ("feature_names", "units"):
            value = tuple(getattr(self, name))
            if len(value) != d or (name == "feature_names" and len(set(value)) != d):
                raise ValueError(f"{name} must hold {d} {'different ' * (name == 'feature_names')}names, got {value!r}")
            object.__setattr__(self, name, value)
        _freeze(self, "features", features, (n, d))
        _freeze(self, "targets", self.targets, (n,))
        _freeze(self, "mean", self.mean if np.size(self.mean) else np.zeros(d), (d,))
        _freeze(self, "scale", self.scale if np.size(self.scale) else np.ones(d), (d,))
        if not (self.scale > 0).all():
            raise ValueError(f"scale must be positive, got {self.scale!r}")

    @property
    def n_samples(self) -> int:
        """Number of samples n."""
        return len(self.targets)

    def standardized(self, like: "Dataset | None" = None) -> "Dataset":
        """Return the same samples with features of zero mean and unit variance (that of n, not n - 1).

        Parameters
        ----------
        like : Dataset, optional
            A standardized Dataset whose mean and scale to use instead. Held-out samples must be seen through the
            statistics of the training samples, or what they have in common leaks into the measurement.

        Returns
        -------
        Dataset
            With pure numbers as features, and `mean` and `scale` of shape (d,) in the original units.

        Raises
        ------
        ValueError
            If a feature is constant, or `like` has other features.

        Examples
        --------
        >>> train, held_out = penguins().split(0.25, seed=0)
        >>> train = train.standardized()
        >>> held_out = held_out.standardized(like=train)
        >>> bool(abs(train.features.mean(axis=0)).max() < 1e-12), held_out.features.std(axis=0).round(2).tolist()
        (True, [0.93, 0.9, 1.05])
        """
        if like is None:
            # A second pass removes what rounding left in the mean where the values are large against their spread.
            center = self.features.mean(axis=0)
            center = center + (self.features - center).mean(axis=0)
            spread = (self.features - center).std(axis=0)
            constant = np.ptp(self.features, axis=0) == 0
            if constant.any():
                j = int(np.argmax(constant))
                value = float(self.features[0, j])
                raise ValueError(
                    f"features must vary to be standardized, got {self.feature_names[j]} = {value} throughout"
                )
        else:
            if like.feature_names != self.feature_names:
                raise ValueError(f"like must have the features {self.feature_names}, got {like.feature_names}")
            center, spread = (like.mean - self.mean) / self.scale, like.scale / self.scale
        return replace(
            self,
            features=(self.features - center) / spread,
            units=("1",) * len(self.units),
            mean=self.mean + self.scale * center,
            scale=self.scale * spread,
        )

    def split(self, fraction: float, seed: int) -> "tuple[Dataset, Dataset]":
        """Return two Datasets that share the samples between them at random: ``(train, held_out)``.

        Parameters
        ----------
        fraction : float
            Share of the samples to hold out, strictly between 0 and 1; rounded to whole samples.
        seed : int
            Of the shuffle: the same seed gives the same samples. Within each part they keep the order of the table.

        Returns
        -------
        tuple of Dataset
            Of ``n - round(fraction * n)`` and ``round(fraction * n)`` samples.

        Raises
        ------
        ValueError
            If `fraction` is outside (0, 1) or leaves one part empty, or `seed` is negative.
        """
        if np.ndim(fraction) or np.asarray(fraction).dtype.kind not in "iuf" or not 0 < fraction < 1:
            raise ValueError(f"fraction must be a number strictly between 0 and 1, got {fraction!r}")
        n = self.n_samples
        held = round(float(fraction) * n)
        if not 0 < held < n:
            raise ValueError(f"fraction must leave samples on both sides, got {fraction!r} of {n} samples")
        order = np.random.default_rng(_checks.integer("seed", seed, 0)).permutation(n)
        train, held_out = (
            replace(self, features=self.features[rows], targets=self.targets[rows])
            for rows in (np.sort(order[held:]), np.sort(order[:held]))
        )
        return train, held_out

    def select(self, *feature_names: str) -> "Dataset":
        """Return the same samples with the named features only, in the order given.

        Raises
        ------
        ValueError
            If no name is given, or one is unknown or repeated.

        Examples
        --------
        >>> penguins().select("flipper_length_mm").features.shape
        (342, 1)
        """
        unknown = [name for name in feature_names if name not in self.feature_names]
        if not feature_names or unknown or len(set(feature_names)) != len(feature_names):
            raise ValueError(
                f"feature_names must be one or more different names of {self.feature_names}, got {feature_names}"
            )
        columns = [self.feature_names.index(name) for name in feature_names]
        units = tuple(self.units[j] for j in columns)
        return replace(
            self, features=self.features[:, columns], feature_names=feature_names, units=units,
            mean=self.mean[columns], scale=self.scale[columns],
        )  # fmt: skip  # one line a thought reads better here


def penguins() -> Dataset:
    """Return body mass in kilograms against three lengths, of 342 penguins: a regression.

    Of the 344 birds in the table two were not measured and are left out. The table gives grams. Kilograms change
    nothing about which learning rates are stable, since those depend on the features alone; they keep losses near
    one (in kg²) and the weights of standardized features below one.

    Returns
    -------
    Dataset
        Features of shape (342, 3): length and depth of the bill and length of the flipper, in millimeters. Targets of
        shape (342,), in kilograms.

    References
    ----------
    A. M. Horst, A. P. Hill and K. B. Gorman, palmerpenguins, 2020, doi:10.5281/zenodo.3960218. K. B. Gorman,
    T. D. Williams and W. R. Fraser, PLoS ONE 9(3): e90081, 2014, doi:10.1371/journal.pone.0090081.

    Examples
    --------
    >>> data = penguins()
    >>> float(data.targets.min()), float(data.targets.max()), data.license
    (2.7, 6.3, 'CC0 1.0')
    """
    table = [row for row in _table("penguins.csv") if _MISSING not in [row[name] for name in (*_BODY, "body_mass_g")]]
    return Dataset(
        features=_columns(table, _BODY),
        targets=_columns(table, ("body_mass_g",))[:, 0] / 1000,
        feature_names=_BODY, target_name="body_mass", units=("mm",) * 3, target_unit="kg",
        description="Adult Adelie, Chinstrap and Gentoo penguins, Palmer Archipelago, Antarctica, 2007-2009",
        source=_PENGUINS, license="CC0 1.0",
    )  # fmt: skip  # grouped by meaning


def penguin_sex() -> Dataset:
    """Return the sex of 333 penguins against four measurements of the body: a classification.

    The question is the publication's own. All three species are mixed here, so the classes overlap and the logistic
    loss has one finite minimizer. Left out are the eleven birds of 344 whose sex is not recorded, two of which were
    not measured either.

    Returns
    -------
    Dataset
        Features of shape (333, 4): length and depth of the bill and length of the flipper in millimeters, body mass in
        grams, as published: two scales that one learning rate cannot serve. Targets of shape (333,): 1 is male
        (168 birds), 0 female (165).

    References
    ----------
    As for `penguins`.

    Examples
    --------
    >>> data = penguin_sex()
    >>> data.target_name, data.n_samples, int(data.targets.sum())
    ('male', 333, 168)
    """
    names = (*_BODY, "body_mass_g")
    table = [row for row in _table("penguins.csv") if _MISSING not in [row[name] for name in (*names, "sex")]]
    return Dataset(
        features=_columns(table, names),
        targets=np.array([float(row["sex"] == "male") for row in table]),
        feature_names=names, target_name="male", units=("mm", "mm", "mm", "g"), target_unit="1",
        description="Adult Adelie, Chinstrap and Gentoo penguins, Palmer Archipelago, Antarctica, 2007-2009",
        source=_PENGUINS, license="CC0 1.0",
    )  # fmt: skip  # grouped by meaning


def breast_cancer() -> Dataset:
    """Return the diagnosis of 569 breast masses against 30 measurements of their cell nuclei: a classification.

    Returns
    -------
    Dataset
        Features of shape (569, 30): mean, standard error and worst (mean of the three largest) of ten properties of
        the nuclei in one image. The source states no units. Targets of shape (569,): 1 is **malignant** (212),
        0 benign (357). Scikit-learn's copy counts the other way round.

    Warnings
    --------
    A plane separates the classes in all 30 features, so the logistic loss without a penalty has no minimizer: it falls
    towards zero for ever while the weights grow. Select a few features, or stop early, or add a penalty.

    References
    ----------
    W. N. Street, W. H. Wolberg and O. L. Mangasarian, Proc. SPIE 1905, 861-870, 1993, doi:10.1117/12.148698. The data:
    doi:10.24432/C5DW2B.

    Examples
    --------
    >>> data = breast_cancer()
    >>> data.target_name, data.features.shape, int(data.targets.sum()), data.license
    ('malignant', (569, 30), 212, 'CC BY 4.0')
    """
    table = _table("breast_cancer.csv")
    names = tuple(name for name in table[0] if name != "benign")
    return Dataset(
        features=_columns(table, names),
        targets=1 - _columns(table, ("benign",))[:, 0],
        feature_names=names, target_name="malignant", units=("",) * len(names), target_unit="1",
        description="Cell nuclei in images of fine needle aspirates of breast masses, Wisconsin, November 1995",
        source=_CANCER, license="CC BY 4.0",
    )  # fmt: skip  # grouped by meaning


def digits() -> Dataset:
    """Return 1,797 handwritten digits as pictures of 8 by 8 pixels: a classification with ten classes.

    A pixel counts how many of 4 by 4 finer ones have ink, from 0 to 16. Dividing the features by 16 suits most models
    better than `Dataset.standardized`, which refuses them: three pixels at the edge are 0 in every picture.

    Returns
    -------
    Dataset
        Features of shape (1797, 64): the pixels, row by row from the top left; ``features[i].reshape(8, 8)`` is a
        picture. Targets of shape (1797,): the digit, 0 to 9.

    References
    ----------
    E. Alpaydin and C. Kaynak, Kybernetika 34(4), 369-374, 1998. The data: doi:10.24432/C50P49; these are the pictures
    of its test set, drawn by 13 people.

    Examples
    --------
    >>> data = digits()
    >>> data.features.shape, data.features.max(), data.targets[:5].tolist(), data.license
    ((1797, 64), np.float64(16.0), [0.0, 1.0, 2.0, 3.0, 4.0], 'CC BY 4.0')
    """
    import gzip

    with (
        (files("optimtext") / "data" / "digits.csv.gz").open("rb") as packed,
        gzip.open(packed, "rt", encoding="ascii") as lines,
    ):
        *names, target = lines.readline().strip().split(",")
        table = np.loadtxt(lines, delimiter=",")
    return Dataset(
        features=table[:, :-1], targets=table[:, -1],
        feature_names=tuple(names), target_name=target, units=("1",) * len(names), target_unit="1",
        description="Digits written by 13 people, normalized and reduced to 8 by 8 counts of ink, July 1998",
        source=_DIGITS, license="CC BY 4.0",
    )  # fmt: skip  # grouped by meaning


def _table(name: str) -> list[dict[str, str]]:
    with (files("optimtext") / "data" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _columns(table: list[dict[str, str]], names: tuple[str, ...]) -> Array:
    return np.array([[float(row[name]) for name in names] for row in table])


def _freeze(dataset: Any, name: str, value: ArrayLike, shape: tuple[int, ...]) -> None:
    array = _checks.finite_array(name, value).astype(np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got shape {array.shape}")
    array.flags.writeable = False
    object.__setattr__(dataset, name, array)
