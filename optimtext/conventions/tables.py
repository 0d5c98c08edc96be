"""A rule under all its names, as data: what the book's tables of conventions are made of."""

from dataclasses import dataclass, fields
from typing import Any

from optimtext.conventions._keras import KERAS
from optimtext.conventions._optax import OPTAX
from optimtext.conventions._papers import OURS, PAPERS
from optimtext.conventions._pytorch import PYTORCH
from optimtext.conventions.entries import Known, Library, Name

LIBRARIES = (PYTORCH, OPTAX, KERAS)


@dataclass(frozen=True)
class Row:
    """One hyper-parameter under all its names.

    Attributes
    ----------
    argument : str
        Our argument.
    symbol : str
        Our symbol, as LaTeX.
    default : object
        Our default.
    papers : dict
        Source: its symbol, as LaTeX.
    libraries : dict
        Library: a `Name`, its argument and its default; a library is absent that has none.
    """

    argument: str
    symbol: str
    default: Any
    papers: dict[str, str]
    libraries: dict[str, Name]


@dataclass(frozen=True)
class Table:
    """A rule under all its names.

    Attributes
    ----------
    rule : class of rule
        The rule.
    rows : tuple of Row
        One for each hyper-parameter.
    calls : dict
        Library: its class or function, with the module; a library is absent that has none.
    fixed : dict
        Library: what must be passed besides.
    notes : dict
        Library or source: sentences and clauses on what differs there.
    """

    rule: type[Any]
    rows: tuple[Row, ...]
    calls: dict[str, str]
    fixed: dict[str, dict[str, Any]]
    notes: dict[str, tuple[str, ...]]


def table(rule: type[Any]) -> Table:
    r"""Return what a rule and its hyper-parameters are called elsewhere, as data.

    Parameters
    ----------
    rule : class of rule
        A rule of this package.

    Returns
    -------
    Table

    Raises
    ------
    TypeError
        If `rule` is no class of rule of this package.

    Examples
    --------
    >>> import optimtext as ot
    >>> rate, momentum = table(ot.Momentum).rows
    >>> momentum.papers["Sutskever et al. (2013)"], momentum.libraries["Keras"]
    ('\\mu', Name(name='momentum', default=0.0))
    """
    known = {library: _ways(library, rule) for library in LIBRARIES}
    papers = PAPERS[rule]
    rows = []
    for field in fields(rule):
        ours = field.name
        names = {library.name: _name(ways, ours) for library, ways in known.items()}
        rows.append(
            Row(
                argument=ours,
                symbol=OURS[ours],
                default=field.default,
                papers={paper.source: paper.symbols[ours] for paper in papers if ours in paper.symbols},
                libraries={library: name for library, name in names.items() if name},
            )
        )
    # The way with the most arguments stands for the others, which are its special cases.
    best = {library: max(ways, key=lambda way: len(way.arguments)) for library, ways in known.items() if ways}
    notes = {library.name: _notes(library, rule) for library in LIBRARIES}
    notes |= {paper.source: (paper.note,) for paper in papers if paper.note}
    return Table(
        rule=rule,
        rows=tuple(rows),
        calls={library.name: f"{library.module}.{way.call}" for library, way in best.items()},
        fixed={library.name: dict(way.fixed) for library, way in best.items() if way.fixed},
        notes={name: said for name, said in notes.items() if said},
    )


def _ways(library: Library, rule: Any) -> tuple[Known, ...]:
    entry = library.entry(rule)
    return () if isinstance(entry, str) else entry


def _name(ways: tuple[Known, ...], ours: str) -> Name | None:
    return next((Name(*way.arguments[ours]) for way in ways if ours in way.arguments), None)


def _notes(library: Library, rule: Any) -> tuple[str, ...]:
    entry = library.entry(rule)
    if isinstance(entry, str):
        return (entry,)
    said: list[str] = []
    for way in entry:
        said += [*way.notes, way.differs, way.constant, *(why for _, why in way.only.values())]
    return tuple(dict.fromkeys(filter(None, said)))
