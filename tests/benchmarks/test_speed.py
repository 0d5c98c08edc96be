"""What a recorded step, an import and a long step cost; each ratio is taken within one run, from medians, warm.

Run it with `-s` to see the figures.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import optimtext as ot

ROUNDS = 15


def medians(*works: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Median seconds of each work, taken in turns so that a busy moment of the machine meets all of them."""
    for work in works:
        work()
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, seconds, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in seconds]


def test_a_recorded_adam_step_costs_at_most_a_third_of_a_torch_step() -> None:
    torch.set_num_threads(1)
    steps, surface = 500, ot.surfaces.Rosenbrock()

    def ours() -> None:
        run = ot.minimize(surface, surface.start, ot.Adam(lr=0.01), max_steps=steps)
        assert run.steps == steps

    def theirs() -> None:
        theta = torch.tensor(surface.start, requires_grad=True)
        optimizer = torch.optim.Adam([theta], lr=0.01)
        for _ in range(steps):
            loss = (1 - theta[0]) ** 2 + 100 * (theta[1] - theta[0] ** 2) ** 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    one, other = medians(ours, theirs)
    print(f"\nrecorded Adam step: {one / steps * 1e6:.1f} µs, PyTorch: {other / steps * 1e6:.1f} µs, {one / other:.3f}")
    assert one / other <= 1 / 3


def test_a_recorded_adam_step_costs_at_most_a_third_of_the_cheapest_torch_step() -> None:
    """On a bowl, whose loss is one product: nearly all of PyTorch's time is its optimizer's then."""
    torch.set_num_threads(1)
    steps, surface = 500, ot.surfaces.Bowl(curvature=2.0)

    def ours() -> None:
        ot.minimize(surface, surface.start, ot.Adam(lr=0.01), max_steps=steps)

    def theirs() -> None:
        theta = torch.tensor(surface.start, requires_grad=True)
        optimizer = torch.optim.Adam([theta], lr=0.01)
        for _ in range(steps):
            loss = theta.dot(theta)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    one, other = medians(ours, theirs)
    print(f"\non a bowl: {one / steps * 1e6:.1f} µs, PyTorch: {other / steps * 1e6:.1f} µs, {one / other:.3f}")
    assert one / other <= 1 / 3


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


def test_a_step_over_ten_million_parameters_beside_the_plain_expression() -> None:
    """No bound here: what the cache gives depends on the machine. The results must be the same bits."""
    size, rule = 10**7, ot.Adam(lr=1e-3)
    rng = np.random.default_rng(0)
    theta0, grad = rng.normal(size=size), rng.normal(size=size)
    stepper = ot.Stepper(rule, theta0)
    whole: list[Any] = [theta0]

    def plain() -> None:
        whole[:] = rule.update(whole[0], grad, rule.lr, *whole[1:])

    blocked, expression = medians(lambda: stepper.step(grad), plain, rounds=7)
    took = f"stepper {blocked * 1e3:.0f} ms, plain NumPy {expression * 1e3:.0f} ms"
    print(f"\n10^7 parameters: {took}, {expression / blocked:.2f} times faster")
    np.testing.assert_array_equal(stepper.theta, whole[0])
