"""Noise on gradients: its mean, size and independence, and that a seed decides it."""

import itertools

import numpy as np
import pytest

import optimtext as ot
from optimtext.surfaces.noisy import mixed, variates

Noisy = ot.surfaces.Noisy


def drawn(seed: int, count: int) -> np.ndarray:
    return np.array(list(itertools.islice(variates(seed), count)))


def test_the_variates_have_mean_zero_and_variance_one_and_look_normal():
    x = drawn(1, 20_000)
    error = 1 / np.sqrt(len(x))
    assert abs(x.mean()) < 4 * error
    assert abs(x.var() - 1) < 4 * np.sqrt(2) * error
    # Twelve uniform numbers: no skewness, and a kurtosis of 3 - 6 / (5 * 12).
    assert abs((x**3).mean()) < 0.1
    assert (x**4).mean() == pytest.approx(2.9, abs=0.15)
    assert abs(x).max() <= 6
    for level, share in ((1, 0.683), (2, 0.955)):
        assert (abs(x) < level).mean() == pytest.approx(share, abs=0.015)


def test_neighbors_in_a_stream_and_neighboring_seeds_are_not_alike():
    for lag in (1, 2, 3):
        x = drawn(2, 8_000)
        assert abs(np.corrcoef(x[lag:], x[:-lag])[0, 1]) < 4 / np.sqrt(len(x))
    streams = np.stack([drawn(seed, 1_000) for seed in range(8)])
    off_diagonal = np.corrcoef(streams) - np.eye(8)
    assert abs(off_diagonal).max() < 5 / np.sqrt(1_000)


def test_the_map_of_words_is_one_to_one_on_a_sample():
    words = [*range(5_000), *(k * 2654435761 % 2**32 for k in range(1, 5_000))]
    assert len({mixed(word) for word in words}) == len(set(words))


def test_a_variate_is_a_whole_number_of_units():
    x = drawn(3, 1_000) * 2.0**32  # nothing was rounded: the numbers are the same in every language
    np.testing.assert_array_equal(x, np.round(x))


def test_noise_is_added_to_the_gradient_and_not_to_the_loss():
    bowl = ot.surfaces.Bowl()
    noisy = Noisy(bowl, sigma=0.5, seed=9)
    at = np.array([1.0, -2.0])
    assert noisy.loss(at) == bowl.loss(at)
    first = noisy.gradient(at)
    np.testing.assert_array_equal(first, bowl.gradient(at) + 0.5 * drawn(9, 2))
    np.testing.assert_array_equal(noisy.gradient(at), bowl.gradient(at) + 0.5 * drawn(9, 4)[2:])
    many = Noisy(bowl, sigma=0.5, seed=9).gradient(np.tile(at, (3, 1)))
    np.testing.assert_array_equal(many[0], first)
    assert many.shape == (3, 2)


def test_a_seed_repeats_a_run_and_another_seed_does_not():
    def run(seed):
        noisy = Noisy(ot.surfaces.Ravine(), sigma=2.0, seed=seed)
        return ot.minimize(noisy, noisy.surface.start, ot.Momentum(lr=0.01), max_steps=50).trace.theta

    np.testing.assert_array_equal(run(4), run(4))
    assert (run(4)[1:] != run(5)[1:]).all()


def test_the_stationary_variance_is_that_of_theory():
    lr, sigma, curvature = 0.1, 0.7, 4.0
    noisy = Noisy(ot.surfaces.Bowl(curvature), sigma=sigma, seed=11)
    theta = ot.minimize(noisy, [0.0, 0.0], ot.GradientDescent(lr=lr), max_steps=6_000).trace.theta[50:]
    assert theta.var() == pytest.approx(lr * sigma**2 / (curvature * (2 - lr * curvature)), rel=0.06)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3.0,), "surface must be a surface, such as Bowl.., got 3.0"),
        ((ot.surfaces.Bowl,), "surface must be a surface"),
        ((ot.surfaces.Bowl(), -1.0), "sigma must be non-negative and finite, got -1.0"),
        ((ot.surfaces.Bowl(), np.inf), "sigma must be non-negative and finite, got inf"),
        ((ot.surfaces.Bowl(), 1.0, -1), "seed must be an integer from 0 to 4294967295, got -1"),
        ((ot.surfaces.Bowl(), 1.0, 2**32), "seed must be an integer from 0 to 4294967295, got 4294967296"),
        ((ot.surfaces.Bowl(), 1.0, 0.5), "seed must be an integer from 0 to 4294967295, got 0.5"),
    ],
)
def test_impossible_noise_is_refused_by_name_and_value(arguments, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        Noisy(*arguments)


def test_it_says_what_it_is():
    assert repr(Noisy(ot.surfaces.Bowl(), 0.5, 7)) == "Noisy(Bowl(curvature=4.0), sigma=0.5, seed=7)"
