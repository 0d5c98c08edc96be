"""Right solutions in NumPy's manner."""

import numpy as np


def gradient_step(theta, grad, lr):
    return theta - lr * grad


def gradient_descent(gradient, theta0, lr, steps):
    path = np.empty((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = gradient_step(path[k], gradient(path[k]), lr)
    return path


def batch_gradient(X, y, theta, batch):  # noqa: N803  # a matrix
    rows = X[batch]
    return 2 * rows.T @ (rows @ theta - y[batch]) / len(batch)


def minibatches(n, batch_size, rng):
    order = rng.permutation(n)
    return np.split(order, range(batch_size, n, batch_size))
