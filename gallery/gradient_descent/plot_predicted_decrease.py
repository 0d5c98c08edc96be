"""
Does each step lower the loss by as much as theory promises?
============================================================

Theory makes three promises about gradient descent: a factor for each eigendirection of a quadratic, a slope for its
loss, and, far beyond quadratics, a guaranteed decrease in every single step. You will see all three beside what was
measured, on data about 342 penguins. Nothing is fitted to the runs.
"""

# %%
# First promise: one factor for each direction
# --------------------------------------------
# Linear regression has a quadratic loss. Along the eigenvector of its Hessian with curvature :math:`\lambda` the error
# is multiplied by :math:`1 - \alpha\lambda` in each step, whatever the other directions do. The steepest direction has
# the negative factor: it changes sides with every step.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

mass = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(mass.features, mass.targets)
rule = ot.GradientDescent(lr=0.47)
run = ot.minimize(model, np.zeros(model.dim), rule, max_steps=60)

curvatures, directions = np.linalg.eigh(model.hessian())
errors = (run.trace.theta - model.solution()) @ directions
predicted = errors[0] * (1 - rule.lr * curvatures) ** np.arange(run.steps + 1)[:, None]

# %%

fig, ax = plt.subplots(figsize=(7, 4.2))
for i, (marker, dash) in enumerate(zip("os^D", ("-", "--", "-.", ":"), strict=True)):
    name = f"λ = {curvatures[i]:.2f}, factor {1 - rule.lr * curvatures[i]:+.3f}".replace("-", "−")
    ax.semilogy(np.abs(predicted[:, i]), dash, color=f"C{i}", linewidth=1.2)
    ax.semilogy(np.abs(errors[:, i]), marker, color=f"C{i}", markevery=3, mfc="none", label=name)
ax.set(xlabel="step", ylabel="distance from the minimizer (kg)", ylim=(1e-17, 10))
ax.plot([], [], color=ot.looks.LIGHT["ink"], linewidth=1.2, label="lines: predicted, marks: run")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title(f"Each direction shrinks by its own factor, as predicted (α = {rule.lr})")

# %%
# Marks and lines agree until rounding ends the descent near :math:`10^{-16}`.
#
# Second promise: the slope of the loss
# -------------------------------------
# The factor closest to :math:`\pm 1`, of size :math:`\rho`, decides in the long run: the loss shrinks by
# :math:`\rho^2` per step. At this rate it belongs to the steepest direction. The dotted line has the predicted slope
# and begins at the first gap; the curve lies below it, since the other directions lose more in the first steps.

fig, ax = plt.subplots(figsize=(7, 3.8))
ot.plot.convergence(ax, {"gradient descent": run}, optimum=model.loss(model.solution()), predicted=True)
ax.set_ylabel("loss above the minimum (kg²)")
ax.set_title("Body mass of penguins: the loss falls with the predicted slope")

# %%
# Third promise: a decrease in every step
# ---------------------------------------
# Logistic regression is not quadratic, but its curvature is bounded: with one column of ones added to the features
# :math:`X`, it never exceeds :math:`L`, the largest eigenvalue of :math:`X^\top X / (4n)`. That is enough for the
# descent lemma: each step lowers the loss by at least :math:`\alpha (1 - \alpha L/2) \lVert g \rVert^2`. Here the
# model learns the sex of penguins from four measurements.

birds = ot.datasets.penguin_sex().standardized()
sex = ot.models.LogisticRegression(birds.features, birds.targets)
design = np.hstack([birds.features, np.ones((birds.n_samples, 1))])
L = np.linalg.eigvalsh(design.T @ design)[-1] / (4 * birds.n_samples)

ratios = {}
for share in (0.5, 1.0, 1.9):
    lr = share / L
    trace = ot.minimize(sex, np.zeros(sex.dim), ot.GradientDescent(lr=lr), max_steps=300).trace
    promised = lr * (1 - lr * L / 2) * trace.grad_norm[:-1] ** 2
    ratios[f"gradient descent (α = {share}/L = {lr:.3g})"] = -np.diff(trace.loss) / promised

# %%

fig, ax = plt.subplots(figsize=(7, 4.0))
for (name, ratio), dash, marker in zip(ratios.items(), ("-", "--", "-."), "o^s", strict=True):
    ax.semilogy(ratio, dash, marker=marker, markevery=25, color=ot.looks.color(rule), label=name)
ax.axhline(1, color=ot.looks.LIGHT["accent"], linewidth=1.2)
ax.annotate("promised", (300, 1), xytext=(0, 4), textcoords="offset points", ha="right")
ax.set(xlabel="step", ylabel="decrease, measured / promised")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16))
ax.set_title("Sex of penguins: every step keeps the promise of the descent lemma")

# %%
# No step falls short. In the long run only the flattest direction is left, in which a step lowers the loss by nearly
# :math:`\alpha \lVert g \rVert^2`, as if there were no curvature; so the ratio comes close to
# :math:`1 / (1 - \alpha L/2)`, which is 4/3, 2 and 20.
#
# What these runs show
# --------------------
# The factors hold to rounding, the slope to a part in a thousand, the lemma at each of 900 steps.

gap = run.trace.loss - model.loss(model.solution())
assert np.allclose(errors, predicted, rtol=0, atol=1e-13)
assert abs(gap[50] / gap[40] / ot.theory.contraction(rule, model) ** 20 - 1) < 1e-3
assert all((ratio >= 1).all() for ratio in ratios.values()), ratios

# %%
# **Take away.** On a quadratic theory predicts each step; on a smooth loss it bounds each step, and needs only
# :math:`L` for it.
#
# **Try it.** Raise the rate of the logistic regression to ``3.5 / L``. The lemma is silent there. Does the run
# diverge? Compare with the curvature at the end, ``sex.hessian(theta)``.
#
# **Next.** :ref:`sphx_glr_gallery_gradient_descent_plot_linear_regression.py`: what the condition number costs.
