r"""
Why L1 gives zeros and L2 does not: the shapes
==============================================

At the minimum of loss plus penalty, a level line of the loss touches a level line of the penalty. The penalty's lines
are circles for L2, diamonds for L1, and something in between for the elastic net. You will see where they touch, and
count how often that is on an axis, where one of the two weights is exactly zero.
"""

# %%
# Three penalties, one loss
# -------------------------
# The loss is a quadratic with its minimum at :math:`(2, 0.6)`. Each penalty has the strength that halves the first
# weight, so that the three pictures can be compared.

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba

import optimtext as ot

hessian, center = np.array([[1.0, 0.35], [0.35, 1.0]]), np.array([2.0, 0.6])


class Quadratic:
    def __init__(self, center):
        self.center = np.asarray(center)

    def loss(self, theta):
        away = theta - self.center
        return 0.5 * np.einsum("...i,ij,...j", away, hessian, away)

    def gradient(self, theta):
        return (theta - self.center) @ hessian


def minimizer(penalty, center=center):
    rule, enough = ot.GradientDescent(lr=0.9), ot.GradientNorm(1e-9)
    return ot.minimize(Quadratic(center), np.zeros(2), rule, max_steps=500, penalty=penalty, stop=enough).theta


def halving(family):
    low, high = 0.0, 10.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if minimizer(family(middle))[0] > 1 else (low, middle)
    return family(high)


families = {
    "L2": ot.penalties.L2,
    "elastic net": lambda strength: ot.penalties.ElasticNet(strength, strength / 4),
    "L1": ot.penalties.L1,
}
penalties = {name: halving(family) for name, family in families.items()}
touch = {name: minimizer(penalty) for name, penalty in penalties.items()}
for name, point in touch.items():
    print(f"{name:12} {penalties[name]}: weights {point.round(4)}")

# %%
# Where they touch
# ----------------
# The shaded set holds all weights that the penalty finds no worse than the solution. Its boundary and the level line of
# the loss through the solution touch there and do not cross.

x, y = np.meshgrid(np.linspace(-1.6, 2.6, 301), np.linspace(-1.6, 1.6, 301))
grid, ink, accent = np.stack([x, y], axis=-1), ot.looks.LIGHT["ink"], ot.looks.LIGHT["accent"]
fig, axes = plt.subplots(1, 3, figsize=(8, 2.9), sharey=True)
for ax, (name, penalty) in zip(axes, penalties.items(), strict=True):
    point, loss = touch[name], Quadratic(center).loss
    ax.contour(x, y, loss(grid), sorted([0.05, 0.25, 1.2, float(loss(point))]), colors=ot.looks.LIGHT["contour0"])
    ax.contourf(x, y, penalty(grid), [-1, float(penalty(point))], colors=[to_rgba(ink, 0.15)])
    ax.contour(x, y, penalty(grid), [float(penalty(point))], colors=ink)
    ax.plot(*center, "*", ms=10, color=accent)
    ax.plot(*point, "o", color=accent)
    ax.axhline(0, color=ot.looks.LIGHT["muted"], linewidth=0.8)
    ax.set(aspect="equal", xlabel=r"$w_1$", title=f"{name}: $w_2$ = {point[1]:.2g}")
axes[0].set_ylabel(r"$w_2$")

# %%
# How often a weight is exactly zero
# ----------------------------------
# The corner is no accident of this picture. Put the minimum of the loss at 200 random points, and count how often the
# smaller weight is exactly zero, in the sense of ``== 0.0``.

centers = np.random.default_rng(0).normal(size=(200, 2))
share = {name: np.mean([(minimizer(p, c) == 0).any() for c in centers]) for name, p in penalties.items()}
fig, ax = plt.subplots(figsize=(7, 2.6))
bars = ax.barh(list(share), list(share.values()), color=ot.looks.color("GradientDescent"), height=0.6)
ax.bar_label(bars, [f" {value:.0%}" for value in share.values()])
ax.set(xlim=(0, 1), xlabel="share of random losses with a weight that is exactly zero")
ax.set_title("Only penalties with a corner give zeros")

# %%
# What was shown
# --------------
# With L1 the second weight is zero although the loss alone wants 0.6; with L2 none of the random losses has a zero.

assert touch["L1"][1] == 0 < touch["elastic net"][1] < touch["L2"][1]
assert all(abs(point[0] - 1) < 1e-6 for point in touch.values())
assert share["L2"] == 0
assert 0.3 < share["elastic net"] < share["L1"]
assert share["L1"] > 0.5

# %%
# **Take away.** Zeros come from corners: the L1 penalty has one on every axis, the square has none.
#
# **Try it.** Set the off-diagonal entry of the Hessian to 0.9. Does L1 still choose the same weight?
#
# **Next.** :ref:`sphx_glr_gallery_regularization_plot_shrinkage.py`: in which directions L2 shrinks.
