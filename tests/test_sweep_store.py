"""The store: what is finished is kept, what is torn is done again, what is not ours is left alone."""

import json
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

import optimtext as ot
from optimtext.sweeps.store import Store

RULES = {"a": ot.grid(ot.Momentum, lr=[0.01, 0.02, 1e3]), "b": ot.Adam(lr=0.1)}


class Counting:
    """A problem that counts its gradients; one that takes no stacks, so that runs go one by one."""

    def __init__(self, condition=50.0):
        self.ravine, self.calls = ot.surfaces.Ravine(condition), 0

    def loss(self, theta):
        return self.ravine.loss(theta)

    def gradient(self, theta):
        self.calls += 1
        return self.ravine.gradient(theta)


def run(problem, store, **options):
    settings = {"rules": RULES, "theta0": [[1.0, 1.0], [2.0, -1.0]], "max_steps": 200, "seeds": [0, 7], **options}
    return ot.sweep(problem, store=store, **settings)


def same(one, other):
    for a, b in zip(one, other, strict=True):
        assert vars(a).keys() == vars(b).keys()
        for name, value in vars(a).items():
            np.testing.assert_array_equal(value, getattr(b, name))
            assert type(value) is type(getattr(b, name))


def test_a_sweep_goes_on_from_its_store_and_gives_the_same_result(tmp_path):
    file, problem = tmp_path / "sweep.jsonl", Counting()
    first = run(problem, file)
    same(first, run(Counting(), None))
    done, content = problem.calls, file.read_bytes()
    same(run(problem, file), first)
    assert problem.calls == done
    assert file.read_bytes() == content
    assert len(content.splitlines()) == 1 + len(first)
    for line in content.splitlines():
        json.loads(line)


def test_infinite_losses_and_other_precisions_survive_the_store(tmp_path):
    start = np.array([1e200, 1.0], dtype=np.longdouble)
    for theta0 in (start, start.astype(np.float64), np.ones(2, dtype=np.float32)):
        file = tmp_path / f"{theta0.dtype}.jsonl"
        first = run(Counting(), file, theta0=theta0)
        again = run(Counting(), file, theta0=theta0)
        same(again, first)
        assert again[0].theta.dtype == theta0.dtype


@pytest.mark.parametrize("cut", [1, 2, 40, 10**6])
def test_wherever_a_store_is_torn_only_what_is_missing_is_done_again(tmp_path, cut):
    file = tmp_path / "sweep.jsonl"
    whole = run(Counting(), file)
    content = file.read_bytes()
    steps = [run.steps + 1 for run in whole]
    ends = np.cumsum([len(line) for line in content.splitlines(keepends=True)])
    for length in {max(0, len(content) - cut), *(ends[1:-1:3] + 5).tolist(), 10}:
        file.write_bytes(content[:length])
        problem = Counting()
        same(run(problem, file), whole)
        left = max(0, int(np.searchsorted(ends, length, side="right")) - 1)
        assert problem.calls == sum(steps[left:])
        assert sorted(file.read_bytes().splitlines()) == sorted(content.splitlines())


def test_a_damaged_line_in_the_middle_is_recognized_and_its_run_done_again(tmp_path):
    file = tmp_path / "sweep.jsonl"
    whole = run(Counting(), file)
    lines = file.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b'"steps": ', b'"steps": 1')
    file.write_bytes(b"".join(lines))
    problem = Counting()
    same(run(problem, file), whole)
    assert problem.calls == whole[2].steps + 1
    same(run(problem, file), whole)
    assert problem.calls == whole[2].steps + 1


@pytest.mark.parametrize(
    ("other", "part"),
    [
        ({"max_steps": 201}, "max_steps"),
        ({"seeds": [0, 8]}, "rules"),
        ({"theta0": [[1.0, 1.0], [2.0, -1.5]]}, "theta0"),
        ({"rules": RULES["a"]}, "rules"),
        ({"losses_every": 2}, "losses_every"),
        ({"clip": ot.clipping.ByNorm(1.0)}, "clip"),
        ({"problem": Counting(condition=20.0)}, "problem"),
        ({"problem": ot.surfaces.Ravine()}, "problem"),
    ],
)
def test_the_store_of_another_sweep_is_refused_and_left_as_it_is(tmp_path, other, part):
    file = tmp_path / "sweep.jsonl"
    run(Counting(), file)
    content = file.read_bytes()
    with pytest.raises(ValueError, match=f"another sweep, which differs in .*{part}"):
        run(**{"problem": Counting(), "store": file, **other})
    assert file.read_bytes() == content


