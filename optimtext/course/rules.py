"""Exercises that are update rules: a class with `step(theta, grad)`, held against a rule of the package."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator

from optimtext.course.exercise import Exercise
from optimtext.course.witness import Recorder, show

Update = Callable[..., Any]
Written = TypeVar("Written", bound=Update)


@dataclass(frozen=True)
class RuleCase:
    """Some steps of a rule.

    Attributes
    ----------
    hyper : dict
        Hyper-parameters by name, the rate among them.
    theta : nested list
        Start; integers make an array of integers.
    grads : list
        The gradient of each step, given beforehand.
    beside : bool
        Whether another instance of the same rule makes a step before each of these.
    """

    hyper: dict[str, float]
    theta: list[Any]
    grads: list[Any]
    beside: bool = False


@dataclass(eq=False, kw_only=True)
class RuleExercise(Exercise):
    """An exercise whose reference is a rule of the package.

    Wrong solutions that the grammar of update rules can say are written as an `update` and entered with `misprint`:
    the same lines then serve the command line and the playground.

    Attributes
    ----------
    update : function
        The right one, a method of a rule.
    adapt : function
        Makes of an `update` what a learner would write.
    note : str
        What only who writes it in the playground's editor needs to know.
    """

    update: Update
    adapt: Callable[[Update], Any]
    note: str = ""

    def misprint(self, update: Written) -> Written:
        """Enter a wrong `update` into the bank; use it as a decorator."""
        self.misconceptions.append(self.describe(update, self.adapt(update), update))
        return update

    @property
    def slots(self) -> dict[str, float]:
        """The state of the rule by name, with its initial values."""
        parameters = list(inspect.signature(self.update).parameters.values())[4:]
        return {parameter.name: float(parameter.default) for parameter in parameters}


def rule_exercise(
    update: Update,
    *,
    symbol: str,
    hyper: dict[str, float],
    other: dict[str, float],
    more: tuple[RuleCase, ...] = (),
    **facts: Any,
) -> RuleExercise:
    """Return an exercise on the rule whose right `update` is given: a class, or a function if there is no state.

    Parameters
    ----------
    update : function
        A method of a rule of the package.
    symbol : str
        Name of the class or function to write.
    hyper, other : dict
        The hyper-parameters of most cases, and others that tell whether they are used.
    more : tuple of RuleCase
        Cases that this rule needs beyond those of every rule.
    **facts
        The other fields of `Exercise`.
    """
    stateless = symbol.islower()
    adapt, play = (learners_function, one_call) if stateless else (learners_class, all_steps)
    cases = (*common_cases(hyper, other), *more)
    return RuleExercise(
        update=update,
        adapt=adapt,
        symbol=symbol,
        reference=adapt(update),
        play=lambda record, solution, case: play(record, solution, case, symbol),
        cases=tuple(case for case in cases if not (stateless and case.beside)),
        draw=lambda rng: drawn(rng, hyper),
        **facts,
    )


def learners_function(update: Update) -> Update:
    """Return a step as a learner would write it who needs no state."""

    def step(theta: Any, grad: Any, lr: float) -> Any:
        return update(None, theta, grad, lr)[0]

    return step


def learners_class(update: Update) -> type:
    """Return a class as a learner would write it, whose `step` is an `update` in the form of the package's rules."""

    class Rule:
        def __init__(self, **hyper: float) -> None:
            self.__dict__.update(hyper)
            self.slots: list[Any] = []

        def step(self, theta: Any, grad: Any) -> Any:
            theta, *self.slots = update(self, theta, grad, self.__dict__["lr"], *self.slots)
            return theta

    return Rule


def one_call(record: Recorder, solution: Any, case: RuleCase, symbol: str) -> None:
    """Make the steps of a function, each from where the one before has arrived."""
    theta, lr = np.array(case.theta), case.hyper["lr"]
    for values in case.grads:
        grad = np.array(values, float)
        call = f"{symbol}(theta={show(theta)}, grad={show(grad)}, lr={show(lr)})"
        theta = record(call, solution, theta=theta, grad=grad, lr=lr)


def all_steps(record: Recorder, solution: Any, case: RuleCase, symbol: str) -> None:
    """Make an instance and its steps, each from where the one before has arrived."""
    made = f"{symbol}({', '.join(f'{name}={show(value)}' for name, value in case.hyper.items())})"
    rule = record.make(made, solution, **case.hyper)
    other = record.make(made, solution, **case.hyper) if case.beside else None
    theta = np.array(case.theta)
    told = f"{made}, theta = {show(theta)}"
    if case.beside:
        told = f"two of {made}, the other one always a step ahead; theta = {show(theta)}"
    for k, grad in enumerate(case.grads):
        told += f", grad {k + 1} = {show(np.array(grad, float))}"
        if other is not None:
            record.make(told, getattr(other, "step", missing), np.array(case.theta, float), 3.0 * np.ones(theta.shape))
        theta = record(told, getattr(rule, "step", missing), theta=theta, grad=np.array(grad, float))


def missing(*_: Any) -> None:
    """Stand in for a method that is not there."""
    raise AttributeError("there is no method step")


def common_cases(hyper: dict[str, float], other: dict[str, float]) -> tuple[RuleCase, ...]:
    """Return the cases of every rule, from one step of one parameter to many steps of several."""
    rng = np.random.default_rng(5)
    one = RuleCase(hyper, [1.0], [[2.0]])
    three = replace(one, grads=[[2.0], [1.0], [-0.5]])
    two = RuleCase(hyper, [1.0, -2.0], [[0.5, -40.0], [-1.0, 10.0], [0.25, 4.0]])
    return (
        one,
        three,
        replace(three, hyper=other),
        two,
        replace(two, theta=[3, -2]),
        replace(two, theta=[[1.0, -2.0], [0.5, 4.0]], grads=[[[0.5, -40.0], [1.0, 2.0]], [[-1.0, 10.0], [3.0, -1.0]]]),
        replace(three, beside=True),
        RuleCase(hyper, [0.0, 1.0], rng.normal(size=(30, 2)).round(2).tolist()),
    )


def drawn(rng: Generator, hyper: dict[str, float]) -> RuleCase:
    """Return a case with other hyper-parameters, in their own range, and eight steps of three parameters."""
    # A beta stays a beta if the distance to 1 is scaled; a rate and an epsilon are scaled themselves.
    values = {
        name: 1 - (1 - value) * rng.uniform(0.5, 1.5) if name.startswith("beta") else value * rng.uniform(0.5, 2.0)
        for name, value in hyper.items()
    }
    return RuleCase(values, rng.normal(size=3).tolist(), rng.normal(size=(8, 3)).tolist())
