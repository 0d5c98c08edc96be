"""Softmax regression and the multilayer perceptron: one flat vector, right derivatives, and one sum over samples."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext.models import MLP, LinearRegression, LogisticRegression, SoftmaxRegression

N, K, C = 12, 3, 4
quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)
seeds = st.integers(0, 2**32)
MODELS = {
    "softmax": lambda x, classes, _: SoftmaxRegression(x, classes, n_classes=C),
    "relu": lambda x, classes, _: MLP(x, classes, (5,), n_classes=C),
    "tanh": lambda x, classes, _: MLP(x, classes, (5,), activation="tanh", n_classes=C),
    "deep": lambda x, classes, _: MLP(x, classes, (6, 5, 4), n_classes=C),
    "regression": lambda x, _, numbers: MLP(x, numbers, (5, 4), activation="tanh", task="regression"),
    "no hidden layer": lambda x, classes, _: MLP(x, classes, (), n_classes=C),
}
every_model = pytest.mark.parametrize("kind", MODELS)


def data(seed=0, n=N):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, K)), rng.integers(0, C, n), rng.normal(size=n)


def make(kind, seed=0, n=N):
    model = MODELS[kind](*data(seed, n))
    return model, np.random.default_rng(seed).normal(size=model.dim)


@every_model
@quick
@given(seed=seeds)
def test_gradients_are_central_differences(kind, seed):
    model, theta = make(kind, seed)
    assert ot.check_gradient(model, theta) < 1e-6
    assert ot.check_gradient(model, theta, batch=[3, 3, 7]) < 1e-6


@pytest.mark.parametrize("kind", MODELS)
@quick
@given(seed=seeds)
def test_gradients_are_complex_steps(kind, seed):
    model, theta = make(kind, seed)
    assert ot.check_gradient(model, theta, method="complex") < 1e-13


@every_model
@quick
@given(seed=seeds)
def test_loss_and_gradient_together_are_both_alone_bit_for_bit(kind, seed):
    model, theta = make(kind, seed)
    for batch in (None, [1], [2, 5, 5]):
        loss, gradient = model.loss_and_gradient(theta, batch=batch)
        assert loss == model.loss(theta, batch=batch)
        np.testing.assert_array_equal(gradient, model.gradient(theta, batch=batch))


@every_model
@quick
@given(seed=seeds)
def test_the_whole_is_the_mean_of_its_samples(kind, seed):
    model, theta = make(kind, seed)
    singles = [model.gradient(theta, batch=[i]) for i in range(N)]
    np.testing.assert_allclose(model.gradient(theta), np.mean(singles, axis=0), rtol=1e-11, atol=1e-13)
    assert model.loss(theta) == pytest.approx(np.mean([model.loss(theta, batch=i) for i in range(N)]), rel=1e-13)


@every_model
@quick
@given(seed=seeds, batch=st.lists(st.integers(0, N - 1), min_size=1, max_size=2 * N))
def test_a_batch_is_a_model_of_those_samples(kind, seed, batch):
    model, theta = make(kind, seed)
    x, classes, numbers = data(seed)
    part = MODELS[kind](x[batch], classes[batch], numbers[batch])
    assert (part.n_samples, part.dim) == (len(batch), model.dim)
    np.testing.assert_array_equal(model.gradient(theta, batch=batch), part.gradient(theta))
    assert model.loss(theta, batch=batch) == part.loss(theta)


@every_model
@pytest.mark.parametrize("shape", [(1,), (5,), (2, 3)], ids=str)
def test_a_stack_of_parameters_is_each_alone(kind, shape):
    model, _ = make(kind)
    thetas = np.random.default_rng(9).normal(size=(*shape, model.dim))
    for batch in (None, [1, 2]):
        losses, gradients = model.loss(thetas, batch=batch), model.gradient(thetas, batch=batch)
        assert losses.shape == shape
        assert gradients.shape == thetas.shape
        for index in np.ndindex(*shape):
            assert losses[index] == pytest.approx(model.loss(thetas[index], batch=batch), rel=1e-12)
            np.testing.assert_allclose(
                gradients[index], model.gradient(thetas[index], batch=batch), rtol=1e-10, atol=1e-13
            )


@every_model
def test_unpacked_are_views_of_the_weights_and_biases_layer_by_layer(kind):
    model, _ = make(kind)
    theta = np.arange(float(model.dim))
    layers = model.unpack(theta)
    assert [weights.shape for weights, _ in layers] == list(zip(model.sizes[:-1], model.sizes[1:], strict=True))
    np.testing.assert_array_equal(np.concatenate([np.r_[w.ravel(), b] for w, b in layers]), theta)
    layers[-1][1][-1] = -1.0
    assert theta[-1] == -1.0
    stacked = model.unpack(np.stack([theta, theta]))
    assert stacked[0][0].shape == (2, *layers[0][0].shape)


def test_a_network_by_hand():
    x, y = np.array([[1.0, -2.0], [0.5, 3.0]]), [1, 0]
    model = MLP(x, y, (2,))
    theta = np.array([1.0, 0.0, 2.0, -1.0, 0.5, 0.25, 1.0, 2.0, 3.0, 4.0, 0.1, 0.2])
    (w, b), (u, c) = model.unpack(theta)
    np.testing.assert_array_equal([w, u], [[[1, 0], [2, -1]], [[1, 2], [3, 4]]])
    hidden = np.maximum(x @ w + b, 0)
    scores = hidden @ u + c
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict(theta, x), shares, rtol=1e-14)
    assert model.loss(theta) == pytest.approx(-np.log([shares[0, 1], shares[1, 0]]).mean(), rel=1e-12)


def test_without_hidden_layers_a_network_is_the_linear_model():
    x, classes, numbers = data()
    softmax, bare = SoftmaxRegression(x, classes), MLP(x, classes, ())
    theta = np.random.default_rng(1).normal(size=softmax.dim)
    np.testing.assert_array_equal(softmax.gradient(theta), bare.gradient(theta))
    line, bare = LinearRegression(x, numbers), MLP(x, numbers, (), task="regression")
    theta = np.random.default_rng(1).normal(size=line.dim)
    np.testing.assert_allclose(line.gradient(theta), bare.gradient(theta), rtol=1e-12)
    assert line.loss(theta) == pytest.approx(bare.loss(theta), rel=1e-13)
    np.testing.assert_allclose(line.predict(theta, x), bare.predict(theta, x), rtol=1e-12)


@quick
@given(seeds)
def test_two_classes_are_a_logistic_regression_of_the_difference(seed):
    x, classes, _ = data(seed)
    y = classes % 2
    softmax, logistic = SoftmaxRegression(x, y, n_classes=2), LogisticRegression(x, y)
    theta = np.random.default_rng(seed).normal(size=softmax.dim)
    ((weights, biases),) = softmax.unpack(theta)
    difference = np.r_[weights[:, 1] - weights[:, 0], biases[1] - biases[0]]
    assert softmax.loss(theta) == pytest.approx(logistic.loss(difference), rel=1e-12)
    np.testing.assert_allclose(softmax.predict(theta, x)[:, 1], logistic.predict(difference, x), rtol=1e-12)
    ((slopes, slope),) = softmax.unpack(softmax.gradient(theta))
    np.testing.assert_allclose(np.r_[slopes[:, 1], slope[1]], logistic.gradient(difference), rtol=1e-10, atol=1e-14)


@quick
@given(seeds)
def test_the_softmax_hessian_is_a_derivative_symmetric_and_not_negative(seed):
    model, theta = make("softmax", seed)
    hessian = model.hessian(theta)
    np.testing.assert_array_equal(hessian, hessian.T)
    assert np.linalg.eigvalsh(hessian).min() > -1e-13
    steps = 1e-6 * np.eye(model.dim)
    by_differences = [(model.gradient(theta + e) - model.gradient(theta - e)) / 2e-6 for e in steps]
    np.testing.assert_allclose(hessian, by_differences, rtol=1e-6, atol=1e-7)
    alike = np.tile(np.arange(K + 1.0)[:, None], C).ravel()  # the same change for every class
    np.testing.assert_allclose(hessian @ alike, 0, atol=1e-13)


@pytest.mark.parametrize("size", [1e3, 1e300])
def test_softmax_bears_extreme_scores(size):
    model = SoftmaxRegression([[1.0]], [0], n_classes=3)
    wrong, right = [-size, 0.0, -size, 0.0, 0.0, 0.0], [size, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert model.loss(wrong) == size
    np.testing.assert_array_equal(model.gradient(wrong), [-1.0, 1.0, 0.0] * 2)
    assert model.loss(right) == 0
    np.testing.assert_array_equal(model.gradient(right), np.zeros(6))


def test_softmax_starts_from_even_odds_and_a_network_from_a_draw_of_its_own():
    x, classes, _ = data()
    softmax = SoftmaxRegression(x, classes)
    np.testing.assert_array_equal(softmax.init(seed=3), np.zeros(softmax.dim))
    model = MLP(x, classes, (5,))
    np.testing.assert_array_equal(model.init(seed=3), model.init(seed=np.random.default_rng(3)))
    assert not np.array_equal(model.init(seed=3), model.init(seed=4))
    assert not np.array_equal(model.init(), model.init())


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_initial_weights_have_the_variances_of_he_and_glorot_and_no_bias(activation):
    model = MLP(np.ones((2, 300)), [0, 1], (200, 100), activation=activation, n_classes=50)
    layers = model.unpack(model.init(seed=0))
    for index, (weights, biases) in enumerate(layers):
        inputs, outputs = weights.shape
        he = activation == "relu" and index < 2
        assert weights.var() == pytest.approx(2 / inputs if he else 2 / (inputs + outputs), rel=0.05)
        assert abs(weights.mean()) < 0.005
        np.testing.assert_array_equal(biases, 0)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_signals_neither_grow_nor_fade_through_ten_layers(activation):
    x = np.random.default_rng(0).normal(size=(200, 100))
    model = MLP(x, np.arange(200) % 2, (100,) * 10, activation=activation)
    *_, last, _ = model._forward(model._layers(model.init(seed=0)), np.hstack([x, np.ones((200, 1))]))
    assert 0.1 < np.sqrt((last[:, :-1] ** 2).mean()) < 3


def test_single_precision_stays_single():
    x, classes, _ = data()
    model = MLP(x.astype(np.float32), classes, (5,))
    theta = model.init(seed=0)
    assert theta.dtype == model.gradient(theta).dtype == model.loss(theta).dtype == np.float32
    assert model.predict(theta, x.astype(np.float32)).dtype == np.float32


def test_a_network_learns_the_digits():
    train, held_out = ot.datasets.digits().split(0.25, seed=0)
    model = MLP(train.features / 16, train.targets, (32,))
    run = ot.minimize(
        model, model.init(seed=0), ot.Adam(lr=3e-3), max_steps=430, batch_size=32, seed=0, record_theta=False
    )
    named = model.predict(run.theta, held_out.features / 16).argmax(axis=1)
    assert (named == held_out.targets).mean() > 0.95


BAD = {
    "half a class": ({"targets": [0, 1, 0.5]}, ValueError, "targets must be whole numbers from 0 to 1, got 0.5"),
    "negative class": ({"targets": [0, -1, 2]}, ValueError, "targets must be whole numbers from 0 to 2, got -1.0"),
    "class beyond": ({"targets": [0, 1, 5], "n_classes": 3}, ValueError, "from 0 to 2, got 5.0"),
    "one class": ({"n_classes": 1}, ValueError, "n_classes must be an integer of at least 2, got 1"),
    "2.0 classes": ({"n_classes": 2.0}, TypeError, "n_classes must be an integer of at least 2, got 2.0"),
    "NaN target": ({"targets": [0, np.nan, 1]}, ValueError, "targets must be finite, got targets[1] = nan"),
    "NaN feature": ({"features": [[0.0], [np.nan], [1.0]]}, ValueError, "features[1, 0] = nan"),
    "too few targets": ({"targets": [0, 1]}, ValueError, "targets must have shape (3,), one for each row of features"),
    "unknown": ({"penalty": 1.0}, TypeError, "has no argument penalty (got penalty=1.0)"),
}
BAD_NETWORK = {
    "number": ({"hidden": 100}, TypeError, "hidden must be a tuple of integers of at least 1"),
    "empty layer": ({"hidden": (3, 0)}, ValueError, "hidden[1] must be an integer of at least 1, got 0"),
    "half a unit": ({"hidden": (2.5,)}, TypeError, "hidden[0] must be an integer of at least 1, got 2.5"),
    "activation": ({"activation": "sin"}, ValueError, "activation must be 'relu' or 'tanh', got 'sin'"),
    "task": ({"task": "ranking"}, ValueError, "task must be 'classification' or 'regression', got 'ranking'"),
    "classes": ({"task": "regression", "n_classes": 3}, ValueError, "n_classes must be None for a regression, got 3"),
}


@pytest.mark.parametrize("cls", [SoftmaxRegression, MLP])
@pytest.mark.parametrize(("change", "error", "message"), BAD.values(), ids=BAD.keys())
def test_bad_data_are_refused_with_name_and_value(cls, change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        cls(**{"features": [[0.0], [1.0], [2.0]], "targets": [0, 1, 1], **change})


@pytest.mark.parametrize(("change", "error", "message"), BAD_NETWORK.values(), ids=BAD_NETWORK.keys())
def test_bad_settings_are_refused_with_name_and_value(change, error, message):
    with pytest.raises(error, match=re.escape(message)):
        MLP([[0.0], [1.0], [2.0]], [0, 1, 1], **change)


@every_model
def test_parameters_batches_and_features_of_another_shape_are_refused(kind):
    model, theta = make(kind)
    for call in (model.loss, model.gradient, model.loss_and_gradient, model.unpack):
        with pytest.raises(ValueError, match=rf"theta must have shape \({model.dim},\) or .*, got shape \(2,\)"):
            call([1.0, 2.0])
    with pytest.raises(ValueError, match=rf"theta must have shape \({model.dim},\), got shape \(2, "):
        model.predict(np.stack([theta, theta]), np.ones((2, K)))
    with pytest.raises(ValueError, match=r"features must have shape \(n, 3\), got shape \(2, 2\)"):
        model.predict(theta, np.ones((2, 2)))
    with pytest.raises(ValueError, match="batch must hold"):
        model.gradient(theta, batch=[])
    with pytest.raises(IndexError):
        model.gradient(theta, batch=[N])
