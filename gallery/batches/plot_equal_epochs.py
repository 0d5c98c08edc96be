r"""
Which batch size gets most out of an epoch?
===========================================

Batch sizes are often compared at one common learning rate, which decides the outcome in advance. Here each size may
choose its own rate from the same six. You will see that on 1,348 handwritten digits small batches get more out of an
epoch and less out of a step, and that a small common rate hands the victory to whoever takes the most steps.
"""

# %%
# The contest
# -----------
# Softmax regression from pixels to ten classes, without hidden layers, so that the loss is convex. Every setting runs
# with five shuffles (the full gradient needs none), and the score is the median of the loss over all training digits.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, held_out = ot.datasets.digits().split(0.25, seed=0)
model = ot.models.SoftmaxRegression(train.features / 16, train.targets)
n, rates = model.n_samples, [0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
sizes = {16: ("o", "-"), 128: ("s", "--"), n: ("^", ":")}


def scores(size, steps):
    rules, seeds = ot.grid(ot.GradientDescent, lr=rates), [0] if size == n else range(5)
    runs = ot.sweep(
        model, rules, np.zeros(model.dim), max_steps=steps, batch_size=size, seeds=list(seeds), losses_every=None
    )
    return np.median(np.reshape([run.score for run in runs], (len(rules), -1)), axis=1)


epochs, counts = [2, 4, 8], [10, 20, 40]
per_epoch = {size: [scores(size, count * -(-n // size)) for count in epochs] for size in sizes}
per_step = {size: [scores(size, count) for count in counts] for size in sizes}

# %%
# The rate that suits each size
# -----------------------------
# After eight epochs. At the rates 0.1 and 0.3, where neither noise nor curvature limits anybody, the order of the three
# sizes is that of their numbers of steps and says nothing else; from 10 on noise has its say, and the order changes.

fig, ax = plt.subplots(figsize=(7, 4.2))
for size, (mark, dash) in sizes.items():
    ax.plot(rates, per_epoch[size][-1], dash, marker=mark, label=f"B = {size}: {8 * -(-n // size)} steps")
ax.set(xscale="log", yscale="log", xlabel="learning rate α", ylabel="loss after eight epochs")
ax.set_title("At a small common rate the smallest batch wins by default")
ax.legend()

# %%
# Per epoch and per step
# ----------------------
# Each size at the best of the six rates: left for equal numbers of epochs, right for equal numbers of steps.

fig, axes = plt.subplots(1, 2, figsize=(7, 3.8), sharey=True)
for ax, budgets, found in zip(axes, (epochs, counts), (per_epoch, per_step), strict=True):
    for size, (mark, dash) in sizes.items():
        ax.plot(budgets, [ends.min() for ends in found[size]], dash, marker=mark, label=f"B = {size}")
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(budgets, [str(count) for count in budgets])
    ax.minorticks_off()
axes[0].set(xlabel="epochs", ylabel="loss, at the best rate", title="Equal epochs: few samples win …")
axes[1].set(xlabel="steps", title="… equal steps: few samples lose")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)

# %%
# Left, for the same number of gradients, the batches of 16 are ahead throughout: 680 rough steps lead farther than
# eight exact ones. Right, for the same number of steps, they are behind: a step from 16 samples is the worse step. But
# the better step is not :math:`n/B` times as good, and one from 128 samples is nearly as good as one from all 1,348.
#
# What was shown
# --------------
# No best rate lies at an end of the grid, so everybody had a fair choice; batches of 16 win every contest of epochs and
# lose every contest of steps.

for found in (per_epoch, per_step):
    assert all(0 < ends.argmin() < len(rates) - 1 for size in sizes for ends in found[size])  # a fair choice
left = [[found.min() for found in per_epoch[size]] for size in sizes]
right = [[found.min() for found in per_step[size]] for size in sizes]
assert (np.argmin(left, axis=0) == 0).all()
assert (np.argmax(left, axis=0) == 2).all()
assert (np.argmax(right, axis=0) == 0).all()
assert (np.diff([per_epoch[size][-1][1] for size in sizes]) > 0).all()  # at the common rate 0.3

# %%
# **Take away.** Per epoch small batches win until noise stops them; per step they lose. Compare batch sizes each
# at its own rate, and say what the budget counts. On a machine that computes a hundred samples as fast as one, the
# budget is the number of steps.
#
# **Try it.** Add :math:`B = 2`, and 24 epochs. Does the lead of small batches last?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_cost_of_a_step.py`: what a step costs in seconds.
