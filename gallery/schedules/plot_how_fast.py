r"""
How fast may a learning rate fall?
==================================

Slowly falling rates keep too much noise, quickly falling ones stop before they arrive. Robbins and Monro's conditions
draw the line: the rates must add up to infinity, however small they become. You will see a rate on either side of it,
and what the constant in :math:`c/k` decides.
"""

# %%
# Where the start is never forgotten
# ----------------------------------
# Without noise, the error along a direction of curvature :math:`\lambda` is multiplied by
# :math:`\prod_k (1-\alpha_k\lambda)`. If the rates have a finite sum, this product does not go to zero: part of the
# start stays for ever. The exponential schedule :math:`0.1\cdot 0.96^k` has the sum 2.5.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

steps = 3000
k = np.arange(steps)
schedules = {
    "0.1 · 0.96ᵏ (sum 2.5)": ot.ExponentialDecay(lr=0.1, decay=0.96),
    "0.1 / (1 + 0.01 k)": lambda k: 0.1 / (1 + 0.01 * k),
    "0.1 / √(1 + k)": lambda k: 0.1 / np.sqrt(1 + k),
    "constant 0.1": lambda _: 0.1,
}
flat = 0.1
left = {name: np.cumprod([1 - rate(t) * flat for t in k]) for name, rate in schedules.items()}

fig, ax = plt.subplots(figsize=(7, 4))
for (name, share), dash in zip(left.items(), ["-", "--", "-.", ":"], strict=True):
    ax.plot(k, share, dash, color=ot.looks.LIGHT["ink"], label=name)
ax.set(yscale="log", xlabel="step", ylabel="share of the start that is left", ylim=(1e-5, 1.5))
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title("A flat direction (λ = 0.1): one schedule stops before it arrives")

# %%
# The exponential schedule leaves 78% of the error in this direction, whether it runs for a hundred steps or for a
# million. That is no objection to it as long as its length is fitted to the budget; "when in doubt, run longer" does
# not help.
#
# The constant in c / k
# ---------------------
# With noise, :math:`\alpha_k = c/(k+1)`. Theory says: the mean square falls like :math:`1/k` if
# :math:`2c\lambda > 1`, and only like :math:`k^{-2c\lambda}` if it is less. Exact recurrences over a hundred thousand
# steps:


def mean_squares(c, steps=100_000):
    value, values = 1.0, []
    for rate in c / np.arange(1.0, steps + 1):
        value = (1 - rate) ** 2 * value + rate**2
        values.append(value)
    return np.array(values)


constants = (0.1, 0.25, 0.5, 1.0, 3.0)
curves = {c: mean_squares(c) for c in constants}
many = np.arange(1, 100_001)
some = np.unique(np.geomspace(1, 100_000, 120).astype(int))

fig, ax = plt.subplots(figsize=(7, 4.2))
for (c, curve), mark in zip(curves.items(), "os^Dv", strict=True):
    style = {"color": ot.looks.color(ot.GradientDescent), "marker": mark, "markevery": 12}
    ax.plot(some, curve[some - 1], label=f"c λ = {c:g}", **style)
ax.plot(some, 1 / some, "--", color=ot.looks.LIGHT["ink"], linewidth=1, label="1 / k")
ax.set(xscale="log", yscale="log", xlabel="step k", ylabel="mean squared error", ylim=(3e-6, 30))
ax.legend(loc="lower left")
ax.set_title("Half the right constant costs little, a tenth of it everything")

# %%
# At :math:`c\lambda = 1` the curve is exactly :math:`1/k`. With three times as much it first overshoots and then runs
# parallel, with a tenth of it a hundred thousand steps do what a dozen would.
#
# What was shown
# --------------

exponential, harmonic, root, _ = left.values()
assert np.isclose(exponential[-1], 0.78, atol=0.005)
assert np.isclose(exponential[200], exponential[-1], rtol=1e-3)
assert root[-1] < 0.4
assert harmonic[-1] < harmonic[1000] < 0.9
slope = {c: np.log(curve[-1] / curve[9999]) / np.log(10) for c, curve in curves.items()}
for c in constants:
    assert np.isclose(slope[c], -min(2 * c, 1), atol=0.08), (c, slope[c])
assert np.allclose(curves[1.0], 1 / many)
assert curves[1.0][11] < curves[0.1][-1] < curves[1.0][9]
assert np.isclose(curves[3.0][-1] * 100_000, 9 / 5, rtol=0.01)

# %%
# **Take away.** Rates like :math:`1/k` are optimal on paper and brittle in practice, since they need the curvature.
# That is why practice prefers schedules with a budget, and theory rates like :math:`1/\sqrt k` with averaging.
#
# **Try it.** For which :math:`c` is :math:`c^2/(2c\lambda-1)`, the constant in front of :math:`1/k`, smallest?
#
# **Next.** :ref:`sphx_glr_gallery_schedules_plot_restarts.py`: rates that rise again.
