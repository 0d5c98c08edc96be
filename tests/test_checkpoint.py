"""Checkpoints: a resumed run is the uninterrupted one, bit for bit; a file is whole or refused; an old one survives."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as blocks_module
from optimtext import checkpoint

every_rule = pytest.mark.parametrize("kind", ot.rules.ALL, ids=lambda cls: cls.__name__)
# One vector, a batch of runs, two that are walked in blocks, and a lone number.
SHAPES = [(3,), (4, 3), (9_001,), (3, 5_003), ()]


def gradients(shape, dtype, count):
    rng = np.random.default_rng(11)
    return [(rng.normal(size=shape) * rng.integers(0, 3, shape)).astype(dtype) for _ in range(count)]


def assert_equal_with_signs(one, other):
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(np.signbit(one), np.signbit(other))


def assert_same_bits(one, other):
    assert (one.t, one.theta.dtype, one.theta.shape) == (other.t, other.theta.dtype, other.theta.shape)
    assert_equal_with_signs(one.theta, other.theta)
    assert_equal_with_signs(one.probe, other.probe)


def resumed(file, rule, theta0, grads, at, **options):
    """Walk two steppers through the gradients, one of them by way of a file; they must never differ."""
    straight, broken = (ot.Stepper(rule, theta0, **options) for _ in range(2))
    for t, grad in enumerate(grads):
        if t == at:
            broken.save(file)
            broken.step(grad)  # what comes after the save must not reach the file
            broken = ot.Stepper.load(file, rule, **options)
        assert_same_bits(straight, broken)
        straight.step(grad)
        broken.step(grad)
    assert_same_bits(straight, broken)
    for mine, its in zip(straight._slots, broken._slots, strict=True):
        assert_equal_with_signs(mine, its)
        assert isinstance(mine, (float, int)) == isinstance(its, (float, int))


@every_rule
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("at", [0, 4])
def test_a_resumed_run_is_the_uninterrupted_one(kind, shape, dtype, at, tmp_path):
    resumed(tmp_path / "run.npz", kind(lr=0.1), np.ones(shape, dtype), gradients(shape, dtype, 7), at)


@every_rule
def test_hyperparameters_may_be_arrays_one_for_each_run(kind, tmp_path):
    rates = np.array([[0.1], [0.2], [0.3]])
    resumed(tmp_path / "run.npz", kind(lr=rates), np.ones((3, 2), np.float32), gradients((3, 2), np.float32, 6), 3)


@every_rule
def test_a_schedule_goes_on_where_it_was(kind, tmp_path):
    rule = kind(lr=ot.CosineAnnealing(0.2, 0.01, 6))
    resumed(tmp_path / "run.npz", rule, np.ones(3), gradients((3,), np.float64, 8), 4)


@pytest.mark.parametrize("kind", [ot.GradientDescent, ot.Momentum, ot.Nesterov])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_so_it_is_with_a_penalty(kind, shape, tmp_path):
    penalty = ot.penalties.ElasticNet(0.3, 0.1)
    resumed(tmp_path / "run.npz", kind(lr=0.1), np.ones(shape), gradients(shape, float, 7), 3, penalty=penalty)


@every_rule
def test_the_length_of_a_block_need_not_be_the_same(kind, tmp_path, monkeypatch):
    grads, file = gradients((50,), np.float64, 6), tmp_path / "run.npz"
    straight = ot.Stepper(kind(lr=0.1), np.ones(50))
    for grad in grads:
        straight.step(grad)
    for first, second in [(7, 10**9), (10**9, 7), (7, 11)]:
        monkeypatch.setattr(blocks_module, "BLOCK", first)
        stepper = ot.Stepper(kind(lr=0.1), np.ones(50))
        for grad in grads[:3]:
            stepper.step(grad)
        stepper.save(file)
        monkeypatch.setattr(blocks_module, "BLOCK", second)
        stepper = ot.Stepper.load(file, kind(lr=0.1))
        for grad in grads[3:]:
            stepper.step(grad)
        assert_same_bits(straight, stepper)


def test_a_training_loop_resumes_with_the_same_batches(tmp_path):
    data = ot.datasets.breast_cancer().standardized()
    model, rule = ot.models.LogisticRegression(data.features, data.targets), ot.Adam(lr=0.01)
    run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=60, batch_size=64, seed=2)
    batches = ot.sampling.shuffled_batches(model.n_samples, 64, np.random.default_rng(2))
    stepper = ot.Stepper(rule, np.zeros(model.dim))
    for k in range(60):
        if k == 25:
            stepper.save(tmp_path / "run.npz")
            stepper = ot.Stepper.load(tmp_path / "run.npz", rule)
        stepper.step(model.gradient(stepper.probe, batch=next(batches)))
    np.testing.assert_array_equal(stepper.theta, run.theta)


def test_a_state_that_diverged_can_be_looked_at(tmp_path):
    stepper = ot.Stepper(ot.Momentum(lr=1.0), [1.0, 2.0])
    stepper.step([np.inf, 1.0])
    stepper.save(tmp_path / "run.npz")
    np.testing.assert_array_equal(ot.Stepper.load(tmp_path / "run.npz", ot.Momentum()).theta, [-np.inf, 1.0])


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a checkpoint and the stepper that wrote it."""
    stepper = ot.Stepper(ot.Adam(lr=0.1), [1.0, -2.0])
    stepper.step([3.0, 4.0])
    file = tmp_path_factory.mktemp("whole") / "run.npz"
    stepper.save(file)
    return file.read_bytes(), stepper


