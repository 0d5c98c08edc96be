r"""
A perfect loss curve, and a model that gets worse
=================================================

A network learns 114 patients by heart. Its training loss falls to nearly nothing and lies still: from this curve alone
the clinic says *converged*, and it is right about that. With the validation loss beside it the same run has another
main finding.
"""

# %%
# The failure
# -----------
# Benign or malignant, from thirty measurements of cell nuclei. A fifth of the 569 patients to learn from, the others
# to check with; 32 hidden units, Nesterov's rule, all samples in each step.

import textwrap

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

learned, others = ot.datasets.breast_cancer().standardized().split(0.8, seed=0)


def network(patients):
    return ot.models.MLP(patients.features, patients.targets, hidden=(32,), activation="tanh", n_classes=2)


def train(steps=600, penalty=None):
    model, start = network(learned), network(learned).init(seed=0)
    rule, checked = ot.Nesterov(lr=0.05, beta=0.9), {"validation": network(others), "validate_every": 10}
    return ot.minimize(model, start, rule, max_steps=steps, penalty=penalty, **checked)


failed = train()
found = ot.diagnose(failed)
print("training loss alone:", ot.diagnose(failed.trace.loss).main)
print("with validation:", *(f"{one.name} ({one.confidence:.0%})" for one in found.findings))
print(textwrap.fill(found.findings[0].summary, 88))

fig, ax = plt.subplots(figsize=(7, 3.6))
ot.plot.diagnosis(ax, found)

# %%
# Everything after the dashed line was spent on unlearning. (The clinic looks for the turn in a smoothed validation
# loss, so that one lucky measurement does not decide.)
#
# Mended as the diagnosis says
# ----------------------------
# It advises to stop early, or to put a penalty on the weights. Stopped where it saw the turn, and with an L2 penalty
# of :math:`\gamma_2 = 0.01`:

turn = int(found.findings[0].evidence["turned_at"])
stopped, shrunk = train(steps=turn), train(penalty=ot.penalties.L2(0.01))
runs = {"as it was": failed, f"stopped at step {turn}": stopped, "L2, γ₂ = 0.01": shrunk}
last = {name: network(others).loss(run.theta) for name, run in runs.items()}
for name, run in runs.items():
    print(f"{name}: {ot.diagnose(run).main}, validation loss at the end {last[name]:.3f}")

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
looks = zip(runs.items(), ("muted", "ink", "accent"), (":", "--", "-"), strict=True)
for (name, run), color, dash in looks:
    steps = np.flatnonzero(np.isfinite(run.trace.validation))
    ax.plot(steps, run.trace.validation[steps], color=ot.looks.LIGHT[color], linestyle=dash, label=name)
    ax.plot(steps[-1], run.trace.validation[steps[-1]], "o", color=ot.looks.LIGHT[color])
ax.set(yscale="log", ylim=(0.08, 1), xlabel="step", ylabel="validation loss")
ax.set_title("Both cures end far below the run as it was")
ax.legend(loc="upper right")

# %%
# Stopping ends lowest here and costs a thirtieth of the steps. The penalty needs no watch over the run, and holds its
# level however long it goes on. What the clinic says about the run that was stopped should be read with its length in
# mind: there are three validation losses, too few to see a turn.
#
# What was shown
# --------------

first, early, penalized = last.values()
assert ot.diagnose(failed.trace.loss).main == "converged"
assert found.main == "overfitting"
assert turn <= 60
assert early < 0.5 * first
assert penalized < 0.5 * first
assert ot.diagnose(shrunk).fine

# %%
# **Take away.** Log a validation loss, even if only at every tenth step. Without one, no clinic can see this illness.
#
# **Try it.** Learn from four fifths of the patients and check with one fifth. Is the finding still there, and does it
# come later?
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_odd_batch.py`: jumps that come at regular intervals.
