"""Measurements and what is to be predicted from them: standardized, split and selected, and never changed in place."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks

Array = NDArray[np.float64]


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
    >>> from optimtext.datasets import penguins
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
        >>> from optimtext.datasets import penguins
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
        >>> from optimtext.datasets import penguins
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


def _freeze(dataset: Any, name: str, value: ArrayLike, shape: tuple[int, ...]) -> None:
    array = _checks.finite_array(name, value).astype(np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got shape {array.shape}")
    array.flags.writeable = False
    object.__setattr__(dataset, name, array)
