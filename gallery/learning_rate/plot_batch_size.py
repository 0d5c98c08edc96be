r"""
Does the best rate depend on the batch size?
============================================

Yes: a small batch allows only smaller rates, and its best rate is smaller still. For a regression with one weight,
both can be computed. You will see the noise floor blow up at a limit below :math:`2/\lambda`, where theory puts it,
and the best rate rise with the batch until the curvature stops it.
"""

# %%
# One weight
# ----------
# Body mass against flipper length, both without their mean: :math:`f_i(w) = (x_i w - y_i)^2`. A batch has its own
# slope, and its own curvature: the mean of :math:`h_i = 2x_i^2` over the batch. So a step multiplies the error by a
# random number :math:`1 - \alpha h_S`, and the error of many runs shrinks in the mean square only if
# :math:`\mathbb{E}(1 - \alpha h_S)^2 < 1`, that is, if :math:`\alpha < 2\lambda/(\lambda^2 + \operatorname{Var}(h)/B)`.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().select("flipper_length_mm").standardized()
x, y = birds.features[:, 0], birds.targets - birds.targets.mean()
best = x @ y / (x @ x)
h, noise = 2 * x**2, 2 * x * (x * best - y)
curvature, spread = h.mean(), h.var()


def limit(size):
    return 2 * curvature / (curvature**2 + spread / size)


def floor(lr, size):
    return lr * noise.var() / size / (2 * curvature - lr * (curvature**2 + spread / size))


# %%
# Many runs at once
# -----------------
# All rates and all runs of one batch size advance together, with independent batches: a column a rate.


def squared_errors(rates, size, steps=200, runs=400, seed=0):
    rng = np.random.default_rng(seed)
    stepper = ot.Stepper(ot.GradientDescent(rates), np.full((runs, len(rates)), best))
    for _ in range(steps):
        chosen = rng.integers(len(x), size=(runs, size))
        slope, offset = h[chosen].mean(axis=1)[:, None], noise[chosen].mean(axis=1)[:, None]
        stepper.step(slope * (stepper.theta - best) + offset)
        yield np.mean((stepper.theta - best) ** 2, axis=0)


# %%
# The floor
# ---------
# From the minimizer, the mean squared error over the last 150 of 200 steps. The lines are the formula, the dotted ones
# its limits.

sizes, blue = {1: ("o", "-"), 4: ("s", "--"), 16: ("D", "-."), 64: ("^", ":")}, ot.looks.color(ot.GradientDescent)
shares = np.linspace(0.05, 0.75, 8)
fig, ax = plt.subplots(figsize=(7, 4.4))
ratios = {}
for size, (mark, dash) in sizes.items():
    rates = shares * limit(size)
    seen = np.mean(list(squared_errors(rates, size))[50:], axis=0)
    ratios[size] = seen / floor(rates, size)
    fine = np.linspace(0.01, 0.99, 200) * limit(size)
    (line,) = ax.plot(fine, floor(fine, size), dash, linewidth=1)
    ax.plot(rates, seen, mark, color=line.get_color(), label=f"B = {size}: limit {limit(size):.2f}")
    ax.axvline(limit(size), linestyle=":", linewidth=1, color=line.get_color())
ax.set(yscale="log", xlabel="learning rate α", ylabel="mean squared error (kg²)", ylim=(1e-4, 3))
ax.set_title(f"Small batches have a smaller limit than 2/λ = {2 / curvature:.2f}")
ax.legend()

# %%
# The best rate
# -------------
# Which rate brings the next step nearest to the minimizer, in the mean square? At a point where the single gradients
# have the mean :math:`g` and the variance :math:`s^2`, it is :math:`1/\lambda` divided by
# :math:`1 + s^2/(g^2 B)`. Measured: the best of 90 rates over 4,000 batches.

rng = np.random.default_rng(1)
some, rates = np.array([1, 4, 16, 64, 256]), np.geomspace(0.0005, 1, 90)
grid = np.geomspace(1, 300, 60)
fig, ax = plt.subplots(figsize=(7, 4.2))
found, predicted = {}, {}
for away, mark, dash in [(1.0, "o", "-"), (0.3, "s", "--"), (0.03, "D", "-.")]:
    single = h * away + noise
    scale = single.var() / single.mean() ** 2
    predicted[away] = 1 / curvature / (1 + scale / some)
    drawn = [single[rng.integers(len(x), size=(4000, size))].mean(axis=1) for size in some]
    found[away] = np.array([rates[np.mean((away - rates * g[:, None]) ** 2, axis=0).argmin()] for g in drawn])
    ax.plot(grid, 1 / curvature / (1 + scale / grid), dash, color=blue, linewidth=1)
    ax.plot(some, found[away], mark, color=blue, label=f"{away} kg from the minimizer: noise scale {scale:.1f}")
ax.set(xscale="log", yscale="log", xlabel="batch size B", ylabel="best rate for the next step")
ax.set_title("The best rate rises with the batch, up to 1/λ")
ax.legend()

# %%
# Far from the minimizer even single birds allow nearly half of the full rate. Close to it the best rate is in
# proportion to the batch, as long as the batch is well below the noise scale; above it, more samples buy nothing. So
# the best rate also falls as a run comes closer, which is one reason for schedules.
#
# What was shown
# --------------
# The floors of the formula are met within 10% up to half of each limit, less closely near it, where the mean is made by
# rare large errors; the best rates are met within a step or two of the grid.

for size, ratio in ratios.items():
    assert abs(ratio[:4] - 1).max() < 0.1, (size, ratio)
assert limit(1) < 0.52 * 2 / curvature
for away, best_rates in found.items():
    assert abs(np.log(best_rates / predicted[away])).max() < 0.25, (away, best_rates, predicted[away])
near = found[0.03]
assert 10 < near[2] / near[0] < 16  # sixteen times the batch, nearly sixteen times the rate

# %%
# **Take away.** Change the batch and the rate is no longer tuned. In proportion is a good first guess, as long as the
# rate is far from its limit.
#
# **Try it.** Take the bill's length instead of the flipper's. It says less about the mass, so there is more noise: what
# happens to the noise scale?
#
# **Next.** :ref:`sphx_glr_gallery_learning_rate_plot_range_test.py`: to find a rate without theory.
