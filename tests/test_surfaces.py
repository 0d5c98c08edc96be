"""Each surface: its derivatives, its minimizers, its window, and one point at a time or many at once."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot

quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)
MADE = [*(cls() for cls in ot.surfaces.ALL), ot.surfaces.Bowl(curvature=0.3), ot.surfaces.Ravine(condition=1e4)]
QUADRATICS = [surface for surface in MADE if hasattr(surface, "hessian")]
every_surface = pytest.mark.parametrize("surface", MADE, ids=str)
points = st.tuples(*[st.floats(-10, 10)] * 2)
Saddle = ot.surfaces.Saddle


@pytest.mark.parametrize("surface", MADE, ids=str)
@quick
@given(point=points)
def test_the_gradient_is_the_complex_step_derivative(surface, point):
    step = 1e-200  # no difference is taken, so the step may be as small as can be
    x, y = point
    exact = np.imag([surface.value(x + step * 1j, y + 0j), surface.value(x + 0j, y + step * 1j)]) / step
    scale = 1 + np.abs(surface.value(abs(x) + 1, abs(y) + 1))
    np.testing.assert_allclose(surface.gradient(point), exact, rtol=1e-12, atol=1e-15 * scale)


@every_surface
def test_the_gradient_is_the_central_difference(surface):
    rng = np.random.default_rng(0)
    (x0, x1), (y0, y1) = surface.window
    at = rng.uniform([x0, y0], [x1, y1], size=(200, 2))
    h = 1e-6
    difference = np.stack([(surface.loss(at + h * e) - surface.loss(at - h * e)) / (2 * h) for e in np.eye(2)], axis=-1)
    scale = np.abs(surface.loss(at)).max()
    np.testing.assert_allclose(surface.gradient(at), difference, rtol=1e-6, atol=1e-8 * scale)


@pytest.mark.parametrize("surface", QUADRATICS, ids=str)
@quick
@given(point=points)
def test_a_quadratic_is_its_hessian(surface, point):
    hessian, theta = surface.hessian(), np.array(point)
    np.testing.assert_array_equal(hessian, hessian.T)
    np.testing.assert_array_equal(hessian, surface.hessian(theta))
    np.testing.assert_allclose(surface.gradient(theta), hessian @ theta, rtol=1e-14)
    assert surface.loss(theta) == pytest.approx(0.5 * theta @ hessian @ theta, rel=1e-12, abs=1e-12)


@every_surface
def test_minimizers_are_stationary_and_as_low_as_said(surface):
    assert surface.minimizers.shape[1:] == (2,)
    assert (len(surface.minimizers) == 0) == np.isinf(surface.minimum)
    atol = 1e-12 if isinstance(surface, ot.surfaces.Himmelblau) else 0
    for minimizer in surface.minimizers:
        np.testing.assert_allclose(surface.gradient(minimizer), 0, atol=100 * atol)
        assert surface.loss(minimizer) == pytest.approx(surface.minimum, rel=0, abs=atol**2)


@every_surface
def test_nothing_in_the_window_is_lower_and_nothing_else_as_low(surface):
    (x0, x1), (y0, y1) = surface.window
    grid = np.stack(np.meshgrid(np.linspace(x0, x1, 401), np.linspace(y0, y1, 401)), axis=-1)
    heights = surface.loss(grid)
    assert heights.min() >= surface.minimum
    if len(surface.minimizers):
        low = grid[heights <= np.quantile(heights, 1e-4)]
        distance = np.linalg.norm(low[:, None] - surface.minimizers, axis=-1)
        assert distance.min(axis=1).max() < 0.05 * max(x1 - x0, y1 - y0)
        assert distance.min(axis=0).max() < 0.05 * max(x1 - x0, y1 - y0)  # and each minimizer has its low points


def test_himmelblaus_minimizers_are_right_to_the_last_bit():
    with localcontext() as context:
        context.prec = 60
        for minimizer in ot.surfaces.Himmelblau().minimizers:
            x, y = map(Decimal, minimizer.tolist())
            for _ in range(6):  # Newton's method for the roots of both squares
                a, b = x * x + y - 11, x + y * y - 7
                det = 4 * x * y - 1
                x, y = x - (2 * y * a - b) / det, y - (2 * x * b - a) / det
            assert [float(x), float(y)] == minimizer.tolist()


@every_surface
def test_start_and_minimizers_lie_in_the_window(surface):
    (x0, x1), (y0, y1) = surface.window
    for x, y in [surface.start, *surface.minimizers]:
        assert x0 <= x <= x1
        assert y0 <= y <= y1
    assert surface.start.shape == (2,)
    assert np.abs(surface.gradient(surface.start)).max() > 1e-3
    assert surface.loss(surface.start) > surface.minimum


@every_surface
def test_start_and_minimizers_are_fresh_each_time(surface):
    surface.start[:] = 99.0
    surface.minimizers[:] = 99.0
    assert 99.0 not in surface.start
    assert 99.0 not in surface.minimizers


@every_surface
@pytest.mark.parametrize("shape", [(1,), (37,), (2, 3, 4)], ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_many_points_at_once_are_the_points_alone_bit_for_bit(surface, shape, dtype):
    many = np.random.default_rng(1).uniform(-5, 5, size=(*shape, 2)).astype(dtype)
    losses, gradients = surface.loss(many), surface.gradient(many)
    assert losses.shape == shape
    assert gradients.shape == many.shape
    for index in np.ndindex(*shape):
        assert losses[index] == surface.loss(many[index])
        np.testing.assert_array_equal(gradients[index], surface.gradient(many[index]))


@every_surface
@pytest.mark.parametrize("dtype", [np.float32, np.longdouble])
@pytest.mark.parametrize("shape", [(2,), (4, 2)])
def test_precision_is_kept(surface, dtype, shape):
    theta = np.linspace(0.5, 1.5, int(np.prod(shape)), dtype=dtype).reshape(shape)
    assert surface.gradient(theta).dtype == dtype
    assert np.asarray(surface.loss(theta)).dtype == dtype


@every_surface
def test_lists_and_integers_are_points_too_and_inputs_stay_as_they_are(surface):
    whole = np.array([2, -1])
    assert surface.loss(whole) == surface.loss([2.0, -1.0]) == surface.loss((2, -1))
    np.testing.assert_array_equal(surface.gradient(whole), surface.gradient([2.0, -1.0]))
    np.testing.assert_array_equal(whole, [2, -1])
    theta = surface.start
    gradient = surface.gradient(theta)
    gradient[:] = 0.0
    np.testing.assert_array_equal(theta, surface.start)


@every_surface
@pytest.mark.parametrize("method", ["loss", "gradient"])
def test_another_shape_is_refused(surface, method):
    for wrong in (1.0, [1.0], [1.0, 2.0, 3.0], np.ones((2, 3)), np.ones((0,))):
        with pytest.raises(ValueError, match=r"theta must have shape \(2,\) or \(\.\.\., 2\), got shape \("):
            getattr(surface, method)(wrong)


@pytest.mark.parametrize(
    ("cls", "name"), [(ot.surfaces.Bowl, "curvature"), (ot.surfaces.Ravine, "condition")], ids=["Bowl", "Ravine"]
)
@pytest.mark.parametrize("value", [0, -1.0, np.nan, np.inf, "4", None, True, np.array([1.0, 2.0])], ids=str)
def test_a_curvature_that_is_none_is_refused(cls, name, value):
    with pytest.raises((ValueError, TypeError), match=rf"{name} must be .*got "):
        cls(**{name: value})


def test_a_surface_of_ones_own_may_divide_by_zero_as_arrays_do():
    class Pole(ot.surfaces.Surface):
        window = ((-1.0, 1.0), (-1.0, 1.0))

        def value(self, x, y):
            return 1.0 / (x * x + y * y)

        def slope(self, x, y):
            square = x * x + y * y
            return -2.0 * x / (square * square), -2.0 * y / (square * square)

    with np.errstate(all="ignore"):
        assert Pole().loss([0.0, 0.0]) == Pole().loss([[0.0, 0.0]])[0] == np.inf
        np.testing.assert_array_equal(Pole().gradient([0.0, 0.0]), Pole().gradient([[0.0, 0.0]])[0])
    run = ot.minimize(Pole(), [0.0, 0.0], ot.GradientDescent(), max_steps=3)
    assert run.message == "diverged at step 0: the loss became inf"


@pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("ridge", [0.0, -0.0])
def test_on_the_ridge_of_the_saddle_no_rule_moves_sideways(rule, ridge):
    run = ot.minimize(Saddle(), [-1.5, ridge], rule(), max_steps=500)
    np.testing.assert_array_equal(run.trace.theta[:, 1], np.zeros(501))
    assert abs(run.theta[0]) < 1.5


@pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("side", [1e-6, -1e-6])
def test_off_the_ridge_every_rule_escapes_on_its_side(rule, side):
    run = ot.minimize(Saddle(), [-1.5, side], rule(lr=0.1), max_steps=300)
    assert run.theta[1] * np.sign(side) > 1
    assert run.loss < -0.5


@quick
@given(st.floats(1e-3, 0.9), st.floats(1e-9, 0.5))
def test_gradient_descent_leaves_the_ridge_geometrically(lr, y0):
    exit_time = np.log(1 / y0) / np.log1p(lr)
    steps = min(int(np.ceil(exit_time)) + 1, 400)
    y = ot.minimize(Saddle(), [1.0, y0], ot.GradientDescent(lr=lr), max_steps=steps).trace.theta[:, 1]
    np.testing.assert_allclose(y, (1 + lr) ** np.arange(steps + 1.0) * y0, rtol=1e-12)
    if abs(exit_time - round(exit_time)) > 1e-6 and exit_time < steps:
        assert np.argmax(y >= 1) == np.ceil(exit_time)


@pytest.mark.parametrize(
    ("a", "b", "c", "minimum"),
    [
        (2, -3, 8, 0),
        (1, 1, 1, 0),
        (0, 0, 0, 0),
        (0, 0, 3, 0),
        (1, 2, 1, -np.inf),
        (-1, 0, 1, -np.inf),
        (-1, 0, -1, -np.inf),
    ],
)
def test_a_quadratic_of_ones_own_knows_what_it_is(a, b, c, minimum):
    surface = ot.surfaces.Quadratic(a, b, c)
    assert surface.minimum == minimum
    assert surface.minimizers.tolist() == ([[0, 0]] if minimum == 0 else [])
    assert (np.linalg.eigvalsh(surface.hessian()).min() < -1e-12) == np.isinf(minimum)


@pytest.mark.parametrize("name", ["a", "b", "c"])
@pytest.mark.parametrize("value", [np.nan, np.inf, "1", None, [1.0]])
def test_a_quadratic_takes_finite_numbers_only(name, value):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be finite, got "):
        ot.surfaces.Quadratic(**{name: value})
