"""Figures that are no gallery script's: those of the quiz's questions, and those of the lab.

They are saved beside the gallery's, in both modes, so that a page treats them alike: `twins` gives them their size and
alternative text. `quiz/figures.py` draws the quiz's when a build begins, unless nothing has changed since.
"""

import hashlib
import importlib.util
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
from docutils import nodes
from scripts import fingerprint, write_svg
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from twins import darken

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path("gallery", "drawn", "images")
QUIZ = Path("quiz", "figures.py")


@contextmanager
def style(name: str) -> "Iterator[None]":
    """Draw in the book's style, with the same bytes on every run, and leave nothing open."""
    from optimtext.plot import STYLE

    with plt.style.context(STYLE), plt.rc_context({"svg.fonttype": "path", "svg.hashsalt": name}):
        plt.close("all")
        yield
        plt.close("all")


def image_path(srcdir: str | Path, name: str) -> Path:
    """Return where the light rendering of a figure lies."""
    return Path(srcdir, FOLDER, f"sphx_glr_{name}.svg")


def save(srcdir: str | Path, name: str, figure: Any, alternative: str) -> None:
    """Write a figure in both modes."""
    path = image_path(srcdir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_svg(figure, path, " ".join(alternative.split()))
    dark = path.with_stem(path.stem + "_dark")
    dark.write_text(darken(path.read_text(encoding="utf-8")), encoding="utf-8")


def image(srcdir: str | Path, name: str) -> nodes.image:
    """Return a saved figure as a node, which `twins` completes."""
    return nodes.image(uri="/" + image_path(srcdir, name).relative_to(srcdir).as_posix())


def quiz_figures(srcdir: str | Path) -> dict[str, Any]:
    """Return the functions that draw the quiz's figures, by name."""
    spec = importlib.util.spec_from_file_location("quiz_figures", Path(srcdir, QUIZ))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.FIGURES)


def draw(app: Sphinx) -> None:
    """Draw the quiz's figures, if their code, this code or the package has changed."""
    state = hashlib.sha256(fingerprint().encode())
    for path in (Path(__file__), Path(app.srcdir, QUIZ)):
        state.update(path.read_bytes())
    record = Path(app.srcdir, FOLDER.parent, ".drawn")
    if record.exists() and record.read_text() == state.hexdigest():
        return
    for name, function in quiz_figures(app.srcdir).items():
        with style(name):
            try:
                save(app.srcdir, name, function(), function.__doc__ or "")
            except AssertionError as error:
                raise ExtensionError(f"{QUIZ}: {name}: what its question says is not so: {error}") from error
    record.write_text(state.hexdigest())


def setup(app: Sphinx) -> dict[str, Any]:
    """Draw before any page is read."""
    app.connect("builder-inited", draw, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
