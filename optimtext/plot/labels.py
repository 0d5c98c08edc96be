"""What a legend says of a run: a name and the hyper-parameters of its rule."""

import dataclasses
from typing import Any, SupportsFloat, TypeGuard

import numpy as np

from optimtext.record import Result

_SYMBOLS = {"lr": "α", "beta": "β", "beta1": "β₁", "beta2": "β₂", "eps": "ε", "eps_root": "εᵣ"}
_EPSILONS = ("eps", "eps_root")


def label(name: str, run: Result) -> str:
    """Return a legend entry: a name and every hyper-parameter of the rule (an epsilon only off its default)."""
    fields = dataclasses.fields(run.rule)
    shown = [
        f"{_SYMBOLS.get(field.name, field.name)} = {_short(getattr(run.rule, field.name))}"
        for field in fields
        if field.name not in _EPSILONS or getattr(run.rule, field.name) != field.default
    ]
    return f"{name} ({', '.join(shown)})"


def is_number(value: object) -> TypeGuard[SupportsFloat]:
    """Tell whether a value is one number."""
    return isinstance(value, (int, float, np.generic)) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _short(value: Any) -> str:
    if is_number(value):
        return f"{float(value):.3g}"
    if dataclasses.is_dataclass(value):  # a schedule, with its own settings
        settings = (_short(getattr(value, field.name)) for field in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(settings)})"
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
