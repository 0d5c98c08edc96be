"""The heavy ball, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001
# Wrong solutions look as learners write them: without annotations, and some of their arguments forgotten.

import numpy as np

from optimtext.course.rules import rule_exercise
from optimtext.rules import Momentum

EXERCISE = rule_exercise(
    Momentum.update,
    name="momentum",
    title="The heavy ball",
    symbol="Momentum",
    file="momentum.py",
    chapter="momentum",
    hyper={"lr": 0.2, "beta": 0.9},
    other={"lr": 0.3, "beta": 0.75},
    hints=(
        "In the first step the velocity is the gradient. What is it in the second step, if the gradient is the same?",
        "The velocity is a sum in which every old gradient has faded by beta once for each step since.",
        "v = beta * v + grad, then theta - lr * v, and v is kept in self until the next call.",
    ),
)


@EXERCISE.misprint
def ascends(self, theta, grad, lr, v=0.0):
    """Your ball rolls uphill: the velocity is added where it must be subtracted.

    The velocity sums gradients, and a gradient points uphill.

    Subtract lr * v from theta.
    """
    v = self.beta * v + grad
    theta = theta + lr * v
    return theta, v


@EXERCISE.misprint
def velocity_averaged(self, theta, grad, lr, v=0.0):
    """Your velocity is a moving average of the gradients; here it is a sum in which old gradients fade.

    In a constant gradient g your steps settle at lr * g. At which length does the chapter say they settle?

    The factor 1 - beta belongs to the first moment of Adam. The velocity here is beta * v + grad.
    """
    v = self.beta * v + (1 - self.beta) * grad
    theta = theta - lr * v
    return theta, v


@EXERCISE.misprint
def velocity_forgotten(self, theta, grad, lr, v=0.0):
    """Every step starts from rest: what the velocity was before is not remembered.

    Make two steps by hand with the same gradient. Is the second one longer than the first?

    Keep the velocity in self at the end of step, and read it there at the beginning of the next.
    """
    v = 0.0 * v + grad
    theta = theta - lr * v
    return theta, v


@EXERCISE.misprint
def rate_missing(self, theta, grad, lr, v=0.0):
    """The learning rate does not appear in your step: the parameters move by the whole velocity.

    What should happen to the steps when lr is halved?

    theta moves by lr * v.
    """
    v = self.beta * v + grad
    theta = theta - v
    return theta, v


@EXERCISE.misprint
def rate_twice(self, theta, grad, lr, v=0.0):
    """The learning rate enters twice: once into the velocity and once into the step.

    There are two forms: v = beta * v + grad with theta - lr * v, and v = beta * v - lr * grad with theta + v.

    You have mixed them. Take the rate out of one of the two lines.
    """
    v = self.beta * v + lr * grad
    theta = theta - lr * v
    return theta, v


@EXERCISE.misprint
def velocity_from_before(self, theta, grad, lr, v=0.0):
    """Your step uses the velocity from before this gradient: the first step does not move at all.

    In which order do the two lines stand, that of v and that of theta?

    Update the velocity first, then move along the new one.
    """
    theta = theta - lr * v
    v = self.beta * v + grad
    return theta, v


@EXERCISE.misprint
def one_gradient_remembered(self, theta, grad, lr, v=0.0):
    """Your velocity remembers the last gradient only, and not those before it.

    How much of the first gradient should be left in the third step?

    Keep the new velocity for the next call, and not the gradient.
    """
    theta = theta - lr * (self.beta * v + grad)
    v = 1.0 * grad
    return theta, v


@EXERCISE.misprint
def beta_on_gradient(self, theta, grad, lr, v=0.0):
    """In your velocity nothing fades: beta multiplies the new gradient and not the old velocity.

    With beta = 0 the rule should be plain gradient descent. What is yours?

    v = beta * v + grad: the old velocity loses a share, the gradient enters whole.
    """
    v = v + self.beta * grad
    theta = theta - lr * v
    return theta, v


@EXERCISE.misprint
def friction_for_beta(self, theta, grad, lr, v=0.0):
    """You have exchanged beta and 1 - beta: at beta = 0.9 your ball keeps a tenth of its velocity.

    beta is the share that survives a step, and 1 - beta the share that friction takes.

    The old velocity is multiplied by beta.
    """
    v = (1 - self.beta) * v + grad
    theta = theta - lr * v
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
        return theta - self.lr * cls.velocity


@EXERCISE.wrong
class InputModified:
    """Your object keeps the caller's own gradient as its velocity, and changes it in the next step.

    After `self.velocity = grad` there are two names for one array. What does `self.velocity *= beta` do to grad?

    Keep a copy, or write self.velocity = self.beta * self.velocity + grad, which makes a new array.
    """

    def __init__(self, lr, beta):
        self.lr, self.beta, self.velocity = lr, beta, None

    def step(self, theta, grad):
        """Change an argument."""
        if self.velocity is not None:
            grad += self.beta * self.velocity
        self.velocity = grad
        return theta - self.lr * self.velocity


@EXERCISE.wrong
class IntegerTruncation:
    """Where the parameters are given as integers, your velocity is one too and loses the digits behind the point.

    Which type has np.zeros_like(theta) if theta is np.array([3, -2])?

    Start the velocity as a float: np.zeros(theta.shape).
    """

    def __init__(self, lr, beta):
        self.lr, self.beta, self.velocity = lr, beta, None

    def step(self, theta, grad):
        """Keep the velocity in an array of the type of theta."""
        if self.velocity is None:
            self.velocity = np.zeros_like(theta)
        self.velocity[...] = self.beta * self.velocity + grad
        return theta - self.lr * self.velocity
