"""
A heavy ball that rolls in a circle for ever
============================================

On quadratics with given curvatures the heavy ball has a best pair of rate and momentum. Bend the quadratic, keep it
strongly convex and smooth with curvatures in the same range, keep the very same pair, and the ball may never arrive:
it settles into a cycle of three points. Gradient descent and Nesterov's rule, each tuned by the same two curvatures,
converge. The example is due to Lessard, Recht and Packard (2016).
"""

# %%
# Three pieces, one convex function
# ---------------------------------
# The slope is :math:`25x` up to 1, :math:`x + 24` up to 2 and :math:`25x - 24` beyond: continuous and rising, with
# curvatures between :math:`\mu = 1` and :math:`L = 25`. The minimum is at 0, where the function looks like
# :math:`\tfrac{25}{2} x^2`.

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


class Bent:
    def loss(self, theta):
        x = theta[0]
        return 12.5 * x**2 if x < 1 else 0.5 * x**2 + 24 * x - 12 if x < 2 else 12.5 * x**2 - 24 * x + 36

    def gradient(self, theta):
        x = theta[0]
        return np.array([25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24])


# %%
# Each rule gets what is optimal for it on quadratics with these curvatures; for the heavy ball that is
# :math:`\alpha = 1/9` and :math:`\beta = 4/9`. All start at rest from 3.3.

curvatures = [1.0, 25.0]
rules = {
    "gradient descent": ot.theory.optimal(ot.GradientDescent, curvatures),
    "heavy ball": ot.theory.optimal(ot.Momentum, curvatures),
    "Nesterov": ot.theory.optimal(ot.Nesterov, curvatures),
}
runs = {name: ot.minimize(Bent(), [3.3], rule, max_steps=300) for name, rule in rules.items()}

# %%
# The three points
# ----------------
# Two of them lie left of the first bend and one right of the second. On the left alone, a parabola of curvature 25, the
# ball would come to rest. On the right the slope is weaker by 24 than that parabola's, so the ball turns later than the
# pair is made for, and each visit there returns what the left has taken away.

cycle = np.array([792, -2208, 2592]) / 1225
x = np.linspace(-2.6, 3.5, 400)
bent, ball = Bent(), runs["heavy ball"].trace.theta[-4:, 0]
orange = ot.looks.color(ot.Momentum)

fig, ax = plt.subplots(figsize=(7, 4.0))
ax.plot(x, [bent.loss([u]) for u in x], color=ot.looks.LIGHT["muted"])
arrow = {"arrowstyle": "->", "color": orange, "connectionstyle": "arc3,rad=-0.15", "linewidth": 1.6}
for before, after in pairwise((u, bent.loss([u])) for u in ball):
    ax.annotate("", xy=after, xytext=before, arrowprops=arrow)
ax.plot(cycle, [bent.loss([u]) for u in cycle], "s", color=orange, markersize=8, label="the cycle")
ax.plot(0, 0, "*", color=ot.looks.LIGHT["accent"], markersize=11, label="the minimum")
for bend, name in ((1, "the slope bends"), (2, None)):
    ax.axvline(bend, color=ot.looks.LIGHT["muted"], linestyle=":", linewidth=1.2, label=name)
ax.set(xlabel=r"$\theta$", ylabel="loss", title="The heavy ball visits three points and never arrives")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=3)

# %%
# The price of not arriving
# -------------------------
# Equal budgets, one gradient a step. The heavy ball's loss repeats itself every three steps for ever; the other two
# rules leave the bends behind and then fall as on a parabola.

fig, ax = plt.subplots(figsize=(7, 4.6))
ot.plot.convergence(ax, runs)
ax.set(xlim=(-2, 100), ylim=(1e-20, 1e4))
ax.set_title("Nesterov's rule and gradient descent arrive, the heavy ball circles")

# %%
# What was shown
# --------------
# The last three points are the exact ones, in this order, and they are far from the minimum. The other two rules
# arrive, and so does Nesterov's rule at :math:`1/L` and :math:`(\sqrt\kappa - 1)/(\sqrt\kappa + 1)`, where its
# convergence is proven for every such function.

last = runs["heavy ball"].trace.theta[-3:, 0]
assert any(np.allclose(last, np.roll(cycle, shift), atol=1e-9) for shift in range(3)), last
assert runs["heavy ball"].loss > 5
safe = ot.minimize(Bent(), [3.3], ot.Nesterov(lr=1 / 25, beta=2 / 3), max_steps=300)
assert max(runs["gradient descent"].loss, runs["Nesterov"].loss, safe.loss) < 1e-12

# %%
# **Take away.** The heavy ball's famous rate is a statement about quadratics, and about the neighborhood of a minimum
# where the loss is nearly one. It is not a global guarantee, even for strongly convex losses.
#
# **Try it.** Start from 3.0 instead of 3.3. Then lower :math:`\alpha` to :math:`1/25`: does the cycle survive?
#
# **Next.** The chapter :doc:`/book/momentum` says what this means for the choice of a rule.
