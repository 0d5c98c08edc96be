"""The gradient on a batch of samples, and what goes wrong in it."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ARG001, N803, N806
# Wrong solutions look as learners write them: without annotations, matrices in capitals,
# and some of their arguments forgotten.

import numpy as np

from optimtext.course.functions import function_exercise
from optimtext.models import LinearRegression


def right(X, y, theta, batch):
    """Return the gradient of the package's model, without the bias, which is set to zero and left out."""
    return LinearRegression(X, y).gradient(np.append(theta, 0.0), batch=np.asarray(batch))[:-1]


def draw(rng):
    """Return a random case."""
    X, y, theta = rng.normal(size=(9, 3)), rng.normal(size=9), rng.normal(size=3)
    batch = rng.permutation(9)[:4]
    return {"X": X.tolist(), "y": y.tolist(), "theta": theta.tolist(), "batch": batch.tolist()}


X = [[1.0, 2.0], [0.0, -1.0], [3.0, 0.5], [2.0, 2.0], [-1.0, 1.0]]
Y = [1.0, 2.0, -1.0, 0.5, 3.0]
EXERCISE = function_exercise(
    right,
    name="batch_gradient",
    title="The gradient of a batch",
    symbol="batch_gradient",
    file="gradient_descent.py",
    chapter="batches",
    hints=(
        "Take the batch to be a single sample first: the loss is (x @ theta - y)**2. What is its derivative?",
        "Each sample gives 2 * (x @ theta - y) * x, and the gradient of the batch is the mean of them.",
        "With A = X[batch] and r = A @ theta - y[batch] it is 2 * A.T @ r / len(batch).",
    ),
    cases=(
        {"X": [[1.0]], "y": [3.0], "theta": [1.0], "batch": [0]},
        {"X": [[1.0], [2.0]], "y": [3.0, 0.0], "theta": [1.0], "batch": [0, 1]},
        {"X": [[1.0], [2.0], [4.0]], "y": [3.0, 1.0, 2.0], "theta": [1.0], "batch": [2]},
        {"X": X, "y": Y, "theta": [1.0, -2.0], "batch": [4, 1, 2]},
        {"X": X, "y": Y, "theta": [1.0, -2.0], "batch": [0, 1, 2, 3, 4]},
        {"X": X, "y": Y, "theta": [0.0, 0.0], "batch": [3, 3, 0]},
    ),
    draw=draw,
)


@EXERCISE.wrong
def sum_for_mean(X, y, theta, batch):
    """You add up the gradients of the samples and do not average: twice the batch makes twice the step.

    What should happen to the gradient if every sample stands in the batch twice?

    Divide by the number of samples in the batch.
    """
    A, b = X[batch], y[batch]
    return 2 * A.T @ (A @ theta - b)


@EXERCISE.wrong
def divides_by_all_samples(X, y, theta, batch):
    """You divide the sum over the batch by the number of all samples: small batches make tiny gradients.

    Over how many samples does your sum run?

    Divide by len(batch).
    """
    A, b = X[batch], y[batch]
    return 2 * A.T @ (A @ theta - b) / len(X)


@EXERCISE.wrong
def factor_two_missing(X, y, theta, batch):
    """Your gradient is half of the right one: the loss here has no factor ½ that would cancel the 2.

    What is the derivative of (x * theta - y)**2 in theta?

    Multiply by 2.
    """
    A, b = X[batch], y[batch]
    return A.T @ (A @ theta - b) / len(batch)


@EXERCISE.wrong
def residual_turned_around(X, y, theta, batch):
    """Your gradient has the wrong sign: the residual is turned around.

    For which theta is the prediction too large, and should the loss then grow or fall with theta?

    The residual is the prediction minus the target, A @ theta - y.
    """
    A, b = X[batch], y[batch]
    return 2 * A.T @ (b - A @ theta) / len(batch)


@EXERCISE.wrong
def batch_ignored(X, y, theta, batch):
    """Your gradient is that of all samples: the batch does not enter.

    How often is `batch` read in your function?

    Select first: X[batch] and y[batch].
    """
    return 2 * X.T @ (X @ theta - y) / len(X)


@EXERCISE.wrong
def first_rows_taken(X, y, theta, batch):
    """You take the first len(batch) rows, and not those that the batch names.

    Which samples does the batch [4, 1, 2] mean?

    Index with the array itself: X[batch].
    """
    A, b = X[: len(batch)], y[: len(batch)]
    return 2 * A.T @ (A @ theta - b) / len(batch)


@EXERCISE.wrong
def features_missing(X, y, theta, batch):
    """You average the residuals, but do not multiply each by its sample's features.

    By the chain rule the derivative of (x @ theta - y)**2 is 2 * (x @ theta - y) times something. What is it?

    Multiply by A.T from the left: 2 * A.T @ residual / len(batch).
    """
    A, b = X[batch], y[batch]
    return np.full(theta.shape, 2 * np.mean(A @ theta - b))


@EXERCISE.wrong
def size_of_the_residual(X, y, theta, batch):
    """You use the size of each residual without its sign, as if every prediction were too large.

    Which way must theta move if a prediction is too small?

    Keep the sign of A @ theta - y.
    """
    A, b = X[batch], y[batch]
    return 2 * A.T @ np.abs(A @ theta - b) / len(batch)
