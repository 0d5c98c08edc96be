"""One step of gradient descent, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import numpy as np

from optimtext.course.rules import rule_exercise
from optimtext.rules import GradientDescent

EXERCISE = rule_exercise(
    GradientDescent.update,
    name="gradient_step",
    title="One step downhill",
    symbol="gradient_step",
    file="gradient_descent.py",
    chapter="gradient_descent",
    hyper={"lr": 0.1},
    other={"lr": 0.3},
    hints=(
        "The gradient points uphill. How far against it does the step go, in terms of lr?",
        "In one dimension: theta = 1, slope 2, rate 0.1. Where do you arrive?",
        "The new parameters are theta minus lr times grad, in every coordinate.",
    ),
)


@EXERCISE.misprint
def ascends(self, theta, grad, lr):
    """Your step goes uphill: it adds the gradient, and the loss grows.

    The gradient points in the direction in which the loss rises fastest. Which way do you want to go?

    Subtract lr * grad from theta.
    """
    theta = theta + lr * grad
    return (theta,)


@EXERCISE.misprint
def rate_missing(self, theta, grad, lr):
    """Your step has the length of the gradient: the learning rate does not change it.

    What should happen to the step when lr is halved?

    The step is lr * grad, not grad.
    """
    theta = theta - grad
    return (theta,)


@EXERCISE.misprint
def rate_divides(self, theta, grad, lr):
    """Your step gets longer when the learning rate gets smaller: it divides by the rate.

    With lr = 0.1 and grad = 2 the step has the length 0.2. Which operation gives that?

    Multiply the gradient by lr.
    """
    theta = theta - grad / lr
    return (theta,)


@EXERCISE.misprint
def only_the_sign(self, theta, grad, lr):
    """Your steps have the length lr whatever the gradient is: only its sign is used.

    Near the minimum the gradient is small. What should that do to the step?

    Use grad itself, not its sign, nor grad divided by its own size.
    """
    theta = theta - lr * grad / abs(grad)
    return (theta,)


@EXERCISE.misprint
def step_for_parameters(self, theta, grad, lr):
    """You return the step, and not the parameters after it.

    Where does a walker stand who was at theta and takes the step -lr * grad?

    Add the step to theta and return the sum.
    """
    theta = 0.0 * theta - lr * grad
    return (theta,)


@EXERCISE.misprint
def rate_on_parameters(self, theta, grad, lr):
    """The learning rate multiplies the parameters as well: they shrink even where the gradient is zero.

    If grad is zero, theta must stay as it is. Does it?

    Mind the parentheses: theta - lr * grad, not lr * (theta - grad).
    """
    theta = lr * (theta - grad)
    return (theta,)


@EXERCISE.wrong
def input_modified(theta, grad, lr):
    """The step is written into the caller's own array, whose old value is lost.

    What does the caller see in the array that was passed as theta, after your function has run?

    `theta -= step` writes into the given array; `theta = theta - step` makes a new one.
    """
    theta -= lr * grad
    return theta


@EXERCISE.wrong
def integer_truncation(theta, grad, lr):
    """Parameters that are given as integers stay integers, and the digits behind the point are cut off.

    What is np.array([3, -2]) - 0.1, and what is left of it in an array of integers?

    Let NumPy choose the type of the result, or convert theta to floats first.
    """
    moved = np.empty_like(theta)
    moved[...] = theta - lr * grad
    return moved
