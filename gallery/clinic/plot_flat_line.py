r"""
Nothing happens: one log, two illnesses
=======================================

Two networks stand before 401 handwritten digits and learn nothing. Their logs get the same diagnosis, since they look
the same. Its list of advice is an order in which to try things: the first one cures one network, and leaves the other
exactly as ill as it was, which is what sends you to the second.
"""

# %%
# The failure, twice
# ------------------
# 32 hidden ReLU units, all samples in each step. One run has a rate of 0.00005. The other has a good rate, and hidden
# units with a bias of −20, which never fire.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

digits, _ = ot.datasets.digits().split(0.777, seed=0)
network = ot.models.MLP(digits.features / 16, digits.targets, hidden=(32,), activation="relu")
alive = network.init(seed=0)
dead = alive.copy()
network.unpack(dead)[0][1][:] = -20


def train(start, lr):
    return ot.minimize(network, start, ot.GradientDescent(lr), max_steps=200)


first, second = train(alive, 5e-5), train(dead, 0.5)
same = [ot.diagnose(run.trace.loss) for run in (first, second)]  # losses alone, as a log on disk has them
print(same[0])

# %%
# The second log gets the same verdict, and the same list. Its loss did move in the third digit: the biases of the
# output have learned how frequent each digit is, which needs no picture.
#
# The first advice: raise the rate tenfold, and again
# ---------------------------------------------------
# Until the clinic no longer says *no progress*.


def raised(start, lr):
    runs = [train(start, lr)]
    while ot.diagnose(runs[-1].trace.loss).main == "no-progress" and len(runs) < 5:
        lr *= 10
        runs.append(train(start, lr))
    return runs


attempts = {"rate too small": raised(alive, 5e-5), "dead units": raised(dead, 0.5)}
verdicts = {name: [ot.diagnose(run.trace.loss).main for run in runs] for name, runs in attempts.items()}
for name, said in verdicts.items():
    print(f"{name}: {', then '.join(said)}")

# %%
# Over the first network the advice climbs until the loss falls. *Too slow* is progress, and its advice is again a
# larger rate; two factors of ten more arrive at a rate of 0.5, which works. Over the second network it changes
# nothing until it makes things worse.
#
# The second advice: the gradient of each layer
# ---------------------------------------------
# "Where it is zero, look there; where it is not, it is the rate."


def norms(theta):
    return [float(np.linalg.norm(weights)) for weights, _ in network.unpack(network.gradient(theta))]


for name, theta in {"rate too small": alive, "dead units": dead}.items():
    print(f"{name}: first layer {norms(theta)[0]:.2g}, second layer {norms(theta)[1]:.2g}")

# %%
# No gradient reaches the weights behind the dead units, so no rate and no rule will move them. Mended: their biases
# go back to where ``init`` puts them, and the run keeps its rate. It is then the same run as the other network's with
# a rate of 0.5.

mended = train(alive, 0.5)
fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True)
for ax, (name, runs) in zip(axes, attempts.items(), strict=True):
    for i, run in enumerate(runs):
        style = {"color": ot.looks.LIGHT["muted"], "linestyle": (0, (i + 1, 2)), "label": f"α = {run.trace.lr[0]:.2g}"}
        ax.plot(run.trace.loss, **style)
    ax.plot(mended.trace.loss, color=ot.looks.LIGHT["accent"], label="mended, α = 0.5")
    ax.set(title=name, xlabel="step", ylim=(0, 3.2))
    ax.legend(fontsize=8, loc="center right")
axes[0].set_ylabel("mean log loss")
fig.suptitle("A larger rate cures a small rate, and nothing else")

# %%
# What was shown
# --------------

assert [found.main for found in same] == ["no-progress", "no-progress"]
assert verdicts["rate too small"][-1] == "too-slow"
assert min(run.trace.loss.min() for run in attempts["dead units"]) > 2.2
assert norms(dead)[0] == 0
assert norms(alive)[0] > 0.1
assert mended.loss < 0.1
assert ot.diagnose(mended.trace.loss).main not in ("no-progress", "too-slow")

# %%
# **Take away.** The loss curve cannot say whether the rate is small or the gradient. Raise the rate once or twice; if
# nothing stirs, look at the gradient of each layer before you spend another run.
#
# **Try it.** Give ``ot.diagnose`` the whole results, with rates and gradient norms. Does the first cause that it then
# names fit both networks? Print ``second.trace.grad_norm`` before you believe it.
#
# **Next.** :ref:`sphx_glr_gallery_clinic_plot_swinging.py`: when it swings.
