r"""
Warm restarts give up what was gained, and win it back
======================================================

Cosine annealing with warm restarts raises the rate to the top at the end of each period. On a loss with one minimum
this can only cost something; where there are many, the noise of a large rate may carry a run to another one. You will
see the price on real data, what is left of the promise on a landscape that is made for it, and when to keep the
parameters.
"""

# %%
# The price
# ---------
# A linear regression on 342 penguins with mini-batches of 8, 1,500 steps, mean of 20 runs. Periods of 100, 200, 400 and
# 800 steps begin at :math:`100\,(2^i - 1)`.

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

data = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(data.features, data.targets)
lowest, steps = model.loss(model.solution()), 1500
schedules = {
    "warm restarts, T₀ = 100, m = 2": ot.WarmRestarts(lr_max=0.1, lr_min=0.0, steps=100, mult=2),
    "one cosine": ot.CosineAnnealing(lr_max=0.1, lr_min=0.0, steps=steps),
    "constant": 0.1,
}
gaps = {}
for name, lr in schedules.items():
    paths = [
        ot.minimize(model, np.zeros(4), ot.GradientDescent(lr=lr), max_steps=steps, batch_size=8, seed=seed).trace.theta
        for seed in range(20)
    ]
    gaps[name] = np.mean([model.loss(path[::10]) - lowest for path in paths], axis=0)

# %%
fig, ax = plt.subplots(figsize=(7, 4.2))
at, blue = np.arange(0, steps + 1, 10), ot.looks.color(ot.GradientDescent)
for (name, gap), dash, mark in zip(gaps.items(), ["-", "--", ":"], "os^", strict=True):
    ax.plot(at, gap, dash, marker=mark, markevery=12, color=blue, label=name)
for i in (1, 2, 3):
    ax.axvline(100 * (2**i - 1), color=ot.looks.LIGHT["muted"], linewidth=0.8)
ax.set(yscale="log", xlabel="step", ylabel="loss above the minimum", ylim=(1e-6, 1))
ax.legend(loc="upper right")
ax.set_title("Each restart throws the run back to the floor of the large rate")

# %%
# At each vertical line the gap jumps back to the floor of the constant rate. At the end of each period it is lower
# than at the end of the one before: these are the parameters to keep, and any of the moments may be the last. One
# long cosine, which must know its budget in advance, ends lower still.
#
# The promise
# -----------
# A line with many dents: :math:`x^2/20 + 0.3\,(1-\cos 3x)`. 2,000 runs start in the dents far from the middle, with
# noisy gradients. A step is long enough at the large rate to cross a ridge by chance.


class Dents:
    def __init__(self, seed, noise=4.0):
        self.rng, self.noise = np.random.default_rng(seed), noise

    def gradient(self, x):
        return x / 10 + 0.9 * np.sin(3 * x) + self.noise * self.rng.standard_normal(x.shape)


starts = np.random.default_rng(1).choice([-6.04, -4.03, 4.03, 6.04], size=2000)
contenders = {
    "four periods": ot.WarmRestarts(lr_max=0.25, lr_min=0.0, steps=100, mult=1),
    "one cosine": ot.CosineAnnealing(lr_max=0.25, lr_min=0.0, steps=400),
    "small and constant": lambda _: 0.02,
}
inside = {}
for name, rate in contenders.items():
    problem, stepper, shares = Dents(seed=0), ot.Stepper(ot.GradientDescent(lr=1.0), starts), []
    for t in range(400):
        stepper.step(problem.gradient(stepper.theta), rate(t))
        shares.append(float((np.abs(stepper.theta) < 1.05).mean()))
    inside[name] = np.array(shares)

fig, ax = plt.subplots(figsize=(7, 3.8))
for (name, shares), dash in zip(inside.items(), ["-", "--", ":"], strict=True):
    ax.plot(shares, dash, color=blue, label=name)
ax.set(xlabel="step", ylabel="share of runs in the lowest dent", ylim=(0, 0.5))
ax.legend(loc="upper left")
ax.set_title("Many dents: large noisy steps help, restarts add nothing to them")

# %%
# A small rate stays in the dent where it began. Large rates cross ridges, and both falling schedules settle in the
# lowest dent far more often. But of the two the single cosine does better on the same budget. Both spend the same time
# at each rate; the single one passes once, and four times as slowly, through the middling rates, at which a run leaves
# the high dents and no longer the lowest one, while each restart undoes what the period before it had sorted.
#
# What was shown
# --------------

restarts, single, constant = gaps.values()
ends = [restarts[index - 1] for index in (10, 30, 70, 150)]
assert all(later < earlier / 2 for earlier, later in pairwise(ends))
assert all(restarts[index + 5] > 3 * restarts[index - 1] for index in (10, 30, 70))
assert single[-1] < restarts[-1] < constant[-1] / 100
periods, cosine, small = (shares[-1] for shares in inside.values())
assert np.allclose([cosine, periods, small], [0.31, 0.23, 0.01], atol=0.01)

# %%
# **Take away.** Restarts are for runs whose length is not known: at the end of every period there is a finished set of
# parameters. Where the budget is known, one long descent is the better use of it here.
#
# **Try it.** Keep the best of the four ends of periods instead of the last, by the height of the line without noise.
# Does that turn the second comparison round?
#
# **Next.** :ref:`sphx_glr_gallery_schedules_plot_warmup.py`: the other kind of rise.
