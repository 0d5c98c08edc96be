r"""
At rest, and still nearly ignorant
==================================

A run has come to rest, training and validation loss lie close together, and the optimizer has done all that it could.
What is wrong is the model: it was not given what it needs to know.
"""

# %%
# The failure
# -----------
# The weight of a penguin from the depth of its bill alone. Half of the birds are kept for validation.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, held = ot.datasets.penguins().split(0.5, seed=0)
mean, spread = train.features.mean(axis=0), train.features.std(axis=0)
DEPTH = [train.feature_names.index("bill_depth_mm")]
ALL = [0, 1, 2]


def problem(birds, chosen):
    features = (birds.features - mean) / spread
    return ot.models.LinearRegression(features[:, chosen], birds.targets - train.targets.mean())


def fit(chosen, rule):
    model = problem(train, chosen)
    return ot.minimize(model, np.zeros(model.dim), rule, max_steps=200, validation=problem(held, chosen))


failed = fit(DEPTH, ot.GradientDescent(lr=0.1))
found = ot.diagnose(failed)
print(found.main)
print(textwrap.fill(found.findings[0].summary, 88))
for fix in found.findings[0].fixes:
    print("-", textwrap.fill(fix.text, 86, subsequent_indent="  "))

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)
ax.set_ylabel("mean squared error / kg²")

# %%
# No rule does better
# -------------------
# Whoever sees a high loss may reach for another rule first. Here the minimum can be computed, and the run is at it.

exact = problem(train, DEPTH)
lowest = exact.loss(exact.solution())
other = fit(DEPTH, ot.Adam(lr=0.1))
print(f"gradient descent {failed.loss:.4f}, Adam {other.loss:.4f}, lowest possible {lowest:.4f}")

# %%
# Mended as the diagnosis says
# ----------------------------
# There is no penalty to weaken, so the model gets more: the length of the bill and of the flipper.

mended = fit(ALL, ot.GradientDescent(lr=0.1))
known = {"the mean": train.targets.var(), "bill depth": failed.loss, "three lengths": mended.loss}
for name, loss in known.items():
    print(f"predicted from {name}: {loss:.3f} kg² ({np.sqrt(loss):.2f} kg)")
print("the mended run:", ot.diagnose(mended).main)

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
for run, name, color, dash in ((failed, "bill depth", "muted", "--"), (mended, "three lengths", "accent", "-")):
    ax.plot(run.trace.loss, color=ot.looks.LIGHT[color], linestyle=dash, label=name)
ax.axhline(lowest, color=ot.looks.LIGHT["ink"], linewidth=0.8, linestyle=":", label="lowest with bill depth")
ax.set(xlabel="step", ylabel="mean squared error / kg²", ylim=(0, None))
ax.set_title("What the model is not told, no rule finds out")
ax.legend()

# %%
# What was shown
# --------------

assert found.main == "underfitting"
assert abs(failed.loss - lowest) < 1e-6
assert abs(other.loss - lowest) < 1e-6
assert ot.diagnose(mended).fine
assert mended.loss < 0.4 * failed.loss
assert failed.trace.validation[-1] < 1.15 * failed.loss

# %%
# **Take away.** Compare a loss at rest with that of predicting the mean. If little lies between the two, look at the
# features and the model; the optimizer has nothing left to find.
#
# **Try it.** Which single one of the three lengths says most? Would the clinic have complained about it?
#
# **Next.** :doc:`/clinic` tells how to read a log of your own.
