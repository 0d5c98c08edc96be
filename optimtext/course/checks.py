"""What is checked, and how: a solution in this process, or a whole directory in processes of their own."""

import difflib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from optimtext.course.bank import EXERCISES
from optimtext.course.exercise import anew
from optimtext.course.judge import Verdict, judge
from optimtext.course.runner import TIME_LIMIT, check_file
from optimtext.course.workspace import CourseError, find


def assess(name: str, solution: Any, *, seed: int | None = None) -> Verdict:
    """Check one solution here and now, as a notebook does.

    Parameters
    ----------
    name : str
        Name of the exercise.
    solution : function or class
        What the exercise asks for.
    seed : int, optional
        Draws five more cases than everyone gets.

    Returns
    -------
    Verdict

    Raises
    ------
    CourseError
        If there is no such exercise.

    Warnings
    --------
    The solution runs in this process: an endless loop is not ended. `check` runs it in another one.
    """
    exercise = EXERCISES[select([name])[0]]
    return judge(exercise, list(exercise.trials(anew(solution), seed)), seed)


def check(
    directory: Path, names: Sequence[str] = (), *, seed: int | None = None, time_limit: float = TIME_LIMIT
) -> list[Verdict]:
    """Check the solutions in a course directory.

    Parameters
    ----------
    directory : Path
        One that `start` has made.
    names : sequence of str
        Exercises, by their names or those of their files; without any, all.
    seed : int, optional
        Draws five more cases for each exercise than everyone gets.
    time_limit : float, default 10
        Seconds for each exercise.

    Returns
    -------
    list of Verdict
        In the order of the course.

    Raises
    ------
    CourseError
        If it is no course directory, or there is no such exercise.
    OSError
        If no process can be started.
    """
    folder, chosen = find(directory), select(names)
    of_file: dict[str, list[str]] = {}
    for name in chosen:
        of_file.setdefault(EXERCISES[name].file, []).append(name)

    def work(file: str) -> list[Verdict]:
        return check_file(folder / file, of_file[file], seed=seed, time_limit=time_limit)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:  # each waits for a process of its own
        return list(chain.from_iterable(threads.map(work, of_file)))


def select(words: Iterable[str]) -> list[str]:
    """Return the exercises that are meant, in the order of the course.

    A word may be an exercise (``adam``, ``Adam``), a file (``adaptive``, ``momentum.py``) or its path
    (``starter/momentum.py``). Where an exercise has the name of its file, ``.py`` means the file.

    Raises
    ------
    CourseError
        If a word means nothing.
    """
    chosen: set[str] = set()
    for word in words:
        found = [name for name in EXERCISES if plain(word) == plain(name)]
        found = found or [name for name, exercise in EXERCISES.items() if stem(word) == exercise.file]
        if not found:
            near = difflib.get_close_matches(word.lower(), EXERCISES, n=1)
            guess = f" Did you mean {near[0]}?" if near else ""
            raise CourseError(f"there is no exercise {word!r}.{guess} There are {', '.join(EXERCISES)}.")
        chosen.update(found)
    return [name for name in EXERCISES if name in chosen or not chosen]


def plain(word: str) -> str:
    """Return a name without what spellings of it differ in."""
    return word.lower().replace("-", "").replace("_", "")


def stem(word: str) -> str:
    """Return the name of the file that a word names."""
    return PurePosixPath(word.replace(os.sep, "/")).name.removesuffix(".py") + ".py"
