r"""
Weight decay is not an L2 penalty under Adam
============================================

For gradient descent it makes no difference whether each step shrinks the weights a little or the loss gets a penalty
on their squares. For Adam it does. You will see that Adam with a penalty finds the same weights as Newton's method
does, that AdamW finds others, and which ones: real data, and lines that were computed before the runs.
"""

# %%
# A penalty in the loss
# ---------------------
# Logistic regression on six measurements of 569 tumors. The penalty :math:`\tfrac\omega2\lVert\theta\rVert^2` is part
# of the loss, and whichever rule minimizes it, Newton's method or Adam, there is one minimizer.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

names = ("mean_radius", "mean_texture", "mean_smoothness", "mean_symmetry", "radius_error", "worst_concavity")
data = ot.datasets.breast_cancer().select(*names).standardized()
model = ot.models.LogisticRegression(data.features, data.targets)
design = np.column_stack([data.features, np.ones(data.n_samples)])


class Penalized:
    def __init__(self, weight, factor=1.0):
        self.n_samples = model.n_samples
        self.loss = lambda theta, batch=None: factor * model.loss(theta, batch) + 0.5 * weight * theta @ theta
        self.gradient = lambda theta, batch=None: factor * model.gradient(theta, batch) + weight * theta


def newton(penalty):
    theta = np.zeros(model.dim)
    for _ in range(40):
        gradient = model.gradient(theta) + penalty * theta
        theta = theta - np.linalg.solve(model.hessian(theta) + np.diag(penalty), gradient)
    return theta


# %%
# What AdamW minimizes instead
# ----------------------------
# At rest, on average, decay and step balance: :math:`\omega\theta_i = -g_i/\sqrt{v_i}`. So
# :math:`g_i + \omega\sqrt{v_i}\, \theta_i = 0`, as if the penalty of coordinate :math:`i` were
# :math:`\omega\sqrt{v_i}`, where :math:`v_i` is the mean square of the mini-batch's gradient. The more a coordinate's
# gradients scatter, the more it is decayed.


def spread(theta, batch_size=8):
    each = (1 / (1 + np.exp(-design @ theta)) - data.targets)[:, None] * design
    return np.sqrt(each.mean(axis=0) ** 2 + each.var(axis=0) / batch_size)


def balanced(decay):
    theta = newton(np.full(model.dim, decay * 0.05))
    for _ in range(15):
        theta = newton(decay * spread(theta))
    return theta


# %%
# Lines are predictions, marks are runs with batches of 8.


def falling(steps):
    return ot.CosineAnnealing(lr_max=0.02, lr_min=0.0, steps=steps)


def train(problem, rule, steps=2500):
    start = np.zeros(model.dim)
    return ot.minimize(problem, start, rule, max_steps=steps, batch_size=8, seed=0, record_theta=False).theta


decays, fine, lr = [0.03, 0.1, 0.3, 1.0], np.geomspace(0.02, 1.5, 20), falling(2500)
penalty_runs = [train(Penalized(decay), ot.Adam(lr=lr)) for decay in decays]
long = falling(20_000)  # a weak decay takes its time
decay_runs = [train(model, ot.AdamW(lr=long, weight_decay=decay), steps=20_000) for decay in decays]
penalty_lines = np.array([newton(np.full(model.dim, decay)) for decay in fine])
decay_lines = np.array([balanced(decay) for decay in fine])

fig, axes = plt.subplots(1, 2, figsize=(7.4, 4.2), sharey=True)
panels = [(penalty_lines, penalty_runs, ot.Adam), (decay_lines, decay_runs, ot.AdamW)]
for ax, (lines, runs, cls), title in zip(axes, panels, ["Adam with an L2 penalty", "AdamW"], strict=True):
    for i, dash in enumerate(["-", "--", "-.", ":", (0, (9, 3)), (0, (1, 4))]):
        ax.plot(fine, lines[:, i], color=ot.looks.color(cls), linestyle=dash, label=names[i].replace("_", " "))
        ax.plot(decays, [theta[i] for theta in runs], ot.looks.identity(cls).marker, color=ot.looks.color(cls))
    ax.set(xscale="log", xlabel="ω", title=title)
axes[0].set_ylabel("weight")
axes[0].legend(loc="upper right")

# %%
# At the same number AdamW shrinks far less here, since :math:`\sqrt{v_i}` is far below 1. Nor are the right curves
# the left ones at another scale: on the left the weight of the radius error shrinks like the others, on the right
# hardly.
#
# The unit of the loss
# --------------------
# Multiply the loss by a constant. Adam's steps do not change, and AdamW's do not either; against a penalty the loss
# gains weight.

factors = [0.1, 0.3, 1.0, 3.0, 10.0]
ends = {
    "Adam with an L2 penalty, ω = 0.1": [train(Penalized(0.1, c), ot.Adam(lr=lr)) for c in factors],
    "AdamW, ω = 0.1": [train(Penalized(0.0, c), ot.AdamW(lr=lr, weight_decay=0.1)) for c in factors],
}
length = {name: np.linalg.norm(thetas, axis=1) for name, thetas in ends.items()}

fig, ax = plt.subplots(figsize=(7, 3.6))
for (name, values), cls in zip(length.items(), [ot.Adam, ot.AdamW], strict=True):
    look = ot.looks.identity(cls)
    ax.plot(factors, values, color=ot.looks.color(cls), linestyle=(0, look.dash), marker=look.marker, label=name)
ax.set(xscale="log", xlabel="factor on the loss", ylabel="length of the weights", ylim=(0, 4.5))
ax.legend(loc="lower right")
ax.set_title("Decoupled decay does not see the unit of the loss")

# %%
# What was shown
# --------------

for decay, penalized, decayed in zip(decays, penalty_runs, decay_runs, strict=True):
    predicted = balanced(decay)
    assert np.allclose(penalized, newton(np.full(model.dim, decay)), atol=0.05)
    assert np.linalg.norm(decayed - predicted) < 0.03 * np.linalg.norm(predicted), decay
    assert np.linalg.norm(decayed) > 1.3 * np.linalg.norm(penalized)
assert penalty_runs[2][4] < 0.8 * penalty_runs[0][4]
assert decay_runs[2][4] > 0.9 * decay_runs[0][4]
with_penalty, decoupled = length.values()
assert np.ptp(decoupled) < 0.001 * min(decoupled) < min(decoupled) / 2 < np.ptp(with_penalty)

# %%
# **Take away.** A number for weight decay cannot be carried from Adam with a penalty to AdamW, nor back.
#
# **Try it.** Use all samples in every step, and 10,000 steps. Where does AdamW go now, and why nearly to the weights
# without any penalty?
#
# **Next.** :ref:`sphx_glr_gallery_beyond_plot_adam_nonconvergence.py`: a convex problem that Adam gets wrong.
