"""Steps over long vectors: made anew from the rule's source, and not a bit different."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext import blocks
from optimtext.kernels import buffers, loops, worth
from optimtext.kernels.program import rule_program

pytestmark = pytest.mark.usefixtures("at_once")
every_rule = pytest.mark.parametrize("kind", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_precision = pytest.mark.parametrize("dtype", [np.float64, np.float32])
SIZE = 3 * blocks.BLOCK // 2
# Every pair of these comes together in a slot and a gradient.
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 1e-320, 1e-30, 1e30, -1e30, 1e300, np.inf, -np.inf, np.nan, 3.7, 1 / 3])


def steps(kind, dtype, count=4, threads=1, size=SIZE):
    """Parameters after each step, and all slots after the last."""
    rng = np.random.default_rng(11)
    stepper, seen = ot.Stepper(kind(lr=0.01), rng.normal(size=size).astype(dtype)), []
    ot.kernels.set_threads(threads)
    for scale in range(-1, count - 1):
        stepper.step((rng.normal(size=size) * 10.0**scale * rng.integers(0, 2, size)).astype(dtype))
        seen.append(np.array(stepper.theta))
    ot.kernels.set_threads(1)
    return [*seen, *stepper.slots.values()]


@every_rule
@every_precision
def test_a_compiled_loop_gives_the_bits_of_the_rule_itself(kind, dtype, interpreted, assert_same, monkeypatch):
    called, run_loop = [], loops.run_loop

    def counted(*given, **settings):
        called.append(1)
        run_loop(*given, **settings)

    monkeypatch.setattr(loops, "run_loop", counted)
    compiled = steps(kind, dtype)
    assert len(called) == 4
    in_blocks = interpreted(lambda: steps(kind, dtype))
    monkeypatch.setattr(blocks, "BLOCK", 10**9)
    whole = steps(kind, dtype)
    assert len(called) == 4
    for one, two, three in zip(compiled, in_blocks, whole, strict=True):
        assert_same(one, two)
        assert_same(one, three)


@every_rule
@every_precision
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")  # NumPy's; the values are the point here
def test_zeros_infinities_and_nan_go_the_same_way(kind, dtype, interpreted, assert_same):
    def run():
        with np.errstate(all="ignore"):
            one, other = (grid.ravel().astype(dtype) for grid in np.meshgrid(SPECIAL, SPECIAL))
            stepper = ot.Stepper(kind(lr=0.25), np.resize([1.0, -2.0, 0.5], SIZE).astype(dtype))
            for grad in (one, other, one):
                stepper.step(np.resize(grad, SIZE))
        return [stepper.theta, *stepper.slots.values()]

    for one, other in zip(run(), interpreted(run), strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_change_no_bit(threads, assert_same, monkeypatch):
    monkeypatch.setattr(blocks, "PIECE", 100)
    for one, other in zip(steps(ot.Adam, np.float64, threads=threads), steps(ot.Adam, np.float64), strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("count", [0, -1, 2.0, True, None])
def test_the_number_of_threads_is_a_whole_number(count):
    with pytest.raises((ValueError, TypeError), match=r"count must be an integer of at least 1, got"):
        ot.kernels.set_threads(count)
    assert ot.kernels.threads() == 1


@pytest.mark.parametrize("fast", [True, False])
def test_a_gradient_may_be_any_view_even_of_the_parameters(fast, interpreted, assert_same):
    def run(gradient):
        stepper = ot.Stepper(ot.AdamW(lr=0.1), np.linspace(-1, 1, SIZE))
        for _ in range(3):
            stepper.step(gradient(stepper.theta))
        return np.array(stepper.theta)

    views = [lambda theta: theta, lambda theta: theta[::-1], lambda theta: np.stack([theta, theta], axis=1)[:, 0]]
    for view in views:
        result = run(view) if fast else interpreted(lambda view=view: run(view))
        assert_same(result, interpreted(lambda view=view: run(lambda theta: np.array(view(theta)))))


@pytest.mark.parametrize("shape", [(2, SIZE), (3, 5, 1_001)])
@pytest.mark.parametrize("per_run", [False, True])
def test_batches_of_runs_and_rates_of_any_shape(shape, per_run, interpreted, assert_same):
    rates = np.geomspace(0.01, 0.1, shape[-1])
    rule = ot.Adam(lr=np.linspace(0.1, 0.2, shape[0]).reshape(-1, *[1] * (len(shape) - 1)) if per_run else 0.1)

    def run():
        rng = np.random.default_rng(0)
        stepper = ot.Stepper(rule, np.asfortranarray(rng.normal(size=shape)))
        for lr in (None, rates, 0.5):
            stepper.step(rng.normal(size=shape), lr=lr)
        return stepper.theta

    assert_same(run(), interpreted(run))


@pytest.mark.parametrize("fast", [True, False])
def test_a_step_allocates_less_than_two_percent_of_the_vector(fast):
    theta = np.ones(2_000_000)
    stepper, grad = ot.Stepper(ot.Adam(), theta), np.ones_like(theta)

    def step():
        tracemalloc.start()
        stepper.step(grad)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    if fast:
        step()  # compiling is no part of a step
        peak = step()
    else:
        with ot.kernels.off():
            peak = step()
    assert peak < 0.02 * theta.nbytes


OWN = """
from dataclasses import dataclass
from numpy import maximum, sqrt

