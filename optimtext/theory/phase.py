"""Which pairs of rate and momentum converge, how fast, and in what manner."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.rules import GradientDescent
from optimtext.theory.spectra import Array, Spectral, class_of, radius, recurrence, spectrum


class Regime(IntEnum):
    """How the error behaves in the long run, along the direction that takes longest."""

    MONOTONE = 0
    """It shrinks and keeps its sign: the leading eigenvalue is real and not negative."""
    OSCILLATING = 1
    """It shrinks and changes sign at every step: the leading eigenvalue is real and negative."""
    COMPLEX = 2
    """It shrinks in a swing that takes several steps: the eigenvalues are complex."""
    DIVERGING = 3
    """It does not shrink: the contraction is 1 or more."""


@dataclass(frozen=True, eq=False)  # equality of arrays is no yes or no
class PhaseDiagram:
    """What becomes of every pair of a rate and a momentum; one row a momentum, one column a rate.

    Attributes
    ----------
    lr : numpy.ndarray, shape (columns,)
        Rates.
    beta : numpy.ndarray, shape (rows,)
        Momenta.
    contraction : numpy.ndarray, shape (rows, columns)
        Factor by which the error shrinks per step in the long run.
    regime : numpy.ndarray of int, shape (rows, columns)
        Values of `Regime`.
    """

    lr: Array
    beta: Array
    contraction: Array
    regime: NDArray[np.int64]


def phase_diagram(rule: type[Any], problem: Spectral, lr: ArrayLike, beta: ArrayLike) -> PhaseDiagram:
    """Return how fast and in what manner each pair of rate and momentum converges on a quadratic.

    Parameters
    ----------
    rule : class of rule
        `Momentum` or `Nesterov`; the row ``beta = 0`` of either is gradient descent.
    problem : problem, matrix or curvatures
        As for `spectrum`.
    lr : array_like, shape (columns,)
        Rates, positive.
    beta : array_like, shape (rows,)
        Momenta in [0, 1).

    Returns
    -------
    PhaseDiagram

    Raises
    ------
    ValueError, TypeError
        For other rules, for rates or momenta out of range or not in one dimension, and as for `spectrum`.

    Examples
    --------
    >>> import optimtext as ot
    >>> diagram = phase_diagram(ot.Momentum, [1.0, 9.0], lr=[0.1, 0.21, 0.3], beta=[0.0, 0.25])
    >>> diagram.contraction.round(2)
    array([[0.9 , 0.89, 1.7 ],
           [0.86, 0.66, 1.25]])
    >>> [[Regime(entry).name for entry in row] for row in diagram.regime]
    [['MONOTONE', 'OSCILLATING', 'DIVERGING'], ['MONOTONE', 'MONOTONE', 'DIVERGING']]
    """
    cls = class_of(rule)
    if cls is GradientDescent:
        raise TypeError("rule must be Momentum or Nesterov, got GradientDescent: it is the row beta = 0 of either")
    rates, momenta = _axis("lr", lr), _axis("beta", beta)
    _checks.rate("lr", rates)
    _checks.fraction("beta", momenta)
    slowest = np.full((len(momenta), len(rates)), -1.0)
    regime = np.zeros(slowest.shape, dtype=np.int64)
    # One curvature at a time, so that a long spectrum costs time and not memory.
    for curvature in np.unique(spectrum(problem)):
        trace, det = recurrence(cls, rates, momenta[:, None], curvature)
        size, manner = radius(trace, det), _manner(trace, det)
        slower = size > slowest
        slowest[slower], regime[slower] = size[slower], manner[slower]
    regime[slowest >= 1] = Regime.DIVERGING
    return PhaseDiagram(lr=rates, beta=momenta, contraction=slowest, regime=regime)


def _manner(trace: Array, det: Array) -> NDArray[np.int64]:
    discriminant = trace * trace / 4 - det
    # The larger of two real roots has the sign of their sum; with the sum zero they are equal and opposite, and the
    # negative one makes itself seen.
    negative = (trace < 0) | ((trace == 0) & (discriminant > 0))
    manner = np.where(discriminant < 0, Regime.COMPLEX, np.where(negative, Regime.OSCILLATING, Regime.MONOTONE))
    return np.asarray(manner, dtype=np.int64)


def _axis(name: str, value: ArrayLike) -> Array:
    array = np.atleast_1d(_checks.finite_array(name, value)).astype(np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {array.shape}")
    return array
