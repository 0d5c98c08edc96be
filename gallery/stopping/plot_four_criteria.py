r"""
One run, four criteria, four different ends
===========================================

A small change of the loss, a short gradient, a validation loss that no longer falls, and a maximum of steps: each of
them is used to say that a run is done. On one run with 51 penguins they say so at steps that differ by more than a
factor of twenty. You will see what each of them guarantees, and what it does not.
"""

# %%
# A model that is a little too rich
# ---------------------------------
# Body mass is predicted from three lengths and from all their products of two and of three: 19 features and a bias, for
# 51 birds. The other 291 birds measure how well it does on birds that it has not seen. The loss is a quadratic, so that
# its lowest value, its curvatures and with them every bound below can be computed.

from itertools import combinations_with_replacement

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

few, others = ot.datasets.penguins().split(0.85, seed=0)
scaled = few.standardized()
products = [list(which) for degree in (1, 2, 3) for which in combinations_with_replacement(range(3), degree)]
tables = [
    np.stack([lengths[:, which].prod(axis=1) for which in products], axis=1)
    for lengths in (scaled.features, others.standardized(like=scaled).features)
]
center, spread = tables[0].mean(axis=0), tables[0].std(axis=0)
train, held_out = (
    ot.models.LinearRegression((table - center) / spread, data.targets)
    for table, data in zip(tables, (few, others), strict=True)
)
curvatures = ot.theory.spectrum(train)
mu, L, lowest = curvatures[0], curvatures[-1], train.loss(train.solution())
print(f"{train.n_samples} birds, {train.dim} parameters, κ = {L / mu:.0f}")

# %%
# Four criteria
# -------------
# All runs are the same gradient descent at the rate :math:`1/L` from the same start; they differ in when they end. The
# thresholds are customary ones. The last run has none and goes on to its maximum.

criteria = {
    "loss change < 1e-6": ot.LossChange(1e-6),
    "gradient norm < 1e-3": ot.GradientNorm(1e-3),
    "early stopping, patience 20": ot.EarlyStopping(patience=20),
    "maximum of 4,000 steps": (),
}
ends = {
    name: ot.minimize(
        train, np.zeros(train.dim), ot.GradientDescent(lr=1 / L), max_steps=4000, stop=stop, validation=held_out
    )
    for name, stop in criteria.items()
}
for name, run in ends.items():
    print(f"{name:28} step {run.steps:4}, gap {run.loss - lowest:8.2g}, held out {held_out.loss(run.theta):.3f}")

# %%
# What each of them saw
# ---------------------
# The upper curve is the bound :math:`\lVert g \rVert^2 / (2\mu)`, the middle one the true gap, the lower one the change
# per step. The bound lies above the gap throughout, as it must; once only the flattest direction is left it would be
# equal to it, and after 4,000 steps it is still nearly four times as high. The change per step lies below the gap by a
# factor of hundreds.

full = ends["maximum of 4,000 steps"].trace
gap, bound, change = full.loss - lowest, full.grad_norm**2 / (2 * mu), np.abs(np.diff(full.loss))
ink, muted, accent = (ot.looks.LIGHT[name] for name in ("ink", "muted", "accent"))

fig, (above, below) = plt.subplots(2, figsize=(7, 6.4), sharex=True, height_ratios=(3, 2))
above.plot(bound, "--", color=muted, label=r"bound $\|g\|^2 / (2\mu)$")
above.plot(gap, color=ot.looks.color("GradientDescent"), label="loss above its minimum")
above.plot(change, ":", color=ink, label="change of the loss per step")
below.plot(full.validation, color=ot.looks.color("Momentum"), label="loss on 291 other birds")
for (name, run), marker in zip(ends.items(), "os*D", strict=True):
    above.plot(run.steps, gap[run.steps], marker, color=accent, ms=8, clip_on=False, zorder=5)
    below.plot(run.steps, full.validation[run.steps], marker, color=accent, ms=8, clip_on=False, zorder=5, label=name)
above.set(
    yscale="log", ylim=(1e-8, 1e4), ylabel="gap, bound, change (kg²)", title="Four ways to call the same run finished"
)
below.set(ylim=(0.1, 0.4), xlabel="step", ylabel="held-out loss (kg²)", xlim=(0, 4000))
above.legend(loc="upper right")
below.legend(loc="upper left", bbox_to_anchor=(0, -0.24), ncols=2)

# %%
# Early stopping ends first, and it alone looks at what the model is for: on the other birds, the later ends have 1.8
# to 2.2 times the loss. (The same birds chose the step, which flatters it a little; a third set would be needed to say
# how much.) As tests of convergence the others are better, and the gradient norm is the only one with a guarantee. The
# loss change stopped where the gap was still hundreds of times its threshold.
#
# What this run shows
# -------------------
# The bound holds at every step; the gap at the loss-change criterion is more than 500 times, and by theory at most
# :math:`\kappa` times, the last change; stopping early nearly halves the loss on the other birds.

at = {name: run.steps for name, run in ends.items()}
by_change, by_norm, early, last = ends
assert np.all(gap <= bound * (1 + 1e-9))
assert 3.5 < bound[-1] / gap[-1] < 4
assert abs(L / mu - 6918) < 1
assert 500 * 1e-6 < gap[at[by_change]] <= L / mu * change[at[by_change] - 1]
assert at[by_change] > 10 * at[early]
assert at[by_norm] > 20 * at[early]
assert at[by_change] < at[by_norm] < at[last] == 4000
ratios = [held_out.loss(ends[name].theta) / held_out.loss(ends[early].theta) for name in (by_change, by_norm, last)]
assert np.allclose(ratios, [1.8, 2.1, 2.2], atol=0.05), ratios

# %%
# **Take away.** Ask first what "finished" is to mean: near the minimum, or good on new data, or out of time. Each has
# its own criterion.
#
# **Try it.** Divide the learning rate by 100. Which of the four criteria now lies about the gap, and which does not?
#
# **Next.** :ref:`sphx_glr_gallery_stopping_plot_fooled.py`: each criterion on a problem made to deceive it.
