r"""
Nothing wrong, and nothing done
===============================

The loss falls at every step, calmly, and after three hundred of them most of it is still there. Such a log looks better
than one that jumps about, and is worth less. Since the curvature of this loss is known, the clinic need not guess what
rate would do.
"""

# %%
# The failure
# -----------
# Logistic regression on the breast cancer data, features standardized, all samples in each step. The rate, a
# thousandth, was a good one for another model.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

cancer = ot.datasets.breast_cancer()
features = (cancer.features - cancer.features.mean(axis=0)) / cancer.features.std(axis=0)
model = ot.models.LogisticRegression(features, cancer.targets)


def train(rule, steps=300):
    return ot.minimize(model, np.zeros(model.dim), rule, max_steps=steps)


failed = train(ot.GradientDescent(lr=0.001))
found = ot.diagnose(failed)
print(found.main)
print(textwrap.fill(found.findings[0].summary, 88))
print("First cause:", found.findings[0].causes[0])
print("First advice:", found.findings[0].fixes[0].text)

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# The limit comes from the result itself: the model has a Hessian, and its largest eigenvalue over the start and the
# end of the run is the L of 2/L. Given losses alone, the clinic sees the same straight line, and can say only that the
# rate is the likeliest cause.

blind = ot.diagnose(failed.trace.loss)
print(blind.main, "|", blind.findings[0].causes[0])

# %%
# Mended as the diagnosis says
# ----------------------------
# Half of the limit. For comparison we ask how long the timid run takes to get as low.

evidence = found.findings[0].evidence
mended = train(ot.GradientDescent(lr=evidence["limit"] / 2))
reached = np.flatnonzero(mended.trace.loss <= failed.loss)[0]
patient = train(ot.GradientDescent(lr=0.001), steps=20_000)
behind = np.flatnonzero(patient.trace.loss <= mended.trace.loss[40])[0]
print(f"rate {evidence['limit'] / 2:.2f}: {ot.diagnose(mended).main}, loss {mended.loss:.3f} after 300 steps")
print(f"the failed run's last loss, {failed.loss:.3f}, is passed at step {reached}")
print(f"the loss of its step 40 takes {behind:,} steps at a thousandth")

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
runs = ((failed, "rate 0.001", "muted", "--"), (mended, "half of 2/L", "accent", "-"))
for run, name, color, dash in runs:
    ax.plot(run.trace.loss, color=ot.looks.LIGHT[color], linestyle=dash, label=name)
ax.set(xlabel="step", ylabel="mean log loss", yscale="log", title="The same three hundred steps")
ax.legend()

# %%
# What was shown
# --------------

assert found.main == blind.main == "too-slow"
assert (np.diff(failed.trace.loss) < 0).all()
assert failed.loss > 0.5 * failed.trace.loss[0]
assert evidence["limit"] / evidence["rate"] > 500
assert ot.diagnose(mended).fine
assert mended.loss < 0.2 * failed.loss
assert behind > 100 * 40

# %%
# **Take away.** A loss that falls at every step says that the rate is not too large. It does not say that the rate is
# large enough: ask how much larger a one would still run.
#
# **Try it.** Leave the features as they are in the file, in their own units. What is the limit then? Compare the loss
# at the end with the first of all. The clinic takes the fall after the first steps for progress; only its note tells.
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_buried.py`: a run that gets on, in a log that cannot show it.
