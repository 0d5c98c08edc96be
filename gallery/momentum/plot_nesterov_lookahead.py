r"""
Nesterov's look-ahead needs the learning rate
=============================================

Nesterov's rule asks for the gradient where the velocity is about to carry the parameters. With a velocity that sums
gradients that point is :math:`\theta - \alpha\beta v`; some texts print :math:`\theta - \beta v`. You will see where
the two points lie, what the misprint does on a ravine, and why no learning rate, however small, saves it there.
"""

# %%
# The rule and the misprint
# -------------------------
# The misprint differs in one place, so it is written as Nesterov's rule with another ``probe``.

from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


@dataclass(frozen=True)
class Misprint(ot.Nesterov):
    def probe(self, theta, lr, v=0.0):
        return theta - self.beta * v


# %%
# One step, drawn
# ---------------
# A ball comes down the wall of the ravine and its velocity carries it across the floor. The heavy ball adds the slope
# of where it was, which pushes on. Nesterov's rule adds the slope of where it will be, which pushes back.

ravine = ot.surfaces.Ravine(condition=50)
right, wrong = ot.Nesterov(lr=0.01, beta=0.9), Misprint(lr=0.01, beta=0.9)
theta, v = np.array([-3.0, 0.5]), np.array([-100.0, 85.0])
ahead, lost = right.probe(theta, right.lr, v), wrong.probe(theta, wrong.lr, v)
arrows = [("", "ink", theta, ahead)]
for cls, point in [(ot.Momentum, theta), (ot.Nesterov, ahead)]:
    arrows.append((cls.__name__, cls.__name__, ahead, ahead - right.lr * ravine.gradient(point)))

# %%
# The circle is the ball, the triangle its look-ahead point. The colored arrows are the two possible second halves.

fig, ax = plt.subplots(figsize=(7, 3.7))
ot.plot.contour(ax, ravine)
for name, key, tail, tip in arrows:
    arrow = {"arrowstyle": "-|>", "color": ot.looks.LIGHT[key], "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=tip, xytext=tail, arrowprops=arrow)
    ax.annotate(name, tip, (9, 0), textcoords="offset points", color=ot.looks.LIGHT[key], va="center")
ax.plot(*theta, "o", *ahead, "^", color=ot.looks.LIGHT["ink"], markersize=7)
ax.annotate(r"$\theta$", theta, (-15, 0), textcoords="offset points")
ax.annotate("velocity", (theta + ahead) / 2, (9, 0), textcoords="offset points")
ax.annotate("look-ahead", ahead, (-75, -6), textcoords="offset points")
ax.set(xlim=(-3.5, 0.3), ylim=(-0.75, 0.75), title="One step: the old slope pushes on, the new one back")

# %%
# The misprinted look-ahead is not in this picture. It lies :math:`1/\alpha = 100` times as far away, at (87, −76).

assert np.allclose(lost - theta, 100 * (ahead - theta))

# %%
# What it does to a run
# ---------------------
# The same rate and momentum for all three. Nesterov's rule is ahead of the heavy ball here, since it damps the steep
# direction more. The misprint multiplies its error by 44.6 a step.

rules = {"momentum": ot.Momentum(lr=0.01, beta=0.9), "Nesterov": right, "misprint": wrong}
runs = {name: ot.minimize(ravine, ravine.start, rule, max_steps=80) for name, rule in rules.items()}

fig, ax = plt.subplots(figsize=(7, 4.6))
ot.plot.convergence(ax, runs)
ax.set(ylim=(1e-6, 1e12), title="The right look-ahead helps, the misprinted one explodes")

# %%
# Why no rate saves it
# --------------------
# On an eigendirection of curvature :math:`\lambda` the misprint is a heavy ball with momentum
# :math:`\beta (1 - \lambda)`, where the right rule has :math:`\beta (1 - \alpha\lambda)`. Its stability is therefore a
# matter of the curvature in absolute numbers: above :math:`\lambda = 1 + 1/\beta` it diverges at every rate.


def growth(alpha, beta, curvature):
    kept = beta * (1 - curvature)
    return max(abs(np.roots([1, -(1 - alpha * curvature + kept), kept])))


curvatures = np.linspace(0.01, 3, 300)
fig, ax = plt.subplots(figsize=(7, 4.2))
for alpha, dash in [(0.2, "-"), (0.05, "--"), (0.001, "-.")]:
    style = {"label": f"misprint (α = {alpha}, β = 0.9)", "color": ot.looks.LIGHT["OTHER"], "linestyle": dash}
    ax.plot(curvatures, [growth(alpha, 0.9, c) for c in curvatures], **style)
theory = [ot.theory.contraction(ot.Nesterov(lr=0.2, beta=0.9), c) for c in curvatures]
ax.plot(curvatures, theory, "^-", markevery=30, color=ot.looks.color(right), label="Nesterov (α = 0.2, β = 0.9)")
ax.axvline(1 + 1 / 0.9, color=ot.looks.LIGHT["accent"], linestyle=":", label="1 + 1/β")
ax.set(xlabel="curvature λ", ylabel="error growth per step", title="Beyond λ = 1 + 1/β no rate is stable")
ax.legend()

# %%
# What was shown
# --------------
# The run grows by the predicted factor, a tiny rate does not help, and the misprint's own limit
# :math:`2 (1 + \beta - \beta\lambda) / \lambda` is exact: 0.1% below it converges, 0.1% above it diverges.

error = np.abs(runs["misprint"].trace.theta[:, 1])
assert round(error[20] / error[19], 1) == round(growth(0.01, 0.9, 50), 1) == 44.6
tiny = ot.minimize(ravine, ravine.start, Misprint(lr=1e-9, beta=0.9), max_steps=1000)
assert tiny.reason is ot.StopReason.DIVERGED
limit = 2 * (1 + 0.9 - 0.9 * 1.5) / 1.5
assert growth(0.999 * limit, 0.9, 1.5) < 1 < growth(1.001 * limit, 0.9, 1.5)
assert 5 * runs["Nesterov"].loss < runs["momentum"].loss < 0.01

# %%
# **Take away.** A velocity in units of the gradient becomes a distance only by a learning rate.
#
# **Try it.** Multiply the loss by 10 and divide the rate by 10: the right rule's path does not change. Does the
# misprint's? And why would a test on :math:`\tfrac12 \theta^2` find nothing wrong with it?
#
# **Next.** :ref:`sphx_glr_gallery_momentum_plot_heavy_ball_cycle.py`: a loss on which only one of the two arrives.
