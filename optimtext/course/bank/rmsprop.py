"""RMSProp, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

import numpy as np
from numpy import sqrt

from optimtext.course.rules import RuleCase, rule_exercise
from optimtext.rules import RMSProp


def right(self, theta, grad, lr, s=0.0):
    """Return the step of `optimtext.RMSProp` with one epsilon, outside the root."""
    return RMSProp.update(RMSProp(lr=lr, beta=self.beta, eps=self.eps, eps_root=0.0), theta, grad, lr, s)


EXERCISE = rule_exercise(
    right,
    name="rmsprop",
    title="RMSProp",
    symbol="RMSProp",
    file="adaptive.py",
    chapter="adaptive",
    hyper={"lr": 0.1, "beta": 0.9, "eps": 1e-12},
    other={"lr": 0.3, "beta": 0.75, "eps": 1e-12},
    more=(
        RuleCase({"lr": 0.1, "beta": 0.75, "eps": 0.5}, [1.0], [[2.0], [1.0]]),
        RuleCase({"lr": 0.1, "beta": 0.9, "eps": 1e-12}, [1.0, 2.0], [[0.0, 1.0], [3.0, 0.0]]),
    ),
    hints=(
        "The first step has the length lr / sqrt(1 - beta), however large the gradient. Is that so in yours?",
        "Keep a moving average of squared gradients: beta of the old value and 1 - beta of the new square.",
        "s = beta * s + (1 - beta) * grad**2, then theta - lr * grad / (sqrt(s) + eps), and s is kept in self.",
    ),
)


@EXERCISE.misprint
def ascends(self, theta, grad, lr, s=0.0):
    """Your step goes uphill.

    The gradient points in the direction in which the loss rises.

    Subtract the scaled gradient from theta.
    """
    s = self.beta * s + (1 - self.beta) * grad * grad
    theta = theta + lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def sums(self, theta, grad, lr, s=0.0):
    """You add every square to a sum that never forgets; that is AdaGrad, whose steps only get shorter.

    What should happen to the step of a coordinate that was busy long ago and is quiet now?

    Let the old value fade: s = beta * s + (1 - beta) * grad**2.
    """
    s = s + grad * grad
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def average_without_weight(self, theta, grad, lr, s=0.0):
    """The new square enters with the weight 1, which makes a decayed sum and not an average.

    In a constant gradient an average of squares settles at the square. Where does yours settle?

    Multiply the new square by 1 - beta.
    """
    s = self.beta * s + grad * grad
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def weights_swapped(self, theta, grad, lr, s=0.0):
    """You have exchanged beta and 1 - beta: at beta = 0.9 your average keeps a tenth of what it was.

    beta is the share of the average that survives a step.

    s = beta * s + (1 - beta) * grad**2.
    """
    s = (1 - self.beta) * s + self.beta * grad * grad
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def epsilon_inside(self, theta, grad, lr, s=0.0):
    """Your epsilon stands inside the root. The exercise, like PyTorch, adds it outside.

    With s = 0 and eps = 1e-8: what is sqrt(s + eps), and what is sqrt(s) + eps?

    Divide by sqrt(s) + eps.
    """
    s = self.beta * s + (1 - self.beta) * grad * grad
    theta = theta - lr * grad / sqrt(s + self.eps)
    return theta, s


@EXERCISE.misprint
def epsilon_missing(self, theta, grad, lr, s=0.0):
    """There is no epsilon in your denominator: a coordinate that has never had a gradient divides zero by zero.

    What is the step of a coordinate whose gradient has been zero since the start?

    Add eps to the root before you divide.
    """
    s = self.beta * s + (1 - self.beta) * grad * grad
    theta = theta - lr * grad / sqrt(s)
    return theta, s


@EXERCISE.misprint
def root_missing(self, theta, grad, lr, s=0.0):
    """You divide by the average of squares and not by its root: larger gradients make shorter steps.

    Which units has grad / s, and which has grad / sqrt(s)?

    Divide by sqrt(s) + eps.
    """
    s = self.beta * s + (1 - self.beta) * grad * grad
    theta = theta - lr * grad / (s + self.eps)
    return theta, s


@EXERCISE.misprint
def averages_absolute_values(self, theta, grad, lr, s=0.0):
    """You average the sizes of the gradients and not their squares.

    RMS stands for root mean square, in this order from the outside to the inside.

    Square each gradient before you average, and take the root of the average.
    """
    s = self.beta * s + (1 - self.beta) * abs(grad)
    theta = theta - lr * grad / (s + self.eps)
    return theta, s


@EXERCISE.wrong
class CorrectedLikeAdam:
    """You correct the average for its start at zero, as Adam does. RMSProp, as Tieleman and Hinton gave it, does not.

    The first step of RMSProp is lr / sqrt(1 - beta), more than three times lr at beta = 0.9. How long is yours?

    Leave the division by 1 - beta**t out.
    """

    def __init__(self, lr, beta, eps):
        self.lr, self.beta, self.eps, self.s, self.t = lr, beta, eps, 0.0, 0

    def step(self, theta, grad):
        """Divide the average by its weights."""
        self.t += 1
        self.s = self.beta * self.s + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(self.s / (1 - self.beta**self.t)) + self.eps)


@EXERCISE.wrong
class StartsAtTheFirstSquare:
    """Your average starts at the first squared gradient; here it starts at zero, which makes the first step longer.

    The first step should have the length lr / sqrt(1 - beta). Which length has yours?

    Start self.s at zero.
    """

    def __init__(self, lr, beta, eps):
        self.lr, self.beta, self.eps, self.s = lr, beta, eps, None

    def step(self, theta, grad):
        """Start with the first square."""
        self.s = grad**2 if self.s is None else self.beta * self.s + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(self.s) + self.eps)


@EXERCISE.wrong
class OneRateForAll:
    """All coordinates share one average, so a busy coordinate slows the quiet ones down.

    The point of the method is a rate for each coordinate. Which shape has your average?

    Square elementwise, grad**2, and do not sum over the coordinates.
    """

    def __init__(self, lr, beta, eps):
        self.lr, self.beta, self.eps, self.s = lr, beta, eps, 0.0

    def step(self, theta, grad):
        """Divide by an averaged norm."""
        self.s = self.beta * self.s + (1 - self.beta) * np.sum(grad**2)
        return theta - self.lr * grad / (np.sqrt(self.s) + self.eps)


@EXERCISE.wrong
class SharedState:
    """All your objects share one average: a second model would start with the first one's history.

    Where does the average live, in the class or in the object?

    Set it in __init__, as self.s. A name that is assigned in the class body belongs to all objects together.
    """

    s = 0.0

    def __init__(self, lr, beta, eps):
        self.lr, self.beta, self.eps = lr, beta, eps

    def step(self, theta, grad):
        """Change an average that belongs to the class."""
        cls = type(self)
        cls.s = self.beta * cls.s + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(cls.s) + self.eps)
