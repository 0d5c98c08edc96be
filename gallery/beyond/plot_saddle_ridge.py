r"""
On the ridge of a saddle nothing moves, beside it everything does
=================================================================

"Gradient descent gets stuck at a saddle while Adam escapes" is a popular demonstration. You will see that exactly on
a ridge along an axis no deterministic rule of this book escapes, Adam included; that beside it all do, after a time
which can be computed; and that what makes Adam look clever here is that its steps do not shrink with the gradient.
"""

# %%
# How long gradient descent takes
# -------------------------------
# On :math:`\tfrac12(x^2 - y^2)` the step in :math:`y` is a multiplication by :math:`1+\alpha`, so
# :math:`y_k = (1+\alpha)^k y_0`, and the distance 1 is reached after :math:`\ln(1/|y_0|)/\ln(1+\alpha)` steps.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

saddle = ot.surfaces.Saddle()
rules = {
    "gradient descent": ot.GradientDescent(lr=0.1),
    "momentum": ot.Momentum(lr=0.1, beta=0.9),
    "Adam": ot.Adam(lr=0.1),
}
offsets = 10.0 ** np.arange(-12, 0)


def escape(rule, offset, steps=500):
    # A quadratic saddle has no bottom, so a run that has left is not followed any further.
    stepper = ot.Stepper(rule, [-1.5, offset])
    for step in range(steps):
        if abs(stepper.theta[1]) >= 1:
            return step
        stepper.step(saddle.gradient(stepper.theta))
    return np.inf


times = {name: [escape(rule, offset) for offset in offsets] for name, rule in rules.items()}
predicted = {name: ot.theory.escape_time(rules[name], saddle, offsets) for name in ("gradient descent", "momentum")}

fig, ax = plt.subplots(figsize=(7, 4))
for name, rule in rules.items():
    color, look = ot.looks.color(rule), ot.looks.identity(rule)
    ax.plot(offsets, times[name], look.marker, color=color, label=f"{name} (α = 0.1), runs")
    if name in predicted:
        ax.plot(offsets, predicted[name], color=color, linestyle=(0, look.dash or None), label=f"{name}, predicted")
ax.set(
    xscale="log", xlabel="distance from the ridge at the start", ylabel="steps until the distance is 1", ylim=(0, 310)
)
ax.legend(loc="upper right")
ax.set_title("A thousand times closer costs gradient descent 72 steps more")

# %%
# The time grows with the logarithm of the closeness only: one does not get stuck at a saddle, one is delayed. Adam's
# steps have a length of about its rate however small the gradient is, down to the size of epsilon, so that it takes
# ten steps or so from almost anywhere.
#
# Exactly on the ridge
# --------------------
# There the partial derivative in :math:`y` is zero, and zero divided by a positive number is zero. A little noise in
# the gradients is enough to be rid of the problem.

stuck = {name: escape(rule, 0.0, steps=2000) for name, rule in rules.items()}
print("on the ridge:", stuck)


def noisy_escapes(noise, count=1000, steps=300, lr=0.1):
    rng = np.random.default_rng(0)
    stepper, left = ot.Stepper(ot.GradientDescent(lr=lr), np.zeros(count)), np.full(count, np.inf)
    for step in range(1, steps):
        stepper.step(-np.clip(stepper.theta, -2, 2) + noise * rng.standard_normal(count))
        left = np.where((np.abs(stepper.theta) >= 1) & np.isinf(left), step, left)
    return left


fig, ax = plt.subplots(figsize=(7, 3.8))
for noise, dash in [(1e-1, "-"), (1e-3, "--"), (1e-6, ":")]:
    left = noisy_escapes(noise)
    share = [(left <= step).mean() for step in range(300)]
    ax.plot(share, dash, color=ot.looks.color(ot.GradientDescent), label=f"noise of {noise:g}")
ax.axhline(0, color=ot.looks.LIGHT["ink"], linewidth=1)
ax.annotate("without noise: never", (299, 0), xytext=(0, 5), textcoords="offset points", ha="right", fontsize=9)
ax.set(xlabel="step", ylabel="share that has left the ridge", ylim=(-0.04, 1.04))
ax.legend(loc="center right")
ax.set_title("Started on the ridge: any noise will do")

# %%
# What was shown
# --------------

for name, line in predicted.items():
    late = 0 if name == "gradient descent" else 1
    assert all(np.ceil(line) <= np.array(times[name])), name
    assert all(np.array(times[name]) <= np.ceil(line) + late), name
assert np.isclose(np.log(1000) / np.log(1.1), 72.48, atol=0.01)
assert max(times["Adam"]) <= 15
assert set(stuck.values()) == {np.inf}
assert all(np.isfinite(noisy_escapes(noise)).all() for noise in (1e-1, 1e-3, 1e-6))

# %%
# **Take away.** Saddles delay, and where they follow on each other one delay may multiply the next. "Stuck for ever"
# needs a start on a set of measure zero and exact arithmetic without noise.
#
# **Try it.** Start Adam at a distance of 1e-12 with ``eps=1e-6``. Why does it take so long now?
#
# **Next.** :ref:`sphx_glr_gallery_beyond_plot_edge_of_stability.py`: training where it should not be possible.
