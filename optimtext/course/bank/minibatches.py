"""Shuffled mini-batches, and what goes wrong in them."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

from typing import Any

import numpy as np

from optimtext.course.exercise import Exercise
from optimtext.course.witness import Recorder


def right(n, batch_size, rng):
    """Return the batches of one epoch."""
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def play(record: Recorder, solution: Any, case: tuple[int, int, int]) -> None:
    """Ask for an epoch and record what must hold in any order: the sizes, how often each sample comes, the shuffle."""
    n, size, seed = case
    rng = np.random.default_rng(seed)
    call = f"minibatches(n={n}, batch_size={size}, rng=np.random.default_rng({seed}))"
    batches: list[Any] = []

    def sizes(result: Any) -> Any:
        batches.extend(listed(result, n))
        return None if result is None else np.array([batch.size for batch in batches])

    record(f"the sizes of the batches of {call}", solution, read=sizes, n=n, batch_size=size, rng=rng)
    times = f"how often each of the {n} samples comes in {call}"
    record(times, lambda: np.bincount(np.clip(row(batches), 0, n), minlength=n))
    if n > 20:  # below that a shuffle may well give back the order
        record(f"does {call} shuffle? (1 is yes)", lambda: float(np.any(np.diff(row(batches)) < 0)))
        again = record.make(call, lambda: row(listed(solution(n, size, rng), n)))
        fresh = f"is the order of a second call of {call} another one? (1 is yes)"
        record(fresh, lambda: float(not np.array_equal(again, row(batches))))


def listed(batches: Any, n: int) -> list[Any]:
    """Return the batches as arrays; two more than there are samples end even a generator that never ends."""
    return [] if batches is None else [np.asarray(batch) for batch, _ in zip(batches, range(n + 2), strict=False)]


def row(batches: list[Any]) -> Any:
    """Return all indices in one row."""
    return np.concatenate([np.ravel(batch).astype(int) for batch in batches] or [np.zeros(0, int)])


EXERCISE = Exercise(
    name="minibatches",
    title="Mini-batches",
    symbol="minibatches",
    file="gradient_descent.py",
    chapter="batches",
    hints=(
        "With n = 5 and batch_size = 2 there are three batches. Of which sizes, and where does each sample go?",
        "Shuffle the numbers 0 to n - 1 once, then cut the row into pieces; the last piece may be shorter.",
        "order = rng.permutation(n), and order[start : start + batch_size] for start in range(0, n, batch_size).",
    ),
    reference=right,
    play=play,
    cases=((4, 2, 0), (5, 2, 1), (3, 8, 2), (6, 1, 3), (50, 8, 4)),
    draw=lambda rng: (int(rng.integers(21, 60)), int(rng.integers(2, 9)), int(rng.integers(1000))),
)


@EXERCISE.wrong
def last_batch_dropped(n, batch_size, rng):
    """Samples are lost: where n is no multiple of the batch size, your last, shorter batch is missing.

    How many samples do all your batches hold together?

    Let start run over range(0, n, batch_size); a slice beyond the end is cut off by itself.
    """
    order = rng.permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size)]


@EXERCISE.wrong
def not_shuffled(n, batch_size, rng):
    """Your batches follow the order of the data: nothing is shuffled.

    What would the batches look like if the data were sorted by class?

    Cut rng.permutation(n) into pieces, and not np.arange(n).
    """
    return [np.arange(n)[start : start + batch_size] for start in range(0, n, batch_size)]


@EXERCISE.wrong
def same_order_in_every_epoch(n, batch_size, rng):
    """Every epoch has the same order: you make a generator of your own instead of using the given one.

    What does np.random.default_rng(0).permutation(n) give when it is called a second time?

    Use `rng`, which goes on from where it was.
    """
    order = np.random.default_rng(0).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@EXERCISE.wrong
def with_replacement(n, batch_size, rng):
    """You draw each batch afresh from all samples: in one epoch some come twice and others never.

    What makes an epoch an epoch?

    Shuffle once, then cut the shuffled row into pieces.
    """
    starts = range(0, n, batch_size)
    return [rng.integers(0, n, size=min(batch_size, n - start)) for start in starts]


@EXERCISE.wrong
def overlapping_batches(n, batch_size, rng):
    """Your batches overlap: each begins one sample after the one before.

    By how much should the start of the slice advance from batch to batch?

    The third argument of range is the step: range(0, n, batch_size).
    """
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(n)]


@EXERCISE.wrong
def last_batch_filled_up(n, batch_size, rng):
    """You fill the last batch up with samples from the beginning, which so come twice in an epoch.

    How many samples do all your batches hold together?

    Let the last batch be shorter.
    """
    order = rng.permutation(n)
    short = -n % batch_size
    order = np.concatenate([order, np.resize(order, short)])
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


@EXERCISE.wrong
def one_sample_per_batch(n, batch_size, rng):
    """Your batches hold one sample each, whatever the batch size is.

    What is batch_size for?

    Take slices: order[start : start + batch_size].
    """
    return [np.array([index]) for index in rng.permutation(n)]


@EXERCISE.wrong
def number_of_batches_for_size(n, batch_size, rng):
    """You make batch_size batches, and not batches of batch_size samples.

    What does np.array_split(order, batch_size) take its second argument for?

    Cut pieces of the length batch_size.
    """
    return list(np.array_split(rng.permutation(n), batch_size))
