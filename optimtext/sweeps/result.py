"""What a sweep leaves behind: one entry a run, in the order of the grid, and tables made of them."""

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from optimtext import _checks
from optimtext.record import Problem
from optimtext.rules.base import Rule
from optimtext.stopping import StopReason
from optimtext.sweeps.outcomes import Outcome

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SweepRun:
    """One run of a sweep: its settings, and how it ended.

    Attributes
    ----------
    index : int
        Place in the sweep: rules outermost, then starts, then seeds.
    name : str
        Name under which the rule was given.
    rule : Rule
        The rule with its hyper-parameters.
    start : int
        Row of ``theta0`` from which it began.
    seed : int
        Seed of its mini-batches.
    theta : numpy.ndarray, shape (dim,)
        The parameters, as in `Result`: after divergence the last finite ones.
    loss : float
        The full loss there.
    steps : int
        Steps taken.
    reason : StopReason
        Why it ended.
    message : str
        The same in a sentence.
    evaluations : int
        Single-sample gradients spent; for a problem that is no finite sum, gradients.
    losses : numpy.ndarray
        Recorded losses: entry i after ``i * losses_every`` steps; empty if none were kept.
    """

    index: int
    name: str
    rule: Rule
    start: int
    seed: int
    theta: NDArray[Any]
    loss: float
    steps: int
    reason: StopReason
    message: str
    evaluations: int
    losses: NDArray[np.float64]

    @classmethod
    def of(cls, name: str, rule: Rule, start: int, seed: int, outcome: Outcome) -> Self:
        """Return the run of these settings that came to `outcome`."""
        # As the constructor does it, field by field, but in one piece: a sweep makes thousands.
        run = object.__new__(cls)
        run.__dict__.update(outcome.__dict__, name=name, rule=rule, start=start, seed=seed)
        return run

    @property
    def diverged(self) -> bool:
        """Whether the run diverged."""
        return self.reason is StopReason.DIVERGED

    @property
    def score(self) -> float:
        """The final loss, or infinity if the run diverged or its loss is NaN: what runs are ranked by."""
        return math.inf if self.diverged or math.isnan(self.loss) else self.loss


@dataclass(frozen=True, eq=False)
class SweepResult:
    """All runs of a sweep, in the order of the grid: rules outermost, then starts, then seeds.

    Iterate over it, index it, take its length; or make a table of it.

    Attributes
    ----------
    runs : tuple of SweepRun
        One entry a run.
    problem : Problem
        What they were run on.
    theta0 : numpy.ndarray, shape (starts, dim)
        The first parameters.
    settings : dict
        What all runs had in common: ``max_steps``, ``batch_size`` and so on.
    """

    runs: tuple[SweepRun, ...]
    problem: Problem
    theta0: NDArray[Any]
    settings: Mapping[str, Any]

    @classmethod
    def later(
        cls,
        make: Callable[[], tuple[SweepRun, ...]],
        problem: Problem,
        theta0: NDArray[Any],
        settings: Mapping[str, Any],
    ) -> Self:
        """Return a result whose runs are made when somebody first looks at them, which may take as long as they did."""
        result = object.__new__(cls)
        result.__dict__.update(problem=problem, theta0=theta0, settings=settings, _make=make)
        return result

    if not TYPE_CHECKING:  # for a type checker, `runs` is the field that it looks like, and nothing else is there

        def __getattr__(self, name: str) -> Any:
            # Asked only for what is not there, or not yet.
            if name != "runs" or "_make" not in self.__dict__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return self.__dict__.setdefault("runs", self._make())  # two threads that look at once see the same runs

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[SweepRun]:
        return iter(self.runs)

    def __getitem__(self, index: int) -> SweepRun:
        return self.runs[index]

    def of(self, name: str) -> tuple[SweepRun, ...]:
        """Return the runs of the rules given under `name`."""
        chosen = tuple(run for run in self.runs if run.name == name)
        if not chosen:
            names = ", ".join(map(repr, dict.fromkeys(run.name for run in self.runs)))
            raise ValueError(f"name must be one of {names}, got {name!r}")
        return chosen

    def best(self) -> dict[str, SweepRun]:
        """Return, by name, the run of the lowest final loss; one that diverged only where all did.

        The luckiest run is no verdict on a rule: where there are several starts or seeds, `race` compares medians.
        """
        names = dict.fromkeys(run.name for run in self.runs)
        return {name: min(self.of(name), key=lambda run: run.score) for name in names}

    def to_array(self) -> NDArray[Any]:
        """Return a structured array, one record a run.

        Its fields are ``index``, ``name``, ``rule`` (the rule's class), ``settings`` (the rule in full), one field for
        each hyper-parameter that any of the rules has (NaN where a rule has none of that name, or a schedule),
        ``start``, ``seed``, ``theta`` (a vector), ``loss``, ``steps``, ``reason``, ``diverged`` and ``evaluations``.
        """
        columns = self._columns()
        theta = np.array([run.theta for run in self.runs])
        kinds = [(name, column.dtype) for name, column in columns.items()]
        table = np.empty(len(self.runs), dtype=[*kinds, ("theta", theta.dtype, theta.shape[1:])])
        for name, column in columns.items():
            table[name] = column
        table["theta"] = theta
        return table

    def to_pandas(self) -> "pd.DataFrame":
        """Return a pandas data frame with the fields of `to_array`, the parameters as columns ``theta_0``, ….

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("to_pandas needs pandas, which is not installed; to_array does without") from error
        columns = self._columns()
        for i in range(self.theta0.shape[-1]):
            columns[f"theta_{i}"] = np.array([run.theta[i] for run in self.runs])
        return pd.DataFrame(columns)

    def _columns(self) -> dict[str, NDArray[Any]]:
        runs = self.runs
        settings = [_checks.hyperparameters(run.rule) for run in runs]
        # A rule of one's own may call a hyper-parameter like one of the columns; then the column keeps the name.
        own = {field.name for field in dataclasses.fields(SweepRun)} | {"settings", "diverged"}
        names = [name for name in dict.fromkeys(name for one in settings for name in one) if name not in own]
        return {
            "index": np.array([run.index for run in runs]),
            "name": np.array([run.name for run in runs]),
            "rule": np.array([type(run.rule).__name__ for run in runs]),
            "settings": np.array([repr(run.rule) for run in runs]),
            **{name: np.array([_number(one.get(name)) for one in settings]) for name in names},
            "start": np.array([run.start for run in runs]),
            "seed": np.array([run.seed for run in runs]),
            "loss": np.array([run.loss for run in runs]),
            "steps": np.array([run.steps for run in runs]),
            "reason": np.array([run.reason.value for run in runs]),
            "diverged": np.array([run.diverged for run in runs]),
            "evaluations": np.array([run.evaluations for run in runs]),
        }


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float, np.number)) else math.nan