def test_nothing_in_it_is_pickled(whole):
    with np.load(io.BytesIO(whole[0]), allow_pickle=False) as archive:
        assert archive["theta"].tolist() == whole[1].theta.tolist()
        assert {"header", "theta", "slot_m", "slot_v"} <= set(archive.files)
        assert all(archive[name].dtype != object for name in archive.files)


def test_a_file_torn_anywhere_is_refused(whole, tmp_path):
    file = tmp_path / "run.npz"
    for length in range(0, len(whole[0]) - 1, 7):
        file.write_bytes(whole[0][:length])
        with pytest.raises(ValueError, match=re.escape(f"written by Stepper.save, got {str(file)!r}: ")):
            ot.Stepper.load(file, ot.Adam())


@settings(derandomize=True, deadline=None, max_examples=300, database=None)
@given(data=st.data())
def test_a_changed_byte_is_refused_or_was_of_no_importance(whole, tmp_path_factory, data):
    content, stepper = bytearray(whole[0]), whole[1]
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    file = tmp_path_factory.getbasetemp() / "changed.npz"
    file.write_bytes(bytes(content))
    try:
        loaded = ot.Stepper.load(file, ot.Adam(lr=0.1))
    except ValueError as error:
        assert "must be a whole checkpoint written by Stepper.save" in str(error)  # noqa: PT017  # or it is whole
    else:
        assert_same_bits(loaded, stepper)


def archive_of(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def other_zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", "not a number in it")
    return stream.getvalue()


def header(**changes):
    told = {
        "format": checkpoint.FORMAT,
        "version": checkpoint.VERSION,
        "rule": "Adam",
        "t": 1,
        "slots": [],
        "plain": {},
    }
    return np.array(json.dumps(told | changes))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"theta = [1.0, 2.0]\n",
        other_zip(),
        archive_of(theta=np.ones(2)),
        archive_of(theta=np.ones(2), header=np.array("no JSON")),
        archive_of(theta=np.ones(2), header=np.array("[]")),
        archive_of(theta=np.ones(2), header=np.array({"a": 1}, dtype=object)),  # pickled, so never read
        archive_of(theta=np.ones(2), header=header(format="another program")),
        archive_of(theta=np.ones(2), header=header(version=99)),
        archive_of(theta=np.ones(2), header=header(t=-1)),
        archive_of(theta=np.ones(2), header=header(t=1.5)),
        archive_of(theta=np.ones(2), header=header(slots=["m"])),  # said to be there, and is not
        archive_of(theta=np.ones(2), slot_m=np.ones(3), header=header(slots=["m"])),
        archive_of(theta=np.ones(2), slot_m=np.array(["a", "b"]), header=header(slots=["m"])),
        archive_of(theta=np.ones(2), slot_m=np.ones(2), header=header(slots=["m"], plain={"m": "float"})),
        archive_of(theta=np.ones(2), slot_m=np.ones(2), header=header(slots=["m"], plain={"m": "list"})),
        archive_of(theta=np.array(["a"]), header=header()),
        archive_of(theta=np.empty(0), header=header()),
    ],
)
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    file = tmp_path / "run.npz"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(f"written by Stepper.save, got {str(file)!r}: ")):
        ot.Stepper.load(file, ot.Adam())


