r"""
AdaGrad gives a rare feature the rate that it needs
===================================================

In text and in recommendations most features are absent from most samples. A weight whose feature is rare gets few
gradients, and with one rate for all it either learns from too few of them or the frequent ones never settle. AdaGrad
divides by the root of the sum of squared gradients, so that a rare weight keeps a large rate. You will see both on one
pass through a stream of samples, and then the guarantee that comes with the rule.
"""

# %%
# A stream of rare features
# -------------------------
# Forty features that are present or absent; the :math:`j`-th is present in a share :math:`0.9/j` of the samples, as
# words are in texts. Labels follow a logistic model with weights of 1.5 and -1.5. Each of the 4,000 samples is seen
# once: predict, pay the loss, learn, go on.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

rng = np.random.default_rng(0)
present = (rng.random((4000, 40)) < 0.9 / np.arange(1, 41)).astype(float)
true_weights = rng.choice([-1.5, 1.5], size=40)
labels = (rng.random(4000) < 1 / (1 + np.exp(-present @ true_weights))).astype(float)
counts = present.sum(axis=0)


def stream(rule):
    stepper, thetas, grads = ot.Stepper(rule, np.zeros(40)), [], []
    for x, y in zip(present, labels, strict=True):
        thetas.append(stepper.theta)
        grads.append((1 / (1 + np.exp(-x @ stepper.theta)) - y) * x)
        stepper.step(grads[-1])
    return np.array(thetas), np.array(grads)


# %%
# The yardstick is the best that one fixed vector of weights could have done, known only in hindsight: a few Newton
# steps find it. The total loss beyond that is called *regret*.


def losses(thetas):
    scores = (present * thetas).sum(axis=1)
    return np.logaddexp(0, scores) - labels * scores


best = np.zeros(40)
for _ in range(12):
    odds = 1 / (1 + np.exp(-present @ best))
    best -= np.linalg.solve((present.T * odds * (1 - odds)) @ present, present.T @ (odds - labels))

candidates = {
    "gradient descent": [ot.GradientDescent(lr) for lr in (0.03, 0.1, 0.3)],
    "AdaGrad": [ot.AdaGrad(lr, eps=0.0, eps_root=1e-300) for lr in (0.1, 0.3, 1.0)],
}
runs = [(name, rule, *stream(rule)) for name, rules in candidates.items() for rule in rules]
regret = [np.cumsum(losses(thetas) - losses(best)) for _, _, thetas, _ in runs]

# %%
# Frequent and rare weights
# -------------------------
# What the last quarter of the stream still got wrong, weight by weight.

fig, ax = plt.subplots(figsize=(7, 4.4))
error = [np.abs(thetas[3000:] - best).mean(axis=0) for _, _, thetas, _ in runs]
for (name, rule, *_), wrong, dash in zip(runs, error, 2 * ["-", "--", ":"], strict=True):
    averaged = [group.mean() for group in np.split(wrong, 8)]
    frequency = [group.mean() for group in np.split(counts, 8)]
    look = {"color": ot.looks.color(rule), "linestyle": dash, "marker": ot.looks.identity(rule).marker}
    ax.plot(frequency, averaged, label=f"{name}, α = {rule.lr:g}", **look)
ax.set(xscale="log", yscale="log", xlabel="times that the feature was present (means of five weights)")
ax.set(ylabel="mean error of the weight")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title("Frequent weights want a small rate, rare ones a large one")

# %%
# At 0.1, its best rate for the five most frequent features, gradient descent is more than twice as far from the rare
# weights as at 0.3. At 0.3, its best for the rare ones, the frequent ones shake. AdaGrad at 1.0 serves both ends.
#
# The regret and its guarantee
# ----------------------------

fig, ax = plt.subplots(figsize=(7, 4.2))
steps = np.arange(1, 4001)
for index, dash in [(1, "-"), (5, "--")]:
    name, rule, thetas, grads = runs[index]
    look = {"color": ot.looks.color(rule), "marker": ot.looks.identity(rule).marker, "markevery": 400}
    ax.plot(steps, regret[index] / steps, label=f"{name}, α = {rule.lr:g}", linestyle=dash, **look)
diameter = np.abs(runs[5][2] - best).max()
ends = np.arange(250, 4001, 250)
bounds = [ot.theory.adagrad_regret_bound(runs[5][3][:end], diameter, lr=1.0) / end for end in ends]
ax.plot(ends, bounds, ":", color=ot.looks.LIGHT["ink"], label="AdaGrad's guarantee")
ax.set(yscale="log", xlabel="samples seen", ylabel="regret per sample", ylim=(0.02, 20))
ax.legend(loc="upper right")
ax.set_title("The regret per sample falls, well below its guarantee")

# %%
# The guarantee holds for every sequence of convex losses, even one invented by an opponent, so it cannot be tight on
# this one. It is an order of magnitude above what happened, and falls like one over the root of the number of samples.
#
# What was shown
# --------------

frequent, rare = np.array([[wrong[:5].mean(), wrong[-15:].mean()] for wrong in error]).T
assert frequent[:3].argmin() == 1
assert rare[:3].argmin() == 2
assert rare[1] > 2 * rare[2]
assert rare[1] > 2 * rare[5]
assert frequent[2] > 2 * frequent[5]
assert regret[5][-1] < 0.8 * min(total[-1] for total in regret[:3])
assert all(regret[5][end - 1] < bound * end for end, bound in zip(ends, bounds, strict=True))
assert 8 < bounds[-1] * 4000 / regret[5][-1] < 20  # the order of magnitude to spare

# %%
# **Take away.** Where features differ in how often they occur, no single rate is right, and AdaGrad's is close.
#
# **Try it.** Give gradient descent the falling rate :math:`\alpha/\sqrt{t+1}`. Does that replace AdaGrad here?
#
# **Next.** :ref:`sphx_glr_gallery_adaptive_plot_adagrad_stops.py`: the same sum of squares, when the target moves.
