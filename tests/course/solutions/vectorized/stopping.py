"""Right solutions in NumPy's manner."""

import numpy as np


class EarlyStopping:
    def __init__(self, patience):
        self.patience, self.best_loss, self.best_theta, self.waited = patience, np.inf, None, 0

    def update(self, loss, theta):
        if loss < self.best_loss:
            self.best_loss, self.best_theta, self.waited = loss, theta.copy(), 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def soft_threshold(x, step, l1):
    return np.sign(x) * np.maximum(np.abs(x) - step * l1, 0.0)


def clip_by_norm(grad, limit):
    norm = np.linalg.norm(grad)
    return grad * (limit / norm) if norm > limit else grad
