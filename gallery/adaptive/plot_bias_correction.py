r"""
Without bias correction Adam's first steps are too long, not too short
======================================================================

Adam's two averages start at zero, so both are too small at first. It is often said that this makes for a slow start.
But one of the two stands in the denominator, and it stays too small for longer. You will see that the first
uncorrected step is 3.16 times too long and that it gets worse before it gets better, for which settings the popular
sentence is true, and what the long steps do to a network.
"""

# %%
# One factor, whatever the gradients
# ----------------------------------
# Corrected and uncorrected Adam keep the same averages. Without the epsilon, an uncorrected step is the corrected one
# times :math:`(1-\beta_1^t)/\sqrt{1-\beta_2^t}`, the same number for every coordinate and for all gradients. Here are
# ten coordinates with random gradients.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

rng = np.random.default_rng(0)
pair = [ot.Stepper(cls(lr=0.001, eps=0.0), np.zeros(10)) for cls in (ot.Adam, ot.AdamUncorrected)]
ratios = []
for _ in range(2000):
    grad, steps = rng.standard_normal(10) - 0.3, []
    for stepper in pair:
        before = stepper.theta
        stepper.step(grad)
        steps.append(stepper.theta - before)
    ratios.append(steps[1] / steps[0])

# %%
t = np.arange(1, 2001)
factor = ot.theory.first_steps(ot.AdamUncorrected(lr=1.0, eps=0.0), 2000)
colors = {cls: ot.looks.color(cls) for cls in (ot.Adam, ot.AdamUncorrected)}
fig, ax = plt.subplots(figsize=(7, 3.9))
ax.plot(t, factor, "-", color=colors[ot.AdamUncorrected], label=r"$(1-\beta_1^t)/\sqrt{1-\beta_2^t}$")
some = np.unique(np.geomspace(1, 2000, 22).astype(int))
ax.plot(some, np.array(ratios)[some - 1, 0], "X", color=colors[ot.AdamUncorrected], label="run, random gradients")
ax.axhline(1, color=colors[ot.Adam], linestyle=(0, (9, 2.5)), label="with correction")
ax.set(xscale="log", xlabel="step t", ylabel="step length / corrected step", ylim=(0, 7))
ax.legend(loc="upper right")
ax.set_title("β₁ = 0.9, β₂ = 0.999: 3.16 times too long, then 6.57 times")

# %%
# The longest step is at :math:`t = 12`. By then the numerator's average is nearly filled and the denominator's has
# hardly begun; after two thousand steps the factor is still 1.08.
#
# When the start is slow
# ----------------------
# The factor of the first step is :math:`(1-\beta_1)/\sqrt{1-\beta_2}`. It is below 1, a slow start, if and only if
# :math:`1-\beta_1 < \sqrt{1-\beta_2}`: if the gradients are remembered for long in comparison with the squares.

betas = {(0.9, 0.999): "-", (0.9, 0.99): "--", (0.9, 0.9): ":", (0.99, 0.999): "-."}
fig, ax = plt.subplots(figsize=(7, 3.9))
curves = {}
for (beta1, beta2), dash in betas.items():
    curves[beta1, beta2] = ot.theory.first_steps(ot.AdamUncorrected(1.0, beta1, beta2, eps=0.0), 2000)
    ax.plot(t, curves[beta1, beta2], dash, label=f"β₁ = {beta1}, β₂ = {beta2}", color=ot.looks.LIGHT["ink"])
ax.axhline(1, color=colors[ot.Adam], linewidth=1)
ax.set(xscale="log", yscale="log", xlabel="step t", ylabel="step length / corrected step")
ax.legend(loc="upper right")
ax.set_title("Long at the usual settings, short only if β₁ is large for β₂")

# %%
# What it does to a network
# -------------------------
# A network of 32 hidden units on real digits, mini-batches of 64, three starts, and 150 steps at each of eight rates.

digits = ot.datasets.digits()
model = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,))
rates = [0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3]
loss = {}
for cls in (ot.Adam, ot.AdamUncorrected):
    for lr in rates:
        runs = [
            ot.minimize(model, model.init(s), cls(lr=lr), max_steps=150, batch_size=64, seed=s, record_theta=False)
            for s in range(3)
        ]
        loss[cls, lr] = np.mean([run.loss for run in runs])

fig, ax = plt.subplots(figsize=(7, 3.9))
for cls in (ot.Adam, ot.AdamUncorrected):
    look = ot.looks.identity(cls)
    style = {"color": colors[cls], "linestyle": (0, look.dash), "marker": look.marker}
    ax.plot(rates, [loss[cls, lr] for lr in rates], label=look.label, **style)
ax.set(xscale="log", yscale="log", xlabel="learning rate α", ylabel="loss after 150 steps")
ax.legend(loc="upper left")
ax.set_title("Digits: without correction the usable rates end earlier")

# %%
# At small rates the uncorrected rule is ahead, for no better reason than that its rate is in truth larger. At 0.05,
# which corrected Adam bears well, its first steps throw the network to a place from which it has not come back.
#
# What was shown
# --------------

assert np.allclose(ratios, factor[:, None])
assert round(float(factor[0]), 2) == 3.16
assert round(float(factor.max()), 2) == 6.57
assert factor.argmax() + 1 == 12
assert 1.07 < factor[-1] < 1.08
assert curves[0.9, 0.99].min() > 1 - 1e-12
assert round(float(curves[0.9, 0.99].max()), 2) == 2.13
assert max(curves[0.9, 0.9][0], curves[0.99, 0.999][0]) < 0.33
assert loss[ot.AdamUncorrected, 0.003] < loss[ot.Adam, 0.003] / 2
assert loss[ot.AdamUncorrected, 0.05] > 10 * loss[ot.Adam, 0.05]

# %%
# **Take away.** Bias correction shortens the first steps at the usual settings; it works like a warm-up.
#
# **Try it.** At which :math:`\beta_1` does the very first step keep its length when :math:`\beta_2 = 0.999`?
#
# **Next.** :ref:`sphx_glr_gallery_adaptive_plot_epsilon.py`: the smallest of Adam's numbers, and its place.
