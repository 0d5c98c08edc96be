"""The loop of gradient descent, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

from dataclasses import dataclass
from typing import Any

import numpy as np

from optimtext.course.functions import function_exercise
from optimtext.course.witness import show


@dataclass(frozen=True)
class Slope:
    """The gradient of a quadratic, matrix times theta, which says so when it is shown."""

    matrix: tuple[tuple[float, ...], ...]

    def __call__(self, theta: Any) -> Any:
        """Return the gradient at theta."""
        return np.array(self.matrix) @ np.asarray(theta)

    def __repr__(self) -> str:
        if len(self.matrix) == 1:
            return f"{show(self.matrix[0][0])} * theta"
        return f"{show(np.array(self.matrix))} @ theta"


def right(gradient, theta0, lr, steps):
    """Return the path, one row a point."""
    path = [np.asarray(theta0, float)]
    for _ in range(steps):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


def draw(rng):
    """Return a random case with a coupled quadratic of three parameters."""
    root = rng.normal(size=(3, 3)) / 2
    matrix = tuple(map(tuple, (root @ root.T + np.eye(3) / 2).tolist()))
    return {"gradient": Slope(matrix), "theta0": rng.normal(size=3).tolist(), "lr": rng.uniform(0.01, 0.3), "steps": 7}


SIMPLE, COUPLED = Slope(((2.0,),)), Slope(((2.0, 1.0), (1.0, 2.0)))
EXERCISE = function_exercise(
    right,
    name="gradient_descent",
    title="The loop",
    symbol="gradient_descent",
    file="gradient_descent.py",
    chapter="gradient_descent",
    hints=(
        "Three steps from theta0 make a path of four points. How many rows has yours, and what is the first?",
        "In each step, ask for the gradient at the newest point and append theta - lr * gradient(theta).",
        "Start with path = [theta0], make `steps` rounds of the loop, and return np.array(path).",
    ),
    cases=(
        {"gradient": SIMPLE, "theta0": [1.0], "lr": 0.1, "steps": 1},
        {"gradient": SIMPLE, "theta0": [1.0], "lr": 0.1, "steps": 3},
        {"gradient": SIMPLE, "theta0": [1.0], "lr": 0.1, "steps": 0},
        {"gradient": COUPLED, "theta0": [1.0, -2.0], "lr": 0.1, "steps": 3},
        {"gradient": SIMPLE, "theta0": [1.0], "lr": 1.1, "steps": 3},
        {"gradient": COUPLED, "theta0": [3, -2], "lr": 0.25, "steps": 3},
    ),
    draw=draw,
)


@EXERCISE.wrong
def ascends(gradient, theta0, lr, steps):
    """Your walk goes uphill.

    The gradient points in the direction in which the loss rises fastest.

    Subtract lr * gradient(theta).
    """
    path = [theta0]
    for _ in range(steps):
        path.append(path[-1] + lr * gradient(path[-1]))
    return np.array(path)


@EXERCISE.wrong
def gradient_from_the_start(gradient, theta0, lr, steps):
    """Every step uses the gradient of the start: the walk goes straight on, past the minimum.

    How often is `gradient` called, and at which points?

    Call it inside the loop, at the present point.
    """
    slope, path = gradient(theta0), [theta0]
    for _ in range(steps):
        path.append(path[-1] - lr * slope)
    return np.array(path)


@EXERCISE.wrong
def start_missing(gradient, theta0, lr, steps):
    """The start is missing from your path: its first row is the point after the first step.

    How many points does a walk of three steps touch?

    Put theta0 into the path before the loop.
    """
    path, theta = [], theta0
    for _ in range(steps):
        theta = theta - lr * gradient(theta)
        path.append(theta)
    return np.array(path)


@EXERCISE.wrong
def one_step_too_few(gradient, theta0, lr, steps):
    """Your walk is one step short.

    Which numbers does range(1, steps) give for steps = 3?

    The loop runs `steps` times, and the path has steps + 1 rows.
    """
    path = [theta0]
    for _ in range(1, steps):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


@EXERCISE.wrong
def one_step_too_many(gradient, theta0, lr, steps):
    """Your walk is one step too long.

    Which numbers does range(steps + 1) give for steps = 3?

    The loop runs `steps` times, and the path has steps + 1 rows.
    """
    path = [theta0]
    for _ in range(steps + 1):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


@EXERCISE.wrong
def only_the_end(gradient, theta0, lr, steps):
    """You return the last point; the exercise asks for the whole path.

    What could one draw from your result?

    Collect the points in a list and return np.array of it.
    """
    theta = theta0
    for _ in range(steps):
        theta = theta - lr * gradient(theta)
    return theta


@EXERCISE.wrong
def path_of_one_point(gradient, theta0, lr, steps):
    """All rows of your path are the last point: the list holds the same array many times.

    After `path.append(theta)`, what does `theta -= step` do to the array that is in the list?

    Make a new array in every step, theta = theta - step, or append a copy.
    """
    theta = np.array(theta0, float)
    path = [theta]
    for _ in range(steps):
        theta -= lr * gradient(theta)
        path.append(theta)
    return np.array(path)


@EXERCISE.wrong
def coordinates_one_after_another(gradient, theta0, lr, steps):
    """You update one coordinate after another, and the later ones already see the earlier ones' new values.

    At which point does the formula take the gradient, for all coordinates?

    Compute the whole gradient first, then move all coordinates at once.
    """
    path = [np.array(theta0, float)]
    for _ in range(steps):
        theta = path[-1].copy()
        for i in range(len(theta)):
            theta[i] = theta[i] - lr * gradient(theta)[i]
        path.append(theta)
    return np.array(path)


@EXERCISE.wrong
def integer_truncation(gradient, theta0, lr, steps):
    """Where the start is given as integers, your path is made of integers and loses the digits behind the point.

    Which type has np.zeros_like(theta0) if theta0 is np.array([3, -2])?

    Make the path an array of floats, or convert theta0 first.
    """
    path = np.zeros((steps + 1, *theta0.shape), theta0.dtype)
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = path[k] - lr * gradient(path[k])
    return path