def test_an_array_of_numpy_is_refused(tmp_path):
    np.save(tmp_path / "run.npy", np.ones(3))
    with pytest.raises(ValueError, match="whole checkpoint"):
        ot.Stepper.load(tmp_path / "run.npy", ot.Adam())


def test_the_state_of_another_rule_is_refused_by_name(whole, tmp_path):
    file = tmp_path / "run.npz"
    file.write_bytes(whole[0])
    with pytest.raises(
        ValueError, match=r"^rule must be of the kind .*, Adam with the slots \['m', 'v', .*got Momentum"
    ):
        ot.Stepper.load(file, ot.Momentum())
    with pytest.raises(TypeError, match="rule must be an update rule"):
        ot.Stepper.load(file, ot.Adam)  # type: ignore[arg-type]  # that is the point


def test_no_file_is_said_to_be_none(tmp_path):
    with pytest.raises(FileNotFoundError):
        ot.Stepper.load(tmp_path / "none.npz", ot.Adam())


def test_a_name_is_taken_as_it_is_and_a_link_stays_a_link(tmp_path):
    stepper, link = ot.Stepper(ot.Adam(), [1.0]), tmp_path / "latest"
    stepper.save(str(tmp_path / "step-1"))
    link.symlink_to("step-1")
    stepper.step([1.0])
    stepper.save(link)
    assert link.is_symlink()
    assert ot.Stepper.load(tmp_path / "step-1", ot.Adam()).t == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "step-1"]


@pytest.mark.parametrize("broken", ["savez", "fsync"])
def test_a_save_that_fails_leaves_the_older_checkpoint_and_nothing_else(broken, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("no space left on device")

    file, stepper = tmp_path / "run.npz", ot.Stepper(ot.Adam(), [1.0])
    stepper.save(file)
    stepper.step([1.0])
    monkeypatch.setattr(*((np, "savez") if broken == "savez" else (os, "fsync")), fail)
    with pytest.raises(OSError, match="no space left"):
        stepper.save(file)
    assert ot.Stepper.load(file, ot.Adam()).t == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_a_folder_that_is_not_there_is_an_error_of_the_file_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        ot.Stepper(ot.Adam(), [1.0]).save(tmp_path / "none" / "run.npz")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_process_killed_while_it_saves_leaves_a_whole_checkpoint(tmp_path):
    file = tmp_path / "run.npz"
    program = (
        "import sys, numpy as np, optimtext as ot\n"
        "stepper = ot.Stepper(ot.Adam(), np.ones(20_000))\n"
        "while True:\n"
        "    stepper.step(stepper.theta.copy())\n"
        "    stepper.save(sys.argv[1])\n"
    )
    for delay in (0.0, 0.013, 0.029):
        with subprocess.Popen([sys.executable, "-c", program, str(file)]) as process:
            deadline = time.monotonic() + 60
            before = file.stat().st_mtime_ns if file.exists() else 0
            while (file.stat().st_mtime_ns if file.exists() else 0) == before and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(delay)
            process.kill()
        assert ot.Stepper.load(file, ot.Adam()).t >= 1
