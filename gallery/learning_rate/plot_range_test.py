r"""
Can one short run find the learning rate?
=========================================

A range test lets the rate rise from step to step until the loss explodes, and proposes a rate from what it saw. You
will see it at work on three losses from real data and three rules, held against what a full sweep of rates finds. It
gets the order of magnitude, it errs on the cautious side, and once it errs by a factor of a hundred.
"""

# %%
# One test
# --------
# A network for digits, batches of 32, gradient descent. The rate rises by the same factor in each of 100 steps, from
# :math:`10^{-6}` to 10. The test stops where the loss has exploded, or at its last step.

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

digits, _ = ot.datasets.digits().split(0.25, seed=0)
birds = ot.datasets.penguins().standardized()
line = ot.models.LinearRegression(birds.features, birds.targets)
softmax = ot.models.SoftmaxRegression(digits.features / 16, digits.targets)
network = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,))
test = ot.range_test(network, ot.GradientDescent(), network.init(seed=0), batch_size=32, seed=0)
print(f"suggestion {test.suggestion:.2g}, after {test.run.steps} steps")

ink, blue = ot.looks.LIGHT["ink"], ot.looks.color(ot.GradientDescent)
fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(test.lr, test.loss, ".", color=blue, alpha=0.5, label="loss of the next batch")
ax.plot(test.lr, test.smooth, color=blue, label="smoothed")
ax.axvline(test.lowest, linestyle="--", color=ink, label=f"lowest, {test.lowest:.2g}")
ax.axvline(test.suggestion, color=ot.looks.LIGHT["accent"], label=f"suggestion, {test.suggestion:.2g}")
ax.set(xscale="log", xlabel="learning rate α, rising from step to step", ylabel="loss", ylim=(1.4, 3.4))
ax.set_title("A range test: nothing, progress, explosion")
ax.legend(loc="upper left")

# %%
# Why a tenth of the rate of the lowest loss? When the loss turns upward, the rate has been too large for a while: it
# takes steps to undo what was learned. And smoothing reports late.
#
# Nine tests and nine sweeps
# --------------------------
# The same for three rules and three losses. Each sweep tries eleven rates for 126 steps, three epochs of the digits.

cases = {"penguins": (line, np.zeros(4), None), "softmax": (softmax, np.zeros(softmax.dim), 32)}
cases["network"] = (network, network.init(seed=0), 32)
rates, rules = np.geomspace(1e-4, 10, 11), (ot.GradientDescent(), ot.Momentum(), ot.Adam())
found = {}
for name, (model, start, size) in cases.items():
    for rule in rules:
        test = ot.range_test(model, rule, start, batch_size=size, seed=0)

        def end(lr, rule=rule, model=model, start=start, size=size):
            again = dataclasses.replace(rule, lr=float(lr))
            return ot.minimize(model, start, again, max_steps=126, batch_size=size, seed=0, record_theta=False).loss

        found[name, type(rule)] = test.suggestion, np.array([end(lr) for lr in rates]), end(test.suggestion)

# %%
# Lines are the sweeps, stars the suggestions. The loss is given as a share of that at the start.

fig, axes = plt.subplots(1, 3, figsize=(7.4, 3.6), sharey=True)
for ax, (name, (model, start, _)) in zip(axes, cases.items(), strict=True):
    first = model.loss(start)
    for rule, dash in zip(rules, ("-", "--", ":"), strict=True):
        suggestion, ends, reached = found[name, type(rule)]
        look, color = ot.looks.identity(rule), ot.looks.color(rule)
        share = np.where(ends < 3 * first, ends / first, np.nan)
        ax.plot(rates, share, dash, marker=look.marker, markersize=3.5, color=color, label=look.label)
        ax.plot(suggestion, reached / first, "*", markersize=13, color=color, markeredgecolor=ink)
    ax.set(xscale="log", yscale="log", xlabel="learning rate α", title=name)
axes[0].set_ylabel("loss after 126 steps / at the start")
fig.suptitle("Stars: the right order, and once far too low", x=0.06, ha="left", fontsize=11.5, weight="bold")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)

# %%
# No suggestion is much above the best rate of its sweep. Eight of the nine lie within a factor of twenty below it; the
# test of momentum on the penguins was deceived by an overshoot, which made the loss rise at a rate that was fine, and
# proposed a hundredth.
#
# What was shown
# --------------

ratio = {case: suggestion / rates[np.nanargmin(ends)] for case, (suggestion, ends, _) in found.items()}
for (name, rule), value in ratio.items():
    print(f"{name:>9}, {rule.__name__:>15}: suggestion / best of the sweep = {value:.2g}")
assert max(ratio.values()) < 2
assert sum(value > 1 / 20 for value in ratio.values()) == 8
assert 1 / 200 < ratio["penguins", ot.Momentum] < 1 / 50
adam = {name: ends for (name, rule), (_, ends, _) in found.items() if rule is ot.Adam}
assert adam["penguins"][8] < 1.01 * adam["penguins"].min()  # at the rate 1
assert adam["network"][8] > 10 * adam["network"].min()
assert all(reached < cases[name][0].loss(cases[name][1]) for (name, _), (_, _, reached) in found.items())

# %%
# **Take away.** A range test costs one run and gives a first rate, on the safe side. Try three and ten times as much
# next.
#
# **Try it.** Give the test 40 or 400 steps instead of 100. How much do the nine suggestions move?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_ravine.py`: when even the best rate is too slow.
