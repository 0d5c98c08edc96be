"""Clear refusals: every message names the argument, its value and what is allowed."""

import dataclasses
import functools
import inspect
import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


def rate(name: str, value: object) -> None:
    """Refuse a learning rate that is neither a schedule nor positive and finite (arrays: everywhere)."""
    if not isinstance(value, type) and (callable(value) or hasattr(value, "follow")):
        return
    _numbers(
        name, value, lambda x: np.isfinite(x) & (x > 0), "a positive, finite number, an array of such, or a schedule"
    )


def fraction(name: str, value: object) -> None:
    """Refuse a decay factor outside [0, 1)."""
    _numbers(name, value, lambda x: (x >= 0) & (x < 1), "in [0, 1)")


def share(name: str, value: object) -> None:
    """Refuse a factor outside (0, 1]."""
    _numbers(name, value, lambda x: (x > 0) & (x <= 1), "in (0, 1]", scalar=True)


def positive(name: str, value: object) -> None:
    """Refuse a number that is not positive and finite."""
    _numbers(name, value, lambda x: np.isfinite(x) & (x > 0), "positive and finite", scalar=True)


def non_negative(name: str, value: object, *, scalar: bool = False) -> None:
    """Refuse a number that is negative, infinite or NaN."""
    _numbers(name, value, lambda x: np.isfinite(x) & (x >= 0), "non-negative and finite", scalar=scalar)


def finite(name: str, value: object) -> None:
    """Refuse a number that is infinite or NaN."""
    _numbers(name, value, np.isfinite, "finite", scalar=True)


def integer(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return `value` as an int if it is a whole number in [least, most]; a bool is not a count."""
    allowed = f"an integer of at least {least}" if most is None else f"an integer from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be {allowed}, got {value!r}")
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be {allowed}, got {value!r}")
    return int(value)


def real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return a fresh floating array of `value`; integers are converted, never truncated later on."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must not be a masked array, whose hidden values would be used: got {_short(value)}")
    try:
        array = np.array(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array of numbers of one shape, got {_short(value)}: {error}") from None
    if array.dtype.kind in "iub":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype} in {_short(value)}")
    return array


def floating(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return a floating array of `value`: itself where it is one, so that nothing is copied at every step."""
    array = np.asarray(value)
    return array if array.dtype.kind == "f" else real_array(name, array)


def finite_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """Return a fresh floating array of `value`, refusing an empty one and one that is not finite everywhere."""
    array = real_array(name, value)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    if not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0]
        at = f"{name}[{', '.join(map(str, where))}]" if array.ndim else name
        raise ValueError(f"{name} must be finite, got {at} = {array[tuple(where)]}")
    return array


def fitted(name: str, value: NDArray[Any] | np.generic, theta: NDArray[Any]) -> NDArray[Any]:
    """Return an array among the hyper-parameters in the precision of `theta`, if it broadcasts to its shape.

    A float64 array would silently widen float32 parameters (Python's floats do not), and one of another shape would
    silently turn one run into many.
    """
    try:
        fits = np.broadcast_shapes(value.shape, theta.shape) == theta.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name} must broadcast to the shape of theta0, {theta.shape}, got shape {value.shape}")
    return np.asarray(value, dtype=theta.dtype)


def named_arguments(function: F) -> F:
    """Refuse an unknown keyword with its value and the list of those that exist."""
    allowed = [p.name for p in inspect.signature(function).parameters.values() if p.name != "self"]

    @functools.wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        for name, value in kwargs.items():
            if name not in allowed:
                owner = function.__qualname__.removesuffix(".__init__")
                raise TypeError(
                    f"{owner} has no argument {name} (got {name}={_short(value)}); allowed are {', '.join(allowed)}"
                )
        return function(*args, **kwargs)

    return checked  # type: ignore[return-value]  # wraps keeps the signature, which mypy cannot see


def strict(cls: C) -> C:
    """Class decorator: `named_arguments` for the constructor of a dataclass."""
    cls.__init__ = named_arguments(cls.__init__)  # type: ignore[misc]  # the constructor is wrapped, not replaced
    return cls


def hyperparameters(rule: Any) -> dict[str, Any]:
    """Return the fields of a dataclass instance by name."""
    return {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}


def _numbers(
    name: str, value: object, good: Callable[[NDArray[Any]], Any], allowed: str, *, scalar: bool = False
) -> None:
    # The check of one plain float, which most are; what is declared for arrays serves NumPy's scalars too.
    if isinstance(value, float) and math.isfinite(value) and bool(good(np.float64(value))):  # type: ignore[arg-type]
        return
    # A list is no array: it would pass for one here, and fail in the arithmetic of a rule.
    array = np.asarray(value) if isinstance(value, (int, float, np.generic, np.ndarray)) else np.asarray(None)
    if array.dtype.kind not in "iuf" or array.size == 0 or (scalar and array.ndim):
        raise TypeError(f"{name} must be {allowed}, got {_short(value)}")
    if not np.all(good(array)):
        raise ValueError(f"{name} must be {allowed}, got {_short(value)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
