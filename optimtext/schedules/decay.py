"""Rates that fall by a factor: every so many steps, or at every step."""

from dataclasses import dataclass

from optimtext import _checks


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
