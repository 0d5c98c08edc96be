"""Schedules: the learning rate as a function of the step, counted from 0.

A schedule is a frozen dataclass that is called with a step and answers with a rate; it remembers nothing. One
schedule, `ReduceOnPlateau`, needs to see the losses, so it is not a function of the step alone: `minimize` follows
it through `ReduceOnPlateau.follow`.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

from optimtext import _checks
from optimtext._rates import Schedule


@_checks.strict
@dataclass(frozen=True)
class StepDecay:
    r"""Multiply the rate by a factor every so many steps.

    .. math:: \alpha_t = \alpha_0 \, c^{\lfloor t / n \rfloor}

    Parameters
    ----------
    lr : float, default 0.1
        Rate of step 0, :math:`\alpha_0`.
    factor : float, default 0.5
        The factor :math:`c`, in (0, 1].
    every : int, default 10
        Steps between two drops, :math:`n`. Count it in steps: ten epochs of 50 batches are 500 steps.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type.

    Examples
    --------
    >>> schedule = StepDecay(lr=0.1, factor=0.5, every=10)
    >>> [schedule(t) for t in (0, 9, 10, 20)]
    [0.1, 0.1, 0.05, 0.025]
    """

    lr: float = 0.1
    factor: float = 0.5
    every: int = 10

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("lr", self.lr)
        _checks.share("factor", self.factor)
        _checks.integer("every", self.every, 1)

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        return float(self.lr * self.factor ** (t // self.every))


@_checks.strict
@dataclass(frozen=True)
class ExponentialDecay:
    r"""Multiply the rate by the same factor at every step.

    .. math:: \alpha_t = \alpha_0 \, d^{\,t}

    Parameters
    ----------
    lr : float, default 0.1
        Rate of step 0, :math:`\alpha_0`.
    decay : float, default 0.96
        The factor :math:`d` per step, in (0, 1].

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type.

    Examples
    --------
    >>> schedule = ExponentialDecay(lr=0.1, decay=0.96)
    >>> [round(schedule(t), 3) for t in (0, 10, 50)]
    [0.1, 0.066, 0.013]
    """

    lr: float = 0.1
    decay: float = 0.96

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("lr", self.lr)
        _checks.share("decay", self.decay)

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        return float(self.lr * self.decay**t)


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


@_checks.strict
@dataclass(frozen=True)
class Warmup:
    r"""Rise in equal steps to a rate, then hand over to a schedule that begins there.

    .. math:: \alpha_t = \alpha_0 \frac{t + 1}{w} \quad (t < w), \qquad \alpha_t = s(t - w) \quad (t \ge w)

    where :math:`s` is the schedule that follows and :math:`\alpha_0 = s(0)`.

    Parameters
    ----------
    steps : int, default 100
        Length of the rise, :math:`w`. Step 0 already uses ``1 / steps`` of the rate, so that no step is wasted on
        a rate of zero.
    then : float or schedule, default 0.1
        What follows, counted from its own step 0.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type.

    References
    ----------
    P. Goyal et al., "… SGD: training ImageNet in 1 hour", 2017, section 2.2, which calls it gradual warmup.

    Examples
    --------
    >>> schedule = Warmup(steps=4, then=StepDecay(lr=0.1, factor=0.5, every=2))
    >>> [round(schedule(t), 4) for t in range(8)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.05, 0.05]
    """

    steps: int = 100
    then: float | Schedule = 0.1

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.integer("steps", self.steps, 1)
        if not callable(self.then):
            _checks.positive("then", self.then)

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        if t < self.steps:
            return self._after(0) * (t + 1) / self.steps
        return self._after(t - self.steps)

    def _after(self, t: int) -> float:
        return float(self.then(t) if callable(self.then) else self.then)


@_checks.strict
@dataclass(frozen=True)
class ReduceOnPlateau:
    r"""Multiply the rate by a factor whenever the loss has found no new lowest value for a while.

    .. math:: \alpha \leftarrow \max(c\,\alpha,\ \alpha_{\text{least}})

    The loss it watches in `minimize` is the validation loss where there is one, else the loss of each step. It is
    not a function of the step, so it cannot be called; each run follows it with fresh memory.

    Parameters
    ----------
    lr : float, default 0.1
        Rate until the first plateau.
    factor : float, default 0.5
        Factor at each plateau, :math:`c`, in (0, 1].
    patience : int, default 10
        So many losses in a row without a new lowest one make a plateau; then the count starts again.
    min_lr : float, default 0.0
        The rate never falls below this, :math:`\alpha_{\text{least}}`.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type, or ``min_lr`` exceeds ``lr``.

    Warnings
    --------
    Keras, too, reduces at the `patience`-th bad loss, PyTorch one later, and both ask for an improvement by more
    than a threshold, where here any new lowest value counts.

    Examples
    --------
    >>> rates = ReduceOnPlateau(lr=0.1, factor=0.5, patience=2).follow()
    >>> next(rates)
    0.1
    >>> [rates.send(loss) for loss in (3.0, 2.0, 2.0, 2.0, 1.0)]
    [0.1, 0.1, 0.1, 0.05, 0.05]
    """

    lr: float = 0.1
    factor: float = 0.5
    patience: int = 10
    min_lr: float = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("lr", self.lr)
        _checks.share("factor", self.factor)
        _checks.integer("patience", self.patience, 1)
        _checks.non_negative("min_lr", self.min_lr, scalar=True)
        if self.min_lr > self.lr:
            raise ValueError(f"min_lr must not exceed lr = {self.lr!r}, got {self.min_lr!r}")

    def follow(self) -> Generator[float, float, None]:
        """Yield the rate of each step; send the loss that followed to get the next one."""
        lr, lowest, waited = float(self.lr), math.inf, 0
        while True:
            loss = yield lr
            if loss < lowest:
                lowest, waited = loss, 0
            else:
                waited += 1
            if waited == self.patience:
                lr, waited = max(lr * self.factor, float(self.min_lr)), 0


def _check_fall(lr_max: float, lr_min: float) -> None:
    _checks.positive("lr_max", lr_max)
    _checks.non_negative("lr_min", lr_min, scalar=True)
    if lr_min > lr_max:
        raise ValueError(f"lr_min must not exceed lr_max = {lr_max!r}, got {lr_min!r}")


def _half_cosine(high: float, low: float, share: float) -> float:
    return low + 0.5 * (high - low) * (1.0 + math.cos(math.pi * share))


#: Every schedule of the package.
ALL = (StepDecay, ExponentialDecay, CosineAnnealing, WarmRestarts, Warmup, ReduceOnPlateau)
