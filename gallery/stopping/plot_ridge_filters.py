r"""
Early stopping is almost a ridge penalty
========================================

Stop gradient descent on a least-squares problem after :math:`k` steps, and each eigendirection has been reached by a
certain share. Put a ridge penalty on it instead, and each direction is reached by another share. You will see both on
569 cell samples with 30 features: the two filters are close, never equal, and lead to nearly the same test loss.
"""

# %%
# Two filters
# -----------
# The diagnosis, 0 or 1, is fitted by least squares to standardized features; its mean is removed, so that the start
# at zero needs no bias. In the eigenbasis of the Hessian, with curvatures :math:`\lambda_i` and the least-squares
# solution as the goal, :math:`k` steps at the rate :math:`\alpha` reach the share :math:`1 - (1 - \alpha\lambda_i)^k`
# of it. The penalty :math:`\tfrac\gamma2 \lVert w \rVert^2`, which is ``L2(gamma / 2)`` here, reaches
# :math:`\lambda_i / (\lambda_i + \gamma)`. We compare them at :math:`\gamma = 1 / (\alpha k)`.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, rest = ot.datasets.breast_cancer().split(0.8, seed=0)
scaled = train.standardized()
center = train.targets.mean()
model, held_out = (
    ot.models.LinearRegression(part.standardized(like=scaled).features, part.targets - center) for part in (train, rest)
)
hessian, start = model.hessian(), np.zeros(model.dim)
curvatures, directions = np.linalg.eigh(hessian)
lr, goal = 1 / curvatures[-1], directions.T @ model.solution()
run = ot.minimize(model, start, ot.GradientDescent(lr), max_steps=20_000)


def ridge(gamma):
    return np.linalg.solve(hessian + gamma * np.eye(model.dim), -model.gradient(start))


# %%
# Shares, measured and computed
# -----------------------------
# Marks are what the two runs have reached, divided by the goal, at three numbers of steps; lines are the formulas.

steps, moved = (3, 100, 3000), np.abs(goal) > 1e-9  # the bias has no way to go
axis = np.geomspace(curvatures[0] / 3, curvatures[-1], 200)
stopping, penalized = ot.looks.color("GradientDescent"), ot.looks.color("Momentum")
fig, ax = plt.subplots(figsize=(7, 4.4))
for k in steps:
    gamma, label = 1 / (lr * k), k == steps[0]
    reached, shrunk = ((directions.T @ theta / goal)[moved] for theta in (run.trace.theta[k], ridge(gamma)))
    ax.plot(axis, 1 - (1 - lr * axis) ** k, color=stopping, label="stopped after k steps" if label else None)
    ax.plot(axis, axis / (axis + gamma), "--", color=penalized, label="ridge, γ = 1 / (αk)" if label else None)
    ax.plot(curvatures[moved], reached, "o", ms=4, color=stopping)
    ax.plot(curvatures[moved], shrunk, "s", ms=4, color=penalized, markerfacecolor="none")
    ax.text(0.8 * gamma, 0.62, f"k = {k}", ha="right")
    assert np.allclose(reached, 1 - (1 - lr * curvatures[moved]) ** k, atol=1e-6)
    assert np.allclose(shrunk, curvatures[moved] / (curvatures[moved] + gamma), atol=1e-6)
ax.set(xscale="log", ylim=(0, 1.03), xlabel="curvature λ of the direction", ylabel="share of the goal that is reached")
ax.set_title("Both pass steep directions and hold back flat ones")
ax.legend(loc="upper left")

# %%
# The same test loss, nearly
# --------------------------
# Along the whole path: as :math:`k` grows or :math:`\gamma` falls, both go from nothing to least squares.

many = np.unique(np.geomspace(1, 20_000, 60).astype(int))
stopped = held_out.loss(run.trace.theta[many])
shrunk = held_out.loss(np.array([ridge(1 / (lr * k)) for k in many]))
fig, ax = plt.subplots(figsize=(7, 3.8))
ax.plot(many, stopped, color=stopping, label="gradient descent, stopped after k steps")
ax.plot(many, shrunk, "--", color=penalized, label="ridge, γ = 1 / (αk)")
for losses, color, mark in ((stopped, stopping, "o"), (shrunk, penalized, "s")):
    ax.plot(many[losses.argmin()], losses.min(), mark, color=color)
ax.set(xscale="log", xlabel=f"steps k (α = {lr:.3g})", ylabel=f"squared error, {held_out.n_samples} others")
ax.set_title("Two paths with nearly the same lowest test loss")
ax.legend()
print(f"lowest: {stopped.min():.4f} stopped after {many[stopped.argmin()]}, {shrunk.min():.4f} penalized")

# %%
# How far apart they are
# ----------------------
# For small :math:`\alpha\lambda` the first filter is nearly :math:`1 - e^{-x}` with :math:`x = \alpha\lambda k`, the
# second is :math:`x / (1 + x)` exactly. The first is larger for all :math:`x > 0`, by at most 0.204 and at most by
# the factor 1.299. With few steps the difference can be larger, up to a half after the first; here it keeps to 0.204
# from the hundredth step on.

x = np.linspace(1e-6, 50, 500_000)
flow, ratio = 1 - np.exp(-x), x / (1 + x)
assert 0.2036 < (flow - ratio).max() < 0.2037
assert 1.2984 < (flow / ratio).max() < 1.2985
k = np.arange(1, 20_001)[:, None]
apart = (1 - (1 - lr * curvatures) ** k) - lr * k * curvatures / (1 + lr * k * curvatures)
assert apart.min() > 0
assert np.isclose(apart[0].max(), 0.5)
print(apart.max(axis=1)[[0, 1, 9, 99, 999]])
assert apart[100:].max() < 0.21
assert abs(stopped.min() / shrunk.min() - 1) < 0.03

# %%
# **Take away.** The number of steps is a regularization parameter: few steps act like a strong ridge penalty.
#
# **Try it.** Use momentum instead of gradient descent. Its filter is not monotone in the curvature: why?
#
# **Next.** :ref:`sphx_glr_gallery_regularization_plot_shrinkage.py`: the ridge filter on its own.
