"""Batches for files: every epoch visits every sample once, and only a window of blocks at a time."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimtext.sampling import blocked_batches

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def epoch(batches, n, size):
    return list(itertools.islice(batches, -(-n // size)))


@quick
@given(sizes, st.integers(1, 70), st.integers(1, 70), st.integers(0, 2**32))
def test_each_epoch_visits_each_sample_once_in_ceil_batches(sizes, block, window, seed):
    n, size = sizes
    batches = blocked_batches(n, size, np.random.default_rng(seed), block=block, window=window)
    for _ in range(3):
        drawn = epoch(batches, n, size)
        assert [len(batch) for batch in drawn[:-1]] == [size] * (len(drawn) - 1)
        assert len(drawn[-1]) == (n % size or size)
        np.testing.assert_array_equal(np.sort(np.concatenate(drawn)), np.arange(n))


@quick
@given(st.integers(0, 2**32))
def test_no_more_than_a_window_of_blocks_is_mixed(seed):
    n, size, block, window = 1000, 20, 10, 5
    drawn = np.concatenate(
        epoch(blocked_batches(n, size, np.random.default_rng(seed), block=block, window=window), n, size)
    )
    for part in drawn.reshape(-1, block * window):
        blocks, counts = np.unique(part // block, return_counts=True)
        assert len(blocks) == window
        assert (counts == block).all()


def test_epochs_differ_and_equal_generators_give_equal_batches():
    first, second = (blocked_batches(50, 7, np.random.default_rng(1), block=5, window=4) for _ in range(2))
    for a, b in itertools.islice(zip(first, second, strict=True), 20):
        np.testing.assert_array_equal(a, b)
    one, other = (np.concatenate(epoch(first, 50, 7)) for _ in range(2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(("block", "window"), [(1, 2), (5, 1), (2, 3), (9, 9)])
def test_every_sample_is_as_likely_in_the_first_batch_of_blocks_of_1_or_a_window_of_all(block, window):
    rng = np.random.default_rng(5)
    first = np.concatenate([next(blocked_batches(5, 2, rng, block=block, window=window)) for _ in range(4000)])
    np.testing.assert_allclose(np.bincount(first, minlength=5), 8000 / 5, rtol=0.1)


def test_a_billion_samples_need_no_billion_indices():
    batches = blocked_batches(10**9, 256, np.random.default_rng(0), block=10**4, window=4)
    tracemalloc.start()
    try:
        drawn = list(itertools.islice(batches, 500))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {len(batch) for batch in drawn} == {256}
    assert peak < 8 * 10**6


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"block": 0}, ValueError, "block must be an integer of at least 1, got 0"),
        ({"window": 2.0}, TypeError, r"window must be an integer of at least 1, got 2\.0"),
        ({"batch_size": 6}, ValueError, "batch_size must be an integer from 1 to 5, got 6"),
        ({"n_samples": 0}, ValueError, "n_samples must be an integer of at least 1, got 0"),
        ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator, .* got 0"),
    ],
)
def test_bad_arguments_are_refused_at_the_call(change, error, message):
    arguments = {"n_samples": 5, "batch_size": 2, "rng": np.random.default_rng(0), **change}
    with pytest.raises(error, match=message):
        blocked_batches(**arguments)
