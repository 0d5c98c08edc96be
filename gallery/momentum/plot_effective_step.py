"""
Why momentum's steps grow to lr / (1 - beta)
============================================

Feed a rule gradients that you choose yourself, and its memory becomes visible. Gradients that agree add up to a limit,
gradients that alternate cancel, and when a schedule cuts the rate, the two conventions for the velocity, equal until
then, part company. Whoever carries a learning rate from one program to another needs all three.
"""

# %%
# Ones forever, and ones of alternating sign
# ------------------------------------------
# With the gradient 1 at every step the velocity is :math:`1 + \beta + \beta^2 + \dots`, which tends to
# :math:`1 / (1 - \beta)`. With :math:`+1, -1, +1, \dots` its size tends to :math:`1 / (1 + \beta)`.

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def steps(rule, gradients):
    stepper, path = ot.Stepper(rule, [0.0]), [0.0]
    for gradient in gradients:
        stepper.step([gradient])
        path.append(float(stepper.theta[0]))
    return -np.diff(path)


# %%
# The size of each step is shown in units of the learning rate, so gradient descent would stay at 1 in both panels. The
# dotted lines are the limits.

marks = {0.5: "o", 0.8: "^", 0.9: "s"}
agreeing, alternating = np.ones(30), (-1.0) ** np.arange(30)
orange, ink = ot.looks.color(ot.Momentum), ot.looks.LIGHT["ink"]

fig, axes = plt.subplots(1, 2, figsize=(7, 3.6), sharex=True)
for beta, marker in marks.items():
    rule = ot.Momentum(lr=0.01, beta=beta)
    style = {"label": f"β = {beta}", "marker": marker, "linestyle": "none", "color": orange}
    axes[0].plot(steps(rule, agreeing) / rule.lr, **style)
    axes[1].plot(np.abs(steps(rule, alternating)) / rule.lr, **style)
    axes[0].axhline(1 / (1 - beta), color=ink, linewidth=1, linestyle=":")
    axes[1].axhline(1 / (1 + beta), color=ink, linewidth=1, linestyle=":")
axes[0].set(xlabel="step", ylabel="step length / α", ylim=(0, 10.6), title="Agreement adds up …")
axes[1].set(xlabel="step", ylim=(0, 1.06), title="… contradiction cancels")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=4)

# %%
# At :math:`\beta = 0.9` the agreeing steps are ten times a gradient step and the alternating ones about half of one:
# a ratio of 19 between the two directions, from one number.
#
# The same rule in two conventions
# --------------------------------
# Here and in PyTorch the velocity sums gradients and the rate multiplies it. In Keras and in the classical papers the
# rate stands inside. A third form, the average, has its own scale: :math:`1 - \beta` inside.


@dataclass(frozen=True)
class RateInside:
    lr: object
    beta: float = 0.9

    def update(self, theta, grad, lr, v=0.0):
        v = self.beta * v - lr * grad
        return theta + v, v


@dataclass(frozen=True)
class Averaged(RateInside):
    def update(self, theta, grad, lr, v=0.0):
        v = self.beta * v + (1 - self.beta) * grad
        return theta - lr * v, v


# %%
# The gradient is 1 throughout, and the rate is cut to a tenth at step 40.

cut = ot.StepDecay(lr=0.01, factor=0.1, every=40)
rules = {"rate outside": ot.Momentum, "rate inside": RateInside, "average": Averaged}
walks = {name: steps(rule(lr=cut, beta=0.9), np.ones(80)) for name, rule in rules.items()}

fig, ax = plt.subplots(figsize=(7, 4.2))
styles = [("-", "s", orange), ("--", "o", ot.looks.LIGHT["OTHER"]), ("-.", "^", ot.looks.LIGHT["muted"])]
for (name, walk), (dash, marker, color) in zip(walks.items(), styles, strict=True):
    style = {"linestyle": dash, "marker": marker, "color": color, "markevery": 8}
    ax.plot(walk, label=f"{name} (α = 0.01, then 0.001; β = 0.9)", **style)
ax.set(xlabel="step", ylabel="step length", title="After the cut: rate outside brakes, rate inside coasts")
ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.16))

# %%
# Until the cut the first two curves are one. After it, the rate outside brakes at once: old gradients are multiplied by
# the new rate. The rate inside coasts: old gradients keep the rate they came with and fade over about
# :math:`1 / (1 - \beta)` steps, the first of them nine times as long. The average takes the steps of gradient descent
# once it has warmed up.
#
# What was shown
# --------------

for beta in marks:
    rule = ot.Momentum(lr=0.01, beta=beta)
    assert np.isclose(steps(rule, np.ones(400))[-1], rule.lr / (1 - beta))
    assert np.isclose(abs(steps(rule, (-1.0) ** np.arange(400))[-1]), rule.lr / (1 + beta))
outside, inside = walks["rate outside"], walks["rate inside"]
assert np.allclose(outside[:40], inside[:40], rtol=1e-12)
assert np.isclose(inside[40] / outside[40], 9.1, atol=0.1)

# %%
# **Take away.** At the same rate, momentum's steps are :math:`1/(1-\beta)` times as long as gradient descent's where
# gradients agree. Before comparing two programs, ask where each of them keeps the rate.
#
# **Try it.** Warm-up raises the rate instead of cutting it. Which convention reaches full speed first, and by how much?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_phase_diagram.py`: which pairs of rate and momentum converge at all.
