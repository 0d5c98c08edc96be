r"""
Spikes in every epoch, from the smallest batch of all
=====================================================

A healthy regression on handwritten digits shows jumps in its loss. The first advice is to look at the batches in which
they occur. This is done here: each of them holds a single digit, since 401 samples do not divide by 40, and the
remainder makes a batch of its own.
"""

# %%
# The failure
# -----------
# Softmax regression, batches of 40 in a new random order each epoch. The log holds the loss over each step's batch,
# as most logs do.

import textwrap
from itertools import islice

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot
from optimtext.sampling import shuffled_batches

digits, _ = ot.datasets.digits().split(0.777, seed=0)
model = ot.models.SoftmaxRegression(digits.features / 16, digits.targets)


def train(problem):
    start = np.zeros(problem.dim)
    return ot.minimize(problem, start, ot.GradientDescent(0.1), max_steps=400, batch_size=40, seed=4)


failed = train(model)
found = ot.diagnose(failed)
print(textwrap.fill(found.findings[0].summary, 88))
print("First advice:", found.findings[0].fixes[0].text)

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# Find the batches
# ----------------
# The seed that made them makes them again. For batches of each size we also ask how far their loss lies from the loss
# over all samples at the same parameters, as a standard deviation.

batches = list(islice(shuffled_batches(digits.n_samples, 40, np.random.default_rng(4)), 401))
sizes = np.array([len(batch) for batch in batches])
first, last = (int(step) for step in found.findings[0].steps)
print("samples in the batch of the first jump:", sizes[first], "and of the last:", sizes[last])

off = failed.trace.loss - model.loss(failed.trace.theta)
spread = {size: float(off[sizes == size].std()) for size in (1, 40)}
print({size: f"off by {value:.2f}" for size, value in spread.items()})

# %%
# No sample is spoiled. A mean over one digit scatters about as much as the digits themselves, and a mean over forty
# :math:`\sqrt{40}` times less. The step is at fault as well: one digit has as much say in it as forty have in the
# others.
#
# Mended
# ------
# One sample is left out, and ten batches of forty remain.

whole = ot.models.SoftmaxRegression(digits.features[:400] / 16, digits.targets[:400])
mended = train(whole)
print(ot.diagnose(mended).main)

# sphinx_gallery_thumbnail_number = 2
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
titles = ("401 samples: a batch of one", "400 samples: all alike")
for ax, run, title in zip(axes, (failed, mended), titles, strict=True):
    ax.plot(run.trace.loss, color=ot.looks.LIGHT["ink"], linewidth=0.9)
    ax.set(title=title, xlabel="step", ylim=(0, 3.5))
steps = np.flatnonzero(sizes == 1)
axes[0].plot(steps, failed.trace.loss[steps], "o", color=ot.looks.LIGHT["accent"], label="batches of one digit")
axes[0].set_ylabel("log loss of the batch")
axes[0].legend(loc="upper right")

# %%
# What was shown
# --------------

assert found.main == "spikes"
assert sizes[first] == sizes[last] == 1
assert spread[1] > 3 * spread[40]
assert ot.diagnose(mended).fine

# %%
# **Take away.** A spike with the period of an epoch is made by the order of the data. Leave the incomplete batch out
# (most data loaders have a switch for it), or weigh it by its size.
#
# **Try it.** Multiply one digit's pixels by a hundred instead, with 400 samples, and look for it with the same lines.
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_out_of_steps.py`: a loss that lies still because the steps do.
