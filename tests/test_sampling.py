"""Index batches: every epoch visits every sample once, in an order that only the generator decides."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimtext.sampling import shuffled_batches

quick = settings(max_examples=50, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def epoch(batches, n, size):
    return list(itertools.islice(batches, -(-n // size)))


@quick
@given(sizes, st.integers(0, 2**32))
def test_each_epoch_visits_each_sample_once_in_ceil_batches(sizes, seed):
    n, size = sizes
    batches = shuffled_batches(n, size, np.random.default_rng(seed))
    for _ in range(3):
        drawn = epoch(batches, n, size)
        assert [len(batch) for batch in drawn[:-1]] == [size] * (n // size - (n % size == 0))
        assert len(drawn[-1]) == n % size or len(drawn[-1]) == size
        np.testing.assert_array_equal(np.sort(np.concatenate(drawn)), np.arange(n))


@quick
@given(sizes, st.integers(0, 2**32))
def test_equal_generators_give_equal_batches(sizes, seed):
    n, size = sizes
    first, second = (shuffled_batches(n, size, np.random.default_rng(seed)) for _ in range(2))
    for a, b in itertools.islice(zip(first, second, strict=True), 20):
        np.testing.assert_array_equal(a, b)


def test_a_million_samples_in_batches_of_256_are_3906_full_batches_and_a_rest():
    n, size = 1_000_000, 256
    drawn = epoch(shuffled_batches(n, size, np.random.default_rng(0)), n, size)
    assert len(drawn) == 3907
    assert {len(batch) for batch in drawn[:3906]} == {256}
    assert len(drawn[-1]) == n - 3906 * 256 == 64
    assert np.bincount(np.concatenate(drawn), minlength=n).tolist() == [1] * n


def test_epochs_differ():
    batches = shuffled_batches(50, 50, np.random.default_rng(1))
    assert not np.array_equal(next(batches), next(batches))


def test_nothing_but_the_given_generator_is_drawn_from():
    np.random.seed(3)  # noqa: NPY002  # the global state is what must not be touched
    before: Any = np.random.get_state()  # noqa: NPY002
    rng = np.random.default_rng(4)
    drawn = list(itertools.islice(shuffled_batches(10, 3, rng), 8))
    after: Any = np.random.get_state()  # noqa: NPY002
    np.testing.assert_array_equal(before[1], after[1])
    assert before[2] == after[2]
    by_hand = np.random.default_rng(4)
    epochs = [by_hand.permutation(10), by_hand.permutation(10)]
    np.testing.assert_array_equal(np.concatenate(drawn), np.concatenate(epochs))
    assert rng.bit_generator.state == by_hand.bit_generator.state


def test_every_sample_is_as_likely_in_the_first_batch():
    rng = np.random.default_rng(5)
    first = np.concatenate([next(shuffled_batches(5, 2, rng)) for _ in range(4000)])
    counts = np.bincount(first, minlength=5)
    np.testing.assert_allclose(counts, 8000 / 5, rtol=0.1)


def test_indices_are_integers_and_earlier_batches_stay_as_they_were():
    batches = shuffled_batches(7, 3, np.random.default_rng(6))
    first = next(batches)
    kept = first.copy()
    list(itertools.islice(batches, 10))
    np.testing.assert_array_equal(first, kept)
    assert first.dtype.kind == "i"


@pytest.mark.parametrize("size", [0, -1, 6])
def test_a_batch_size_out_of_range_is_refused_at_the_call(size):
    with pytest.raises(ValueError, match=rf"batch_size must be an integer from 1 to 5, got {size}"):
        shuffled_batches(5, size, np.random.default_rng(0))


@pytest.mark.parametrize("size", [2.0, "2", None, True])
def test_a_batch_size_that_is_no_integer_is_refused_at_the_call(size):
    with pytest.raises(TypeError, match=rf"batch_size must be an integer from 1 to 5, got {size!r}"):
        shuffled_batches(5, size, np.random.default_rng(0))


@pytest.mark.parametrize(("n", "error"), [(0, ValueError), (-3, ValueError), (2.5, TypeError), (True, TypeError)])
def test_a_number_of_samples_that_is_none_is_refused_at_the_call(n, error):
    with pytest.raises(error, match=rf"n_samples must be an integer of at least 1, got {n}"):
        shuffled_batches(n, 1, np.random.default_rng(0))


@pytest.mark.parametrize("rng", [0, None, np.random], ids=["seed", "None", "module"])
def test_a_source_that_is_no_generator_is_refused_at_the_call(rng):
    with pytest.raises(TypeError, match="rng must be"):
        shuffled_batches(5, 2, rng)
