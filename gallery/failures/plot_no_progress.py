r"""
No progress: four causes, and which cure helps which
====================================================

The loss does not move. The usual advice is to raise the learning rate, to switch to Adam, or to start elsewhere. None
of the three helps against every cause. You will see runs that are stuck for four different reasons, and a table of what
happened when each cure was tried.
"""

# %%
# Stuck on a ridge
# ----------------
# On the saddle :math:`\tfrac12(x^2 - y^2)` the way out is along :math:`y`. Exactly on the ridge, :math:`y = 0`, the
# gradient does not point there. A hundred-millionth beside it, every rule leaves, the adaptive ones first, because they
# divide by the size of the gradient.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

saddle = ot.surfaces.Saddle()
rules = [ot.GradientDescent(0.05), ot.Momentum(0.05, 0.9), ot.RMSProp(0.05), ot.Adam(0.05)]
exits = {}
fig, ax = plt.subplots(figsize=(7, 3.6))
for rule in rules:
    on, beside = (ot.minimize(saddle, [-1.5, y], rule, max_steps=500) for y in (0.0, 1e-8))
    away, look = np.abs(beside.trace.theta[:, 1]), ot.looks.identity(rule)
    exits[look.label] = int(np.argmax(away > 1))
    line = {"color": ot.looks.color(rule), "linestyle": (0, look.dash) if look.dash else "-", "marker": look.marker}
    ax.plot(away, label=f"{look.label}: out after {exits[look.label]}", markevery=40, **line)
    assert on.theta[1] == 0
ax.set(yscale="log", ylim=(1e-9, 100), xlabel="step", ylabel="distance from the ridge |y|")
ax.set_title("Beside the ridge all leave; on the ridge none does (not drawn: 0)")
ax.legend(loc="lower right")

# %%
# Three networks that do not learn
# --------------------------------
# 400 handwritten digits, 32 hidden units, gradients over all samples. The first run has a rate that is a thousand
# times too small. In the second all weights start at zero: the hidden units are alike, and nothing can make them
# differ. In the third all hidden units of a ReLU network have a bias of −20 and are never active: a *dead* start.

digits, _ = ot.datasets.digits().split(1 - 400 / 1797, seed=0)
networks = {
    name: ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,), activation=name)
    for name in ("tanh", "relu")
}
good = {name: network.init(seed=0) for name, network in networks.items()}
dead = good["relu"].copy()
networks["relu"].unpack(dead)[0][1][:] = -20
causes = {
    "rate too small": ("tanh", good["tanh"], 5e-4),
    "all weights zero": ("tanh", np.zeros_like(good["tanh"]), 0.5),
    "dead units": ("relu", dead, 0.5),
}


def cures(name, start, lr):
    return {
        "as it is": (start, ot.GradientDescent(lr)),
        "rate × 1000": (start, ot.GradientDescent(1000 * lr)),
        "momentum 0.9": (start, ot.Momentum(lr, 0.9)),
        "Adam, 0.01": (start, ot.Adam(0.01)),
        "another start": (good[name], ot.GradientDescent(lr)),
    }


table = np.array(
    [
        [ot.minimize(networks[name], *cure, max_steps=60).trace.loss[-1] for cure in cures(name, start, lr).values()]
        for name, start, lr in causes.values()
    ]
)

# %%
# Which cure helps which cause
# ----------------------------
# The loss after 60 steps; about 2.30 is what guessing by the frequency of each digit gives.

# sphinx_gallery_thumbnail_number = 2
columns = list(cures("tanh", dead, 1.0))
fig, ax = plt.subplots(figsize=(7, 2.9))
for (i, j), value in np.ndenumerate(table):
    x, y, shade = [j - 0.5, j + 0.5, j + 0.5, j - 0.5], [i - 0.5, i - 0.5, i + 0.5, i + 0.5], min(value / 9, 0.5)
    ax.fill(x, y, color=ot.looks.LIGHT["muted"], alpha=shade, lw=0)
    ax.text(j, i, f"{value:.2f}" + (" ✓" if value < 1.5 else ""), ha="center", va="center")
ax.set(xticks=range(5), xticklabels=columns, yticks=range(3), yticklabels=list(causes), ylim=(2.5, -0.5))
ax.grid(visible=False)
ax.set_title("No cure helps against every cause")

# %%
# Momentum multiplies the rate by ten at most, which is not enough for the first cause. Adam brings its own step
# length and mends it. Against the other two neither rate nor rule helps, because the gradient of the hidden weights
# is exactly zero: there is nothing to enlarge. There only another start helps. A rate a thousand times as large,
# given to a run that has a good one, does harm.
#
# What was shown
# --------------
# All numbers above; and in the last two cases not a single hidden weight has moved under Adam.

frequency = np.bincount(digits.targets.astype(int)) / digits.n_samples
guessing = float(-(frequency * np.log(frequency)).sum())
assert exits == {"gradient descent": 378, "momentum": 104, "RMSProp": 3, "Adam": 21}
assert np.all(table[:, 0] > guessing - 0.05)
mended = [list(np.array(columns)[row < 1.5]) for row in table]
assert mended == [["rate × 1000", "Adam, 0.01"], ["another start"], ["another start"]]
for name, start, _ in list(causes.values())[1:]:
    moved = ot.minimize(networks[name], start, ot.Adam(0.01), max_steps=60).theta
    assert np.array_equal(networks[name].unpack(moved)[0][0], networks[name].unpack(start)[0][0])

# %%
# **Take away.** Ask what the gradient is before you change the rate: short everywhere, zero in some parameters, or
# fine.
#
# **Try it.** Start the tanh network from thirty times the good start. Is it stuck? What do its hidden units say?
#
# **Next.** :ref:`sphx_glr_gallery_failures_plot_oscillation.py`: runs that move too much.
