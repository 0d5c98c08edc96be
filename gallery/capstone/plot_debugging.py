r"""
The run does not learn: which of five things is it?
===================================================

Five runs of a small network on digits have something wrong with them, and their loss curves show little more than that.
You will see four short experiments, none longer than a few hundred steps, that tell them apart from each other and
from a healthy run. Each takes one question off the table.
"""

# %%
# Six runs
# --------
# The same network six times. One is in order. The others have a rate that is far too small, one that is far too large,
# a start at zero, a sign error in one line of the gradient, and labels that were shuffled against the pictures.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

train, held_out = ot.datasets.digits().split(0.25, seed=0)
pictures, labels = train.features / 16, train.targets
RATE, STEPS = 0.3, 120


class SignError(ot.models.MLP):
    """The gradient of the first layer has the wrong sign, as if a minus had been lost on the way back."""

    def gradient(self, theta, batch=None):
        grad = super().gradient(theta, batch)
        self.unpack(grad)[0][0][:] *= -1
        return grad

    def loss_and_gradient(self, theta, batch=None):
        return self.loss(theta, batch), self.gradient(theta, batch)


def network(kind=ot.models.MLP, digits=labels, rows=slice(None)):
    return kind(pictures[rows], digits[rows], hidden=(32,), n_classes=10)


shuffled = np.random.default_rng(0).permutation(labels)
healthy, zero = network().init(seed=0), np.zeros(network().dim)
patients = {  # how to build the model, the start, the rate
    "in order": ({}, healthy, RATE),
    "rate too small": ({}, healthy, RATE / 300),
    "rate too large": ({}, healthy, RATE * 100),
    "start at zero": ({}, zero, RATE),
    "sign error": ({"kind": SignError}, healthy, RATE),
    "labels shuffled": ({"digits": shuffled}, healthy, RATE),
}


def train_it(build, start, rate, *, rows=slice(None), steps=STEPS):
    model = network(rows=rows, **build)
    size = min(64, model.n_samples)
    return ot.minimize(model, start, ot.GradientDescent(rate), max_steps=steps, batch_size=size, seed=0)


# %%
# The symptom: one run learns. In three the loss stays where it was, at :math:`\ln 10 = 2.30`, the loss of somebody who
# gives each digit the same chance; in two it leaves the picture, sooner or later.

fig, ax = plt.subplots(figsize=(7, 4.2))
dashes = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))
for (name, patient), dash, mark in zip(patients.items(), dashes, "osD^vP", strict=True):
    losses = train_it(*patient).trace.loss
    ax.plot(np.where(losses < 8, losses, np.nan), linestyle=dash, marker=mark, markevery=12, label=name)
ax.axhline(np.log(10), color=ot.looks.LIGHT["muted"], linewidth=1)
ax.set(xlabel="step", ylabel="loss of the batch", ylim=(0, 4), title="One run learns; the other curves say little")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=3)

# %%
# Four questions
# --------------
# *Is the gradient that of the loss?* Differences of the loss answer. *Can the network learn ten pictures by heart?* If
# not, neither amount nor quality of the data is to blame. *Does any rate help?* The same run at rates from a hundredth
# to 300 times its own. *Does it read new digits?* Once something learns, ask whether it is the right thing.


def examine(build, start, rate):
    point = healthy + 0.01  # away from special points such as zero
    sound = ot.check_gradient(network(rows=slice(20), **build), point, coordinates=range(0, 2080, 40)) < 1e-4
    by_heart = train_it(build, start, rate, rows=slice(10), steps=300).loss < 0.3
    factors = (0.01, 0.1, 1, 10, 100, 300)
    ends = [train_it(build, start, rate * factor) for factor in factors]
    losses = [np.inf if run.reason is ot.StopReason.DIVERGED else run.loss for run in ends]
    best = ends[int(np.argmin(losses))]
    answers = best.problem.predict(best.theta, held_out.features / 16).argmax(axis=1)
    reads = np.mean(answers == held_out.targets) > 0.5
    return [sound, by_heart, min(losses) < 1, reads], factors[int(np.argmin(losses))]


questions = ["gradient right?", "ten by heart?", "any rate helps?", "reads new ones?"]
answers, helpful = zip(*[examine(*patient) for patient in patients.values()], strict=True)
answers = np.array(answers)

# %%
# A dot is a yes, a cross a no.

# sphinx_gallery_thumbnail_number = 2
fig, ax = plt.subplots(figsize=(7, 3.6))
row, column = np.indices(answers.shape)
for yes, mark, color in [(True, "o", ot.looks.LIGHT["GradientDescent"]), (False, "x", ot.looks.LIGHT["accent"])]:
    ax.plot(column[answers == yes], row[answers == yes], mark, color=color, markersize=11, markeredgewidth=2.5)
ax.set_xticks(range(4), questions)
ax.set_yticks(range(6), patients)
ax.set(xlim=(-0.5, 3.5), ylim=(5.5, -0.5), title="Four questions tell the patients apart")
ax.grid(visible=False)

# %%
# Only the two wrong rates share a row, and there the third experiment says more than yes: which factor helped. The
# sign error is found before anything is trained. The start at zero has a right gradient and learns nothing at any rate,
# since all hidden units are alike and stay so. Shuffled labels can be learned by heart, ten of them, and say nothing
# about new digits: nothing is wrong with the training, there is nothing to be found.
#
# What was shown
# --------------

for name, factor in zip(patients, helpful, strict=True):
    print(f"{name:>15}: lowest loss at {factor:g} times its rate")
rows = dict(zip(patients, answers.tolist(), strict=True))
assert rows["in order"] == [True, True, True, True]
assert rows["rate too small"] == rows["rate too large"] == [True, False, True, True]
assert helpful[1] > 1 > helpful[2]
assert rows["start at zero"] == [True, False, False, False]
assert rows["sign error"] == [False, False, False, False]
assert rows["labels shuffled"] == [True, True, False, False]

# %%
# **Take away.** Ask in this order: is the gradient right, can it learn ten samples by heart, does any rate help, does
# it read new ones. Look at curves after that.
#
# **Try it.** Feed the pixels as they are, 0 to 16. Which row results, and which factor helps?
#
# **Next.** Back to :ref:`sphx_glr_gallery_what_is_optimized_plot_loss_of_a_line.py`, and read it as somebody who knows
# what comes after.
