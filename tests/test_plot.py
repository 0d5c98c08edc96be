"""Figures: what is drawn for whom, what the labels say, and that no run is too wild to be drawn."""

import re
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import optimtext as ot
from optimtext import looks, plot

BOWL, RAVINE = ot.surfaces.Bowl(), ot.surfaces.Ravine()
CYCLE = ["GradientDescent", "Momentum", "Nesterov", "Adam", "AdaGrad", "RMSProp", "AdamUncorrected"]
CYCLE += ["AdamW", "AMSGrad", "NAdam", "AdaMax", "AdaDelta", "Lion", "FISTA"]
RULES: tuple[Any, ...] = ot.rules.ALL
every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_surface = pytest.mark.parametrize("surface", [cls() for cls in ot.surfaces.ALL], ids=str)


@pytest.fixture(autouse=True)
def _without_a_screen():
    backend = mpl.get_backend()
    plt.switch_backend("agg")
    with plt.style.context(plot.STYLE):
        yield
    plt.close("all")
    plt.switch_backend(backend)


@pytest.fixture
def ax():
    return plt.subplots()[1]


def run(rule, problem=BOWL, *, max_steps=20, **options):
    return ot.minimize(problem, problem.start, rule, max_steps=max_steps, **options)


def descend(lr, **options):
    return run(ot.GradientDescent(lr=lr), **options)


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def paths(lines):
    return [(to_hex(line.get_color()), line.get_linestyle(), line.get_marker()) for line in lines]


@every_rule
def test_a_label_carries_every_hyper_parameter(rule):
    label = plot.label("mine", run(rule(lr=0.0125)))
    assert label.startswith("mine (α = 0.0125")
    names = {"beta": "β = ", "beta1": "β₁ = ", "beta2": "β₂ = "}
    for name, symbol in names.items():
        if hasattr(rule, name):
            assert f"{symbol}{getattr(rule, name):g}" in label
        else:
            assert symbol not in label


@pytest.mark.parametrize(("name", "symbol"), [("eps", "ε"), ("eps_root", "εᵣ")])
def test_an_epsilon_off_its_default_is_on_the_label(name, symbol):
    assert f"{symbol} = 0.001" in plot.label("", run(ot.Adam(**{name: 1e-3})))
    assert symbol not in plot.label("", run(ot.Adam()))


@pytest.mark.parametrize("number", [np.float64(0.25), np.float32(0.25), np.array(0.25), 0.25, np.int64(1), 1], ids=repr)
def test_a_label_shows_any_number_as_a_number(number):
    assert plot.label("", run(ot.GradientDescent(lr=number))) == f" (α = {float(number):g})"


def test_a_label_names_a_schedule():
    assert "StepDecay" in plot.label("", run(ot.GradientDescent(lr=ot.StepDecay())))


@every_surface
def test_a_contour_is_the_window_with_its_minimizers(ax, surface):
    lines: Any = plot.contour(ax, surface)
    assert (ax.get_xlim(), ax.get_ylim()) == surface.window
    assert ax.get_aspect() == 1.0
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert (np.diff(lines.levels) > 0).all()
    starred = [line.get_xydata() for line in ax.lines if line.get_marker() == "*"]
    np.testing.assert_array_equal(np.concatenate([np.empty((0, 2)), *starred]), surface.minimizers)


@every_surface
def test_the_levels_of_a_surface_are_always_the_same(surface):
    _, (small, large) = plt.subplots(1, 2, figsize=(9, 3))
    large.set(xlim=(-100, 100))
    first: Any = plot.contour(small, surface)
    second = plot.contour(large, surface)
    third = plot.trajectories(large, surface, {"gd": descend(1e-4, problem=surface)})
    np.testing.assert_array_equal(first.levels, second.levels)
    assert third
    np.testing.assert_array_equal(first.levels, large.collections[-1].levels)
    assert len(first.levels) == 8
    assert first.levels[0] > surface.minimum


