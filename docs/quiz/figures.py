"""The figures of the questions "what happens next": each shows a run up to a moment, and not what came after it.

The docstring of a function is the alternative text. Each function also runs on and asserts what its question calls the
right answer, so that a question whose answer is false stops the build.
"""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import optimtext as ot
from optimtext import looks
from optimtext.looks import LIGHT


def axes(xlabel: str, ylabel: str, title: str, end: float) -> tuple[Figure, Axes]:
    """Return a small figure whose horizontal axis leaves room for what comes next."""
    figure, ax = plt.subplots(figsize=(5.6, 2.8))
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(0, end))
    ax.set_title(title)
    return figure, ax


def noise_floor() -> Figure:
    """Gap against step, logarithmic: it falls a hundredfold within 60 steps, then jitters about one level until 200."""
    birds = ot.datasets.penguins().standardized()
    model = ot.models.LinearRegression(birds.features, birds.targets)
    best = model.loss(model.solution())
    rule = ot.GradientDescent(ot.StepDecay(lr=0.05, factor=0.5, every=200))
    gaps = np.zeros(400)
    for seed in range(40):
        run = ot.minimize(model, np.zeros(4), rule, max_steps=399, batch_size=4, seed=seed)
        gaps += [model.loss(theta) - best for theta in run.trace.theta]
    gaps /= 40
    before, after = gaps[120:200].mean(), gaps[260:].mean()
    assert 0.3 < after / before < 0.7, "half the rate has about half the floor"
    figure, ax = axes("step", "gap, mean of 40 runs", "Until the rate is halved", 400)
    ax.semilogy(gaps[:201], color=LIGHT["GradientDescent"])
    ax.axvline(200, color=LIGHT["accent"], linestyle="--")
    return figure


def late_explosion() -> Figure:
    """Loss against step: it falls from 1 to about 0.5, ever more slowly, and turns up in the last steps."""
    curvatures = np.array([0.02, 2.0])
    error, losses = np.array([10.0, 0.01]), []
    for _ in range(80):
        losses.append(0.5 * curvatures @ error**2)
        error = (1 - 1.1 * curvatures) * error
    turn = int(np.argmin(losses))
    assert np.all(np.diff(losses[turn:]) > 0), "once risen, the loss never falls again"
    figure, ax = axes("step", "loss", "A constant rate, all samples", 60)
    ax.plot(losses[: turn + 4], color=LIGHT["GradientDescent"], marker=".")
    ax.set(ylim=(0, 1.1))
    return figure


def two_conventions() -> Figure:
    """Length of the step against step: two equal curves rise from 0.1 and level off near 1 before step 40."""
    inside, outside, v_in, v_out = [], [], 0.0, 0.0
    for t in range(60):
        lr = 0.1 if t < 40 else 0.01
        v_in, v_out = 0.9 * v_in + lr, 0.9 * v_out + 1
        inside.append(v_in)
        outside.append(lr * v_out)
    assert outside[40] < 0.15, "the rate outside brakes at once"
    assert inside[40] > 0.8, "and inside it coasts"
    figure, ax = axes("step", "length of the step", "A constant gradient, until the rate falls", 60)
    ax.plot(inside[:40], color=LIGHT["Momentum"], linewidth=4, alpha=0.45, label="rate inside the velocity")
    ax.plot(outside[:40], color=LIGHT["ink"], linestyle="--", label="rate outside")
    ax.axvline(40, color=LIGHT["accent"], linestyle="--")
    ax.set(ylim=(0, 1.2))
    ax.legend(loc="lower center", bbox_to_anchor=(0.42, 0))
    return figure


def uncorrected_steps() -> Figure:
    """Length of the step in units of the rate: about 3.2, 4.2, 4.9 and 5.4 in steps 1 to 4."""
    steps = ot.theory.first_steps(ot.AdamUncorrected(lr=1.0, eps=0.0), 4000)
    assert int(steps.argmax()) + 1 == 12, "the longest step is the twelfth"
    assert round(float(steps.max()), 2) == 6.57, "and 6.57 rates long"
    assert steps[1999] > 1.05, "two thousand steps do not end it"
    figure, ax = axes("step", "length, in rates", "Four steps in a constant gradient", 40)
    ax.plot(np.arange(1, 5), steps[:4], "o", color=LIGHT["AdamUncorrected"])
    ax.set(ylim=(0, 10))
    return figure


def cosine_end() -> Figure:
    """Learning rate against step: half a cosine wave, from 0.1 at step 0 down to 0 at step 100, where it ends level."""

    def rate(t: int) -> float:
        return 0.05 * (1 + np.cos(np.pi * t / 100))

    assert rate(200) == rate(0), "the bare formula is back at the top at twice its period"
    figure, ax = axes("step", "learning rate", "The bare formula, up to its end", 250)
    ax.plot([rate(t) for t in range(101)], color=LIGHT["GradientDescent"])
    ax.axvline(100, color=LIGHT["accent"], linestyle="--")
    return figure


