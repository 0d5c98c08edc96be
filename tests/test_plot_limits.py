"""Figures at the edges: runs that diverged or did not move, small multiples, wrong input."""

from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import optimtext as ot
from optimtext import plot

BOWL, SADDLE = ot.surfaces.Bowl(), ot.surfaces.Saddle()


@pytest.fixture(autouse=True)
def _without_a_screen():
    backend = mpl.get_backend()
    plt.switch_backend("agg")
    with plt.style.context(plot.STYLE):
        yield
    plt.close("all")
    plt.switch_backend(backend)


def bowl_run(rule, theta0=(1.0, 1.0), max_steps=2000, **options):
    return ot.minimize(BOWL, theta0, rule, max_steps=max_steps, **options)


def broken(loss, gradient):
    problem = SimpleNamespace(loss=lambda _: loss, gradient=lambda theta: np.full_like(theta, gradient))
    return ot.minimize(problem, [1.0, 1.0], ot.GradientDescent(), max_steps=5)


MANY = SimpleNamespace(loss=lambda _: 0.0, gradient=lambda theta: theta)
GOOD = bowl_run(ot.GradientDescent(lr=0.1), max_steps=20)
WILD = {
    "loss became inf": bowl_run(ot.GradientDescent(lr=1.0)),
    "far too fast": bowl_run(ot.Momentum(lr=1e100)),
    "parameter became NaN": bowl_run(ot.AdaGrad(eps=0.0), theta0=(1.0, 0.0)),
    "loss NaN at once": broken(np.nan, 1.0),
    "gradient NaN at once": broken(1.0, np.nan),
    "gradient infinite at once": broken(1.0, np.inf),
    "below zero": ot.minimize(SADDLE, [0.0, 1.0], ot.GradientDescent(), max_steps=20),
    "at the minimum": bowl_run(ot.GradientDescent(), theta0=(0.0, 0.0), max_steps=5),
    "no step": bowl_run(ot.GradientDescent(), max_steps=0),
}
wild = pytest.mark.parametrize("run", WILD.values(), ids=WILD.keys())


@pytest.fixture
def ax():
    return plt.subplots(figsize=(4, 3), layout="none")[1]


@wild
def test_wild_runs_are_drawn_over_contours(ax, run):
    (path,) = plot.trajectories(ax, BOWL, {"wild": run})
    ax.figure.canvas.draw()
    assert np.isfinite(path.get_xydata()).all()
    assert (ax.get_xlim(), ax.get_ylim()) == BOWL.window


@wild
def test_wild_runs_are_drawn_as_convergence(ax, run):
    (curve,) = plot.convergence(ax, {"wild": run})
    ax.figure.canvas.draw()
    drawn = np.asarray(curve.get_ydata(), dtype=float)
    assert (np.isnan(drawn) | (np.isfinite(drawn) & (drawn > 0))).all()


@pytest.mark.parametrize("name", ["loss became inf", "far too fast", "at the minimum", "no step"])
def test_slopes_are_predicted_for_wild_runs_too(ax, name):
    plot.convergence(ax, {"wild": WILD[name]}, predicted=True)
    ax.figure.canvas.draw()


@wild
def test_wild_runs_are_drawn_in_sweeps_and_the_diverged_as_crosses(ax, run):
    (curve,) = plot.rate_sweep(ax, {"wild": [run]})
    ax.figure.canvas.draw()
    if run.reason is ot.StopReason.DIVERGED:
        (crosses,) = [line for line in ax.lines if line.get_marker() == "x"]
        assert np.asarray(crosses.get_xdata()).tolist() == [float(run.rule.lr)]
        assert np.size(curve.get_xdata()) == 0


@pytest.mark.parametrize("draw", [plot.convergence, lambda ax, runs: plot.trajectories(ax, BOWL, runs)], ids=["c", "t"])
def test_wild_runs_do_not_disturb_a_good_one(ax, draw):
    artists = draw(ax, {"good": GOOD, **WILD})
    ax.figure.canvas.draw()
    assert len(artists) == 1 + len(WILD)


def test_wild_runs_do_not_disturb_a_sweep(ax):
    plot.rate_sweep(ax, {"good": [GOOD, *(bowl_run(ot.GradientDescent(lr=lr)) for lr in (0.4, 1.0, 1e100))]})
    ax.figure.canvas.draw()


def test_a_sweep_of_lost_runs_only_has_crosses_only(ax):
    (line,) = plot.rate_sweep(ax, {"gd": [bowl_run(ot.GradientDescent(lr=lr)) for lr in (1.0, 2.0)]})
    ax.figure.canvas.draw()
    assert np.size(line.get_xdata()) == 0


def sizes(figure, axes):
    figure.canvas.draw()
    return np.array([ax.get_window_extent().size for ax in axes]) / figure.get_window_extent().size


@pytest.mark.parametrize("surface", [BOWL, SADDLE], ids=["with minimizers", "without"])
def test_contours_side_by_side_keep_their_room(surface):
    figure, axes = plt.subplots(1, 2, figsize=(8, 4))
    for ax in axes:
        plot.contour(ax, surface)
    assert (sizes(figure, axes).max(axis=1) > 0.3).all()


