r"""
Draw the samples anew, or shuffle them?
=======================================

A batch may be drawn with replacement, so that a sample can come twice, or without. Inside a batch the difference is a
known factor. Over an epoch it is a difference in kind: shuffled, the noise of an epoch nearly cancels, and at the end
of an epoch a run stands far below the noise floor of independent draws. Both effects have exact formulas, tested here
on the flipper lengths of 342 penguins.
"""

# %%
# The simplest finite sum
# -----------------------
# Let :math:`f_i(\theta) = \tfrac12 (\theta - x_i)^2` with the standardized length :math:`x_i`. The minimizer is the
# mean, 0; every curvature is 1; the gradient noise of a single bird has the variance 1 everywhere.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

x = ot.datasets.penguins().select("flipper_length_mm").standardized().features[:, 0]
n, rng = len(x), np.random.default_rng(0)
ink, blue = ot.looks.LIGHT["ink"], ot.looks.color(ot.GradientDescent)
orange = ot.looks.color(ot.Momentum)

# %%
# Inside a batch
# --------------
# The variance of the mean of :math:`B` birds, from 4,000 batches of each size and kind. With replacement it is
# :math:`1/B`. Without, it is smaller by :math:`(n-B)/(n-1)`: hardly at 32 birds, by half at half of the data, and to
# zero when the batch is all of them.

sizes, batches = np.array([1, 4, 16, 64, 128, 256, 320, 342]), 4000
drawn = {"with": [], "without": []}
for size in sizes:
    drawn["with"].append(x[rng.integers(n, size=(batches, size))].mean(axis=1).var())
    keys = rng.random((batches, n))
    chosen = np.argpartition(keys, size - 1, axis=1)[:, :size]
    drawn["without"].append(x[chosen].mean(axis=1).var())

fig, ax = plt.subplots(figsize=(7, 4))
grid = np.arange(1, n)
ax.plot(grid, 1 / grid, color=ink, linewidth=1, label="1/B")
ax.plot(grid, (n - grid) / (n - 1) / grid, "--", color=ink, linewidth=1, label="(n − B)/(n − 1)/B")
ax.plot(sizes, drawn["with"], "o", color=blue, label="with replacement")
ax.plot(sizes[:-1], drawn["without"][:-1], "s", color=orange, label="without")
ax.set(xscale="log", yscale="log", xlabel="batch size B (birds)", ylabel="variance of the batch gradient")
ax.set_title("Without replacement the noise ends where the data end")
ax.legend()

# %%
# Over an epoch
# -------------
# Now 400 runs of gradient descent with one bird a step, all at once: a column of the table is a run. Either each step
# draws any bird, or each epoch shuffles all of them. What is measured is the variance of :math:`\theta` over the runs
# at the end of each of the last epochs.


def floor(lr, *, shuffled, runs=400, epochs=12):
    stepper, ends = ot.Stepper(ot.GradientDescent(lr), np.zeros(runs)), []
    for _ in range(epochs):
        birds = rng.permuted(np.tile(x, (runs, 1)), axis=1) if shuffled else x[rng.integers(n, size=(runs, n))]
        for bird in birds.T:
            stepper.step(stepper.theta - bird)
        ends.append(stepper.theta)
    return np.var(ends[epochs // 2 :])


rates = np.array([0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
measured = {kind: np.array([floor(lr, shuffled=kind) for lr in rates]) for kind in (False, True)}

# %%
# With :math:`q = 1 - \alpha` the theory says :math:`\alpha/(2 - \alpha)` for independent draws. The shuffled epoch adds
# :math:`\alpha^2 (nA - C^2)/(n-1)`, where :math:`A` sums the :math:`q^{2j}` and :math:`C` the :math:`q^j` over
# :math:`j = 0, \dots, n-1`, and keeps :math:`q^{2n}` of what was there. The chapter derives both.


def theory(lr, *, shuffled):
    if not shuffled:
        return lr / (2 - lr)
    q = 1 - lr
    powers = q ** np.arange(n)
    return lr**2 * (n * np.sum(powers**2) - np.sum(powers) ** 2) / (n - 1) / (1 - q ** (2 * n))


fine = np.geomspace(0.001, 0.3, 60)
fig, ax = plt.subplots(figsize=(7, 4.2))
for shuffled, mark, dash, name in [(False, "o", "-", "drawn anew"), (True, "s", "--", "shuffled")]:
    ax.plot(fine, [theory(lr, shuffled=shuffled) for lr in fine], dash, color=ink, linewidth=1)
    ax.plot(rates, measured[shuffled], mark, color=(blue, orange)[shuffled], label=f"{name}, measured")
ax.axvline(1 / n, linestyle=":", color=ot.looks.LIGHT["muted"], label="α = 1/n")
ax.plot([], [], color=ink, linewidth=1, label="predicted")
ax.set(xscale="log", yscale="log", xlabel="learning rate α", ylabel="variance of θ at the end of an epoch")
ax.set_title("Shuffled, the noise of an epoch nearly cancels")
ax.legend()

# %%
# Far to the right a run forgets a bird long before the epoch is over, and it does not matter how the birds came. Far to
# the left, below :math:`\alpha = 1/n`, the floor is smaller by about :math:`(\alpha n)^2/12`. Most training lies in
# between.
#
# What was shown
# --------------
# All four curves are predicted within a tenth; at the smallest rate shuffling is about a hundred times better.

factor = (n - sizes) / (n - 1)
assert abs(np.array(drawn["with"]) * sizes - 1).max() < 0.1
assert abs(np.array(drawn["without"]) * sizes - factor).max() < 0.1
for shuffled, seen in measured.items():
    ratio = seen / [theory(lr, shuffled=shuffled) for lr in rates]
    assert abs(ratio - 1).max() < 0.1, ratio
gain = theory(0.001, shuffled=False) / theory(0.001, shuffled=True)
assert 0.9 < gain * (0.001 * n) ** 2 / 12 < 1.1, gain
assert 80 < measured[False][0] / measured[True][0] < 120

# %%
# **Take away.** A shuffle is the better draw, and its advantage is largest at small rates. A formula for independent
# draws then promises too high a floor.
#
# **Try it.** Leave the order of the file as it is, the same in every epoch. The file is sorted by species: where do the
# ends of the epochs lie now?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_escape.py`: what noise is said to be good for.
