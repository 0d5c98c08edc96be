"""The types that rules share."""

from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

from numpy.typing import NDArray

from optimtext._rates import FeedbackSchedule, Schedule

# One name for what the arithmetic below works on: floats and arrays alike, hence no narrower type.
Number: TypeAlias = Any
Rate: TypeAlias = float | NDArray[Any] | Schedule | FeedbackSchedule


@runtime_checkable
class Rule(Protocol):
    """What `Stepper` and `minimize` ask of a rule; any dataclass of this shape can be run."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def lr(self) -> Rate:
        """Learning rate: a number, an array, or a schedule."""

    @property
    def update(self) -> Any:
        """``update(theta, grad, lr, *slots)`` returns ``(theta, *slots)``."""


def check_rule(rule: object) -> None:
    """Refuse what is no instance of a rule, the class itself included."""
    if isinstance(rule, type) or not isinstance(rule, Rule):
        raise TypeError(f"rule must be an update rule such as GradientDescent(lr=0.1), got {rule!r}")
