r"""
Let the validation loss decide when to lower the rate
=====================================================

Nobody knows beforehand when a run will have reached the floor of its rate. ``ReduceOnPlateau`` watches the loss and
lowers the rate when no new lowest value has come for a while. You will see it at work on real data, and two ways to
misuse it: too little patience, and a loss that is itself too noisy to be watched.
"""

# %%
# Penguins, in batches of four
# ----------------------------
# A quarter of the birds is held out. After each epoch of 64 steps the loss on them is measured; five measurements in
# a row without a new lowest one halve the rate.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, held_out = ot.datasets.penguins().split(0.25, seed=0)
train = train.standardized()
held_out = held_out.standardized(like=train)
model = ot.models.LinearRegression(train.features, train.targets)
validation = ot.models.LinearRegression(held_out.features, held_out.targets)
lowest, steps, epoch = model.loss(model.solution()), 60 * 64, 64

contenders = {
    "constant 0.1": (0.1, validation),
    "patience 5": (ot.ReduceOnPlateau(lr=0.1, factor=0.5, patience=5), validation),
    "patience 1": (ot.ReduceOnPlateau(lr=0.1, factor=0.5, patience=1), validation),
    "watching the batch, patience 5": (ot.ReduceOnPlateau(lr=0.1, factor=0.5, patience=5), None),
}


def run(lr, watched, seed):
    rule = ot.GradientDescent(lr=lr)
    return ot.minimize(model, np.zeros(4), rule, max_steps=steps, batch_size=4, seed=seed, validation=watched)


# %%
# Three seeds each; above the mean of the gaps, below the rates of the first seed.

runs = {name: [run(*settings, seed) for seed in range(3)] for name, settings in contenders.items()}
gaps = {name: [model.loss(found.trace.theta[::epoch]) - lowest for found in some] for name, some in runs.items()}

fig, axes = plt.subplots(2, 1, figsize=(7, 6), sharex=True)
blue = ot.looks.color(ot.GradientDescent)
for (name, some), dash, mark in zip(runs.items(), ["-", "--", "-.", ":"], "os^D", strict=True):
    style = {"linestyle": dash, "marker": mark, "markevery": 6, "color": blue}
    axes[0].plot(np.mean(gaps[name], axis=0), label=name, **style)
    axes[1].plot(np.maximum(some[0].trace.lr[::epoch], 1e-7), **style)
axes[0].set(
    yscale="log", ylabel="loss above the minimum", title="The patient one gets below the floor of a constant rate"
)
axes[1].set(
    yscale="log",
    xlabel="epoch",
    ylabel="learning rate (cut at 1e-7)",
    title="The impatient ones put the brakes on too early",
)
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower left", ncols=2)

# %%
# With patience 5 the rate is halved eight to ten times in 60 epochs, each time at the floor that the last halving made
# reachable. With patience 1 every bad measurement counts: the rate is gone before the floor has been reached, and the
# run stands still for the rest. Watching the loss of the batch of four birds is worst: it goes up and down by chance
# from step to step, and within three epochs nothing is left of the rate.
#
# What was shown
# --------------

end = {name: float(np.mean([gap[-1] for gap in some])) for name, some in gaps.items()}
assert end["patience 5"] < end["patience 1"] / 10
assert end["patience 5"] < end["constant 0.1"] / 10_000
assert end["watching the batch, patience 5"] > 100 * end["patience 1"]
halvings = [round(np.log2(0.1 / found.trace.lr[-1])) for found in runs["patience 5"]]
assert all(8 <= count <= 10 for count in halvings), halvings
assert all(found.trace.lr[3 * epoch] < 1e-5 for found in runs["watching the batch, patience 5"])

# %%
# **Take away.** Watch a loss that is measured, not one that is drawn, and be patient for longer than chance needs to
# produce a new lowest value. Set ``min_lr``, so that a mistake cannot stop the run.
#
# **Try it.** Watch the training loss over all birds instead of the held-out ones. Which of the two falls longer?
#
# **Next.** The chapter on momentum: :ref:`sphx_glr_gallery_momentum_plot_effective_step.py` shows what a cut of the
# rate does to a velocity.
