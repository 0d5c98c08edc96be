"""What one step of Adam over ten million parameters costs, and how much memory it asks for."""
# ruff: noqa: T201  # a measurement tells what it measured

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

import optimtext as ot

SIZE, RULE = 10**7, ot.Adam(lr=1e-3)
WORK = "a step of Adam over 10⁷ float64"
GRAD = np.random.default_rng(1).normal(size=SIZE)
START = np.random.default_rng(0).normal(size=SIZE)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    yield
    ot.kernels.set_threads(1)
    torch.set_num_threads(1)


def stepping(*, fast: bool, threads: int = 1) -> Callable[[], ot.Stepper]:
    stepper = ot.Stepper(RULE, START)

    def work() -> ot.Stepper:
        ot.kernels.set_threads(threads)
        if fast:
            stepper.step(GRAD)
        else:
            with ot.kernels.off():
                stepper.step(GRAD)
        return stepper

    return work


def torch_stepping(*, threads: int = 1, **settings: bool) -> Callable[[], None]:
    theta = torch.tensor(START, requires_grad=True)
    theta.grad = torch.tensor(GRAD)
    optimizer = torch.optim.Adam([theta], lr=1e-3, **settings)

    def work() -> None:
        torch.set_num_threads(threads)
        optimizer.step()

    return work


def test_a_step_beside_the_plain_expression(medians: Any, report: Any) -> None:
    whole: list[Any] = [START]

    def plain() -> None:
        whole[:] = RULE.update(whole[0], GRAD, RULE.lr, *whole[1:])

    work = stepping(fast=False)
    one, other = medians(work, plain, rounds=9)
    np.testing.assert_array_equal(work().theta, RULE.update(whole[0], GRAD, RULE.lr, *whole[1:])[0])
    report(8, f"{WORK}, NumPy alone", "the rule's own expression in NumPy", one, other, asked=2.2, at_least=1.5)


def test_a_step_beside_torch(medians: Any, report: Any) -> None:
    one, other = medians(stepping(fast=False), torch_stepping(), rounds=9)
    report(9, f"{WORK}, NumPy alone", "torch.optim.Adam, default, one thread", one, other, asked=1, at_least=1)


@pytest.mark.parametrize(("row", "threads"), [(10, 1), (11, 2)])
def test_a_compiled_step_beside_torch_fused(row: int, threads: int, medians: Any, report: Any) -> None:
    assert ot.kernels.prepare(RULE)
    one, other = medians(stepping(fast=True, threads=threads), torch_stepping(threads=threads, fused=True), rounds=21)
    name = "one thread" if threads == 1 else f"{threads} threads"
    against = f"torch.optim.Adam(fused=True), {name}"
    report(row, f"{WORK}, with `fast`, {name}", against, one, other, asked=0.95, at_least=0.6)


@pytest.mark.parametrize("fast", [False, True], ids=["NumPy alone", "with fast"])
def test_a_step_asks_for_less_than_two_percent_of_the_vector(fast: bool) -> None:
    assert ot.kernels.prepare(RULE)
    work = stepping(fast=fast)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"\n{WORK} allocates {peak / START.nbytes:.3%} of the vector")
    assert peak < 0.02 * START.nbytes
