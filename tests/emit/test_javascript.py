"""The emitted JavaScript computes what NumPy computes, to the last bit: one Node process runs all of it."""

import itertools
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pytest
from numpy import abs, maximum, minimum, sign, sqrt  # noqa: A004  # the grammar's name for it

import optimtext as ot

STEPS = 5_000
SURFACES = (ot.surfaces.Ravine, ot.surfaces.Rosenbrock)
every_surface = pytest.mark.parametrize("surface_class", ot.surfaces.ALL, ids=lambda cls: cls.__name__)


@dataclass(frozen=True)
class Lookout:
    """A look-ahead rule that uses what the package's rules leave unused, and several lines of probe."""

    lr: float = 0.01
    beta: float = 0.8
    longest: float = 0.3
    push = 1e-3

    def probe(self, theta: Any, lr: Any, v: Any = 0.0, calm: Any = 1.0) -> Any:
        ahead = lr * (self.beta * v)
        return theta - ahead / (1 + calm)

    def update(self, theta: Any, grad: Any, lr: Any, v: Any = 0.0, calm: Any = 1.0) -> Any:
        calm = 0.9 * calm + 0.1 * abs(grad)  # how steep it has been
        v = self.beta * v - -grad / sqrt(calm + 1e-12)
        v = maximum(-3.0, minimum(3.0, v)) - -self.push * sign(v)
        step = lr * v
        theta = theta - maximum(-self.longest, minimum(self.longest, step))
        return theta, v, calm


RULES = [
    ot.GradientDescent(lr=5e-4),
    ot.Momentum(lr=2e-4, beta=0.9),
    ot.Nesterov(lr=2e-4, beta=0.9),
    ot.FISTA(lr=2e-4),
    ot.AdaGrad(lr=0.5),
    ot.RMSProp(lr=3e-3, beta=0.97, eps_root=1e-7),
    ot.AdaDelta(beta=0.95, eps_root=1e-4),
    ot.Adam(lr=0.02),
    ot.AdamUncorrected(lr=0.02, eps_root=1e-9),
    ot.AdaMax(lr=0.02),
    ot.AMSGrad(lr=0.02, eps_root=1e-9),
    ot.NAdam(lr=0.01),
    ot.AdamW(lr=0.02, weight_decay=0.03),
    ot.Lion(lr=7e-4, weight_decay=0.1),
    Lookout(lr=1e-3),
]

ENGINE = """
function run(rule, surface, start, hyper, steps) {
  const visited = [...start];
  let theta = [...start];
  let slots = theta.map(() => Object.values(rule.state));
  for (let k = 0; k < steps; k++) {
    const at = rule.probe ? theta.map((x, i) => rule.probe(hyper, x, hyper.lr, ...slots[i])) : theta;
    const grad = surface.slope(surface.hyper, ...at);
    const next = theta.map((x, i) => rule.update(hyper, x, grad[i], hyper.lr, ...slots[i]));
    theta = next.map((row) => row[0]);
    slots = next.map((row) => row.slice(1));
    visited.push(...theta);
  }
  return bits(visited);
}
"""


def hyper_of(rule: Any) -> str:
    return json.dumps(asdict(rule))


def points(surface: Any) -> Any:
    """A grid over the window, its corners far outside, the start and the minimizers."""
    (x0, x1), (y0, y1) = surface.window
    grid = [(x, y) for x in np.linspace(x0, x1, 37) for y in np.linspace(y0, y1, 31)]
    far = [(s * 1e3, t * 1e-3) for s, t in itertools.product((-1, 1), repeat=2)]
    return np.array([*grid, *far, (0.0, 0.0), (-0.0, 0.0), surface.start, *surface.minimizers])


@pytest.fixture(scope="module")
def answers(evaluate: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    rows = [
        f'out["{type(rule).__name__} {surface.__name__}"] = run({type(rule).__name__}, {surface.__name__}, '
        f"{surface.__name__}.start, {hyper_of(rule)}, {STEPS});"
        for rule in RULES
        for surface in SURFACES
    ]
    for surface in ot.surfaces.ALL:
        at, name = json.dumps(points(surface()).tolist()), surface.__name__
        rows.append(f'out["{name}"] = {{value: bits({at}.map(([x, y]) => {name}.value({name}.hyper, x, y))),')
        rows.append(f"  slope: bits({at}.flatMap(([x, y]) => {name}.slope({name}.hyper, x, y))),")
        rows.append(f"  points: bits([...{name}.start, ...{name}.minimizers.flat(), ...{name}.window.flat()]),")
        rows.append(f"  minimum: String({name}.minimum), name: {name}.name, hyper: {name}.hyper}};")
    for rule_class in ot.rules.ALL:
        name = rule_class.__name__
        rows.append(f'out["{name}"] = {{name: {name}.name, hyper: {name}.hyper, state: {name}.state}};')
    return evaluate("\n".join([ENGINE, *rows]), *map(type, RULES), *ot.surfaces.ALL)


def test_every_rule_is_among_those_compared() -> None:
    assert {type(rule) for rule in RULES} >= set(ot.rules.ALL)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("surface_class", SURFACES)
def test_trajectories_agree_to_the_last_bit(
    rule: Any, surface_class: Any, answers: dict[str, Any], assert_same_bits: Any
) -> None:
    surface = surface_class()
    result = ot.minimize(surface, surface.start, rule, max_steps=STEPS)
    assert result.steps == STEPS
    theirs = answers[f"{type(rule).__name__} {surface_class.__name__}"]
    assert_same_bits(result.trace.theta, theirs)
    stepper = ot.Stepper(rule, surface.start)
    for _ in range(500):
        stepper.step(surface.gradient(stepper.probe))
    assert_same_bits(stepper.theta, theirs[1000:1002])
    assert result.loss < surface.loss(surface.start)
    assert len(np.unique(result.trace.theta, axis=0)) > STEPS // 50  # neither stands still nor explodes


@every_surface
def test_surfaces_agree_to_the_last_bit_where_no_cosine_takes_part(
    surface_class: Any, answers: dict[str, Any], assert_same_bits: Any
) -> None:
    surface, theirs = surface_class(), answers[surface_class.__name__]
    at = points(surface)
    value, slope = surface.value(*at.T), np.stack(surface.slope(*at.T), axis=1)
    if surface_class is ot.surfaces.Rastrigin:
        np.testing.assert_allclose(theirs["value"], value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(theirs["slope"], slope.ravel(), rtol=1e-12, atol=1e-10)
    else:
        assert_same_bits(value, theirs["value"])
        assert_same_bits(slope, theirs["slope"])
    facts = [*surface.start, *surface.minimizers.ravel(), *np.ravel(surface.window)]
    assert_same_bits(facts, theirs["points"])
    assert theirs["minimum"] == ("-Infinity" if surface.minimum == -np.inf else f"{surface.minimum:g}")
    assert theirs["name"] == surface_class.__name__
    assert theirs["hyper"] == asdict(surface)


@pytest.mark.parametrize("rule_class", ot.rules.ALL, ids=lambda cls: cls.__name__)
def test_names_defaults_and_initial_state_come_along(rule_class: Any, answers: dict[str, Any]) -> None:
    rule, told = rule_class(), answers[rule_class.__name__]
    slots = list(rule_class.update.__defaults__ or ())
    assert told["name"] == rule_class.__name__
    assert told["hyper"] == asdict(rule)
    assert list(told["state"].values()) == slots
