r"""
Why not try everything?
=======================

Put a grid over the space of the parameters, compute the loss at every point, keep the lowest: no gradient, no learning
rate, nothing that can diverge. With :math:`m` points an axis and :math:`d` parameters that takes :math:`m^d` losses.
This script pays the price as long as it can, on measurements of 569 tumors, and runs gradient descent beside it.
"""

# %%
# The same task with more and more parameters
# -------------------------------------------
# The diagnosis, 1 for malignant and 0 for benign, is fitted by a linear function of the first :math:`d - 1` features
# and a bias, by least squares, so that the true minimum is known for every :math:`d`. Cost is counted in passes over
# the data: a loss takes one, a gradient two (one for the scores, one to collect the slopes).

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

cells = ot.datasets.breast_cancer().standardized()
sizes = np.array([2, 3, 4, 5, 7, 11, 15, 21, 26, 31])
models = {d: ot.models.LinearRegression(cells.features[:, : d - 1], cells.targets) for d in sizes}
lowest = {d: model.loss(model.solution()) for d, model in models.items()}
at_zero = {d: model.loss(np.zeros(d)) - lowest[d] for d, model in models.items()}

# %%
# Trying everything, with eleven points an axis
# ---------------------------------------------
# Each parameter takes the values −2, −1.6, …, 2. That such a box holds the minimizer had to be looked up in the
# solution: a grid search cannot know. Five parameters are as far as patience goes.

axis = np.linspace(-2, 2, 11)


def try_everything(model):
    assert abs(model.solution()).max() < 2
    grid = np.stack(np.meshgrid(*[axis] * model.dim, indexing="ij"), axis=-1).reshape(-1, model.dim)
    return np.concatenate([model.loss(part) for part in np.array_split(grid, 1 + len(grid) // 100)])


losses = {d: try_everything(models[d]) for d in sizes[:4]}
for d, tried in losses.items():
    left = (tried.min() - lowest[d]) / at_zero[d]
    print(f"d = {d}: {tried.size:>7,} losses, and {left:.1%} of the gap at zero is left")

# %%
# Following the gradient
# ----------------------
# From :math:`\theta = 0`, with the constant rate :math:`1/L` (for least squares the largest curvature is known in
# advance). The goal is the same for all: leave at most 1% of the gap at zero, which no grid
# has reached.

paths = {}
for d, model in models.items():
    rule = ot.GradientDescent(lr=1 / ot.theory.spectrum(model)[-1])
    paths[d] = ot.minimize(model, np.zeros(d), rule, max_steps=700, record_theta=False).trace.loss - lowest[d]
steps = np.array([np.argmax(paths[d] <= 0.01 * at_zero[d]) for d in sizes])
print("parameters:    ", *(f"{d:4d}" for d in sizes))
print("gradient steps:", *(f"{k:4d}" for k in steps))

# %%
# The bill
# --------
# The grid's line is straight on a log axis: every further parameter multiplies the cost by eleven. What one loss every
# nanosecond since the Big Bang would have paid for is not enough for 26 parameters. The price of following the gradient
# goes up and down with the shape of the bowl and the place of the start, and not with the dimension as such.

ink, blue = ot.looks.LIGHT["ink"], ot.looks.LIGHT["GradientDescent"]
fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(sizes, 11.0**sizes, "--", color=ink, label="grid, m = 11: counted")
ax.plot(list(losses), [tried.size for tried in losses.values()], "s", color=ink, ms=8, label="grid, m = 11: run")
ax.plot(sizes, 2 * steps, "-o", color=blue, label="gradient descent, α = 1/L: run to 1% of the gap")
ax.axhline(13.8e9 * 365.25 * 86400 * 1e9, color=ot.looks.LIGHT["muted"], lw=1, ls=":")
ax.annotate("one pass a nanosecond since the Big Bang", (2, 3e27), fontsize=9)
ax.set(yscale="log", xlabel="number of parameters d", ylabel="passes over the data")
ax.set_title("A grid costs eleven times more for every parameter")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16))

# %%
# What the money bought
# ---------------------
# With five parameters both can be watched. The grid is visited in random order, and its lowest loss so far falls in
# ever rarer jumps. The last of 161,051 points cannot make it better than the mesh is fine, and the only way on is a
# finer mesh: half the spacing costs 2⁵ times as much.

fig, ax = plt.subplots(figsize=(7, 3.6))
found = np.minimum.accumulate(np.random.default_rng(0).permutation(losses[5])) - lowest[5]
jumps = np.append(np.flatnonzero(np.diff(found, prepend=np.inf)), found.size - 1)
name = "grid in random order, m = 11, lowest so far"
ax.step(1 + jumps, found[jumps], "--s", where="post", color=ink, label=name)
passes = 2 * np.arange(1, 701)
ax.plot(passes, paths[5][1:], "-o", color=blue, markevery=(0.0, 0.1), label="gradient descent, α = 1/L")
ax.set(xscale="log", yscale="log", xlabel="passes over the data", ylabel="loss above the minimum")
ax.set_title("Five parameters: the grid stops at its mesh, the gradient goes on")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.18))

# %%
# What this run shows
# -------------------
# With five parameters 40 gradients, worth 80 passes, beat the best of 161,051 points. With 31 a few hundred steps still
# suffice, where the grid would need 11³¹ losses, about 2 · 10³².

assert paths[5][40] < found[-1]
assert 0.034 < found[-1] / at_zero[5] < 0.036
assert 0 < steps.min() < steps.max() < 700, steps
assert all(tried.min() - lowest[d] > 0.01 * at_zero[d] for d, tried in losses.items())

# %%
# **Take away.** Values of the loss alone say where you are; the gradient says where to go, in all directions at once,
# for the price of about two values.
#
# **Try it.** Replace the grid by as many random points of the same box, drawn by ``np.random.default_rng(0)``. Does
# the lowest loss improve? By what factor must you raise their number to halve the distance to the minimizer?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_three_gradients.py`: when even one pass over the data is too dear.