@every_rule
def test_a_trajectory_is_the_recorded_path_in_the_looks_of_its_rule(ax, rule):
    result = run(rule(lr=0.01), RAVINE)
    artists = plot.trajectories(ax, RAVINE, {"one": result, "two": result})
    assert len(artists) == 2
    np.testing.assert_array_equal(artists[0].get_xydata(), result.trace.theta)
    look = looks.identity(rule)
    assert (to_hex(artists[0].get_color()), artists[0].get_marker()) == (looks.color(rule), look.marker)
    assert artists[0].is_dashed() == bool(look.dash)
    assert legend(ax) == [plot.label("one", result), plot.label("two", result)]


@pytest.mark.parametrize("kind", ["trajectories", "convergence", "rate_sweep"])
def test_runs_of_one_rule_share_its_color_and_differ_in_more_than_color(ax, kind):
    named = {f"run {lr}": descend(lr) for lr in (0.05, 0.1, 0.2)}
    draw = {
        "trajectories": lambda: plot.trajectories(ax, BOWL, named),
        "convergence": lambda: plot.convergence(ax, named),
        "rate_sweep": lambda: plot.rate_sweep(ax, {name: [run] for name, run in named.items()}),
    }[kind]
    drawn = paths(draw())
    assert {color for color, *_ in drawn} == {looks.color(ot.GradientDescent)}
    assert len({marker for *_, marker in drawn}) == 3


def test_a_marked_rate_is_in_the_legend(ax):
    plot.rate_sweep(ax, {"gd": [descend(0.1)]}, limit=0.5)
    assert legend(ax)[0] == "gd"
    assert any("0.5" in entry for entry in legend(ax)[1:])


def test_a_convergence_curve_is_the_gap_over_the_gradients_spent(ax):
    result = run(ot.Momentum(lr=0.01), RAVINE)
    (line,) = plot.convergence(ax, {"heavy ball": result})
    np.testing.assert_array_equal(line.get_xydata(), np.stack([result.trace.evaluations, result.trace.loss], axis=1))
    assert (ax.get_yscale(), ax.get_xscale()) == ("log", "linear")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("gradient evaluations", "loss")
    assert legend(ax) == [plot.label("heavy ball", result)]


def test_an_optimum_is_subtracted_and_said(ax):
    model = ot.models.LinearRegression(np.arange(6.0)[:, None], [0.0, 2, 1, 3, 5, 4])
    best = float(model.loss(model.solution()))
    result = ot.minimize(model, [0.0, 0.0], ot.GradientDescent(lr=0.05), max_steps=9)
    (line,) = plot.convergence(ax, {"gd": result}, optimum=best)
    np.testing.assert_allclose(np.asarray(line.get_ydata(), dtype=float), result.trace.loss - best)
    np.testing.assert_array_equal(line.get_xdata(), 6 * np.arange(10))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("single-sample gradients", "loss above the minimum")


def test_predicted_slopes_are_those_of_theory(ax):
    result = run(ot.GradientDescent(lr=0.02), RAVINE)
    plot.convergence(ax, {"gd": result}, predicted=True)
    (dotted,) = [line for line in ax.lines if line.get_linestyle() == ":" and len(line.get_xdata())]
    rho = ot.theory.contraction(result.rule, RAVINE)
    np.testing.assert_allclose(dotted.get_ydata(), result.trace.loss[0] * rho ** (2 * np.arange(21)))
    assert legend(ax)[-1] == "predicted slope"


