"""What a hyper-parameter may be, found by asking: a constructor that refuses a value says so.

So a page refuses exactly what the package refuses, and no range is written twice.
"""

from optimtext.grammar import as_class, fields

#: What each kind admits, in the words of the package's own refusals.
ALLOWED = {
    "count": "an integer of at least 1",
    "share": "in (0, 1]",
    "fraction": "in [0, 1)",
    "positive": "positive and finite",
    "non_negative": "non-negative and finite",
    "finite": "finite",
}
# Each kind by the values, of these, that it takes.
_ASKED = (-0.5, 0.0, 0.5, 1.0, 1, 1.5)
_TAKEN = {
    "count": (1,),
    "share": (0.5, 1.0, 1),
    "fraction": (0.0, 0.5),
    "positive": (0.5, 1.0, 1, 1.5),
    "non_negative": (0.0, 0.5, 1.0, 1, 1.5),
    "finite": _ASKED,
}


def kinds(cls: type, name: str | None = None) -> dict[str, str]:
    """Return the kind of each hyper-parameter of a class, or of one of them.

    Raises
    ------
    TypeError
        If a hyper-parameter takes other values than any kind does.
    """
    found = {field: _kind(as_class(cls), field) for field in fields(cls) if name in (None, field)}
    for field, kind in found.items():
        if kind is None:
            raise TypeError(f"{cls.__name__}.{field} takes values of no known kind: {', '.join(ALLOWED)}")
    return {field: kind for field, kind in found.items() if kind is not None}


def _kind(cls: type, field: str) -> str | None:
    taken = tuple((type(value), value) for value in _ASKED if _takes(cls, field, value))
    for kind, values in _TAKEN.items():
        if taken == tuple((type(value), value) for value in values):
            return kind
    return None


def _takes(cls: type, field: str, value: float) -> bool:
    # Settings that must not exceed another one are asked beside a large other one.
    for others in ({}, {"lr": 10.0}, {"lr_max": 10.0}, {"lr_min": 0.0}, {"min_lr": 0.0}):
        if field not in others and set(others) <= set(fields(cls)):
            try:
                cls(**{field: value}, **others)
            except (TypeError, ValueError):
                continue
            return True
    return False
