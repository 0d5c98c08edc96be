r"""
Can a model learn from a file that does not fit into memory?
============================================================

Yes, and with the same loop: a step needs only the rows of its batch. What changes is the shuffle. A file is read
quickly in long runs of neighbors, and if neighbors are alike, batches are one-sided. You will see a classifier of
handwritten digits learn from a file, equal to the last bit to one in memory, and learn badly when the file is sorted
and read nearly in order.
"""

# %%
# A sorted file
# -------------
# The digits are written to a file in the order 0, 1, …, 9, as data often are: by class, by day, by customer. The file
# is small, so that this page builds quickly; opened with ``mmap_mode``, it is never loaded as a whole all the same.

import tempfile
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, held_out = ot.datasets.digits().split(0.25, seed=0)
order = np.argsort(train.targets, kind="stable")
rows = np.column_stack([train.features / 16, train.targets])[order]
folder = tempfile.TemporaryDirectory()
path = Path(folder.name, "digits.npy")
np.save(path, rows)
table = np.load(path, mmap_mode="r")
print(type(table).__name__, table.shape, f"{path.stat().st_size / 1e6:.1f} MB")

# %%
# The same loop
# -------------
# A model over a memory map reads the rows that a step asks for. Given the same shuffle, it takes the same path as a
# model over an array.

in_file = ot.models.SoftmaxRegression(table[:, :-1], table[:, -1], n_classes=10)
in_memory = ot.models.SoftmaxRegression(rows[:, :-1], rows[:, -1])
fresh = ot.models.SoftmaxRegression(held_out.features / 16, held_out.targets)
rule, start = ot.GradientDescent(lr=0.5), np.zeros(in_file.dim)
both = [
    ot.minimize(model, start, rule, max_steps=200, batch_size=32, seed=0, record_theta=False)
    for model in (in_file, in_memory)
]
print("equal:", np.array_equal(both[0].theta, both[1].theta))

# %%
# Four ways to read
# -----------------
# *Shuffled* jumps to every row by itself. *Blocked* reads whole blocks of neighbors in random order and shuffles the
# samples of several blocks together: here blocks of 16 rows, by 64 of the 85 blocks or only by 4. With blocks of 128
# rows, one at a time, a batch holds about two classes. The points show what arrives during the first epoch.

n, blocks = in_file.n_samples, ot.sampling.blocked_batches
ways = {
    "shuffled": ot.sampling.shuffled_batches,
    "blocks of 16, mixed by 64": partial(blocks, block=16, window=64),
    "blocks of 16, mixed by 4": partial(blocks, block=16, window=4),
    "blocks of 128, one by one": partial(blocks, block=128, window=1),
}
fig, axes = plt.subplots(2, 2, figsize=(7, 4.6), sharex=True, sharey=True)
kinds = {}
for ax, (name, way) in zip(axes.flat, ways.items(), strict=True):
    batches = way(n, 32, np.random.default_rng(1))
    epoch = [rows[next(batches), -1] for _ in range(-(-n // 32))]
    kinds[name] = np.mean([len(set(batch)) for batch in epoch])
    ax.plot(np.concatenate(epoch), ".", markersize=2.5, color=ot.looks.LIGHT["ink"])
    ax.set_title(f"{name}\n{kinds[name]:.1f} digits in a batch", fontsize=10)
fig.supxlabel("place in the epoch", fontsize=10)
fig.supylabel("digit", fontsize=10)
fig.suptitle("What a sorted file sends, read in four ways", x=0.08, ha="left", fontsize=11.5, weight="bold")

# %%
# What they learn
# ---------------
# Four epochs each, five seeds. The loss on digits that were not trained on is measured after every fifth step.

runs = {
    name: [
        ot.minimize(in_file, start, rule, max_steps=172, batch_size=32, seed=seed, shuffle=way,
                    validation=fresh, validate_every=5, record_theta=False)
        for seed in range(5)
    ]
    for name, way in ways.items()
}  # fmt: skip  # one line a thought

fig, ax = plt.subplots(figsize=(7, 4.2))
for (name, group), mark, dash in zip(runs.items(), "osD^", ("-", "--", "-.", ":"), strict=True):
    seen = np.array([run.trace.validation[::5] for run in group])
    ax.plot(np.arange(0, 173, 5), np.median(seen, axis=0), dash, marker=mark, markevery=4, label=name)
ax.set(xlabel="step (an epoch has 43)", ylabel="held-out loss", yscale="log")
ax.set_title("A sorted file must be mixed, or classes unlearn each other")
ax.legend()
folder.cleanup()

# %%
# What was shown
# --------------
# The file gave the same bits as memory. Mixing 64 blocks is nearly as good as a full shuffle; one block at a time ends
# about twice as high, and with four blocks there is still a price.

end = {name: np.median([run.trace.validation[170] for run in group]) for name, group in runs.items()}
assert np.array_equal(both[0].theta, both[1].theta)
assert 1.5 < kinds["blocks of 128, one by one"] < 2.5
assert end["blocks of 16, mixed by 64"] < 1.15 * end["shuffled"]
assert end["blocks of 16, mixed by 4"] > 1.15 * end["shuffled"]
assert end["blocks of 128, one by one"] > 1.8 * end["shuffled"]

# %%
# **Take away.** The size of a file does not matter to a mini-batch, its order does. Shuffle it once on disk, or take
# many small blocks at a time.
#
# **Try it.** Shuffle ``rows`` before they are written. What do the four ways do now?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_equal_epochs.py`: which batch size gets most out of an epoch.
