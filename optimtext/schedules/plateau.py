"""A rate that answers to the losses."""

import math
from collections.abc import Generator
from dataclasses import dataclass

from optimtext import _checks


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
