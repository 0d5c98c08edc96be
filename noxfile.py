"""Sessions of the project, one verb each: `nox -l` lists them, `nox -s docs` runs one."""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "docs"]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
LOCK = "constraints.txt"
BOOK = Path("docs", "_build")
# Drawing needs no screen; and Sphinx is seconds slower where an environment forbids to keep compiled modules.
QUIET = {"MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": None}
# Several processes share the cores in these sessions; each one's matrix products would start a thread for every core.
ONE_THREAD = {**QUIET, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
ALL_CORES = ["--numprocesses", "auto"]  # a debugger wants one: `nox -s tests -- -n 0 --pdb`


def install(session: nox.Session, *groups: str, package: bool = True, node: bool = False) -> None:
    """Install the package, editable, and dependency groups under the lock, unless nothing has changed since."""
    if node and shutil.which("node") is None:
        groups = (*groups, "node")
    wanted = nox.project.dependency_groups(PYPROJECT, *groups)
    if package:
        wanted = ("--editable", ".", *wanted)
    state = b"\0".join([Path("pyproject.toml").read_bytes(), Path(LOCK).read_bytes(), repr(wanted).encode()])
    digest = hashlib.sha256(state).hexdigest()
    stamp = Path(session.virtualenv.location, "installed")
    if stamp.is_file() and stamp.read_text() == digest:
        return
    session.install("--constraint", LOCK, *wanted)
    # Written by the environment's own Python: `nox -R` skips both this and the line above.
    write = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    session.run_install("python", "-c", write, str(stamp), digest, silent=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests of the package; further arguments go to pytest."""
    install(session, "tests", node=True)
    session.run("pytest", *ALL_CORES, *session.posargs, env=ONE_THREAD)


@nox.session(python="3.11")
def oldest(session: nox.Session) -> None:
    """Run the tests on the oldest NumPy and Matplotlib that the package admits."""
    install(session, "tests", node=True)
    session.install(*[need.replace(">=", "==") for need in PYPROJECT["project"]["dependencies"]])
    # An old Matplotlib may use what other packages have deprecated since.
    session.run("pytest", *ALL_CORES, "-W", "ignore::DeprecationWarning", *session.posargs, env=ONE_THREAD)


@nox.session
def doctests(session: nox.Session) -> None:
    """Run every docstring of the package and every doctest block of the book and of the README."""
    install(session, "doctests", node=True)
    session.run("pytest", "--doctest-modules", "optimtext", *session.posargs, env=QUIET)
    session.run("pytest", "docs", "README.md", *session.posargs, env=QUIET)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the book, every warning an error, and print where its first page is."""
    install(session, "docs", node=True)
    options = ["-W", "-n", "-j", "auto", "-b", "html", "-d", str(BOOK / "doctrees")]
    try:
        session.run("sphinx-build", *options, "docs", str(BOOK / "html"), env=ONE_THREAD)
    except nox.command.CommandFailed:
        # Sphinx warns only about pages that it reads anew, so a page that failed must not count as read.
        shutil.rmtree(BOOK / "doctrees", ignore_errors=True)
        raise
    # At exit, because nox still has a line of its own to say and the path is to be the last.
    atexit.register(print, ROOT / BOOK / "html" / "index.html", flush=True)


@nox.session
def live(session: nox.Session) -> None:
    """Rebuild the book at every change and reload it in the browser while you write."""
    install(session, "live", node=True)
    watch = ["--watch", "optimtext", "--watch", "gallery"]
    # What a build itself writes must not start the next one.
    ignore = ["--ignore", "*/docs/gallery/*", "--ignore", "*/docs/_build/*", "--ignore", "*/__pycache__/*"]
    options = ["-n", "-d", str(BOOK / "doctrees"), "--open-browser", *session.posargs]
    session.run("sphinx-autobuild", *watch, *ignore, *options, "docs", str(BOOK / "html"), env=QUIET)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and spelling; `nox -s lint -- --fix` mends what can be mended."""
    install(session, "lint", package=False)
    fix = "--fix" in session.posargs
    session.run("ruff", "check", *(["--fix"] if fix else []))
    session.run("ruff", "format", *([] if fix else ["--diff"]))
    session.run("codespell", *(["--write-changes"] if fix else []))


@nox.session
def types(session: nox.Session) -> None:
    """Check the types: strict for the package, the extensions of the book and this file."""
    install(session, "types")
    session.run("mypy", *session.posargs)


@nox.session(requires=["docs"])
def browser(session: nox.Session) -> None:
    """Bring the built book up to date, then read it with a real browser."""
    install(session, "browser")
    session.run("pytest", *ALL_CORES, "tests/browser", *session.posargs, env=ONE_THREAD)


@nox.session(requires=["docs"])
def spelling(session: nox.Session) -> None:
    """Bring the built book up to date, then check the spelling of every word in it."""
    install(session, "spelling", package=False)
    session.run("pytest", "tests/spelling", *session.posargs, env=QUIET)


@nox.session
def epub(session: nox.Session) -> None:
    """Build the book for e-readers, every warning an error, and look whether such a device can open it."""
    install(session, "docs", "epub", node=True)
    options = ["-W", "-n", "-b", "epub", "-d", str(BOOK / "doctrees-epub")]
    session.run("sphinx-build", *options, "docs", str(BOOK / "epub"), env=ONE_THREAD)
    session.run("pytest", "tests/epub", *session.posargs, env=ONE_THREAD)


@nox.session
def distributed(session: nox.Session) -> None:
    """Run a sweep on a real cluster of two worker processes and kill one of them."""
    install(session, "distributed")
    session.run("pytest", "tests/distributed", *session.posargs, env=QUIET)


# The next two install with pip: CONTRIBUTING.md says how to let it find PyTorch's CPU build, the smaller one.
@nox.session(python="3.11", venv_backend="virtualenv")
def oracles(session: nox.Session) -> None:
    """Compare every rule with its namesakes in PyTorch and optax, and the rest with scikit-learn and SciPy."""
    install(session, "oracles")
    session.run("pytest", "tests/oracles", *session.posargs, env=QUIET)


@nox.session(python="3.11", venv_backend="virtualenv")
def bench(session: nox.Session) -> None:
    """Measure the speed table; `nox -s bench -- --record` writes it to docs/reference/speed.json, for the book."""
    install(session, "bench")
    session.run("pytest", "-s", "tests/benchmarks", *session.posargs, env=QUIET)


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist, install each into a fresh environment and import it from elsewhere."""
    install(session, "build", package=False)
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "build")
    check = (
        "import importlib.resources as r, importlib.metadata as m, optimtext as ot; d = r.files(ot);"
        "assert m.version('optimtext') == ot.__version__;"
        "assert (d / 'py.typed').is_file() and (d / 'optimtext.mplstyle').is_file();"
        "assert any(f.name.endswith('.csv') for f in (d / 'data').iterdir());"
        "print(ot.__version__, d)"
    )
    for archive in sorted(Path("dist").iterdir()):
        home = Path(session.create_tmp(), archive.name).resolve()
        session.run("python", "-m", "venv", "--clear", str(home), silent=True)
        python = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        session.run(python, "-m", "pip", "install", "-q", "-c", LOCK, str(archive), external=True)
        with session.chdir(home):
            session.run(python, "-I", "-W", "error", "-c", check, external=True)


@nox.session
def lock(session: nox.Session) -> None:
    """Resolve the newest releases for Python 3.11 and newer at once and write them to constraints.txt."""
    install(session, "lock", package=False)
    groups = [f"--group={name}" for name in PYPROJECT["dependency-groups"]]
    options = ["--universal", "--python-version=3.11", "--upgrade", "--strip-extras", "--no-config"]
    plain = ["--no-header", "--no-annotate", "--quiet"]
    found = Path(session.create_tmp(), "found.txt")
    found.unlink(missing_ok=True)
    session.run("uv", "pip", "compile", *options, *plain, *groups, "pyproject.toml", "--output-file", str(found))
    # PyTorch's CPU build, which is what `oracles` wants, has no use for the packages of the other one.
    kept = [line for line in found.read_text().splitlines() if not re.match(r"nvidia-|cuda-|triton\b", line)]
    title = "# The lock: written by `nox -s lock` from pyproject.toml, for every Python from 3.11 on at once.\n"
    Path(LOCK).write_text(title + "\n".join(kept) + "\n")
