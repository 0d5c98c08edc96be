r"""
Criteria that are fooled
========================

Every criterion looks at a sign of being done, and each sign can be had without being done. Here are four deceptions:
a learning rate that is far too small, the crest of a wave, a saddle, and too few samples to validate with. Whoever has
seen them reads "converged" with more care.
"""

# %%
# Three runs that stop too soon
# -----------------------------
# A rate of 1e-8 changes the loss by less than 1e-6 in the first step, 18 kg² above the minimum. With strong momentum
# the loss rises and falls in waves, and hardly changes on each crest. At a saddle the gradient is short, and the way
# down has not begun. Each run goes on without its criterion, to show what was missed.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
penguins = ot.models.LinearRegression(birds.features, birds.targets)
ravine, saddle = ot.surfaces.Ravine(condition=50), ot.surfaces.Saddle()
L = {"penguins": ot.theory.spectrum(penguins)[-1], "ravine": ot.theory.spectrum(ravine)[-1]}
heavy = ot.Momentum(0.1 / L["ravine"], beta=0.99)
deceived = {
    "Loss change: a tiny rate": (penguins, np.zeros(4), ot.GradientDescent(1e-8), ot.LossChange(1e-6)),
    "Loss change: a crest": (ravine, [-4.5, 0.0], heavy, ot.LossChange(1e-4)),
    "Gradient norm: a saddle": (saddle, [-1.5, 1e-4], ot.GradientDescent(0.1), ot.GradientNorm(0.02)),
}
budget = dict(zip(deceived, (60, 800, 110), strict=True))
stopped, went_on = (
    {
        name: ot.minimize(problem, start, rule, max_steps=budget[name], stop=stop if use else ())
        for name, (problem, start, rule, stop) in deceived.items()
    }
    for use in (True, False)
)
for name, run in stopped.items():
    print(f"{name}: {run.message}")

# %%
# A sound run of the same problem, at the rate :math:`1/L`, shows how low the first one could be.

sound = ot.minimize(penguins, np.zeros(4), ot.GradientDescent(1 / L["penguins"]), max_steps=60)
lowest = {"penguins": penguins.loss(penguins.solution())}

# %%
# A fourth, that trusts 23 patients
# ---------------------------------
# Early stopping on the breast cancer data, 20 times, each time with another 23 patients to validate with. The other 261
# of the half that was held out say which step would have been best. Of every run each tenth step is looked at.


def early(seed):
    train, rest = ot.datasets.breast_cancer().split(0.5, seed=seed)
    like, parts = train.standardized(), (train, *rest.split(0.92, seed=seed))
    tables = [(part.standardized(like=like).features, part.targets) for part in parts]
    model, few, many = (ot.models.LogisticRegression(*table) for table in tables)
    rule = ot.GradientDescent(1 / ot.theory.smoothness(model))
    path = ot.minimize(model, np.zeros(model.dim), rule, max_steps=1500).trace.theta[10::10]
    promised, delivered = few.loss(path), many.loss(path)
    chosen, best = promised.argmin(), delivered.argmin()
    return 10 * (chosen + 1), 10 * (best + 1), promised[chosen], delivered[chosen], delivered[best]


chosen, wanted, promised, delivered, possible = np.array([early(seed) for seed in range(20)]).T

# %%
# The four pictures
# -----------------
# A cross marks where the criterion ended a run. In the last picture a point on the line would be a good choice.

accent, muted, plain = ot.looks.LIGHT["accent"], ot.looks.LIGHT["muted"], ot.looks.color("GradientDescent")
fig, axes = plt.subplots(2, 2, figsize=(7, 6.2))
fig.suptitle("Four signs of being done, had without being done", x=0.08, ha="left", fontsize=11.5, weight="bold")
for ax, (name, run) in zip(axes.flat, went_on.items(), strict=False):
    ax.plot(run.trace.loss, color=ot.looks.color(run.rule))
    ax.plot(stopped[name].steps, stopped[name].loss, "X", ms=10, color=accent)
    ax.set(title=name, xlabel="step", ylabel="loss")
axes[0, 0].plot(sound.trace.loss, "--", color=muted)
axes[0, 0].set_ylabel("loss (kg²)")
axes[0, 0].text(6, 2, f"the same with α = {1 / L['penguins']:.2g}", color=muted)
axes[0, 1].set(yscale="log", ylim=(1e-6, 50))
axes[1, 0].set(ylim=(-3, 1.2))
axes[1, 1].plot([30, 1500], [30, 1500], color=muted, linewidth=1)
axes[1, 1].plot(wanted, chosen, "o", color=plain, clip_on=False)
axes[1, 1].set(xscale="log", yscale="log", xlabel="best step for 261 patients", ylabel="best step for 23 patients")
axes[1, 1].set_title("Early stopping: a small jury")

# %%
# What these runs show
# --------------------
# The first stops after one step, with more than 99.9% of the gap left; the second while its loss is still to fall a
# hundredfold; the third while it could fall without end. And the 23 patients promise a loss that, in the median of 20
# splits, is about half of what is delivered.

tiny, crest, passing = stopped.values()
assert tiny.steps == 1
assert tiny.loss - lowest["penguins"] > 0.999 * (tiny.trace.loss[0] - lowest["penguins"])
assert crest.loss > 100 * went_on["Loss change: a crest"].loss
assert passing.trace.grad_norm[-1] < 0.02
assert went_on["Gradient norm: a saddle"].loss < -1
assert np.median(promised) < 0.6 * np.median(delivered)
assert np.median(delivered) > 1.05 * np.median(possible)

# %%
# **Take away.** A criterion that fires is a question, not an answer: look at the curve before you believe it.
#
# **Try it.** Give the jury 60 patients, ``rest.split(0.79, seed=seed)``. How much closer to the line are the points?
#
# **Next.** :ref:`sphx_glr_gallery_stopping_plot_patience.py`: the fourth criterion at its best.
