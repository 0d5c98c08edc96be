r"""
What second derivatives buy, and why networks do without
========================================================

Newton's method divides the gradient by the curvature of each direction. A quadratic is solved in one step, however
bad its condition number. You will see that step, then Newton's method on a curved valley and on real data, and on the
way three of the reasons why networks are trained without it.
"""

# %%
# One step on the ravine
# ----------------------
# The step is :math:`-H^{-1}g`. On a quadratic it lands on the stationary point, whatever the condition number, and
# whatever kind of stationary point it is: on a saddle it lands on the saddle, which gradient descent would leave.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot


def newton(problem, theta, steps, hessian=None):
    path = [theta]
    for _ in range(steps):
        curvature = (hessian or problem.hessian)(path[-1])
        path.append(path[-1] - np.linalg.solve(curvature, problem.gradient(path[-1])))
    return np.array(path)


landed = [newton(p, p.start, 1)[-1] for p in (ot.surfaces.Ravine(condition=1e6), ot.surfaces.Saddle())]
print("after one step:", *landed)

# %%
# A curved valley
# ---------------
# Rosenbrock's function from its customary start. The rates of the first-order rules were chosen for it.

valley = ot.surfaces.Rosenbrock()


def curvature(theta):
    x, y = theta
    return np.array([[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200.0]])


first_order = {"gradient descent (α = 0.002)": ot.GradientDescent(0.002), "Adam (α = 0.05)": ot.Adam(0.05)}
losses = {"Newton": valley.loss(newton(valley, valley.start, 8, curvature))}
for name, rule in first_order.items():
    losses[name] = ot.minimize(valley, valley.start, rule, max_steps=2000).trace.loss

fig, ax = plt.subplots(figsize=(7, 4.2))
ink = ot.looks.LIGHT["ink"]
styles = [(ink, "-", "*"), *((ot.looks.color(r), "--", ot.looks.identity(r).marker) for r in first_order.values())]
for (name, loss), (color, dash, mark) in zip(losses.items(), styles, strict=True):
    steps = np.arange(1, len(loss) + 1)
    ax.plot(steps, np.maximum(loss, 1e-25), dash, color=color, marker=mark, label=name, markevery=0.08)
ax.set(xscale="log", yscale="log", xlabel="point, from 1", ylabel="loss", ylim=(1e-25, 1e5))
ax.legend(loc="center right")
ax.set_title("Newton doubles its digits, first-order rules add to theirs")

# %%
# Near the minimum each Newton step squares the error. But in the second step the loss rose three hundredfold: nothing
# makes an undamped Newton step go downhill.
#
# Real data, all of it and a sample of it
# ---------------------------------------
# Logistic regression on 333 penguins with four standardized measurements. Gradient descent runs at the rate
# :math:`1/L`. Newton's method with all birds needs eight steps. Then both gradient and Hessian come from 40 birds
# drawn anew for each step, as a network would have to do.

data = ot.datasets.penguin_sex().standardized()
model = ot.models.LogisticRegression(data.features, data.targets)
best = newton(model, np.zeros(model.dim), 12)[-1]
exact = newton(model, np.zeros(model.dim), 9)

rng, theta, sampled = np.random.default_rng(0), np.zeros(model.dim), [np.zeros(model.dim)]
for _ in range(60):
    batch = rng.choice(model.n_samples, size=40, replace=False)
    ridge = model.hessian(theta, batch=batch) + 1e-3 * np.eye(model.dim)  # a sample's Hessian may be singular
    theta = theta - np.linalg.solve(ridge, model.gradient(theta, batch=batch))
    sampled.append(theta)
rule = ot.GradientDescent(lr=1 / ot.theory.smoothness(model))
descent = ot.minimize(model, np.zeros(model.dim), rule, max_steps=2000).trace.theta

fig, ax = plt.subplots(figsize=(7, 4.2))
curves = {"Newton, all birds": exact, "Newton, 40 birds a step": np.array(sampled), "gradient descent": descent}
styles = [(ink, "-", "*"), (ot.looks.LIGHT["OTHER"], ":", "D"), (ot.looks.color(ot.GradientDescent), "--", "o")]
gap = {}
for (name, path), (color, dash, mark) in zip(curves.items(), styles, strict=True):
    gap[name] = model.loss(path) - model.loss(best)
    steps = np.arange(1, len(path) + 1)
    ax.plot(steps, np.maximum(gap[name], 1e-16), dash, color=color, marker=mark, markevery=0.08, label=name)
ax.set(xscale="log", yscale="log", xlabel="point, from 1", ylabel="loss above the minimum", ylim=(1e-16, 1e7))
ax.legend(loc="upper left")
ax.set_title("Penguins: eight exact steps arrive, sampled ones go astray")

# %%
# Forty birds of five parameters are no small sample, and yet: after a while the Hessian of one batch is nearly
# singular where the gradient is not, and a single step leads far away. A rate of 1 has no meaning for a curvature
# that is itself a guess.
#
# What was shown
# --------------

assert np.allclose(landed, 0)
assert losses["Newton"][5] < 1e-10
assert losses["Newton"][6] < 1e-18
assert 250 < losses["Newton"][2] / losses["Newton"][1] < 350
assert min(losses[name][-1] for name in first_order) > 1e-9
assert np.linalg.norm(model.gradient(exact[8])) < 1e-14  # rounding; the step before it left 1e-12
assert gap["Newton, all birds"][6] < 1e-11 < gap["gradient descent"][300]
assert gap["Newton, 40 birds a step"][1:].min() > 1e-2
assert gap["Newton, 40 birds a step"].max() > 100

# %%
# **Take away.** Where the Hessian is small, exact and positive definite, use it. For a network it is none of the three.
#
# **Try it.** Damp the step: halve it until the loss falls. What happens to the rise on Rosenbrock's function?
#
# **Next.** :ref:`sphx_glr_gallery_beyond_plot_lbfgs.py`: most of the gain without a Hessian.
