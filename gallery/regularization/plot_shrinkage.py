r"""
L2 shrinks directions, not weights
==================================

"Ridge shrinks all weights toward zero", says the textbook. In the eigenbasis of the Hessian that is true, each
component by its own factor. In the coordinates of the features it is not: on real data, single weights grow as the
penalty grows, and change their sign. You will see both pictures of the same path.
"""

# %%
# One path
# --------
# The diagnosis of 285 patients is fitted by least squares to ten standardized measurements, of which three (radius,
# perimeter and area) say nearly the same. The targets have their mean removed, so that no bias is needed. The penalty
# is :math:`\gamma_2 \sum_j w_j^2`, without a factor ½, hence its Hessian is :math:`2\gamma_2` times the identity.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

cells = ot.datasets.breast_cancer()
train, _ = cells.select(*cells.feature_names[:10]).split(0.5, seed=0)
scaled = train.standardized()
model = ot.models.LinearRegression(scaled.features, scaled.targets - scaled.targets.mean())
hessian, pull = model.hessian(), -model.gradient(np.zeros(model.dim))
strengths = np.geomspace(1e-5, 100, 141)
path = np.array([np.linalg.solve(hessian + 2 * l2 * np.eye(model.dim), pull) for l2 in strengths])

# %%
# The closed form is what the iteration finds too: proximal gradient steps with the penalty end at the same weights.

l2 = strengths[70]
rule = ot.theory.optimal(ot.Nesterov, ot.theory.spectrum(model) + 2 * l2)
run = ot.minimize(
    model, np.zeros(model.dim), rule, max_steps=5000, penalty=ot.penalties.L2(l2), stop=ot.GradientNorm(1e-10)
)
print(f"{run.message}; distance to the closed form {np.abs(run.theta - path[70]).max():.1e}")

# %%
# The path in two bases
# ---------------------
# Left, the components along the eigenvectors, each divided by its value without a penalty: every curve falls, and all
# of them are the one curve :math:`\lambda / (\lambda + 2\gamma_2)`, shifted. Right, the ten weights.

curvatures, directions = np.linalg.eigh(hessian)
goal = directions.T @ model.solution()
moved = np.abs(goal) > 1e-9  # the bias has no way to go
shares = (path @ directions / goal)[:, moved]

fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8))
ink, muted = ot.looks.LIGHT["ink"], ot.looks.LIGHT["muted"]
for share, curvature in zip(shares.T, curvatures[moved], strict=True):
    left.plot(strengths, share, color=muted, linewidth=1)
    left.plot(strengths[::14], (curvature / (curvature + 2 * strengths))[::14], ".", color=ink, markersize=5)
left.set(xscale="log", xlabel=r"strength $\gamma_2$", ylabel="share that is left", title="Directions: all shrink")
named = {"mean_radius": "-", "mean_perimeter": "--", "mean_area": "-.", "mean_smoothness": ":"}
for name, weight in zip(scaled.feature_names, path.T, strict=False):
    if name not in named:
        right.plot(strengths, weight, color=ot.looks.LIGHT["grid"], linewidth=1)
for name, dash in named.items():
    right.plot(strengths, path[:, scaled.feature_names.index(name)], dash, color=ink, label=name.replace("_", " "))
right.set(xscale="log", xlabel=r"strength $\gamma_2$", ylabel="weight", title="Weights: some grow")
right.legend()

# %%
# At no penalty the radius and the perimeter have weights of about 2 and −1.7, which nearly cancel: the data do not
# say how to divide their common effect. This is a flat direction, and the penalty removes it first. On the way the
# weight of the perimeter passes through zero and becomes positive, and that of smoothness, which was nearly zero,
# doubles.
#
# What was shown
# --------------
# In the eigenbasis all shares fall and follow the formula. The length of the weight vector falls too. Of the ten
# weights, though, at least five are larger somewhere on the path than at its beginning, and the perimeter's changes
# its sign.

assert np.allclose(run.theta, path[70], atol=1e-8)
assert np.allclose(shares, curvatures[moved] / (curvatures[moved] + 2 * strengths[:, None]), atol=1e-8)
assert np.all(np.diff(np.linalg.norm(path, axis=1)) < 0)
sizes = np.abs(path[:, :-1])
assert np.sum(sizes.max(axis=0) > 1.01 * sizes[0]) >= 5
smoothness, perimeter = (scaled.feature_names.index(f"mean_{name}") for name in ("smoothness", "perimeter"))
assert sizes[:, smoothness].max() > 1.9 * sizes[0, smoothness]
assert path[0, perimeter] < 0 < path[100, perimeter]

# %%
# **Take away.** A ridge penalty shrinks the weight vector, most in the directions about which the data say least. It
# need not shrink each weight.
#
# **Try it.** Keep only one of radius, perimeter and area. How many weights still grow?
#
# **Next.** :ref:`sphx_glr_gallery_regularization_plot_prox_or_not.py`: the penalty that gives zeros.
