r"""
L1 with and without the proximal step
=====================================

The absolute value has a kink at zero, and a step along its slope hops over it. So plain subgradient steps find no zeros
at all, a trick that a popular playground uses finds too many, and the proximal step finds the right ones. All three
run here on the same 57 patients and 30 features.
"""

# %%
# Three ways to subtract a slope
# ------------------------------
# With :math:`z` for the weights after a step along the gradient of the loss, the *subgradient* step goes on to
# :math:`z - \alpha\gamma_1 \operatorname{sign}(w)`. The *proximal* step moves each weight of :math:`z` toward zero by
# :math:`\alpha\gamma_1` and stops there. The *playground* step is the subgradient step, but a weight whose sign the
# penalty has changed is set to zero, and never moves again. The bias is not penalized.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, _ = ot.datasets.breast_cancer().split(0.9, seed=0)
scaled = train.standardized()
model = ot.models.LinearRegression(scaled.features, scaled.targets)
lr, l1 = 1 / ot.theory.spectrum(model)[-1], 0.04
penalty = ot.penalties.L1(l1, on=slice(-1))
weighed = np.arange(model.dim) < model.dim - 1


def objective(theta):
    return model.loss(theta) + penalty(theta)


def subgradient(start, steps, rate):
    path = [start]
    for k in range(steps):
        path.append(path[-1] - rate(k) * (model.gradient(path[-1]) + l1 * weighed * np.sign(path[-1])))
    return np.array(path)


def playground(start, steps):
    theta, dead = start, np.zeros(model.dim, dtype=bool)
    for _ in range(steps):
        moved = theta - lr * model.gradient(theta)
        pulled = moved - lr * l1 * weighed * np.sign(theta)
        dead |= weighed & (moved * pulled < 0)
        theta = np.where(dead, 0, pulled)
    return theta, dead


# %%
# Equal steps for all, from zero; and the accelerated proximal method, which finds the lowest value for the comparison.

steps, start, plain, heavy = 3000, np.zeros(model.dim), ot.GradientDescent(lr), ot.Nesterov(lr, beta=0.97)
paths = {
    "subgradient, constant rate": subgradient(start, steps, lambda _: lr),
    r"subgradient, rate $\alpha/\sqrt{k + 1}$": subgradient(start, steps, lambda k: lr / (k + 1) ** 0.5),
    "proximal gradient": ot.minimize(model, start, plain, max_steps=steps, penalty=penalty).trace.theta,
    "accelerated, β = 0.97": ot.minimize(model, start, heavy, max_steps=steps, penalty=penalty).trace.theta,
}
best = ot.minimize(model, start, heavy, max_steps=40_000, penalty=penalty, stop=ot.GradientNorm(1e-12)).theta
print({name: int(np.sum(path[-1] == 0)) for name, path in paths.items()}, "zeros")

# %%
# The gap, and one weight that should be zero
# -------------------------------------------

looks = (("accent", ":"), ("muted", "-."), ("GradientDescent", "-"), ("Nesterov", "--"))
fig, (above, below) = plt.subplots(2, figsize=(7, 6), sharex=True, height_ratios=(3, 2))
watched = int(np.argmax((best == 0) & (np.abs(paths["proximal gradient"]).max(axis=0) > 0.01)))
for (name, path), (color, dash) in zip(paths.items(), looks, strict=True):
    above.plot(np.maximum(objective(path) - objective(best), 1e-17), dash, color=ot.looks.LIGHT[color], label=name)
    below.plot(path[:, watched], dash, color=ot.looks.LIGHT[color])
above.set(yscale="log", ylim=(1e-14, 1), ylabel="objective above its minimum")
above.set_title("Subgradient steps stall, proximal steps arrive")
below.set(xscale="log", xlim=(1, steps), ylim=(-0.005, 0.03), xlabel="step", ylabel="a weight that should be 0")
above.legend(loc="lower left")

# %%
# The subgradient step hops around zero with a constant rate, and comes nearer, but never to rest, with a falling one.
# The proximal steps set the weight to exactly zero after a while and leave it there.
#
# Once zero, for ever zero
# ------------------------
# From a start at random, as in a network, a weight may have to cross zero to reach its place. In the playground it
# stays there: twenty starts, and what each of them ends with. The problem is convex, so that the start should not
# matter.

starts = np.random.default_rng(0).normal(scale=0.5, size=(20, model.dim))
ends = [playground(one, 2000) for one in starts]
zeros = np.array([np.sum(theta == 0) for theta, _ in ends])
excess = np.array([objective(theta) - objective(best) for theta, _ in ends])
wrongly = np.array([np.sum(dead & (best != 0)) for _, dead in ends])
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(zeros, excess, "X", color=ot.looks.LIGHT["accent"], label="playground's rule, 20 random starts")
ax.plot(np.sum(best == 0), 0, "*", ms=14, color=ot.looks.LIGHT["ink"], label="minimum, by proximal steps")
ax.set(xlabel="weights that are exactly zero", ylabel="objective too high by", title="Dead weights cannot come back")
ax.legend()

# %%
# What was shown
# --------------
# Subgradient steps give no zero at all in 3,000 steps; proximal ones agree with the minimum on every zero. In each of
# the twenty runs of the playground's rule, weights died that belong to the solution.

assert all(np.sum(path[-1][:-1] == 0) == 0 for path in list(paths.values())[:2])
assert np.array_equal(paths["accelerated, β = 0.97"][-1] == 0, best == 0)
assert 15 < np.sum(best == 0) < 29
assert objective(paths["proximal gradient"][-1]) - objective(best) < 1e-6
assert objective(paths["subgradient, constant rate"][-1]) - objective(best) > 1e-4
assert wrongly.min() >= 1
assert excess.min() > 5e-4

# %%
# **Take away.** Where a loss has a kink, step onto it: the proximal map does, the slope does not.
#
# **Try it.** Let a dead weight live again if its slope exceeds :math:`\gamma_1`. Which rule have you found?
#
# **Next.** :ref:`sphx_glr_gallery_regularization_plot_paths.py`: all weights, for all strengths.
