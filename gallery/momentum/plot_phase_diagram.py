r"""
Which pairs of learning rate and momentum converge, and how fast?
=================================================================

Two numbers decide everything about the heavy ball on a quadratic. The map below shows for each pair what theory
predicts, and what 1,000 runs do. It explains why momentum must be raised together with the rate, where the best pair
lies, and what a pair costs that is a little off.
"""

# %%
# The map that theory draws
# -------------------------
# For each pair the contraction is the largest spectral radius of two 2×2 matrices, one for each curvature. Above
# both curves :math:`\beta = (1 - \sqrt{\alpha\mu})^2` and :math:`\beta = (1 - \sqrt{\alpha L})^2` all eigenvalues are
# complex and the contraction is :math:`\sqrt\beta`, whatever the rate. The curves cross at the best pair.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

ravine = ot.surfaces.Ravine(condition=50)
mu, L = ot.theory.spectrum(ravine)
rates, betas = np.linspace(0.001, 0.08, 120), np.linspace(0, 0.99, 60)
rho = np.array([[ot.theory.contraction(ot.Momentum(lr=a, beta=b), [mu, L]) for a in rates] for b in betas])

# %%
# A thousand runs
# ---------------
# All pairs run at once: the hyper-parameters are columns, one row a run. The measured contraction is what the pair of
# the last two errors lost per step over the second half of 200 steps.

some_rates, some_betas = np.meshgrid(np.linspace(0.002, 0.079, 40), np.linspace(0.01, 0.98, 25))
pairs = ot.Momentum(lr=some_rates.reshape(-1, 1), beta=some_betas.reshape(-1, 1))
stepper, path = ot.Stepper(pairs, np.tile(ravine.start, (1000, 1))), []
for _ in range(200):
    stepper.step(ravine.gradient(stepper.probe))
    path.append(stepper.theta)
size = np.linalg.norm(np.array(path), axis=2)
state = np.hypot(size[1:], size[:-1])
measured = ((state[-1] / state[99]) ** (1 / 99)).reshape(some_rates.shape)

# %%
# Level lines are predicted; rings and crosses are runs that shrank or grew, one in fifteen of them.

ink, muted, accent = (ot.looks.LIGHT[name] for name in ("ink", "muted", "accent"))
orange, best = ot.looks.color(ot.Momentum), ot.theory.optimal(ot.Momentum, ravine)
a, b, shrank = (grid[1::5, 2::3] for grid in (some_rates, some_betas, measured < 1))

fig, ax = plt.subplots(figsize=(7, 5.2))
lines = ax.contour(rates, betas, rho, [0.8, 0.85, 0.9, 0.95, 0.98], colors=muted, linewidths=1)
ax.clabel(lines, fontsize=9)
ax.plot(2 * (1 + betas) / L, betas, color=ink, label="limit, 2 (1 + β) / L")
ax.plot(rates, (1 - np.sqrt(rates * mu)) ** 2, "--", color=orange, label="critical damping for μ")
ax.plot(rates, (1 - np.sqrt(rates * L)) ** 2, "-.", color=orange, label="critical damping for L")
for mark, chosen, name in [("o", shrank, "run shrank"), ("x", ~shrank, "run grew")]:
    ax.plot(a[chosen], b[chosen], mark, color=ink, markerfacecolor="none", label=name)
ax.plot(best.lr, best.beta, "*", color=accent, ms=13, label=f"best (α = {best.lr:.3g}, β = {best.beta:.3g})")
ax.set(xlabel="learning rate α", ylabel="momentum β", xlim=(0, 0.08), ylim=(0, 1))
ax.set_title("Contraction per step: the best pair is 2% below the limit")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.14), ncols=2)

# %%
# The level lines are flat where all eigenvalues are complex: there the rate does not matter. The best rate is 2%
# below the limit. Seen from the best pair, the contraction rises steeply toward smaller :math:`\beta` and gently
# toward larger, so it is safer to err with a :math:`\beta` that is too large than with one that is too small.
#
# Predicted against measured
# --------------------------

every = zip(pairs.lr.flat, pairs.beta.flat, strict=True)
predicted = [ot.theory.contraction(ot.Momentum(lr=a, beta=b), [mu, L]) for a, b in every]

fig, ax = plt.subplots(figsize=(7, 4))
ax.plot(predicted, measured.flat, ".", color=orange, markersize=4, label="1,000 runs")
ax.plot([0.74, 1.3], [0.74, 1.3], color=ink, linewidth=1, label="equal")
ax.set(xlim=(0.74, 1.3), ylim=(0.74, 1.3), xlabel="predicted contraction", ylabel="measured contraction")
ax.set_title("The runs do what the eigenvalues say")
ax.legend()

# %%
# Most of the scatter is rotation: with complex eigenvalues the error turns as it shrinks, and 100 steps do not average
# that away.
#
# What was shown
# --------------
# Measured and predicted contractions agree within 3%, the fastest of the thousand runs is a neighbor of the best
# pair, and 0.1% to either side of the limit a run shrinks or grows.

assert np.allclose(measured.flat, predicted, rtol=0.03)
fastest = pairs.lr.flat[measured.argmin()], pairs.beta.flat[measured.argmin()]
assert np.allclose(fastest, (best.lr, best.beta), rtol=0.05), fastest
limit = ot.theory.stability_limit(ot.Momentum, ravine, beta=0.5)
below, above = (ot.minimize(ravine, [0, 1], ot.Momentum(c * limit, 0.5), max_steps=6000) for c in (0.999, 1.001))
assert 0.975 < best.lr / ot.theory.stability_limit(best, ravine) < 0.985
assert below.loss < 1e-20
assert above.loss > 1e3

# %%
# **Take away.** Momentum widens the range of stable rates and asks for most of it: the best rate is close to the limit.
#
# **Try it.** Draw the same map for ``ot.Nesterov``. Where is its cliff?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_nesterov_lookahead.py`: the same velocity, its gradient
# taken further on.
