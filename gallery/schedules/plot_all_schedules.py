"""
Six schedules, and a cosine that does not know when to stop
===========================================================

A schedule turns the number of the step into a learning rate. You will see the customary curves side by side, with the
numbers that textbooks give for them, and what happens to the formula of cosine annealing when a run goes on after its
end, which differs from library to library.
"""

# %%
# Falling curves
# --------------
# Time is counted in epochs here, as in most textbooks. A program counts steps: with 50 mini-batches an epoch, "every 10
# epochs" is ``every=500``.

import math

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

step = ot.StepDecay(lr=0.1, factor=0.5, every=10)
exponential = ot.ExponentialDecay(lr=0.1, decay=0.96)
cosine = ot.CosineAnnealing(lr_max=0.1, lr_min=0.001, steps=100)

fig, ax = plt.subplots(figsize=(7, 4))
ot.plot.schedules(ax, {"step: halved every 10": step, "exponential: times 0.96": exponential, "cosine": cosine}, 101)
ax.set(xlabel="epoch")
ax.set_title("From 0.1 down: the cosine stays high for longest")

# %%
# The exponential curve is the step curve without steps, nearly: ten factors of 0.96 are 0.66 and not 0.5. The cosine
# stays high for longer and falls fastest in the middle.
#
# Rates that rise
# ---------------
# Warm restarts begin anew, each period here twice as long as the one before. Warm-up climbs before another schedule
# takes over. The sixth does not depend on the step but on the losses, made up here: it halves the rate when eight in a
# row have brought no new lowest one.

restarts = ot.WarmRestarts(lr_max=0.1, lr_min=0.001, steps=10, mult=2)
warmup = ot.Warmup(steps=10, then=ot.CosineAnnealing(lr_max=0.1, lr_min=0.001, steps=90))
losses = 1 / (1 + np.minimum(np.arange(100), np.repeat([20, 50, 80], [50, 30, 20])))
follower = ot.ReduceOnPlateau(lr=0.1, factor=0.5, patience=8).follow()
plateau = [next(follower), *(follower.send(loss) for loss in losses)]

fig, ax = plt.subplots(figsize=(7, 4))
named = {"warm restarts, T₀ = 10, m = 2": restarts, "warm-up, then cosine": warmup}
ot.plot.schedules(ax, named | {"reduce on plateau": lambda t: plateau[t]}, 100)
ax.set(xlabel="epoch")
ax.set_title("Restart, warm-up, and a rate that answers to the loss")

# %%
# After the end
# -------------
# The formula :math:`\alpha_{\min} + \tfrac12(\alpha_{\max}-\alpha_{\min})(1+\cos\tfrac{\pi t}{T})` is periodic. Taken
# as it is printed it rises again after :math:`T`, and a run that is prolonged ends at the full rate. The method means
# a rate that stays.


def as_printed(t):
    return 0.001 + 0.5 * 0.099 * (1 + math.cos(math.pi * t / 100))


fig, ax = plt.subplots(figsize=(7, 3.8))
ot.plot.schedules(ax, {"the formula as printed": as_printed, "held at the end": cosine}, 201)
ax.axvline(100, color=ot.looks.LIGHT["muted"], linewidth=1)
ax.set(xlabel="epoch")
ax.set_title("After its period the printed cosine climbs back to the top")

# %%
# PyTorch's scheduler climbs, Keras and optax hold. The formula alone does not tell which.
#
# What was shown
# --------------

assert [step(t) for t in (0, 9, 10, 19, 20)] == [0.1, 0.1, 0.05, 0.05, 0.025]
assert [round(exponential(t), 3) for t in (10, 50)] == [0.066, 0.013]
assert [round(cosine(t), 4) for t in (0, 50, 100)] == [0.1, 0.0505, 0.001]
assert [t for t in range(100) if restarts(t) == 0.1] == [10 * (2**i - 1) for i in range(4)]
assert warmup(9) == warmup(10) == 0.1
assert plateau[20] == 0.1 > plateau[-1] == 0.1 * 0.5 ** (len(set(plateau)) - 1)
assert all(math.isclose(as_printed(t), cosine(t)) for t in range(101))
assert math.isclose(as_printed(200), 0.1)
assert cosine(200) == 0.001

# %%
# **Take away.** A schedule is a function of the step and worth a plot before a long run: it shows at a glance a rate
# that falls per step where you meant per epoch.
#
# **Try it.** Draw ``ExponentialDecay(0.1, 0.96)`` over 5,000 steps. Where has it ended after 100 epochs of 50 steps?
#
# **Next.** :ref:`sphx_glr_gallery_schedules_plot_falling_floor.py`: why a rate should fall at all.
