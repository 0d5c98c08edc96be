"""The tables in ``optimtext/data`` as data sets; ``SOURCES.md`` there tells origin, license and what was changed."""

import csv
from importlib.resources import files

import numpy as np

from optimtext.datasets.base import Array, Dataset

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