def test_a_sweep_is_the_final_loss_over_the_rate_with_the_lost_as_crosses(ax):
    rates = [0.3, 0.01, 1.0, 0.1, 5.0]
    runs = {lr: descend(lr, max_steps=600) for lr in rates}
    assert [lr for lr in rates if runs[lr].reason is ot.StopReason.DIVERGED] == [1.0, 5.0]
    (line,) = plot.rate_sweep(ax, {"gd": list(runs.values())}, limit=0.5)
    np.testing.assert_array_equal(line.get_xdata(), [0.01, 0.1, 0.3])
    expected = np.maximum([runs[lr].loss for lr in (0.01, 0.1, 0.3)], np.finfo(float).tiny)
    np.testing.assert_allclose(np.asarray(line.get_ydata(), dtype=float), expected)
    (crosses,) = [other for other in ax.lines if other.get_marker() == "x"]
    np.testing.assert_array_equal(crosses.get_xdata(), [1.0, 5.0])
    assert (crosses.get_ydata() > runs[1.0].trace.loss[0]).all()
    assert to_hex(crosses.get_color()) == looks.color(ot.GradientDescent)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert "learning rate" in ax.get_xlabel()
    assert "loss" in ax.get_ylabel()
    assert any(np.unique(other.get_xdata()).tolist() == [0.5] for other in ax.lines)


def test_a_schedule_is_drawn_step_by_step(ax):
    named: dict[str, Any] = {
        "halved": ot.StepDecay(),
        "cosine": ot.CosineAnnealing(steps=20),
        "warm": ot.Warmup(steps=5),
    }
    artists: list[Any] = plot.schedules(ax, named, 30)
    for line, schedule in zip(artists, named.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), [schedule(t) for t in range(30)])
    assert legend(ax) == list(named)
    assert (ax.get_xlabel(), ax.get_ylim()[0]) == ("step", 0.0)
    assert "learning rate" in ax.get_ylabel()
    assert len(set(paths(artists))) == 3
    assert len({line._dash_pattern[1] and tuple(line._dash_pattern[1]) for line in artists}) == 3  # not by color alone


def every_kind_of_figure():
    _, axes = plt.subplots(2, 3, figsize=(14, 8))
    runs = {cls.__name__: run(cls(lr=0.01), RAVINE) for cls in RULES}
    plot.contour(axes[0, 0], BOWL)
    plot.trajectories(axes[0, 1], RAVINE, runs)
    plot.convergence(axes[0, 2], runs)
    plot.convergence(axes[1, 0], {"gd": descend(0.1)}, predicted=True)
    plot.rate_sweep(axes[1, 1], {"gd": [descend(lr) for lr in (0.1, 1.0)]}, limit=0.5)
    plot.schedules(axes[1, 2], {"a": ot.StepDecay(), "b": ot.CosineAnnealing()}, 30)
    return axes[0, 0].figure


def test_every_color_is_of_the_light_palette_so_that_it_has_a_dark_partner(tmp_path):
    figure = every_kind_of_figure()
    file = tmp_path / "figure.svg"
    figure.savefig(file)
    used = set(re.findall(r"(?:fill|stroke|color): ?(#[0-9a-f]{6})", file.read_text(encoding="utf-8")))
    assert used <= set(looks.LIGHT.values())
    assert {looks.color(rule) for rule in ot.rules.ALL} <= used
    texts = [text for text in figure.findobj(mpl.text.Text) if text.get_text() and text.get_visible()]
    assert {to_hex(text.get_color()) for text in texts} <= set(looks.LIGHT.values())


def test_the_style_sheet_has_only_colors_of_the_light_palette():
    style = mpl.rc_params_from_file(plot.STYLE, use_default_template=False)
    colors = [value for key, value in style.items() if key.endswith("color") and value != "none"]
    colors += style["axes.prop_cycle"].by_key()["color"]
    assert {to_hex(color) for color in colors} <= set(looks.LIGHT.values())
    assert [to_hex(color) for color in style["axes.prop_cycle"].by_key()["color"]] == [
        looks.LIGHT[name] for name in CYCLE
    ]


def test_figures_work_without_the_style_sheet_too():
    with plt.style.context("default"):
        _, (left, right) = plt.subplots(1, 2)
        plot.trajectories(left, BOWL, {"gd": descend(0.1)})
        plot.rate_sweep(right, {"gd": [descend(lr) for lr in (0.1, 1.0)]})
        left.figure.canvas.draw()
