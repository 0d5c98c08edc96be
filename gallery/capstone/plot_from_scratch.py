r"""
Linear regression from scratch, on real data
============================================

Everything of this book in one place and forty lines of NumPy: split the data, standardize, write loss and gradient,
check the gradient, choose the rate from the curvature, run the loop until the gradient is small, and hold the result
against the closed form. It ends with a prediction in grams for penguins that the model has never seen.
"""

# %%
# Data that were kept back
# ------------------------
# 342 penguins; a quarter of them is put aside first. Mean and spread come from the training birds only, since the
# others must not have a say in anything. The column of ones makes the bias a weight like the others.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, test = ot.datasets.penguins().split(0.25, seed=0)
mean, spread = train.features.mean(axis=0), train.features.std(axis=0)


def design(features):
    return np.column_stack([(features - mean) / spread, np.ones(len(features))])


x, y = design(train.features), train.targets

# %%
# Predict, measure, and the slope of the measure
# ----------------------------------------------
# Three of the four moves of the loop inside ``fit``. The gradient is the chain rule: the derivative of a square is
# twice the error, that of a prediction is the row of the design.


def predict(theta, x):
    return x @ theta


def loss(theta, x, y):
    return np.mean((predict(theta, x) - y) ** 2)


def gradient(theta, x, y):
    return 2 * x.T @ (predict(theta, x) - y) / len(y)


# %%
# Trust, but check: a gradient is a claim about differences of the loss, and can be tested by them. Both sides agree to
# nine digits, at a random point.

theta, small = np.random.default_rng(0).normal(size=4), 1e-5 * np.eye(4)
quotients = [(loss(theta + e, x, y) - loss(theta - e, x, y)) / 2e-5 for e in small]
agreement = np.abs(quotients - gradient(theta, x, y)).max()
print(f"largest difference between gradient and difference quotient: {agreement:.1e}")

# %%
# Adjust, repeat
# --------------
# The Hessian is :math:`\tfrac2n X^\top X`, so the fastest constant rate is known, and so is a reason to stop: the
# gradient is small.

curvatures = np.linalg.eigvalsh(2 * x.T @ x / len(y))
rate = 2 / (curvatures[0] + curvatures[-1])


def fit(x, y, lr, tolerance=1e-9, max_steps=10_000):
    theta, path = np.zeros(x.shape[1]), []
    for _ in range(max_steps):
        slope = gradient(theta, x, y)
        path.append(theta)
        if np.linalg.norm(slope) < tolerance:
            break
        theta = theta - lr * slope
    return theta, np.array(path)


theta, path = fit(x, y, rate)
exact = np.linalg.lstsq(x, y, rcond=None)[0]
print(f"κ = {curvatures[-1] / curvatures[0]:.1f}, rate {rate:.3f}, {len(path) - 1} steps")

# %%
# How the four numbers get there: the distance to the closed form, against the predicted contraction.

blue, ink = ot.looks.color(ot.GradientDescent), ot.looks.LIGHT["ink"]
away = np.linalg.norm(path - exact, axis=1)
rho = (curvatures[-1] - curvatures[0]) / (curvatures[-1] + curvatures[0])
fig, ax = plt.subplots(figsize=(7, 3.8))
ax.plot(away, "o-", color=blue, markersize=3, label=f"gradient descent (α = {rate:.3f})")
ax.plot(away[0] * rho ** np.arange(len(path)), "--", color=ink, label=f"ρ = {rho:.3f} per step")
ax.set(yscale="log", xlabel="step", ylabel="distance to the closed form (kg)")
ax.set_title("The loop arrives where the formula says, as fast as it says")
ax.legend()

# %%
# Birds never seen
# ----------------
# The dashed line is where prediction and scale agree. What an error is worth shows in comparison with a model that
# says the mean mass to everybody.

guess = predict(theta, design(test.features))
error = np.sqrt(np.mean((guess - test.targets) ** 2))
baseline = np.sqrt(np.mean((y.mean() - test.targets) ** 2))
fig, ax = plt.subplots(figsize=(5.6, 4.6))
ax.plot(test.targets, guess, "o", color=blue, alpha=0.7)
ax.plot([2.7, 6.3], [2.7, 6.3], "--", color=ink)
ax.set(xlabel="body mass on the scale (kg)", ylabel="predicted (kg)", aspect="equal")
ax.set_title(f"{len(guess)} new birds: off by {1000 * error:.0f} g, the mean by {1000 * baseline:.0f} g")

# %%
# What was shown
# --------------
# The gradient is right; the loop ends at the closed form and at what the package finds; the error on new birds is about
# that on the training birds, and less than half of the baseline's.

model = ot.models.LinearRegression((train.features - mean) / spread, y)
run = ot.minimize(model, np.zeros(4), ot.GradientDescent(rate), max_steps=10_000, stop=ot.GradientNorm(1e-9))
assert agreement < 1e-8
assert np.allclose(theta, exact, rtol=0, atol=1e-8)
assert np.allclose(theta, run.theta, rtol=0, atol=1e-12)
assert run.steps == len(path) - 1
assert error < 0.5 * baseline
assert abs(error / np.sqrt(loss(theta, x, y)) - 1) < 0.2

# %%
# **Take away.** Training is: predict, measure, adjust, repeat. For a linear model each of the four can be checked
# against a formula. Do so once, and you will know what to expect where there is none.
#
# **Try it.** Exchange the loop's last line for Adam's update. What must be kept from step to step?
#
# **Next.** :ref:`sphx_glr_gallery_capstone_plot_every_rule.py`: the same loop for a network.
