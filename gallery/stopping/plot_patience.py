r"""
Early stopping on real data: how patient, and which parameters to keep
======================================================================

Thirty measurements of a cell sample, 171 patients to learn from, and classes that a plane can separate: the training
loss falls for ever, and the loss on other patients turns up after a few dozen epochs. You will see what patience buys,
and why the parameters to keep are not the last ones, whichever way the run ends.
"""

# %%
# Three parts
# -----------
# One part to train on, one to decide when to stop, and one that decides nothing and so measures without flattery.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, rest = ot.datasets.breast_cancer().split(0.7, seed=0)
validation, test = rest.split(0.5, seed=1)
scaled = train.standardized()
model, chooser, judge = (
    ot.models.LogisticRegression(part.standardized(like=scaled).features, part.targets)
    for part in (train, validation, test)
)
epoch = -(-model.n_samples // 32)
print([part.n_samples for part in (model, chooser, judge)], "patients;", epoch, "steps an epoch")


def run(seed, epochs=300, stop=()):
    settings = {"batch_size": 32, "seed": seed, "max_steps": epochs * epoch, "stop": stop, "validation": chooser}
    return ot.minimize(model, np.zeros(model.dim), ot.GradientDescent(lr=0.2), **settings)


# %%
# The run that nobody stops
# -------------------------
# The validation loss is measured once an epoch. It jumps, because each epoch ends with another batch.

whole = run(seed=2)
measured = np.flatnonzero(~np.isnan(whole.trace.validation))
losses = whole.trace.validation[measured]
training = np.array([model.loss(theta) for theta in whole.trace.theta[measured]])
best = int(losses.argmin())
impatient, patient = run(seed=2, stop=ot.EarlyStopping(patience=1)), run(seed=2, stop=ot.EarlyStopping(patience=20))

ink, accent = ot.looks.LIGHT["ink"], ot.looks.LIGHT["accent"]
fig, ax = plt.subplots(figsize=(7, 4.2))
ax.plot(training, "--", color=ink, label="training, 171 patients")
ax.plot(losses, color=ot.looks.color("GradientDescent"), label="validation, 199 patients")
ax.plot(best, losses[best], "*", ms=13, color=accent, label=f"lowest, epoch {best}")
for stopped, marker, patience in ((impatient, "v", 1), (patient, "s", 20)):
    end = stopped.steps // epoch
    ax.plot(end, losses[end], marker, ms=9, color=ink, label=f"stopped by patience {patience}, epoch {end}")
ax.set(ylim=(0.03, 0.2), xlabel="epoch", ylabel="mean log loss")
ax.set_title("The validation loss turns up, and jumps on its way")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)

# %%
# With a patience of 1 the first jump ends the run, well before the lowest point. With 20 it ends 20 epochs after the
# lowest point, and the parameters of that point are given back.
#
# What patience buys
# ------------------
# Ten shuffles of the same data. The chosen parameters are judged on the third part.

# sphinx_gallery_thumbnail_number = 2
patiences, seeds = (1, 3, 10, 30, 100), range(10)
stopped = {p: [run(seed, stop=ot.EarlyStopping(p)) for seed in seeds] for p in patiences}
epochs = np.array([[one.steps / epoch for one in stopped[p]] for p in patiences])
chosen = np.array([[judge.loss(one.theta) for one in stopped[p]] for p in patiences])
last = np.array([[judge.loss(one.trace.theta[-1]) for one in stopped[p]] for p in patiences])

fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), sharex=True)
left.plot(patiences, np.median(last, axis=1), "X--", color=ink, label="last parameters")
left.plot(patiences, np.median(chosen, axis=1), "o-", color=ot.looks.color("GradientDescent"), label="best parameters")
right.plot(patiences, np.median(epochs, axis=1), "o-", color=ot.looks.color("GradientDescent"))
right.fill_between(patiences, epochs.min(axis=1), epochs.max(axis=1), alpha=0.2, lw=0)
left.set(
    xscale="log",
    xticks=patiences,
    xticklabels=patiences,
    xlabel="patience (epochs)",
    ylabel="mean log loss, test patients",
)
left.set_title("Patience helps if the best are kept")
right.set(xlabel="patience (epochs)", ylabel="epochs spent", title="… and costs epochs")
left.minorticks_off()
left.legend()

# %%
# A longer patience costs epochs, and in the end makes the last parameters worse, but not the best ones. So patience
# is safe exactly if the best parameters are kept. They must be kept too if the maximum of steps comes first: here a
# run of ten epochs after the lowest point, whose patience of 20 has no time to run out.

unfinished = run(seed=2, epochs=best + 10, stop=ot.EarlyStopping(patience=20))
print(unfinished.message)

# %%
# What these runs show
# --------------------
# At the end of the whole run, the loss on new patients is at least 10% above that of the epoch that early stopping
# chose. Both ways to end return the same parameters, bit for bit.

assert judge.loss(whole.theta) > 1.1 * judge.loss(patient.theta)
assert impatient.steps < best * epoch < patient.steps == (best + 20) * epoch
assert np.all(np.diff(np.median(epochs, axis=1)) > 0)
assert np.median(last[-1]) > 1.05 * np.median(chosen[-1])
assert np.median(chosen[-1]) < np.median(chosen[0])
assert unfinished.reason is ot.StopReason.MAX_STEPS
assert np.array_equal(unfinished.theta, patient.theta)

# %%
# **Take away.** Stop late, return the best; and judge the result on data that did not choose it.
#
# **Try it.** Split with other seeds. How much does the best epoch move, and how much the test loss at it?
#
# **Next.** :ref:`sphx_glr_gallery_stopping_plot_ridge_filters.py`: what stopping early does to each direction.
