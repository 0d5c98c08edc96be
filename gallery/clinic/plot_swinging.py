r"""
The loss swings: which of the cures is meant?
=============================================

A run with a momentum of 0.99 swings about the minimum. The diagnosis finds the period of the swing, and from the path
of the parameters it can tell a roll from a zigzag. That decides between two cures that stand next to each other on its
list, one of which does not help here at all.
"""

# %%
# The failure
# -----------
# The weight of 342 penguins from three standardized measurements, with gradients over all samples.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(birds.features, birds.targets)
start, lowest = np.zeros(model.dim), model.loss(model.solution())


def train(lr, beta):
    return ot.minimize(model, start, ot.Momentum(lr, beta), max_steps=400)


failed = train(0.02, 0.99)
found = ot.diagnose(failed)
wave = found.findings[0]
for sentence in (wave.summary, *wave.causes[:2]):
    print(textwrap.fill(sentence, 88))

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# Two things are known beside the curve. The rate is far below the limit for this momentum, so it is no edge of
# stability. And hardly a step goes back against the one before it: the run does not jump between two walls but rolls
# back and forth. On a list made from the losses alone, "lower the rate" comes first. With the path it is the *second*
# advice that fits, less momentum.
#
# Both cures, tried
# -----------------
# The gap to the lowest loss, as the largest value of the last 40 steps.

cures = {"as it was": (0.02, 0.99), "rate ÷ 3": (0.02 / 3, 0.99), "β = 0.9": (0.02, 0.9), "β = 0.8": (0.02, 0.8)}
runs = {name: train(*setting) for name, setting in cures.items()}
gaps = {name: float((run.trace.loss[-40:] - lowest).max()) for name, run in runs.items()}
for name, run in runs.items():
    print(f"{name}: {ot.diagnose(run).main}, gap {gaps[name]:.2g} kg²")

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
looks = {
    "as it was": ("muted", ":"),
    "rate ÷ 3": ("ink", "--"),
    "β = 0.9": ("accent", "-"),
    "β = 0.8": ("accent", "-."),
}
for name, (color, dash) in looks.items():
    gap = np.maximum(runs[name].trace.loss - lowest, 1e-12)
    ax.plot(gap, color=ot.looks.LIGHT[color], linestyle=dash, label=name)
ax.set(yscale="log", ylim=(1e-10, 100), xlabel="step", ylabel="loss above minimum (kg²)")
ax.set_title("Less momentum ends the swing; a lower rate only makes it longer")
ax.legend(loc="lower left")

# %%
# Where the momentum is too large for the curvature, the swings of a heavy ball shrink by :math:`\sqrt\beta` a step
# whatever the rate, see :ref:`mom-section-damping`. A lower rate stretches their period, and the gap stays.
#
# What was shown
# --------------

assert found.main == "oscillating"
assert 8 < wave.evidence["period"] < 32
assert wave.evidence["turned_back"] < 0.3
assert wave.evidence["rate"] < 0.1 * wave.evidence["limit"]
assert gaps["rate ÷ 3"] > 0.2 * gaps["as it was"]
assert gaps["β = 0.9"] < 1e-6 * gaps["as it was"]
assert ot.diagnose(runs["β = 0.9"]).main == "converged"

# %%
# **Take away.** Give the clinic the whole result and not only the losses: it was the path that told which advice to
# follow.
#
# **Try it.** Run gradient descent at ``1.99 / L``, where :math:`L` is ``ot.theory.spectrum(model)[-1]``. The
# parameters jump at every step. What does the clinic say, and why does the loss not show it?
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_learned_by_heart.py`: when the curve looks perfect.
