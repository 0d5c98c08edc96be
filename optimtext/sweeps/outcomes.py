"""What runs came to: one by one, or in columns where many of them came to their last step together."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimtext.stopping import StopReason

PIECE = 2**21  # numbers, 16 MiB


@dataclass(eq=False)  # equality of arrays is no yes or no; not frozen, since thousands are made in a moment
class Outcome:
    """What one run came to; all that a worker sends back, and that a store keeps."""

    index: int
    theta: NDArray[Any]
    loss: float
    steps: int
    reason: StopReason
    message: str
    evaluations: int
    losses: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Columns:
    """The outcomes of runs of one piece; to iterate over them makes the objects.

    Attributes
    ----------
    indices : sequence of int
        Place of each run in the sweep.
    theta : numpy.ndarray, shape (runs, dim)
        Parameters, one row a run.
    loss : numpy.ndarray, shape (runs,)
        The loss there.
    losses : list of numpy.ndarray, each of shape (kept, some runs)
        Recorded losses, one column a run, as many arrays as were filled one after another.
    steps : int
        Steps that each run took, and gradients that it spent.
    others : mapping of int to Outcome
        By row, the runs that ended before, whose entries in the columns count for nothing.
    """

    indices: Sequence[int]
    theta: NDArray[np.float64]
    loss: NDArray[np.float64]
    losses: list[NDArray[np.float64]]
    steps: int
    others: Mapping[int, Outcome]

    def __iter__(self) -> Iterator[Outcome]:
        steps, reason, message = self.steps, StopReason.MAX_STEPS, max_steps_reached(self.steps)
        each = itertools.chain.from_iterable(some.T for some in self.losses)
        columns = zip(self.indices, self.theta, self.loss.tolist(), each, strict=True)
        for row, (index, theta, loss, losses) in enumerate(columns):
            if row in self.others:
                yield self.others[row]
            else:
                yield Outcome(index, theta, loss, steps, reason, message, steps, losses)


class Room:
    """Memory for tables of numbers, asked for in large pieces, which systems give and take back quicker than small."""

    def __init__(self) -> None:
        self._left = np.empty(0)

    def table(self, rows: int, columns: int) -> NDArray[np.float64]:
        """Return a table whose entries are not set."""
        size = rows * columns
        if size > self._left.size:
            self._left = np.empty(max(size, PIECE))  # what is never written to costs nothing
        found, self._left = self._left[:size], self._left[size:]
        return found.reshape(rows, columns)


Outcomes: TypeAlias = list[Outcome] | Columns


def max_steps_reached(step: int) -> str:
    """Return the message of a run that came to its last step."""
    return f"stopped at step {step}: max_steps reached"
