r"""
L-BFGS: most of Newton's gain from a few gradients
==================================================

The change of the gradient along a step tells how the loss is curved in that direction. L-BFGS keeps the last few such
pairs and multiplies by an inverse Hessian that agrees with them: no second derivative, no matrix. You will see the
whole method in thirty lines, and what its memory is worth on a curved valley and on real data.
"""

# %%
# Thirty lines
# ------------
# The two loops multiply the gradient by the inverse Hessian of the pairs, newest first and then oldest first. A line
# search by bisection sees to it that the loss falls and that the curvature along the step is positive (the weak Wolfe
# conditions).

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def lbfgs(problem, theta, steps, memory):
    pairs, path, spent, grad = [], [theta], [1], problem.gradient(theta)
    for _ in range(steps):
        direction, used = grad.copy(), []
        for s, y in reversed(pairs):
            used.append((s @ direction) / (s @ y))
            direction -= used[-1] * y
        if pairs:
            s, y = pairs[-1]
            direction *= (s @ y) / (y @ y)
        for s, y in pairs:
            direction += s * (used.pop() - (y @ direction) / (s @ y))
        moved, new, tries = search(problem, theta, grad, direction)
        pairs = [*pairs, (moved - theta, new - grad)][-memory:]
        theta, grad = moved, new
        path.append(theta)
        spent.append(spent[-1] + tries)
    return np.array(path), np.array(spent)


def search(problem, theta, grad, direction):
    slope, low, high, length = grad @ direction, 0.0, np.inf, 1.0
    for tries in range(1, 60):
        moved = theta - length * direction
        new = problem.gradient(moved)
        if problem.loss(moved) > problem.loss(theta) - 1e-4 * length * slope:
            high = length
        elif new @ direction > 0.9 * slope:
            low = length
        else:
            return moved, new, tries
        length = 2 * length if np.isinf(high) else (low + high) / 2
    raise RuntimeError("the line search found no step")


# %%
# A curved valley
# ---------------
# The price is counted in gradients, those of the line search included. The first-order rule is given good constants.

valley = ot.surfaces.Rosenbrock()
found = {memory: lbfgs(valley, valley.start, 36, memory) for memory in (1, 5)}
heavy = ot.minimize(valley, valley.start, ot.Momentum(lr=0.001, beta=0.95), max_steps=1500)


def draw(ax, runs, height, first_order, name):
    for (memory, (path, spent)), dash, mark in zip(runs.items(), [":", "-"], "Do", strict=True):
        style = {"color": ot.looks.LIGHT["OTHER"], "linestyle": dash, "marker": mark, "markevery": 3}
        ax.plot(spent, np.maximum(height(path), 1e-25), label=f"L-BFGS, pairs kept: {memory}", **style)
    steps, color = np.arange(1, len(first_order.trace.loss) + 1), ot.looks.color(first_order.rule)
    ax.plot(steps, height(first_order.trace.theta), "--", color=color, label=name)
    ax.set(xscale="log", yscale="log", xlabel="gradients", ylabel="loss above the minimum")
    ax.legend(loc="lower left")


fig, ax = plt.subplots(figsize=(7, 4))
draw(ax, found, valley.loss, heavy, "momentum (α = 0.001, β = 0.95)")
ax.set_title("Rosenbrock's valley: sixty gradients, or over a thousand")

# %%
# Real data
# ---------
# Logistic regression on 569 tumors with ten standardized measurements.

names = [name for name in ot.datasets.breast_cancer().feature_names if name.startswith("mean")]
data = ot.datasets.breast_cancer().select(*names).standardized()
model = ot.models.LogisticRegression(data.features, data.targets)
runs = {memory: lbfgs(model, np.zeros(model.dim), 62, memory) for memory in (1, 10)}
best = model.loss(lbfgs(model, np.zeros(model.dim), 90, 10)[0][-1])
rule = ot.Nesterov(lr=1 / ot.theory.smoothness(model), beta=0.95)
ball = ot.minimize(model, np.zeros(model.dim), rule, max_steps=1500)

fig, ax = plt.subplots(figsize=(7, 4))
draw(ax, runs, lambda path: model.loss(path) - best, ball, "Nesterov (α = 1/L, β = 0.95)")
ax.set_title("Tumors: the curvature is learned on the way")

# %%
# For some twenty gradients ten pairs do no better than one. Then they span the directions that matter, and the gap
# falls by a factor of more than ten at once. With one pair it does not come to that: here the memory is the method.
#
# What was shown
# --------------

(path, spent), (short, cost) = found[5], found[1]
assert 1e8 * valley.loss(path[-1]) < 1e-4 < valley.loss(short[-1])
assert spent[-1] < 65 < cost[-1]
assert heavy.trace.loss[65] > 0.1
gap = {memory: np.interp([20, 30], spent, model.loss(path) - best) for memory, (path, spent) in runs.items()}
assert gap[10][0] > 0.8 * gap[1][0]
assert gap[10][1] < 0.1 * min(gap[10][0], gap[1][1])
assert model.loss(runs[10][0][-1]) - best < 1e-8
assert runs[10][1][-1] < 70
assert min(model.loss(runs[1][0][-1]) - best, ball.loss - best) > 1e-4

# %%
# **Take away.** For smooth, deterministic problems of up to some millions of parameters, try L-BFGS before you tune a
# rate. It has none. With mini-batches the change of the gradient is mostly noise, and the pairs say nothing.
#
# **Try it.** Compare with ``scipy.optimize.minimize(..., method="L-BFGS-B")``, which does the same with a better line
# search.
#
# **Next.** The chapter on momentum: :ref:`sphx_glr_gallery_momentum_plot_heavy_ball_cycle.py` is one more loss on
# which a good method fails.
