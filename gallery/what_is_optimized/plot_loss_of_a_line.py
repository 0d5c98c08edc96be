r"""
The loss of a line is a bowl
============================

A line that predicts the body mass of a penguin from the length of its flipper has two parameters, a weight and a
bias. Every line is therefore one point of a plane, and the loss gives that point a height. Here the landscape is drawn
from 342 measured birds. It is a bowl with one lowest point. Its shape depends on the zero and the unit of the scale on
which the flippers were measured, and that shape decides how hard the search will be.
"""

# %%
# The model and its loss
# ----------------------
# The model predicts :math:`w x + b`, with :math:`x` the flipper length in standard deviations from the mean. The loss
# is the mean of the squared errors, in kg². Four lines will stand for all others: one that falls where it should
# rise (A), one that is a kilogram too low throughout (B), one that is closer (C), and the best one.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

birds = ot.datasets.penguins().select("flipper_length_mm")
scaled = birds.standardized()
model = ot.models.LinearRegression(scaled.features, birds.targets)
best = model.solution()
lines = {"A": best - [1, 0], "B": best - [0, 1], "C": best + np.array([0.48, 0.36]), "best": best}
for name, theta in lines.items():
    print(f"{name:>4}: w = {theta[0]:5.2f}, b = {theta[1]:.2f}, loss = {model.loss(theta):.3f} kg²")

# %%
# A point here is a line there
# ----------------------------
# On the left the lines among the birds, on the right the same four as points of the parameter plane. Along each level
# line the loss is the same, although the lines that belong to its points look quite different: A and B are equally bad.

plane = np.stack(np.meshgrid(np.linspace(-0.9, 2.3, 121), np.linspace(2.6, 5.8, 121)), axis=-1)
levels = np.array([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0])
shades = [ot.looks.LIGHT[f"contour{i}"] for i in range(8)]
fig, (data, space) = plt.subplots(1, 2, figsize=(7, 3.7))
data.plot(scaled.features[:, 0], birds.targets, ".", color=ot.looks.LIGHT["muted"], markersize=3)
drawn = space.contour(plane[..., 0], plane[..., 1], model.loss(plane), levels=levels, colors=shades)
space.clabel(drawn, levels[::2], fontsize=8, colors=ot.looks.LIGHT["muted"])
for (name, (w, b)), dash, mark in zip(lines.items(), ("--", ":", "-.", "-"), "s^D*", strict=True):
    (line,) = data.plot([-2.2, 2.2], [b - 2.2 * w, b + 2.2 * w], dash, label=name)
    space.plot(w, b, mark, color=line.get_color(), markersize=11 if name == "best" else 7, label=name)
data.set(xlabel="flipper length $x$ (standard deviations)", ylabel="body mass (kg)", title="Four lines …")
space.set(xlabel="weight $w$ (kg)", ylabel="bias $b$ (kg)", aspect="equal", title="… are four points")
space.grid(visible=False)
for ax in (data, space):
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=4, handlelength=1.6, columnspacing=1)

# %%
# The level lines are circles, for two reasons. The mean of squares is a quadratic function of :math:`(w, b)`; and since
# the standardized feature has mean 0 and variance 1, the Hessian is twice the identity matrix. So the loss of any line
# is the lowest loss plus the squared distance of its point from the best one.
#
# The same bowl in millimeters
# ----------------------------
# Nothing about birds or lines changes if the flippers stay in millimeters, but the numbers that describe a line do:
# the bias is now the mass of a bird with a flipper of length zero. Raise the weight a little, and only a much lower
# bias repairs the damage, so the bowl becomes a long, narrow, slanted trough.

raw = ot.models.LinearRegression(birds.features, birds.targets)
w, b = raw.solution()
wide = np.stack(np.meshgrid(np.linspace(w - 0.1, w + 0.1, 241), np.linspace(b - 20, b + 20, 241)), axis=-1)
fig, ax = plt.subplots(figsize=(7, 3.7))
ax.contour(wide[..., 0], wide[..., 1], raw.loss(wide), levels=levels[[0, 2, 7]], colors=shades[:3])
ax.plot(w, b, "*", color=ot.looks.LIGHT["accent"], markersize=11)
ax.annotate("best line", (w, b), xytext=(8, 4), textcoords="offset points")
ax.set(xlabel="weight $w$ (kg per mm)", ylabel="bias $b$ (kg)")
ax.grid(visible=False)
ax.set_title("In millimeters the bowl is a trough: levels 0.25, 0.75 and 2 kg²")

# %%
# The axes hide the worst of it: a unit of :math:`w` is drawn hundreds of times longer than a unit of :math:`b`. The
# two curvatures, which are the eigenvalues of the Hessian, say how long and narrow the trough really is: the length
# of a level ellipse along each of its axes is proportional to one over the root of the curvature there.

curvatures = {"standardized": ot.theory.spectrum(model), "millimeters": ot.theory.spectrum(raw)}
for name, (low, high) in curvatures.items():
    stretch = np.sqrt(high / low)
    print(f"{name}: curvatures {low:.3g} and {high:.3g}, ellipse {stretch:,.0f} times longer than wide")

# %%
# What this run shows
# -------------------
# Standardized, the loss is the lowest loss plus a squared distance, everywhere in the plane; in either unit the best
# line is the same line; and the trough in millimeters is nearly 2,900 times longer than wide, where the other is round.

distance = ((plane - best) ** 2).sum(axis=-1)
assert np.allclose(model.loss(plane), model.loss(best) + distance)
assert np.allclose([raw.loss([w, b]), w * scaled.scale[0]], [model.loss(best), best[0]])
assert 2800 < stretch < 2900, "the last pair printed is that of the millimeters"

# %%
# **Take away.** Training moves a point in the space of parameters. The data and the loss make the landscape; the
# mean and the unit of a feature stretch it.
#
# **Try it.** Measure the flippers in meters (divide the features by 1000, and make the window of :math:`w` a
# thousand times wider). Is the trough longer or shorter now, and which unit would make it roundest?
#
# **Next.** :ref:`sphx_glr_gallery_what_is_optimized_plot_try_everything.py`: what it costs to visit the plane point by
# point.
