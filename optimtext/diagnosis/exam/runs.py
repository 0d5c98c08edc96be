"""Make a run from its recipe: the log that the diagnosis will see, and the facts that it will not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.exam.problems import Problem, problem
from optimtext.diagnosis.exam.recipe import Recipe
from optimtext.minimize import minimize
from optimtext.record import Result
from optimtext.sampling import shuffled_batches

Array = NDArray[np.float64]
FACTORS = (3.0, 10.0, 30.0)  # how much larger the rates are that a run is compared with
_DIGITS = 2.0**14  # a log keeps about four decimal digits and a half, as printed ones do
_LARGEST = 2.0**127  # single precision holds no more


@dataclass(frozen=True)
class Log:
    """What is handed to the diagnosis: columns of one length, NaN where a validation loss was not measured."""

    loss: Array
    validation: Array | None
    lr: Array | None
    grad_norm: Array | None


@dataclass(frozen=True)
class Facts:
    """What only the maker knows.

    Attributes
    ----------
    full : numpy.ndarray
        Loss over all clean samples after each step, as long as it is finite.
    calm : numpy.ndarray
        The same when the run is continued from its end for as many steps without batches, at the rate it ended with.
    peak : float
        Where it ends when it is continued so at its largest rate.
    validation : numpy.ndarray
        Validation loss at those steps of the log at which it is measured.
    spread : float
        Standard deviation of one entry of the log about the loss of all samples, from the choice of the batch alone.
    faster : tuple of float
        Where runs end whose constant rate is larger by each of `FACTORS`, without batches.
    diverged : bool
        Whether a loss, gradient or parameter was no longer finite.
    rate_over_limit : float
        Largest rate over the limit on a quadratic, where the rule has one: otherwise NaN.
    reachable, richer : float
        From the problem: the lowest known loss, and what a richer model reaches on the validation samples.
    points : int
        Entries in the log.
    spoiled : float
        Height of the highest entry of a spoiled batch over the loss of all samples; NaN without such batches.
    epoch : int
        Batches in an epoch.
    """

    full: Array
    calm: Array
    peak: float
    validation: Array
    spread: float
    faster: tuple[float, ...]
    diverged: bool
    rate_over_limit: float
    reachable: float
    richer: float
    points: int
    spoiled: float
    epoch: int


def make(recipe: Recipe) -> tuple[Log, Facts]:
    """Run a recipe; return its log and its facts."""
    task = problem(recipe.model, recipe.data, **recipe.variant)
    run = _run(task, recipe, recipe.make_rule(task.limit), start(task, recipe))
    log = _log(run, task, recipe)
    full = np.array([task.full_loss(theta) for theta in run.trace.theta])
    full = full[np.isfinite(full)]
    steps, last = recipe.steps, run.theta
    calm = peak = np.full(1, np.nan)
    faster = [np.nan] * len(FACTORS)
    diverged = run.reason.name == "DIVERGED"
    if not diverged:
        # What the schedule does after the end does not matter: the last rate stays.
        ended = float(run.trace.lr[-2]) / float(run.trace.lr.max())
        calm_rule = recipe.make_rule(task.limit, factor=max(ended, 1e-12), constant=True)
        calm = _full_losses(_calm(task, calm_rule, last, steps))
        constant = recipe.make_rule(task.limit, constant=True)
        peak = np.array([_end(_calm(task, constant, last, steps))])
        rules = [recipe.make_rule(task.limit, factor=factor, constant=True) for factor in FACTORS]
        faster = [_end(_calm(task, rule, start(task, recipe), steps)) for rule in rules]
    return log, Facts(
        full=full,
        calm=calm,
        peak=float(peak[0]),
        validation=_validation(run, task, recipe),
        spread=_spread(task, recipe, last),
        faster=tuple(faster),
        diverged=diverged,
        rate_over_limit=_over_limit(recipe),
        reachable=task.reachable,
        richer=task.richer,
        points=len(log.loss),
        spoiled=_spoiled(run, full, recipe),
        epoch=-(-task.n_clean // recipe.batch) if recipe.batch else 1,
    )


def start(task: Problem, recipe: Recipe) -> NDArray[Any]:
    """Return where the run starts: as drawn, dead (nothing fires), or near the saddle at zero."""
    theta = task.theta0.copy()
    if recipe.start == "flat":
        theta *= 0.01
    elif recipe.start == "dead":
        theta[:] = 0.0
        hidden_bias = task.train.unpack(theta)[0][1]
        hidden_bias[:] = -1e4  # so far below that no sample, not even a spoiled one, can lift a unit above zero
    return theta


def _run(task: Problem, recipe: Recipe, rule: Any, theta: NDArray[Any]) -> Result:
    size = recipe.batch or task.n_clean
    return minimize(
        task.train,
        theta,
        rule,
        max_steps=recipe.steps,
        batch_size=size,
        seed=recipe.seed,
        shuffle=_batches(task, recipe),
        validation=task.check,
        validate_every=1,
    )


def _batches(task: Problem, recipe: Recipe) -> Callable[..., Iterator[NDArray[Any]]]:
    everything, spoiled = np.arange(task.n_clean), np.arange(task.n_clean, 2 * task.n_clean)
    bad = set(recipe.glitches) if not recipe.glitch else set()

    def drawn(_n_samples: int, size: int, rng: np.random.Generator) -> Iterator[NDArray[Any]]:
        clean = shuffled_batches(task.n_clean, size, rng) if recipe.batch else None
        t = 0
        while True:
            batch = everything if clean is None else next(clean)
            yield rng.choice(spoiled, size=size, replace=False) if t in bad else batch
            t += 1

    return drawn


def _calm(task: Problem, rule: Any, theta: NDArray[Any], steps: int) -> Result:
    everything = np.arange(task.n_clean)

    def all_of_them(*_: Any) -> Iterator[NDArray[Any]]:
        while True:
            yield everything

    return minimize(
        task.train, theta, rule, max_steps=max(steps, 20), batch_size=task.n_clean, seed=0, shuffle=all_of_them
    )


def _end(run: Result) -> float:
    # A run that diverged ends nowhere; one that is worse than its start is no better for having survived.
    tail = run.trace.loss[-max(1, len(run.trace.loss) // 20) :]
    return float(tail.mean()) if run.reason.name != "DIVERGED" and np.isfinite(tail).all() else float("inf")


def _full_losses(run: Result) -> Array:
    losses = run.trace.loss
    return losses[np.isfinite(losses)]


def _entries(run: Result, task: Problem, recipe: Recipe) -> list[slice]:
    n = len(run.trace.loss)
    if recipe.every:
        return [slice(t, t + 1) for t in range(0, n, recipe.every)]
    epoch = -(-task.n_clean // recipe.batch)
    return [slice(t, t + epoch) for t in range(0, n - epoch + 1, epoch)] or [slice(0, n)]


def _log(run: Result, task: Problem, recipe: Recipe) -> Log:
    entries = _entries(run, task, recipe)

    def column(values: NDArray[Any]) -> Array:
        with np.errstate(all="ignore"):
            return rounded(np.array([values[entry].mean() for entry in entries]))

    # At the end of an epoch, as frameworks measure it.
    validation = rounded(np.array([run.trace.validation[entry][-1] for entry in entries]))
    # Beside entries for single steps, the validation loss is measured about fifty times in a run.
    measured = np.arange(len(entries)) % measured_every(len(entries)) == 0
    given = recipe.columns
    return Log(
        loss=column(run.trace.loss),
        validation=np.where(measured, validation, np.nan) if "validation" in given else None,
        lr=column(run.trace.lr) if "lr" in given else None,
        grad_norm=column(run.trace.grad_norm) if "grad_norm" in given else None,
    )


def measured_every(entries: int) -> int:
    """Return how many entries of the log lie from one validation loss to the next."""
    return max(1, entries // 50)


def _validation(run: Result, task: Problem, recipe: Recipe) -> Array:
    exact = run.trace.validation
    entries = _entries(run, task, recipe)
    return np.array([exact[entry][-1] for entry in entries[:: measured_every(len(entries))]])


def _spread(task: Problem, recipe: Recipe, theta: NDArray[Any]) -> float:
    if not recipe.batch:
        return 0.0
    with np.errstate(all="ignore"):
        single = np.array([float(task.train.loss(theta, batch=[i])) for i in range(task.n_clean)])
        one_batch = float(single.std()) / np.sqrt(recipe.batch)
    epoch = -(-task.n_clean // recipe.batch)
    return float(one_batch / (np.sqrt(epoch) if recipe.every == 0 else 1.0))


def _spoiled(run: Result, full: Array, recipe: Recipe) -> float:
    seen = [t for t in recipe.glitches if t < min(len(full), len(run.trace.loss))] if not recipe.glitch else []
    return max((float(run.trace.loss[t] - full[t]) for t in seen), default=float("nan"))


def _over_limit(recipe: Recipe) -> float:
    beta = recipe.beta
    limit = {"gd": 1.0, "momentum": 1 + beta, "nesterov": (1 + beta) / (1 + 2 * beta)}.get(recipe.rule, np.nan)
    return float(recipe.rate / limit)


def rounded(values: Array) -> Array:
    """Return float32 values with the last bits of the mantissa cleared: a log is printed with a few digits."""
    with np.errstate(over="ignore", invalid="ignore"):
        mantissa, exponent = np.frexp(values)
        kept = np.clip(np.ldexp(np.rint(mantissa * _DIGITS) / _DIGITS, exponent), -_LARGEST, _LARGEST)
        return np.where(np.isfinite(values), kept, values).astype(np.float32).astype(np.float64)
