"""A grid of hyper-parameters as a list of rules."""

import inspect
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from optimtext.rules.base import Rule


def grid(rule: Callable[..., Rule], /, **values: Any) -> list[Rule]:
    """Return one rule for each combination of hyper-parameters, the last named one varying fastest.

    Parameters
    ----------
    rule : class of a rule
        For example `Adam`.
    **values : float, schedule, or sequence of such
        Hyper-parameters by name. One that is not named keeps its default; a single value holds everywhere.

    Returns
    -------
    list of Rule

    Raises
    ------
    TypeError
        If `rule` is no class of a rule, or has no hyper-parameter of that name.
    ValueError
        If a value is out of range, or a sequence is empty.

    Examples
    --------
    >>> import optimtext as ot
    >>> ot.grid(ot.Momentum, lr=[0.01, 0.1], beta=0.9)
    [Momentum(lr=0.01, beta=0.9), Momentum(lr=0.1, beta=0.9)]
    >>> len(ot.grid(ot.Adam, lr=[1e-3, 1e-2, 1e-1], beta1=[0.0, 0.9]))
    6
    """
    if not isinstance(rule, type) or not hasattr(rule, "update"):
        raise TypeError(f"rule must be the class of an update rule, such as Adam, got {rule!r}")
    allowed = list(inspect.signature(rule).parameters)
    for name, value in values.items():
        if name not in allowed:
            raise TypeError(
                f"{rule.__name__} has no hyper-parameter {name} (got {name}={value!r}); allowed are "
                f"{', '.join(allowed)}"
            )
    axes = [_axis(name, value) for name, value in values.items()]
    return [rule(**dict(zip(values, point, strict=True))) for point in itertools.product(*axes)]


def _axis(name: str, value: Any) -> list[Any]:
    if isinstance(value, np.ndarray):
        value = value.tolist()  # Python's floats, which leave the precision of a step to the parameters
    if isinstance(value, (list, tuple, range)):
        if not value:
            raise ValueError(f"{name} must hold at least one value, got {value!r}")
        return list(value)
    return [value]
