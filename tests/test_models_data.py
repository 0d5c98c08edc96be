"""What data, batches and parameters the models take, and what they refuse."""

import re
from typing import Any

import numpy as np
import pytest

from optimtext.models import LinearRegression, LogisticRegression

every_model = pytest.mark.parametrize("cls", [LinearRegression, LogisticRegression], ids=lambda cls: cls.__name__)
X, Y = [[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], [0.0, 1.0, 1.0]

BAD = {
    "no samples": (np.empty((0, 2)), [], ValueError, "features must not be empty, got shape (0, 2)"),
    "no features": (np.empty((3, 0)), Y, ValueError, "features must not be empty, got shape (3, 0)"),
    "no targets": (X, [], ValueError, "targets must not be empty, got shape (0,)"),
    "NaN feature": ([[0.0, 1.0], [1.0, np.nan], [2.0, 2.0]], Y, ValueError, "features[1, 1] = nan"),
    "infinite feature": ([[0.0, 1.0], [-np.inf, 0.0], [2.0, 2.0]], Y, ValueError, "features[1, 0] = -inf"),
    "NaN target": (X, [0.0, np.nan, 1.0], ValueError, "targets[1] = nan"),
    "infinite target": (X, [0.0, 1.0, np.inf], ValueError, "targets[2] = inf"),
    "vector": ([0.0, 1.0, 2.0], Y, ValueError, "features must have shape (n_samples, n_features), got shape (3,)"),
    "number": (1.0, Y, ValueError, "features must have shape (n_samples, n_features), got shape ()"),
    "box": (np.ones((3, 2, 2)), Y, ValueError, "got shape (3, 2, 2)"),
    "too few targets": (X, [0.0, 1.0], ValueError, "targets must have shape (3,), one for each row of features"),
    "a column of targets": (X, [[0.0], [1.0], [1.0]], ValueError, "got shape (3, 1)"),
    "one target": (X, 1.0, ValueError, "targets must have shape (3,)"),
    "ragged": ([[0.0, 1.0], [1.0]], [0.0, 1.0], ValueError, "features must be an array of numbers of one shape"),
    "text": ([["a", "b"]], [1.0], TypeError, "features must hold real numbers"),
    "text targets": (X, ["yes", "no", "no"], TypeError, "targets must hold real numbers"),
    "nothing": (None, Y, TypeError, "features must hold real numbers"),
    "holes": ([[1.0, None], [2.0, 3.0]], [0.0, 1.0], TypeError, "features must hold real numbers"),
    "complex": ([[1j, 2.0]], [1.0], TypeError, "features must hold real numbers"),
}


@every_model
@pytest.mark.parametrize(("features", "targets", "error", "message"), BAD.values(), ids=BAD.keys())
def test_bad_data_are_refused_with_name_and_value(cls, features, targets, error, message):
    with pytest.raises(error, match=re.escape(message)):
        cls(features, targets)


@every_model
def test_masked_data_are_refused_since_the_mask_would_be_lost(cls):
    masked: Any = np.ma.array(X, mask=[[False, True], [False, False], [False, False]])
    with pytest.raises((TypeError, ValueError), match="features must"):
        cls(masked, Y)


@pytest.mark.parametrize("wrong", [-1, 2, 0.5, 1.0000001])
def test_logistic_targets_are_0_or_1(wrong):
    with pytest.raises(ValueError, match=rf"targets must be 0 or 1, got {wrong}"):
        LogisticRegression(X, [0, 1, wrong])


@every_model
def test_an_unknown_keyword_is_refused(cls):
    with pytest.raises(TypeError, match="penalty"):
        cls(X, Y, penalty=1.0)


@every_model
def test_data_are_copied_and_never_modified(cls):
    features, targets, theta, batch = np.array(X), np.array(Y), np.array([1.0, 2.0, 3.0]), np.array([2, 0])
    model = cls(features, targets)
    before = model.loss(theta)
    model.loss(theta, batch=batch)
    model.gradient(theta, batch=batch)
    model.hessian(theta, batch=batch)
    model.predict(theta, features)
    np.testing.assert_array_equal(features, X)
    np.testing.assert_array_equal(targets, Y)
    np.testing.assert_array_equal(theta, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(batch, [2, 0])
    features[:], targets[:] = 9.0, 9.0
    assert model.loss(theta) == before


@every_model
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, np.float32, list])
def test_any_real_numbers_are_data(cls, dtype):
    whole, classes = [[0, 1], [1, 0], [1, 1]], [0, 1, 1]
    data = (whole, classes) if dtype is list else (np.array(whole, dtype=dtype), np.array(classes, dtype=dtype))
    model, double = cls(*data), cls(np.array(whole, dtype=float), np.array(classes, dtype=float))
    theta = np.array([0.3, -0.2, 0.1])
    np.testing.assert_allclose(model.gradient(theta), double.gradient(theta), rtol=1e-6)
    assert (model.n_samples, model.dim) == (3, 3)


@every_model
def test_single_precision_stays_single(cls):
    model = cls(np.array(X, dtype=np.float32), np.array(Y, dtype=np.float32))
    theta = np.ones(3, dtype=np.float32)
    assert model.gradient(theta).dtype == np.float32
    assert model.loss(theta).dtype == np.float32


@every_model
@pytest.mark.parametrize("batch", [[], [0.5], [True, False, True], [[0, 1]], "ab", [None]], ids=str)
def test_a_batch_that_is_none_is_refused(cls, batch):
    model = cls(X, Y)
    for method in (model.loss, model.gradient):
        with pytest.raises((ValueError, TypeError), match="batch must hold"):
            method(np.zeros(3), batch=batch)


@every_model
@pytest.mark.parametrize("batch", [[3], [0, 17], [-4]], ids=str)
def test_an_index_beyond_the_data_is_an_index_error(cls, batch):
    with pytest.raises(IndexError):
        cls(X, Y).gradient(np.zeros(3), batch=batch)


@every_model
@pytest.mark.parametrize("theta", [1.0, [1.0, 2.0], np.ones(4), np.ones((3, 2))], ids=str)
@pytest.mark.parametrize("method", ["loss", "gradient", "hessian"])
def test_parameters_of_another_length_are_refused(cls, theta, method):
    with pytest.raises(ValueError, match=r"theta must have shape \(3,\).*, got shape \("):
        getattr(cls(X, Y), method)(theta)


@every_model
@pytest.mark.parametrize("features", [[1.0, 2.0], [[1.0]], [[1.0, 2.0, 3.0]]], ids=str)
def test_features_of_another_width_are_not_predicted(cls, features):
    with pytest.raises(ValueError, match=r"features must have shape \(n, 2\), got shape \("):
        cls(X, Y).predict(np.zeros(3), features)
