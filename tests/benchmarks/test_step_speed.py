"""What one recorded step and the import cost; each ratio is taken within one run, from medians, warm."""
# ruff: noqa: T201  # a measurement tells what it measured

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
import pytest
import torch

import optimtext as ot

jax.config.update("jax_enable_x64", val=True)
STEPS, RATE = 500, 0.01
SURFACE = ot.surfaces.Rosenbrock()
WORK = "one recorded step of Adam on two parameters"


def ours() -> None:
    run = ot.minimize(SURFACE, SURFACE.start, ot.Adam(lr=RATE), max_steps=STEPS)
    assert run.steps == STEPS


def interpreted() -> None:
    with ot.kernels.off():
        ours()


def with_torch() -> list[float]:
    theta = torch.tensor(SURFACE.start, requires_grad=True)
    optimizer, losses = torch.optim.Adam([theta], lr=RATE), []
    for _ in range(STEPS):
        loss = (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


@pytest.fixture(scope="module")
def with_optax() -> Callable[[], list[float]]:
    """Loss, gradient and update in one jit, called once a step; the losses are read, as ours are."""
    optimizer = optax.adam(RATE)

    @jax.jit
    def step(theta: Any, state: Any) -> Any:
        loss, grad = jax.value_and_grad(lambda theta: (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2)(
            theta
        )
        updates, state = optimizer.update(grad, state, theta)
        return optax.apply_updates(theta, updates), state, loss

    def run() -> list[float]:
        theta = jnp.array(SURFACE.start)
        state, losses = optimizer.init(theta), []
        for _ in range(STEPS):
            theta, state, loss = step(theta, state)
            losses.append(float(loss))
        return losses

    return run


def test_a_recorded_step_beside_torch(medians: Any, report: Any) -> None:
    torch.set_num_threads(1)
    one, other = medians(interpreted, with_torch)
    report(1, WORK, "torch.optim.Adam, default", one / STEPS, other / STEPS, asked=5, at_least=4)


def test_a_recorded_step_beside_optax(medians: Any, report: Any, with_optax: Any) -> None:
    one, other = medians(interpreted, with_optax)
    against = "optax.adam, loss, gradient and update in one jit"
    report(2, WORK, against, one / STEPS, other / STEPS, asked=1, at_least=0.6)


def test_a_recorded_step_in_a_compiled_run_beside_optax(medians: Any, report: Any, with_optax: Any) -> None:
    assert ot.kernels.prepare(ot.Adam, SURFACE)
    one, other = medians(lambda: [ours() for _ in range(20)], with_optax)
    one = one / 20  # a single run is over before a clock can tell how long it took
    against = "optax.adam, loss, gradient and update in one jit"
    report(3, f"{WORK}, with `fast`", against, one / STEPS, other / STEPS, asked=1.5, at_least=4)


def test_importing_the_package_costs_at_most_1_3_times_numpy() -> None:
    # Compiled modules are kept, as they are for every user after the first import.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def importing(name: str) -> Callable[[], float]:
        code = f"import time; start = time.perf_counter(); import {name}; print(time.perf_counter() - start)"

        def work() -> float:
            command = [sys.executable, "-c", code]
            return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)

        return work

    package, numpy = importing("optimtext"), importing("numpy")
    package(), numpy()
    pairs = [(package(), numpy()) for _ in range(31)]
    one, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"\nimport optimtext: {one * 1e3:.1f} ms, import numpy: {other * 1e3:.1f} ms, {one / other:.3f}")
    assert one / other <= 1.3
