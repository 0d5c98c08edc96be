"""The playground's scripts: the engine, made from the package, and the modules of docs/playground beside it.

They are written to _static/playground before the pages that load them.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from playground_bundle import bundle, lean
from sphinx.application import Sphinx


def scripts(home: Path) -> dict[str, str]:
    """Return every module of the playground by its file name; `home` is the folder of those written by hand."""
    modules = {path.name: path.read_text(encoding="utf-8") for path in sorted(home.glob("*.js"))}
    made = {"engine.js": import_module("optimtext").emit.engine(), "view.js": bundle(home / "view")}
    return {name: lean(text) for name, text in (made | modules).items()}


def write(app: Sphinx) -> None:
    """Write the modules, those only that have changed."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "playground")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = scripts(Path(app.srcdir, "playground"))
    for path in folder.glob("*.js"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the start of the build."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
