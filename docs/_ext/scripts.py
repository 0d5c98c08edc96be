"""How the gallery's scripts are run: in which order, from which state, and what is kept of their figures."""

import ast
import hashlib
import inspect
import os
import re
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import described
import matplotlib.pyplot as plt
import recolored
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx_gallery.py_source_parser import extract_file_config
from twins import partners

import optimtext

HEADER = "GALLERY_HEADER.rst"
THUMBNAIL = (360, 240)  # pixels, one and a half times what the style sheet gives it


def listed(folder: Path) -> list[str]:
    """Return the names in the comment `.. order: first second …` of a folder's header."""
    header = (folder / HEADER).read_text(encoding="utf-8")
    match = re.search(r"^\.\. order:(.*(?:\n[ \t]+\S.*)*)", header, re.MULTILINE)
    return match[1].split() if match else []


def position(names: list[str], name: str, header: Path) -> int:
    """Return the place of a name in the reading order; a name that was forgotten there is an error."""
    if name not in names:
        raise ConfigError(f"{header} does not place {name!r}: add it to the line '.. order: …'")
    return names.index(name)


def chapter_order(folder: str) -> int:
    """Sort the gallery's chapters as `gallery/GALLERY_HEADER.rst` lists them."""
    # Sphinx-Gallery gives the folder relative to docs/, from where its own header is two steps away.
    path = Path(__file__).parents[1] / folder
    return position(listed(path.parent), path.name, path.parent / HEADER)


class ReadingOrder:
    """Sort a chapter's scripts as the chapter's own header lists them."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def __call__(self, filename: str) -> int:
        """Return the place of a script."""
        return position(listed(self.folder), Path(filename).stem, self.folder / HEADER)


# What a script may change and gets back to where it was when the script is done.
run = ExitStack()


def start_fresh(gallery_conf: dict[str, Any], filename: str, when: str) -> None:
    """Give every script the same start: the book's style, no open figure, no leftover, warnings as errors."""
    plt.close("all")
    if when == "after":
        run.close()
        return
    from optimtext.plot import STYLE

    plt.rcdefaults()
    plt.style.use(STYLE)
    plt.rcParams.update({"backend": "agg", "svg.fonttype": "path", "svg.hashsalt": Path(filename).stem})
    run.enter_context(warnings.catch_warnings())
    warnings.simplefilter("error")
    # Readers who run the script want plt.show() to open a window; in a build there is none to open.
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")
    gallery = Path(gallery_conf["src_dir"], gallery_conf["gallery_dirs"])
    # Without its checksum a run that fails now is repeated, even if the script goes back to what it was.
    for old in gallery.glob(f"**/{filename}.md5"):
        old.unlink()
    for old in gallery.glob(f"**/images/**/sphx_glr_{Path(filename).stem}_*.*"):
        if re.fullmatch(r"(\d{3}|thumb)(_dark)?", old.stem.removeprefix(f"sphx_glr_{Path(filename).stem}_")):
            old.unlink()


def write_svg(figure: Any, path: Path, title: str) -> None:
    """Save a figure as SVG, the same bytes on every run, with a title that serves as its alternative text."""
    figure.savefig(path, transparent=True, metadata={"Title": title, "Date": None})
    # A hundredth of a pixel is enough, and drops a third of the file.
    svg = path.read_text(encoding="utf-8")
    svg = re.sub(r' d="[^"]*"', lambda d: re.sub(r"(\.\d\d)\d+", r"\1", d[0]), svg)
    # What e-books do not allow, and nobody needs: a document type with an address, and a path without a point.
    svg = re.sub(r"<!DOCTYPE.*?>\n?", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<path(?![^>]* d=)", '<path d="M 0 0"', svg)
    path.write_text(svg, encoding="utf-8")


def write_thumbnails(figure: Any, folder: Path, script: str) -> None:
    """Save a figure small, in both modes; Sphinx-Gallery prefers such a file to the copy of the drawing that it makes.

    The index of the gallery shows seventy of them, and with whole drawings was a page of a megabyte.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, colors in (("", {}), ("_dark", partners())):
        recolored.save_small(figure, folder / f"sphx_glr_{script}_thumb{suffix}.png", THUMBNAIL, colors)


def save_figures(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save each open figure as SVG, the same bytes on every run, with its title inside; and one of them small."""
    script = Path(block_vars["src_file"])
    chosen = extract_file_config(script.read_text(encoding="utf-8")).get("thumbnail_number", 1)
    rst = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        title = described.describe(figure)
        if not title:
            raise ValueError("a figure without a title has no alternative text: call ax.set_title(...)")
        if any(ax.get_visible() and ax.axison and not ax.has_data() for ax in figure.axes):
            raise ValueError(f"an empty axes in {title!r}: a figure is saved at the end of the cell that begins it")
        path = Path(block_vars["image_path_iterator"].next()).with_suffix(".svg")
        write_svg(figure, path, title)
        if path.stem.endswith(f"_{chosen:03}"):
            write_thumbnails(figure, path.parent / "thumb", script.stem)
        rst.append(f"\n.. image:: /{path.relative_to(gallery_conf['src_dir']).as_posix()}\n")
    plt.close("all")
    return "".join(rst)


def fingerprint() -> str:
    """Return a hash of the package's code, without comments and docstrings, and of what draws its figures here.

    The course is left out: no figure is made with it.
    """
    here = [Path(__file__).with_name(f"{name}.py") for name in ("scripts", "recolored", "described", "plain_math")]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in here))
    package = Path(inspect.getfile(optimtext)).parent
    for path in sorted(p for p in package.rglob("*") if p.is_file() and package / "course" not in p.parents):
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                    node.body = node.body[1:]
            code.update(ast.dump(tree).encode())
        elif path.suffix != ".pyc":
            code.update(path.read_bytes())
    return code.hexdigest()


def forget_results_of_older_code(app: Sphinx) -> None:
    """Run all scripts again when the package has changed, since their figures show what it computes."""
    gallery = Path(app.srcdir, app.config.sphinx_gallery_conf["gallery_dirs"])
    gallery.mkdir(exist_ok=True)
    record = gallery / ".package"
    current = fingerprint()
    if not record.exists() or record.read_text() != current:
        for checksum in gallery.rglob("*.py.md5"):
            checksum.unlink()
        record.write_text(current)
        # All scripts will run, so all cores are worth their start. Sphinx must not take this for a changed setting and
        # read every page anew next time: the setting is put back as soon as the scripts have run.
        app.config.sphinx_gallery_conf["parallel"] = os.cpu_count() or 1


def put_back(app: Sphinx) -> None:
    """Leave the settings as they were configured."""
    app.config.sphinx_gallery_conf["parallel"] = False


def tidy(app: Sphinx, docname: str, source: list[str]) -> None:
    """Drop from a script's page the pointer to the foot of the page and the download of a zip."""
    if docname.startswith(app.config.sphinx_gallery_conf["gallery_dirs"] + "/"):
        pointer = r"\n    \.\. note::\n        :class: sphx-glr-download-link-note\n(\n? {8}.*)+"
        source[0] = re.sub(pointer, "", source[0])
        source[0] = re.sub(r"\n    \.\. container:: .*-download-zip\n\n.*\n", "", source[0])
        source[0] = source[0].replace("\n.. only:: html\n\n\n.. rst-class", "\n.. rst-class")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the build; 400 and 500 are before and at Sphinx-Gallery's own turn."""
    app.connect("builder-inited", forget_results_of_older_code, priority=400)
    app.connect("builder-inited", put_back, priority=600)
    app.connect("source-read", tidy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
