"""Models over a memory-mapped file: the same numbers as over an array, of which only a batch is ever in memory."""

import itertools
import pickle
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.models import MLP, LinearRegression, LogisticRegression, SoftmaxRegression

N, K = 20_000, 5  # more rows than one block of a pass over the file
MODELS: dict[str, tuple[Any, dict[str, Any]]] = {
    "linear": (LinearRegression, {}),
    "logistic": (LogisticRegression, {}),
    "softmax": (SoftmaxRegression, {"n_classes": 3}),
    "network": (MLP, {"hidden": (4,), "n_classes": 2}),
}
every_model = pytest.mark.parametrize("kind", MODELS)


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(N, K))
    return np.column_stack([features, (features @ np.arange(K) + rng.logistic(size=N) > 0)])


def mapped(folder, table, mode="r"):
    np.save(folder / "table.npy", table)
    return np.load(folder / "table.npy", mmap_mode=mode)


def both(kind, folder, table):
    cls, options = MODELS[kind]
    file = mapped(folder, table)
    held, lazy = cls(table[:, :-1], table[:, -1], **options), cls(file[:, :-1], file[:, -1], **options)
    return held, lazy, np.random.default_rng(1).normal(size=held.dim)


@every_model
def test_a_batch_from_a_file_is_that_batch_bit_for_bit(kind, tmp_path, table):
    held, lazy, theta = both(kind, tmp_path, table)
    assert (lazy.n_samples, lazy.dim) == (held.n_samples, held.dim)
    for batch in (0, [N - 1], [-1], [5, 3, 5], np.arange(0, N, 7)):
        assert lazy.loss(theta, batch=batch) == held.loss(theta, batch=batch)
        np.testing.assert_array_equal(lazy.gradient(theta, batch=batch), held.gradient(theta, batch=batch))


@every_model
def test_all_samples_of_a_file_are_the_mean_over_its_blocks(kind, tmp_path, table):
    held, lazy, theta = both(kind, tmp_path, table)
    assert len(list(lazy._samples.blocks())) == 3
    assert lazy.loss(theta) == pytest.approx(held.loss(theta), rel=1e-13)
    np.testing.assert_allclose(lazy.gradient(theta), held.gradient(theta), rtol=1e-10, atol=1e-14)
    loss, gradient = lazy.loss_and_gradient(theta)
    assert loss == lazy.loss(theta)
    np.testing.assert_array_equal(gradient, lazy.gradient(theta))
    if kind != "network":
        np.testing.assert_allclose(lazy.hessian(theta), held.hessian(theta), rtol=1e-10, atol=1e-14)


@every_model
def test_a_run_on_a_file_is_the_run_on_the_array(kind, tmp_path, table):
    held, lazy, theta = both(kind, tmp_path, table)
    runs = [ot.minimize(m, theta, ot.Adam(lr=0.01), max_steps=40, batch_size=64, seed=3) for m in (held, lazy)]
    np.testing.assert_array_equal(runs[0].trace.theta, runs[1].trace.theta)
    np.testing.assert_array_equal(runs[0].trace.loss, runs[1].trace.loss)
    assert runs[0].loss == pytest.approx(runs[1].loss, rel=1e-13)


def test_the_closed_form_of_a_file_is_that_of_the_array(tmp_path, table):
    held, lazy, _ = both("linear", tmp_path, table)
    np.testing.assert_allclose(lazy.solution(), held.solution(), rtol=1e-11, atol=1e-14)
    twice = np.column_stack([table[:, 0], table[:, 0], table[:, -1]])  # many solutions: the shortest of them
    held, lazy, _ = both("linear", tmp_path, twice)
    np.testing.assert_allclose(lazy.solution(), held.solution(), rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.uint8, ">f8", ">f4", bool])
def test_files_of_other_types_are_converted_batch_by_batch(dtype, tmp_path, table):
    whole = (np.abs(table) * 3 % 2).astype(dtype)
    file = mapped(tmp_path, whole)
    model, held = LinearRegression(file[:, :-1], file[:, -1]), LinearRegression(whole[:, :-1], whole[:, -1])
    theta = np.ones(K + 1, dtype=np.float32)
    np.testing.assert_allclose(model.gradient(theta, [1, 2]), held.gradient(theta, [1, 2]), rtol=1e-6)
    assert model.gradient(theta, [1, 2]).dtype == (np.float32 if dtype in (np.float32, ">f4") else np.float64)


def test_targets_may_stay_in_memory(tmp_path, table):
    features = mapped(tmp_path, table[:, :-1])
    model, theta = LinearRegression(features, table[:, -1]), np.ones(K + 1)
    assert model.loss(theta, [4, 2]) == LinearRegression(table[:, :-1], table[:, -1]).loss(theta, [4, 2])


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
def test_what_is_written_to_a_map_is_seen_and_stays(mode, tmp_path, table, monkeypatch):
    monkeypatch.setattr("optimtext.models.mapped._LENT_BYTES", 0)  # hand every page back at once
    file = mapped(tmp_path, table, mode)
    model, theta = LinearRegression(file[:, :-1], file[:, -1]), np.ones(K + 1)
    if mode == "r":
        with pytest.raises(ValueError, match="read-only"):
            file[3] = 7.0
    else:
        file[3] = 7.0
        for _ in range(3):
            assert model.loss(theta, [3]) == (7 * K + 1 - 7) ** 2
    assert model.loss(theta, [4]) == pytest.approx((table[4, :-1].sum() + 1 - table[4, -1]) ** 2)


