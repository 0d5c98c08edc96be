r"""
Overfitting, and four cures
===========================

A network of 2,410 parameters learns 120 handwritten digits by heart: the training loss goes to zero, the validation
loss rises. The advice is to stop early, to add an L2 penalty, to take a smaller model, or to get more data. All four
are tried here on three splits, and judged by the loss and by the share of mistakes. One of them makes both worse.
"""

# %%
# The failure
# -----------
# 120 digits to learn from; the others are shared between a validation set and a test set. Nesterov's rule with all
# samples, 600 steps, so that nothing is left to chance but the split and the start.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def network(digits, hidden):
    return ot.models.MLP(digits.features / 16, digits.targets, hidden=(hidden,), activation="tanh", n_classes=10)


def train(seed, samples=120, hidden=32, penalty=None, stop=()):
    learned, rest = ot.datasets.digits().split(1 - samples / 1797, seed=seed)
    validation, test = rest.split(0.5, seed=seed)
    model, checked = network(learned, hidden), network(validation, hidden)
    rule, start = ot.Nesterov(lr=0.2, beta=0.9), model.init(seed=seed)
    more = {"validation": checked, "validate_every": 10, "penalty": penalty, "stop": stop}
    run = ot.minimize(model, start, rule, max_steps=600, **more)
    wrong = model.predict(run.theta, test.features / 16).argmax(axis=1) != test.targets
    return run, network(test, hidden).loss(run.theta), wrong.mean()


run = train(seed=0)[0]
measured = np.flatnonzero(~np.isnan(run.trace.validation))
best = measured[run.trace.validation[measured].argmin()]
ink, accent = ot.looks.LIGHT["ink"], ot.looks.LIGHT["accent"]
fig, ax = plt.subplots(figsize=(7, 3.6))
ax.plot(run.trace.loss, "--", color=ink, label="training, 120 digits")
ax.plot(measured, run.trace.validation[measured], color=ot.looks.color("Nesterov"), label="validation, 839 others")
ax.plot(best, run.trace.validation[best], "*", ms=13, color=accent, label=f"lowest, step {best}")
ax.set(yscale="log", ylim=(1e-3, 3), xlabel="step", ylabel="mean log loss")
ax.set_title("Training goes on, learning does not")
ax.legend()

# %%
# The cures
# ---------
# Test loss and test error, medians of three splits.

settings = {
    "as it is": {},
    "early stopping": {"stop": ot.EarlyStopping(patience=10)},
    "L2, γ₂ = 0.001": {"penalty": ot.penalties.L2(0.001)},
    "4 hidden units": {"hidden": 4},
    "480 digits": {"samples": 480},
}
results = {name: np.array([train(seed, **one)[1:] for seed in range(3)]) for name, one in settings.items()}
loss, error = ({name: float(np.median(one[:, i])) for name, one in results.items()} for i in (0, 1))

# sphinx_gallery_thumbnail_number = 2
fig, axes = plt.subplots(1, 2, figsize=(8, 3), sharey=True)
titles = ("Test loss", "Share of mistakes")
for ax, values, title, form in zip(axes, (loss, error), titles, ("{:.2f}", "{:.1%}"), strict=True):
    plain = values["as it is"]
    names, heights = list(values)[::-1], list(values.values())[::-1]
    ax.barh(names, heights, color=[ot.looks.LIGHT["muted" if h < 1.3 * plain else "accent"] for h in heights])
    for place, height in enumerate(heights):  # beside the frame, where the dashed line does not cross them
        ax.text(1.02, place, form.format(height), transform=ax.get_yaxis_transform(), va="center")
    ax.axvline(plain, color=ink, linestyle="--", linewidth=1)
    ax.set(title=title, xlim=(0, 1.05 * max(heights)))

# %%
# More digits help most. The penalty and early stopping lower the loss, but not the mistakes: the network was becoming
# too certain, which the loss punishes and the error does not see. And the small network, with its 310 parameters,
# still fits the 120 digits to a loss below 0.1, and does worse than the large one on all others.
#
# What was shown
# --------------
# The order of the losses, and that loss and error do not agree on what a cure is worth.

assert run.trace.loss[-1] < 0.01
assert run.trace.validation[measured[-1]] > 1.15 * run.trace.validation[best]
assert loss["480 digits"] < 0.6 * loss["as it is"]
assert error["480 digits"] < 0.7 * error["as it is"]
assert loss["L2, γ₂ = 0.001"] < loss["early stopping"] < 0.9 * loss["as it is"]
assert error["early stopping"] > 0.95 * error["as it is"]
assert abs(error["L2, γ₂ = 0.001"] / error["as it is"] - 1) < 0.1
assert train(seed=0, hidden=4)[0].loss < 0.1
assert loss["4 hidden units"] > 1.3 * loss["as it is"]
assert error["4 hidden units"] > 1.3 * error["as it is"]

# %%
# **Take away.** Decide first whether the loss or the error counts; then try data, penalty and stopping before a smaller
# model.
#
# **Try it.** Give the small network 480 digits. Does it still do worse than the large one with as many?
#
# **Next.** :ref:`sphx_glr_gallery_regularization_plot_paths.py`: choosing the strength of a penalty.
