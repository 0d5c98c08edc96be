"""A rate that rises before another schedule takes over."""

from dataclasses import dataclass

from optimtext import _checks
from optimtext._rates import Schedule


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
    P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2 (gradual
    warmup).

    Examples
    --------
    >>> from optimtext.schedules import StepDecay
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
