r"""
One bad number in the data
==========================

A missing decimal point turns a flipper of 203 mm into one of 2,030 mm. "Check for extreme values", says the advice
against divergence. You will see that it depends on where the value stands: in a feature it makes a good rate diverge;
in a target it does not, and does its harm in silence.
"""

# %%
# Three tables
# ------------
# The penguins as they are; with one flipper ten times too long; and with one body mass in grams among kilograms. The
# features are standardized with the mean and the scale of the sound table, as those of a model in use would be.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins()
scaled = birds.standardized()
long, heavy = birds.features.copy(), birds.targets.copy()
long[100, 2] *= 10
heavy[100] *= 1000
tables = {
    "sound": (scaled.features, birds.targets),
    "bad feature": ((long - scaled.mean) / scaled.scale, birds.targets),
    "bad target": (scaled.features, heavy),
}
sound, bad_feature, bad_target = models = [ot.models.LinearRegression(*table) for table in tables.values()]
limits = [2 / ot.theory.spectrum(model)[-1] for model in models]
for name, limit in zip(tables, limits, strict=True):
    print(f"{name:12} limit 2/L = {limit:.3g}")

# %%
# What happens at a good rate
# ---------------------------
# The Hessian of a linear regression is :math:`\tfrac2n X^\top X`: the features decide which rates are stable, the
# targets have no say. One feature value 130 standard deviations from the mean raises :math:`L` by a factor of 25.

runs = [ot.minimize(model, np.zeros(4), ot.GradientDescent(lr=0.2), max_steps=200) for model in models]
ink, accent, orange = ot.looks.LIGHT["ink"], ot.looks.LIGHT["accent"], ot.looks.color("Momentum")
fig, left = plt.subplots(figsize=(7, 3.4))
for name, run, color, dash in zip(tables, runs, (ink, accent, orange), ("-", ":", "--"), strict=True):
    left.plot(run.trace.loss[:40], dash, color=color, label=name)
left.set(
    yscale="log",
    ylim=(0.1, 1e9),
    xlabel="step",
    ylabel="mean squared error (kg²)",
    title="Only the bad feature diverges",
)
left.legend(loc="upper right", title="α = 0.2")

# %%
# The run with the bad target converges quietly, to the wrong place: predictions are 13.8 kg too high on average. No
# curve gives this away, except that the loss stays large.
#
# Cures
# -----
# Small batches with clipping limit what one sample can do to a step. On the sound birds, clipped runs are nearly as
# good as if the bad number were not there; without clipping they are not. Removing the number is better still.

clip, rule = ot.clipping.ByNorm(1.0), ot.GradientDescent(lr=0.01)
errors = {}
for name, model in zip(tables, models, strict=True):
    for way, limit in (("plain", None), ("clipped", clip)):
        run = ot.minimize(model, np.zeros(4), rule, max_steps=40 * 342, batch_size=1, seed=0, clip=limit)
        late = run.trace.theta[-342 * 5 :].mean(axis=0) if run.reason is not ot.StopReason.DIVERGED else run.theta
        errors[name, way] = sound.loss(late)
        print(f"{name:12} {way:8} error on the sound table {errors[name, way]:.3g} kg²")

fig, right = plt.subplots(figsize=(7, 3.4))
places = np.arange(3)
for way, shift, color in (("plain", -0.18, accent), ("clipped", 0.18, ink)):
    heights = [min(errors[name, way], 1e4) for name in tables]
    bars = right.bar(places + shift, heights, width=0.34, color=color, label=way, hatch="//" * (way == "plain"))
    labels = [f"{height:.2g}" if height < 1e4 else "diverged" for height in heights]
    right.bar_label(bars, labels, fontsize=8)
right.set(yscale="log", ylim=(0.05, 1e5), xticks=places, xticklabels=list(tables))
right.set_ylabel("error on the sound birds (kg²)")
right.set_title("Clipping protects from both")
right.legend()

# %%
# What was shown
# --------------
# The bad feature lowers the limit 25-fold, and the good rate diverges. The bad target leaves the limit
# as it is and spoils the answer. Clipping brings the error back to within 1% of the lowest possible in both cases.

assert long[100, 2] == 2030
assert np.isclose((long[100, 2] - scaled.mean[2]) / scaled.scale[2], 130, atol=0.5)
assert 24 < limits[0] / limits[1] < 26
assert limits[2] == limits[0]
assert [run.reason.name for run in runs] == ["MAX_STEPS", "DIVERGED", "MAX_STEPS"]
shift = bad_target.predict(runs[2].theta, scaled.features).mean() - birds.targets.mean()
assert np.isclose(shift, 13.8, atol=0.05)
best = sound.loss(sound.solution())
assert errors["bad target", "plain"] > 1000 * best
assert max(errors[name, "clipped"] for name in tables) < 1.01 * best

# %%
# **Take away.** Divergence points to the features; for the targets, look at the residuals. Clipping is a seat belt, not
# a mechanic.
#
# **Try it.** Standardize the table with the long flipper by its own mean and scale. What becomes of the other 341
# flippers?
#
# **Next.** :ref:`sphx_glr_gallery_failures_plot_overfitting.py`: when the loss is fine and the model is not.
