r"""
Three gradients: all samples, one, or a few
===========================================

The loss is a mean over samples, so its gradient may be computed from all of them, or estimated from one, or from a
few. All three are right on average. Here they are drawn as clouds, then raced for an equal number of single-sample
gradients on 342 penguins. The noisy ones are far ahead at first; later each of them stops falling, at a noise floor.
"""

# %%
# The cloud
# ---------
# The model predicts body mass from three lengths. At one point :math:`\theta` each bird has a gradient of its own; a
# batch of 32 has the mean of its members', and all birds together have the full one.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(birds.features, birds.targets)
n, start, best = model.n_samples, np.zeros(model.dim), model.solution()


def three_gradients(theta):
    single = np.array([model.gradient(theta, batch=[i]) for i in range(n)])
    batches = ot.sampling.shuffled_batches(n, 32, np.random.default_rng(0))
    few = np.array([model.gradient(theta, batch=next(batches)) for _ in range(n // 32)])
    return single, few, model.gradient(theta)


# %%
# Two of the four coordinates are shown, those of the flipper's weight and of the bias. At the start every bird pulls
# the bias the same way. At the minimizer the full gradient is zero, but hardly any single one is: there a step along
# a single gradient only leads away, and this is where the noise floor comes from.

fig, axes = plt.subplots(1, 2, figsize=(7, 3.6))
titles = ("At the start all raise b …", "… at the end they cancel")
for ax, theta, title in zip(axes, (start, best), titles, strict=True):
    single, few, full = three_gradients(theta)
    ax.plot(*single[:, 2:].T, ".", markersize=4, alpha=0.5, color=ot.looks.LIGHT["muted"], label="one bird")
    ax.plot(*few[:, 2:].T, "D", markersize=5, color=ot.looks.LIGHT["Momentum"], label="32 birds")
    ax.plot(*full[2:], "*", markersize=11, color=ot.looks.LIGHT["GradientDescent"], label="all birds")
    ax.set(title=title, xlabel=r"$\partial f / \partial w_3$ (kg)", ylabel=r"$\partial f / \partial b$ (kg)")
axes[0].legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=3, handlelength=1)

# %%
# Equal budgets
# -------------
# Each run below may compute the gradient of a bird 10,260 times, 30 times for each. That pays for 30 full steps, or for
# 330 steps with batches of 32 (an epoch has 11, the last one with 22 birds), or for 10,260 steps with one bird. The
# rate of the full gradient is the best constant one that theory knows for this problem. The other rates were chosen so
# that each floor comes into view.

epochs, seeds = 30, range(3)
settings = {
    "all": (n, ot.theory.optimal(ot.GradientDescent, model).lr),
    "few": (32, 0.1),
    "one": (1, 0.02),
    "one, smaller rate": (1, 0.002),
}
steps = {name: epochs * -(-n // size) for name, (size, _) in settings.items()}
runs = {
    name: [
        ot.minimize(model, start, ot.GradientDescent(rate), max_steps=steps[name], batch_size=size, seed=seed)
        for seed in seeds
    ]
    for name, (size, rate) in settings.items()
}

# %%
# The race
# --------
# The trace of a run with batches holds the loss of each batch, which flatters or slanders at random. So the loss over
# all birds is computed here, from the parameters that each run had reached when it had spent so many gradients. Lines
# are medians of three shuffles, bands reach from the lowest to the highest.

spent = np.geomspace(1, epochs * n, 80).astype(int)
gaps = {}
fig, ax = plt.subplots(figsize=(7, 4.2))
for (name, (size, rate)), dash, mark in zip(settings.items(), ("-", "--", ":", "-."), "osD^", strict=True):
    reached = np.searchsorted(runs[name][0].trace.evaluations, spent, side="right") - 1
    gaps[name] = np.array([model.loss(run.trace.theta[reached]) for run in runs[name]]) - model.loss(best)
    (line,) = ax.plot(spent, np.median(gaps[name], axis=0), dash, marker=mark, markevery=8)
    line.set_label(f"B = {size}, α = {rate:.3g}: {steps[name]:,} steps")
    low, high = gaps[name].min(axis=0), gaps[name].max(axis=0)
    ax.fill_between(spent, low, high, color=line.get_color(), alpha=0.25, lw=0)
ax.set(xscale="log", yscale="log", xlabel="single-sample gradients spent (one epoch: 342)")
ax.set_ylabel("loss above the minimum (kg²)")
ax.set_title("Small batches lead at first, then stop at a noise floor")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16))

# %%
# What this run shows
# -------------------
# The mean of all single-sample gradients is the full gradient, up to rounding. Before the first full step is paid for,
# the single-sample run at the larger rate has removed more than 99% of the gap. Over the last third of the budget the
# order is reversed: the larger the rate and the smaller the batch, the higher the floor.

single, _, full = three_gradients(start)
assert np.allclose(single.mean(axis=0), full, rtol=1e-12, atol=0)
early, late = spent < n, spent > epochs * n * 2 / 3
assert np.median(gaps["one"], axis=0)[early][-1] < 0.01 * gaps["all"][0, early][-1]
floor = {name: np.median(gap[:, late]) for name, gap in gaps.items()}
assert floor["all"] < floor["one, smaller rate"] / 4 < floor["one"] / 16, floor
assert floor["few"] < floor["one"] / 4, floor

# %%
# **Take away.** A gradient from few samples is cheap, right on average and never quite right. Use it to get near; to
# get nearer, lower the rate or raise the batch.
#
# **Try it.** Run batches of 32 with the rates 0.2 and 0.05 as well. Where do the floors lie, and what happens at 0.5?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_noise_floor.py`: where those floors lie, predicted.
