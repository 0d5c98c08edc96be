"""
A line through real data: the closed form, reached step by step
===============================================================

Linear regression can be solved in one stroke, so it is the place to check an iterative method. You will see gradient
descent find the same four numbers as the closed form to ten digits, and then fail to do so on the very same data in
millimeters. What differs is not the method but the condition number, which is the reason to standardize features.
"""

# %%
# The data
# --------
# 342 penguins of three species: length and depth of the bill and length of the flipper, and the body mass to predict.
# The model is :math:`w^\top x + b`, the loss the mean squared error. Its Hessian is
# :math:`\tfrac{2}{n} X^\top X`, where :math:`X` holds the features and a column of ones: the features alone decide
# how curved the loss is. Here are three versions of the same features.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

raw = ot.datasets.penguins()
scaled = raw.standardized()
versions = {
    "in millimeters": raw.features,
    "mean removed": raw.features - scaled.mean,
    "standardized": scaled.features,
}
models = {name: ot.models.LinearRegression(features, raw.targets) for name, features in versions.items()}

# %%
# Each version gets the rate :math:`1/L` that its own curvature allows, the same start at zero and the same 250 steps.

kappa, runs = {}, {}
for name, model in models.items():
    curvatures = ot.theory.spectrum(model)
    kappa[name] = curvatures[-1] / curvatures[0]
    print(f"{name:>15}: κ = {kappa[name]:12.1f}, limit 2/L = {2 / curvatures[-1]:.2g}")
    runs[name] = ot.minimize(model, np.zeros(4), ot.GradientDescent(lr=1 / curvatures[-1]), max_steps=250)

# %%
# Four numbers on their way
# -------------------------
# With standardized features the bias must become the mean mass and the weights say how many kilograms one standard
# deviation of a feature is worth. The dotted lines are the closed form.

fit, exact = runs["standardized"], models["standardized"].solution()
fig, ax = plt.subplots(figsize=(7, 4.2))
names = ("bill length", "bill depth", "flipper length", "bias")
for i, (name, marker) in enumerate(zip(names, "os^D", strict=True)):
    ax.plot(fit.trace.theta[:31, i], color=f"C{i}", marker=marker, markevery=3, label=name)
    ax.axhline(exact[i], color=f"C{i}", linestyle=":", label="closed form" if name == "bias" else None)
ax.set(xlabel="step", ylabel="parameter (kg)")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title(f"Standardized: four numbers reach the closed form (α = {fit.rule.lr:.3g})")

# %%
# What the condition number costs
# -------------------------------
# All three versions describe the same birds and have the same lowest loss. The steps needed grow like
# :math:`\kappa`. To lower the gap a million times takes about :math:`7\kappa` of them: sixty with standardized
# features, and two hundred million in millimeters. There the curve drops in the first step, which settles the steepest
# direction, and then looks flat for as long as anybody cares to wait: a plateau that is no minimum.

# sphinx_gallery_thumbnail_number = 2
lowest = models["standardized"].loss(exact)
fig, ax = plt.subplots(figsize=(7, 4.6))
named = {f"{name}, κ = {kappa[name]:.3g}": run for name, run in runs.items()}
ot.plot.convergence(ax, named, optimum=lowest)
ax.set(ylim=(1e-15, 100), ylabel="loss above the minimum (kg²)")
ax.set_title("One regression, three scalings: only the standardized one arrives")

# %%
# Back to millimeters
# -------------------
# The solution found with standardized features is translated into the original units by two lines of algebra, and it is
# the closed form of the original problem.

weights = fit.theta[:-1] / scaled.scale
found = np.append(weights, fit.theta[-1] - weights @ scaled.mean)
print("found: ", found)
print("closed:", models["in millimeters"].solution())

# %%
# What these runs show
# --------------------
# Agreement to ten digits where the scaling is good, in both units; a factor of a million between the
# condition numbers; and no hope in millimeters.

assert np.allclose(fit.theta, exact, rtol=1e-10, atol=0)
assert np.allclose(found, models["in millimeters"].solution(), rtol=1e-9, atol=0)
assert kappa["standardized"] < 10 < 1e6 * kappa["standardized"] < kappa["in millimeters"]
assert fit.trace.loss[60] - lowest < 1e-6 * (fit.trace.loss[0] - lowest)
assert runs["in millimeters"].loss > lowest + 0.1

# %%
# **Take away.** Standardize the features: the lowest loss and the best predictions stay the same, and it can save a
# factor of a million in steps.
#
# **Try it.** Keep ``flipper_length_mm`` alone (``raw.select``) and standardize it. Why does gradient descent now need a
# single step?
#
# **Next.** :ref:`sphx_glr_gallery_gradient_descent_plot_zigzag.py`: what a loss curve can and cannot look like.
