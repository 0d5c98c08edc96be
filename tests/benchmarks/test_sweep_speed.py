"""What a sweep costs beside the same loops over PyTorch's optimizers; the ratio is taken within one run, warm.

Run it with `-s` to see the figures.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import statistics
import time

import numpy as np
import torch

import optimtext as ot

STEPS, RATES = 1000, np.geomspace(1e-4, 1e-2, 250)
RULES = (ot.GradientDescent, ot.Momentum, ot.RMSProp, ot.Adam)
SAMPLE = 2  # loops over PyTorch's optimizers that are measured for each rule; the others would take as long


def torch_optimizers(theta: torch.Tensor, lr: float) -> list[torch.optim.Optimizer]:
    return [
        torch.optim.SGD([theta], lr=lr),
        torch.optim.SGD([theta], lr=lr, momentum=0.9),
        torch.optim.RMSprop([theta], lr=lr),
        torch.optim.Adam([theta], lr=lr),
    ]


def torch_loop(rule: int, lr: float) -> list[float]:
    theta = torch.tensor(ot.surfaces.Ravine().start, requires_grad=True)
    optimizer, losses = torch_optimizers(theta, lr)[rule], []
    for _ in range(STEPS):
        loss = 0.5 * (theta[0] ** 2 + 50 * theta[1] ** 2)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


def test_a_thousand_runs_on_the_ravine_are_300_times_as_fast_as_loops_over_torch() -> None:
    torch.set_num_threads(1)
    ravine = ot.surfaces.Ravine()
    rules = {rule.__name__: ot.grid(rule, lr=RATES) for rule in RULES}

    def ours() -> float:
        start = time.perf_counter()
        found = ot.sweep(ravine, rules, ravine.start, max_steps=STEPS)
        taken = time.perf_counter() - start
        assert all(run.losses.size == STEPS + 1 for run in found)
        return taken

    ours()
    one = statistics.median(ours() for _ in range(7))
    torch_loop(0, RATES[0])
    start = time.perf_counter()
    for rule in range(len(RULES)):
        for lr in RATES[:: len(RATES) // SAMPLE]:
            torch_loop(rule, float(lr))
    other = (time.perf_counter() - start) / SAMPLE * len(RATES)
    print(
        f"\n1,000 runs of 1,000 steps: {one:.2f} s; PyTorch, extrapolated from {4 * SAMPLE} runs: {other:.0f} s", end=""
    )
    print(f", {other / one:.0f} times as long")
    assert other / one >= 300
