"""Spread over an executor a sweep is the one of a single process, bit for bit, whoever dies in between."""

import concurrent.futures as cf
import functools
import importlib
import multiprocessing
import sys
import textwrap
from typing import Any

import numpy as np
import pytest

import optimtext as ot

SPAWN = multiprocessing.get_context("spawn")  # the one way to start a worker that every system has
RULES = {"a": ot.grid(ot.Momentum, lr=[0.01, 0.02, 1e3]), "b": ot.Adam(lr=ot.StepDecay(lr=0.1))}
MODULE = """
    import os, pathlib, signal
    import optimtext as ot

    class Deadly:
        '''Kills the process that it runs in, so often.'''

        def __init__(self, folder, times):
            self.folder, self.times = str(folder), times

        def loss(self, theta):
            return ot.surfaces.Ravine().loss(theta)

        def gradient(self, theta):
            if theta[0] < 0.9:
                for k in range(self.times):
                    try:
                        pathlib.Path(self.folder, f"death{k}").touch(exist_ok=False)
                    except FileExistsError:
                        continue
                    os.kill(os.getpid(), signal.SIGKILL)
            return ot.surfaces.Ravine().gradient(theta)

    class Odd(Exception):
        def __init__(self, one, two):
            super().__init__("cannot be sent back")

    class Failing(Deadly):
        def gradient(self, theta):
            raise (Odd(1, 2) if self.times else ZeroDivisionError("by design"))
"""


@pytest.fixture
def problems(tmp_path, monkeypatch):
    (tmp_path / "deadly_problems.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.syspath_prepend(tmp_path)  # worker processes get the same path
    yield importlib.import_module("deadly_problems")
    monkeypatch.delitem(sys.modules, "deadly_problems")


def run(problem=None, **options):
    settings = {"rules": RULES, "theta0": [[1.0, 1.0], [2.0, -1.0]], "max_steps": 200, "seeds": [0, 7], **options}
    return ot.sweep(problem or ot.surfaces.Ravine(), **settings)


def same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        for name, value in vars(a).items():
            np.testing.assert_array_equal(value, getattr(b, name))


class Backwards(cf.Executor):
    """Does everything when it is asked for the last time, in the wrong order; loses some of it at first."""

    def __init__(self, losses=0):
        self.tasks, self.losses, self.seen = [], losses, []

    def submit(self, function, /, *args, **kwargs):
        future: cf.Future[Any] = cf.Future()
        self.seen.append(args[0].specs)
        if self.losses:
            self.losses -= 1
            future.set_exception(cf.CancelledError("lost on the way"))
        else:
            future.set_result(function(*args, **kwargs))
        return future


@pytest.mark.parametrize("size", [None, 1, 3, 100])
def test_however_a_sweep_is_cut_the_result_is_the_same(size):
    executor = Backwards()
    same(run(executor=executor, chunk_size=size), run())
    assert sorted(spec.index for specs in executor.seen for spec in specs) == list(range(16))


def test_threads_will_do():
    with cf.ThreadPoolExecutor(3) as pool:
        same(run(executor=pool, chunk_size=2), run())


def test_two_processes_give_the_result_of_one(tmp_path):
    data = np.random.default_rng(0).normal(size=(40, 3))
    model = ot.models.LogisticRegression(data, (data[:, 0] > 0).astype(float))
    options = {"theta0": np.zeros(4), "batch_size": 8, "max_steps": 50}
    with cf.ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        same(run(executor=pool, store=tmp_path / "store"), run())
        same(run(model, executor=pool, chunk_size=2, **options), run(model, **options))
    same(run(executor=Backwards(losses=10**6), store=tmp_path / "store"), run())  # all of it was stored


def test_what_an_executor_loses_is_given_out_again_but_not_for_ever():
    executor = Backwards(losses=5)
    same(run(executor=executor, chunk_size=2), run())
    with pytest.raises(cf.CancelledError) as caught:
        run(executor=Backwards(losses=10**6), chunk_size=16)
    assert "on 4 times" in caught.value.__notes__[0]


def test_a_pool_whose_worker_died_is_replaced_if_the_sweep_can_make_one(problems, tmp_path):
    make = functools.partial(cf.ProcessPoolExecutor, 2, mp_context=SPAWN)
    found = run(problems.Deadly(tmp_path, 2), executor=make, chunk_size=4, store=tmp_path / "store")
    same(found, run())
    assert (tmp_path / "death1").exists()


def test_a_pool_that_was_handed_over_is_given_up_with_advice_and_the_store_goes_on(problems, tmp_path):
    problem = problems.Deadly(tmp_path, 1)
    with (
        cf.ProcessPoolExecutor(2, mp_context=SPAWN) as pool,
        pytest.raises(cf.BrokenExecutor, match="pass a function that makes an executor"),
    ):
        run(problem, executor=pool, store=tmp_path / "store")
    same(run(problem, store=tmp_path / "store"), run())


def test_runs_that_kill_every_worker_end_the_sweep():
    class Broken(cf.Executor):
        def submit(self, function, /, *args, **kwargs):
            future: cf.Future[Any] = cf.Future()
            future.set_exception(cf.BrokenExecutor("dead"))
            return future

    def make():
        return Broken()

    with pytest.raises(cf.BrokenExecutor, match="4 times"):
        run(executor=make)


def test_an_error_of_a_run_does_not_cost_the_runs_beside_it(tmp_path):
    class Failing:
        def loss(self, theta):
            return ot.surfaces.Ravine().loss(theta)

        def gradient(self, theta):
            if theta[0] == 2.0:
                raise ZeroDivisionError
            return ot.surfaces.Ravine().gradient(theta)

    with pytest.raises(ZeroDivisionError):
        run(Failing(), executor=Backwards(), store=tmp_path / "store", chunk_size=1)
    assert (tmp_path / "store").read_bytes().count(b"\n") == 9  # all from the other start, and the header


def test_an_error_of_a_run_comes_back_with_the_name_of_the_run(problems, tmp_path):
    with cf.ProcessPoolExecutor(1, mp_context=SPAWN) as pool:
        with pytest.raises(ZeroDivisionError, match="by design") as caught:
            run(problems.Failing(tmp_path, 0), executor=pool)
        assert caught.value.__notes__ == ["in run 0 of the sweep: Momentum(lr=0.01, beta=0.9), start 0, seed 0"]
        with pytest.raises(RuntimeError, match="Odd: cannot be sent back"):
            run(problems.Failing(tmp_path, 1), executor=pool)
