"""Nesterov's look-ahead, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimtext.course.exercise import Exercise
from optimtext.course.rules import missing
from optimtext.course.witness import Recorder, show
from optimtext.rules import Nesterov


@dataclass(frozen=True)
class Case:
    """Some steps on a quadratic with a gradient of curvature times theta, one curvature a coordinate."""

    lr: float
    beta: float
    curvature: list[float]
    theta: list[Any]
    steps: int
    beside: bool = False


class Reference:
    """The package's rule, in the learner's form."""

    def __init__(self, lr: float, beta: float) -> None:
        self.rule, self.v = Nesterov(lr, beta), 0.0

    def step(self, theta: Any, gradient: Callable[[Any], Any]) -> Any:
        """Return the next parameters."""
        grad = gradient(self.rule.probe(theta, self.rule.lr, self.v))
        theta, self.v = self.rule.update(theta, grad, self.rule.lr, self.v)
        return theta


def play(record: Recorder, solution: Any, case: Case) -> None:
    """Make the steps of a case, each from where the one before has arrived."""
    made = f"Nesterov(lr={show(case.lr)}, beta={show(case.beta)})"
    rule = record.make(made, solution, lr=case.lr, beta=case.beta)
    other = record.make(made, solution, lr=case.lr, beta=case.beta) if case.beside else None
    curvature, theta = np.array(case.curvature), np.array(case.theta)
    told = f"two of {made}, the other one always a step ahead" if case.beside else made
    told += f", theta = {show(theta)}, gradient(x) = {show(curvature)} * x"
    for k in range(case.steps):
        if other is not None:
            record.make(told, getattr(other, "step", missing), 3.0 + theta, lambda x: curvature * x)
        call, step = f"{told}, step {k + 1}", getattr(rule, "step", missing)
        theta = record(call, step, theta=theta, gradient=lambda x: curvature * np.asarray(x))


def draw(rng: np.random.Generator) -> Case:
    """Return a random case."""
    curvature, theta = rng.uniform(0.5, 4, size=3).tolist(), rng.normal(size=3).tolist()
    return Case(rng.uniform(0.05, 0.2), rng.uniform(0.3, 0.95), curvature, theta, 6)


EXERCISE = Exercise(
    name="nesterov",
    title="Nesterov's look-ahead",
    symbol="Nesterov",
    file="momentum.py",
    chapter="momentum",
    hints=(
        "At which point is the gradient taken? The step that is surely coming is -lr * beta * v.",
        "Take the gradient at theta - lr * beta * v, and make the step from theta itself.",
        "ahead = theta - lr * beta * v; v = beta * v + gradient(ahead); theta - lr * v.",
    ),
    reference=Reference,
    play=play,
    cases=(
        Case(0.5, 0.5, [1.0], [1.0], 3),
        Case(0.1, 0.9, [1.0], [1.0], 4),
        Case(0.1, 0.9, [1.0, 8.0], [1.0, -2.0], 4),
        Case(0.1, 0.5, [1.0, 8.0], [3, -2], 3),
        Case(0.1, 0.9, [1.0], [1.0], 3, beside=True),
        Case(0.05, 0.8, [0.5, 2.0, 9.0], [1.0, 0.25, -1.0], 20),
    ),
    draw=draw,
)


class Base:
    """What all solutions share; each has another `step`."""

    def __init__(self, lr, beta):
        self.lr, self.beta, self.v = lr, beta, 0.0


@EXERCISE.wrong
class LookAheadWithoutRate(Base):
    """Your look-ahead is missing the learning rate: it looks 1/lr times too far.

    Your velocity sums gradients. Which units has beta * v, and which has theta?

    The stage text that this course grew from prints theta - beta * v, too. Look ahead to theta - lr * beta * v.
    """

    def step(self, theta, gradient):
        """Look too far."""
        self.v = self.beta * self.v + gradient(theta - self.beta * self.v)
        return theta - self.lr * self.v


@EXERCISE.wrong
class NoLookAhead(Base):
    """Yours is the heavy ball: the gradient is taken where the parameters are, not where they are going.

    Which step is certain before the gradient is known?

    Call gradient at theta - lr * beta * v.
    """

    def step(self, theta, gradient):
        """Look at one's feet."""
        self.v = self.beta * self.v + gradient(theta)
        return theta - self.lr * self.v


@EXERCISE.wrong
class LooksBack(Base):
    """Your look-ahead looks back: it adds the velocity where the step will subtract it.

    The step subtracts lr * v. On which side of theta does the parameter arrive?

    Look at theta - lr * beta * v.
    """

    def step(self, theta, gradient):
        """Look the wrong way."""
        self.v = self.beta * self.v + gradient(theta + self.lr * self.beta * self.v)
        return theta - self.lr * self.v


@EXERCISE.wrong
class StepsFromTheLookAhead(Base):
    """Your step starts at the look-ahead point, so that the old velocity is taken twice.

    The look-ahead point is there to take a gradient, and the new velocity already holds beta * v.

    Start the step at theta.
    """

    def step(self, theta, gradient):
        """Step from the wrong point."""
        ahead = theta - self.lr * self.beta * self.v
        self.v = self.beta * self.v + gradient(ahead)
        return ahead - self.lr * self.v


@EXERCISE.wrong
class BetaMissingInLookAhead(Base):
    """Your look-ahead goes the whole velocity: the factor beta is missing.

    How much of the velocity is left in the next step?

    Look at theta - lr * beta * v.
    """

    def step(self, theta, gradient):
        """Look somewhat too far."""
        self.v = self.beta * self.v + gradient(theta - self.lr * self.v)
        return theta - self.lr * self.v


@EXERCISE.wrong
class VelocityAveraged(Base):
    """Your velocity is a moving average of the gradients; here it is a sum in which old gradients fade.

    In a constant gradient g the velocity should grow to g / (1 - beta). To what does yours grow?

    Leave the factor 1 - beta out.
    """

    def step(self, theta, gradient):
        """Average."""
        grad = gradient(theta - self.lr * self.beta * self.v)
        self.v = self.beta * self.v + (1 - self.beta) * grad
        return theta - self.lr * self.v


@EXERCISE.wrong
class VelocityForgotten(Base):
    """Every step starts from rest: what the velocity was before is not remembered.

    Is your second step longer than the first where the gradient is the same?

    Keep the velocity in self at the end of step.
    """

    def step(self, theta, gradient):
        """Forget."""
        return theta - self.lr * gradient(theta)


@EXERCISE.wrong
class SharedState:
    """All your objects share one velocity: a second model would start with the first one's speed.

    Where does the velocity live, in the class or in the object?

    Set self.velocity in __init__. A name that is assigned in the class body belongs to all objects together.
    """

    v = 0.0

    def __init__(self, lr, beta):
        self.lr, self.beta = lr, beta

    def step(self, theta, gradient):
        """Move by a velocity that belongs to the class."""
        cls = type(self)
        cls.v = self.beta * cls.v + gradient(theta - self.lr * self.beta * cls.v)
        return theta - self.lr * cls.v
