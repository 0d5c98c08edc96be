"""
Can the loss go 100, 50, 200, 25, 500? Not on a quadratic
=========================================================

Lessons on learning rates like to show such a zigzag as the mark of a rate that is too large. You will see that gradient
descent with a constant rate cannot produce it on any quadratic with a minimum: there the loss may fall and then rise,
once. And you will see a one-parameter loss on which it does go up and down for ever.
"""

# %%
# Twelve quadratics, all above their limit
# ----------------------------------------
# The gap is a sum :math:`\sum_i c_i (1 - \alpha\lambda_i)^{2k}` with :math:`c_i \ge 0`. Each term is exponential in
# :math:`k`, so the logarithm of the sum is convex: its slope only ever rises. Here are twelve least-squares problems
# with six random curvatures each, run at 1 to 12 percent above their limit.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

rng = np.random.default_rng(7)
runs = []
for percent in range(1, 13):
    features = rng.normal(size=(40, 5)) * rng.lognormal(sigma=0.8, size=5)
    problem = ot.models.LinearRegression(features, rng.normal(scale=10, size=40))
    rule = ot.GradientDescent(lr=(1 + percent / 100) * ot.theory.stability_limit(ot.GradientDescent, problem))
    runs.append(ot.minimize(problem, problem.solution() + 10 * rng.normal(size=6), rule, max_steps=14))
gaps = np.array([run.trace.loss - run.problem.loss(run.problem.solution()) for run in runs])

# %%
# Every curve has at most one valley. The claimed curve (crosses) turns three times within four steps.

claimed = np.array([100, 50, 200, 25, 500])

fig, ax = plt.subplots(figsize=(7, 4.2))
lines = ax.semilogy((100 * gaps / gaps[:, :1]).T, color=ot.looks.LIGHT["GradientDescent"], linewidth=1)
lines[0].set_label("gradient descent, α = 1.01 … 1.12 times 2/L")
ax.semilogy(claimed, "X--", color=ot.looks.LIGHT["accent"], label="100, 50, 200, 25, 500")
ax.set(xlabel="step", ylabel="loss above the minimum (start = 100)")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16))
ax.set_title("Twelve quadratics above the limit: down, then up, never down again")

# %%
# A loss that does go up and down
# -------------------------------
# One day, one count, one parameter: the log of the expected count :math:`e^\theta` when one event was observed. The
# negative log-likelihood of Poisson's law is :math:`f(\theta) = e^\theta - \theta`: smooth, convex, with its minimum
# at 0 and curvature 1 there, but far steeper to the right.


class OneCount:
    """The Poisson loss of one event, up to a constant."""

    def loss(self, theta):
        """Return the loss at theta, an array of length 1."""
        return float(np.exp(theta[0]) - theta[0])

    def gradient(self, theta):
        """Return its slope."""
        return np.exp(theta) - 1


counts = {lr: ot.minimize(OneCount(), [0.5], ot.GradientDescent(lr=lr), max_steps=60) for lr in (1.5, 3.0)}

# %%
# Below the local limit of 2 the run settles. At 3 it can neither settle, since the minimum repels it, nor
# escape: to the left the slope is nearly constant and brings it back by at most 3 a step, to the right it is thrown
# out. The loss jumps up and down as long as one looks.

fig, ax = plt.subplots(figsize=(7, 3.8))
named = {"gradient descent, settles": counts[1.5], "gradient descent, never settles": counts[3.0]}
ot.plot.convergence(ax, named, optimum=1.0)
ax.set_title("Poisson loss of a single count: at α = 3 the loss never settles")

# %%
# What these runs show
# --------------------
# On the quadratics each ratio of successive gaps is at least the one before, so no rise is followed by a fall. On the
# Poisson loss the large rate changes between rising and falling more than twenty times.

ratios = gaps[:, 1:] / gaps[:, :-1]
assert (np.diff(ratios, axis=1) >= -1e-9).all()
assert (ratios[:, -1] > 1).all()
assert np.diff(claimed[1:] / claimed[:-1]).min() < 0
assert np.count_nonzero(np.diff(np.sign(np.diff(counts[3.0].trace.loss)))) > 20

# %%
# **Take away.** With all samples, a constant rate and a quadratic loss, a curve that falls again after it has risen
# means a mistake in the code (or, near the minimum, rounding). With mini-batches, or on a loss whose curvature changes,
# it may mean only that the rate is too large.
#
# **Try it.** Find the rate between 1.5 and 3 at which the Poisson run stops settling. Which number does theory give?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_ravine.py`: the cure for a valley that is steep across and flat along.