@dataclass(frozen=True)
class Swap:
    lr: float = 0.1
    half = 0.5

    def update(self, theta, grad, lr, a=0.0, b=1.0, n=0.0):
        n = n + 1
        c = a
        theta = -theta + lr * c / (n + self.half)
        a = maximum(b, theta) - grad
        return theta, b, a, n

@dataclass(frozen=True)
class Keep:
    lr: float = 0.1

    def update(self, theta, grad, lr, last=0.0, twin=0.0):
        theta = theta - lr * last
        return theta, grad, grad
"""


@pytest.mark.parametrize("name", ["Swap", "Keep"])
@pytest.mark.parametrize("block", [1, 7, 1000])
def test_rules_of_ones_own_whose_slots_change_places(name, block, made, interpreted, assert_same, monkeypatch):
    rule = getattr(made(OWN), name)()

    def run():
        rng = np.random.default_rng(2)
        stepper = ot.Stepper(rule, rng.normal(size=2_500))
        for _ in range(4):
            stepper.step(rng.normal(size=2_500))
        return [stepper.theta, *stepper.slots.values()]

    whole = run()
    monkeypatch.setattr(blocks, "BLOCK", block)
    for one, two, three in zip(whole, run(), interpreted(run), strict=True):
        assert_same(one, two)
        assert_same(one, three)


def test_what_cannot_be_taken_apart_is_run_as_it_stands(made, assert_same):
    rule = made(OWN.replace("from numpy import maximum", "from numpy import fmax as maximum")).Swap()
    assert not ot.kernels.prepare(rule)
    stepper, small = ot.Stepper(rule, np.arange(9_000.0)), ot.Stepper(rule, np.arange(3.0))
    for _ in range(3):
        stepper.step(stepper.theta)
        small.step(small.theta)
    assert_same(stepper.theta[:3], small.theta)


def test_a_penalty_goes_with_the_rule_as_it_stands(assert_same):
    long, short = (ot.Stepper(ot.Nesterov(0.1), np.arange(float(n)), penalty=ot.penalties.L1(0.5)) for n in (9_000, 9))
    for _ in range(3):
        long.step(0.5 * long.probe)
        short.step(0.5 * short.probe)
    assert_same(long.theta[:9], short.theta)


def test_a_kernel_is_compiled_when_it_has_become_worth_it(monkeypatch):
    monkeypatch.setattr(worth, "FIRST", 1.0)
    monkeypatch.setattr(worth, "_spent", {})
    monkeypatch.setattr(worth, "_compiled", set())
    monkeypatch.setattr(blocks, "SECONDS", 0.4 / SIZE)
    stepper, used = ot.Stepper(ot.Momentum(), np.ones(SIZE)), []
    monkeypatch.setattr(loops, "run_loop", lambda *_, **__: used.append(stepper.t))
    for _ in range(5):
        stepper.step(np.ones(SIZE))
    assert used == [3, 4]


@pytest.mark.usefixtures("without_numba")
def test_without_numba_nothing_is_compiled_and_nothing_differs(monkeypatch, interpreted, assert_same):
    monkeypatch.setattr(loops, "run_loop", None)
    assert not ot.kernels.available()
    assert not ot.kernels.prepare(ot.Adam)
    for one, other in zip(steps(ot.Adam, np.float32), interpreted(lambda: steps(ot.Adam, np.float32)), strict=True):
        assert_same(one, other)


@every_rule
def test_few_buffers_are_enough(kind):
    assert buffers.blockwise(kind).buffers <= 3
    assert rule_program(kind)[0].exact


def test_compiled_loops_fuse_no_product_with_a_sum():
    """Where a processor has such instructions; elsewhere there is nothing to find."""
    for kind in (ot.Adam, ot.NAdam):
        kernel: Any = loops.loop(kind, np.dtype(float).str)
        code = next(iter(kernel.inspect_asm().values()))
        assert "fmadd" not in code
        assert "fmla" not in code
