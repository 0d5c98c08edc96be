"""Nesterov's rule with the look-ahead point as the parameters, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

from optimtext.course.rules import rule_exercise


def right(self, theta, grad, lr, v=0.0):
    """Return the step of PyTorch's SGD(nesterov=True): the shifted form of `optimtext.Nesterov`."""
    v = self.beta * v + grad
    theta = theta - lr * (grad + self.beta * v)
    return theta, v


EXERCISE = rule_exercise(
    right,
    name="shifted_nesterov",
    title="Nesterov, as libraries store it",
    symbol="ShiftedNesterov",
    file="momentum.py",
    chapter="momentum",
    hyper={"lr": 0.2, "beta": 0.9},
    other={"lr": 0.3, "beta": 0.75},
    hints=(
        "Call the look-ahead point y = theta - lr * beta * v and write the whole step in y alone.",
        "The new y is the old one minus lr * grad, minus lr * beta times the new velocity.",
        "v = beta * v + grad, then y - lr * (grad + beta * v).",
    ),
)


@EXERCISE.misprint
def plain_momentum(self, theta, grad, lr, v=0.0):
    """Yours is the heavy ball: the parameters move by the velocity, and nothing looks ahead.

    Where does the next look-ahead point lie, seen from this one?

    The step is lr * (grad + beta * v), with the new velocity.
    """
    v = self.beta * v + grad
    theta = theta - lr * v
    return theta, v


@EXERCISE.misprint
def gradient_missing(self, theta, grad, lr, v=0.0):
    """Your step moves along beta * v alone; the gradient itself is missing beside it.

    With beta = 0 the rule should be gradient descent. Where does yours go?

    Add grad to beta * v before you multiply by lr.
    """
    v = self.beta * v + grad
    theta = theta - lr * self.beta * v
    return theta, v


@EXERCISE.misprint
def beta_missing(self, theta, grad, lr, v=0.0):
    """The velocity enters your step whole: the factor beta of the look-ahead is missing.

    The look-ahead is beta times the velocity, since that is what will be left of it.

    The step is lr * (grad + beta * v).
    """
    v = self.beta * v + grad
    theta = theta - lr * (grad + v)
    return theta, v


@EXERCISE.misprint
def velocity_averaged(self, theta, grad, lr, v=0.0):
    """Your velocity is a moving average of the gradients; here it is a sum in which old gradients fade.

    In a constant gradient g the velocity should grow to g / (1 - beta). To what does yours grow?

    Leave the factor 1 - beta out.
    """
    v = self.beta * v + (1 - self.beta) * grad
    theta = theta - lr * (grad + self.beta * v)
    return theta, v


@EXERCISE.misprint
def ascends(self, theta, grad, lr, v=0.0):
    """Your step goes uphill.

    The gradient points in the direction in which the loss rises.

    Subtract lr * (grad + beta * v).
    """
    v = self.beta * v + grad
    theta = theta + lr * (grad + self.beta * v)
    return theta, v


@EXERCISE.misprint
def rate_missing_on_gradient(self, theta, grad, lr, v=0.0):
    """The learning rate multiplies the velocity, and the gradient beside it goes without.

    Mind the parentheses: lr * beta * v + grad is something else than lr * (beta * v + grad).

    Both parts of the step are multiplied by lr.
    """
    v = self.beta * v + grad
    theta = theta - grad - lr * self.beta * v
    return theta, v


@EXERCISE.wrong
class SharedState:
    """All your objects share one velocity: a second model would start with the first one's speed.

    Where does the velocity live, in the class or in the object?

    Set self.velocity in __init__. A name that is assigned in the class body belongs to all objects together.
    """

    velocity = 0.0

    def __init__(self, lr, beta):
        self.lr, self.beta = lr, beta

    def step(self, theta, grad):
        """Move by a velocity that belongs to the class."""
        cls = type(self)
        cls.velocity = self.beta * cls.velocity + grad
        return theta - self.lr * (grad + self.beta * cls.velocity)
