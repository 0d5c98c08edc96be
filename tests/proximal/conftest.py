"""What the tests of penalties share: the rules that take one, regressions on real data, and their solution."""

import numpy as np
import pytest

import optimtext as ot


@pytest.fixture(scope="session", params=[ot.GradientDescent, ot.Momentum, ot.Nesterov], ids=lambda cls: cls.__name__)
def kind(request):
    """Return each of the rules with one rate for all coordinates, but FISTA, which has tests of its own."""
    return request.param


@pytest.fixture(scope="session")
def regression():
    """Return a function from the name of a data set to its linear regression."""

    def make(name):
        data = getattr(ot.datasets, name)().standardized()
        return ot.models.LinearRegression(data.features, data.targets)

    return make


@pytest.fixture(scope="session")
def rule_for():
    """Return a function that gives a rule the rate at which it is known to converge on a penalized quadratic."""

    def make(kind, model, beta=0.9):
        steepest = np.linalg.eigvalsh(model.hessian())[-1]
        if kind is ot.GradientDescent:
            return kind(1.9 / steepest)
        return kind(1 / steepest, beta) if kind is ot.Nesterov else kind(1.99 * (1 - beta) / steepest, beta)

    return make


@pytest.fixture(scope="session")
def solve(rule_for):
    """Return a function that runs to the minimizer."""

    def run(model, kind, penalty):
        stop, start = ot.GradientNorm(1e-12), np.zeros(model.dim)
        rule = rule_for(kind, model)
        return ot.minimize(model, start, rule, max_steps=12_000, penalty=penalty, stop=stop, record_theta=False)

    return run
