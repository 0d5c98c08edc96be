r"""
Clipping by value turns the direction, clipping by norm does not
================================================================

Both kinds of clipping keep steps short. Clipping by norm shortens the gradient as it is. Clipping by value cuts each
coordinate by itself, so that large coordinates lose and small ones do not, and the step
points elsewhere. You will see how far it turns: always by less than a right angle, on a network by up to 52 degrees.
"""

# %%
# The same ravine, three times
# ----------------------------
# At equal distances a step across the ravine is fifty times as long as one along it. Clipped by norm, the path
# starts in the same direction. Clipped by value, both coordinates are cut to the same size, and it starts along the
# diagonal.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

ravine = ot.surfaces.Ravine(condition=50)
start, rule = np.array([-4.0, 1.1]), ot.GradientDescent(lr=0.03)
clips = {"no clipping": None, "by norm, 2": ot.clipping.ByNorm(2.0), "by value, 2": ot.clipping.ByValue(2.0)}
runs = {name: ot.minimize(ravine, start, rule, max_steps=40, clip=clip) for name, clip in clips.items()}

accent, muted, ink = (ot.looks.LIGHT[name] for name in ("accent", "muted", "ink"))
looks = zip((muted, ot.looks.color("Momentum"), accent), (":", "-", "--"), "xos", strict=True)
fig, ax = plt.subplots(figsize=(7, 3.4))
ot.plot.contour(ax, ravine)
for (name, run), (color, dash, marker) in zip(runs.items(), looks, strict=True):
    ax.plot(*run.trace.theta.T, dash, marker=marker, ms=4, color=color, label=name)
ax.plot(*start, "o", ms=10, color=ink, markerfacecolor="none")
ax.set_title("By norm: across the ravine, as the gradient says. By value: diagonal")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=3)

# %%
# How far the direction turns
# ---------------------------
# The angle between a gradient and its clipped version, for a network with 2,410 parameters on handwritten digits. Of
# each gradient on the way of a training run, the limit is chosen such that clipping takes away half of its length,
# and then nine tenths of it.

digits = ot.datasets.digits()
model = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,))
path = ot.minimize(model, model.init(seed=0), ot.Adam(lr=0.01), max_steps=60, batch_size=64, seed=0).trace.theta
batches = ot.sampling.shuffled_batches(model.n_samples, 64, np.random.default_rng(1))
gradients = [model.gradient(theta, batch=next(batches)) for theta in path]


def angle(a, b):
    return np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


def clipped(grad, share):
    low, high = 0.0, np.abs(grad).max()
    for _ in range(40):
        limit = (low + high) / 2
        short = np.linalg.norm(ot.clipping.ByValue(limit)(grad)) < share * np.linalg.norm(grad)
        low, high = (limit, high) if short else (low, limit)
    return ot.clipping.ByValue(high)(grad)


turned = {share: np.array([angle(grad, clipped(grad, share)) for grad in gradients]) for share in (0.5, 0.1)}
kept = max(angle(grad, ot.clipping.ByNorm(0.1 * np.linalg.norm(grad))(grad)) for grad in gradients)
signs = np.array([angle(grad, np.sign(grad)) for grad in gradients])

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.plot(signs, ":", color=muted, label="signs only: the limit → 0")
ax.plot(turned[0.1], "--", color=accent, label="by value, to a tenth of the length")
ax.plot(turned[0.5], "-.", color=accent, label="by value, to half of the length")
ax.plot([0, len(path)], [0, 0], color=ot.looks.color("Momentum"), label="by norm, to any length")
ax.set(ylim=(-3, 92), yticks=(0, 30, 60, 90), xlabel="step", ylabel="angle (degrees)")
ax.set_title("By value the direction turns, more the harder one clips")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=2)

# %%
# The smaller the limit, the nearer is the clipped gradient to a vector of signs. It never turns by a right angle or
# more: each coordinate keeps its sign, so the product with the gradient is positive, and a short enough step still
# goes down.
#
# What was shown
# --------------
# By norm the angle is zero up to rounding. By value it is about 30 degrees at half the length and 40 to 52 at a tenth;
# the limit is the angle to the signs, of which :math:`\cos \ge 1 / \sqrt d`.

assert kept < 1e-3
assert 25 < turned[0.5].min() < turned[0.5].max() < 40 < turned[0.1].min() < turned[0.1].max() < 52.5
assert np.all(turned[0.5] < turned[0.1])
assert np.all(turned[0.1] < signs + 1e-9)
assert np.all(np.cos(np.radians(signs)) > 1 / np.sqrt(model.dim))
first = {name: run.trace.theta[1] - run.trace.theta[0] for name, run in runs.items()}
assert angle(first["no clipping"], first["by norm, 2"]) < 1e-3
assert angle(first["no clipping"], first["by value, 2"]) > 40

# %%
# **Take away.** If single gradients are too long, clip by norm: it changes how far one goes, and not where to.
#
# **Try it.** In the ravine, set the limits to 0.5. Which of the two paths comes nearer to the minimum in 40 steps,
# and why?
#
# **Next.** :ref:`sphx_glr_gallery_failures_plot_no_progress.py`: runs that do not move at all.
