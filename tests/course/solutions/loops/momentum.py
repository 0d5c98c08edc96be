"""Right solutions, one number at a time, with the rate inside the velocity."""

import numpy as np


class Momentum:
    def __init__(self, lr=0.01, beta=0.9):
        self.lr, self.beta = lr, beta
        self.velocity = {}

    def step(self, theta, grad):
        moved = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            self.velocity[i] = self.beta * self.velocity.get(i, 0.0) - self.lr * grad[i]
            moved[i] = theta[i] + self.velocity[i]
        return moved


class Nesterov(Momentum):
    def step(self, theta, gradient):
        ahead = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            ahead[i] = theta[i] + self.beta * self.velocity.get(i, 0.0)
        return super().step(theta, gradient(ahead))


class ShiftedNesterov(Momentum):
    def step(self, theta, grad):
        before = dict(self.velocity)
        moved = super().step(theta, grad)
        for i in np.ndindex(theta.shape):
            moved[i] += self.beta * (self.velocity[i] - before.get(i, 0.0))
        return moved
