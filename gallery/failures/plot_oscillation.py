r"""
Oscillation: an edge, noise, or a wave?
=======================================

Something goes up and down. It may be a rate at the edge of stability, mini-batches that disagree, or too much momentum,
and these three call for different cures. Adding momentum, for example, mends the first, makes the second worse by a
factor of more than twenty, and causes the third. Each is produced here on purpose, on the same 342 penguins.
"""

# %%
# Three runs that oscillate
# -------------------------
# The rate of the first is half a percent below :math:`2/L`, with all samples in every step. The second uses batches
# of 8. The third has :math:`\beta = 0.99`.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(birds.features, birds.targets)
L, n, lowest = ot.theory.spectrum(model)[-1], birds.n_samples, model.loss(model.solution())
causes = {
    "edge": {"lr": 1.99 / L, "beta": 0.0, "size": n},
    "noise": {"lr": 0.1, "beta": 0.0, "size": 8},
    "wave": {"lr": 0.02, "beta": 0.99, "size": n},
}


def path(lr, beta, size, adam=None):
    rule = ot.Adam(adam) if adam else ot.Momentum(lr, beta)  # with a momentum of zero this is gradient descent
    batches = {} if size == n else {"batch_size": size, "seed": 0}
    return ot.minimize(model, np.zeros(model.dim), rule, max_steps=400, **batches).trace.theta


# %%
# What oscillates is not always the loss
# --------------------------------------
# Above, the loss over all samples; below, the weight of the bill's depth.

fig, axes = plt.subplots(2, 3, figsize=(8, 4.6), sharex=True)
for (name, setting), (above, below) in zip(causes.items(), axes.T, strict=True):
    run = path(**setting)[:121]
    above.plot(model.loss(run) - lowest, color=ot.looks.LIGHT["ink"])
    below.plot(run[:, 1], color=ot.looks.LIGHT["accent"])
    above.set(yscale="log", ylim=(1e-5, 50), title=name)
    below.set(xlabel="step")
axes[0, 0].set_ylabel("loss above minimum (kg²)")
axes[1, 0].set_ylabel("one weight (kg)")

# %%
# At the edge the weight jumps from side to side, and the loss falls all the same, without a single rise: on a
# quadratic, with all samples and a constant rate, a loss that has risen never falls again. So a *bouncing* loss curve
# is not the sign of this edge. (Networks can do it, since their curvature changes along the way.) Noise makes both
# jump, and the wave makes both swing.
#
# Which cure helps which cause
# ----------------------------
# The median gap over the last 80 of 400 steps, divided by that of the run as it is.


def cures(lr, beta, size):
    return {
        "rate ÷ 5": path(lr / 5, beta, size),
        "β = 0.9": path(lr, 0.9, size),
        "Adam, α = 0.1": path(lr, beta, size, adam=0.1),
        "all samples": path(lr, beta, n),
    }


def late(run):
    return np.median(model.loss(run[-80:]) - lowest)


# sphinx_gallery_thumbnail_number = 2
columns = list(cures(**causes["edge"]))
table = np.array([[late(run) / late(path(**one)) for run in cures(**one).values()] for one in causes.values()])
table = np.maximum(table, 1e-9)
fig, ax = plt.subplots(figsize=(7, 2.8))
for (i, j), value in np.ndenumerate(table):
    x, y, shade = [j - 0.5, j + 0.5, j + 0.5, j - 0.5], [i - 0.5, i - 0.5, i + 0.5, i + 0.5], 0.3 + np.log10(value) / 6
    ax.fill(x, y, color=ot.looks.LIGHT["muted"], alpha=min(max(shade, 0), 0.6), lw=0)
    ax.text(j, i, "mended" if value < 1e-6 else f"× {value:.2g}", ha="center", va="center")
ax.set(xticks=range(4), xticklabels=columns, yticks=range(3), yticklabels=list(causes), ylim=(2.5, -0.5))
ax.grid(visible=False)
ax.set_title("What is left of the gap: ask for the cause first")

# %%
# A smaller rate mends the edge and lowers the noise floor, roughly in proportion; against the wave it does nothing. A
# momentum of 0.9 mends the edge, because it raises the limit to :math:`2(1 + \beta)/L`, and it mends the wave,
# because it is less than 0.99; in the noise it acts like a tenfold rate. Adam is no cure for noise. And using all
# samples cures nothing but noise.
#
# What was shown
# --------------

edge, noise, wave = table
losses = {name: model.loss(path(**setting)) - lowest for name, setting in causes.items()}
assert np.all(np.diff(losses["edge"]) <= 0)
assert np.mean(np.diff(losses["noise"]) > 0) > 0.4
assert np.all(edge[:3] < 1e-6)
assert late(path(1.9 / L, 0.0, n)) < 1e-6 * late(path(**causes["edge"]))  # a reduction by 5% is enough
assert np.isclose(edge[3], 1)
assert noise[0] < 0.2
assert 0.8 < noise[2] < 1.2
assert np.isclose(noise[1], 28, atol=1)
assert noise[3] < 1e-6
assert wave[0] > 0.5
assert np.all(wave[1:3] < 1e-6)

# %%
# **Take away.** Look at the loss over all samples: if it never rises, it is the edge; if it jumps, noise; if it
# swings, a wave. Then choose the cure.
#
# **Try it.** Average the last 80 parameter vectors of each run. Which of the three does this mend?
#
# **Next.** :ref:`sphx_glr_gallery_failures_plot_extreme_values.py`: when the data are at fault.
