r"""
The floor of the noise falls with the rate
==========================================

With noisy gradients a constant rate does not arrive. It gets down to a floor and stays there, shaken by every new
error. A large rate gets down fast to a high floor, a small one slowly to a low one. A schedule has both. You will see
how exactly the floor is predicted, and five schedules on the same budget.
"""

# %%
# The recurrence behind it
# ------------------------
# Along a direction of curvature :math:`\lambda`, with errors of variance :math:`\sigma^2` in the gradients, the mean
# square :math:`V_k` of the error follows exactly
#
# .. math:: V_{k+1} = (1 - \alpha_k\lambda)^2\, V_k + \alpha_k^2\sigma^2 .
#
# Every line below is this recurrence; every mark is the mean over 4,000 runs, side by side in one array.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

steps, curvature, sigma, start = 1000, 1.0, 1.0, 10.0


def predicted(rate):
    square = [start**2]
    for k in range(steps):
        square.append((1 - rate(k) * curvature) ** 2 * square[-1] + rate(k) ** 2 * sigma**2)
    return np.array(square)


def measured(rate):
    rng = np.random.default_rng(0)
    stepper = ot.Stepper(ot.GradientDescent(lr=1.0), np.full(4000, start))
    square = [start**2]
    for k in range(steps):
        stepper.step(curvature * stepper.theta + sigma * rng.standard_normal(4000), rate(k))
        square.append(float((stepper.theta**2).mean()))
    return np.array(square)


# %%
# Constant rates
# --------------

constants = {f"α = {lr:g}": (lambda _, lr=lr: lr) for lr in (0.3, 0.1, 0.03, 0.01)}
blue, ink = ot.looks.color(ot.GradientDescent), ot.looks.LIGHT["ink"]
floors = {
    name: ot.theory.noise_floor(ot.GradientDescent(lr=rate(0)), [curvature], sigma**2)[0]
    for name, rate in constants.items()
}
found = {name: (predicted(rate), measured(rate)) for name, rate in constants.items()}

fig, ax = plt.subplots(figsize=(7, 4.2))
for (name, (line, runs)), dash, mark in zip(found.items(), ["-", "--", "-.", ":"], "os^D", strict=True):
    ax.plot(line, dash, color=blue, label=name)
    ax.plot(np.arange(0, steps, 60), runs[:steps:60], mark, color=blue, markersize=4)
    ax.axhline(floors[name], color=ink, linewidth=0.8)
ax.set(yscale="log", xlabel="step", ylabel="mean squared error", ylim=(2e-3, 200))
ax.legend(loc="upper right")
ax.set_title("A constant rate: fast to a high floor, or slowly to a low one")

# %%
# The thin lines are the floors :math:`\alpha\sigma^2/(\lambda(2-\alpha\lambda))`. The marks lie on the curves.
#
# Schedules on the same budget
# ----------------------------

rates = {
    "constant 0.1": lambda _: 0.1,
    "constant 0.01": lambda _: 0.01,
    "step: 0.1, halved every 150": ot.StepDecay(lr=0.1, factor=0.5, every=150),
    "cosine: 0.1 to 0": ot.CosineAnnealing(lr_max=0.1, lr_min=0.0, steps=steps),
    "1 / (λ (k + 1))": lambda k: 1 / (curvature * (k + 1)),
}
races = {name: (predicted(rate), measured(rate)) for name, rate in rates.items()}

fig, ax = plt.subplots(figsize=(7, 4.4))
for index, (name, (line, runs)) in enumerate(races.items()):
    ax.plot(line, color=f"C{index}", linestyle=["-", "--", "-.", ":", (0, (7, 1, 1, 1))][index], label=name)
    ax.plot(np.arange(1, steps, 60), runs[1:steps:60], "os^Dv"[index], color=f"C{index}", markersize=4)
ax.set(yscale="log", xlabel="step", ylabel="mean squared error", ylim=(5e-4, 200))
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
ax.set_title("A falling rate gets below every floor")

# %%
# The last one is the running mean of all noisy minima seen so far: after :math:`k` steps its mean square is exactly
# :math:`\sigma^2/(\lambda^2 k)`, and for normal errors no unbiased estimate can do better. It needs to know
# :math:`\lambda`, though. The other schedules come close to it, and need no more than a budget.
#
# What was shown
# --------------

for name, (line, runs) in (found | races).items():
    assert np.allclose(line[1:], runs[1:], rtol=0.12), name
assert all(abs(found[name][0][-1] / floors[name] - 1) < 0.01 for name in list(floors)[:3])
end = {name: line[-1] for name, (line, _) in races.items()}
assert np.isclose(end["1 / (λ (k + 1))"], sigma**2 / (curvature**2 * steps))
assert max(end["step: 0.1, halved every 150"], end["cosine: 0.1 to 0"]) < end["constant 0.01"] < end["constant 0.1"]

# %%
# **Take away.** Large steps first and small ones last, because a step must be long against the distance that is left
# and short against the noise that it brings.
#
# **Try it.** Set ``sigma`` to zero. Which schedule is best now, and what does that say about data that can be fitted
# exactly?
#
# **Next.** :ref:`sphx_glr_gallery_schedules_plot_how_fast.py`: a rate can also fall too fast.
