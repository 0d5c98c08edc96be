"""Early stopping, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

from typing import Any

import numpy as np

from optimtext.course.exercise import Exercise
from optimtext.course.rules import missing
from optimtext.course.witness import Recorder, show


class Right:
    """Remembers the lowest loss, a copy of its parameters, and how long ago it was."""

    def __init__(self, patience):
        self.patience, self.best_loss, self.best_theta, self.waited = patience, np.inf, None, 0

    def update(self, loss, theta):
        """Return whether to stop."""
        if loss < self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, np.array(theta), 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def play(record: Recorder, solution: Any, case: tuple[int, list[float]]) -> None:
    """Feed losses, with parameters that a training loop goes on to change in place, until the answer is to stop."""
    patience, losses = case
    made = f"EarlyStopping(patience={patience})"
    stopping = record.make(made, solution, patience)
    theta = np.zeros(1)
    told = made
    for epoch, loss in enumerate(losses):
        theta[0] = epoch
        told = f"{made} fed with the losses {show(np.array(losses[: epoch + 1]))}"
        update = getattr(stopping, "update", missing)
        stop = record(f"{told}: stop after the last one? (1 is yes)", update, loss=loss, theta=theta, read=float)
        if stop:
            break
    theta[0] = -1.0
    number = f"{told}: the epoch, from 0, to which best_theta belongs"
    record(number, lambda: float(np.asarray(stopping.best_theta, float).ravel()[0]))


def draw(rng):
    """Return a random case: a fall with noise on it."""
    losses = np.exp(-np.arange(25) / 6) + 0.1 * rng.random(25)
    return int(rng.integers(2, 5)), losses.round(3).tolist()


EXERCISE = Exercise(
    name="early_stopping",
    title="Early stopping",
    symbol="EarlyStopping",
    file="stopping.py",
    chapter="stopping",
    hints=(
        "Write down by hand, for each loss, the lowest so far and how many have come since.",
        "A new lowest loss resets the count and is kept with a copy of its parameters; any other raises the count.",
        "Return self.waited >= self.patience, and keep np.array(theta), which is a copy.",
    ),
    reference=Right,
    play=play,
    cases=(
        (1, [1.0, 2.0]),
        (2, [3.0, 2.0, 1.0]),
        (2, [3.0, 2.0, 2.5, 2.2, 1.0]),
        (2, [3.0, 2.0, 2.5, 1.0, 1.5, 0.5, 0.7, 0.6]),
        (3, [1.0, 3.0, 2.9, 2.8, 2.7]),
        (2, [2.0, 2.0, 2.0]),
        (3, [2.0, 1.0, 1.0, 1.5, 0.9, 0.95]),
    ),
    draw=draw,
)


class Base:
    """What all solutions share; each has another `update`."""

    def __init__(self, patience):
        self.patience, self.best_loss, self.best_theta, self.waited = patience, np.inf, None, 0


@EXERCISE.wrong
class BestWeightsNotRestored(Base):
    """Your best_theta holds the last parameters, and not those of the lowest loss.

    After the losses 3, 2 and 2.5, which parameters do you want back?

    Set best_theta only where the loss is a new lowest one.
    """

    def update(self, loss, theta):
        """Keep the last parameters."""
        self.best_theta = np.array(theta)
        self.waited = 0 if loss < self.best_loss else self.waited + 1
        self.best_loss = min(loss, self.best_loss)
        return self.waited >= self.patience


@EXERCISE.wrong
class BestWeightsNotCopied(Base):
    """Your best_theta is the training loop's own array, which goes on changing after you have kept it.

    After `self.best_theta = theta` there are two names for one array. What does `theta -= step` do to it?

    Keep a copy: np.array(theta) or theta.copy().
    """

    def update(self, loss, theta):
        """Keep the caller's array."""
        self.waited += 1
        if loss < self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, theta, 0
        return self.waited >= self.patience


@EXERCISE.wrong
class BestWeightsOnlyWhenPatienceRunsOut(Base):
    """Your best_theta is right if the patience runs out. If training ends before, it holds the last parameters.

    What should best_theta be after three losses that all fall?

    Keep the best parameters when they appear, and not when you stop.
    """

    def update(self, loss, theta):
        """Restore at the end only."""
        self.waited += 1
        if loss < self.best_loss:
            self.best_loss, self.kept, self.waited = loss, np.array(theta), 0
        self.best_theta = theta
        if self.waited >= self.patience:
            self.best_theta = self.kept
            return True
        return False


@EXERCISE.wrong
class CountNeverReset(Base):
    """Your count of bad epochs never goes back to zero: two bad epochs far apart end the run.

    After a new lowest loss, how many epochs in a row have been bad?

    Set the count to 0 at every new lowest loss.
    """

    def update(self, loss, theta):
        """Count all bad epochs."""
        if loss < self.best_loss:
            self.best_loss, self.best_theta = loss, np.array(theta)
        else:
            self.waited += 1
        return self.waited >= self.patience


@EXERCISE.wrong
class ComparedWithThePrevious(Base):
    """You compare each loss with the one before, and not with the lowest: a slow fall after a jump counts as progress.

    After 1, 3, 2.9 and 2.8: how many epochs have passed since the lowest loss?

    Compare with the lowest loss so far, and keep that.
    """

    def update(self, loss, theta):
        """Compare with the loss before."""
        self.waited += 1
        if loss < self.best_loss:
            self.best_theta, self.waited = np.array(theta), 0
        self.best_loss = loss
        return self.waited >= self.patience


@EXERCISE.wrong
class EqualCountsAsBetter(Base):
    """A loss that only equals the lowest counts as an improvement: on a plateau your run never stops.

    Is 2, 2, 2 a run that gets better?

    Ask for `<`, not `<=`.
    """

    def update(self, loss, theta):
        """Take an equal loss for a better one."""
        self.waited += 1
        if loss <= self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, np.array(theta), 0
        return self.waited >= self.patience


@EXERCISE.wrong
class OneEpochTooPatient(Base):
    """You stop one epoch too late: a patience of 1 ends the run at the first bad epoch.

    How many bad epochs in a row does your comparison need?

    Ask for `>=`, not `>`.
    """

    def update(self, loss, theta):
        """Wait once more."""
        self.waited += 1
        if loss < self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, np.array(theta), 0
        return self.waited > self.patience


@EXERCISE.wrong
class LooksForTheHighest(Base):
    """You look for the highest value; of a loss the lowest is best.

    Does a falling loss reset your count?

    Ask for loss < best_loss, and start best_loss at infinity.
    """

    def update(self, loss, theta):
        """Take a loss for a score."""
        self.waited += 1
        if self.best_theta is None or loss > self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, np.array(theta), 0
        return self.waited >= self.patience


@EXERCISE.wrong
class BestWeightsFromTheFirstEpoch(Base):
    """Your best_theta stays with the first parameters: the lowest loss is found anew, its parameters are not.

    In which lines do you set best_theta, and how often do they run?

    Keep loss and parameters together, in the same branch.
    """

    def update(self, loss, theta):
        """Keep the first parameters."""
        self.waited += 1
        if self.best_theta is None:
            self.best_theta = np.array(theta)
        if loss < self.best_loss:
            self.best_loss, self.waited = loss, 0
        return self.waited >= self.patience