def test_all_surfaces_fit_in_one_figure():
    figure, axes = plt.subplots(2, 4, figsize=(14, 8))
    for ax, cls in zip(axes.flat, ot.surfaces.ALL, strict=False):
        plot.contour(ax, cls())
    assert (sizes(figure, axes.flat).max(axis=1) > 0.15).all()


def test_figures_with_legends_keep_their_room():
    figure, axes = plt.subplots(1, 3, figsize=(14, 6))
    plot.trajectories(axes[0], BOWL, {"good": GOOD, "wild": WILD["loss became inf"]})
    plot.convergence(axes[1], {"good": GOOD})
    plot.schedules(axes[2], {"cosine": ot.CosineAnnealing()}, 100)
    assert (sizes(figure, axes).max(axis=1) > 0.2).all()


@pytest.mark.parametrize("size", [(3, 2), (4, 3), (7, 5)], ids=str)
def test_a_legend_hides_no_axis_label(size):
    _, ax = plt.subplots(figsize=size)
    plot.convergence(ax, {"good": GOOD})
    ax.figure.canvas.draw()
    label, legend = ax.xaxis.label.get_window_extent(), ax.get_legend()
    assert legend is not None
    assert not legend.get_window_extent().overlaps(label)


@pytest.mark.parametrize(
    "run",
    [
        bowl_run(ot.Adam(), max_steps=2, record_theta=False),
        ot.minimize(ot.models.LinearRegression([[0.0, 1.0]], [1.0]), np.zeros(3), ot.Adam(), max_steps=2),
        ot.minimize(MANY, np.ones((3, 2)), ot.Adam(), max_steps=2),
    ],
    ids=["unrecorded", "three parameters", "three runs"],
)
def test_a_trajectory_needs_two_recorded_parameters(ax, run):
    with pytest.raises(ValueError, match=r"runs\['mine'\] must have recorded two parameters a step, got shape \("):
        plot.trajectories(ax, BOWL, {"good": GOOD, "mine": run})


@pytest.mark.parametrize(("steps", "error"), [(0, ValueError), (-1, ValueError), (2.0, TypeError), (None, TypeError)])
def test_schedules_need_a_number_of_steps(ax, steps, error):
    with pytest.raises(error, match=rf"steps must be an integer of at least 1, got {steps}"):
        plot.schedules(ax, {"a": ot.StepDecay()}, steps)


@pytest.mark.parametrize("wrong", [ot.ReduceOnPlateau(), 0.1, None], ids=str)
def test_what_is_no_function_of_the_step_is_no_schedule_to_draw(ax, wrong):
    with pytest.raises(TypeError, match=r"named\['mine'\] must be"):
        plot.schedules(ax, {"good": ot.StepDecay(), "mine": wrong}, 5)


@pytest.mark.parametrize(
    "wrong", [ot.models.LinearRegression([[1.0]], [1.0]), None, ot.surfaces.Bowl], ids=["model", "None", "class"]
)
def test_only_surfaces_have_contours(ax, wrong):
    with pytest.raises(TypeError, match="surface must be"):
        plot.contour(ax, wrong)


@pytest.mark.parametrize("draw", [plot.convergence, plot.rate_sweep], ids=lambda f: f.__name__)
def test_no_runs_are_refused_by_name(ax, draw):
    with pytest.raises(ValueError, match="runs must"):
        draw(ax, {})


@pytest.mark.parametrize("draw", [plot.convergence, plot.rate_sweep], ids=lambda f: f.__name__)
@pytest.mark.parametrize("wrong", [[GOOD], GOOD, None], ids=["list", "run", "None"])
def test_runs_without_names_are_refused(ax, draw, wrong):
    with pytest.raises((TypeError, ValueError), match="runs must"):
        draw(ax, wrong)


@pytest.mark.parametrize("lr", [np.float64(0.1), np.float32(0.1), np.array(0.1), 1], ids=repr)
def test_any_constant_rate_can_be_swept(ax, lr):
    (line,) = plot.rate_sweep(ax, {"gd": [bowl_run(ot.GradientDescent(lr=lr), max_steps=3)]})
    if lr != 1:
        np.testing.assert_array_equal(line.get_xdata(), [float(lr)])


def test_a_diverged_run_does_not_squeeze_the_others_out_of_the_picture(ax):
    plot.convergence(ax, {"good": GOOD, "wild": WILD["loss became inf"]})
    bottom, top = ax.get_ylim()
    assert bottom <= GOOD.trace.loss.min()
    assert GOOD.trace.loss.max() <= top <= 1e6 * GOOD.trace.loss.max()


def test_an_empty_group_of_a_sweep_is_refused_by_name(ax):
    with pytest.raises(ValueError, match=r"runs\['mine'\] must"):
        plot.rate_sweep(ax, {"good": [GOOD], "mine": []})


def test_a_sweep_needs_constant_rates(ax):
    with pytest.raises(TypeError, match=r"runs\['mine'\] must"):
        plot.rate_sweep(ax, {"mine": [bowl_run(ot.GradientDescent(lr=ot.StepDecay()), max_steps=2)]})


@pytest.mark.parametrize("rule", [ot.Adam(), ot.GradientDescent(lr=ot.StepDecay())], ids=["Adam", "schedule"])
def test_slopes_are_predicted_only_where_there_is_a_theory(ax, rule):
    with pytest.raises(TypeError, match="rule must"):
        plot.convergence(ax, {"mine": bowl_run(rule, max_steps=3)}, predicted=True)
