"""The rules beyond the source texts against optax, and where namesakes differ."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import optax
import pytest
import torch

import optimtext as ot

jax.config.update("jax_enable_x64", True)
SEEDS = range(6)
STEPS = 80
ADAM = {"lr": (0.002, 0.05), "beta1": (0.5, 0.95), "beta2": (0.9, 0.999), "eps": (1e-8, 0.1), "eps_root": (1e-8, 0.1)}
RANGES = {"weight_decay": (0.0, 1.0), **ADAM}
# ours, hyper-parameters that are fixed (the others are drawn), optax's from all of ours
PAIRS: dict[str, tuple[Any, dict[str, float], Callable[[dict[str, Any]], Any]]] = {
    "AdaDelta": (
        ot.AdaDelta,
        {"lr": 0.7, "beta": 0.93, "eps_root": 1e-3},
        lambda h: optax.adadelta(h["lr"], rho=h["beta"], eps=h["eps_root"]),
    ),
    "AdaMax": (ot.AdaMax, {}, lambda h: optax.adamax(h["lr"], b1=h["beta1"], b2=h["beta2"], eps=h["eps"])),
    # Constant momentum is all that optax has.
    "NAdam": (
        ot.NAdam,
        {"gamma": 0.0},
        lambda h: optax.nadam(h["lr"], b1=h["beta1"], b2=h["beta2"], eps=h["eps"], eps_root=h["eps_root"]),
    ),
    "AdamW": (
        ot.AdamW,
        {},
        lambda h: optax.adamw(
            h["lr"],
            b1=h["beta1"],
            b2=h["beta2"],
            eps=h["eps"],
            eps_root=h["eps_root"],
            weight_decay=h["weight_decay"],
        ),
    ),
    "Lion": (
        ot.Lion,
        {},
        lambda h: optax.lion(h["lr"], b1=h["beta1"], b2=h["beta2"], weight_decay=h["weight_decay"]),
    ),
}


def problem(rng: np.random.Generator) -> tuple[Any, Any]:
    """A random quadratic: curvatures and center in coordinates of its own."""
    dim = int(rng.integers(2, 9))
    curvatures, center = rng.uniform(0.05, 4.0, dim), rng.normal(size=dim)
    return (lambda theta: curvatures * (np.asarray(theta) - center)), rng.normal(size=dim)


def ours(rule: Any, gradient: Any, theta0: Any, steps: int = STEPS) -> Any:
    stepper, visited = ot.Stepper(rule, theta0), []
    for _ in range(steps):
        stepper.step(gradient(stepper.theta))
        visited.append(stepper.theta.copy())
    return np.array(visited)


def theirs(optimizer: Any, gradient: Any, theta0: Any, steps: int = STEPS) -> Any:
    theta, visited = jax.numpy.asarray(theta0), []
    state = optimizer.init(theta)
    for _ in range(steps):
        change, state = optimizer.update(jax.numpy.asarray(gradient(theta)), state, theta)
        theta = optax.apply_updates(theta, change)
        visited.append(np.asarray(theta))
    return np.array(visited)


def difference(one: Any, two: Any) -> float:
    assert one.dtype == two.dtype == np.float64
    return float((np.abs(one - two).max(axis=1) / np.abs(two).max(axis=1)).max())


def constants(rule: Any, fixed: dict[str, float], rng: np.random.Generator) -> dict[str, float]:
    drawn = (name for name in rule.__dataclass_fields__ if name not in fixed)
    return {**{name: float(rng.uniform(*RANGES[name])) for name in drawn}, **fixed}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_rule_follows_its_namesake(name: str, seed: int) -> None:
    (rule, fixed, make), rng = PAIRS[name], np.random.default_rng([seed, len(name)])
    (gradient, theta0), hyper = problem(rng), constants(rule, fixed, rng)
    mine = ours(rule(**hyper), gradient, theta0)
    assert difference(mine, theirs(make(hyper), gradient, theta0)) < 1e-12
    assert np.abs(mine[-1] - theta0).max() > 1e-2  # the run went somewhere


@pytest.mark.parametrize("seed", SEEDS)
def test_amsgrad_of_the_paper_is_optaxs_without_its_corrections(seed: int) -> None:
    """The rate that undoes our corrections; both epsilons are zero, as in the paper."""
    rng = np.random.default_rng(seed)
    (gradient, theta0), hyper = problem(rng), constants(ot.AMSGrad, {"eps": 0.0, "eps_root": 0.0}, rng)
    lr, beta1, beta2 = hyper["lr"], hyper["beta1"], hyper["beta2"]
    hyper["lr"] = lambda t: lr * (1 - beta1 ** (t + 1)) / np.sqrt(1 - beta2 ** (t + 1))
    paper = optax.chain(
        optax.scale_by_amsgrad(beta1, beta2, eps=0.0, eps_root=0.0, bias_correction_mu=False, bias_correction_nu=False),
        optax.scale(-lr),
    )
    assert difference(ours(ot.AMSGrad(**hyper), gradient, theta0), theirs(paper, gradient, theta0)) < 1e-12


def amsgrads(gradients: list[float]) -> tuple[Any, Any]:
    given, hyper = iter(gradients), constants(ot.AMSGrad, {}, np.random.default_rng(0))
    mine = ours(ot.AMSGrad(**hyper), lambda _: np.array([next(given)]), np.ones(1), len(gradients))
    given = iter(gradients)
    names = {"b1": "beta1", "b2": "beta2", "eps": "eps", "eps_root": "eps_root"}
    optimizer = optax.amsgrad(hyper["lr"], **{theirs: hyper[own] for theirs, own in names.items()})
    return mine, theirs(optimizer, lambda _: np.array([next(given)]), np.ones(1), len(gradients))


def test_amsgrad_is_optaxs_as_long_as_no_corrected_average_falls_and_then_no_longer() -> None:
    growing = [(-1) ** t * (1 + t / 10) for t in range(50)]
    assert difference(*amsgrads(growing)) < 1e-12
    assert difference(*amsgrads([10.0, *50 * [1.0]])) > 1e-2


@pytest.mark.parametrize("seed", SEEDS)
def test_adamw_decays_with_the_rate_of_the_step_as_in_pytorch_and_optax(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gradient, theta0 = problem(rng)
    schedule, decay = ot.CosineAnnealing(lr_max=0.1, lr_min=0.001, steps=60), 0.5
    mine = ours(ot.AdamW(lr=schedule, weight_decay=decay), gradient, theta0)

    theta = torch.tensor(theta0.copy(), requires_grad=True)
    optimizer, visited = torch.optim.AdamW([theta], lr=1.0, weight_decay=decay), []
    for t in range(STEPS):
        optimizer.param_groups[0]["lr"] = schedule(t)
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy()))
        optimizer.step()
        visited.append(theta.detach().numpy().copy())
    assert difference(mine, np.array(visited)) < 1e-12

    rates = jax.numpy.asarray([schedule(t) for t in range(STEPS)])
    other = theirs(optax.adamw(lambda count: rates[count], weight_decay=decay), gradient, theta0)
    assert difference(mine, other) < 1e-12


def test_nadam_of_pytorch_keeps_a_product_in_float32_and_so_differs_in_the_seventh_digit() -> None:
    gradient, theta0 = problem(np.random.default_rng(0))
    theta = torch.tensor(theta0.copy(), requires_grad=True)
    optimizer, visited = torch.optim.NAdam([theta], lr=0.01), []
    for _ in range(STEPS):
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy()))
        optimizer.step()
        visited.append(theta.detach().numpy().copy())
    assert 1e-12 < difference(ours(ot.NAdam(lr=0.01), gradient, theta0), np.array(visited)) < 1e-6
