"""
How wide is the range of good rates?
====================================

"Adam works well out of the box" has two halves: it tolerates many rates, and its default is among them. Here five
rules meet eight problems, each with 19 rates over nine decades. The first half turns out true for most problems, though
not for all. The second half does not.
"""

# %%
# Eight problems
# --------------
# Three test functions, and five losses on real data, one of them a network. All have their gradients over all samples
# and 200 steps. A rate counts as good if it removes at least 95% of the gap between the start and the lowest loss
# known.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

lengths, sex, cells = ot.datasets.penguins(), ot.datasets.penguin_sex().standardized(), ot.datasets.breast_cancer()
ten, scaled = cells.select(*cells.feature_names[:10]).standardized(), lengths.standardized()
network = ot.models.MLP(sex.features, sex.targets, hidden=(8,), activation="tanh")
surfaces = {"bowl": ot.surfaces.Bowl(4.0), "ravine": ot.surfaces.Ravine(50), "Rosenbrock": ot.surfaces.Rosenbrock()}
models = {
    "penguins": ot.models.LinearRegression(scaled.features, scaled.targets),
    "penguins, in mm": ot.models.LinearRegression(lengths.features, lengths.targets),
    "sex of penguins": ot.models.LogisticRegression(sex.features, sex.targets),
    "cancer": ot.models.LogisticRegression(ten.features, ten.targets),
}
problems = {name: (surface, surface.start) for name, surface in surfaces.items()}
problems |= {name: (model, np.zeros(model.dim)) for name, model in models.items()}
problems["a network"] = (network, network.init(seed=0))

# %%
# 19 rates each
# -------------

rates = np.geomspace(1e-6, 1e3, 19)
kinds = (ot.GradientDescent, ot.Momentum, ot.AdaGrad, ot.RMSProp, ot.Adam)
rules = {ot.looks.identity(kind).label: ot.grid(kind, lr=rates) for kind in kinds}
good = {}
for name, (problem, start) in problems.items():
    found = ot.sweep(problem, rules, start, max_steps=200, losses_every=None, progress=False)
    first, lowest = problem.loss(start), min(run.score for run in found)
    good[name] = {
        rule: np.array([run.score - lowest <= 0.05 * (first - lowest) for run in found.of(rule)]) for rule in rules
    }
width = np.array([[good[problem][rule].sum() / 2 for rule in rules] for problem in problems])

# %%
# Decades of good rates
# ---------------------
# Two rates are a decade. The last column says whether Adam's customary rate of 0.001 is good.

default = int(np.argmin(np.abs(rates - 1e-3)))
works = [bool(good[problem]["Adam"][default]) for problem in problems]
fig, ax = plt.subplots(figsize=(7, 4.6))
for (i, j), value in np.ndenumerate(width):
    x, y = [j - 0.5, j + 0.5, j + 0.5, j - 0.5], [i - 0.5, i - 0.5, i + 0.5, i + 0.5]
    ax.fill(x, y, color=ot.looks.LIGHT["GradientDescent"], alpha=value / 15, lw=0)
    ax.text(j, i, f"{value:.1f}", ha="center", va="center", weight="bold" if value == width[i].max() else None)
for i, fine in enumerate(works):
    ax.text(5, i, "yes" if fine else "no", ha="center", va="center")
ax.set(xticks=range(6), xticklabels=[*rules, "0.001?"], yticks=range(8), yticklabels=list(problems), ylim=(7.5, -0.5))
ax.grid(visible=False)
ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, labelsize=9)
ax.set_title("Decades of good learning rates, the widest in bold")

# %%
# Dividing by the size of the gradient makes a rule indifferent to the scale of the loss and evens out different
# scales of the features: the largest difference is with lengths in millimeters. Where a curved valley and not scale
# is the difficulty, the advantage is small or gone. And 200 steps of 0.001 lead no farther than about 0.2 in any
# parameter, so that the default is too small wherever the minimum lies farther away.
#
# What was shown
# --------------
# Adam's range is at least as wide as gradient descent's on every problem, and the widest of the five on some, but not
# on all. Its default rate is good on one of the eight.

table = {problem: dict(zip(rules, row, strict=True)) for problem, row in zip(problems, width, strict=True)}
assert all(row["Adam"] >= row["gradient descent"] for row in table.values())
assert all(row["gradient descent"] < max(row.values()) for row in table.values())
assert sum(row["RMSProp"] == max(row.values()) for row in table.values()) >= 3
scale = ("bowl", "ravine", "penguins", "penguins, in mm")
more = [
    table[name][rule] - table[name]["gradient descent"] for name in scale for rule in ("AdaGrad", "RMSProp", "Adam")
]
assert min(more) == 2
assert max(more) == 5.5
assert all(table[name]["momentum"] == table[name]["Adam"] for name in ("sex of penguins", "cancer"))
assert works == [name == "penguins, in mm" for name in problems]

# %%
# **Take away.** Adam is a good first choice because many rates will do. Its default is one rate, and still has to be
# checked.
#
# **Try it.** Give everybody 2,000 steps. Which ranges grow, and on how many problems is 0.001 good then?
#
# **Next.** :ref:`sphx_glr_gallery_choosing_plot_fair_race.py`, once more, with the ranges of this script in mind.
