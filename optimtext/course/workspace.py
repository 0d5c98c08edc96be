"""The learner's directory: which files it gets, and how they get there without anything being lost."""

import os
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

PACKAGE = files("optimtext.course")

# What a course directory gets, and from where in this package. They end in .txt here, so that no tool takes them for
# modules of the package. One that the package does not have is left out.
FILES = {
    "README.md": "files/README.md.txt",
    "pytest.ini": "files/pytest.ini.txt",
    "starter/__init__.py": "files/starter/__init__.py.txt",
    "starter/gradient_descent.py": "files/starter/gradient_descent.py.txt",
    "starter/momentum.py": "files/starter/momentum.py.txt",
    "starter/adaptive.py": "files/starter/adaptive.py.txt",
    "starter/schedules.py": "files/starter/schedules.py.txt",
    "starter/stopping.py": "files/starter/stopping.py.txt",
    "tests/test_gradient_descent.py": "files/tests/test_gradient_descent.py.txt",
    "tests/test_momentum.py": "files/tests/test_momentum.py.txt",
    "tests/test_adaptive.py": "files/tests/test_adaptive.py.txt",
    "tests/test_schedules.py": "files/tests/test_schedules.py.txt",
    "tests/test_stopping.py": "files/tests/test_stopping.py.txt",
    "lab.ipynb": "lab/lab.ipynb",
}


class CourseError(Exception):
    """Something about the learner's directory stands in the way; the message says what and where."""


@dataclass
class Started:
    """What `start` did: names of files, relative to the directory.

    Attributes
    ----------
    added, kept : list of str
        Written now; there already and left as they were.
    moved : list of str
        Moved into `backup`, and written anew.
    backup : Path or None
        The folder that holds them.
    """

    added: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    backup: Path | None = None


def source(name: str) -> Traversable:
    """Return the package's file for the learner's file `name`."""
    return PACKAGE.joinpath(*FILES[name].split("/"))


def shipped() -> list[str]:
    """Return the names of all files that a course directory gets."""
    return [name for name in FILES if source(name).is_file()]


def start(directory: Path, *, force: bool = False) -> Started:
    """Make a course directory, or add to one what is missing.

    Parameters
    ----------
    directory : Path
        Made if it does not exist.
    force : bool
        Move the learner's files that differ from the package's into a folder with the date, and write them anew.

    Raises
    ------
    CourseError
        If something cannot be written. What was there before is then there still, or in the backup.
    """
    if directory.exists() and not directory.is_dir():
        raise CourseError(f"{directory} is a file, and a course directory is to be made there: choose another name.")
    done = Started()
    for name in shipped():
        path, content = directory / name, source(name).read_bytes()
        try:
            if not lies_there(path):
                write(path, content)
                done.added.append(name)
            elif not force or unchanged(path, content):
                done.kept.append(name)
            else:
                done.backup = done.backup or new_backup(directory)
                replace(path, content, done.backup / name)
                done.moved.append(name)
        except OSError as error:
            raise CourseError(sentence(error, path, done)) from error
    return done


def lies_there(path: Path) -> bool:
    """Return whether there is anything of that name, be it a link to nowhere."""
    return path.exists() or path.is_symlink()


def unchanged(path: Path, content: bytes) -> bool:
    """Return whether a file is as the package has it."""
    return path.is_file() and path.read_bytes() == content


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and never over another one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = written_beside(path, content)
    try:
        if lies_there(path):  # it came in between
            raise FileExistsError(17, "it was made by someone else at this moment")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def replace(path: Path, content: bytes, backup: Path) -> None:
    """Move a file into the backup and write it anew, in an order in which one of the two always exists."""
    part = written_beside(path, content)  # before anything is moved, so that a full disk is noticed first
    try:
        backup.parent.mkdir(parents=True, exist_ok=True)
        path.rename(backup)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def written_beside(path: Path, content: bytes) -> Path:
    """Write to a file of another name in the same folder, and return it."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        part.chmod(0o644)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def new_backup(directory: Path) -> Path:
    """Make and return a folder whose name holds the date, one that did not exist before."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    path, count = directory / f"backup-{stamp}", 1
    while lies_there(path):
        count += 1
        path = directory / f"backup-{stamp}-{count}"
    path.mkdir()
    return path


def sentence(error: OSError, path: Path, done: Started) -> str:
    """Say what could not be done, where, and what became of the rest."""
    why = error.strerror or str(error)
    rest = f" {len(done.added)} files were written before it." if done.added else ""
    safe = f" What was moved is in {done.backup}." if done.backup else ""
    return f"{path} cannot be written: {why}. Nothing of yours was changed or lost.{rest}{safe}"


def find(directory: Path) -> Path:
    """Return the folder of the starter files of a course directory.

    Raises
    ------
    CourseError
        If it is none.
    """
    if not directory.is_dir():
        raise CourseError(f"{directory} is not a directory: name your course directory with --dir.")
    folder = directory / "starter"
    if not folder.is_dir():
        here = directory.resolve()
        raise CourseError(
            f"{here} is not a course directory, it has no folder starter: go to yours, name it with --dir, or make one "
            "with `optimtext start DIR`."
        )
    return folder
