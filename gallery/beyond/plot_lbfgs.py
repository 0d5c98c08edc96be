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


# %%


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
    return moved, new, tries


# %%
# A curved valley
# ---------------
# The price is counted in gradients, those of the line search included. The first-order rule is given good constants.

valley = ot.surfaces.Rosenbrock()
found = {memory: lbfgs(valley, valley.start, 36, memory) for memory in (1, 5)}
heavy = ot.minimize(valley, valley.start, ot.Momentum(lr=0.001, beta=0.95), max_steps=1500).trace

fig, ax = plt.subplots(figsize=(7, 4))
own = ot.looks.LIGHT["OTHER"]
for (memory, (path, spent)), dash, mark in zip(found.items(), [":", "-"], "Do", strict=True):
    gap = np.maximum(valley.loss(path), 1e-25)
    ax.plot(spent, gap, dash, marker=mark, color=own, markevery=3, label=f"L-BFGS, {memory} pair{'s' * (memory > 1)}")
ax.plot(np.arange(1, 1502), heavy.loss, "--", color=ot.looks.color(ot.Momentum), label="momentum (α = 0.001, β = 0.95)")
ax.set(xscale="log", yscale="log", xlabel="gradients", ylabel="loss", ylim=(1e-25, 1e3))
ax.legend(loc="lower left")
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
limit = 1 / ot.theory.smoothness(model)
ball = ot.minimize(model, np.zeros(model.dim), ot.Nesterov(lr=limit, beta=0.95), max_steps=1500).trace

fig, ax = plt.subplots(figsize=(7, 4))
for (memory, (path, spent)), dash, mark in zip(runs.items(), [":", "-"], "Do", strict=True):
    gap = np.maximum(model.loss(path) - best, 1e-13)
    ax.plot(spent, gap, dash, marker=mark, color=own, markevery=4, label=f"L-BFGS, {memory} pair{'s' * (memory > 1)}")
ax.plot(
    np.arange(1, 1502), ball.loss - best, "--", color=ot.looks.color(ot.Nesterov), label="Nesterov (α = 1/L, β = 0.95)"
)
ax.set(xscale="log", yscale="log", xlabel="gradients", ylabel="loss above the minimum", ylim=(1e-13, 1))
ax.legend(loc="lower left")
ax.set_title("Tumors: the curvature is learned on the way")

# %%
# For thirty gradients L-BFGS does no better than any other method. Then its pairs span the directions that matter.
# With one pair it does not come to that: here the memory is the method.
#
# What was shown
# --------------

(path, spent), (short, cost) = found[5], found[1]
assert valley.loss(path[-1]) < 1e-12
assert valley.loss(short[-1]) > 1e-4
assert spent[-1] < 65 < cost[-1]
assert heavy.loss[65] > 0.1
gap = model.loss(runs[10][0]) - best
assert gap[-1] < 1e-8
assert min(model.loss(runs[1][0][-1]) - best, ball.loss[-1] - best) > 1e-4

# %%
# **Take away.** For smooth, deterministic problems of up to some millions of parameters, try L-BFGS before you tune a
# rate. It has none. With mini-batches the change of the gradient is mostly noise, and the pairs say nothing.
#
# **Try it.** Compare with ``scipy.optimize.minimize(..., method="L-BFGS-B")``, which does the same with a better line
# search.
#
# **Next.** The chapter on momentum: :ref:`sphx_glr_gallery_momentum_plot_heavy_ball_cycle.py` is one more loss on
# which a good method fails.
