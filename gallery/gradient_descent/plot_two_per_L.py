"""
The edge at 2/L is sharp, and 0.1 is neither high nor low
=========================================================

A tenth of a percent below the limit gradient descent converges; a tenth of a percent above it explodes. You will see
both, and then the same eight learning rates on eight bowls, which shows why no table of "high" and "low" rates can be
right: each of these rates is safe on one bowl and fatal on another.
"""

# %%
# Two rates that differ by 0.2%
# -----------------------------
# On a bowl of curvature :math:`\lambda` one step multiplies the distance from the minimum by
# :math:`1 - \alpha\lambda`. At :math:`\alpha = 2/\lambda` that is exactly :math:`-1`: the run hops from side to
# side for ever. At 0.999 and 1.001 times this rate the factor is :math:`-0.998` and :math:`-1.002`.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

bowl = ot.surfaces.Bowl(curvature=4.0)
limit = ot.theory.stability_limit(ot.GradientDescent, bowl)
rates = {"0.1% below": 0.999 * limit, "at the limit": limit, "0.1% above": 1.001 * limit}
rules = {name: ot.GradientDescent(lr=lr) for name, lr in rates.items()}
edge = {name: ot.minimize(bowl, bowl.start, rule, max_steps=4000) for name, rule in rules.items()}

fig, ax = plt.subplots(figsize=(7, 3.8))
ax.set_title("A tenth of a percent around the limit of 1/2 decides")
for (name, run), dash, side in zip(edge.items(), ("-", ":", "--"), ("left", "left", "right"), strict=True):
    ax.semilogy(run.trace.loss, dash, color=ot.looks.LIGHT["GradientDescent"])
    ax.annotate(f"{name}: α = {run.rule.lr:.5g}", (2500, 3 * run.trace.loss[2500]), ha=side, fontsize=9.5)
ax.set(xlabel="step = gradient evaluations", ylabel="loss above the minimum")

# %%
# The same on measured data
# -------------------------
# Nothing here needs a bowl. Predict the body mass of 342 penguins from three lengths: the loss is a quadratic in
# four parameters, and its largest curvature follows from the data.

data = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(data.features, data.targets)
border = ot.theory.stability_limit(ot.GradientDescent, model)
penguins = [
    ot.minimize(model, np.zeros(model.dim), ot.GradientDescent(lr=share * border), max_steps=8000)
    for share in (0.999, 1.001)
]
print(f"limit {border:.4f}; {penguins[0].loss:.6f} below it, {penguins[1].loss:.3g} above it")

# %%
# Is 0.1 too high? Is 1.0?
# ------------------------
# Eight rates on eight bowls, 500 steps each. A filled circle has shrunk the loss by a factor of a million, a ring is
# on its way, a cross has exploded. The six rates in the middle show all three outcomes. The line is
# :math:`\alpha = 2/\lambda`, and it alone separates the crosses from the rest.

curvatures = np.array([0.01, 0.1, 1.0, 4.0, 30.0, 300.0, 3e3, 3e4])
alphas = np.array([1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 1.0, 10.0])
ratio = np.empty((len(curvatures), len(alphas)))
for i, curvature in enumerate(curvatures):
    surface = ot.surfaces.Bowl(curvature=curvature)
    for j, lr in enumerate(alphas):
        run = ot.minimize(surface, surface.start, ot.GradientDescent(lr=lr), max_steps=500)
        ratio[i, j] = run.loss / run.trace.loss[0]

# %%
# A rate of 1.0 explodes on the default bowl, whose curvature is 4, because each step triples the distance. On the
# bowl of curvature 1 the same rate arrives in a single step.

# sphinx_gallery_thumbnail_number = 2
lower, higher = ratio < 1e-6, ratio > 1
outcomes = {"a million times lower": lower, "on its way": ~(lower | higher), "exploded": higher}
fig, ax = plt.subplots(figsize=(7, 4.4))
blue, red = ot.looks.LIGHT["GradientDescent"], ot.looks.LIGHT["accent"]
looks = ({"color": blue}, {"color": blue, "mfc": "none"}, {"color": red})
for (name, where), mark, look in zip(outcomes.items(), "oox", looks, strict=True):
    i, j = np.nonzero(where)
    ax.loglog(alphas[j], curvatures[i], mark, markersize=8, label=name, **look)
ax.loglog(alphas, 2 / alphas, "--", color=ot.looks.LIGHT["ink"], label="α = 2/λ")
ax.set(xlabel="learning rate α", ylabel="curvature λ of the bowl", ylim=(3e-3, 1e5))
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title("The same eight rates on eight bowls: only the product αλ decides")

# %%
# What these runs show
# --------------------
# Convergence and divergence 0.1% apart, on the bowl and on the penguins; and the product :math:`\alpha\lambda` alone
# decides about all sixty-four runs, so that each rate is safe on one bowl and fatal on another.

lowest = model.loss(model.solution())
assert edge["0.1% below"].loss < 1e-6 * edge["at the limit"].loss < 1e-12 * edge["0.1% above"].loss
assert penguins[0].loss - lowest < 1e-12 < lowest < 1e-6 * penguins[1].loss
assert np.array_equal(ratio < 1, np.outer(curvatures, alphas) < 2)
assert ((ratio < 1e-6).any(axis=0) & (ratio > 1).any(axis=0)).all()

# %%
# **Take away.** There is no high or low learning rate, only :math:`\alpha L` above or below 2.
#
# **Try it.** Start the run at the limit from another point. Does its loss change? Then add a second, flatter
# direction (``ot.surfaces.Ravine``) and look at the loss at exactly :math:`2/L` again.
#
# **Next.** :ref:`sphx_glr_gallery_gradient_descent_plot_predicted_decrease.py`: what theory promises for each step.
