"""The only loop: run a rule on a problem, record it, and say why it ended."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext._loop import Loop
from optimtext._rates import Rates
from optimtext.record import HasLoss, Problem, Result, Run
from optimtext.rules.base import Rule
from optimtext.sampling import shuffled_batches
from optimtext.stepper import Stepper
from optimtext.stopping import Criterion, EarlyStopping

if TYPE_CHECKING:
    from optimtext.clipping import Clip
    from optimtext.penalties import Penalty

Shuffle: TypeAlias = "Callable[[int, int, np.random.Generator], Iterator[NDArray[Any]]]"


@_checks.named_arguments
def minimize(
    problem: Problem,
    theta0: ArrayLike,
    rule: Rule,
    *,
    max_steps: int,
    batch_size: int | None = None,
    seed: "int | np.random.Generator | None" = None,  # in quotes, since looking numpy.random up would load it
    shuffle: Shuffle = shuffled_batches,
    stop: Criterion | Sequence[Criterion] = (),
    penalty: "Penalty | None" = None,  # in quotes, as below, since most runs need neither module
    clip: "Clip | None" = None,
    validation: HasLoss | None = None,
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
    shuffle : function, default `optimtext.sampling.shuffled_batches`
        How batches are drawn, called with the number of samples, the batch size and the generator. For data in a file,
        `optimtext.sampling.blocked_batches` reads neighbors together and needs no list of all indices.
    stop : criterion or sequence of criteria, optional
        Asked before each step; the first that answers ends the run. `max_steps` always holds beside them.
    penalty : Penalty, optional
        Added to the loss; its proximal map follows each step, which makes proximal gradient descent of
        `GradientDescent`, its accelerated form of `Nesterov`, and iPiano of `Momentum`; other rules are refused. See
        `optimtext.proximal`.
    clip : Clip, optional
        What to do to each gradient before the rule gets it, for example ``ot.clipping.ByNorm(1.0)``.
    validation : object with ``loss(theta)``, optional
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

    With a penalty, loss means loss plus penalty wherever a run reports, compares or checks one: in the trace (there the
    loss over the step's batch and the whole penalty), in the result and in the criteria. The one exception is the
    validation loss, which is as `validation` gives it. In place of the gradient's norm stands that of the gradient
    mapping, ``(theta - prox(theta - lr * grad)) / lr``, because the gradient itself need not vanish at the minimum.

    Norms are recorded, and gradients checked for being finite, before clipping. Beside a penalty the loss's gradient
    does not vanish at the minimum; a clip that is shorter than it there keeps the run from arriving, and the recorded
    norm from vanishing.

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
    max_steps = _checks.integer("max_steps", max_steps, 0)
    if isinstance(problem, type) or not isinstance(problem, Problem):
        raise TypeError(f"problem must be an object with methods loss(theta) and gradient(theta), got {problem!r}")
    stepper = Stepper(rule, theta0, penalty=penalty)
    if clip is not None and (isinstance(clip, type) or not callable(clip)):
        raise TypeError(f"clip must be a function of the gradient, such as ByNorm(1.0), got {clip!r}")
    objective: Problem = problem
    if penalty is not None:
        from optimtext.proximal import Composite

        objective = Composite(problem, penalty)
    batches, epoch = _batches(problem, batch_size, seed, shuffle)
    loop = Loop(
        problem=objective,
        stepper=stepper,
        penalty=penalty,
        clip=clip,
        rates=Rates(rule.lr, max_steps),
        batches=batches,
        criteria=_criteria(stop, validation),
        max_steps=max_steps,
        validation=validation,
        every=epoch if validate_every is None else _checks.integer("validate_every", validate_every, 1),
        run=Run(stepper.theta, record_theta=record_theta),
    )
    with np.errstate(all="ignore"):
        reason, message = loop.go()
        theta, note = loop.chosen()
        loss = float(objective.loss(theta))
    return Result(theta.copy(), loss, loop.run.step, reason, message + note, loop.run.trace(), rule, problem)


def _batches(
    problem: Any, batch_size: int | None, seed: Any, shuffle: Shuffle = shuffled_batches
) -> tuple[Iterator[tuple[dict[str, Any], int]], int]:
    # What to pass on to the problem at each step with what it costs, and the number of steps between validations.
    n_samples = getattr(problem, "n_samples", None)
    if batch_size is None:
        return itertools.repeat(({}, n_samples or 1)), 1
    if n_samples is None:
        raise TypeError(f"batch_size needs a problem with n_samples, a finite sum, got batch_size={batch_size!r}")
    size = _checks.integer("batch_size", batch_size, 1, n_samples)
    try:
        rng = np.random.default_rng(seed)
    except (TypeError, ValueError) as error:
        raise type(error)(f"seed must be a non-negative integer, a Generator or None, got {seed!r}") from None
    indices = shuffle(n_samples, size, rng)
    return (({"batch": batch}, len(batch)) for batch in indices), -(-n_samples // size)


def _criteria(stop: Any, validation: Any) -> tuple[Criterion, ...]:
    criteria = tuple(stop) if isinstance(stop, (list, tuple)) else (stop,)
    for criterion in criteria:
        if isinstance(criterion, type) or not callable(criterion):
            raise TypeError(f"stop must be a criterion such as LossChange(1e-6), or a list of such, got {criterion!r}")
        if isinstance(criterion, EarlyStopping) and validation is None:
            raise ValueError(f"stop={criterion!r} needs validation=..., a problem over held-out data, got None")
    if validation is not None and not callable(getattr(validation, "loss", None)):
        raise TypeError(f"validation must have a method loss(theta), got {validation!r}")
    return criteria
