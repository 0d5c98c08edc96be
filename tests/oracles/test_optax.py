"""Adam against optax, which has both epsilons; the uncorrected Adam against optax's own moving averages."""

from typing import Any

import jax
import numpy as np
import optax
import pytest

import optimtext as ot

jax.config.update("jax_enable_x64", True)
SEEDS = range(6)


def problem(rng: np.random.Generator) -> tuple[Any, Any]:
    """A random quadratic: curvatures and center in coordinates of its own."""
    dim = int(rng.integers(2, 9))
    curvatures, center = rng.uniform(0.05, 4.0, dim), rng.normal(size=dim)
    return (lambda theta: curvatures * (np.asarray(theta) - center)), rng.normal(size=dim)


def constants(rng: np.random.Generator, eps: float | None, eps_root: float | None) -> dict[str, float]:
    return {
        "lr": float(rng.uniform(0.002, 0.05)),
        "beta1": float(rng.uniform(0.5, 0.95)),
        "beta2": float(rng.uniform(0.9, 0.999)),
        "eps": float(rng.uniform(1e-8, 0.1)) if eps is None else eps,
        "eps_root": float(rng.uniform(1e-8, 0.1)) if eps_root is None else eps_root,
    }


def assert_near(mine: list[Any], other: list[Any]) -> None:
    one, two = np.array(mine), np.array(other)
    assert one.dtype == two.dtype == np.float64
    assert (np.abs(one - two).max(axis=1) / np.abs(two).max(axis=1)).max() < 1e-12


def ours(rule: Any, gradient: Any, theta0: Any, steps: int) -> list[Any]:
    stepper, visited = ot.Stepper(rule, theta0), []
    for _ in range(steps):
        stepper.step(gradient(stepper.theta))
        visited.append(stepper.theta.copy())
    return visited


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("eps", "eps_root"), [(None, 0.0), (0.0, None), (None, None), (1e-8, 0.0)])
def test_adam_with_either_epsilon(seed: int, eps: float | None, eps_root: float | None) -> None:
    rng = np.random.default_rng(seed)
    (gradient, theta), hyper = problem(rng), constants(rng, eps, eps_root)
    mine = ours(ot.Adam(**hyper), gradient, theta, 60)
    optimizer = optax.adam(hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"], hyper["eps_root"])
    state, visited = optimizer.init(jax.numpy.asarray(theta)), []
    for _ in range(60):
        change, state = optimizer.update(jax.numpy.asarray(gradient(theta)), state)
        theta = np.asarray(optax.apply_updates(jax.numpy.asarray(theta), change))
        visited.append(theta)
    assert_near(mine, visited)


@pytest.mark.parametrize("seed", SEEDS)
def test_uncorrected_adam_from_two_averages(seed: int) -> None:
    """Optax has no optimizer of this name either; its averages without debiasing are the two halves of it."""
    rng = np.random.default_rng(seed)
    (gradient, theta), hyper = problem(rng), constants(rng, None, None)
    mine = ours(ot.AdamUncorrected(**hyper), gradient, theta, 60)
    first, second = (optax.ema(hyper[name], debias=False) for name in ("beta1", "beta2"))
    one, two = (average.init(jax.numpy.asarray(theta)) for average in (first, second))
    visited = []
    for _ in range(60):
        grad = jax.numpy.asarray(gradient(theta))
        m, one = first.update(grad, one)
        v, two = second.update(grad**2, two)
        denominator = np.sqrt(np.asarray(v) + hyper["eps_root"]) + hyper["eps"]
        theta = theta - hyper["lr"] * np.asarray(m) / denominator
        visited.append(theta)
    assert_near(mine, visited)
