r"""
AdaGrad slows down for good, RMSProp forgets and recovers
=========================================================

AdaGrad's sum of squares only grows, so that every rate only falls. Where the problem stays the same this is a blessing,
because the noise is averaged away; where it changes, old gradients weigh on new ones. RMSProp replaces the sum by an
average that forgets. You will see what each of them pays.
"""

# %%
# A constant gradient
# -------------------
# After :math:`t` equal gradients AdaGrad's sum is :math:`tg^2`, so its step is :math:`\alpha/\sqrt t`. RMSProp's
# average of the squares tends to :math:`g^2`, so its step tends to :math:`\alpha`. It starts too small, however, and
# nothing corrects for that: the first step is :math:`\alpha/\sqrt{1-\beta}`.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

rules = {"AdaGrad": ot.AdaGrad(lr=0.05), "RMSProp": ot.RMSProp(lr=0.05, beta=0.99)}


def looks(rule):
    look = ot.looks.identity(rule)
    return {"color": ot.looks.color(rule), "marker": look.marker, "linestyle": (0, look.dash)}


# %%
# Lines are runs, dots the closed forms.

steps, lengths = np.arange(1, 2001), {}
some = np.unique(np.geomspace(1, 2000, 25).astype(int))
fig, ax = plt.subplots(figsize=(7, 3.8))
for name, rule in rules.items():
    stepper, path = ot.Stepper(rule, [0.0]), [0.0]
    for _ in steps:
        stepper.step([3.0])
        path.append(float(stepper.theta[0]))
    lengths[name] = -np.diff(path) / rule.lr
    ax.plot(
        steps,
        lengths[name],
        label=ot.plot.label(name, ot.minimize(ot.surfaces.Bowl(), [1, 1], rule, max_steps=0)),
        **(looks(rule) | {"marker": ""}),
    )
    ax.plot(
        some,
        ot.theory.first_steps(rule, 2000, 3.0)[some - 1] / rule.lr,
        looks(rule)["marker"],
        color=looks(rule)["color"],
    )
ax.set(xscale="log", yscale="log", xlabel="step t", ylabel="step length / α")
ax.legend(loc="lower left")
ax.set_title("In a constant gradient AdaGrad's steps fall like 1/√t")

# %%
# The steps fall but their sum, about :math:`2\alpha\sqrt t`, grows without end: AdaGrad slows down and never quite
# stops.
#
# A target that jumps
# -------------------
# The loss is :math:`\tfrac12(\theta - c)^2`, each gradient has a random error of variance 1, and after 3,000 steps the
# target :math:`c` jumps from 0 to 2. Four hundred coordinates run side by side, each with errors of its own. The rate
# in force is what multiplies the gradient, read off a step.

jump, count = 3000, 400
error, rate = {}, {}
for name, rule in rules.items():
    rng = np.random.default_rng(0)
    stepper, error[name], rate[name] = ot.Stepper(rule, np.full(count, 1.0)), [], []
    for k in range(2 * jump):
        away = stepper.theta - 2.0 * (k >= jump)
        grad = away + rng.standard_normal(count)
        error[name].append(float((away**2).mean()))
        before = stepper.theta
        stepper.step(grad)
        rate[name].append(float(np.median((before - stepper.theta) / grad)))

# %%
fig, axes = plt.subplots(2, 1, figsize=(7, 5.4), sharex=True)
for name, rule in rules.items():
    axes[0].plot(error[name], label=f"{name}, α = {rule.lr:g}", markevery=400, **looks(rule))
    axes[1].plot(rate[name], markevery=400, **looks(rule))
axes[0].set(yscale="log", ylabel="mean squared error", title="Before the jump AdaGrad is closer, after it RMSProp is")
axes[1].set(
    yscale="log",
    xlabel="step",
    ylabel="rate in force",
    title="AdaGrad's rate only falls, RMSProp's finds its level again",
)
axes[0].legend(loc="lower right")

# %%
# While the target rests, the error of AdaGrad keeps falling, as its rate does, and RMSProp's stays on a floor. At the
# jump the two change places: RMSProp needs some dozens of steps for what takes AdaGrad nearly three thousand. AdaGrad's
# rate even falls faster for a while, since the large gradients after the jump are added to its sum.
#
# What was shown
# --------------

adagrad, rmsprop = error["AdaGrad"], error["RMSProp"]
assert np.allclose(lengths["AdaGrad"], 1 / np.sqrt(steps))
assert np.isclose(lengths["RMSProp"][0], 10)
assert adagrad[jump - 1] < rmsprop[jump - 1] / 3
recovered = {name: next((k for k, e in enumerate(error[name][jump:]) if e < 0.1), None) for name in rules}
print("steps until the error is below 0.1 again:", recovered)
assert abs(recovered["RMSProp"] - 44) <= 1
assert 2800 < recovered["AdaGrad"] < 3000
assert np.all(np.diff(rate["AdaGrad"]) <= 0)

# %%
# **Take away.** A sum suits a problem that stays, an average one that changes. Neither is the better rule.
#
# **Try it.** Give RMSProp a rate that falls like :math:`1/\sqrt t`. What does it keep, and what does it lose?
#
# **Next.** :ref:`sphx_glr_gallery_adaptive_plot_bias_correction.py`: the tenfold first step, and who corrects it.
