r"""
Converged, or just out of steps?
================================

A rate that falls by four percent a step is almost gone after a hundred. The loss then lies still, and looks exactly
like a run that has arrived. From the losses alone nobody can tell; with the rates in the log the clinic can.
"""

# %%
# The failure
# -----------
# 401 handwritten digits, 32 hidden units, all samples in each step. An exponential decay that was meant for epochs is
# applied at every step.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

digits, _ = ot.datasets.digits().split(0.777, seed=0)
model = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,), activation="tanh")
start = model.init(seed=0)


def train(rate):
    return ot.minimize(model, start, ot.GradientDescent(rate), max_steps=300)


failed = train(ot.schedules.ExponentialDecay(lr=0.5, decay=0.96))
blind, found = ot.diagnose(failed.trace.loss), ot.diagnose(failed)
print("losses alone:", blind.main)
print("with rates:  ", found.main)
print(textwrap.fill(found.findings[0].summary, 88))
print("First advice:", found.findings[0].fixes[0].text)

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# Time on this axis is misleading: the steps of the second half are next to nothing. The clinic therefore adds up the
# rates, and asks how fast the loss fell when measured by their sum. On that axis it was still falling when the run
# stopped.
#
# Mended as the diagnosis says
# ----------------------------
# "Let the rate fall later or more slowly; measure its fall in steps and not in epochs." So it falls by four percent
# in every 30 steps; and, for comparison, along a cosine that ends with the run.

mended = train(ot.schedules.StepDecay(lr=0.5, factor=0.96, every=30))
cosine = train(ot.schedules.CosineAnnealing(lr_max=0.5, steps=300))
runs = {"0.96 each step": failed, "0.96 each 30 steps": mended, "cosine": cosine}
for name, run in runs.items():
    print(f"{name}: {ot.diagnose(run).main}, loss {run.loss:.3f}, sum of rates {run.trace.lr.sum():.0f}")

# sphinx_gallery_thumbnail_number = 2
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for (name, run), color, dash in zip(runs.items(), ("muted", "ink", "accent"), (":", "--", "-"), strict=True):
    spent = np.concatenate([[0], np.cumsum(run.trace.lr)[:-1]])
    for ax, place in zip(axes, (np.arange(len(spent)), spent), strict=True):
        ax.plot(place, run.trace.loss, color=ot.looks.LIGHT[color], linestyle=dash, label=name)
axes[0].set(xlabel="step", ylabel="mean log loss", yscale="log", title="Against steps: at rest")
axes[1].set(xlabel="sum of the rates so far", title="Against rates: cut short")
axes[1].legend(loc="upper right")

# %%
# On the right all three runs follow nearly the same curve. The first one did nothing wrong; it left off early.
#
# What was shown
# --------------

assert blind.main == "converged"
assert found.main == "plateau"
assert found.findings[0].evidence["rate_left"] < 1e-4
assert max(mended.loss, cosine.loss) < 0.2 * failed.loss
assert ot.diagnose(cosine).main != "plateau"
assert ot.diagnose(mended).main != "plateau"

# %%
# **Take away.** Log the rate. It costs one column, and it is the only way to tell these two apart afterwards.
#
# **Try it.** Which ``decay`` leaves the rate at a tenth after 300 steps? Does the clinic still complain?
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_creeping.py`: a loss that falls at every step, and gets nowhere.
