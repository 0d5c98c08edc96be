"""Right solutions in NumPy's manner."""


class Momentum:
    def __init__(self, lr=0.01, beta=0.9):
        self.lr, self.beta, self.v = lr, beta, 0.0

    def step(self, theta, grad):
        self.v = self.beta * self.v + grad
        return theta - self.lr * self.v


class Nesterov:
    def __init__(self, lr=0.01, beta=0.9):
        self.lr, self.beta, self.v = lr, beta, 0.0

    def step(self, theta, gradient):
        ahead = theta - self.lr * self.beta * self.v
        self.v = self.beta * self.v + gradient(ahead)
        return theta - self.lr * self.v


class ShiftedNesterov:
    def __init__(self, lr=0.01, beta=0.9):
        self.lr, self.beta, self.v = lr, beta, 0.0

    def step(self, theta, grad):
        self.v = self.beta * self.v + grad
        return theta - self.lr * (grad + self.beta * self.v)
