"""The sweep: rules × starts × seeds, here or spread over an executor, stored or not."""

import dataclasses
import functools
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from optimtext import _checks
from optimtext.clipping import Clip
from optimtext.minimize import Shuffle
from optimtext.penalties import Penalty
from optimtext.record import Problem
from optimtext.sampling import shuffled_batches
from optimtext.stopping import Criterion, EarlyStopping
from optimtext.sweeps.chunks import Chunk, cut, do, spread
from optimtext.sweeps.outcomes import Outcome, Outcomes, Room
from optimtext.sweeps.plan import Plan, Rules, Settings, Spec, make_plan
from optimtext.sweeps.progress import Bar
from optimtext.sweeps.result import SweepResult, SweepRun
from optimtext.sweeps.store import Store

if TYPE_CHECKING:
    import os

TASKS = 64  # into so many pieces a sweep is cut for an executor: enough to keep many workers busy to the end


@_checks.named_arguments
def sweep(
    problem: Problem,
    rules: Rules,
    theta0: ArrayLike,
    *,
    max_steps: int,
    seeds: int | Sequence[int] = 0,
    batch_size: int | None = None,
    shuffle: Shuffle = shuffled_batches,
    stop: Criterion | Sequence[Criterion] = (),
    penalty: Penalty | None = None,
    clip: Clip | None = None,
    losses_every: int | None = 1,
    executor: Any = None,
    store: "str | os.PathLike[str] | None" = None,
    chunk_size: int | None = None,
    progress: bool | None = None,
) -> SweepResult:
    """Run every rule from every start with every seed.

    Each run is, bit for bit, what `minimize` alone makes of it, whatever runs beside it and wherever it is run.

    Parameters
    ----------
    problem : Problem
        Anything with ``loss(theta)`` and ``gradient(theta)``.
    rules : rule, list of rules, or dict of such by name
        What to run; `grid` makes lists. Without a name a rule has that of its class.
    theta0 : array_like, shape (dim,) or (starts, dim)
        First parameters.
    max_steps : int
        At most so many steps a run.
    seeds : int or sequence of int, default 0
        Seeds of the mini-batches, one run for each. Without `batch_size` nothing depends on them, and the runs of
        different seeds are alike.
    batch_size, shuffle, stop, penalty, clip : optional
        As for `minimize`, for all runs. Early stopping is not offered, since there is no validation problem here.
    losses_every : int or None, default 1
        Keep the loss of every so many steps; None keeps none. Kept losses need ``8 * max_steps / losses_every`` bytes
        a run, in memory and, at four thirds of that, in the store.
    executor : concurrent.futures.Executor, or function that makes one, optional
        Where to run: a process pool, Dask's ``client.get_executor()``, an MPI pool. By default here, in this process.
        A process pool breaks for good when one of its workers dies; of a function that makes pools, such as
        ``functools.partial(ProcessPoolExecutor, 4)``, the next one then takes over, three times at most.
    store : path, optional
        A file to which finished runs are appended, each forced to the disk. If it is there already, the sweep goes on
        from it: runs that it holds are not done again.
    chunk_size : int, optional
        At most so many runs in one piece of work. A piece is stored when all of it is done. By default a sweep for an
        executor is cut into about 64 pieces; without one, pieces are as large as they can be.
    progress : bool, optional
        Draw a progress bar, after a second of work. By default where standard error is a terminal.

    Returns
    -------
    SweepResult

    Raises
    ------
    ValueError, TypeError
        Before any step is taken, if an argument is out of range or the store is not one of this sweep. The same and
        whatever else a run raises, with a note that names the run.
    concurrent.futures.BrokenExecutor
        If the executor has lost a worker and takes no more work.

    Notes
    -----
    In one process, runs of the same class of rule advance together as one array of shape (runs, dim), with
    hyper-parameters of shape (runs, 1). That needs all of this: a surface or a linear model, or a problem that says by
    an attribute ``stacks = True`` that it gives each vector of a stack of shape (..., dim) exactly what it gives the
    vector alone; a rule of this package, with numbers for hyper-parameters (a schedule of steps may be the rate);
    float64 parameters; with mini-batches, one seed; no `stop`, no `penalty`, and no `clip` of your own. All other runs
    go one by one.

    The store recognizes a sweep by the rules, starts, seeds and settings, and by the problem's class, arrays, floats,
    strings and tuples. Whole numbers and lists in a problem that is no dataclass do not count, because they may be
    counters that change while it runs. Of a function only the name counts.

    With an executor the problem travels with every piece, so one that holds a lot of data should load them by
    itself. Rates and criteria have to be picklable for a process pool: schedules and functions from a module are, a
    lambda is not.

    Examples
    --------
    >>> import optimtext as ot
    >>> ravine = ot.surfaces.Ravine(condition=50)
    >>> rules = {"plain": ot.grid(ot.GradientDescent, lr=[0.01, 0.03, 0.1]), "heavy": ot.Momentum(lr=0.03, beta=0.7)}
    >>> found = ot.sweep(ravine, rules, [ravine.start, [4.0, -1.0]], max_steps=100)
    >>> len(found)
    8
    >>> found.best()["plain"].rule
    GradientDescent(lr=0.03)
    >>> [run.reason.name for run in found.of("plain")[-2:]]
    ['MAX_STEPS', 'MAX_STEPS']
    """
    settings = Settings(
        max_steps=_checks.integer("max_steps", max_steps, 0),
        batch_size=batch_size,
        shuffle=shuffle,
        stop=_criteria(stop),
        penalty=penalty,
        clip=clip,
        losses_every=None if losses_every is None else _checks.integer("losses_every", losses_every, 1),
    )
    plan = make_plan(problem, rules, theta0, seeds, settings)
    if (
        executor is not None
        and not hasattr(executor, "submit")
        and (isinstance(executor, type) or not callable(executor))
    ):
        raise TypeError(f"executor must have a method submit, or be a function that makes one, got {executor!r}")
    size = None if chunk_size is None else _checks.integer("chunk_size", chunk_size, 1)
    if executor is not None and size is None:
        size = max(1, -(-len(plan.specs) // TASKS))
    if store is None:
        return _result(plan, _run(plan, executor, size, None, shown=progress))
    with closing(Store(store, plan.fingerprint(), plan.theta0.shape[1:], len(plan.specs))) as opened:
        return _result(plan, _run(plan, executor, size, opened, shown=progress))


def _run(plan: Plan, executor: Any, size: int | None, store: Store | None, *, shown: bool | None) -> list[Outcomes]:
    before: dict[int, Outcome] = {} if store is None else store.outcomes
    left = [spec for spec in plan.specs if spec.index not in before] if before else plan.specs
    found: list[Outcomes] = [list(before.values())]
    chunks = cut(plan, left, size)
    # Closed whatever happens, so that an executor is not left with work that nobody waits for.
    with (
        Bar(len(plan.specs), len(before), shown=shown) as bar,
        closing(_here(chunks, bar) if executor is None else spread(chunks, executor)) as work,
    ):
        for chunk, outcomes in work:
            if store is not None:
                store.append(outcomes)
            found.append(outcomes)
            bar.advance(len(chunk.specs))
    return found


def _here(chunks: Iterable[Chunk], bar: Bar) -> Generator[tuple[Chunk, Outcomes], None, None]:
    room = Room()
    for chunk in chunks:
        runs = len(chunk.specs)
        yield chunk, do(chunk, functools.partial(_show, bar, runs), room)


def _show(bar: Bar, runs: int, share: float) -> None:
    bar.show(share * runs)


def _result(plan: Plan, found: list[Outcomes]) -> SweepResult:
    common = {field.name: getattr(plan.settings, field.name) for field in dataclasses.fields(plan.settings)}
    return SweepResult.later(functools.partial(_runs, plan.specs, found), plan.problem, plan.theta0, common)


def _runs(specs: Sequence[Spec], found: list[Outcomes]) -> tuple[SweepRun, ...]:
    ends = {outcome.index: outcome for outcomes in found for outcome in outcomes}
    return tuple(SweepRun.of(spec.name, spec.rule, spec.start, spec.seed, ends[spec.index]) for spec in specs)


def _criteria(stop: Any) -> tuple[Criterion, ...]:
    criteria = tuple(stop) if isinstance(stop, (list, tuple)) else (stop,)
    for criterion in criteria:
        if isinstance(criterion, EarlyStopping):
            raise TypeError(f"stop={criterion!r} needs a validation problem, which a sweep has not; use minimize")
    return criteria
