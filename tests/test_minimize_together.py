"""A problem that computes loss and gradient in one pass is asked once a step, and nothing else changes."""

import functools

import numpy as np
import pytest

import optimtext as ot


class Counting:
    """A model that counts how it is asked."""

    def __init__(self, model):
        self.model, self.n_samples, self.asked = model, model.n_samples, []

    def loss(self, theta, batch=None):
        self.asked.append("loss")
        return self.model.loss(theta, batch)

    def gradient(self, theta, batch=None):
        self.asked.append("gradient")
        return self.model.gradient(theta, batch)


class Together(Counting):
    """The same, with the third method."""

    def loss_and_gradient(self, theta, batch=None):
        self.asked.append("both")
        return self.model.loss_and_gradient(theta, batch)


@pytest.fixture
def model():
    data = ot.datasets.penguins().standardized()
    return ot.models.LinearRegression(data.features, data.targets)


@pytest.mark.parametrize("batch_size", [None, 32])
@pytest.mark.parametrize("rule", [ot.Adam(lr=0.1), ot.Momentum(lr=0.01)], ids=lambda rule: type(rule).__name__)
def test_one_pass_serves_both_and_changes_no_bit(model, rule, batch_size):
    apart, together = Counting(model), Together(model)
    runs = [
        ot.minimize(problem, np.zeros(model.dim), rule, max_steps=20, batch_size=batch_size, seed=0)
        for problem in (apart, together)
    ]
    np.testing.assert_array_equal(runs[0].trace.theta, runs[1].trace.theta)
    np.testing.assert_array_equal(runs[0].trace.loss, runs[1].trace.loss)
    assert together.asked == ["both"] * 21 + ["loss"]  # the last one is the full loss of the result
    assert apart.asked == ["loss", "gradient"] * 21 + ["loss"]


def test_a_rule_that_looks_ahead_still_takes_its_gradient_there(model):
    apart, together = Counting(model), Together(model)
    runs = [ot.minimize(p, np.zeros(model.dim), ot.Nesterov(lr=0.05), max_steps=20) for p in (apart, together)]
    np.testing.assert_array_equal(runs[0].trace.theta, runs[1].trace.theta)
    assert "both" not in together.asked


def test_batches_are_drawn_as_one_likes(model):
    shuffle = functools.partial(ot.sampling.blocked_batches, block=16, window=4)
    run = ot.minimize(
        model, np.zeros(model.dim), ot.GradientDescent(lr=0.05), max_steps=50, batch_size=32, seed=3, shuffle=shuffle
    )
    rng = np.random.default_rng(3)
    stepper, batches = ot.Stepper(ot.GradientDescent(lr=0.05), np.zeros(model.dim)), shuffle(model.n_samples, 32, rng)
    for _ in range(50):
        stepper.step(model.gradient(stepper.theta, next(batches)))
    np.testing.assert_array_equal(run.theta, stepper.theta)
