"""Rates that fall along half a cosine: once, or again and again."""

import math
from dataclasses import dataclass

from optimtext import _checks


@_checks.strict
@dataclass(frozen=True)
class CosineAnnealing:
    r"""Fall from one rate to another along half a cosine, then stay.

    .. math::

        \alpha_t = \alpha_{\min} + \tfrac12 (\alpha_{\max} - \alpha_{\min})
        \left(1 + \cos \frac{\pi \min(t, T)}{T}\right)

    Parameters
    ----------
    lr_max : float, default 0.1
        Rate of step 0.
    lr_min : float, default 0.0
        Rate from step ``steps`` on. With zero the parameters then stand still.
    steps : int, default 100
        Length of the fall, :math:`T`.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type, or ``lr_min`` exceeds ``lr_max``.

    Warnings
    --------
    The formula alone rises again after :math:`T`; here, as the method means it, the rate stays at ``lr_min``.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.

    Examples
    --------
    >>> schedule = CosineAnnealing(lr_max=0.1, lr_min=0.0, steps=100)
    >>> [round(schedule(t), 6) for t in (0, 50, 100, 150)]
    [0.1, 0.05, 0.0, 0.0]
    """

    lr_max: float = 0.1
    lr_min: float = 0.0
    steps: int = 100

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _check_fall(self.lr_max, self.lr_min)
        _checks.integer("steps", self.steps, 1)

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        return _half_cosine(self.lr_max, self.lr_min, min(t, self.steps) / self.steps)


@_checks.strict
@dataclass(frozen=True)
class WarmRestarts:
    r"""Cosine annealing that starts over, each period `mult` times as long as the one before.

    .. math::

        \alpha_t = \alpha_{\min} + \tfrac12 (\alpha_{\max} - \alpha_{\min})
        \left(1 + \cos \frac{\pi t_i}{T_0\, m^i}\right)

    with :math:`t_i` the steps since the last restart. Period :math:`i`, counted from 0, begins at step
    :math:`T_0 (m^i - 1) / (m - 1)`, or :math:`i\,T_0` for :math:`m = 1`.

    Parameters
    ----------
    lr_max : float, default 0.1
        Rate at the beginning of each period.
    lr_min : float, default 0.0
        Rate toward which each period falls; the restart comes before it is reached.
    steps : int, default 100
        Length of the first period, :math:`T_0`.
    mult : int, default 2
        Growth of the periods, :math:`m`, at least 1.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type, or ``lr_min`` exceeds ``lr_max``.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.

    Examples
    --------
    >>> schedule = WarmRestarts(lr_max=0.1, lr_min=0.0, steps=10, mult=2)
    >>> [t for t in range(100) if schedule(t) == 0.1]
    [0, 10, 30, 70]
    """

    lr_max: float = 0.1
    lr_min: float = 0.0
    steps: int = 100
    mult: int = 2

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _check_fall(self.lr_max, self.lr_min)
        _checks.integer("steps", self.steps, 1)
        _checks.integer("mult", self.mult, 1)

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        period = self.steps
        if self.mult == 1:
            t %= period
        else:
            while t >= period:
                t -= period
                period *= self.mult
        return _half_cosine(self.lr_max, self.lr_min, t / period)


def _check_fall(lr_max: float, lr_min: float) -> None:
    _checks.positive("lr_max", lr_max)
    _checks.non_negative("lr_min", lr_min, scalar=True)
    if lr_min > lr_max:
        raise ValueError(f"lr_min must not exceed lr_max = {lr_max!r}, got {lr_min!r}")


def _half_cosine(high: float, low: float, share: float) -> float:
    return low + 0.5 * (high - low) * (1.0 + math.cos(math.pi * share))
