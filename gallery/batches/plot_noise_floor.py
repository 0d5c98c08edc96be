r"""
How low can a constant rate get with batches of B?
==================================================

With a constant learning rate and random batches, the loss stops falling before it reaches its minimum. You will see
that floor predicted by a formula with nothing fitted, and measured on 342 penguins: halving the rate or doubling the
batch halves it, except where the rate is near its limit, and momentum by itself does not lower it.
"""

# %%
# What the formula needs
# ----------------------
# The curvatures of the loss, and the covariance :math:`\Sigma` of the single-bird gradients at the minimizer. A batch
# of :math:`B` independent draws has the covariance :math:`\Sigma/B`; along a direction of curvature
# :math:`\lambda` a long run then keeps the variance :math:`\alpha\sigma^2 / (\lambda(2 - \alpha\lambda))`, where
# :math:`\sigma^2` is the variance of the batch gradient in this direction.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().standardized()
model = ot.models.LinearRegression(birds.features, birds.targets)
best, hessian, n = model.solution(), model.hessian(), model.n_samples
single = np.array([model.gradient(best, batch=[i]) for i in range(n)])
covariance = single.T @ single / n


def independent(n_samples, batch_size, rng):
    while True:
        yield rng.integers(n_samples, size=batch_size)


# %%
# The formula speaks of independent batches, so these are drawn with replacement. (What shuffling changes is the
# subject of the next script.) Each run starts at the minimizer, where a full gradient would stay, and after 500 steps
# the gap is averaged over 5,500 more.


def measured(rule, size, steps=6000):
    run = ot.minimize(model, best, rule, max_steps=steps, batch_size=size, seed=1, shuffle=independent)
    if run.reason is ot.StopReason.DIVERGED:
        return np.inf
    error = run.trace.theta[500:] - best
    return np.einsum("ki,ij,kj->k", error, hessian, error).mean() / 2


def predicted(rule, size):
    return ot.theory.loss_floor(rule, model, covariance / size)


# %%
# Batch size
# ----------
# Both axes are logarithmic. Floors fall as :math:`1/B`, and rates in the proportion 1 : 5 lie about a factor of five
# apart. The largest rate is 80% of the full gradient's limit: with a few birds per batch its floor lies far above the
# formula, because there the noise grows with the error and feeds itself. With one or two birds it has no floor at all.

sizes, limit = [1, 2, 4, 8, 16, 32, 64, 128], ot.theory.stability_limit(ot.GradientDescent, model)
rates = {0.02: ("o", "-"), 0.1: ("s", "--"), 0.8 * limit: ("^", ":")}
floors = {lr: [measured(ot.GradientDescent(lr), size) for size in sizes] for lr in rates}

ink, blue = ot.looks.LIGHT["ink"], ot.looks.color(ot.GradientDescent)
fig, ax = plt.subplots(figsize=(7, 4.2))
for lr, (mark, dash) in rates.items():
    ax.plot(sizes, [predicted(ot.GradientDescent(lr), size) for size in sizes], dash, color=ink, linewidth=1)
    seen = [floor if floor < 10 else np.nan for floor in floors[lr]]
    ax.plot(sizes, seen, mark, color=blue, label=f"measured, α = {lr:.3g}")
ax.plot([], [], color=ink, linewidth=1, label="predicted (line of the same rate)")
ax.set(xscale="log", yscale="log", xlabel="batch size B (birds)", ylabel="mean gap (kg²)")
ax.set_xticks(sizes, [str(size) for size in sizes], minor=False)
ax.set_title("The floor falls as 1/B")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)

# %%
# Rate over batch
# ---------------
# For small rates the formula is nearly :math:`\tfrac{\alpha}{4B}` times the sum of the variances: only
# :math:`\alpha/B` counts, and the curvatures drop out. Pairs with the same quotient stand on the same floor. Momentum
# at the rate 0.004 with :math:`\beta = 0.9` has the effective rate 0.04, and about the floor of a plain run at 0.04.

pairs = [(0.005 * size, size) for size in (2, 4, 8, 16)]
same = [measured(ot.GradientDescent(lr), size) for lr, size in pairs]
with_momentum = measured(ot.Momentum(lr=0.004, beta=0.9), 8)
names = [f"α = {lr:.2f}\nB = {size}" for lr, size in pairs] + ["α = 0.004\nβ = 0.9\nB = 8"]
small = 0.005 / 4 * np.trace(covariance)

fig, ax = plt.subplots(figsize=(7, 3.6))
bars = ax.bar(range(5), [*same, with_momentum], 0.55, color=[blue] * 4 + [ot.looks.color(ot.Momentum)])
bars[-1].set_hatch("//")
ax.axhline(small, linestyle="--", color=ink, label="α/4B times the sum of variances, at the effective rate")
ax.set_xticks(range(5), names)
ax.set(ylabel="mean gap (kg²)", ylim=(0, 1.5 * small), title="The same α/B, the same floor; momentum does not lower it")
ax.legend()

# %%
# What was shown
# --------------
# At the two smaller rates prediction and measurement agree within 12% from four birds a batch on, at the largest rate
# within 15% from 32 birds on. With one or two birds the largest rate explodes, although it is stable for the full
# gradient: the limit :math:`2/L` is one for exact gradients.

for lr, start, tolerance in [(0.02, 2, 0.12), (0.1, 2, 0.12), (0.8 * limit, 5, 0.15)]:
    ratio = np.array(floors[lr]) / [predicted(ot.GradientDescent(lr), size) for size in sizes]
    assert abs(ratio[start:] - 1).max() < tolerance, (lr, ratio)
assert min(floors[0.8 * limit][:2]) > 1e100
assert abs(np.array(same) / small - 1).max() < 0.15, same
assert abs(with_momentum / same[2] - 1) < 0.15

# %%
# **Take away.** At small rates the floor is set by :math:`\alpha/B` and by the noise of single samples. To get lower,
# lower the rate or raise the batch; each halving costs twice as many steps or twice as many samples a step.
#
# **Try it.** Predict the floor of ``ot.Nesterov(0.004, 0.9)`` with ``ot.theory.loss_floor`` and measure it.
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_replacement.py`: the same floor when the data are shuffled.
