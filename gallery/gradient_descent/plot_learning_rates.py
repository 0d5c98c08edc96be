"""
The learning rate, from too small to exploding
==============================================

One valley, one start, one budget of steps, and only the learning rate differs. You will see the four things that can
happen, from hardly moving to flying apart, and that the border between the last two can be computed beforehand: it
is two divided by the largest curvature.
"""

# %%
# Four rates
# ----------
# The valley has curvature :math:`\mu = 1` along and :math:`L = 10` across. Theory marks three rates:
# :math:`1/L`, the cautious choice; :math:`2/(L + \mu)`, the fastest; :math:`2/L`, the limit. The first run stays
# far below them, the last one goes 5% beyond the limit.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

valley = ot.surfaces.Ravine(condition=10)
limit = ot.theory.stability_limit(ot.GradientDescent, valley)
fastest = ot.theory.optimal(ot.GradientDescent, valley).lr
rates = {"too small": 0.01, "cautious": limit / 2, "fastest": fastest, "too large": 1.05 * limit}
STEPS = 40


def descend(lr):
    return ot.minimize(valley, valley.start, ot.GradientDescent(lr=lr), max_steps=STEPS)


runs = {name: descend(lr) for name, lr in rates.items()}

# %%
# The paths
# ---------
# Below :math:`1/L` the path bends into the valley and never crosses it. Above, each step overshoots the floor and
# lands on the other wall: lower than before as long as the rate is under the limit, higher beyond it.

fig, axes = plt.subplots(2, 2, figsize=(7, 3.7), sharex=True, sharey=True)
for ax, (name, run) in zip(axes.flat, runs.items(), strict=True):
    ot.plot.trajectories(ax, valley, {name: run})
    ax.get_legend().remove()
    ax.set_title(ot.plot.label(name, run), fontsize=10.5)
    ax.label_outer()
title = f"{STEPS} steps: creeping, arriving, zigzagging, exploding"
fig.suptitle(title, x=0.08, ha="left", fontsize=11.5, weight="bold")

# %%
# The loss
# --------
# The two good rates draw straight lines in the end: on a log axis that is a constant factor per step. The smallest
# rate is also on its way, only slowly. The largest one first profits from the flat direction and then explodes. One
# rule, one color: here dashes and markers tell the rates apart.

fig, ax = plt.subplots(figsize=(7, 4.2))
ot.plot.convergence(ax, runs)
ax.set_title("The same four runs: slow, good, best, exploding")

# %%
# All rates at once
# -----------------
# Now sixty-one rates over five powers of ten, each with the same budget. To the left of the limit every rate makes
# progress, though far to the left hardly any; to the right every run ends above its start (crosses).
# The useful range is narrow and lies close to the edge, but its place is a property of this valley, not of
# gradient descent: the rates 0.0001, 0.01 and 10 have no meaning on their own.

sweep = [descend(lr) for lr in np.geomspace(1e-4, 10, 61)]

fig, ax = plt.subplots(figsize=(7, 4))
ot.plot.rate_sweep(ax, {f"gradient descent, {STEPS} steps": sweep}, limit=limit)
ax.set_title("The final loss is lowest just below the limit 2/L")

# %%
# What these runs show
# --------------------
# Every rate below the limit lowered the loss and every rate above raised it; the best rate of the sweep is a grid
# point next to the predicted one. If one of these sentences becomes false, the build fails.

best = min(sweep, key=lambda run: run.loss)
assert all((run.loss < run.trace.loss[0]) == (run.rule.lr < limit) for run in sweep)
assert fastest / 1.22 < best.rule.lr < fastest * 1.22, best.rule

# %%
# **Take away.** A learning rate is small or large only against the curvature: what counts is the product
# :math:`\alpha L`, and it must stay below 2.
#
# **Try it.** Set ``condition=100``. By what factor does the limit move, and what has become of the rate 0.01, which was
# too small?
#
# **Next.** :ref:`sphx_glr_gallery_gradient_descent_plot_two_per_L.py`: how sharp the edge is.
