r"""
Turn the ravine, and Adam's advantage is gone
=============================================

Adam divides each coordinate's gradient by its own size. On a ravine whose floor follows an axis this removes the
condition number altogether: the path is the same for every steepness. Gradient descent does not care how the axes
lie; Adam does. You will see the same ravine straight and turned by 45 degrees, and the two kinds of scale invariance
that are often confused.
"""

# %%
# Straight and turned
# -------------------
# The turned ravine is the straight one seen in rotated axes: the same curvatures, the same distances.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


class Turned:
    """A ravine whose axes are turned by an angle, in degrees."""

    def __init__(self, condition, degrees):
        self.straight, angle = ot.surfaces.Ravine(condition), np.radians(degrees)
        self.turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        self.start = self.turn @ [-1.5, 1.5]

    def loss(self, theta):
        return self.straight.loss(self.turn.T @ theta)

    def gradient(self, theta):
        return self.turn @ self.straight.gradient(self.turn.T @ theta)

    def hessian(self, theta=None):
        return self.turn @ self.straight.hessian() @ self.turn.T


# %%
# Each rule walks from the same place on both. All paths are drawn in the axes of the straight ravine, and the rate of
# gradient descent is :math:`1/L`, which takes it to the floor in one step.

tilts = {"floor along an axis": 0, "turned by 45°": 45}


def walk(rule, condition, degrees, steps):
    problem = Turned(condition, degrees)
    return ot.minimize(problem, problem.start, rule, max_steps=steps).trace.theta @ problem.turn


fig, axes = plt.subplots(2, 1, figsize=(7, 5.4), sharex=True)
for ax, (tilt, degrees) in zip(axes, tilts.items(), strict=True):
    for rule, name in [(ot.GradientDescent(lr=0.01), "gradient descent"), (ot.Adam(lr=0.1), "Adam")]:
        path, look = walk(rule, 100, degrees, 60), ot.looks.identity(rule)
        style = {"color": ot.looks.color(rule), "marker": look.marker, "linestyle": (0, look.dash or None)}
        ax.plot(*path.T, markevery=3, label=f"{name} (α = {rule.lr:.3g})", **style)
    ax.plot(0, 0, "*", color=ot.looks.LIGHT["accent"], markersize=12)
    ax.set(ylabel="across the floor", xlim=(-1.7, 0.5), ylim=(-0.7, 1.7), title=f"60 steps, {tilt}")
axes[1].set(xlabel="along the floor")
axes[0].legend(loc="upper right")

# %%
# Gradient descent takes the same way in both. Adam goes straight to the minimum where the axes fit; turned, both of its
# coordinates are ruled by the steep wall, and along the floor it creeps.
#
# What the condition number costs
# -------------------------------
# How many steps until the distance to the minimum has fallen to a twentieth for the first time, within 3,000 steps.

rules = {
    "gradient descent, α = 1/κ": lambda kappa: ot.GradientDescent(lr=1 / kappa),
    "AdaGrad, α = 0.5": lambda _: ot.AdaGrad(lr=0.5),
    "Adam, α = 0.1": lambda _: ot.Adam(lr=0.1),
}
conditions, needed = np.array([3, 10, 30, 100, 300]), {}
for name, rule in rules.items():
    for tilt, degrees in tilts.items():
        distance = [np.linalg.norm(walk(rule(kappa), kappa, degrees, 3000), axis=1) for kappa in conditions]
        needed[name, tilt] = np.array([int(np.argmax(d < d[0] / 20)) for d in distance])

# %%
fig, ax = plt.subplots(figsize=(7, 4.4))
for (name, tilt), steps in needed.items():
    straight, rule = tilt == "floor along an axis", rules[name](10)
    style = {"color": ot.looks.color(rule), "marker": ot.looks.identity(rule).marker}
    style |= {"linestyle": "-" if straight else ":", "markerfacecolor": None if straight else "none"}
    ax.plot(conditions, steps, label=f"{name}, {tilt}", **style)
ax.set(xscale="log", yscale="log", xlabel="condition number κ", ylabel="steps to a twentieth of the distance")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16))
ax.set_title("Along the axes κ does not matter, across them it does again")

# %%
# The two lines of gradient descent are one. Those of the adaptive rules are flat where the axes fit, and where they do
# not, they rise nearly as steeply as gradient descent's.
#
# What was shown
# --------------

straight, turned = tilts
assert all(steps.all() for steps in needed.values())  # everyone got there; argmax would say 0 otherwise
for name in rules:
    spread = np.ptp(needed[name, straight])
    assert spread == 0 if name != "gradient descent, α = 1/κ" else spread > 500
    assert needed[name, turned][-1] > 500, name
assert np.abs(np.subtract(*(needed["gradient descent, α = 1/κ", tilt] for tilt in tilts))).max() <= 1
same = [walk(ot.Adam(lr=0.1, eps=0.0), kappa, 0, 60) for kappa in (2.0, 1024.0)]
assert np.allclose(*same, rtol=1e-12)

# %%
# **Take away.** Adaptive rates make up for the scales of the coordinates, not for a ravine in any direction.
#
# **Try it.** Turn by 5 degrees only. How much of the advantage is left at :math:`\kappa = 100`?
#
# **Next.** The chapter on momentum: :ref:`sphx_glr_gallery_momentum_plot_ravine.py` gains the same on a turned ravine.
