r"""
The loss became infinite: is it the rate, or the data?
======================================================

A linear model of the weight of 342 penguins, in millimeters and kilograms as they were measured, explodes at a rate of
0.1. The diagnosis names the limit that the rate has crossed, and lists cures. The first makes the run finite; one
further down makes it good; and afterwards the log alone cannot tell them apart.
"""

# %%
# The failure
# -----------
# Nothing unusual: a bias and three measurements of the body, zero at the start, gradients over all samples.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins()
model = ot.models.LinearRegression(birds.features, birds.targets)
start, lowest = np.zeros(model.dim), model.loss(model.solution())
failed = ot.minimize(model, start, ot.GradientDescent(0.1), max_steps=300)
found = ot.diagnose(failed)
print(found)

# %%
# From a result the clinic takes more than the losses: the rate of each step, and the largest eigenvalue :math:`L` of
# the Hessian. So the first cause is no guess. The limit :math:`2/L` is tiny, because the length of a flipper, near
# 200 mm, enters :math:`L` squared. What the plain list of losses would have given is the second and the third cause,
# without numbers.

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# Mended as the diagnosis says
# ----------------------------
# First with half the limit that it names; then as a later advice has it, *look at the data*: with features brought to
# one scale, for which a rate of 0.1 is small enough.

limit = found.findings[0].evidence["limit"]
lowered = ot.minimize(model, start, ot.GradientDescent(limit / 2), max_steps=300)
scaled = birds.standardized()
same = ot.models.LinearRegression(scaled.features, scaled.targets)
mended = ot.minimize(same, start, ot.GradientDescent(0.1), max_steps=300)
for name, run in {"rate lowered": lowered, "features scaled": mended}.items():
    print(f"{name}: {ot.diagnose(run).main}, loss {run.loss:.3f}; the lowest there is: {lowest:.3f}")

# %%
# Both are at rest, as far as one sees, and nothing looks wrong in either log. But the first stands at about twice the
# lowest loss: the steepest direction is thirty million times as steep as the flattest, and along that one the run
# would need as many steps.

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
ink, accent, muted = (ot.looks.LIGHT[name] for name in ("ink", "accent", "muted"))
ax.plot(failed.trace.loss[:4], ":", color=muted, label="as it was, α = 0.1 (soon infinite)")
ax.plot(lowered.trace.loss, "--", color=ink, label=f"rate lowered, α = {limit / 2:.2g}")
ax.plot(mended.trace.loss, color=accent, label="features scaled, α = 0.1")
ax.axhline(lowest, color=muted, linewidth=1, linestyle="-.", label="lowest loss of any weights")
ax.set(yscale="log", ylim=(0.1, 100), xlabel="step", ylabel="loss (kg²)")
ax.set_title("A smaller rate makes it finite, scaled features make it good")
ax.legend()

# %%
# What was shown
# --------------

assert found.main == "diverged"
eigenvalues = ot.theory.spectrum(model)
assert np.isclose(limit, 2 / eigenvalues[-1])
assert 2e7 < eigenvalues[-1] / eigenvalues[0] < 4e7
assert "above the limit" in found.findings[0].causes[0]
assert ot.diagnose(lowered).fine
assert ot.diagnose(mended).fine
assert lowered.loss > 1.5 * lowest
assert np.isclose(mended.loss, lowest, rtol=1e-3)

# %%
# **Take away.** A run that became finite is not yet mended. Look at the data too when the first advice asks for a
# rate with many zeros.
#
# **Try it.** Give ``ot.diagnose`` only ``failed.trace.loss``. Which of the causes are left, and in which order would
# you check them?
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_flat_line.py`: when nothing happens at all.
