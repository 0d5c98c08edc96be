"""What a thousand runs cost: 4 rules × 250 rates × 1,000 steps on the ravine, the losses kept."""

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import torch

import optimtext as ot

jax.config.update("jax_enable_x64", val=True)
STEPS, RATES = 1000, np.geomspace(1e-4, 1e-2, 250)
RULES = {kind.__name__: ot.grid(kind, lr=RATES) for kind in (ot.GradientDescent, ot.Momentum, ot.RMSProp, ot.Adam)}
OPTAX = (
    optax.sgd,
    lambda lr: optax.sgd(lr, momentum=0.9),
    lambda lr: optax.rmsprop(lr, decay=0.99, eps_in_sqrt=False),
    optax.adam,
)
SAMPLE = 2  # loops over PyTorch's optimizers that are measured for each rule; the others would take as long
RAVINE = ot.surfaces.Ravine()
WORK = "4 rules × 250 rates × 1,000 steps on the ravine, losses kept"


def ours(steps: int = STEPS) -> ot.SweepResult:
    return ot.sweep(RAVINE, RULES, RAVINE.start, max_steps=steps)


def interpreted() -> ot.SweepResult:
    with ot.kernels.off():
        return ours()


def torch_optimizers(theta: torch.Tensor, lr: float) -> list[torch.optim.Optimizer]:
    return [
        torch.optim.SGD([theta], lr=lr),
        torch.optim.SGD([theta], lr=lr, momentum=0.9),
        torch.optim.RMSprop([theta], lr=lr),
        torch.optim.Adam([theta], lr=lr),
    ]


def torch_loop(rule: int, lr: float) -> list[float]:
    theta = torch.tensor(RAVINE.start, requires_grad=True)
    optimizer, losses = torch_optimizers(theta, lr)[rule], []
    for _ in range(STEPS):
        loss = 0.5 * (theta[0] ** 2 + 50 * theta[1] ** 2)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


def optax_sweep(make: Any, steps: int = STEPS) -> Callable[..., Any]:
    """Return a new function, which JAX has not seen and must compile: vmap over the rates, scan over the steps."""

    def loss_at(theta: Any) -> Any:
        return 0.5 * (theta[0] ** 2 + 50 * theta[1] ** 2)

    def run(lr: Any) -> Any:
        optimizer, start = make(lr), jnp.array(RAVINE.start)

        def step(carry: Any, _: None) -> Any:
            theta, state = carry
            loss, grad = jax.value_and_grad(loss_at)(theta)
            updates, state = optimizer.update(grad, state, theta)
            return (optax.apply_updates(theta, updates), state), loss

        (theta, _), losses = jax.lax.scan(step, (start, optimizer.init(start)), None, length=steps)
        return jnp.append(losses, loss_at(theta)), theta

    compiled: Callable[..., Any] = jax.jit(jax.vmap(run))
    return compiled


@pytest.fixture(scope="module")
def warm() -> list[Callable[..., Any]]:
    return [optax_sweep(make) for make in OPTAX]


def test_both_do_the_same_work(warm: Any) -> None:
    found = ours()
    for name, run in zip(RULES, warm, strict=True):
        losses = np.array([one.losses for one in found.of(name)])
        np.testing.assert_allclose(losses, np.asarray(run(jnp.array(RATES))[0]), rtol=1e-6, atol=1e-9)


def test_a_thousand_runs_beside_loops_over_torch(medians: Any, report: Any) -> None:
    torch.set_num_threads(1)
    torch_loop(0, RATES[0])
    start = time.perf_counter()
    for rule in range(len(RULES)):
        for lr in RATES[:: len(RATES) // SAMPLE]:
            torch_loop(rule, float(lr))
    other = (time.perf_counter() - start) / SAMPLE * len(RATES)
    (one,) = medians(interpreted, rounds=7)
    against = f"loops over torch.optim, extrapolated from {4 * SAMPLE} of the 1,000 runs"
    report(4, WORK, against, one, other, asked=300, at_least=300)


def test_a_thousand_runs_beside_optax_with_its_compilation(medians: Any, report: Any) -> None:
    rates = jnp.array(RATES)

    def theirs() -> None:
        for make in OPTAX:
            jax.block_until_ready(optax_sweep(make)(rates))

    one, other = medians(interpreted, theirs, rounds=5)
    report(5, WORK, "optax, vmap + scan + jit, compilation counted", one, other, asked=10, at_least=5)


def test_a_thousand_compiled_runs_beside_optax_warm(medians: Any, report: Any, warm: Any) -> None:
    rates = jnp.array(RATES)
    for rules in RULES.values():
        assert ot.kernels.prepare(rules[0], RAVINE)
    one, other = medians(ours, lambda: [jax.block_until_ready(run(rates)) for run in warm], rounds=31)
    report(6, f"{WORK}, with `fast`", "optax, vmap + scan + jit, warm", one, other, asked=1, at_least=0.3)


def test_ten_times_as_many_steps_beside_optax_warm(medians: Any, report: Any) -> None:
    """The objects of a sweep, one a run, take as long as a thousand steps; beside ten thousand they are little."""
    rates, steps = jnp.array(RATES), 10 * STEPS
    for rules in RULES.values():
        assert ot.kernels.prepare(rules[0], RAVINE)
    runs = [optax_sweep(make, steps) for make in OPTAX]
    one, other = medians(lambda: ours(steps), lambda: [jax.block_until_ready(run(rates)) for run in runs], rounds=9)
    work = "4 rules × 250 rates × 10,000 steps on the ravine, losses kept, with `fast`"
    report(7, work, "optax, vmap + scan + jit, warm", one, other, asked=1, at_least=0.5)
