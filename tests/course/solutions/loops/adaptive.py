"""Right solutions, one number at a time."""

import math

import numpy as np


class AdaGrad:
    def __init__(self, lr=0.01, eps=1e-10):
        self.lr, self.eps = lr, eps
        self.history = []

    def step(self, theta, grad):
        self.history.append(grad.copy())
        moved = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            total = sum(old[i] ** 2 for old in self.history)
            moved[i] = theta[i] - self.lr * grad[i] / (math.sqrt(total) + self.eps)
        return moved


class RMSProp:
    def __init__(self, lr=0.01, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps, self.average = lr, beta, eps, None

    def step(self, theta, grad):
        if self.average is None:
            self.average = np.zeros(theta.shape)
        moved = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            self.average[i] += (1 - self.beta) * (grad[i] ** 2 - self.average[i])
            moved[i] = theta[i] - self.lr * grad[i] / (math.sqrt(self.average[i]) + self.eps)
        return moved


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.history = []

    def step(self, theta, grad):
        self.history.append(grad.copy())
        moved = np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            first = self.average([old[i] for old in self.history], self.beta1)
            second = self.average([old[i] ** 2 for old in self.history], self.beta2)
            moved[i] = theta[i] - self.lr * first / (math.sqrt(second) + self.eps)
        return moved

    @staticmethod
    def average(values, beta):
        weights = [beta**age for age in range(len(values))]
        return sum(w * value for w, value in zip(weights, reversed(values), strict=True)) / sum(weights)
