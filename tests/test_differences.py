"""check_gradient: small for right gradients, large for wrong ones, and clear about what it cannot do."""

from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.models import LinearRegression, LogisticRegression

surfaces = pytest.mark.parametrize("cls", ot.surfaces.ALL, ids=lambda cls: cls.__name__)


class Cubic:
    """Sum of cubes, with a gradient that may be spoiled."""

    def __init__(self, spoil=lambda grad: grad):
        self.spoil = spoil

    def loss(self, theta):
        return (theta**3).sum()

    def gradient(self, theta):
        return self.spoil(3 * theta**2)


@surfaces
def test_surfaces_have_right_gradients(cls):
    surface = cls()
    for point in [surface.start, *np.random.default_rng(0).uniform(-1, 1, (5, 2))]:
        assert ot.check_gradient(surface, point) < 1e-6
        assert ot.check_gradient(surface, point, method="complex") < 1e-13


@pytest.mark.parametrize("cls", [LinearRegression, LogisticRegression])
def test_linear_models_have_right_gradients(cls):
    rng = np.random.default_rng(0)
    model, theta = cls(rng.normal(size=(20, 4)), rng.integers(0, 2, 20)), rng.normal(size=5)
    assert ot.check_gradient(model, theta) < 1e-8
    assert ot.check_gradient(model, theta, batch=[3]) < 1e-8


def test_a_complex_step_is_exact_where_differences_are_not():
    model, theta = LinearRegression([[1.0], [2.0], [4.0]], [1.0, 0.0, 2.0]), [0.3, -1.0]
    assert ot.check_gradient(model, theta, method="complex") < 1e-15


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda g: -g, 2.0),
        (lambda g: 2 * g, 0.5),
        (lambda g: 0 * g, 1.0),
        (lambda g: g + np.array([0, 0, 0.012]), 0.001),
        (lambda g: g * [1, 1.5, 1], 0.125),
    ],
    ids=["sign", "factor", "none", "a thousandth", "one coordinate"],
)
def test_wrong_gradients_are_found_and_measured(method, spoil, error):
    # The gradient at (1, 1, 2) is (3, 3, 12).
    found = ot.check_gradient(Cubic(spoil), [1.0, 1.0, 2.0], method=method)
    assert found == pytest.approx(error, rel=1e-2)


def test_chosen_coordinates_are_the_only_ones_compared():
    problem = Cubic(lambda g: g * [1, 2, 1])
    assert ot.check_gradient(problem, [1.0, 1.0, 2.0], coordinates=[0, 2]) < 1e-8
    assert ot.check_gradient(problem, [1.0, 1.0, 2.0], coordinates=1) == pytest.approx(0.5)


def test_nothing_to_compare_is_no_error():
    assert ot.check_gradient(ot.surfaces.Bowl(), [0.0, 0.0], method="complex") == 0.0


def test_parameters_of_any_shape_and_integers_are_taken_and_left_alone():
    theta = np.arange(6).reshape(2, 3)
    assert ot.check_gradient(Cubic(), theta) < 1e-8
    np.testing.assert_array_equal(theta, np.arange(6).reshape(2, 3))


def test_a_loss_that_is_not_for_complex_numbers_is_said_to_be_none():
    class Stiff(Cubic):
        def loss(self, theta):
            return float((np.asarray(theta, dtype=float) ** 3).sum())

    problems: list[Any] = [Stiff(), LogisticRegression([[0.0], [1.0]], [0, 1])]
    for problem, theta in zip(problems, ([1.0], [0.5, 0.1]), strict=True):
        with pytest.raises(TypeError, match="method='complex' needs a loss that takes complex numbers"):
            ot.check_gradient(problem, theta, method="complex")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"problem": Cubic}, TypeError, "problem must be an object with methods"),
        ({"problem": 3}, TypeError, "problem must be .*, got 3"),
        ({"theta": [np.nan]}, ValueError, r"theta must be finite, got theta\[0\] = nan"),
        ({"method": "forward"}, ValueError, "method must be 'central' or 'complex', got 'forward'"),
        ({"coordinates": [2]}, ValueError, r"coordinates must be from 0 to 1, got \[2\]"),
        ({"coordinates": [-1]}, ValueError, r"coordinates must be from 0 to 1, got \[-1\]"),
        ({"coordinates": [0.5]}, ValueError, "coordinates must hold at least one index"),
        ({"coordinates": []}, ValueError, "coordinates must hold at least one index"),
        ({"problem": Cubic(lambda g: g[:1])}, ValueError, r"must have the shape of theta, \(2,\), got shape \(1,\)"),
        ({"problem": Cubic(lambda g: g * np.nan)}, ValueError, r"gradient\(theta\) must be finite, got nan"),
        ({"theta": [1e200, 1.0]}, ValueError, "loss must be finite around theta, got inf"),
        ({"step": 1e-3}, TypeError, "check_gradient has no argument step"),
    ],
)
def test_bad_arguments_are_named(change, error, message):
    arguments = {"problem": Cubic(), "theta": [1.0, 2.0], **change}
    with np.errstate(over="ignore"), pytest.raises(error, match=message):
        ot.check_gradient(arguments.pop("problem"), arguments.pop("theta"), **arguments)


def test_a_stack_is_not_checked_as_if_it_were_one():
    with pytest.raises(ValueError, match=r"loss\(theta\) must return one number, got an array of shape"):
        ot.check_gradient(ot.surfaces.Bowl(), np.ones((3, 2)))
