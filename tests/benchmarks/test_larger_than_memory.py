"""Training on a file four times as large as the memory that the process may have.

The system enforces the limit on what the process allocates; what it holds of the file itself is read off the peak of
its resident memory, which must stay below the same limit. Run it with `-s` to see the figures.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its peak memory from /proc")

N_SAMPLES, N_FEATURES, BATCH = 400_000, 255, 250
FILE = N_SAMPLES * (N_FEATURES + 1) * 4
LIMIT = FILE // 4  # of which NumPy and its matrix products set 85 MB aside before they have seen a number

PREAMBLE = """
import functools, re, resource, sys, time
from pathlib import Path
import numpy as np
import optimtext as ot

path, limit = sys.argv[1], int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024

print("start", peak())
"""
LOAD = "np.load(path)"
MINIMIZE = """
file = np.load(path, mmap_mode="r")
model = ot.models.LinearRegression(file[:, :-1], file[:, -1])
theta, steps = np.zeros(model.dim, dtype=np.float32), {steps}
start = time.perf_counter()
run = ot.minimize(
    model, theta, ot.GradientDescent(lr=1e-3), max_steps=steps, batch_size={batch}, seed=0, record_theta=False
)
print("seconds", time.perf_counter() - start)
print("first", run.trace.loss[0], "last", run.loss, "peak", peak())
"""
BLOCKED = """
file = np.load(path, mmap_mode="r")
model = ot.models.LinearRegression(file[:, :-1], file[:, -1])
batches = ot.sampling.blocked_batches(model.n_samples, {batch}, np.random.default_rng(0), block=500, window=20)
stepper = ot.Stepper(ot.GradientDescent(lr=1e-3), np.zeros(model.dim, dtype=np.float32))
first, start = model.loss(stepper.theta), time.perf_counter()
for _ in range({steps}):
    stepper.step(model.gradient(stepper.theta, batch=next(batches)))
print("seconds", time.perf_counter() - start)
print("first", first, "last", model.loss(stepper.theta), "peak", peak())
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of features and a last column that is linear in them, and noise: written in pieces."""
    path = tmp_path_factory.mktemp("large") / "table.npy"
    table = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(N_SAMPLES, N_FEATURES + 1))
    rng = np.random.default_rng(0)
    truth, piece = rng.normal(size=N_FEATURES).astype(np.float32), N_SAMPLES // 50
    for start in range(0, N_SAMPLES, piece):
        x = rng.standard_normal((piece, N_FEATURES), dtype=np.float32)
        table[start : start + piece, :-1] = x
        table[start : start + piece, -1] = x @ truth + 0.1 * rng.standard_normal(piece, dtype=np.float32)
    table.flush()
    return path


def limited(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    # One thread, since each of a matrix product's threads sets memory aside for itself.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    code = PREAMBLE + code.format(steps=2 * N_SAMPLES // BATCH, batch=BATCH)
    command = [sys.executable, "-c", code, str(path), str(LIMIT)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_limit_is_one_that_the_whole_file_would_break(path: Path) -> None:
    assert path.stat().st_size > 3.99 * LIMIT
    done = limited(LOAD, path)
    assert done.returncode
    assert "MemoryError" in done.stderr


@pytest.mark.parametrize("code", [MINIMIZE, BLOCKED], ids=["minimize", "blocked shuffle"])
def test_two_epochs_stay_below_the_limit_and_learn(code: str, path: Path) -> None:
    done = limited(code, path)
    assert done.returncode == 0, done.stderr
    told = {name: float(value) for name, value in re.findall(r"(\w+) ([\d.e+-]+)", done.stdout)}
    mega = {name: f"{value / 1e6:.0f} MB" for name, value in {**told, "file": FILE, "limit": LIMIT}.items()}
    print(
        f"\nfile {mega['file']}, limit {mega['limit']}: peak {mega['peak']}, of which {mega['start']} before anything "
        f"was read; two epochs in {told['seconds']:.1f} s, loss {told['first']:.3g} to {told['last']:.3g}"
    )
    assert told["peak"] < LIMIT
    assert told["last"] < 0.1 * told["first"]
