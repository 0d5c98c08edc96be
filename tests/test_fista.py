"""FISTA: the path of its paper, the bound of its paper, and what its momentum does."""

import numpy as np
import pytest

import optimtext as ot
from optimtext.penalties import L1, L2, ElasticNet
from optimtext.theory import accelerated_bound, gradient_descent_bound, smoothness

NO_BIAS = slice(-1)
STEPS = 400


def regression(name, model=ot.models.LinearRegression):
    data = getattr(ot.datasets, name)().standardized()
    return model(data.features, data.targets)


def as_printed(model, lr, steps, penalty=None):
    """The method as its paper prints it: points x and y and the sequence t, without a velocity."""
    x = y = np.zeros(model.dim)
    t, path = 1.0, [x]
    for _ in range(steps):
        moved = y - lr * model.gradient(y)
        before, x = x, moved if penalty is None else penalty.prox(moved, lr)
        t_next = (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x + (t - 1) / t_next * (x - before)
        t = t_next
        path.append(x)
    return np.array(path)


@pytest.mark.parametrize("penalty", [None, L1(0.1, on=NO_BIAS), L2(0.1), ElasticNet(0.05, 0.1)], ids=str)
@pytest.mark.parametrize("name", ["penguins", "breast_cancer"])
def test_the_path_is_that_of_the_paper(name, penalty):
    model = regression(name)
    lr = 1 / smoothness(model)
    run = ot.minimize(model, np.zeros(model.dim), ot.FISTA(lr), max_steps=200, penalty=penalty)
    path = as_printed(model, lr, 200, penalty)
    np.testing.assert_allclose(run.trace.theta, path, rtol=0, atol=1e-12)
    if penalty is not None and hasattr(penalty, "l1"):
        np.testing.assert_array_equal(run.trace.theta == 0, path == 0)


@pytest.mark.parametrize("l1", [0.0, 0.02, 0.1])
@pytest.mark.parametrize("kind", [ot.models.LinearRegression, ot.models.LogisticRegression])
def test_the_gap_stays_below_the_bound_on_real_data(kind, l1):
    """With a small L2 penalty in place of none, since without one the logistic loss has no minimizer here."""
    model = regression("breast_cancer", kind)
    penalty = L1(l1, on=NO_BIAS) if l1 else L2(1e-3, on=NO_BIAS)
    steepest = smoothness(model)
    start = np.zeros(model.dim)
    solver, stop = ot.Nesterov(1 / steepest, 0.99), ot.GradientNorm(1e-11)
    best = ot.minimize(model, start, solver, max_steps=30_000, stop=stop, penalty=penalty, record_theta=False)
    run = ot.minimize(model, start, ot.FISTA(1 / steepest), max_steps=STEPS, penalty=penalty)
    steps = np.arange(1, STEPS + 1)
    gaps = run.trace.loss[1:] - best.loss
    bound = accelerated_bound(steepest, float(np.linalg.norm(start - best.theta)), steps)
    assert best.reason is ot.StopReason.GRADIENT_NORM
    assert (gaps <= bound).all()
    assert (gaps > -1e-12).all()


class Chain:
    """Nesterov's chain of springs, on which no first-order method is much better than the bound."""

    def __init__(self, dim):
        self.dim = dim
        self.matrix = 2 * np.eye(dim) - np.eye(dim, k=1) - np.eye(dim, k=-1)
        self.load = np.eye(dim)[0]
        self.minimizer = np.linalg.solve(self.matrix, self.load)

    def loss(self, theta):
        return 0.125 * theta @ self.matrix @ theta - 0.25 * self.load @ theta

    def gradient(self, theta):
        return 0.25 * (self.matrix @ theta - self.load)


def test_on_the_worst_quadratic_it_lies_between_what_is_promised_and_what_no_method_can_beat():
    steps = 100
    chain = Chain(2 * steps + 1)
    start, ks = np.zeros(chain.dim), np.arange(1, steps + 1)
    steepest = float(np.linalg.eigvalsh(chain.matrix)[-1] / 4)
    distance = float(np.linalg.norm(chain.minimizer))
    least = chain.loss(chain.minimizer)
    gaps = {
        rule: ot.minimize(chain, start, rule(1 / steepest), max_steps=steps).trace.loss[1:] - least
        for rule in (ot.FISTA, ot.GradientDescent)
    }
    assert (gaps[ot.FISTA] <= accelerated_bound(steepest, distance, ks)).all()
    assert (gaps[ot.GradientDescent] <= gradient_descent_bound(steepest, distance, ks)).all()
    # No method that adds up gradients has a smaller gap here than 3 L ‖θ₀ - θ*‖² / 32 (k + 1)² after k steps, k at most
    # half the dimension.
    assert gaps[ot.FISTA][-1] >= 3 * 1.0 * distance**2 / (32 * (steps + 1) ** 2)
    assert 4 * gaps[ot.FISTA][-1] < gaps[ot.GradientDescent][-1]


def test_the_momentum_starts_at_zero_grows_and_tends_to_one():
    stepper, momenta = ot.Stepper(ot.FISTA(0.1), [1.0]), []
    for _ in range(1000):
        stepper.step(stepper.probe)
        momenta.append(stepper.slots["b"])
    assert momenta[0] == 0
    assert (np.diff(momenta) > 0).all()
    k = np.arange(1, 1001)
    np.testing.assert_allclose(momenta[9:], 1 - 3 / k[9:], atol=0.1)
    assert 1 - 3 / 1000 < momenta[-1] < 1


def test_scalars_keep_the_precision_of_the_parameters():
    """The root of a number is a number of Python's; NumPy's would widen 32-bit parameters."""
    stepper = ot.Stepper(ot.FISTA(0.1), np.ones(3, dtype=np.float32))
    for _ in range(3):
        stepper.step(stepper.probe)
    assert type(stepper.slots["b"]) is float
    assert stepper.theta.dtype == np.float32
