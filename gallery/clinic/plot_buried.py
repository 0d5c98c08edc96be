r"""
A run that gets on, in a log that cannot show it
================================================

The loss of every step goes up and down by more than the run has removed, and no trend shows. Before anything is changed
in the training, change the log: this run had removed more than a third of its loss, and what is wrong with it is
something else.
"""

# %%
# The failure
# -----------
# Linear regression of the weight of penguins on three lengths, one bird in each step, a small rate. The log holds the
# loss of each step's bird, as a training loop prints it.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins()
lengths = (birds.features - birds.features.mean(axis=0)) / birds.features.std(axis=0)
weight = birds.targets - birds.targets.mean()
model = ot.models.LinearRegression(lengths, weight)


def train(steps=100, batch=1):
    rule = ot.GradientDescent(lr=1e-3)
    return ot.minimize(model, np.zeros(model.dim), rule, max_steps=steps, batch_size=batch, seed=1)


failed = train()
found = ot.diagnose(failed)
print(found.main)
print(textwrap.fill(found.findings[0].summary, 88))
print("First advice:", found.findings[0].fixes[0].text)

# %%
# The log mended, the run as it was
# ---------------------------------
# "Log the loss on a fixed set of samples in place of single batches." Here all birds are few enough. The parameters
# of every step are in the trace, so that the very same run can be read again.

clean = model.loss(failed.trace.theta)
seen = ot.diagnose(clean)
print(f"loss over all birds: {clean[0]:.3f} at the start, {clean[-1]:.3f} at the end")
print("the same run, read again:", seen.main)

fig, axes = plt.subplots(1, 2, figsize=(8, 3.4))
for ax, found_here, title in ((axes[0], found, "The bird of each step"), (axes[1], seen, "All birds")):
    ot.plot.diagnosis(ax, found_here)
    ax.set_title(title)
axes[0].set_ylabel("squared error / kg²")
axes[1].set_ylabel("mean squared error / kg²")

# %%
# The two panels show one run. On the left a bird that is hard to predict costs more than thirty times as much as an
# easy one (one bird in ten is harder, one in ten is easier), and that hides what the model has learned. On the right
# the run is seen to get on, and a second verdict comes to light that the noise had covered: its rate is small, and a
# hundred steps are too few for it.
#
# The other two pieces of advice
# ------------------------------
# Larger batches and a longer run make the trend visible in the ordinary log as well. The longer run also gives the
# small rate the time that it needs.

larger, longer = train(batch=64), train(steps=2000)
for name, run in (("64 birds in a batch", larger), ("2,000 steps", longer)):
    print(f"{name}: {ot.diagnose(run).main}, loss over all birds {model.loss(run.theta):.3f}")

# sphinx_gallery_thumbnail_number = 2
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for ax, run, title in ((axes[0], larger, "64 birds in a batch"), (axes[1], longer, "One bird, 2,000 steps")):
    ax.plot(run.trace.loss, color=ot.looks.LIGHT["muted"], linewidth=0.8, label="loss of the batch")
    ax.plot(model.loss(run.trace.theta), color=ot.looks.LIGHT["accent"], label="loss over all birds")
    ax.set(xlabel="step", title=title, ylim=(0, 2))
axes[0].set_ylabel("mean squared error / kg²")
axes[1].legend(loc="upper right")

# %%
# What was shown
# --------------

assert found.main == "noisy"
assert failed.trace.loss.std() > clean[0] - clean[-1]
assert clean[-1] < 0.67 * clean[0]
assert (np.diff(np.convolve(clean, np.ones(10) / 10, mode="valid")) < 0).all()
assert seen.main == "too-slow"
assert ot.diagnose(larger).main == "too-slow"
assert ot.diagnose(longer).fine
assert np.quantile(failed.trace.loss, 0.9) > 30 * np.quantile(failed.trace.loss, 0.1)

# %%
# **Take away.** "Too noisy to tell" is a statement about the log. Log the mean over an epoch or over a fixed set of
# samples first; whether the run itself needs other batches is the next question.
#
# **Try it.** How many steps does the log with one bird a step need until the clinic calls it something else?
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_one_feature.py`: at rest, and still nearly ignorant.
