"""Right solutions, one number at a time."""

import math

import numpy as np


class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.losses, self.thetas = [], []

    def update(self, loss, theta):
        self.losses.append(loss)
        self.thetas.append([float(value) for value in theta])
        return len(self.losses) - 1 - self.best >= self.patience

    @property
    def best(self):
        return self.losses.index(min(self.losses))

    @property
    def best_theta(self):
        return self.thetas[self.best]


def soft_threshold(x, step, l1):
    result = []
    for value in x:
        if value > step * l1:
            result.append(value - step * l1)
        elif value < -step * l1:
            result.append(value + step * l1)
        else:
            result.append(0.0)
    return np.array(result)


def clip_by_norm(grad, limit):
    length = math.sqrt(sum(float(g) ** 2 for g in grad))
    share = min(1.0, limit / length) if length else 1.0
    return np.array([share * g for g in grad])
