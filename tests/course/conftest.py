"""What the tests of the course share: right solutions in two manners, and course directories."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from optimtext.course.bank import EXERCISES
from optimtext.course.exercise import Exercise
from optimtext.course.workspace import start

SOLUTIONS = Path(__file__).with_name("solutions")
MANNERS = ("vectorized", "loops")


def load(path: Path, name: str) -> ModuleType:
    """Load a module from a file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", params=MANNERS)
def manner(request: pytest.FixtureRequest) -> str:
    """Return the name of one of the folders of right solutions."""
    return str(request.param)


@pytest.fixture(scope="session")
def right(manner: str) -> Callable[[Exercise], Any]:
    """Return the right solution of an exercise."""
    files = {exercise.file for exercise in EXERCISES.values()}
    modules = {file: load(SOLUTIONS / manner / file, f"{manner}_{file}") for file in files}
    return lambda exercise: getattr(modules[exercise.file], exercise.symbol)


@pytest.fixture
def course_directory(tmp_path: Path) -> Path:
    """Return a fresh course directory."""
    start(tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def solved(course_directory: Path) -> Path:
    """Return a course directory with right solutions."""
    for path in (SOLUTIONS / "vectorized").glob("*.py"):
        (course_directory / "starter" / path.name).write_bytes(path.read_bytes())
    return course_directory
