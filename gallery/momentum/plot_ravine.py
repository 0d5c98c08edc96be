"""
Momentum crosses a ravine in under a quarter of the gradients
=============================================================

A ravine is fifty times steeper across than along. The best rate for gradient descent is set by the walls, so it bounces
between them and creeps along the floor. A velocity adds up what the gradients have in common, which is the way along
the floor. You will see both paths, and then what each of them costs.
"""

# %%
# Forty gradients each
# --------------------
# The curvatures are :math:`\mu = 1` along the floor and :math:`L = 50` across it. Gradient descent gets the best
# constant rate there is, :math:`2 / (L + \mu)`. Momentum gets a gentle pair: the rate :math:`1 / L`, which takes the
# first step straight to the floor, and :math:`\beta = (1 - 1/\sqrt{50})^2`, which damps the floor critically.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

ravine = ot.surfaces.Ravine(condition=50)
best = {cls: ot.theory.optimal(cls, ravine) for cls in (ot.GradientDescent, ot.Momentum)}
gentle = ot.Momentum(lr=1 / 50, beta=(1 - 1 / np.sqrt(50)) ** 2)

paths = {
    "gradient descent": ot.minimize(ravine, ravine.start, best[ot.GradientDescent], max_steps=40),
    "momentum": ot.minimize(ravine, ravine.start, gentle, max_steps=40),
}

# %%
# The ring is the start, the star the minimum.

fig, axes = plt.subplots(2, 1, figsize=(7, 5.0), sharex=True)
titles = ["Forty steps of gradient descent: bouncing", "Forty steps with momentum: rolling"]
for ax, title, (name, run) in zip(axes, titles, paths.items(), strict=True):
    ot.plot.trajectories(ax, ravine, {name: run})
    ax.legend(loc="lower right")
    ax.set_title(title)
axes[0].set_xlabel("")

# %%
# Each bounce above is the steep slope answering the last step with the opposite sign. Below, the same slopes cancel in
# the velocity while the small push along the floor adds up. After forty gradients momentum is at the star; gradient
# descent still has a fifth of the way to go.
#
# The price, each at its best
# ---------------------------
# Now momentum gets its own best pair as well, :math:`\alpha = 4 / (\sqrt L + \sqrt\mu)^2` and
# :math:`\beta = ((\sqrt\kappa - 1) / (\sqrt\kappa + 1))^2`. The dotted slopes are those of the theory,
# :math:`\rho^{2k}`: nothing in them was fitted.

runs = {
    "gradient descent": ot.minimize(ravine, ravine.start, best[ot.GradientDescent], max_steps=180),
    "momentum": ot.minimize(ravine, ravine.start, best[ot.Momentum], max_steps=180),
}

fig, ax = plt.subplots(figsize=(7, 4.6))
ot.plot.convergence(ax, runs, optimum=ravine.minimum, predicted=True)
ax.set_ylim(1e-15, 1e4)
ax.set_title("The same gap for less than a quarter of the gradients")

# %%
# The error grows before it shrinks
# ---------------------------------
# Momentum's curve starts with a rise. At the best pair the error is not :math:`\rho^k` but :math:`(1 + ck)\rho^k`, so
# dividing by :math:`\rho^k` leaves a straight line where gradient descent leaves a constant.

fig, ax = plt.subplots(figsize=(7, 4.2))
steps = np.arange(41)
for name, run in runs.items():
    rho, look = ot.theory.contraction(run.rule, ravine), ot.looks.identity(run.rule)
    across = np.abs(run.trace.theta[steps, 1]) / rho**steps
    style = {"color": ot.looks.color(run.rule), "marker": look.marker, "linestyle": (0, look.dash or None)}
    ax.plot(steps, across, label=ot.plot.label(name, run), markevery=5, **style)
ax.set(xlabel="step k", ylabel=r"$|e_k| \, / \, \rho^k$ across the floor")
ax.legend()
ax.set_title("At the best pair momentum carries a factor that grows with k")

# %%
# What these runs show
# --------------------
# A millionth of the first gap costs momentum less than a quarter of the gradients. The overshoot is real too: on its
# way it was thrown more than twice as far up the wall as it had started.

needed = {name: int(np.argmax(run.trace.loss < 1e-6 * run.trace.loss[0])) for name, run in runs.items()}
assert 0 < needed["momentum"] < needed["gradient descent"] / 4, needed
distance = {name: float(np.linalg.norm(run.theta)) for name, run in paths.items()}
assert 10 * distance["momentum"] < distance["gradient descent"], distance
assert np.abs(runs["momentum"].trace.theta[:, 1]).max() > 2 * ravine.start[1]

# %%
# **Take away.** Momentum lengthens the steps along directions in which the gradients agree, and shortens them along
# directions in which the gradients alternate.
#
# **Try it.** Raise ``condition`` to 500, with :math:`1/\sqrt{500}` in the gentle pair and 2,000 steps. By what factor
# does each method slow down, and why is one factor the square root of the other?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_effective_step.py`: how far the steps grow, and which convention to
# mind.
