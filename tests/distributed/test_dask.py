"""A sweep on a Dask cluster of two worker processes, one of which is killed in the middle."""

import importlib
import os
import signal
import sys
import textwrap
import threading
import time

import numpy as np
import pytest
from distributed import Client, LocalCluster

import optimtext as ot

MODULE = """
    import os, time
    import optimtext as ot

    class Slow:
        '''The ravine, slowly; each run leaves the number of the process that does it.'''

        def __init__(self, folder):
            self.folder = folder

        def loss(self, theta):
            return ot.surfaces.Ravine().loss(theta)

        def gradient(self, theta):
            open(os.path.join(self.folder, str(os.getpid())), "a").close()
            time.sleep(0.01)
            return ot.surfaces.Ravine().gradient(theta)
"""


@pytest.fixture
def client():
    # Addresses of this machine only; port 0 takes any that is free.
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def slow(tmp_path, monkeypatch):
    (tmp_path / "slow_problem.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]))
    yield importlib.import_module("slow_problem")
    monkeypatch.delitem(sys.modules, "slow_problem")


def same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        for name, value in vars(a).items():
            np.testing.assert_array_equal(value, getattr(b, name))


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(slow, client, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    rules = {"a": ot.grid(ot.Momentum, lr=np.geomspace(1e-3, 1e2, 10)), "b": ot.grid(ot.Adam, lr=[0.01, 0.1])}
    starts = [[1.0, 1.0], [-2.0, 0.5]]
    store = tmp_path / "store"
    workers = [info["pid"] for info in client.run(lambda: {"pid": os.getpid()}).values()]
    assert len(set(workers)) == 2
    killed = []

    def kill():
        # As soon as both have begun and something is finished, but not everything.
        while len(list(marks.iterdir())) < 2 or store.read_bytes().count(b"\n") < 4:
            time.sleep(0.01)
        os.kill(workers[0], signal.SIGKILL)
        killed.append(store.read_bytes().count(b"\n") - 1)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    executor = client.get_executor()
    spread = ot.sweep(slow.Slow(str(marks)), rules, starts, max_steps=30, executor=executor, store=store)
    thread.join(timeout=10)
    assert 3 <= killed[0] < len(spread) - 2
    same(spread, ot.sweep(ot.surfaces.Ravine(), rules, starts, max_steps=30))
    assert store.read_bytes().count(b"\n") == 1 + len(spread)  # each run stored once
    assert str(workers[0]) in {mark.name for mark in marks.iterdir()}


def test_mini_batches_on_a_cluster_are_those_of_one_process(client):
    data = np.random.default_rng(0).normal(size=(60, 3))
    model = ot.models.LogisticRegression(data, (data.sum(axis=1) > 0).astype(float))
    options = {"max_steps": 40, "seeds": [0, 1, 2], "batch_size": 7}
    rules = ot.grid(ot.Nesterov, lr=[0.01, 0.1, 1.0, 1e300])
    spread = ot.sweep(model, rules, np.zeros(4), executor=client.get_executor(), chunk_size=3, **options)
    same(spread, ot.sweep(model, rules, np.zeros(4), **options))
