r"""
Does noise escape from a shallow minimum?
=========================================

It is often said that full gradients get stuck in local minima and noisy ones escape. You will see both on a loss with
two valleys, made from the flipper lengths of 342 penguins. It is true of the full gradient. The noisy one may escape,
after a time that grows exponentially as the noise is made smaller, so that with a little less noise nobody sees it
happen; and noise that carries a run out carries it back in again.
"""

# %%
# Two valleys from real data
# --------------------------
# The question to the data is: around which length do most birds lie? Each bird has the loss
# :math:`1 - \exp(-(\theta - x_i)^2/2w^2)` with :math:`w = 4` mm, which rewards only a :math:`\theta` that is close. The
# mean has a deep valley, at the flippers of Adelie and chinstrap penguins, and a shallow one at those of the gentoos.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

x, width = ot.datasets.penguins().select("flipper_length_mm").features[:, 0], 4.0


def loss(theta, birds=x):
    return 1 - np.exp(-((theta[..., None] - birds) ** 2) / (2 * width**2)).mean(axis=-1)


def gradient(theta, birds=x):
    away = theta[..., None] - birds
    return (away / width**2 * np.exp(-(away**2) / (2 * width**2))).mean(axis=-1)


line = np.linspace(172, 232, 601)
height = loss(line)
deep, shallow = line[line < 200][height[line < 200].argmin()], line[line > 208][height[line > 208].argmin()]
between = (line > deep) & (line < shallow)
barrier = line[between][height[between].argmax()]

fig, ax = plt.subplots(figsize=(7, 3.8))
ax.plot(line, height, color=ot.looks.LIGHT["ink"], label="mean loss f")
for place, mark, name in [(deep, "v", "deep valley"), (barrier, "^", "barrier"), (shallow, "s", "shallow valley")]:
    ax.plot(place, loss(np.array(place)), mark, markersize=8, label=f"{name}, {place:.1f} mm")
ax.plot(x, np.full(len(x), 0.66), "|", color=ot.looks.LIGHT["muted"], label="the birds")
ax.set(xlabel="θ (mm)", ylabel="loss", title="Two valleys in the loss of 342 flippers")
ax.legend()

# %%
# Three hundred runs of each kind
# -------------------------------
# All start at the bottom of the shallow valley and take 2,000 steps. The rate has the unit mm², and rates that look
# enormous are not: at the two minima the curvatures are 0.0028 and 0.0051 per mm², so :math:`\alpha\lambda` is at
# most 0.15.


def wander(lr, size, runs=300, steps=2000, seed=0):
    rng, share = np.random.default_rng(seed), []
    stepper = ot.Stepper(ot.GradientDescent(lr), np.full(runs, shallow))
    for _ in range(steps):
        share.append(np.mean(stepper.theta < barrier))
        batch = x if size is None else x[rng.integers(len(x), size=(runs, size))]
        stepper.step(gradient(stepper.theta, batch))
    return np.array(share)


settings = {(30.0, 1): "-", (20.0, 1): "--", (10.0, 1): "-.", (30.0, 4): ":", (30.0, 16): (0, (1, 4))}
shares = {setting: wander(*setting) for setting in settings}
still = wander(30.0, None, runs=1)

fig, ax = plt.subplots(figsize=(7, 4.2))
for ((lr, size), dash), mark in zip(settings.items(), "osD^v", strict=True):
    ax.plot(100 * shares[lr, size], linestyle=dash, marker=mark, markevery=200, label=f"α = {lr:.0f} mm², B = {size}")
ax.plot(100 * still, color=ot.looks.LIGHT["ink"], label="α = 30 mm², all birds")
ax.set(xlabel="step", ylabel="runs in the deep valley (%)", ylim=(-3, 100))
ax.set_title("Escape is a matter of the noise, and of patience")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)

# %%
# The full gradient never leaves. Single birds at the rate 30 mm² do so quickly, but in the end about a quarter of the
# runs is in the shallow valley at any time: this much noise does not stay in the deep one either. A third of the rate,
# or four birds a batch, and most are still waiting; with 16 birds not one of 300 runs gets out within 2,000 steps.
#
# Noise too weak to climb
# -----------------------
# In the continuous picture of a small rate the mean waiting time grows like :math:`\exp(2\Delta f B/(\alpha s^2))`,
# where :math:`\Delta f` is the height of the barrier and :math:`s^2` the variance of single gradients.

rise = loss(np.array(barrier)) - loss(np.array(shallow))
variance = np.var((shallow - x) / width**2 * np.exp(-((shallow - x) ** 2) / (2 * width**2)))
exponents = np.array([2 * rise * size / (lr * variance) for lr, size in settings])
for (lr, size), exponent in zip(settings, exponents, strict=True):
    print(f"α = {lr:2.0f}, B = {size:2}: exponent {exponent:5.1f}")

# %%
# What was shown
# --------------
# The order of the five settings is that of their exponents, and the claims of the text hold.

ends = np.array([share[-1] for share in shares.values()])
assert not still.any()
assert (shares[30.0, 16] == 0).all()
assert 0.6 < shares[30.0, 1][-500:].mean() < 0.85  # some are always on their way back
assert 0.1 < shares[10.0, 1][-1] < 0.3
assert 0.08 < shares[30.0, 4][-1] < 0.25
assert list(np.argsort(exponents)) == [0, 1, 2, 3, 4]
assert 16.5 < exponents[-1] < 17.5
bends = [(gradient(place + 0.01) - gradient(place - 0.01)) / 0.02 for place in np.array([shallow, deep])]
assert np.allclose(bends, [0.0028, 0.0051], atol=5e-5)
assert (np.diff([share[400] for share in shares.values()]) <= 0).all()

# %%
# **Take away.** "SGD escapes local minima" is true of minima that are shallow for its noise, which means for
# :math:`\alpha/B`; the waiting time is exponential in the depth. It is no promise to find the lowest valley.
#
# **Try it.** Start all runs in the deep valley. At which settings do some end in the shallow one?
#
# **Next.** :ref:`sphx_glr_gallery_batches_plot_streaming.py`: batches from a file.
