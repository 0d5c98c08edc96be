r"""
Which units does a learning rate have?
======================================

Those of a parameter squared, divided by those of the loss. You will see one regression in four units of length: the
best rates lie powers of ten apart, and once the rates are converted like any other quantity, the runs are the same,
step by step. A number without its unit is neither a large rate nor a small one.
"""

# %%
# One weight, four units
# ----------------------
# Body mass against flipper length, both without their mean, so that one weight is all there is to find. In meters
# instead of millimeters the lengths are 1,000 times smaller, so the weight is 1,000 times larger, and its rate must be
# a million times larger.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().select("flipper_length_mm")
length, mass = (birds.features - birds.features.mean())[:, 0], birds.targets - birds.targets.mean()
units = {"mm": 1.0, "cm": 0.1, "inch": 1 / 25.4, "m": 0.001}


class Slope:
    def __init__(self, x, y):
        self.x, self.y, self.curvature = x, y, 2 * np.mean(x**2)

    def loss(self, w):
        return np.mean((w[0] * self.x - self.y) ** 2)

    def gradient(self, w):
        return np.array([2 * np.mean((w[0] * self.x - self.y) * self.x)])


models = {unit: Slope(factor * length, mass) for unit, factor in units.items()}
lowest = models["mm"].loss([length @ mass / (length @ length)])

# %%
# Each unit is tried at 46 rates, from a three-hundredth to three times its own :math:`1/\lambda`.

STEPS = 30


def descend(model, lr):
    return ot.minimize(model, [0.0], ot.GradientDescent(lr), max_steps=STEPS)


sweeps = {
    unit: [descend(model, c / model.curvature) for c in np.geomspace(0.003, 3, 46)] for unit, model in models.items()
}
gaps = {
    unit: np.array([run.loss - lowest if run.loss < 1e3 else np.nan for run in runs]) for unit, runs in sweeps.items()
}

# %%
# The curves of the four units have one shape, at four places. Each ends where its runs exploded; the gray band is
# the list 0.001 to 0.1. Gaps below :math:`10^{-16}`, which is rounding, are drawn there.

dashes = dict(zip(units, ("-", "--", "-.", ":"), strict=True))
fig, ax = plt.subplots(figsize=(7, 4.2))
ax.axvspan(0.001, 0.1, color=ot.looks.LIGHT["muted"], alpha=0.15, lw=0)
for (unit, runs), mark in zip(sweeps.items(), "osD^", strict=True):
    rates = [run.rule.lr for run in runs]
    ax.plot(rates, np.maximum(gaps[unit], 1e-16), dashes[unit], marker=mark, markersize=4, label=f"length in {unit}")
ax.set(xscale="log", yscale="log", xlabel="learning rate α", ylabel=f"gap after {STEPS} steps (kg²)")
ax.set_title("One regression in four units: one curve at four places")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)

# %%
# Converted, nothing is left
# --------------------------
# Against :math:`\alpha\lambda`, which has no unit, the four curves are one. And a run in meters is a run in
# millimeters in which all weights were multiplied by 1,000.

fig, ax = plt.subplots(figsize=(7, 3.8))
for (unit, runs), mark, size in zip(sweeps.items(), "osD^", (9, 7, 5, 3), strict=True):
    products = [run.rule.lr * models[unit].curvature for run in runs]
    ax.plot(products, np.maximum(gaps[unit], 1e-16), mark, markersize=size, markerfacecolor="none", label=unit)
ax.axvline(2, color=ot.looks.LIGHT["ink"], linewidth=1, label="αλ = 2")
ax.set(xscale="log", yscale="log", xlabel="αλ (no unit)", ylabel=f"gap after {STEPS} steps (kg²)")
ax.set_title("Against αλ the four curves are one")
ax.legend()

# %%
# The loss has a unit too
# -----------------------
# Measure the mass in grams, and the loss grows by :math:`10^6`, the weights by :math:`10^3`; by the rule in the first
# sentence of this page the rate stays as it is. Multiply the loss alone, by a factor ½ in its definition for instance,
# and the rate must be divided by it.

grams = descend(Slope(length, 1000 * mass), sweeps["mm"][20].rule.lr)

# %%
# What was shown
# --------------

millimeters, meters = sweeps["mm"][20], sweeps["m"][20]
assert np.isclose(meters.rule.lr, 1e6 * millimeters.rule.lr)
assert np.allclose(meters.trace.theta, 1000 * millimeters.trace.theta, rtol=1e-9)
assert np.allclose(grams.trace.theta, 1000 * millimeters.trace.theta, rtol=1e-9)
# At the bottom of each curve rounding decides which rate is the lowest, so the middle of the bottom counts as the best.
bottoms = {
    unit: [run.rule.lr for run, gap in zip(sweeps[unit], gaps[unit], strict=True) if gap < 1e-12] for unit in units
}
best = {unit: np.exp(np.mean(np.log(bottom))) for unit, bottom in bottoms.items()}
assert abs(np.log10(best["m"] / best["mm"]) - 6) < 0.1, best
assert best["m"] > 1000
assert best["mm"] < 0.01

# %%
# **Take away.** Rescaling a parameter by :math:`c` multiplies its rate by :math:`c^2`. One rate for parameters in
# different units is right for one of them at most; standardizing the features gives all weights the unit of the
# target.
#
# **Try it.** Write the loss with a factor ½ in front of the mean. Where do the four curves go?
#
# **Next.** :ref:`sphx_glr_gallery_learning_rate_plot_batch_size.py`: the batch decides, too.
