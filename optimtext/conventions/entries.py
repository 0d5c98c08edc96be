"""What an entry of the tables is, and how a rule is looked up in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np

from optimtext import _checks
from optimtext.rules.base import check_rule


class NoEquivalent(ValueError):  # noqa: N818  # it names a fact about two libraries, not a mistake of the caller
    """No call of the library takes the same steps as the rule; the message says what stands in the way."""


class Call(tuple[str, dict[str, Any]]):  # noqa: SLOT001  # the notes ride along and take no part in comparisons
    """A call of another library; unpacks into its name and its keyword arguments.

    Attributes
    ----------
    name : str
        Name of the class or function.
    arguments : dict
        Keyword arguments.
    notes : tuple of str
        What one has to know to compare the two, a sentence each.
    exact : bool
        Whether both take the same steps but for rounding. If not, a note says how they differ.
    """

    notes: tuple[str, ...]
    exact: bool

    def __new__(cls, name: str, arguments: dict[str, Any], notes: tuple[str, ...] = (), *, exact: bool = True) -> Self:
        """Make the pair and attach the rest."""
        call = super().__new__(cls, (name, arguments))
        call.notes, call.exact = notes, exact
        return call

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Tell pickle and copy what to make the pair from."""
        return tuple(self)

    @property
    def name(self) -> str:
        """Name of the class or function."""
        return self[0]

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments."""
        return self[1]


class Name(NamedTuple):
    """What a library calls a hyper-parameter, and its default there.

    Attributes
    ----------
    name : str
        Name of the argument; ``betas[0]`` is the first entry of the argument ``betas``.
    default : object
        The default of the library.
    """

    name: str
    default: Any


@dataclass(frozen=True, eq=False)
class Known:
    """One way to ask a library for a rule.

    Attributes
    ----------
    call : str
        Class or function.
    arguments : dict
        Our hyper-parameter: (their argument, their default).
    fixed : dict
        What must be passed besides, by their names.
    only : dict
        Our hyper-parameter: (the one value at which this works, what the library lacks otherwise).
    via : dict
        Our hyper-parameter: how its value becomes theirs, where it is not the same number.
    constant : str
        Why a schedule for the rate would make the two differ; empty where it would not.
    notes : tuple of str
        What one has to know to compare.
    differs : str
        How the steps differ although the call is the nearest one; empty where they do not.
    """

    call: str
    arguments: Mapping[str, tuple[str, Any]]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    via: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    constant: str = ""
    notes: tuple[str, ...] = ()
    differs: str = ""

    def lacks(self, rule: Any) -> list[str]:
        """Return what stands in the way of asking for this very rule, a clause each."""
        return [why for name, (value, why) in self.only.items() if getattr(rule, name) != value]


# The ways to ask for a rule, the first that fits is taken; or a sentence that says why there is none.
Entry: TypeAlias = tuple[Known, ...] | str


@dataclass(frozen=True, eq=False)
class Library:
    """A library's table.

    Attributes
    ----------
    name : str
        What people call it.
    module : str
        Where its optimizers are.
    entries : dict
        Class of rule: its entry.
    scheduled : bool
        Whether a rate may be a function of the step number there.
    schedules : str
        How to use a schedule of this package there.
    """

    name: str
    module: str
    entries: Mapping[type[Any], Entry]
    scheduled: bool
    schedules: str

    def call(self, rule: Any) -> Call:
        """Return the call that takes the steps of `rule`."""
        check_rule(rule)
        entry = self.entry(type(rule))
        if isinstance(entry, str):
            raise self._refusal(rule, entry)
        for name, value in _checks.hyperparameters(rule).items():
            if np.ndim(value):
                raise self._refusal(rule, f"{name} is an array there, and an optimizer takes one number")
        known = next((known for known in entry if not known.lacks(rule)), None)
        if known is None:
            # A clause is empty where the next way in line does without what this one needs.
            reasons = (" and ".join(filter(None, known.lacks(rule))) for known in entry)
            raise self._refusal(rule, "; or ".join(dict.fromkeys(filter(None, reasons))))
        notes = (*known.notes, *([known.differs] if known.differs else []))
        if not isinstance(rule.lr, (int, float, np.generic, np.ndarray)):
            notes = (*notes, self._schedule(rule, known))
        return Call(known.call, _arguments(known, rule), notes, exact=not known.differs)

    def entry(self, cls: Any) -> Entry:
        """Return what the table says about a class of rules."""
        if cls not in self.entries:
            allowed = ", ".join(known.__name__ for known in self.entries)
            raise TypeError(f"rule must be one of {allowed}, which are in the tables, got {cls!r}")
        return self.entries[cls]

    def _schedule(self, rule: Any, known: Known) -> str:
        if hasattr(rule.lr, "follow"):
            raise self._refusal(rule, "its rate answers to the losses, which an optimizer does not see")
        if known.constant:
            raise self._refusal(rule, f"its rate is a schedule, and {known.constant}")
        if not self.scheduled:
            raise self._refusal(rule, f"its rate is a schedule, which is no argument there. {self.schedules}")
        return self.schedules

    def _refusal(self, rule: Any, why: str) -> NoEquivalent:
        return NoEquivalent(f"{rule!r} has no exact equivalent in {self.name}: {why}")


def _arguments(known: Known, rule: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for ours, (theirs, _) in known.arguments.items():
        value = getattr(rule, ours)
        if not callable(value):
            value = float(value)
        if ours in known.via:
            value = known.via[ours](value)
        name, bracket, _ = theirs.partition("[")
        arguments[name] = (*arguments.get(name, ()), value) if bracket else value
    return arguments | dict(known.fixed)
