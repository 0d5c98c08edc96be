r"""
A network trains at the edge of stability
=========================================

On a quadratic gradient descent with the rate :math:`\alpha` explodes as soon as a curvature exceeds :math:`2/\alpha`.
Networks do something that the quadratic model does not explain. Their largest curvature, the *sharpness*, rises
during training until it reaches :math:`2/\alpha`, and then stays there. The loss goes up and down from step to step
and falls all the same. You will see it on real digits.
"""

# %%
# Sharpness without a Hessian
# ---------------------------
# The largest eigenvalue of the Hessian is found by power iteration, and the Hessian times a vector by a difference of
# two gradients. A network with 32 hidden units reads the value of 200 digits as a number; the loss is the mean
# squared error, and each step uses all samples, so there is no noise anywhere.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

digits = ot.datasets.digits()
pixels, values = digits.features[:200] / 16, (digits.targets[:200] - 4.5) / 2.87
model = ot.models.MLP(pixels, values, hidden=(32,), activation="tanh", task="regression")


def sharpness(theta, direction, rounds):
    for _ in range(rounds):
        along = model.gradient(theta + 1e-4 * direction) - model.gradient(theta - 1e-4 * direction)
        along /= 2e-4
        largest = float(along @ direction)
        direction = along / np.linalg.norm(along)
    return largest, direction


def train(lr, steps=900, every=20):
    stepper, losses, sharp = ot.Stepper(ot.GradientDescent(lr), model.init(seed=0)), [], []
    direction, rounds = np.random.default_rng(0).standard_normal(model.dim), 40
    direction /= np.linalg.norm(direction)
    for k in range(steps):
        if k % every == 0:
            largest, direction = sharpness(stepper.theta, direction, rounds)
            sharp.append(largest)
            rounds = 6
        losses.append(model.loss(stepper.theta))
        stepper.step(model.gradient(stepper.theta))
    return np.array(losses), np.array(sharp)


rates = [0.02, 0.04, 0.08]
trained = {lr: train(lr) for lr in rates}

# %%
# Dotted, for each rate, is the limit :math:`2/\alpha` of the quadratic model.

fig, ax = plt.subplots(figsize=(7, 4.2))
blue = ot.looks.color(ot.GradientDescent)
for lr, dash, mark in zip(rates, ["-", "--", "-."], "os^", strict=True):
    losses, sharp = trained[lr]
    ax.plot(np.arange(0, 900, 20), sharp, dash, color=blue, marker=mark, markersize=4, markevery=3, label=f"α = {lr}")
    ax.axhline(2 / lr, color=ot.looks.LIGHT["ink"], linewidth=1, linestyle=":")
    ax.annotate(f"2/α = {2 / lr:.0f}", (895, 2 / lr), xytext=(0, 3), textcoords="offset points", ha="right", fontsize=9)
ax.set(xlabel="step", ylabel="sharpness", ylim=(0, 112))
ax.legend(loc="lower right")
ax.set_title("Sharpness rises to 2/α and stays there")

# %%
# At the smallest rate the sharpness rises, which is called progressive sharpening, and has not come to its limit yet.
# At the two larger ones it reaches the limit and hovers.

fig, ax = plt.subplots(figsize=(7, 4.2))
for lr, dash in zip(rates, ["-", "--", "-."], strict=True):
    ax.plot(trained[lr][0], dash, color=blue, linewidth=1.2, label=f"α = {lr}")
ax.set(yscale="log", xlabel="step", ylabel="loss", ylim=(0.04, 3))
ax.legend(loc="upper right")
ax.set_title("The loss goes up in one step and down over many")

# %%
# The largest rate, at which the quadratic model of the start forbids training altogether (the first sharpness is 39,
# above 25), ends lowest. After a first jump the run finds a flatter place by itself.
#
# What was shown
# --------------

small, middle, large = (trained[lr] for lr in rates)
assert np.all(np.diff(small[0]) < 0)
assert small[1][0] < small[1][-1] < 100
for (losses, sharp), lr in [(middle, 0.04), (large, 0.08)]:
    assert np.all(np.abs(sharp[-20:] * lr / 2 - 1) < 0.05), lr
    assert (np.diff(losses) > 0).sum() > 50, lr
    assert losses[-1] < losses[0] / 5
assert round(large[1][0]) == 39 > 2 / 0.08
assert large[0][-1] < middle[0][-1] < small[0][-1]

# %%
# **Take away.** A loss that is not monotone is no proof of a rate that is too large, and a limit computed at the
# start is no limit for the run. Both statements are about networks; on a quadratic :math:`2/L` remains the end.
#
# **Try it.** Lower the rate from 0.08 to 0.04 at step 450. What does the sharpness do?
#
# **Next.** :ref:`sphx_glr_gallery_beyond_plot_newton.py`: using the curvature instead of fearing it.
