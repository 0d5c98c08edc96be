"""
A fair race, and four winners
=============================

Five rules, one problem, the same starts, shuffles, grids and gradients for everybody. Nothing is left to complain
about, and still there is no winner: with four budgets, four different rules come in first. A ranking without its budget
says nothing.
"""

# %%
# The rules of the race
# ---------------------
# Logistic regression on the breast cancer data, batches of 32. Every rule may choose among the same 13 learning
# rates, spread over six decades, so that no best rate lies at the end of its grid; its other hyper-parameters are its
# defaults. Each setting runs with three shuffles, and its score is the median of the final losses over all samples.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

cells = ot.datasets.breast_cancer().standardized()
model = ot.models.LogisticRegression(cells.features, cells.targets)
rates = np.geomspace(1e-4, 1e2, 13).tolist()
rules = {
    ot.looks.identity(rule).label: ot.grid(rule, lr=rates)
    for rule in (ot.GradientDescent, ot.Momentum, ot.AdaGrad, ot.RMSProp, ot.Adam)
}
budgets = {epochs: epochs * model.n_samples for epochs in (1, 3, 10, 60)}
races = {
    epochs: ot.race(model, rules, np.zeros(model.dim), budget=budget, batch_size=32, seeds=range(3), progress=False)
    for epochs, budget in budgets.items()
}
print(races[10])

# %%
# Four budgets, four winners
# --------------------------
# Each rule's best loss, divided by the lowest of the same budget.

places = {name: [] for name in rules}
for race in races.values():
    for entry in race.standing:
        places[entry.name].append(entry.median / race.standing[0].median)

fig, ax = plt.subplots(figsize=(7, 4))
for name, settings in rules.items():
    look = ot.looks.identity(settings[0])
    line = {"color": ot.looks.color(settings[0]), "linestyle": (0, look.dash) if look.dash else "-"}
    ax.plot(list(budgets), places[name], marker=look.marker, ms=8, label=name, **line)
ax.axhline(1, color=ot.looks.LIGHT["ink"], linewidth=0.8)
ax.set(xscale="log", xticks=list(budgets), xticklabels=list(budgets), xlabel="budget (epochs)")
ax.set(ylabel="final loss, relative to the winner's")
ax.minorticks_off()
ax.set_title("The winner depends on the budget")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=3)

# %%
# The margins are small: the first three are less than a tenth apart, not much more than other shuffles of one setting
# change. That is a result too. After tuning, the choice of the rule matters less than the rate: between the best and
# the worst rate of one rule lie factors of ten and more.
#
# One rule, all rates
# -------------------

spread = {
    name: np.array([entry.median for entry in races[10].entries if entry.name == name]) / races[10].standing[0].median
    for name in rules
}
fig, ax = plt.subplots(figsize=(7, 3.6))
for name, settings in rules.items():
    look = ot.looks.identity(settings[0])
    line = {"color": ot.looks.color(settings[0]), "linestyle": (0, look.dash) if look.dash else "-"}
    ax.plot(rates, spread[name], marker=look.marker, markevery=2, label=name, **line)
ax.set(
    xscale="log", yscale="log", ylim=(0.9, 100), xlabel="learning rate α", ylabel="final loss, relative to the winner's"
)
ax.set_title("After 10 epochs: the rate matters more than the rule")
ax.legend(loc="upper center", ncols=2)

# %%
# What was shown
# --------------
# Four winners, no grid that was too narrow, margins below a tenth between first and third; and for every rule a
# factor of more than ten between its rates.

winners = [race.standing[0].name for race in races.values()]
assert winners == ["Adam", "gradient descent", "momentum", "AdaGrad"], winners
assert all(race.at_edge == () for race in races.values())
assert all(race.standing[2].median < 1.1 * race.standing[0].median for race in races.values())
assert max(entry.high / entry.low for entry in races[10].standing[:3]) > 1.04
assert min(values.max() / values.min() for values in spread.values()) > 10

# %%
# **Take away.** Say the budget before you say "faster"; tune the rate before you change the rule.
#
# **Try it.** Run the race of 10 epochs with seeds 3 to 5. Is the order of the first three the same?
#
# **Next.** :ref:`sphx_glr_gallery_choosing_plot_tuning_range.py`: what if the grids are not fair?
