"""Rules that a penalty cannot serve are refused with the reason, and the reason is true."""

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pytest

import optimtext as ot
from optimtext.penalties import L1

NO_BIAS = slice(-1)


WITH_ONE_RATE = (ot.GradientDescent, ot.Momentum, ot.Nesterov, ot.FISTA)
OTHERS = [rule for rule in ot.rules.ALL if rule not in WITH_ONE_RATE]


@pytest.mark.parametrize("kind", OTHERS, ids=lambda cls: cls.__name__)
def test_a_rule_that_scales_coordinates_is_refused_with_the_reason(kind):
    rule, penalty = kind(), L1(0.1)
    reason = (
        "the proximal map must use the same scales, and the plain one would lead to the minimum of another objective"
    )
    for attempt in (
        lambda: ot.Stepper(rule, [1.0], penalty=penalty),
        lambda: ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], rule, max_steps=1, penalty=penalty),
    ):
        with pytest.raises(ValueError, match=re.escape(reason)) as caught:
            attempt()
        assert f"got {rule!r}" in str(caught.value)
        assert str(caught.value).startswith(f"penalty={penalty!r} needs a rule with one rate for all coordinates")


def test_the_reason_is_true(regression, solve):
    """The plain map after AdaGrad's step: the run settles, and not at the minimizer."""
    model, penalty = regression("penguins"), L1(0.3, on=NO_BIAS)
    theta, s, rule = np.ones(4), 0.0, ot.AdaGrad(lr=0.3)
    for _ in range(20_000):
        theta, s = rule.update(theta, model.gradient(theta), rule.lr, s)
        theta = penalty.prox(theta, rule.lr)
    best = solve(model, ot.Nesterov, penalty)
    assert model.loss(theta) + penalty(theta) > best.loss + 0.01


def test_a_derived_rule_is_refused_since_its_update_may_be_another():
    @dataclasses.dataclass(frozen=True)
    class Scaled(ot.GradientDescent):
        def update(self, theta, grad, lr):
            return (theta - lr * grad / (1 + abs(grad)),)

    with pytest.raises(ValueError, match="needs a rule with one rate for all coordinates"):
        ot.Stepper(Scaled(), [1.0], penalty=L1())


@pytest.mark.parametrize("penalty", [L1, 0.1, abs, "l1", SimpleNamespace(prox=abs)], ids=str)
def test_what_is_no_penalty_is_refused(penalty):
    with pytest.raises(TypeError, match=r"^penalty must have a value and a method prox\(x, step\).* got "):
        ot.minimize(ot.surfaces.Bowl(), [1.0, 1.0], ot.GradientDescent(), max_steps=1, penalty=penalty)
