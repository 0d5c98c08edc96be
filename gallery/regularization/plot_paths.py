r"""
Ridge, lasso and elastic net: thirty weights on their way
=========================================================

Turn the strength of a penalty from high to low, and the weights of a regression unfold from zero to least squares. Here
are the three classic paths on 57 patients with 30 measurements each, and what each of them predicts for 512 others.
All three help a great deal and about equally; they differ in which weights they use.
"""

# %%
# One path at a time
# ------------------
# Strengths fall geometrically, and each run starts where the one before has ended, which saves most of the work. The
# largest L1 strength of interest is known: above the largest slope at zero, all weights are zero.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def prepared(seed):
    train, others = ot.datasets.breast_cancer().split(0.9, seed=seed)
    scaled, center = train.standardized(), train.targets.mean()
    return tuple(
        ot.models.LinearRegression(part.standardized(like=scaled).features, part.targets - center)
        for part in (train, others)
    )


shares = {"ridge": (0.0, 1.0), "lasso": (1.0, 0.0), "elastic net": (0.2, 1.0)}  # of L1 and of L2 in the strength


def path(model, name, strengths):
    found, theta, (l1, l2) = [], np.zeros(model.dim), shares[name]
    rule, enough = ot.Nesterov(1 / ot.theory.spectrum(model)[-1], beta=0.96), ot.GradientNorm(1e-4)
    for s in strengths:
        penalty = ot.penalties.ElasticNet(l1 * s, l2 * s, on=slice(-1))  # all but the bias
        run = ot.minimize(model, theta, rule, max_steps=2000, penalty=penalty, stop=enough, record_theta=False)
        found.append(theta := run.theta)
    return np.array(found)


model, others = prepared(seed=0)
largest = np.abs(model.gradient(np.zeros(model.dim))[:-1]).max()
strengths = {
    "ridge": np.geomspace(30, 3e-4, 28),
    "lasso": largest * np.geomspace(1, 1e-3, 28),
    "elastic net": 5 * largest * np.geomspace(1, 1e-3, 28),
}
paths = {name: path(model, name, values) for name, values in strengths.items()}

# %%
# The paths
# ---------
# The vertical line marks the strength with the lowest loss on the others; above it stands how many of the thirty
# weights are not zero there.

losses = {name: others.loss(found) for name, found in paths.items()}
used = {name: np.sum(found[:, :-1] != 0, axis=1) for name, found in paths.items()}
fig, axes = plt.subplots(1, 3, figsize=(8, 3.4), sharey=True)
fig.suptitle("Thirty weights, and how many are not zero at the best strength")
for ax, (name, found) in zip(axes, paths.items(), strict=True):
    at = losses[name].argmin()
    ax.plot(strengths[name], found[:, :-1], linewidth=1)
    ax.axvline(strengths[name][at], color=ot.looks.LIGHT["ink"], linestyle="--")
    ax.set(xscale="log", xlabel="strength", ylim=(-0.3, 0.4), title=f"{name}: {used[name][at]} of 30")
    ax.invert_xaxis()
axes[0].set_ylabel("weight")

# %%
# Ridge moves all weights at once. The lasso lets them in one after the other, and some leave again. The elastic net
# lets more of them in.
#
# What they predict
# -----------------

exact = others.loss(model.solution())
fig, ax = plt.subplots(figsize=(7, 3.8))
for (name, loss), rule in zip(losses.items(), ("GradientDescent", "Momentum", "Nesterov"), strict=True):
    at, marker = loss.argmin(), ot.looks.identity(rule).marker
    size = np.abs(paths[name][:, :-1]).sum(axis=1)
    ax.plot(size, loss, marker=marker, markevery=[at], color=ot.looks.color(rule), label=f"{name}: {loss[at]:.4f}")
    print(f"{name:12} {loss[at]:.4f} with {used[name][at]} weights, at strength {strengths[name][at]:.3g}")
ax.axhline(exact, linestyle="--", color=ot.looks.LIGHT["muted"], label=f"least squares: {exact:.4f}")
ax.set(xlabel="sum of the sizes of all weights", ylabel="squared error, 512 others", xlim=(0, 2.5), ylim=(0.06, 0.2))
ax.set_title("All three halve the error of least squares")
ax.legend()

# %%
# Which features does the lasso choose?
# -------------------------------------
# The selection is often read as "the features that matter". Ask four other samples of 57 patients for theirs.

chosen = [set(np.flatnonzero(paths["lasso"][losses["lasso"].argmin(), :-1]))]
for seed in range(1, 5):
    model, others = prepared(seed)
    found = path(model, "lasso", strengths["lasso"][:16])
    chosen.append(set(np.flatnonzero(found[others.loss(found).argmin(), :-1])))
print("chosen by all five:", len(set.intersection(*chosen)), "by any:", len(set.union(*chosen)))

# %%
# What was shown
# --------------
# Each penalty more than halves the error of least squares, and they differ among each other by less than 5%. (The
# strengths were chosen by the loss on these same others, which makes the errors a little too good.) The lasso
# uses less than a third of the weights. Five samples choose 20 different features and agree on none.

best = {name: loss.min() for name, loss in losses.items()}
assert max(best.values()) < 0.5 * exact
assert max(best.values()) < 1.05 * min(best.values())
weights = {name: used[name][loss.argmin()] for name, loss in losses.items()}
assert weights["lasso"] < 10 < weights["elastic net"] < weights["ridge"] == 30
assert sorted(len(one) for one in chosen) == [6, 7, 8, 9, 13]
assert len(set.union(*chosen)) == 20
assert not set.intersection(*chosen)

# %%
# **Take away.** Use L1 for a short list, L2 for the best prediction with all features, both for a compromise; and do
# not take the list for a discovery.
#
# **Try it.** Standardize nothing. Which weights does the penalty punish then?
#
# **Next.** :ref:`sphx_glr_gallery_stopping_plot_patience.py`: penalties beside other cures for overfitting.