def first_rise() -> Figure:
    """Validation loss against epoch: it falls to 0.098, ever more slowly, and is at 0.099 in the last, the 14th."""
    train, rest = ot.datasets.breast_cancer().split(0.7, seed=0)
    validation, _ = rest.split(0.5, seed=1)
    model, jury = (
        ot.models.LogisticRegression(part.standardized(like=train.standardized()).features, part.targets)
        for part in (train, validation)
    )
    settings = {"batch_size": 32, "seed": 0, "max_steps": 6 * 120, "validation": jury}
    run = ot.minimize(model, np.zeros(31), ot.GradientDescent(lr=0.2), **settings)
    losses = run.trace.validation[~np.isnan(run.trace.validation)]
    rise = int(np.argmax(np.diff(losses) > 0)) + 1
    lowest = int(np.argmin(losses))
    assert rise < lowest < len(losses) - 20, "the first rise comes before the lowest value, and that before the end"
    assert losses[lowest] < 0.95 * losses[rise - 1], "which is clearly below what patience 1 would have kept"
    assert losses[-1] > 1.05 * losses[lowest], "and later the loss has risen for good"
    figure, ax = axes("epoch", "validation loss", "Until the first rise", 2 * rise + 4)
    ax.plot(losses[: rise + 1], color=LIGHT["GradientDescent"], marker="o")
    ax.set(ylim=(0.08, 0.2))
    return figure


def subgradient() -> Figure:
    """Weight against step: it falls from 1, in ever shorter steps, to about 0.07 at the last one."""
    weights = [1.0]
    for _ in range(200):
        w = weights[-1]
        weights.append(w - 0.2 * (w + 0.5 * np.sign(w)))
    near = next(k for k, w in enumerate(weights) if w <= 0) - 1
    assert np.isclose(abs(weights[-1]), 0.2 * 0.5 / (2 - 0.2)), "it ends in a cycle of two points"
    assert weights[-1] * weights[-2] < 0, "one on each side of zero"
    figure, ax = axes("step", "weight", "Until the last step before zero", 20)
    ax.axhline(0, color=LIGHT["muted"], linewidth=0.8)
    ax.plot(weights[: near + 1], color=LIGHT["GradientDescent"], marker="o")
    ax.set(ylim=(-0.3, 1.1))
    return figure


def clipped() -> Figure:
    """Parameter against step: a straight line from 6 down to about 0.6 in nine steps of equal length."""
    curvature = 4.0
    lr = 1.2 * ot.theory.stability_limit(ot.GradientDescent, [curvature])
    clip = ot.clipping.ByNorm(1.0)
    path = [np.array([6.1])]
    for _ in range(60):
        path.append(path[-1] - lr * clip(curvature * path[-1]))
    values = np.ravel(path)
    assert np.all(np.abs(values[-20:]) > 0.05), "it never settles"
    assert np.all(values[-20:-1] * values[-19:] < 0), "it jumps from side to side"
    figure, ax = axes("step", r"parameter $\theta$", "Clipped steps, on the way", 25)
    ax.axhline(0, color=LIGHT["muted"], linewidth=0.8)
    ax.plot(values[:10], color=LIGHT["GradientDescent"], marker="o")
    ax.set(ylim=(-3, 7))
    return figure


def saddle_wait() -> Figure:
    """Loss against step: it falls from 1.1 to 0 within 60 steps and is level at 0 until step 200."""
    saddle = ot.surfaces.Saddle()
    run = ot.minimize(saddle, [-1.5, 1e-8], ot.GradientDescent(lr=0.05), max_steps=400)
    assert abs(run.trace.loss[320]) < 0.01, "a hundred and twenty steps later it is level still"
    assert run.trace.loss[400] < -1, "and then it falls"
    figure, ax = axes("step", "loss", "On a saddle, beside the ridge", 400)
    ax.plot(run.trace.loss[:201], color=LIGHT["GradientDescent"])
    ax.set(ylim=(-2, 1.5))
    return figure


def zero_network() -> Figure:
    """Loss against step: it stays between 2.30 and 2.31 from the first step to step 100."""
    _, digits = ot.datasets.digits().split(0.1, seed=0)
    network = ot.models.MLP(digits.features / 16, digits.targets, hidden=(16,))
    run = ot.minimize(network, np.zeros(network.dim), ot.GradientDescent(lr=0.3), max_steps=100)
    later = ot.minimize(network, run.theta, ot.Adam(lr=0.01), max_steps=100)
    assert later.loss > 2.29, "Adam does not help"
    figure, ax = axes("step", "loss", "A network that started at zero", 200)
    ax.plot(run.trace.loss, color=LIGHT["GradientDescent"])
    ax.set(ylim=(0, 2.6))
    return figure


def early_lead() -> Figure:
    """Loss against step, logarithmic: momentum rises from 35 to 170 in four steps, Adam falls to about 6."""
    ravine = ot.surfaces.Ravine(condition=50)
    rules = {"Momentum": ot.theory.optimal(ot.Momentum, ravine), "Adam": ot.Adam(lr=0.3)}
    runs = {name: ot.minimize(ravine, ravine.start, rule, max_steps=60) for name, rule in rules.items()}
    momentum, adam = (run.trace.loss for run in runs.values())
    assert momentum[4] > 10 * adam[4], "Adam leads at first"
    assert momentum[60] < 1e-3 * adam[60], "and is far behind in the end"
    figure, ax = axes("step", "loss", "The first four steps of two rules", 60)
    for name, run in runs.items():
        look = looks.RULES[name]
        ax.semilogy(run.trace.loss[:5], color=LIGHT[name], marker=look.marker, label=look.label)
    ax.set(ylim=(1e-1, 1e3))
    ax.legend(loc="upper right")
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    function.__name__: function
    for function in (
        noise_floor,
        late_explosion,
        two_conventions,
        uncorrected_steps,
        cosine_end,
        first_rise,
        subgradient,
        clipped,
        saddle_wait,
        zero_network,
        early_lead,
    )
}
