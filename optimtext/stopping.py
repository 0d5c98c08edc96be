"""When to stop: criteria are small callables that look at the run so far and answer with a reason or None.

`minimize` asks each criterion before every step and stops at the first that answers; a maximum of steps is always
in force beside them. A criterion keeps no memory of its own, so that one object serves any number of runs.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from optimtext import _checks


class StopReason(StrEnum):
    """Why a run ended."""

    MAX_STEPS = "max_steps"
    LOSS_CHANGE = "loss_change"
    GRADIENT_NORM = "gradient_norm"
    EARLY_STOPPING = "early_stopping"
    CRITERION = "criterion"
    DIVERGED = "diverged"


class Progress(Protocol):
    """What a criterion may look at: the run up to and including the present point.

    Attributes
    ----------
    step : int
        Number of steps taken.
    loss : sequence of float
        Recorded losses; the index is the step.
    grad_norm : sequence of float
        Recorded gradient norms; the index is the step.
    since_best : int or None
        Validation losses measured since the lowest one; None where there is no validation problem.
    validation : float or None
        Validation loss at the present point; None where it was not measured.
    lr : float or None
        Rate of the step that leads on from there; None where each parameter has a rate of its own.
    """

    @property
    def step(self) -> int: ...  # noqa: D102  # described above, with the class
    @property
    def loss(self) -> list[float]: ...  # noqa: D102
    @property
    def grad_norm(self) -> list[float]: ...  # noqa: D102
    @property
    def since_best(self) -> int | None: ...  # noqa: D102
    @property
    def validation(self) -> float | None: ...  # noqa: D102
    @property
    def lr(self) -> float | None: ...  # noqa: D102


class Criterion(Protocol):
    """Anything that answers, before each step, with a sentence if the run should stop and with None if not."""

    def __call__(self, run: Progress, /) -> str | None:
        """Return why to stop, or None."""


@_checks.strict
@dataclass(frozen=True)
class LossChange:
    r"""Stop when one step changed the loss by less than a threshold, :math:`|f_t - f_{t-1}| < \tau`.

    Parameters
    ----------
    threshold : float, default 1e-6
        In units of the loss. The default is customary; what is small depends on the loss.

    Raises
    ------
    ValueError, TypeError
        If ``threshold`` is not positive and finite.

    Warnings
    --------
    A small change means slow progress, not a near minimum: a small learning rate makes every change small.
    """

    threshold: float = 1e-6

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("threshold", self.threshold)

    @property
    def reason(self) -> StopReason:
        """The reason this criterion gives."""
        return StopReason.LOSS_CHANGE

    def __call__(self, run: Progress, /) -> str | None:
        """Return why to stop, or None."""
        if run.step == 0 or abs(run.loss[-1] - run.loss[-2]) >= self.threshold:
            return None
        return f"the loss changed by {abs(run.loss[-1] - run.loss[-2]):.3g}, less than {self.threshold:g}"


@_checks.strict
@dataclass(frozen=True)
class GradientNorm:
    r"""Stop when the gradient is short, :math:`\lVert g_t \rVert_2 < \tau`.

    Parameters
    ----------
    threshold : float, default 1e-6
        In units of the gradient.

    Raises
    ------
    ValueError, TypeError
        If ``threshold`` is not positive and finite.

    Warnings
    --------
    The gradient is zero at every stationary point, saddles and maxima included.
    """

    threshold: float = 1e-6

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.positive("threshold", self.threshold)

    @property
    def reason(self) -> StopReason:
        """The reason this criterion gives."""
        return StopReason.GRADIENT_NORM

    def __call__(self, run: Progress, /) -> str | None:
        """Return why to stop, or None."""
        if run.grad_norm[-1] >= self.threshold:
            return None
        return f"the gradient norm is {run.grad_norm[-1]:.3g}, less than {self.threshold:g}"


@_checks.strict
@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the validation loss has found no new lowest value for a while; give back the best parameters.

    `minimize` returns the parameters of the lowest validation loss however the run ends: also when the patience
    never runs out before ``max_steps``.

    Parameters
    ----------
    patience : int, default 10
        So many validation losses in a row without a new lowest one end the run.

    Raises
    ------
    ValueError, TypeError
        If ``patience`` is not an integer of at least 1.

    References
    ----------
    L. Prechelt, "Early stopping — but when?", 1998.
    """

    patience: int = 10

    def __post_init__(self) -> None:
        """Refuse impossible settings."""
        _checks.integer("patience", self.patience, 1)

    @property
    def reason(self) -> StopReason:
        """The reason this criterion gives."""
        return StopReason.EARLY_STOPPING

    def __call__(self, run: Progress, /) -> str | None:
        """Return why to stop, or None."""
        if run.since_best is None or run.since_best < self.patience:
            return None
        return f"no new lowest validation loss in the last {run.since_best} measurements"
