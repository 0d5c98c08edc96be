"""``python -m optimtext.diagnosis.exam FILE`` makes every run of the exam anew and writes them to a file.

It takes some minutes. The file that travels with the package is ``optimtext/data/clinic_runs.npz``.
"""

import sys
from pathlib import Path

from optimtext.diagnosis.exam.archive import Case, save
from optimtext.diagnosis.exam.recipes import recipes
from optimtext.diagnosis.exam.runs import make
from optimtext.diagnosis.exam.truth import labels


def main(path: str) -> None:
    """Make all runs and write them."""
    cases = []
    for recipe in recipes():
        log, facts = make(recipe)
        cases.append(Case(recipe, log, labels(recipe, facts)))
        sys.stderr.write(f"\r{len(cases)} runs")
    sys.stderr.write("\n")
    save(sorted(cases, key=lambda case: case.held_out), Path(path))


if __name__ == "__main__":
    main(sys.argv[1])
