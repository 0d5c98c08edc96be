"""Every rule against PyTorch's optimizer of the same name, through a table that maps the hyper-parameters."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import optimtext as ot

STEPS = 100
SEEDS = range(8)
# Both sides do the same dozen roundings a step in another order, each of half a unit in the last place at most, on
# problems that do not amplify them: after 100 steps at worst about 100 * 12 * eps / 2. For float64 that is 1e-13.
TOLERANCE = {np.float64: 1e-12, np.float32: 600 * float(np.finfo(np.float32).eps)}


@dataclass(frozen=True)
class Pair:
    """A rule, its namesake, and what our hyper-parameters are called there."""

    rule: Any
    namesake: Any
    mapping: Callable[[dict[str, float]], dict[str, Any]]
    hyper: dict[str, tuple[float, float]]


RATE, SMALL, BETA = (0.01, 0.2), (0.002, 0.03), (0.3, 0.95)
PAIRS = {
    # ours, PyTorch's, {PyTorch's argument: ours}, the ranges of the random draw
    "GradientDescent": Pair(ot.GradientDescent, torch.optim.SGD, lambda h: {"lr": h["lr"]}, {"lr": RATE}),
    "Momentum": Pair(
        ot.Momentum,
        torch.optim.SGD,
        lambda h: {"lr": h["lr"], "momentum": h["beta"], "dampening": 0.0},
        {"lr": RATE, "beta": BETA},
    ),
    # PyTorch stores the look-ahead point, so its parameters are our probe.
    "Nesterov": Pair(
        ot.Nesterov,
        torch.optim.SGD,
        lambda h: {"lr": h["lr"], "momentum": h["beta"], "nesterov": True},
        {"lr": RATE, "beta": BETA},
    ),
    # The sum of squares starts from a value there, which stays inside the root as our eps_root does.
    "AdaGrad": Pair(
        ot.AdaGrad,
        torch.optim.Adagrad,
        lambda h: {"lr": h["lr"], "lr_decay": 0.0, "eps": h["eps"], "initial_accumulator_value": h["eps_root"]},
        {"lr": RATE, "eps": (1e-10, 0.1), "eps_root": (0.0, 0.1)},
    ),
    # No epsilon inside the root there: our eps_root is zero.
    "RMSProp": Pair(
        ot.RMSProp,
        torch.optim.RMSprop,
        lambda h: {"lr": h["lr"], "alpha": h["beta"], "eps": h["eps"], "momentum": 0.0, "centered": False},
        {"lr": SMALL, "beta": (0.5, 0.99), "eps": (1e-8, 0.1)},
    ),
    # One epsilon there, inside both roots as ours. Drawn small: where the steps have grown until they overshoot, the
    # minimum of a quadratic amplifies roundings a thousandfold.
    "AdaDelta": Pair(
        ot.AdaDelta,
        torch.optim.Adadelta,
        lambda h: {"lr": h["lr"], "rho": h["beta"], "eps": h["eps_root"]},
        {"lr": (0.3, 1.0), "beta": (0.8, 0.99), "eps_root": (1e-6, 3e-5)},
    ),
    "Adam": Pair(
        ot.Adam,
        torch.optim.Adam,
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"], "amsgrad": False},
        {"lr": SMALL, "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "eps": (1e-8, 0.1)},
    ),
    # Nobody else names this one. PyTorch's Adam corrects by 1 - beta**t, so it is Adam at an astronomical t.
    "AdamUncorrected": Pair(
        ot.AdamUncorrected,
        torch.optim.Adam,
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"], "amsgrad": False},
        {"lr": SMALL, "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "eps": (1e-8, 0.1)},
    ),
    "AdaMax": Pair(
        ot.AdaMax,
        torch.optim.Adamax,
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"]},
        {"lr": SMALL, "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "eps": (1e-8, 0.1)},
    ),
    # The maximum is taken there before the correction too.
    "AMSGrad": Pair(
        ot.AMSGrad,
        torch.optim.Adam,
        lambda h: {"lr": h["lr"], "betas": (h["beta1"], h["beta2"]), "eps": h["eps"], "amsgrad": True},
        {"lr": SMALL, "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "eps": (1e-8, 0.1)},
    ),
    # The momentum warms up by a power of 0.96 there, whose exponent is the argument, and by the factor here.
    "NAdam": Pair(
        ot.NAdam,
        torch.optim.NAdam,
        lambda h: {
            "lr": h["lr"],
            "betas": (h["beta1"], h["beta2"]),
            "eps": h["eps"],
            "momentum_decay": math.log(h["gamma"], 0.96),
        },
        {"lr": SMALL, "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "gamma": (0.9, 0.9999), "eps": (1e-8, 0.1)},
    ),
    # Both multiply the decay by the rate.
    "AdamW": Pair(
        ot.AdamW,
        torch.optim.AdamW,
        lambda h: {
            "lr": h["lr"],
            "betas": (h["beta1"], h["beta2"]),
            "eps": h["eps"],
            "weight_decay": h["weight_decay"],
            "amsgrad": False,
        },
        {
            "lr": SMALL,
            "beta1": (0.5, 0.95),
            "beta2": (0.9, 0.999),
            "eps": (1e-8, 0.1),
            "weight_decay": (0.0, 1.0),
        },
    ),
}
ELSEWHERE = (
    ot.FISTA,  # no library has it; tests/test_fista.py compares it with the paper
    ot.Lion,  # PyTorch has none; test_variants.py compares it with optax
)
FORGOTTEN = 2.0**23  # steps after which no power of a beta is left, and still a whole number in float32


@dataclass(frozen=True)
class Quadratic:
    """A random positive definite quadratic with curvatures from 0.05 to 4."""

    rng: np.random.Generator
    dtype: Any

    def gradient(self) -> tuple[Callable[[Any], Any], Any]:
        dim = int(self.rng.integers(2, 9))
        turn, _ = np.linalg.qr(self.rng.normal(size=(dim, dim)))
        hessian = ((turn * self.rng.uniform(0.05, 4.0, dim)) @ turn.T).astype(self.dtype)
        center = self.rng.normal(size=dim).astype(self.dtype)
        return (lambda theta: hessian @ (theta - center)), self.rng.normal(size=dim).astype(self.dtype)


@dataclass(frozen=True)
class Logistic:
    """A random logistic regression, with an L2 term so that it has a minimum."""

    rng: np.random.Generator
    dtype: Any

    def gradient(self) -> tuple[Callable[[Any], Any], Any]:
        samples, dim = 40, int(self.rng.integers(2, 7))
        features = self.rng.normal(size=(samples, dim)).astype(self.dtype)
        signs = np.where(self.rng.random(samples) < 0.5, -1, 1).astype(self.dtype)
        ridge, one = self.dtype(0.1), self.dtype(1)

        def gradient(theta: Any) -> Any:
            margin = signs * (features @ theta)
            return features.T @ (-signs / (one + np.exp(margin))) / self.dtype(samples) + ridge * theta

        return gradient, self.rng.normal(size=dim).astype(self.dtype)


def theirs(pair: Pair, hyper: dict[str, float], gradient: Any, theta0: Any, steps: int) -> list[Any]:
    theta = torch.tensor(theta0.copy(), requires_grad=True)
    optimizer = pair.namesake([theta], **pair.mapping(hyper), foreach=False)
    if pair.rule is ot.AdamUncorrected:
        zeros = {name: torch.zeros_like(theta, requires_grad=False) for name in ("exp_avg", "exp_avg_sq")}
        optimizer.state[theta] = {"step": torch.tensor(FORGOTTEN), **zeros}
    if pair.rule is ot.NAdam:
        # PyTorch keeps the product of the momenta in its default type, float32, whatever the parameters are.
        zeros = {name: torch.zeros_like(theta, requires_grad=False) for name in ("exp_avg", "exp_avg_sq")}
        product = torch.ones((), dtype=torch.float64)
        optimizer.state[theta] = {"step": torch.tensor(0.0), "mu_product": product, **zeros}
    visited = [theta0.copy()]
    for _ in range(steps):
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy()))
        optimizer.step()
        visited.append(theta.detach().numpy().copy())
    return visited


def ours(rule: Any, gradient: Any, theta0: Any, steps: int) -> list[Any]:
    stepper, visited = ot.Stepper(rule, theta0), [theta0.copy()]
    for _ in range(steps):
        stepper.step(gradient(stepper.probe))
        visited.append(stepper.probe.copy())
    return visited


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("problem", [Quadratic, Logistic])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("seed", SEEDS)
def test_rule_follows_its_namesake(name: str, problem: Any, dtype: Any, seed: int) -> None:
    pair, rng = PAIRS[name], np.random.default_rng([seed, sum(map(ord, name))])
    gradient, theta0 = problem(rng, dtype).gradient()
    hyper = {key: float(rng.uniform(*limits)) for key, limits in pair.hyper.items()}
    mine = np.array(ours(pair.rule(**hyper), gradient, theta0, STEPS))
    other = np.array(theirs(pair, hyper, gradient, theta0, STEPS))
    assert mine.dtype == other.dtype == dtype
    error = np.abs(mine - other).max(axis=1) / np.abs(other).max(axis=1)
    assert error.max() < TOLERANCE[dtype], f"step {error.argmax()}: {error.max():.2e} with {hyper}"
    assert np.abs(mine[-1] - mine[0]).max() > 1e-2  # the run went somewhere


@pytest.mark.parametrize("name", PAIRS)
def test_defaults_are_pytorchs_where_ours_say_so(name: str) -> None:
    pair = PAIRS[name]
    rule = pair.rule()
    defaults = pair.namesake([torch.zeros(1, requires_grad=True)], lr=1.0).defaults
    hyper = {field: getattr(rule, field) for field in pair.rule.__dataclass_fields__}
    told = {key: value for key, value in pair.mapping(hyper).items() if key not in ("momentum", "nesterov", "lr")}
    told.pop("amsgrad", None)  # which rule it is, not a constant
    if pair.rule is ot.NAdam:
        told["momentum_decay"] = round(told["momentum_decay"], 12)  # from a logarithm
    assert told == {key: defaults[key] for key in told}


def test_all_rules_have_a_pair() -> None:
    assert [pair.rule for pair in PAIRS.values()] == [rule for rule in ot.rules.ALL if rule not in ELSEWHERE]
    assert not any(hasattr(torch.optim, rule.__name__) for rule in ELSEWHERE)


def test_looking_where_the_misprint_looks_would_be_noticed() -> None:
    """The sharpness of this comparison: the look-ahead without the rate is far outside the tolerance."""

    @dataclass(frozen=True)
    class Misprinted(ot.Nesterov):
        def probe(self, theta: Any, lr: Any, v: Any = 0.0) -> Any:
            return theta - self.beta * v

    gradient, theta0 = Quadratic(np.random.default_rng(0), np.float64).gradient()
    hyper = {"lr": 0.1, "beta": 0.5}
    wrong = np.array(ours(Misprinted(**hyper), gradient, theta0, 10))
    right = np.array(theirs(PAIRS["Nesterov"], hyper, gradient, theta0, 10))
    assert np.abs(wrong - right).max() > 1e-3
