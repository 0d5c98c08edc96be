r"""
What happens as the learning rate is turned up?
===============================================

Four things, in this order: the run crawls, converges, oscillates, explodes. You will see them on real data, watch one
number change its sign on the way, and see that the borders are not matters of taste. They are at 1 and 2 divided by the
largest curvature.
"""

# %%
# The factor of each direction
# ----------------------------
# Body mass of penguins from three lengths, standardized: a quadratic with four directions. A step multiplies the
# error along a direction of curvature :math:`\lambda` by :math:`1 - \alpha\lambda`. All four factors are lines.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(birds.features, birds.targets)
curvatures, directions = np.linalg.eigh(model.hessian())
largest, best = curvatures[-1], model.solution()
ink, muted = ot.looks.LIGHT["ink"], ot.looks.LIGHT["muted"]

rates = np.linspace(0, 0.6, 200)
fig, ax = plt.subplots(figsize=(7, 4.2))
ax.axhspan(-1, 1, color=muted, alpha=0.15, lw=0)
for curvature, dash in zip(curvatures, ("-", "--", "-.", ":"), strict=True):
    ax.plot(rates, 1 - rates * curvature, linestyle=dash, label=f"λ = {curvature:.2f}")
for rate, name in [(1 / largest, "1/L"), (2 / largest, "2/L")]:
    ax.axvline(rate, color=ink, linewidth=1)
    ax.text(rate + 0.005, 1.08, name)
ax.set(xlabel="learning rate α", ylabel="factor 1 − αλ per step", ylim=(-1.5, 1.25), xlim=(0, 0.6))
ax.set_title("Beyond 2/L the steepest factor leaves the band from −1 to 1")
ax.legend()

# %%
# Four places on the dial
# -----------------------
# The error along the steepest direction, which is the first to react. At 0.001 it hardly moves; below :math:`1/L` it
# falls without overshooting; between :math:`1/L` and :math:`2/L` every step lands on the other side, nearer than
# before; beyond, farther away.

dial = {"crawls": 0.001, "converges": 0.6 / largest, "oscillates": 1.9 / largest, "explodes": 2.1 / largest}
runs = {name: ot.minimize(model, np.zeros(4), ot.GradientDescent(lr), max_steps=40) for name, lr in dial.items()}
along = {name: (run.trace.theta - best) @ directions[:, -1] for name, run in runs.items()}

fig, axes = plt.subplots(2, 2, figsize=(7, 4.2), sharex=True)
for ax, (name, error), mark in zip(axes.flat, along.items(), "osD^", strict=True):
    ax.axhline(0, color=muted, linewidth=1)
    ax.plot(error[:21] / error[0], marker=mark, markersize=4, color=ot.looks.color(ot.GradientDescent))
    ax.set_title(f"α = {dial[name]:.3g} {name}", fontsize=10.5)
fig.supxlabel("step", fontsize=10)
fig.supylabel("error along the steepest direction / its start", fontsize=10)
fig.suptitle("One direction: crawl, converge, oscillate, explode", x=0.08, ha="left", fontsize=11.5, weight="bold")

# %%
# The loss tells less
# -------------------
# On a logarithmic axis the four losses. The oscillating run's falls smoothly all the same, because on a quadratic an
# overshoot that lands nearer is lower: *a loss that falls smoothly does not mean that the parameters do*. Two popular
# rates are added: 1 and 10 explode on this loss, and overflow after 321 and 97 steps.

more = {f"α = {lr:g}": ot.minimize(model, np.zeros(4), ot.GradientDescent(lr), max_steps=500) for lr in (1.0, 10.0)}
fig, ax = plt.subplots(figsize=(7, 4.2))
shown = {f"{name}": run for name, run in runs.items()} | more
for (name, run), mark, dash in zip(shown.items(), "osD^vP", ("-", "--", "-.", ":", "-", "--"), strict=True):
    gap = run.trace.loss[:41] - model.loss(best)
    ax.plot(np.where(gap < 1e6, gap, np.nan), dash, marker=mark, markevery=4, label=name)
ax.set(yscale="log", xlabel="step", ylabel="loss above the minimum (kg²)", ylim=(1e-5, 1e5))
ax.set_title("The loss shows three of the four")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=3)
for name, run in more.items():
    print(name, run.message)

# %%
# What was shown
# --------------

assert 0.9 < along["crawls"][20] / along["crawls"][0] < 1
assert (np.diff(np.abs(along["converges"])[:15]) < 0).all()
assert (along["converges"][:15] * along["converges"][0] > 0).all()  # it never changes sides
assert (along["oscillates"][1:] * along["oscillates"][:-1] < 0).all()  # always
assert (np.diff(runs["oscillates"].trace.loss) < 0).all()  # and the loss falls at every step
assert abs(along["explodes"][20]) > 2 * abs(along["explodes"][0])
assert [run.steps for run in more.values()] == [321, 97]
assert all(run.reason is ot.StopReason.DIVERGED for run in more.values())

# %%
# **Take away.** Turn the dial up until the run oscillates, and a little down. On a quadratic the fastest rate,
# :math:`2/(L+\mu)`, lies between :math:`1/L` and :math:`2/L`: it oscillates.
#
# **Try it.** How many steps does each of the rates 0.001, 0.01, 0.1 need to lower the gap a thousand times?
#
# **Next.** :ref:`sphx_glr_gallery_learning_rate_plot_parameter_scale.py`: the dial has units.
