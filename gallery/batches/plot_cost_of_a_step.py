r"""
Is a step with one sample a thousand times as fast?
===================================================

Counted in single-sample gradients, a step with one of 1,348 samples costs a 1,348th of a full step. Counted in seconds
it does not. You will see what a step takes on the machine that built this page, and why batches of some dozens of
samples are nearly free.
"""

# %%
# The clock
# ---------
# A step of gradient descent on a network with one hidden layer of 64 units, for pictures of digits. Every size is
# timed in turn, thirty times, and its shortest time is kept: other work on the machine can only add to it.

import time

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, _ = ot.datasets.digits().split(0.25, seed=0)
model = ot.models.MLP(train.features / 16, train.targets, hidden=(64,))
n, start, rng = model.n_samples, model.init(seed=0), np.random.default_rng(0)
sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, n]


def seconds(size):
    stepper, batch = ot.Stepper(ot.GradientDescent(lr=0.01), start), rng.integers(n, size=size)
    begin = time.perf_counter()
    stepper.step(model.gradient(stepper.theta, batch=batch))
    return time.perf_counter() - begin


taken = np.min([[seconds(size) for size in sizes] for _ in range(30)], axis=0)

# %%
# A step, and an epoch
# --------------------
# Left, the time of a step. It has a part that does not depend on the batch (calling functions, stepping 4,810
# parameters) and one that grows with it; the dashed line is what proportional cost would be, drawn through the full
# step. Right, what an epoch then takes: the fixed part is paid once a step.

per_epoch = taken * np.ceil(n / np.array(sizes))
blue, ink = ot.looks.color(ot.GradientDescent), ot.looks.LIGHT["ink"]
fig, axes = plt.subplots(1, 2, figsize=(7, 3.6))
axes[0].plot(sizes, 1e3 * taken, "o-", color=blue, label="measured")
axes[0].plot(sizes, 1e3 * taken[-1] * np.array(sizes) / n, "--", color=ink, label="proportional")
axes[0].set(xscale="log", yscale="log", xlabel="batch size B", ylabel="time of a step (ms)")
axes[0].set_title("A step")
axes[0].legend()
axes[1].plot(sizes, 1e3 * per_epoch, "o-", color=blue)
axes[1].set(xscale="log", yscale="log", xlabel="batch size B", ylabel="time of an epoch (ms)")
axes[1].set_title("An epoch")
fig.suptitle("Single samples are cheap to count and dear to compute", x=0.08, ha="left", fontsize=11.5, weight="bold")

# %%
# The reason is not the graphics card, which this machine lacks. A batch turns many products of a matrix and a vector
# into one product of two matrices, which reads the weights once for all samples and keeps the processor's arithmetic
# busy. A graphics card has more arithmetic to keep busy, and pushes the bend of the curve farther to the right.
#
# What was shown
# --------------
# Times differ between machines and days, so only what is coarse is checked. A full step takes less than half of
# 1,348 single steps; 32 samples take less than 24 times as long as one; and an epoch of single samples takes more than
# twice as long as one of batches of 128.

print(f"full step / single step: {taken[-1] / taken[0]:.0f}, and not {n}")
assert taken[-1] < n / 2 * taken[0]
assert taken[sizes.index(32)] < 24 * taken[0]
assert per_epoch[0] > 2 * per_epoch[sizes.index(128)]

# %%
# **Take away.** "A million times faster per update" is true of arithmetic, not of time. Below the bend of the curve
# samples are nearly free: use at least so many.
#
# **Try it.** Give the network 512 hidden units. Where does the curve bend now?
#
# **Next.** :ref:`sphx_glr_gallery_learning_rate_plot_candidates.py`: the other number that every step needs.
