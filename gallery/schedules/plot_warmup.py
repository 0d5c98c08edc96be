r"""
What warm-up does for Adam
==========================

Many recipes raise the learning rate over the first hundreds of steps before they lower it. You will see one reason
that can be computed, why in noise Adam's first steps are its longest, and then an experiment: with warm-up a network
bears several times the rate.
"""

# %%
# In noise the first steps are the longest
# ----------------------------------------
# Where gradients are mostly noise, Adam's averaging shortens its steps to :math:`\sqrt{(1-\beta_1)/(1+\beta_1)}`,
# 0.23 of the rate. Averaging takes a while. In its first step every coordinate moves by the full rate, in the
# direction of a single noisy gradient. Here are 4,000 coordinates without any signal.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

rng = np.random.default_rng(0)
lengths = {}
for name, lr in {"constant rate": 1.0, "warm-up over 40 steps": ot.Warmup(steps=40, then=1.0)}.items():
    stepper, lengths[name] = ot.Stepper(ot.Adam(lr=1.0), np.zeros(4000)), []
    for t in range(150):
        before = stepper.theta
        stepper.step(rng.standard_normal(4000), lr if isinstance(lr, float) else lr(t))
        lengths[name].append(float(np.sqrt(np.mean((stepper.theta - before) ** 2))))

purple, ink = ot.looks.color(ot.Adam), ot.looks.LIGHT["ink"]
fig, ax = plt.subplots(figsize=(7, 3.6))
for (name, curve), dash in zip(lengths.items(), ["-", "--"], strict=True):
    ax.plot(np.arange(1, 151), curve, dash, color=purple, label=name)
ax.axhline(np.sqrt(0.1 / 1.9), color=ink, linewidth=1, linestyle=":", label="0.23, the long run")
ax.set(xlabel="step", ylabel="RMS of the step / α", ylim=(0, 1.05))
ax.legend(loc="upper right")
ax.set_title("Without a signal Adam's first step is four times its later ones")

# %%
# Warm-up cuts the peak off. It costs little, since these first steps know least.
#
# A deep and narrow network
# -------------------------
# Five hidden layers of 32 units on real digits, mini-batches of 128, 150 steps. Cosine annealing to zero follows in
# both cases; with warm-up the first 30 of the 150 steps climb.

digits = ot.datasets.digits()
model = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,) * 5, activation="tanh")
rates, steps, rise = [0.01, 0.03, 0.06, 0.1], 150, 30
schedule = {
    "without warm-up": lambda lr: ot.CosineAnnealing(lr_max=lr, lr_min=0.0, steps=steps),
    "with warm-up": lambda lr: ot.Warmup(rise, ot.CosineAnnealing(lr_max=lr, lr_min=0.0, steps=steps - rise)),
}
loss = {
    (name, lr): [
        ot.minimize(
            model,
            model.init(seed),
            ot.Adam(lr=made(lr)),
            max_steps=steps,
            batch_size=128,
            seed=seed,
            record_theta=False,
        ).loss
        for seed in range(3)
    ]
    for name, made in schedule.items()
    for lr in rates
}

# %%
fig, ax = plt.subplots(figsize=(7, 4))
for name, dash, mark in [("without warm-up", "-", "o"), ("with warm-up", "--", "s")]:
    ax.plot(rates, [np.median(loss[name, lr]) for lr in rates], dash, color=purple, label=f"{name}, median")
    for lr in rates:
        ax.plot([lr] * 3, loss[name, lr], mark, color=purple, markersize=4, markerfacecolor="none")
ax.set(xscale="log", yscale="log", xlabel="peak of the learning rate", ylabel="loss after 150 steps")
ax.set_xticks(rates, [f"{lr:g}" for lr in rates], minor=False)
ax.minorticks_off()
ax.legend(loc="upper left")
ax.set_title("Digits: warm-up makes large rates usable, and small ones no better")

# %%
# At 0.01 and 0.03 nothing is gained. At 0.06 and 0.1 the runs without warm-up are thrown, in their first steps, to a
# place where many units of the network are saturated, so that little of the gradient passes through them; some stay at
# the loss of guessing, 2.3. With warm-up they train. The share of the units that are saturated after ten steps:


def saturated(made, lr, seed):
    run = ot.minimize(model, model.init(seed), ot.Adam(lr=made(lr)), max_steps=10, batch_size=128, seed=seed)
    units, shares = digits.features / 16, []
    for weights, bias in model.unpack(run.theta)[:-1]:
        units = np.tanh(units @ weights + bias)
        shares.append(np.mean(np.abs(units) > 0.99))
    return np.mean(shares)


stuck = {name: [saturated(made, lr, s) for lr in rates[2:] for s in range(3)] for name, made in schedule.items()}
for name, shares in stuck.items():
    print(f"{name:>15}: {min(shares):.0%} to {max(shares):.0%}")

# %%
# What was shown
# --------------

constant, risen = (np.array(curve) for curve in lengths.values())
assert constant[0] > 0.999
assert np.isclose(constant[-50:].mean(), np.sqrt(0.1 / 1.9), rtol=0.03)
assert risen.max() < 0.25
small, large = rates[:2], rates[2:]
median = {key: np.median(found) for key, found in loss.items()}
assert all(0.6 < median["with warm-up", lr] / median["without warm-up", lr] < 1.7 for lr in small)
assert all(median["with warm-up", lr] < median["without warm-up", lr] / 2.5 for lr in large)
assert max(stuck["with warm-up"]) < 0.05
assert min(stuck["without warm-up"]) > 0.25

# %%
# **Take away.** Warm-up buys stability at large rates. If your rate is small enough without it, it buys nothing.
#
# **Try it.** Replace Adam by momentum, with rates from 0.05 to 0.5. Does warm-up still help?
#
# **Next.** :ref:`sphx_glr_gallery_schedules_plot_reduce_on_plateau.py`: a schedule that watches.
