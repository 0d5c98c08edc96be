"""Adam, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

import numpy as np
from numpy import sqrt

from optimtext.course.rules import RuleCase, rule_exercise
from optimtext.rules import Adam


def right(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Return the step of `optimtext.Adam` with one epsilon, outside the root."""
    rule = Adam(lr=lr, beta1=self.beta1, beta2=self.beta2, eps=self.eps, eps_root=0.0)
    return rule.update(theta, grad, lr, m, v, p1, p2)


EXERCISE = rule_exercise(
    right,
    name="adam",
    title="Adam",
    symbol="Adam",
    file="adaptive.py",
    chapter="adaptive",
    note="p1 and p2 start at 1. They are room for beta1**t and beta2**t: there is no ** here.",
    hyper={"lr": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-12},
    other={"lr": 0.3, "beta1": 0.5, "beta2": 0.75, "eps": 1e-12},
    more=(
        RuleCase({"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5}, [1.0], [[2.0], [1.0]]),
        RuleCase({"lr": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-12}, [1.0, 2.0], [[0.0, 1.0], [3.0, 0.0]]),
    ),
    hints=(
        "The first step has the length lr in every coordinate, whatever the betas. Is that so in yours?",
        "Average the gradient with beta1 and its square with beta2, then divide each average by 1 - beta**t, t from 1.",
        "theta - lr * m_hat / (sqrt(v_hat) + eps), with m_hat = m / (1 - beta1**t) and v_hat = v / (1 - beta2**t).",
    ),
)


@EXERCISE.misprint
def ascends(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your step goes uphill.

    The averaged gradient points in the direction in which the loss rises.

    Subtract the step from theta.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta + lr * (m / (1 - p1)) / (sqrt(v / (1 - p2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def epsilon_inside(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your epsilon stands inside the root. The paper's Algorithm 1 adds it outside.

    With v_hat = 0 and eps = 1e-8: what is sqrt(v_hat + eps), and what is sqrt(v_hat) + eps?

    Divide by sqrt(v_hat) + eps.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1)) / sqrt(v / (1 - p2) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def epsilon_missing(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """There is no epsilon in your denominator: a coordinate that has never had a gradient divides zero by zero.

    What is the step of a coordinate whose gradient has been zero since the start?

    Add eps to the root before you divide.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1)) / sqrt(v / (1 - p2))
    return theta, m, v, p1, p2


@EXERCISE.misprint
def betas_swapped(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You have exchanged beta1 and beta2: the gradient is averaged over a thousand steps and its square over ten.

    Which average should be the slow one?

    beta1 belongs to m, beta2 to v, in the recurrences and in the corrections.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta2 * m + (1 - self.beta2) * grad
    v = self.beta1 * v + (1 - self.beta1) * grad * grad
    theta = theta - lr * (m / (1 - p2)) / (sqrt(v / (1 - p1)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def square_of_the_average(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your v averages the square of m and not the square of the gradient.

    What is v to measure where the gradient changes its sign in every step, so that m is nearly zero?

    v = beta2 * v + (1 - beta2) * grad**2.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * m * m
    theta = theta - lr * (m / (1 - p1)) / (sqrt(v / (1 - p2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def root_missing(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You divide by the averaged square and not by its root: larger gradients make shorter steps.

    The first step should have the length lr for every gradient. Try grad = 2 and grad = 200.

    Divide by sqrt(v_hat) + eps.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1)) / (v / (1 - p2) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def gradient_not_averaged(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You scale the gradient itself; the averaged gradient m does not enter the step.

    After a gradient of 2 and then one of -0.5, in which direction does your second step go? And Adam's?

    The numerator is m / (1 - beta1**t).
    """
    p2 = p2 * self.beta2
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * grad / (sqrt(v / (1 - p2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.wrong
class SharedState:
    """All your objects share their averages or their count: a second model would start with the first one's history.

    Where do m, v and t live, in the class or in the object?

    Set self.m, self.v and self.t in __init__. What is assigned in the class body belongs to all objects together.
    """

    m, v, t = 0.0, 0.0, 0

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps

    def step(self, theta, grad):
        """Change averages that belong to the class."""
        cls = type(self)
        cls.t += 1
        cls.m = self.beta1 * cls.m + (1 - self.beta1) * grad
        cls.v = self.beta2 * cls.v + (1 - self.beta2) * grad**2
        m_hat, v_hat = cls.m / (1 - self.beta1**cls.t), cls.v / (1 - self.beta2**cls.t)
        return theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


@EXERCISE.wrong
class IntegerTruncation:
    """Where the parameters are given as integers, your averages are too and lose the digits behind the point.

    Which type has np.zeros_like(theta) if theta is np.array([3, -2])?

    Start the averages as floats: np.zeros(theta.shape).
    """

    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps, self.t = lr, beta1, beta2, eps, 0

    def step(self, theta, grad):
        """Keep the averages in arrays of the type of theta."""
        if self.t == 0:
            self.m, self.v = np.zeros_like(theta), np.zeros_like(theta)
        self.t += 1
        self.m[...] = self.beta1 * self.m + (1 - self.beta1) * grad
        self.v[...] = self.beta2 * self.v + (1 - self.beta2) * grad**2
        m_hat, v_hat = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        return theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
