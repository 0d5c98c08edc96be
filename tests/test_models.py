"""The models: one code path for all, some or one of the samples, and derivatives that are derivatives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext.models import LinearRegression, LogisticRegression

N, K = 12, 3
quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)
every_model = pytest.mark.parametrize("cls", [LinearRegression, LogisticRegression], ids=lambda cls: cls.__name__)
seeds = st.integers(0, 2**32)


def make(cls, seed=0, n=N, k=K):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, k))
    targets = rng.integers(0, 2, n).astype(float) if cls is LogisticRegression else rng.normal(size=n)
    return cls(features, targets), features, targets, rng.normal(size=k + 1)


def central(function, theta, h=1e-6):
    return np.stack([(function(theta + h * e) - function(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


@every_model
@quick
@given(seed=seeds)
def test_the_whole_is_the_mean_of_its_samples(cls, seed):
    model, *_, theta = make(cls, seed)
    singles = [model.gradient(theta, batch=[i]) for i in range(N)]
    np.testing.assert_allclose(model.gradient(theta), np.mean(singles, axis=0), rtol=1e-12, atol=1e-14)
    losses = [model.loss(theta, batch=[i]) for i in range(N)]
    assert model.loss(theta) == pytest.approx(np.mean(losses), rel=1e-13)


@every_model
@quick
@given(seed=seeds, batch=st.lists(st.integers(0, N - 1), min_size=1, max_size=2 * N))
def test_a_batch_is_a_model_of_those_samples(cls, seed, batch):
    model, features, targets, theta = make(cls, seed)
    part = cls(features[batch], targets[batch])
    assert part.n_samples == len(batch)
    np.testing.assert_array_equal(model.gradient(theta, batch=batch), part.gradient(theta))
    np.testing.assert_array_equal(model.gradient(theta, batch=np.array(batch)), part.gradient(theta))
    assert model.loss(theta, batch=batch) == part.loss(theta)
    np.testing.assert_array_equal(model.hessian(theta, batch=batch), part.hessian(theta))


@every_model
def test_one_index_is_a_batch_of_one(cls):
    model, *_, theta = make(cls)
    np.testing.assert_array_equal(model.gradient(theta, batch=4), model.gradient(theta, batch=[4]))
    assert model.loss(theta, batch=4) == model.loss(theta, batch=[4])


@every_model
@quick
@given(seed=seeds)
def test_derivatives_are_central_differences(cls, seed):
    model, *_, theta = make(cls, seed)
    np.testing.assert_allclose(model.gradient(theta), central(model.loss, theta), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(model.hessian(theta), central(model.gradient, theta), rtol=1e-6, atol=1e-7)


@every_model
@quick
@given(seed=seeds)
def test_the_hessian_is_symmetric_and_has_no_negative_curvature(cls, seed):
    model, *_, theta = make(cls, seed)
    hessian = model.hessian(theta)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-13, atol=1e-15)
    assert np.linalg.eigvalsh(hessian).min() > -1e-13


@every_model
@pytest.mark.parametrize("shape", [(1,), (5,), (2, 3)], ids=str)
def test_a_stack_of_parameters_is_each_alone(cls, shape):
    model, *_ = make(cls)
    thetas = np.random.default_rng(9).normal(size=(*shape, K + 1))
    losses, gradients = model.loss(thetas), model.gradient(thetas)
    assert losses.shape == shape
    assert gradients.shape == thetas.shape
    for index in np.ndindex(*shape):
        np.testing.assert_allclose(losses[index], model.loss(thetas[index]), rtol=1e-13)
        np.testing.assert_allclose(gradients[index], model.gradient(thetas[index]), rtol=1e-12, atol=1e-14)
    mini = model.gradient(thetas, batch=[1, 2])
    np.testing.assert_allclose(mini[0], model.gradient(thetas[0], batch=[1, 2]), rtol=1e-12, atol=1e-14)


@every_model
@pytest.mark.parametrize("method", ["predict", "hessian"])
def test_predictions_and_second_derivatives_belong_to_one_theta(cls, method):
    model, *_ = make(cls, n=K + 1)
    thetas = np.random.default_rng(9).normal(size=(K + 1, K + 1))  # a stack that would pass for something else
    with pytest.raises(ValueError, match=r"theta must have shape \(4,\), got shape \(4, 4\)"):
        getattr(model, method)(thetas, *([np.ones((2, K))] if method == "predict" else []))


@quick
@given(seeds)
def test_the_solution_is_stationary_and_the_lowest(seed):
    model, *_, theta = make(LinearRegression, seed)
    solution = model.solution()
    np.testing.assert_allclose(model.gradient(solution), 0, atol=1e-12)
    assert model.loss(solution) <= model.loss(theta)
    step = np.linalg.solve(model.hessian(), model.gradient(theta))  # Newton's step ends a quadratic at once
    np.testing.assert_allclose(theta - step, solution, rtol=1e-7, atol=1e-9)


def test_the_solution_of_one_feature_is_the_line_of_the_school_formula():
    x, y = np.array([1.0, 2.0, 4.0, 7.0]), np.array([1.5, 1.0, 3.5, 6.0])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    solution = LinearRegression(x[:, None], y).solution()
    np.testing.assert_allclose(solution, [slope, y.mean() - slope * x.mean()], rtol=1e-13)
    np.testing.assert_allclose(solution, np.polyfit(x, y, 1), rtol=1e-12)


def test_of_many_solutions_the_shortest_is_given():
    model = LinearRegression([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [2.0, 4.0, 6.0])
    np.testing.assert_allclose(model.solution(), [1.0, 1.0, 0.0], atol=1e-13)


def test_linear_regression_has_no_half():
    model = LinearRegression([[1.0], [2.0]], [3.0, 5.0])
    assert model.loss([0.0, 0.0]) == (9 + 25) / 2
    np.testing.assert_array_equal(model.gradient([0.0, 0.0]), [2 * (-3 - 10) / 2, 2 * (-3 - 5) / 2])
    np.testing.assert_array_equal(model.hessian(), [[5.0, 3.0], [3.0, 2.0]])
    np.testing.assert_array_equal(model.predict([2.0, 1.0], [[1.0], [2.0]]), [3.0, 5.0])


@quick
@given(st.floats(-30, 30), st.sampled_from([0, 1]))
def test_logistic_loss_is_minus_the_log_of_the_probability_of_the_target(score, target):
    model = LogisticRegression([[1.0]], [target])
    share = model.predict([score, 0.0], [[1.0]])[0]
    exact = 1 / (1 + np.exp(-score))
    chance = exact if target else 1 / (1 + np.exp(score))
    assert share == pytest.approx(exact, rel=1e-12, abs=1e-15)
    assert model.loss([score, 0.0]) == pytest.approx(-np.log(chance), rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(model.gradient([score, 0.0]), [exact - target] * 2, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("size", [1e3, 1e4, 1e300])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("target", [0, 1])
def test_logistic_regression_bears_extreme_scores(size, sign, target):
    model, theta = LogisticRegression([[1.0]], [target]), [sign * size, 0.0]
    right = (sign > 0) == target
    assert model.loss(theta) == (0 if right else size)
    np.testing.assert_array_equal(model.gradient(theta), [0.0 if right else sign] * 2)
    np.testing.assert_array_equal(model.hessian(theta), np.zeros((2, 2)))
    assert model.predict(theta, [[1.0]])[0] == (sign > 0)


@quick
@given(st.floats(-700, 700))
def test_the_classes_of_a_logistic_regression_mirror_each_other_to_rounding(score):
    one, zero = LogisticRegression([[1.0]], [1]), LogisticRegression([[1.0]], [0])
    exact = np.log1p(np.exp(-score)) if score > 0 else -score + np.log1p(np.exp(score))
    assert one.loss([score, 0.0]) == pytest.approx(exact, rel=1e-12)  # small losses too have digits
    assert one.loss([score, 0.0]) == pytest.approx(zero.loss([-score, 0.0]), rel=1e-12)
    mirrored = -zero.gradient([-score, 0.0])
    np.testing.assert_allclose(one.gradient([score, 0.0]), mirrored, rtol=1e-12)
    np.testing.assert_allclose(zero.gradient([score, 0.0])[0], np.exp(-exact), rtol=1e-12)


@every_model
def test_a_run_on_a_model_falls_below_its_start_and_fits(cls):
    model, *_ = make(cls)
    run = ot.minimize(model, np.zeros(model.dim), ot.GradientDescent(lr=0.1), max_steps=2000)
    assert run.loss < run.trace.loss[0]
    assert np.linalg.norm(model.gradient(run.theta)) < 1e-3
    if cls is LinearRegression:
        np.testing.assert_allclose(run.theta, model.solution(), rtol=1e-6)
