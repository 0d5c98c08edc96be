"""The learning-rate range test: one short run in which the rate rises, to see where it helps and where it explodes."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.minimize import minimize
from optimtext.record import Problem, Result
from optimtext.rules.base import Rule, check_rule
from optimtext.stopping import Progress


@_checks.strict
@dataclass(frozen=True)
class GeometricRise:
    r"""Raise the rate by the same factor at every step.

    .. math:: \alpha_t = \alpha_{\min} \left(\alpha_{\max} / \alpha_{\min}\right)^{t / T}

    Parameters
    ----------
    lr_min : float, default 1e-6
        Rate of step 0.
    lr_max : float, default 10.0
        Rate of step ``steps``, and after it.
    steps : int, default 100
        Length of the rise, :math:`T`.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside its range or of another type, or ``lr_min`` is not below ``lr_max``.

    Examples
    --------
    >>> schedule = GeometricRise(lr_min=0.01, lr_max=1.0, steps=2)
    >>> [round(schedule(t), 9) for t in range(4)]
    [0.01, 0.1, 1.0, 1.0]
    """

    lr_min: float = 1e-6
    lr_max: float = 10.0
    steps: int = 100

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("lr_min", self.lr_min)
        _checks.positive("lr_max", self.lr_max)
        _checks.integer("steps", self.steps, 1)
        if self.lr_min >= self.lr_max:
            raise ValueError(f"lr_min must be below lr_max = {self.lr_max!r}, got {self.lr_min!r}")

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        share = min(t, self.steps) / self.steps
        return math.exp((1 - share) * math.log(self.lr_min) + share * math.log(self.lr_max))


@dataclass(frozen=True, eq=False)
class RangeTest:
    """What a range test has seen.

    Attributes
    ----------
    lr : numpy.ndarray
        The rates, rising; entry k is the rate of step k.
    loss : numpy.ndarray
        The loss after step k: what the rates up to and including ``lr[k]`` have led to.
    smooth : numpy.ndarray
        The same, smoothed as the test looks at it; with full gradients the loss itself.
    suggestion : float or None
        A rate to begin with; None if no rate lowered the loss.
    steepest : float or None
        The rate at which the loss fell fastest against the logarithm of the rate.
    lowest : float or None
        The rate at which the loss was lowest.
    message : str
        How the suggestion came about, in a sentence.
    run : Result
        The run itself.
    """

    lr: NDArray[np.float64]
    loss: NDArray[np.float64]
    smooth: NDArray[np.float64]
    suggestion: float | None
    steepest: float | None
    lowest: float | None
    message: str
    run: Result


@dataclass(frozen=True)
class _Exploded:
    """Stop when the loss has risen above the lowest by far more than it ever fell."""

    factor: float

    def __call__(self, run: Progress, /) -> str | None:
        first, lowest, now = run.loss[0], min(run.loss), run.loss[-1]
        if now - lowest <= self.factor * max(first - lowest, abs(first)):
            return None
        return f"the loss, {now:.3g}, has exploded from its lowest, {lowest:.3g}"


@_checks.named_arguments
def range_test(
    problem: Problem,
    rule: Rule,
    theta0: ArrayLike,
    *,
    lr_min: float = 1e-6,
    lr_max: float = 10.0,
    steps: int = 100,
    batch_size: int | None = None,
    seed: int | None = None,
    smoothing: float | None = None,
    factor: float = 4.0,
) -> RangeTest:
    """Find the order of magnitude of a good learning rate in one short run.

    The rate rises by the same factor at every step, and the run ends where the loss explodes. Too small a rate changes
    nothing, a good one lowers the loss, too large a one raises it: the test sees all three in one run.

    Parameters
    ----------
    problem : Problem
        Anything with ``loss(theta)`` and ``gradient(theta)``.
    rule : Rule
        The rule to test; its own rate is ignored, its other hyper-parameters stay.
    theta0 : array_like
        First parameters, finite.
    lr_min, lr_max : float, default 1e-6 and 10.0
        First and last rate. Begin where surely nothing happens, and end where surely it explodes.
    steps : int, default 100
        Steps in between.
    batch_size, seed : optional
        As for `minimize`.
    smoothing : float in [0, 1), optional
        Share of the averaged loss that survives a step; by default 0.9 with mini-batches, whose losses jump, and 0
        without.
    factor : float, default 4.0
        The run ends when the loss is above its lowest by `factor` times its first value, or its largest fall if that
        is more.

    Returns
    -------
    RangeTest

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range or of another type.

    Warnings
    --------
    The suggestion is an order of magnitude and a beginning. It is the rate of the lowest loss divided by 10, since by
    the time the loss turns upwards the rate has long been too large: every step takes the test some way on, whether or
    not the rate could be kept. It holds for this rule, batch size and start; far from the start another may be better.

    References
    ----------
    L. N. Smith, "Cyclical learning rates for training neural networks", 2017.

    Examples
    --------
    On this bowl any rate below 2 / 4 converges:

    >>> import optimtext as ot
    >>> bowl = ot.surfaces.Bowl(curvature=4.0)
    >>> test = ot.range_test(bowl, ot.GradientDescent(), bowl.start)
    >>> 0.01 < test.suggestion < 0.5
    True
    >>> test.run.steps < 100
    True
    """
    check_rule(rule)
    share = (0.0 if batch_size is None else 0.9) if smoothing is None else smoothing
    _checks.fraction("smoothing", share)
    _checks.positive("factor", factor)
    rising: Any = dataclasses.replace(rule, lr=GeometricRise(lr_min, lr_max, steps))
    run = minimize(
        problem,
        theta0,
        rising,
        max_steps=steps,
        batch_size=batch_size,
        seed=seed,
        stop=_Exploded(float(factor)),
        record_theta=False,
    )
    return _read(run, float(share))


def _read(run: Result, share: float) -> RangeTest:
    smooth = _smoothed(run.trace.loss, share)
    rates, losses, after = run.trace.lr[:-1], run.trace.loss[1:], smooth[1:]
    finite = np.flatnonzero(np.isfinite(smooth))
    low = int(finite[np.argmin(smooth[finite])]) if finite.size else 0
    if low == 0:
        message = "no rate lowered the loss: begin with a smaller lr_min, or the start is a minimum or a saddle"
        return RangeTest(rates, losses, after, None, None, None, message, run)
    lowest = float(rates[low - 1])  # the step with this rate led there
    steepest = float(rates[np.argmin(np.diff(smooth[: low + 1]))])
    message = (
        f"the loss was lowest at the rate {lowest:.3g} and fell fastest at {steepest:.3g}; {lowest / 10:.3g}, a "
        "tenth of the former, is a rate to begin with"
    )
    if low == len(smooth) - 1:
        message += "; it was still falling when the test ended, so a larger lr_max may show more"
    return RangeTest(rates, losses, after, lowest / 10, steepest, lowest, message, run)


def _smoothed(losses: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    # An average that begins at zero, divided by what it would be of ones.
    average, weight, smooth = 0.0, 0.0, []
    for loss in losses.tolist():
        average = share * average + (1 - share) * loss
        weight = share * weight + (1 - share)
        smooth.append(average / weight)
    return np.array(smooth)
