"""Right solutions, one number at a time."""

import numpy as np


def gradient_step(theta, grad, lr):
    moved = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        moved[i] = theta[i] - lr * grad[i]
    return moved


def gradient_descent(gradient, theta0, lr, steps):
    theta = [float(value) for value in theta0]
    path = [theta]
    while steps > 0:
        slope = gradient(np.array(theta))
        theta = [value - lr * slope[i] for i, value in enumerate(theta)]
        path.append(theta)
        steps -= 1
    return np.array(path)


def batch_gradient(X, y, theta, batch):  # noqa: N803  # a matrix
    total = np.zeros(len(theta))
    for i in batch:
        residual = sum(X[i][j] * theta[j] for j in range(len(theta))) - y[i]
        for j in range(len(theta)):
            total[j] += 2 * residual * X[i][j] / len(batch)
    return total


def minibatches(n, batch_size, rng):
    waiting = list(range(n))
    rng.shuffle(waiting)
    while waiting:
        yield np.array(waiting[:batch_size])
        waiting = waiting[batch_size:]