@pytest.mark.parametrize("cut", [np.s_[:, :-1], np.s_[::3, 1:4], np.s_[5:, ::2], np.s_[::-1]], ids=str)
@pytest.mark.parametrize("offset", [0, 12, 5000])
def test_any_view_of_any_map_reads_its_own_rows(cut, offset, tmp_path, table):
    (tmp_path / "raw").write_bytes(b"x" * offset + table[:500].tobytes())
    view = np.memmap(tmp_path / "raw", dtype=np.float64, mode="r", offset=offset, shape=(500, K + 1))[cut]
    targets = np.arange(float(len(view)))
    rows = [3, 0, len(view) - 1, -2, 3]
    design, _ = LinearRegression(view, targets)._samples.take(rows)
    np.testing.assert_array_equal(design[:, :-1], table[:500][cut][rows])


def test_a_model_over_a_map_travels_by_the_name_of_its_file(tmp_path, table):
    file = mapped(tmp_path, table)
    model, theta = LogisticRegression(file[:, :-1], file[:, -1]), np.ones(K + 1)
    packed = pickle.dumps(model)
    assert len(packed) < 2000
    other = pickle.loads(packed)  # noqa: S301  # packed a line above
    for batch in ([3, -1], None):
        np.testing.assert_array_equal(model.gradient(theta, batch), other.gradient(theta, batch))


def test_a_file_that_is_gone_is_read_through_the_map(tmp_path, table):
    file = mapped(tmp_path, table)
    (tmp_path / "table.npy").unlink()
    model = LinearRegression(file[:, :-1], file[:, -1])
    held = LinearRegression(table[:, :-1], table[:, -1])
    np.testing.assert_array_equal(model.gradient(np.ones(K + 1), [7, 2]), held.gradient(np.ones(K + 1), [7, 2]))


def test_a_map_is_not_copied_and_an_epoch_needs_the_memory_of_a_batch(tmp_path):
    n, width, size = 40_000, 64, 32
    rows = np.random.default_rng(0).normal(size=(n, width + 1)).astype(np.float32)  # 10 MB
    rows[:, -1] = rows[:, :3].sum(axis=1)
    file = mapped(tmp_path, rows)
    total = rows.nbytes
    del rows
    batches = ot.sampling.blocked_batches(n, size, np.random.default_rng(0), block=64, window=16)
    tracemalloc.start()
    try:
        model = LinearRegression(file[:, :-1], file[:, -1])
        stepper = ot.Stepper(ot.GradientDescent(lr=0.01), np.zeros(model.dim, dtype=np.float32))
        for batch in itertools.islice(batches, n // size):
            stepper.step(model.gradient(stepper.theta, batch=batch))
        epoch = tracemalloc.get_traced_memory()[1]
        loss = model.loss(stepper.theta)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert loss < 1e-3
    assert epoch < total / 40
    assert peak < total / 3  # a pass over all samples holds two blocks of 1 MB, and what is computed from one


REFUSED = {
    "a vector": (lambda t: (t[:, 0], t[:, -1]), ValueError, "features must have shape (n_samples, n_features)"),
    "too few targets": (lambda t: (t[:, :-1], t[:5, -1]), ValueError, "targets must have shape (20000,)"),
    "no rows": (lambda t: (t[:0, :-1], t[:0, -1]), ValueError, "features must not be empty, got shape (0, 5)"),
    "text": (lambda t: (t.view("S8")[:, :-1], t[:, -1]), TypeError, "features must hold real numbers, got dtype |S8"),
}


@pytest.mark.parametrize(("parts", "error", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_maps_are_refused(parts, error, message, tmp_path, table):
    file = mapped(tmp_path, table)
    with pytest.raises(error, match=re.escape(message)):
        LinearRegression(*parts(file))


def test_bad_values_are_named_by_their_place_in_the_file_when_they_are_read(tmp_path, table):
    table[123, 4], table[17_000, -1] = np.nan, np.inf
    file = mapped(tmp_path, table)
    model, theta = LinearRegression(file[:, :-1], file[:, -1]), np.zeros(K + 1)
    model.loss(theta, batch=[0, 1])
    for batch in ([5, 123], None):
        with pytest.raises(ValueError, match=r"features must be finite, got features\[123, 4\] = nan"):
            model.loss(theta, batch=batch)
    with pytest.raises(ValueError, match=r"targets must be finite, got targets\[17000\] = inf"):
        model.gradient(theta, batch=[17_000])
    table[9, -1] = 7
    file = mapped(tmp_path, table)
    classes = LogisticRegression(file[:, :-1], file[:, -1])
    with pytest.raises(ValueError, match=r"targets must be 0 or 1, got 7\.0"):
        classes.gradient(theta, batch=[9])


def test_the_number_of_classes_in_a_file_must_be_given(tmp_path, table):
    file = mapped(tmp_path, table)
    with pytest.raises(TypeError, match="n_classes must be given where the targets are in a file, got None"):
        SoftmaxRegression(file[:, :-1], file[:, -1])
    for batch in ([], [0.5], [[0, 1]]):
        with pytest.raises(ValueError, match="batch must hold at least one sample index"):
            LinearRegression(file[:, :-1], file[:, -1]).loss(np.zeros(K + 1), batch=batch)
    with pytest.raises(IndexError):
        LinearRegression(file[:, :-1], file[:, -1]).loss(np.zeros(K + 1), batch=[N])
