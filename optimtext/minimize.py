"""The only loop: run a rule on a problem, record it, and say why it ended."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext._rates import Rates
from optimtext.record import Problem, Result, Run
from optimtext.rules.base import Rule
from optimtext.sampling import shuffled_batches
from optimtext.stepper import Stepper
from optimtext.stopping import Criterion, EarlyStopping, StopReason


@_checks.named_arguments
def minimize(
    problem: Problem,
    theta0: ArrayLike,
    rule: Rule,
    *,
    max_steps: int,
    batch_size: int | None = None,
    seed: int | np.random.Generator | None = None,
    stop: Criterion | Sequence[Criterion] = (),
    validation: Problem | None = None,
    validate_every: int | None = None,
    record_theta: bool = True,
) -> Result:
    """Run an update rule on a problem.

    Parameters
    ----------
    problem : Problem
        Anything with ``loss(theta)`` and ``gradient(theta)``.
    theta0 : array_like
        First parameters, finite; copied. Integers are converted to float64.
    rule : Rule
        The update rule with its hyper-parameters.
    max_steps : int
        At most so many steps, at least 0. There is no default: no number suits all problems.
    batch_size : int, optional
        Samples in a mini-batch, from 1 to ``problem.n_samples``; each epoch is shuffled anew. By default every step
        uses all samples.
    seed : int or numpy.random.Generator, optional
        Source of the shuffles. Without it every run shuffles differently.
    stop : criterion or sequence of criteria, optional
        Asked before each step; the first that answers ends the run. `max_steps` always holds beside them.
    validation : Problem, optional
        A problem whose loss is recorded beside, for example the model over held-out data.
    validate_every : int, optional
        Steps between two measurements of it; by default 1, or an epoch where there are mini-batches. The last
        parameters are always measured.
    record_theta : bool, default True
        Keep the parameters of every step in the trace: ``max_steps * theta.nbytes`` of memory.

    Returns
    -------
    Result

    Raises
    ------
    ValueError, TypeError
        Before any step is taken, if an argument is out of range, a schedule's rates are not finite, or the gradient
        has another shape than `theta0`. (A schedule is checked for its first 100,000 steps before, later ones as
        they come.)

    Notes
    -----
    A loss, gradient or parameter that is no longer finite ends the run as diverged, with the step in the message. It
    is a result, not an error, and never a warning.

    Examples
    --------
    >>> import optimtext as ot
    >>> bowl = ot.surfaces.Bowl(curvature=4.0)
    >>> run = ot.minimize(bowl, [1.0, -1.0], ot.GradientDescent(lr=0.1), max_steps=100, stop=ot.GradientNorm(1e-6))
    >>> run.reason.name, run.steps
    ('GRADIENT_NORM', 31)
    >>> ot.minimize(bowl, [1.0, -1.0], ot.GradientDescent(lr=1.0), max_steps=2000).message
    'diverged at step 323: the loss became inf'
    """
    criteria = _criteria(stop, validation)
    max_steps = _checks.integer("max_steps", max_steps, 0)
    if not isinstance(problem, Problem):
        raise TypeError(f"problem must have methods loss(theta) and gradient(theta), got {problem!r}")
    if not isinstance(rule, Rule):
        raise TypeError(f"rule must be an update rule such as GradientDescent(lr=0.1), got {rule!r}")
    stepper = Stepper(rule, theta0)
    batches, epoch = _batches(problem, batch_size, seed)
    every = epoch if validate_every is None else _checks.integer("validate_every", validate_every, 1)
    rates = Rates(rule.lr, max_steps)
    run = Run(stepper.theta, record_theta)
    with np.errstate(all="ignore"):
        reason, message = _loop(problem, stepper, run, rates, batches, criteria, max_steps, validation, every)
        if run.best is not None and any(isinstance(criterion, EarlyStopping) for criterion in criteria):
            theta, step = run.best
            message += f"; the parameters are those of step {step}, validation loss {run.lowest:.6g}"
        else:
            theta = run.safe
        return Result(theta, float(problem.loss(theta)), run.step, reason, message, run.trace(), rule, problem)


def _loop(
    problem: Any,
    stepper: Stepper,
    run: Run,
    rates: Rates,
    batches: Iterator[tuple[dict[str, Any], int]],
    criteria: Sequence[Criterion],
    max_steps: int,
    validation: Any,
    every: int,
) -> tuple[StopReason, str]:
    loss_of, gradient_of, step = problem.loss, problem.gradient, stepper.step
    while True:
        theta, lr, (batch, cost) = stepper.theta, rates.now(run.step), next(batches)
        if not _all_finite(theta):
            run.record(theta, math.nan, math.nan, lr)
            return StopReason.DIVERGED, f"diverged at step {run.step}: a parameter became {_culprit(theta)}"
        loss = _scalar(loss_of(theta, **batch))
        grad = np.asarray(gradient_of(stepper.probe_at(lr), **batch))
        if grad.shape != theta.shape:
            raise ValueError(f"gradient(theta) must have the shape of theta0, {theta.shape}, got shape {grad.shape}")
        norm = _norm(grad)
        run.record(theta, loss, norm, lr)
        if not math.isfinite(loss):
            return StopReason.DIVERGED, f"diverged at step {run.step}: the loss became {loss}"
        run.keep(theta)
        if not math.isfinite(norm):
            return StopReason.DIVERGED, f"diverged at step {run.step}: the gradient became {_culprit(grad)}"
        if validation is None:
            rates.observe(loss)
        elif run.step % every == 0 or run.step == max_steps:
            rates.observe(run.validate(theta, _scalar(validation.loss(theta))))
        for criterion in criteria:
            answer = criterion(run)
            if answer is not None:
                return getattr(criterion, "reason", StopReason.CRITERION), f"stopped at step {run.step}: {answer}"
        if run.step == max_steps:
            return StopReason.MAX_STEPS, f"stopped at step {run.step}: max_steps reached"
        step(grad, lr)
        run.step += 1
        run.evaluations += cost


def _batches(problem: Any, batch_size: int | None, seed: Any) -> tuple[Iterator[tuple[dict[str, Any], int]], int]:
    # What to pass on to the problem at each step with what it costs, and the number of steps between validations.
    n_samples = getattr(problem, "n_samples", None)
    if batch_size is None:
        return itertools.repeat(({}, n_samples or 1)), 1
    if n_samples is None:
        raise TypeError(f"batch_size needs a problem with n_samples, a finite sum, got batch_size={batch_size!r}")
    size = _checks.integer("batch_size", batch_size, 1, n_samples)
    indices = shuffled_batches(n_samples, size, np.random.default_rng(seed))
    return (({"batch": batch}, len(batch)) for batch in indices), -(-n_samples // size)


def _criteria(stop: Any, validation: Any) -> tuple[Criterion, ...]:
    criteria = (stop,) if callable(stop) else tuple(stop)
    for criterion in criteria:
        if not callable(criterion):
            raise TypeError(f"stop must hold callables such as LossChange(1e-6), got {criterion!r}")
        if isinstance(criterion, EarlyStopping) and validation is None:
            raise ValueError(f"stop={criterion!r} needs validation=..., a problem over held-out data, got None")
    if validation is not None and not callable(getattr(validation, "loss", None)):
        raise TypeError(f"validation must have a method loss(theta), got {validation!r}")
    return criteria


def _scalar(loss: Any) -> float:
    if np.ndim(loss):
        raise ValueError(f"loss(theta) must return one number, got an array of shape {np.shape(loss)}")
    return float(loss)


# Up to this length plain Python is quicker than the fixed cost of NumPy's calls.
_SHORT = 16


def _all_finite(array: NDArray[Any]) -> bool:
    if array.size <= _SHORT:
        return all(map(math.isfinite, array.ravel().tolist()))
    # The sum of finite numbers may overflow, but a sum that is finite had only finite terms: one pass, no temporary.
    return math.isfinite(array.sum()) or bool(np.isfinite(array).all())


def _norm(grad: NDArray[Any]) -> float:
    if grad.size <= _SHORT:
        return math.hypot(*grad.ravel().tolist())
    flat = grad.ravel()
    norm = math.sqrt(flat.dot(flat))
    if math.isfinite(norm) and norm > 0:
        return norm
    largest = float(np.abs(flat).max())  # the squares overflowed or underflowed, unless this says otherwise
    if not math.isfinite(largest) or largest == 0:
        return largest
    return largest * float(np.linalg.norm(flat / largest))


def _culprit(array: NDArray[Any]) -> float:
    return float(array[~np.isfinite(array)][0])
