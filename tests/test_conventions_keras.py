"""Keras's recurrences written out in NumPy: what the conversion to Keras promises is what it computes."""
# ruff: noqa: N802  # the methods have the names of Keras's classes, by which the conversion calls them

import dataclasses
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.conventions import to_keras
from optimtext.conventions._keras import KERAS


class Keras:
    """The method ``update_step`` of Keras 3's optimizers, line by line, with the defaults of their constructors."""

    def __init__(self, theta: Any) -> None:
        self.theta, self.iterations, self.state = np.array(theta), 0, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        return self.state.setdefault(name, np.zeros_like(self.theta))

    def SGD(self, g: Any, *, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False) -> None:
        if momentum == 0:
            self.theta = self.theta - g * learning_rate
            return
        m = self.state["m"] = self["m"] * momentum - g * learning_rate
        self.theta = self.theta + (m * momentum - g * learning_rate if nesterov else m)

    def Adagrad(
        self, g: Any, *, learning_rate: float = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7
    ) -> None:
        total = self.state["total"] = self.state.get("total", initial_accumulator_value) + g * g
        self.theta = self.theta - learning_rate * g / np.sqrt(total + epsilon)

    def RMSprop(self, g: Any, *, learning_rate: float = 0.001, rho: float = 0.9, epsilon: float = 1e-7) -> None:
        velocity = self.state["velocity"] = rho * self["velocity"] + (1 - rho) * g * g
        self.theta = self.theta - learning_rate * g / np.sqrt(velocity + epsilon)

    def Adadelta(self, g: Any, *, learning_rate: float = 0.001, rho: float = 0.95, epsilon: float = 1e-7) -> None:
        squares = self.state["squares"] = rho * self["squares"] + (1 - rho) * g * g
        delta = -np.sqrt(self["deltas"] + epsilon) * g / np.sqrt(squares + epsilon)
        self.state["deltas"] = rho * self["deltas"] + (1 - rho) * delta * delta
        self.theta = self.theta + learning_rate * delta

    def Adam(
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
    ) -> None:
        local_step = self.iterations + 1
        alpha = learning_rate * np.sqrt(1 - beta_2**local_step) / (1 - beta_1**local_step)
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        v = self.state["v"] = self["v"] + (g * g - self["v"]) * (1 - beta_2)
        if amsgrad:
            v = self.state["v_hat"] = np.maximum(self["v_hat"], v)
        self.theta = self.theta - m * alpha / (np.sqrt(v) + epsilon)

    def AdamW(self, g: Any, *, learning_rate: float = 0.001, weight_decay: float = 0.004, **more: Any) -> None:
        self.theta = self.theta - self.theta * weight_decay * learning_rate  # the base class, before the step
        self.Adam(g, learning_rate=learning_rate, **more)

    def Adamax(
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        u = self.state["u"] = np.maximum(beta_2 * self["u"], np.abs(g))
        self.theta = self.theta - learning_rate * m / ((1 - beta_1 ** (self.iterations + 1)) * (u + epsilon))

    def Nadam(
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        u, u_next = (beta_1 * (1 - 0.5 * 0.96 ** (self.iterations + i)) for i in (1, 2))
        product = self.state["product"] = self.state.get("product", 1.0) * u
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        v = self.state["v"] = self["v"] + (g * g - self["v"]) * (1 - beta_2)
        m_hat = u_next * m / (1 - product * u_next) + (1 - u) * g / (1 - product)
        v_hat = v / (1 - beta_2 ** (self.iterations + 1))
        self.theta = self.theta - m_hat * learning_rate / (np.sqrt(v_hat) + epsilon)

    def Lion(
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        weight_decay: float | None = None,
    ) -> None:
        self.theta = self.theta - self.theta * (weight_decay or 0.0) * learning_rate
        self.theta = self.theta - learning_rate * np.sign(self["m"] * beta_1 + g * (1 - beta_1))
        self.state["m"] = self["m"] * beta_2 + g * (1 - beta_2)


def both(rule: Any, seed: int = 0, steps: int = 50) -> tuple[Any, Any]:
    """The points at which the gradients of both are taken, step by step."""
    rng = np.random.default_rng(seed)
    curvatures, center, start = rng.uniform(0.05, 4.0, 5), rng.normal(size=5), rng.normal(size=5)
    name, arguments = to_keras(rule)
    stepper, keras, mine, theirs = ot.Stepper(rule, start), Keras(start), [], []
    for _ in range(steps):
        stepper.step(curvatures * (stepper.probe - center))
        getattr(keras, name)(curvatures * (keras.theta - center), **arguments)
        keras.iterations += 1
        mine.append(stepper.probe.copy())
        theirs.append(keras.theta)
    return np.array(mine), np.array(theirs)


EXACT = [
    ot.GradientDescent(0.1), ot.Momentum(0.05, 0.8), ot.Momentum(0.05, 0.0), ot.Nesterov(0.05, 0.8),
    ot.Nesterov(0.1, 0.0), ot.AdaGrad(0.3, eps_root=0.02, eps=0.0), ot.RMSProp(0.02, 0.8, eps_root=0.01, eps=0.0),
    ot.AdaDelta(2.0, 0.8, eps_root=0.01), ot.Adam(0.02, 0.7, 0.95, eps=0.0), ot.AdaMax(0.02, 0.7, 0.95, eps=0.0),
    ot.AMSGrad(0.02, 0.7, 0.95, eps=0.0), ot.NAdam(0.02, 0.7, 0.95, gamma=0.96, eps=0.01),
    ot.AdamW(0.02, 0.7, 0.95, eps=0.0, weight_decay=0.3), ot.Lion(0.01, 0.7, 0.95, weight_decay=0.3),
]  # fmt: skip
NEARLY = [ot.Adam(0.02), ot.AMSGrad(0.02), ot.AdamW(0.02), ot.AdaMax(0.02)]


@pytest.mark.parametrize("rule", EXACT, ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_keras_takes_the_steps(rule: Any, seed: int) -> None:
    assert to_keras(rule).exact
    mine, theirs = both(rule, seed)
    # A dozen roundings a step, in another order; near a minimum adaptive rules amplify them, so the runs are short.
    assert (np.abs(mine - theirs).max(axis=1) / np.abs(theirs).max(axis=1)).max() < 1e-12
    assert np.abs(mine[-1] - mine[0]).max() > 1e-2


@pytest.mark.parametrize("rule", NEARLY, ids=repr)
def test_keras_nearly_takes_the_steps_where_its_epsilon_stands_elsewhere(rule: Any) -> None:
    call = to_keras(rule)
    assert not call.exact
    assert "epsilon" in call.notes[-1]
    mine, theirs = both(rule)
    assert 0 < np.abs(mine - theirs).max() < 1e-4
    # With a large epsilon the difference is there for all to see.
    mine, theirs = both(dataclasses.replace(rule, eps=0.1))
    assert np.abs(mine - theirs).max() > 1e-4


def test_the_note_on_the_folded_epsilon_tells_its_size() -> None:
    # In the first step Keras's epsilon acts like this one of ours: eps / sqrt(1 - beta2), 31.6 times as much.
    _, theirs = both(ot.Adam(eps=1e-3), steps=1)
    mine, _ = both(ot.Adam(eps=1e-3 / (1 - 0.999) ** 0.5), steps=1)
    np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    assert round((1 - 0.999) ** -0.5, 1) == 31.6


def test_every_way_of_asking_keras_is_run() -> None:
    for rule_class, entry in KERAS.entries.items():
        mine = [rule for rule in EXACT + NEARLY if type(rule) is rule_class]
        ways = () if isinstance(entry, str) else entry
        assert {next(i for i, way in enumerate(ways) if not way.lacks(r)) for r in mine} == set(range(len(ways)))


def test_the_defaults_are_those_of_kerass_constructors() -> None:
    for entry in KERAS.entries.values():
        for way in () if isinstance(entry, str) else entry:
            told = getattr(Keras, way.call).__kwdefaults__ | (Keras.Adam.__kwdefaults__ if way.call == "AdamW" else {})
            assert set(way.fixed) <= set(told)
            assert {theirs: told[theirs] for theirs, _ in way.arguments.values()} == dict(way.arguments.values())


def test_momentum_with_the_rate_inside_differs_under_a_schedule() -> None:
    """What the refusal says: Keras's velocity keeps the old rates. Here both rates are cut to a tenth."""
    keras, stepper = Keras(np.ones(1)), ot.Stepper(ot.Momentum(ot.StepDecay(lr=0.1, factor=0.1, every=10), 0.9), [1.0])
    before = 1.0, 1.0
    for k in range(11):
        before = float(keras.theta[0]), float(stepper.theta[0])
        assert before[0] == pytest.approx(before[1], abs=1e-14)
        keras.SGD(np.ones(1), learning_rate=0.1 if k < 10 else 0.01, momentum=0.9)
        stepper.step([1.0])
    ratio = (float(keras.theta[0]) - before[0]) / (float(stepper.theta[0]) - before[1])
    assert ratio > 8  # an old velocity of nearly ten gradients at ten times the rate
