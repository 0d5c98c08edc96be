"""How the benchmarks measure, and where they write what they found.

`nox -s bench` measures and checks; `nox -s bench -- --record` also writes the figures to docs/reference/speed.json,
from which the book makes its table.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import datetime as dt
import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[2] / "docs" / "reference" / "speed.json"
LIBRARIES = ("numpy", "numba", "torch", "optax", "jax", "scikit-learn")
FOUND = pytest.StashKey[list[dict[str, Any]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write the figures to docs/reference/speed.json")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    rows = session.config.stash[FOUND]
    if not rows or not session.config.getoption("--record"):
        return
    kept = json.loads(FILE.read_text(encoding="utf-8"))["rows"] if FILE.exists() else []
    measured = {row["row"] for row in rows}
    # Rows that were not measured this time stay, so that one file of benchmarks can be repeated by itself.
    rows = sorted([*rows, *(row for row in kept if row["row"] not in measured)], key=lambda row: row["row"])
    about = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    FILE.write_text(json.dumps({"about": about, "rows": rows}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nwrote {FILE}")


def processor() -> str:
    """Return what the system calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


@pytest.fixture(scope="session")
def medians() -> Callable[..., list[float]]:
    """Return a function that measures the median seconds of each work."""

    def measure(*works: Callable[[], Any], rounds: int = 15) -> list[float]:
        # In turns, so that a busy moment of the machine meets all of them; once before, so that all are warm.
        for work in works:
            work()
        seconds: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for work, taken in zip(works, seconds, strict=True):
                start = time.perf_counter()
                work()
                taken.append(time.perf_counter() - start)
        return [statistics.median(taken) for taken in seconds]

    return measure


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return a function that notes a comparison, and fails where it is far from what it should be."""

    def note(row: int, work: str, against: str, ours: float, theirs: float, *, asked: float, at_least: float) -> None:
        """Note that `theirs` took so many times as long as `ours`; `at_least` leaves room for a busy machine."""
        ratio = theirs / ours
        print(f"\n{work}: {seconds(ours)}; {against}: {seconds(theirs)}: {ratio:.3g} times as fast, asked {asked:g}")
        entry = {"row": row, "work": work, "against": against, "ours": ours, "theirs": theirs, "asked": asked}
        request.config.stash[FOUND].append(entry)
        assert ratio >= at_least

    return note


def seconds(time: float) -> str:
    """Return a time in a unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if time >= size or unit == "µs":
            return f"{time / size:.3g} {unit}"
    raise AssertionError("the last unit takes all")
