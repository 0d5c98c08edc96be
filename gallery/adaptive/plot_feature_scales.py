r"""
One rate cannot serve two scales, and adaptive rates serve them halfway
=======================================================================

One feature runs from 0 to 1, the other from 0 to 1,000 or to 10,000. The rate that suits one of them is hopeless for
the other. You will see what gradient descent makes of that, how far a rate for each coordinate mends it, and what it
leaves to do, first on two features made for the purpose and then on thirty measured ones.
"""

# %%
# The rate that the large feature allows
# --------------------------------------
# The targets are made so that both features matter equally. A rate of 0.01, which would do for the small feature alone,
# is thousands of times beyond the limit :math:`2/L` that the large one sets.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def two_scales(largest, n_samples=400):
    small, large = np.random.default_rng(0).uniform(0, [1, largest], size=(n_samples, 2)).T
    return ot.models.LinearRegression(np.column_stack([small, large]), small + large / largest)


limit, loss_at_001 = {}, {}
for largest in (1, 1000, 10_000):
    model = two_scales(largest)
    curvatures = ot.theory.spectrum(model)
    limit[largest] = 2 / curvatures[-1]
    run = ot.minimize(model, np.zeros(3), ot.GradientDescent(lr=0.01), max_steps=1000)
    loss_at_001[largest] = run.loss
    print(f"0 to {largest:6,}: 2/L = {limit[largest]:.1e}, κ = {curvatures[-1] / curvatures[0]:.1e}, {run.message}")

# %%
# Every rule gets the same grid of rates
# --------------------------------------
# 1,000 steps each and six rates, a factor of ten apart. Gradient descent chooses around its own limit.

model, rates = two_scales(1000), 10.0 ** np.arange(-5, 1)
rules = {
    "gradient descent": ot.grid(ot.GradientDescent, lr=limit[1000] * 0.7 * rates / rates[-1]),
    "AdaGrad": ot.grid(ot.AdaGrad, lr=rates),
    "RMSProp": ot.grid(ot.RMSProp, lr=rates),
    "Adam": ot.grid(ot.Adam, lr=rates),
}
standing = ot.race(model, rules, np.zeros(3), budget=1000 * model.n_samples).standing
runs = {e.name: ot.minimize(model, np.zeros(3), e.rule, max_steps=1000) for e in standing}

fig, ax = plt.subplots(figsize=(7, 4.6))
ot.plot.convergence(ax, {name: runs[name] for name in rules})
ax.set_title("Features 0 to 1 and 0 to 1,000: a rate for each coordinate moves both")

# %%
# Gradient descent fits what the large feature explains in a few steps, and then hardly moves the other weight. The
# adaptive rules begin with steps of one length for all weights, short for the one and far too long for the other: the
# loss first shoots up. RMSProp keeps that length to the end, so that its curve ends in waves. AdaGrad's steps shrink,
# and Adam's too where gradients change their sign and cancel.
#
# Thirty measured features
# ------------------------
# The cell nuclei of 569 tumors, from fractal dimensions below 0.1 to areas of 4,254, as they were measured and
# standardized. Again six rates for each rule; the number that counts is the loss after 1,000 steps.

data = ot.datasets.breast_cancer()
versions = {"as measured": data, "standardized": data.standardized()}
loss = {}
for version, table in versions.items():
    cancer = ot.models.LogisticRegression(table.features, table.targets)
    factors = 10.0 ** np.arange(-3, 3) / ot.theory.smoothness(cancer)
    named = rules | {"gradient descent": ot.grid(ot.GradientDescent, lr=factors)}
    result = ot.race(cancer, named, np.zeros(cancer.dim), budget=1000 * cancer.n_samples)
    loss[version] = {entry.name: entry.median for entry in result.standing}

# %%
fig, ax = plt.subplots(figsize=(7, 3.8))
for row, name in enumerate(reversed(rules)):
    color, marker = ot.looks.color(rules[name][0]), ot.looks.identity(rules[name][0]).marker
    ends = [loss[version][name] for version in versions]
    ax.plot(ends, [row, row], color=color, linewidth=1.2)
    ax.plot(ends[0], row, marker, color=color, markerfacecolor="none", markersize=9)
    ax.plot(ends[1], row, marker, color=color, markersize=9)
ax.set(yticks=range(4), yticklabels=list(reversed(rules)), xscale="log", ylim=(-0.5, 3.5))
ax.set_xlabel("loss after 1,000 steps (open: as measured, filled: standardized)")
ax.set_title("Standardizing gains more than any adaptive rule does")

# %%
# As measured, all adaptive rules are ahead of gradient descent, Adam by far. But gradient descent on standardized
# features beats the best of them on the raw ones: an adaptive rule scales each coordinate and cannot undo the
# correlation that features far from zero have with the bias.
#
# What was shown
# --------------

assert 2e-6 < limit[1000] < 4e-6
assert 2e-8 < limit[10_000] < 4e-8
assert loss_at_001[1] < 0.01
assert not loss_at_001[1000] < 1e100
assert 100 * runs["Adam"].loss < runs["gradient descent"].loss
raw, scaled = loss["as measured"], loss["standardized"]
assert np.allclose([raw["Adam"], raw["gradient descent"], scaled["gradient descent"]], [0.079, 0.217, 0.029], atol=1e-3)
assert max(raw.values()) == raw["gradient descent"]
assert max(scaled.values()) < min(raw.values())

# %%
# **Take away.** Scale the features first. Where you cannot, as inside a deep network, an adaptive rule recovers a good
# part of what scaling would have given.
#
# **Try it.** Subtract each raw feature's mean without dividing by its spread. Which rule gains most, and why?
#
# **Next.** :ref:`sphx_glr_gallery_adaptive_plot_sparse_features.py`: scales are equal there, and frequencies are not.
