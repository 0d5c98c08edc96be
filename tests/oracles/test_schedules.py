"""Our schedules against PyTorch's, step by step."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

import optimtext as ot

COUNT = 130


def optimizer(lr: float) -> Any:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)


def rates(steps: Any, scheduler: Any) -> list[float]:
    """The rate of each step, as a training loop in PyTorch would see it."""
    seen = []
    for _ in range(COUNT):
        seen.append(float(steps.param_groups[0]["lr"]))
        steps.step()
        scheduler.step()
    return seen


def assert_same(schedule: Any, theirs: list[float], count: int = COUNT) -> None:
    mine = [schedule(t) for t in range(count)]
    # PyTorch goes from rate to rate, so that its rounding errors add up; relative to the largest rate.
    np.testing.assert_allclose(mine, theirs[:count], rtol=0, atol=1e-12 * max(theirs))


@pytest.mark.parametrize(("factor", "every"), [(0.5, 10), (0.1, 1), (0.9, 37), (1.0, 5)])
def test_step_decay_is_step_lr(factor: float, every: int) -> None:
    steps = optimizer(0.3)
    theirs = rates(steps, lr_scheduler.StepLR(steps, step_size=every, gamma=factor))
    assert_same(ot.StepDecay(lr=0.3, factor=factor, every=every), theirs)


@pytest.mark.parametrize("decay", [0.5, 0.96, 0.999, 1.0])
def test_exponential_decay_is_exponential_lr(decay: float) -> None:
    steps = optimizer(0.3)
    assert_same(ot.ExponentialDecay(lr=0.3, decay=decay), rates(steps, lr_scheduler.ExponentialLR(steps, gamma=decay)))


@pytest.mark.parametrize(("low", "length"), [(0.0, 100), (0.01, 7), (0.3, 50), (0.0, 1)])
def test_cosine_annealing_is_cosine_annealing_lr_until_it_arrives(low: float, length: int) -> None:
    steps, schedule = optimizer(0.3), ot.CosineAnnealing(lr_max=0.3, lr_min=low, steps=length)
    assert_same(schedule, rates(steps, lr_scheduler.CosineAnnealingLR(steps, T_max=length, eta_min=low)), length + 1)
    # PyTorch's rises again; ours stays.
    assert {schedule(t) for t in range(length, COUNT)} == {low}


@pytest.mark.parametrize(("low", "first", "mult"), [(0.0, 10, 2), (0.01, 7, 1), (0.05, 3, 3), (0.0, 1, 2)])
def test_warm_restarts_are_cosine_annealing_warm_restarts(low: float, first: int, mult: int) -> None:
    steps = optimizer(0.3)
    theirs = rates(steps, lr_scheduler.CosineAnnealingWarmRestarts(steps, T_0=first, T_mult=mult, eta_min=low))
    assert_same(ot.WarmRestarts(lr_max=0.3, lr_min=low, steps=first, mult=mult), theirs)


@pytest.mark.parametrize("length", [2, 5, 60])
def test_warmup_to_a_constant_is_linear_lr(length: int) -> None:
    steps = optimizer(0.3)
    theirs = rates(steps, lr_scheduler.LinearLR(steps, start_factor=1 / length, total_iters=length - 1))
    assert_same(ot.Warmup(steps=length, then=0.3), theirs)


@pytest.mark.parametrize("patience", [1, 2, 5])
@pytest.mark.parametrize("low", [0.0, 0.02])
@pytest.mark.parametrize("seed", range(4))
def test_reduce_on_plateau_is_pytorchs_with_one_less_patience(patience: int, low: float, seed: int) -> None:
    """PyTorch's patience counts the bad losses that are forgiven, ours the ones that make a plateau."""
    steps, rng = optimizer(0.3), np.random.default_rng(seed)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        steps, factor=0.5, patience=patience - 1, threshold=0.0, threshold_mode="abs", min_lr=low, eps=0.0
    )
    follower = ot.ReduceOnPlateau(lr=0.3, factor=0.5, patience=patience, min_lr=low).follow()
    mine, theirs = [next(follower)], [0.3]
    for loss in np.round(rng.exponential(3 / np.sqrt(1 + np.arange(COUNT))), 1):  # rounded, so that ties occur
        mine.append(follower.send(float(loss)))
        scheduler.step(float(loss))
        theirs.append(float(steps.param_groups[0]["lr"]))
    assert mine == theirs
    assert len(set(mine)) > 3
