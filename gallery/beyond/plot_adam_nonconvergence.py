r"""
A convex problem on which Adam walks the wrong way
==================================================

On a line between -1 and 1 every third loss has the slope 3 and the others have the slope -1. Adding them up, the line
rises, so the best point is -1. Adam walks to +1, the worst, and stays there. You will see why, how AMSGrad mends it,
and for which settings it happens.
"""

# %%
# Three steps at a time
# ---------------------
# The example is Reddi, Kale and Kumar's, with :math:`\beta_1 = 0`, :math:`\beta_2 = 1/(1+C^2) = 0.1` and the rate
# :math:`0.5/\sqrt t`. After each step the point is put back into :math:`[-1, 1]`.

import math

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def walk(rule, steep=3, steps=3000):
    theta, state, path = np.float64(0.0), [], []
    for t in range(steps):
        path.append(float(theta))
        grad = float(steep) if t % steep == 0 else -1.0
        theta, *state = rule.update(theta, grad, 0.5 / math.sqrt(t + 1), *state)
        theta = np.clip(theta, -1.0, 1.0)
    return np.array(path)


# %%

rules = {
    "Adam": ot.Adam(beta1=0.0, beta2=0.1, eps=0.0),
    "AMSGrad": ot.AMSGrad(beta1=0.0, beta2=0.1, eps=0.0),
    "AdaGrad": ot.AdaGrad(eps=0.0),
    "gradient descent": ot.GradientDescent(lr=1.0),
}
paths = {name: walk(rule) for name, rule in rules.items()}

fig, ax = plt.subplots(figsize=(7, 4))
for (name, path), rule in zip(paths.items(), rules.values(), strict=True):
    look = ot.looks.identity(rule)
    style = {"color": ot.looks.color(rule), "linestyle": (0, look.dash or None), "marker": look.marker}
    ax.plot(np.arange(0, 3000, 3), path[::3], markevery=80, label=name, **style)
ax.set(xlabel="step", ylabel="θ", ylim=(-1.08, 1.08))
ax.legend(loc="center right")
ax.set_title("The best point is −1; Adam goes to +1")

# %%
# The reason is bookkeeping. When the large gradient comes, it stands in its own denominator and counts about
# :math:`3/\sqrt{0.9\cdot 9} = 1.05` rates to the left. By the time the small ones come, the average has forgotten it,
# and they count 0.76 and 0.97 to the right. What is rare and right is cut down, what is frequent and wrong is not.
# AMSGrad divides by the largest average so far, so that all three are measured with one ruler.
#
# How short a memory must be
# --------------------------
# The end point against :math:`\beta_2`, for losses with one steep slope :math:`C` and :math:`C - 1` slopes of -1 a
# period.

betas = np.concatenate([np.linspace(0, 0.9, 19), [0.93, 0.96, 0.98, 0.99, 0.999]])
ends = {C: [walk(ot.Adam(beta1=0.0, beta2=b), C, 6000)[-1] for b in betas] for C in (3, 10)}

fig, ax = plt.subplots(figsize=(7, 3.8))
for (C, values), dash, mark in zip(ends.items(), ["-", "--"], "Po", strict=True):
    ax.plot(betas, values, dash, marker=mark, markersize=4, color=ot.looks.color(ot.Adam), label=f"C = {C}, period {C}")
ax.set(xlabel="β₂", ylabel="end point", ylim=(-1.08, 1.08))
ax.legend(loc="lower left")
ax.set_title("Adam goes wrong where its memory is short against the period")

# %%
# With the customary 0.999 neither example harms. But for every :math:`\beta_2 < 1` there is a longer period that
# does: this is Theorem 2 of the paper. It is no verdict on Adam, whose :math:`\beta_2` one may choose after
# looking at the problem.
#
# What was shown
# --------------

t = np.arange(30_000)
long = {name: walk(rules[name], steps=30_000) for name in ("Adam", "AMSGrad")}
regret = {name: float((np.where(t % 3 == 0, 3.0, -1.0) * (path + 1)).mean()) for name, path in long.items()}
print("average regret:", regret)
assert long["Adam"][-1] > 0.95
assert abs(regret["Adam"] - 0.67) < 0.01
assert max(paths[name][-1] for name in ("AMSGrad", "AdaGrad", "gradient descent")) < -0.9
assert regret["AMSGrad"] < 0.05
wrong = {C: [b for b, end in zip(betas, values, strict=True) if end > 0] for C, values in ends.items()}
assert max(wrong[3]) < 0.5 < max(wrong[10]) < 0.98
assert max(values[-1] for values in ends.values()) < -0.9

# %%
# **Take away.** An average that forgets can cut down exactly the gradients that matter. If rare large gradients carry
# your signal, remember for longer.
#
# **Try it.** Draw the slopes at random, 3 with probability 0.34. Does the order matter, or only the frequency?
#
# **Next.** :ref:`sphx_glr_gallery_beyond_plot_saddle_ridge.py`: a place that no rule leaves by itself.
