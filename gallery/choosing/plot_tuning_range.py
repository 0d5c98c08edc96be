"""
Who may try which rates decides who wins
========================================

A paper compares a new rule with an old one, and the new one wins. The old one was given three rates, or those that
suit the new one. You will see the same five rules on the same problem with the same budget, ranked in five ways by
nothing but the set of rates that they were allowed to try.
"""

# %%
# All runs first
# --------------
# Logistic regression on the breast cancer data, ten epochs with batches of 32, three shuffles, 25 rates from 0.0001
# to 100. What is called tuning here is only a choice among these runs.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

cells = ot.datasets.breast_cancer().standardized()
model = ot.models.LogisticRegression(cells.features, cells.targets)
rates = np.geomspace(1e-4, 1e2, 25)
kinds = (ot.GradientDescent, ot.Momentum, ot.AdaGrad, ot.RMSProp, ot.Adam)
rules = {ot.looks.identity(kind).label: ot.grid(kind, lr=rates) for kind in kinds}
budget, start = 10 * model.n_samples, np.zeros(model.dim)
race = ot.race(model, rules, start, budget=budget, batch_size=32, seeds=range(3), progress=False)
losses = {name: np.array([entry.median for entry in race.entries if entry.name == name]) for name in rules}

# %%
# Five protocols
# --------------
# Each protocol lets everybody choose the best of the rates that it admits.

protocols = {
    "all rates": np.full(25, fill_value=True),
    "0.001 only": np.isclose(rates, 1e-3),
    "0.0001 to 0.01": rates < 0.011,
    "0.01 to 1": (rates > 0.009) & (rates < 1.1),
    "1 to 100": rates > 0.9,
}
ranking = {
    protocol: sorted(rules, key=lambda name: losses[name][admitted].min()) for protocol, admitted in protocols.items()
}
for protocol, names in ranking.items():
    print(f"{protocol:15}", ", ".join(f"{name} {losses[name][protocols[protocol]].min():.3f}" for name in names))

fig, ax = plt.subplots(figsize=(7, 4))
for name, kind in zip(rules, kinds, strict=True):
    look = ot.looks.identity(kind)
    place = [1 + ranking[protocol].index(name) for protocol in protocols]
    line = {"color": ot.looks.color(kind), "linestyle": (0, look.dash) if look.dash else "-"}
    ax.plot(range(5), place, marker=look.marker, ms=9, label=name, **line)
ax.set(
    xticks=range(5), xticklabels=[name.replace(" to ", " – ") for name in protocols], xlabel="rates that may be tried"
)
ax.set(yticks=range(1, 6), ylabel="place", ylim=(5.3, 0.7), title="One set of runs, five rankings")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.18), ncols=3)

# %%
# RMSProp is first where only small rates may be tried, and last in every other protocol. Momentum wins the rest; the
# second place goes to Adam or to gradient descent, depending on the range.
#
# How many rates may be tried
# ---------------------------
# Suppose that everybody tries :math:`m` of the 25 rates, drawn at random, and keeps the best. What can be expected
# follows from the sorted losses: the best of the draw is the :math:`i`-th lowest with a probability that counts the
# draws from those above it.


def expected_best(values):
    ordered, n = np.sort(np.minimum(values, 1.0)), len(values)  # worse than 1 is as bad as 1
    result = []
    for m in range(1, n + 1):
        left = np.cumprod([1.0, *[(n - i - m) / (n - i) for i in range(n - m)]])  # none of the i lowest was drawn
        result.append(float(np.sum((left - np.append(left[1:], 0)) * ordered[: len(left)])))
    return np.array(result)


expected = {name: expected_best(values) for name, values in losses.items()}
fig, ax = plt.subplots(figsize=(7, 3.8))
for name, kind in zip(rules, kinds, strict=True):
    look = ot.looks.identity(kind)
    line = {"color": ot.looks.color(kind), "linestyle": (0, look.dash) if look.dash else "-"}
    ax.plot(range(1, 26), expected[name] / expected["momentum"], marker=look.marker, markevery=3, label=name, **line)
ax.set(xlabel="number of rates that are tried", ylabel="expected loss, relative to momentum's", ylim=(0.8, 1.8))
ax.set_title("More tuning moves Adam up and gradient descent down")
ax.legend()

# %%
# What was shown
# --------------
# RMSProp comes first in two of the five protocols and last in the other three. With few trials gradient descent is
# expected to do better than Adam, with all of them worse.

assert [names.index("RMSProp") for names in ranking.values()] == [4, 0, 0, 4, 4]
assert [names[0] for names in ranking.values()] == ["momentum", "RMSProp", "RMSProp", "momentum", "momentum"]
assert ranking["0.01 to 1"][1] == "Adam"
assert ranking["1 to 100"][1] == "gradient descent"
assert expected["gradient descent"][2] < expected["Adam"][2]
assert expected["gradient descent"][-1] > expected["Adam"][-1]
assert all(np.isclose(expected[name][-1], losses[name].min()) for name in rules)
assert all(np.isclose(expected[name][0], np.minimum(losses[name], 1).mean()) for name in rules)

# %%
# **Take away.** A ranking is a statement about rules, a budget *and* a way of tuning. Ask for the second and third.
#
# **Try it.** Let every rule try three rates around its own default. Who wins, and is that fair?
#
# **Next.** :ref:`sphx_glr_gallery_choosing_plot_robustness.py`: one rule, many problems.
