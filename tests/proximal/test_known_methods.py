"""Proximal steps are the known methods: the paths of ISTA, FISTA and iPiano, and their published bounds."""

import numpy as np
import pytest

import optimtext as ot
from optimtext.penalties import L1, L2, ElasticNet

NO_BIAS = slice(-1)


@pytest.fixture(scope="module", params=["penguins", "breast_cancer"])
def model(request, regression):
    return regression(request.param)


def textbook(kind, model, penalty, lr, beta, steps):
    """The methods as their papers print them: without a velocity, from the last two points."""
    before = theta = np.zeros(model.dim)
    path = [theta]
    for _ in range(steps):
        ahead = theta + beta * (theta - before)
        if kind is ot.Nesterov:  # FISTA with constant momentum
            after = penalty.prox(ahead - lr * model.gradient(ahead), lr)
        else:  # iPiano; with beta = 0, ISTA
            after = penalty.prox(ahead - lr * model.gradient(theta), lr)
        before, theta = theta, after
        path.append(theta)
    return np.array(path)


@pytest.mark.parametrize("penalty", [L1(0.1, on=NO_BIAS), L2(0.1), ElasticNet(0.05, 0.1)], ids=str)
def test_the_paths_are_those_of_ista_fista_and_ipiano(model, kind, penalty, rule_for):
    rule = rule_for(kind, model)
    run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=200, penalty=penalty)
    path = textbook(kind, model, penalty, rule.lr, getattr(rule, "beta", 0.0), 200)
    np.testing.assert_allclose(run.trace.theta, path, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(run.trace.theta == 0, path == 0)


@pytest.mark.parametrize("penalty", [L1(0.1, on=NO_BIAS), ElasticNet(0.05, 0.1)], ids=str)
def test_the_gap_stays_below_the_published_bounds(model, penalty, solve):
    curvatures = np.linalg.eigvalsh(model.hessian())
    steepest, kappa = curvatures[-1], curvatures[-1] / curvatures[0]
    beta = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    end = solve(model, ot.Nesterov, penalty)
    distance = end.theta @ end.theta  # from a start at zero

    def gaps(rule):
        run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=400, penalty=penalty, record_theta=False)
        return run.trace.loss - end.loss

    k, slack = np.arange(401), 1e-12
    plain = gaps(ot.GradientDescent(1 / steepest))
    assert (plain[1:] <= steepest * distance / (2 * k[1:]) + slack).all()
    assert (np.diff(plain) <= slack).all()  # ISTA only ever descends
    fast = gaps(ot.Nesterov(1 / steepest, beta))
    assert (fast <= (1 - 1 / np.sqrt(kappa)) ** k * (fast[0] + curvatures[0] / 2 * distance) + slack).all()


def test_acceleration_pays_on_an_ill_conditioned_problem(regression):
    model, penalty = regression("breast_cancer"), L1(0.02, on=NO_BIAS)
    steepest = np.linalg.eigvalsh(model.hessian())[-1]
    plain, fast = (
        ot.minimize(
            model, np.zeros(model.dim), rule, max_steps=12_000, penalty=penalty, stop=ot.GradientNorm(1e-9)
        ).steps
        for rule in (ot.GradientDescent(1 / steepest), ot.Nesterov(1 / steepest, 0.97))
    )
    assert fast < plain / 3
