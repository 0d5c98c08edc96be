"""What the tests of kernels share: kernels at once, or never, and classes made from source in a file."""

import functools
import importlib.util

import numpy as np
import pytest

import optimtext as ot
from optimtext.kernels import runs, worth
from optimtext.sweeps import compiled


@pytest.fixture
def at_once(monkeypatch):
    """Compile whatever can be compiled, as if it cost nothing."""
    pytest.importorskip("numba")
    monkeypatch.setattr(worth, "FIRST", 0.0)
    monkeypatch.setattr(worth, "FURTHER", 0.0)


@pytest.fixture
def without_numba(monkeypatch):
    """Behave as where Numba is not installed, whatever has been compiled before."""
    monkeypatch.setattr(worth, "importable", lambda: False)
    monkeypatch.setattr(worth, "_compiled", set())
    monkeypatch.setattr(worth, "_spent", {})


@pytest.fixture
def made(tmp_path):
    """Make classes from source in a file, since that is where their lines are read; return its module."""

    def make(source):
        path = tmp_path / f"own_{abs(hash(source))}.py"
        path.write_text(source, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return make


@pytest.fixture
def assert_same():
    """Compare arrays by shape, precision and bits; any NaN is like any other."""

    def check(one, other):
        one, other = np.asarray(one), np.asarray(other)
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        np.testing.assert_array_equal(one, other)
        if one.dtype.kind == "f":
            numbers = ~np.isnan(one)
            np.testing.assert_array_equal(np.signbit(one[numbers]), np.signbit(other[numbers]))

    return check


@pytest.fixture
def assert_same_run(assert_same):
    """Compare two results of `minimize`, field by field."""

    def check(one, other):
        for name in ("theta", "loss", "steps", "reason", "message"):
            assert_same(getattr(one, name), getattr(other, name))
        for name in ("loss", "grad_norm", "lr", "evaluations", "theta", "validation"):
            assert_same(getattr(one.trace, name), getattr(other.trace, name))

    return check


@pytest.fixture
def interpreted():
    """Run a function without kernels."""

    def run(function):
        with ot.kernels.off():
            return function()

    return run


@pytest.fixture
def printed(monkeypatch):
    """Have Python run the source of kernels as it stands, with NumPy's numbers: what was printed, not yet compiled."""

    def slowly(python, _):
        def call(*arguments):
            with np.errstate(all="ignore"):
                return python(*arguments)

        return call

    monkeypatch.setattr(runs, "compile_with_numba", slowly)
    monkeypatch.setattr(worth, "_compiled", set())
    # A cache of its own, so that what has been compiled for other tests stays.
    own = functools.cache(runs.run_kernel.__wrapped__)
    monkeypatch.setattr(runs, "run_kernel", own)
    monkeypatch.setattr(compiled, "run_kernel", own)
