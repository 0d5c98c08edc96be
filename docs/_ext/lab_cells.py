"""The lab's one source, `course/lab.md`, as cells: the learner's notebook is made from it, and so is the page.

Code stands in fences of the directive `lab`. What is the learner's to write is marked in them:

    def descend(gradient, start, lr, steps):
        '''Return the path.'''
        # solution
        ...
        # end

The learner gets `raise NotImplementedError` in its place, or, outside a function, `name = ...` for each name that the
solution assigns. `python docs/_ext/lab_cells.py` writes the notebook that `optimtext start` copies.
"""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs" / "course" / "lab.md"
NOTEBOOK = ROOT / "optimtext" / "course" / "lab" / "lab.ipynb"

FENCE = re.compile(r"^```\{lab\}\n(?:^:\w+:[^\n]*\n)*\n?(.*?)^```$", re.MULTILINE | re.DOTALL)
SOLUTION = re.compile(r"^( *)# solution\n(.*?)^ *# end\n", re.MULTILINE | re.DOTALL)
# What stands on the page only: labels, and directives other than the lab's.
PAGE_ONLY = re.compile(r"^\([\w-]+\)=\n|^(`{3,}|:{3,})\{(?!lab\}).*?^\1\n", re.MULTILINE | re.DOTALL)
ROLE = re.compile(r"\{\w+\}`([^`<]+?)\s*(<[^>`]+>)?`")


@dataclass(frozen=True)
class Cell:
    """A piece of the lab, text or code."""

    code: bool
    source: str


def cells(text: str) -> list[Cell]:
    """Split the source into cells, with text as a notebook can show it and code as it stands."""
    pieces = FENCE.split(PAGE_ONLY.sub("", text))
    found = [Cell(bool(number % 2), piece) for number, piece in enumerate(pieces)]
    shown = [cell if cell.code else Cell(code=False, source=plain(cell.source)) for cell in found]
    return [Cell(cell.code, cell.source.strip("\n")) for cell in shown if cell.source.strip()]


def plain(text: str) -> str:
    """Return the text without roles, which a notebook does not know: what they show remains."""

    def words(role: re.Match[str]) -> str:
        if role[0].startswith(("{doc}", "{ref}")) and not role[2]:
            raise ValueError(f"{SOURCE.name}: give {role[0]} a text, {{doc}}`text <target>`, for the notebook")
        return role[1] if role[2] else f"`{role[1].lstrip('~')}`"

    return ROLE.sub(words, text)


def solved(code: str) -> str:
    """Return a cell with its solution and without the marks."""
    return SOLUTION.sub(lambda mark: mark[2], code + "\n").rstrip("\n")


def learner(code: str) -> str:
    """Return a cell as the learner gets it."""

    def gap(mark: re.Match[str]) -> str:
        indent = mark[1]
        if indent:
            return f"{indent}raise NotImplementedError  # your lines instead\n"
        assigned = [node for node in ast.parse(mark[2]).body if isinstance(node, ast.Assign)]
        return "".join(f"{ast.unparse(target)} = ...  # your answer\n" for node in assigned for target in node.targets)

    return SOLUTION.sub(gap, code + "\n").rstrip("\n")


def notebook(text: str, *, solutions: bool = False) -> dict[str, Any]:
    """Return the notebook, the learner's or the solved one, in the format of Jupyter (nbformat 4.5)."""
    made = []
    for number, cell in enumerate(cells(text)):
        source = (solved if solutions else learner)(cell.source) if cell.code else cell.source
        entry: dict[str, Any] = {"cell_type": "markdown", "id": f"lab-{number}", "metadata": {}}
        if cell.code:
            entry |= {"cell_type": "code", "execution_count": None, "outputs": []}
        made.append(entry | {"source": source.splitlines(keepends=True)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def written(text: str, *, solutions: bool = False) -> str:
    """Return the notebook's file."""
    return json.dumps(notebook(text, solutions=solutions), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    NOTEBOOK.parent.mkdir(parents=True, exist_ok=True)
    NOTEBOOK.write_text(written(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