def test_other_data_make_another_sweep(tmp_path):
    x, y = np.arange(6.0).reshape(3, 2), np.array([0.0, 1.0, 1.0])
    options = {"theta0": np.zeros(3), "store": tmp_path / "sweep.jsonl", "max_steps": 3}
    run(ot.models.LinearRegression(x, y), **options)
    run(ot.models.LinearRegression(x, y), **options)
    with pytest.raises(ValueError, match="problem"):
        run(ot.models.LinearRegression(x, 1 - y), **options)


@pytest.mark.parametrize("content", [b"a diary\n", b"a diary", b'{"run": 1}\n', b"\x00\xff" * 300, b"[1]\n", b"\n"])
def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path, content):
    file = tmp_path / "mine.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match="neither"):
        run(Counting(), file)
    assert file.read_bytes() == content


def test_two_sweeps_do_not_write_to_one_store(tmp_path):
    file = tmp_path / "sweep.jsonl"

    class Nested(Counting):
        def gradient(self, theta):
            if self.calls == 3:
                run(Counting(), file)
            return super().gradient(theta)

    with pytest.raises(ValueError, match="in use") as caught:
        run(Nested(), file)
    assert "in run 0 of the sweep" in caught.value.__notes__[0]
    script = (
        f"import sys, optimtext as ot; ot.sweep(ot.surfaces.Bowl(), ot.Adam(), [1.0], max_steps=1, store={str(file)!r})"
    )
    store = Store(file, {}, (2,), 1) if not file.exists() else None
    assert store is None
    file.unlink()
    store = Store(file, {}, (2,), 1)
    try:
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    finally:
        store.close()
    assert "in use by another sweep" in other.stderr
    Store(file, {}, (2,), 1).close()


def test_an_error_in_a_run_leaves_the_runs_before_it_in_the_store(tmp_path):
    file = tmp_path / "sweep.jsonl"

    class Failing(Counting):
        fails = True

        def gradient(self, theta):
            if self.fails and self.calls == 500:
                raise ZeroDivisionError("by design")
            return super().gradient(theta)

    problem = Failing()
    with pytest.raises(ZeroDivisionError) as caught:
        run(problem, file)
    assert caught.value.__notes__ == ["in run 2 of the sweep: Momentum(lr=0.01, beta=0.9), start 1, seed 0"]
    Failing.fails = False
    again = Failing()
    same(run(again, file), run(Counting(), None))
    everything = sum(run.steps + 1 for run in run(Counting(), None))
    assert again.calls == everything - 2 * 201


SCRIPT = """
    import os, sys, time
    import numpy as np
    import optimtext as ot

    class Slow:
        def __init__(self, log):
            self.log = log

        def loss(self, theta):
            return 0.5 * float(theta @ theta)

        def gradient(self, theta):
            with open(self.log, "ab", buffering=0) as stream:
                stream.write(b".")
            time.sleep(0.002)
            return theta * 1.0

    def main(folder, executor=None):
        rules = ot.grid(ot.Momentum, lr=[0.01 * k for k in range(1, 21)], beta=0.5)
        return ot.sweep(Slow(folder + "/log"), rules, [1.0, -2.0], max_steps=9, store=folder + "/store")

    if __name__ == "__main__":
        found = main(sys.argv[1])
        np.save(sys.argv[1] + "/theta.npy", [run.theta for run in found])
"""


def test_a_sweep_that_is_killed_loses_nothing_finished_and_does_nothing_twice(tmp_path):
    script, store, log = tmp_path / "script.py", tmp_path / "store", tmp_path / "log"
    script.write_text(textwrap.dedent(SCRIPT))
    command = [sys.executable, str(script), str(tmp_path)]
    begun = subprocess.Popen(command)
    try:
        while not store.is_file() or store.read_bytes().count(b"\n") < 6:
            assert begun.poll() is None
            time.sleep(0.01)
    finally:
        begun.kill()  # SIGKILL: nothing of it runs any more
        begun.wait()
    kept = store.read_bytes()
    finished, spent = kept.count(b"\n") - 1, log.stat().st_size
    assert 5 <= finished < 20
    assert finished * 10 <= spent <= finished * 10 + 10  # the run that was underway
    store.write_bytes(kept + b'{"run": {"index": 19, "theta"')  # as if it had been killed while it wrote
    subprocess.run(command, check=True)
    assert store.read_bytes().startswith(kept[: kept.rindex(b"\n") + 1])
    assert log.stat().st_size == spent + (20 - finished) * 10
    assert store.read_bytes().count(b"\n") == 21
    here = ot.sweep(
        ot.surfaces.Bowl(1.0),
        ot.grid(ot.Momentum, lr=[0.01 * k for k in range(1, 21)], beta=0.5),
        [1.0, -2.0],
        max_steps=9,
    )
    np.testing.assert_array_equal(np.load(tmp_path / "theta.npy"), [run.theta for run in here])


def test_a_store_in_a_folder_that_is_not_there_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        run(Counting(), Path(tmp_path, "no", "sweep.jsonl"))
