"""AdaGrad, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import numpy as np
from numpy import sqrt

from optimtext.course.rules import RuleCase, rule_exercise
from optimtext.rules import AdaGrad


def right(self, theta, grad, lr, s=0.0):
    """Return the step of `optimtext.AdaGrad` with one epsilon, outside the root."""
    return AdaGrad.update(AdaGrad(lr=lr, eps=self.eps, eps_root=0.0), theta, grad, lr, s)


EXERCISE = rule_exercise(
    right,
    name="adagrad",
    title="AdaGrad",
    symbol="AdaGrad",
    file="adaptive.py",
    chapter="adaptive",
    hyper={"lr": 0.1, "eps": 1e-12},
    other={"lr": 0.3, "eps": 1e-6},
    more=(
        RuleCase({"lr": 0.1, "eps": 0.5}, [1.0], [[2.0], [1.0]]),
        RuleCase({"lr": 0.1, "eps": 1e-12}, [1.0, 2.0], [[0.0, 1.0], [3.0, 0.0]]),
    ),
    hints=(
        "The first step of every coordinate has the length lr, however large its gradient. Is that so in yours?",
        "Keep, for each coordinate, the sum of the squares of all its gradients, this one included.",
        "s = s + grad**2, then theta - lr * grad / (sqrt(s) + eps), and s is kept in self.",
    ),
)


@EXERCISE.misprint
def ascends(self, theta, grad, lr, s=0.0):
    """Your step goes uphill.

    The gradient points in the direction in which the loss rises.

    Subtract the scaled gradient from theta.
    """
    s = s + grad * grad
    theta = theta + lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def forgets(self, theta, grad, lr, s=0.0):
    """Your AdaGrad forgets: it divides by the present gradient alone, so that every step has the length lr.

    In a constant gradient the t-th step should have the length lr / sqrt(t). What is the length of your second one?

    Keep the sum in self, and add to it.
    """
    s = 0.0 * s + grad * grad
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def averages(self, theta, grad, lr, s=0.0):
    """You keep a moving average of the squares; that is RMSProp. AdaGrad keeps their sum.

    The first step of AdaGrad has the length lr. Which length has yours?

    Add the square whole: s = s + grad**2.
    """
    s = 0.9 * s + 0.1 * grad * grad
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    return theta, s


@EXERCISE.misprint
def epsilon_inside(self, theta, grad, lr, s=0.0):
    """Your epsilon stands inside the root. The exercise, like PyTorch, adds it outside.

    With s = 0 and eps = 1e-8: what is sqrt(s + eps), and what is sqrt(s) + eps?

    Divide by sqrt(s) + eps.
    """
    s = s + grad * grad
    theta = theta - lr * grad / sqrt(s + self.eps)
    return theta, s


@EXERCISE.misprint
def epsilon_missing(self, theta, grad, lr, s=0.0):
    """There is no epsilon in your denominator: a coordinate that has never had a gradient divides zero by zero.

    What is the step of a coordinate whose gradient has been zero since the start?

    Add eps to the root before you divide.
    """
    s = s + grad * grad
    theta = theta - lr * grad / sqrt(s)
    return theta, s


@EXERCISE.misprint
def root_missing(self, theta, grad, lr, s=0.0):
    """You divide by the sum of squares and not by its root: a gradient ten times as large makes a step a tenth as long.

    Which units has grad / s, and which has grad / sqrt(s)?

    Divide by sqrt(s) + eps.
    """
    s = s + grad * grad
    theta = theta - lr * grad / (s + self.eps)
    return theta, s


@EXERCISE.misprint
def sums_absolute_values(self, theta, grad, lr, s=0.0):
    """You sum the sizes of the gradients and not their squares.

    In a constant gradient the second step should be shorter by sqrt(2). By how much is yours?

    Square each gradient before you add it, and take the root of the sum.
    """
    s = s + abs(grad)
    theta = theta - lr * grad / (s + self.eps)
    return theta, s


@EXERCISE.misprint
def sum_from_before(self, theta, grad, lr, s=0.0):
    """You divide by the sum from before this gradient: the first step divides by epsilon alone and is gigantic.

    In which order do the two lines stand, that of the sum and that of theta?

    Add the square first, then divide by the root of the new sum.
    """
    theta = theta - lr * grad / (sqrt(s) + self.eps)
    s = s + grad * grad
    return theta, s


@EXERCISE.wrong
class OneRateForAll:
    """All coordinates share one sum, so a busy coordinate slows the quiet ones down.

    The point of the method is a rate for each coordinate. Which shape has your sum?

    Square elementwise, grad**2, and do not sum over the coordinates.
    """

    def __init__(self, lr, eps):
        self.lr, self.eps, self.s = lr, eps, 0.0

    def step(self, theta, grad):
        """Divide by the norm."""
        self.s += np.sum(grad**2)
        return theta - self.lr * grad / (np.sqrt(self.s) + self.eps)


@EXERCISE.wrong
class SharedState:
    """All your objects share one sum: a second model would start with the first one's history.

    Where does the sum live, in the class or in the object?

    Set it in __init__, as self.s. A name that is assigned in the class body belongs to all objects together.
    """

    s = 0.0

    def __init__(self, lr, eps):
        self.lr, self.eps = lr, eps

    def step(self, theta, grad):
        """Add to a sum that belongs to the class."""
        cls = type(self)
        cls.s = cls.s + grad**2
        return theta - self.lr * grad / (np.sqrt(cls.s) + self.eps)


@EXERCISE.wrong
class IntegerTruncation:
    """Where the parameters are given as integers, your sum is one too and loses the digits behind the point.

    Which type has np.zeros_like(theta) if theta is np.array([3, -2])?

    Start the sum as floats: np.zeros(theta.shape).
    """

    def __init__(self, lr, eps):
        self.lr, self.eps, self.s = lr, eps, None

    def step(self, theta, grad):
        """Keep the sum in an array of the type of theta."""
        self.s = np.zeros_like(theta) if self.s is None else self.s
        self.s[...] = self.s + grad**2
        return theta - self.lr * grad / (np.sqrt(self.s) + self.eps)
