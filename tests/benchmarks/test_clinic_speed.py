"""What a diagnosis costs: logs of ten million lines in bounded memory, one loss of a monitor, an ordinary log.

Run it with `-s` to see the figures.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import csv
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import optimtext as ot

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its peak memory from /proc")

LINES = 10_000_000
MEMORY = 300 * 2**20  # of which Python with NumPy takes 30 MB
READ = """
import re, sys, time
from pathlib import Path
from optimtext.diagnosis import read
from optimtext.diagnosis.verdict import judge
from optimtext.diagnosis.prepare import curve_of
start, calls = time.perf_counter(), []
log = read(sys.argv[1], progress=calls.append)
found = judge(curve_of(log.loss, log.beside))
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
seconds = time.perf_counter() - start
print("count", log.loss.count, "main", found.main, "seconds", seconds, "peak", peak, "reports", len(calls))
"""


def lines(kind, steps, losses):
    if kind == "csv":
        return (f"{t},{loss:.6g},0.01\n" for t, loss in zip(steps, losses, strict=True))
    if kind == "sparse":
        return (
            f"{t},{loss:.6g},{f'{loss:.5g}' if t % 100 == 0 else ''}\n" for t, loss in zip(steps, losses, strict=True)
        )
    return (f'{{"step": {t}, "loss": {loss:.6g}}}\n' for t, loss in zip(steps, losses, strict=True))


def read_by_hand(path, kind):
    with path.open() as file:
        if kind == "jsonl":
            return sum(json.loads(line)["loss"] for line in file)
        return sum(float(row["loss"]) for row in csv.DictReader(file))


@pytest.mark.parametrize("kind", ["csv", "sparse", "jsonl"])
def test_ten_million_lines_in_bounded_memory(kind, tmp_path):
    path, rng = tmp_path / f"log.{kind}", np.random.default_rng(0)
    with path.open("w") as file:
        file.write({"csv": "step,loss,lr\n", "sparse": "step,loss,val_loss\n", "jsonl": ""}[kind])
        for start in range(0, LINES, 100_000):
            t = np.arange(start, start + 100_000)
            losses = 0.2 + 2 * np.exp(-20 * t / LINES) + 0.05 * rng.normal(size=len(t))
            file.writelines(lines(kind, t.tolist(), losses.tolist()))
    size = path.stat().st_size
    told = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True).stdout
    count, main, seconds, peak, reports = re.fullmatch(
        r"count (\d+) main (\S+) seconds (\S+) peak (\d+) reports (\d+)\n", told
    ).groups()
    print(
        f"\n{kind}: {LINES:,} lines, {size / 2**20:.0f} MB in {float(seconds):.0f} s, peak {int(peak) / 2**20:.0f} MB"
    )
    assert int(count) == LINES
    assert main == "converged"
    assert int(peak) < MEMORY
    assert int(reports) > 50
    start = time.perf_counter()
    read_by_hand(path, kind)
    ratio = float(seconds) / (time.perf_counter() - start)
    print(f"{ratio:.1f} times as long as a loop that only reads the losses with the standard library")
    assert ratio < 2


def test_a_monitor_costs_the_same_for_every_loss_however_long_the_run():
    losses = (0.2 + 2 * np.exp(-np.arange(200_000) / 5000)).tolist()
    monitor, seconds = ot.Monitor(), []
    for part in (losses[:50_000], losses[50_000:150_000], losses[150_000:]):
        start = time.perf_counter()
        for loss in part:
            monitor.add(loss)
        seconds.append(time.perf_counter() - start)
    print(f"\na monitor: {1e6 * seconds[0] / 50_000:.1f} µs a loss at first, {1e6 * seconds[2] / 50_000:.1f} µs later")
    assert seconds[2] < 1.5 * seconds[0]


def test_a_diagnosis_costs_less_than_the_run_that_it_is_about():
    digits = ot.datasets.digits()
    problem = ot.models.SoftmaxRegression(digits.features / 16, digits.targets)
    ratios = []
    for _ in range(5):
        start = time.perf_counter()
        run = ot.minimize(problem, problem.init(), ot.Adam(lr=0.01), max_steps=300, batch_size=64, seed=0)
        middle = time.perf_counter()
        ot.diagnose(run.trace.loss)
        ratios.append((time.perf_counter() - middle) / (middle - start))
    print(f"\na diagnosis of 300 losses takes {np.median(ratios):.2f} of the run's own time")
    assert np.median(ratios) < 0.5
