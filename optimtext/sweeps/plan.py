"""What a sweep is to do: its runs, what they have in common, and which of them can advance together."""

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks, clipping, rules
from optimtext.minimize import Shuffle
from optimtext.penalties import Penalty
from optimtext.record import Problem
from optimtext.rules.base import Rule, check_rule
from optimtext.sampling import shuffled_batches

Rules: TypeAlias = (
    Rule | Sequence[Rule] | Mapping[str, Any]
)  # any: a dict of rules and lists of rules has no other type
_OURS: frozenset[type] = frozenset(rules.ALL)
_NUMBERS: frozenset[type] = frozenset({int, float})
NUMBERS_TOGETHER = 2**21  # an array of runs and samples of this many doubles, 16 MiB, is long enough to be quick


@dataclass(eq=False, slots=True)  # not frozen, since thousands are made in a moment
class Spec:
    """One run to do."""

    index: int
    name: str
    rule: Rule
    start: int
    seed: int


@dataclass(frozen=True)
class Settings:
    """What all runs have in common: arguments of `minimize`, and which losses to keep."""

    max_steps: int
    batch_size: int | None = None
    shuffle: Shuffle = shuffled_batches
    stop: Any = ()
    penalty: Penalty | None = None
    clip: Any = None
    losses_every: int | None = 1


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep, checked and laid out."""

    problem: Problem
    theta0: NDArray[Any]
    specs: tuple[Spec, ...]
    settings: Settings

    @cached_property
    def _may_go_together(self) -> bool:
        settings = self.settings
        plain = settings.stop == () and settings.penalty is None
        clips = settings.clip is None or type(settings.clip) in (clipping.ByValue, clipping.ByNorm)
        return plain and clips and takes_stacks(self.problem) and bool(self.theta0.dtype == np.float64)

    def chunks(self, specs: Sequence[Spec], size: int | None) -> list[tuple[Spec, ...]]:
        """Return `specs` in pieces of at most `size` runs; those of a longer piece can all advance together."""
        groups: dict[Hashable, list[Spec]] = {}
        # Hundreds of rules of one class are looked at quicker all at once than one by one.
        for _, some in itertools.groupby(specs, attrgetter("rule.__class__")):
            several = list(some)
            if self.settings.batch_size is None and _have_numbers_only(several):
                groups.setdefault(self._group(several[0]), []).extend(several)
                continue
            for spec in several:
                groups.setdefault(self._group(spec), []).append(spec)
        pieces = []
        for key, group in groups.items():
            most = size or (1 if key is None else len(group))
            if key is not None:
                samples = self.settings.batch_size or getattr(self.problem, "n_samples", 1)
                most = min(most, max(1, NUMBERS_TOGETHER // max(samples, self.theta0.shape[1])))
            pieces += [tuple(group[i : i + most]) for i in range(0, len(group), most)]
        return pieces

    def together(self, specs: Sequence[Spec]) -> bool:
        """Tell whether these runs advance as one array; a single one is quicker alone."""
        return len(specs) > 1 and self._group(specs[0]) is not None

    def _group(self, spec: Spec) -> Hashable:
        # Runs with the same key advance together; None stands alone.
        kind = _kind(spec.rule) if self._may_go_together else None
        # Runs of one seed see the same mini-batches.
        return kind if kind is None or self.settings.batch_size is None else (kind, spec.seed)

    def fingerprint(self) -> dict[str, str]:
        """Return what tells this sweep from others, part by part, equal in every process."""
        settings = {field.name: getattr(self.settings, field.name) for field in dataclasses.fields(self.settings)}
        parts: dict[str, Any] = {
            "problem": self.problem,
            "rules": [(spec.name, spec.rule, spec.start, spec.seed) for spec in self.specs],
            "theta0": self.theta0,
            **settings,
        }
        return {name: _digest(value) for name, value in parts.items()}


def takes_stacks(problem: object) -> bool:
    """Tell whether a problem gives each vector of a stack, shape (..., dim), exactly what it gives the vector alone."""
    from optimtext.models import LinearModel
    from optimtext.surfaces.base import Surface

    return bool(getattr(problem, "stacks", isinstance(problem, (LinearModel, Surface))))


def make_plan(problem: Any, wanted: Rules, theta0: ArrayLike, seeds: Any, settings: Settings) -> Plan:
    """Return the plan of a sweep, refusing what cannot be run."""
    if isinstance(problem, type) or not isinstance(problem, Problem):
        raise TypeError(f"problem must be an object with methods loss(theta) and gradient(theta), got {problem!r}")
    starts = _checks.finite_array("theta0", theta0)
    if starts.ndim not in (1, 2):
        raise ValueError(f"theta0 must have shape (dim,) or (starts, dim), got shape {starts.shape}")
    starts = np.atleast_2d(starts)
    named, numbers = named_rules(wanted), _seeds(seeds)
    specs: list[Spec] = []
    for name, several in named.items():
        grid = itertools.product(several, range(len(starts)), numbers)
        specs += [Spec(i, name, *one) for i, one in enumerate(grid, len(specs))]
    return Plan(problem, starts, tuple(specs), settings)


def named_rules(wanted: Rules) -> dict[str, list[Rule]]:
    """Return rules by name, in lists; those given without names get that of their class."""
    named: dict[str, list[Rule]] = {}
    if isinstance(wanted, Mapping):
        for name, value in wanted.items():
            if not isinstance(name, str):
                raise TypeError(f"rules must have names that are strings, got {name!r}")
            named[name] = _listed(value)
    else:
        for rule in _listed(wanted):
            named.setdefault(type(rule).__name__, []).append(rule)
    if not named or not all(named.values()):
        raise ValueError(f"rules must hold at least one rule under each name, got {wanted!r}")
    return named


def _listed(value: Any) -> list[Rule]:
    several = list(value) if isinstance(value, (list, tuple)) else [value]
    for rule in several:
        if type(rule) not in _OURS:
            check_rule(rule)
    return several


def _seeds(seeds: Any) -> list[int]:
    if isinstance(seeds, (int, np.integer)):
        seeds = [seeds]
    elif isinstance(seeds, np.ndarray) and seeds.ndim == 1:
        seeds = seeds.tolist()
    if not isinstance(seeds, (list, tuple, range)) or not len(seeds):
        raise TypeError(f"seeds must be a non-negative integer or a sequence of such, got {seeds!r}")
    numbers = [_checks.integer("seeds", seed, 0) for seed in seeds]
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"seeds must differ from each other, or the same run is made twice, got {seeds!r}")
    return numbers


def _have_numbers_only(specs: list[Spec]) -> bool:
    settings = itertools.chain.from_iterable(vars(spec.rule).values() for spec in specs)
    return type(specs[0].rule) in _OURS and _NUMBERS.issuperset(map(type, settings))


def _kind(rule: Rule) -> Hashable:
    # A rule of one's own may not be elementwise, and an array among the hyper-parameters may be one for coordinates.
    if type(rule) not in _OURS:
        return None
    settings = vars(rule)
    lr = settings["lr"]
    for name, value in settings.items():
        if not isinstance(value, (int, float)) and name != "lr":
            return None
    if isinstance(lr, (int, float)):
        return type(rule)
    if not callable(lr) or hasattr(lr, "follow"):
        return None
    return (type(rule), lr if _hashable(lr) else id(lr))


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(_described(value)).encode()).hexdigest()[:16]


def _described(value: Any, inside: tuple[int, ...] = ()) -> Any:
    """Return a value as nested lists of text that are the same in every process: no addresses, no hash order."""
    if value is None or isinstance(value, (bool, int, str, bytes, np.generic)):
        return [type(value).__name__, repr(value)]
    if isinstance(value, float):
        return ["float", value.hex()]
    if isinstance(value, np.ndarray):
        return ["array", value.dtype.str, list(value.shape), _content(value)]
    kind = [type(value).__module__, type(value).__qualname__]
    if id(value) in inside:  # an object that holds itself
        return kind
    inside = (*inside, id(value))
    if isinstance(value, (list, tuple)):
        return [*kind, *(_described(one, inside) for one in value)]
    if isinstance(value, Mapping):
        return [*kind, *([_described(key, inside), _described(one, inside)] for key, one in value.items())]
    if callable(value) and hasattr(value, "__qualname__"):
        return ["function", getattr(value, "__module__", ""), value.__qualname__]
    if dataclasses.is_dataclass(value):
        return [*kind, *([f.name, _described(getattr(value, f.name), inside)] for f in dataclasses.fields(value))]
    # Whole numbers and lists of an object that may change are left out: they may count what it did so far.
    attributes = sorted(vars(value).items()) if hasattr(value, "__dict__") else []
    lasting = [(name, one) for name, one in attributes if type(one) not in (int, list, dict, set)]
    return [*kind, *([name, _described(one, inside)] for name, one in lasting)]


def _content(array: NDArray[Any]) -> str:
    if isinstance(array, np.memmap) and array.size:
        # Data that are larger than memory are not read for this; their ends are.
        flat = array.reshape(-1)
        array = np.concatenate([flat[:4096], flat[-4096:]])
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
