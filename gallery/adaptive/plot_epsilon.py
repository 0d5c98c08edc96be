r"""
Epsilon's place decides which gradients count as zero
=====================================================

The smallest number of an adaptive rule is called a guard against division by zero and left alone. It stands outside
the root in some sources and inside in others, before the bias correction or after it, and the same 1e-8 then means
things that lie four orders of magnitude apart. You will see what it does to a single step, to the first steps of the
folded form, and to a run whose loss is measured in a small unit.
"""

# %%
# One step
# --------
# Outside the root, Adam's first step is :math:`\alpha\,|g|/(|g|+\epsilon)`; inside,
# :math:`\alpha\,|g|/\sqrt{g^2+\epsilon_r}`. The first halves the step at :math:`|g| = \epsilon`, the second at
# :math:`|g| = \sqrt{\epsilon_r/3}`.

from dataclasses import replace
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

places = {
    "outside, ε = 1e-8": (ot.Adam(lr=1.0, eps=1e-8), "-"),
    "inside, εᵣ = 1e-8": (ot.Adam(lr=1.0, eps=0.0, eps_root=1e-8), "--"),
    "inside, εᵣ = 1e-16": (ot.Adam(lr=1.0, eps=0.0, eps_root=1e-16), ":"),
}

# %%
grads, first = np.geomspace(1e-11, 1, 221), {}
purple, ink = ot.looks.color(ot.Adam), ot.looks.LIGHT["ink"]
fig, ax = plt.subplots(figsize=(7, 4))
for name, (rule, dash) in places.items():
    stepper = ot.Stepper(rule, np.zeros_like(grads))
    stepper.step(grads)
    first[name] = -stepper.theta
    ax.plot(grads, first[name], dash, color=purple, label=name)
ax.set(xscale="log", xlabel="size of the gradient |g|", ylabel="first step / α")
ax.legend(loc="lower right")
ax.set_title("The same 1e-8 acts ten thousand times earlier inside the root")

# %%
# An :math:`\epsilon` outside and its square inside do nearly the same; the two curves differ by at most a factor of
# :math:`\sqrt2` where :math:`|g| = \epsilon`. The same number in both places does not.
#
# The folded form
# ---------------
# The paper also gives a form that moves both corrections into the rate. Its epsilon stands before the correction, so
# a constant :math:`\hat\epsilon` there acts like :math:`\hat\epsilon/\sqrt{1-\beta_2^t}` here: 31.6 times as much in
# the first step. It matters where gradients are about that small. Keras's Adam is of this form.


class Folded(ot.Adam):
    def update(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
        p1, p2 = p1 * self.beta1, p2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        lr = lr * np.sqrt(1 - p2) / (1 - p1)
        return theta - lr * m / (np.sqrt(v) + self.eps), m, v, p1, p2


t, walks = np.arange(1, 3001), {}
for name, cls in {"Algorithm 1": ot.Adam, "folded form": Folded}.items():
    stepper, path = ot.Stepper(cls(lr=1.0, eps=1e-7), [0.0]), [0.0]
    for _ in t:
        stepper.step([1e-6])
        path.append(float(stepper.theta[0]))
    walks[name] = -np.diff(path)

fig, ax = plt.subplots(figsize=(7, 3.6))
for (name, walk), dash in zip(walks.items(), ["-", "--"], strict=True):
    ax.plot(t, walk, dash, color=purple, label=f"{name}, g = 1e-6, ε = 1e-7")
ax.set(xscale="log", xlabel="step t", ylabel="step length / α", ylim=(0, 1.02))
ax.legend(loc="lower right")
ax.set_title("Folded, the same epsilon shortens the first steps")

# %%
# A loss in another unit
# ----------------------
# Without an epsilon, Adam's path does not change when the loss is multiplied by a constant. With one it does, as soon
# as the gradients come near it. The same logistic regression on tumors, its loss multiplied by ever smaller numbers,
# as when a sum is replaced by a mean over a huge batch, or a loss is scaled for low precision.

cancer = ot.datasets.breast_cancer().standardized()
model = ot.models.LogisticRegression(cancer.features, cancer.targets)
units, ends = 10.0 ** -np.arange(13), {}
problems = [
    SimpleNamespace(loss=lambda th, u=u: u * model.loss(th), gradient=lambda th, u=u: u * model.gradient(th))
    for u in units
]
for name, (rule, _) in places.items():
    placed = replace(rule, lr=0.01)
    runs = [ot.minimize(problem, np.zeros(model.dim), placed, max_steps=300) for problem in problems]
    ends[name] = [run.loss / unit for run, unit in zip(runs, units, strict=True)]

fig, ax = plt.subplots(figsize=(7, 4))
for (name, losses), (_, dash), mark in zip(ends.items(), places.values(), "osD", strict=True):
    ax.plot(units, losses, dash, marker=mark, color=purple, label=name)
ax.axhline(np.log(2), color=ink, linewidth=1, label="where it started")
ax.set(xscale="log", xlabel="factor on the loss", ylabel="loss after 300 steps / factor", ylim=(0, 0.75))
ax.invert_xaxis()
ax.legend(loc="center left")
ax.set_title("Small losses stop learning, at a place that epsilon sets")

# %%
# What was shown
# --------------

outside, inside, squared = first.values()
assert np.allclose([grads[np.argmax(step > 0.5)] for step in (outside, inside)], [1e-8, 1e-4 / 3**0.5], rtol=0.15)
assert np.max(squared / outside) < 2**0.5 + 1e-9
assert np.isclose(walks["folded form"][0], 1 / (1 + 0.1 * np.sqrt(1000)))
assert np.allclose(walks["Algorithm 1"], 1 / 1.1)
for losses, harmless in zip(ends.values(), [6, 3, 7], strict=True):
    assert np.allclose(losses[:harmless], losses[0], rtol=0.02)
    assert losses[harmless] > 1.02 * losses[0]
    assert losses[-1] > 0.6

# %%
# **Take away.** Say where your epsilon stands, and choose it small against the gradients that should count.
#
# **Try it.** Some recommend :math:`\epsilon = 1` for certain networks. Which rule is Adam then, nearly?
#
# **Next.** :ref:`sphx_glr_gallery_adaptive_plot_rotation.py`: what a rate for each coordinate cannot do.
