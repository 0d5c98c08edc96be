"""How the benchmarks measure, and where they write what they found.

`nox -s bench` measures and checks; `nox -s bench -- --record` also writes the figures to docs/reference/speed.json,
from which the book makes its table.

The machine may be busy. So a bound on a speed is at most about two thirds of what a quiet machine shows, and says only
that nothing has become much worse; both sides of a comparison are measured in turns; and what fails is measured again
after a pause, up to three times in all, since a busy moment passes and a loss of speed stays.
"""
# ruff: noqa: T201  # a measurement tells what it measured

import datetime as dt
import importlib.metadata
import inspect
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# PyTorch's threads, read from here when it is imported: they sleep between its steps. Left to themselves they wait at
# full speed for the next one, on the core on which the other side of the comparison is being measured.
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
FILE = Path(__file__).parents[2] / "docs" / "reference" / "speed.json"
LIBRARIES = ("numpy", "numba", "torch", "optax", "jax", "scikit-learn")
FOUND = pytest.StashKey[dict[int, dict[str, Any]]]()
ATTEMPTS, PAUSE = 3, 10.0  # times that a comparison is made before it counts as lost; seconds in between


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write the figures to docs/reference/speed.json")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}


def pytest_sessionfinish(session: pytest.Session) -> None:
    measured = session.config.stash[FOUND]
    if not measured or not session.config.getoption("--record"):
        return
    kept = json.loads(FILE.read_text(encoding="utf-8"))["rows"] if FILE.exists() else []
    # Rows that were not measured this time stay, so that one file of benchmarks can be repeated by itself.
    rows = sorted(
        [*measured.values(), *(row for row in kept if row["row"] not in measured)], key=lambda row: row["row"]
    )
    about = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }
    FILE.write_text(json.dumps({"about": about, "rows": rows}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nwrote {FILE}")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test, and again if it fails; True if it passed, and None if pytest is to make the last attempt."""
    given = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    for _ in range(ATTEMPTS - 1):
        try:
            pyfuncitem.obj(**given)
        except AssertionError as error:
            print(f"\nonce more in {PAUSE:g} s: {error}")
            time.sleep(PAUSE)
        else:
            return True
    return None


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
        request.config.stash[FOUND][row] = entry
        assert ratio >= at_least

    return note


def seconds(time: float) -> str:
    """Return a time in a unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if time >= size or unit == "µs":
            return f"{time / size:.3g} {unit}"
    raise AssertionError("the last unit takes all")
