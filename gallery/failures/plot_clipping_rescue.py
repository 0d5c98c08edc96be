r"""
Clipping rescues a run that is thrown off a cliff, and what it cannot rescue
============================================================================

A network that is applied to its own output fifty times has a loss like a cliff: nearly flat, then a wall on which the
gradient is a thousand times as long. One step from the wall throws the parameters far away. You will see the throw,
how clipping prevents it, and that clipping does not help where the learning rate is simply too large.
"""

# %%
# Fifty times the same neuron
# ---------------------------
# The state starts at ½ and becomes :math:`w\,\sigma(x) + b` fifty times, with the logistic function :math:`\sigma`;
# the last :math:`\sigma(x)` should be 0.7. There are two parameters, so that the cliff can be drawn. The gradient is
# backpropagation through the fifty steps.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


class Recurrent:
    def states(self, theta):
        path = [np.full(theta.shape[:-1], 0.5)]
        for _ in range(50):
            path.append(theta[..., 0] / (1 + np.exp(-path[-1])) + theta[..., 1])
        return 1 / (1 + np.exp(-np.array(path)))

    def loss(self, theta):
        return (self.states(np.asarray(theta))[-1] - 0.7) ** 2

    def gradient(self, theta):
        s = self.states(np.asarray(theta))
        slope, by_w, by_b = 2 * (s[-1] - 0.7) * s[-1] * (1 - s[-1]), 0.0, 0.0
        for before in s[-2::-1]:
            by_w, by_b = by_w + slope * before, by_b + slope
            slope = slope * theta[..., 0] * before * (1 - before)
        return np.stack([by_w, by_b], axis=-1)


problem, start, rule = Recurrent(), np.array([6.0, -2.6]), ot.GradientDescent(lr=0.3)

# %%
# One start, with and without
# ---------------------------
# Where the gradient is longer than 0.1, clipping shortens it to this length and keeps its direction.

clip, steps = ot.clipping.ByNorm(0.1), 400
thrown, held = (ot.minimize(problem, start, rule, max_steps=steps, clip=one) for one in (None, clip))
w, b = np.meshgrid(np.linspace(3.5, 7, 161), np.linspace(-4.2, -0.5, 161))
height = problem.loss(np.stack([w, b], axis=-1))
orange, accent, ink = ot.looks.color("Momentum"), ot.looks.LIGHT["accent"], ot.looks.LIGHT["ink"]
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8))
left.contourf(w, b, height, [0, 0.02, 0.06, 0.12, 0.25, 0.5], cmap="Greys", alpha=0.5)
left.plot(*thrown.trace.theta.T, "x:", color=accent, ms=5, linewidth=0.9)
left.plot(*held.trace.theta.T, ".-", color=orange, ms=3, linewidth=0.9)
left.set(xlim=(3.5, 7), ylim=(-4.2, -0.5), xlabel="w", ylabel="b", title="Thrown off the cliff, or held")
for run, dash, color, name in ((thrown, ":", accent, "no clipping"), (held, "-", orange, "clipped to norm 0.1")):
    means = run.trace.loss[:-1].reshape(-1, 40).mean(axis=1)
    right.step(np.arange(0, steps, 40), means, dash, where="post", color=color, label=name)
right.set(xlabel="step", ylabel="mean loss of 40 steps", title="α = 0.3 for both", yscale="log")
right.legend()

# %%
# The unclipped run leaves the picture and ends on a plateau, from which nothing brings it back. The clipped one climbs
# down to the valley along the foot of the wall.
#
# A hundred starts
# ----------------
# A single run proves nothing, since where a throw lands is a matter of luck.

starts = np.random.default_rng(0).uniform([4.5, -3.4], [6.5, -2.0], size=(100, 2))
final = {}
for name, shorten in (("without", np.asarray), ("with", clip)):
    stepper, losses = ot.Stepper(rule, starts), []
    for _ in range(steps):
        stepper.step(shorten(problem.gradient(stepper.theta)))
        losses.append(problem.loss(stepper.theta))
    final[name] = np.median(losses[-100:], axis=0)

# %%
# What clipping cannot do
# -----------------------
# On a bowl of curvature 4 the rate must be below 0.5. At 0.6 gradient descent diverges. With clipping the run does not
# explode, since no step is longer than 0.6; but neither does it arrive. It jumps across the minimum for ever.

bowl, wrong = ot.surfaces.Bowl(curvature=4.0), ot.GradientDescent(lr=0.6)
runs = {
    "α = 0.6": ot.minimize(bowl, bowl.start, wrong, max_steps=60),
    "α = 0.6, clipped to norm 1": ot.minimize(bowl, bowl.start, wrong, max_steps=60, clip=ot.clipping.ByNorm(1.0)),
    "α = 0.3": ot.minimize(bowl, bowl.start, ot.GradientDescent(lr=0.3), max_steps=60),
}
fig, ax = plt.subplots(figsize=(7, 3.4))
for (name, run), color, dash in zip(runs.items(), (accent, orange, ink), (":", "-", "--"), strict=True):
    ax.plot(run.trace.loss, dash, color=color, label=name)
ax.set(yscale="log", ylim=(1e-12, 1e8), xlabel="step", ylabel="loss")
ax.set_title("Too large a rate: clipping hides it, a smaller rate cures it")
ax.legend(loc="upper right")

# %%
# What was shown
# --------------
# The wall's gradient is over a thousand times as long as the first one, and as the clipping norm; about a third of the
# starts arrive without clipping, and all of them with it; and on the bowl the clipped run keeps a loss of about the
# size that one clipped step can make.

assert thrown.trace.grad_norm.max() > 1000 * max(thrown.trace.grad_norm[0], 0.1)
assert thrown.loss > 0.08
assert np.median(held.trace.loss[-50:]) < 0.02
assert 0.3 < np.mean(final["without"] < 0.02) < 0.4
assert np.all(final["with"] < 0.02)
assert runs["α = 0.6"].loss > 1e8
assert 0.01 < runs["α = 0.6, clipped to norm 1"].loss < 10
assert runs["α = 0.3"].loss < 1e-12

# %%
# **Take away.** Clip where single gradients are absurdly long. Where every step is too long, lower the rate.
#
# **Try it.** Clip by value instead, ``ot.clipping.ByValue(0.1)``. Which starts fare better, and which worse?
#
# **Next.** :ref:`sphx_glr_gallery_failures_plot_clip_direction.py`: what clipping does to the direction.
