r"""
Is there a learning rate to begin with?
=======================================

Advice on learning rates comes as numbers: try 0.001, 0.003, 0.01, 0.03 and 0.1; more than 0.1 is too high; 1 explodes.
Here fifteen rates are tried on six losses from real data. You will see that each advice is right for one of them and
wrong for another, and that the best rates lie six powers of ten apart.
"""

# %%
# Six losses
# ----------
# Body mass of penguins by linear regression, in raw millimeters and standardized; their sex, and the diagnosis of
# tumors, by logistic regression; digits by softmax regression, and by a small network. Each is small enough for the
# full gradient.

import matplotlib.pyplot as plt
import numpy as np

import optimtext as ot

data, models = ot.datasets, ot.models
raw, birds = data.penguins(), data.penguins().standardized()
sex, tumors = data.penguin_sex().standardized(), data.breast_cancer().standardized()
digits, _ = data.digits().split(0.5, seed=0)
losses = {
    "mass, in millimeters": models.LinearRegression(raw.features, raw.targets),
    "mass, standardized": models.LinearRegression(birds.features, birds.targets),
    "sex": models.LogisticRegression(sex.features, sex.targets),
    "tumors": models.LogisticRegression(tumors.features, tumors.targets),
    "digits, softmax": models.SoftmaxRegression(digits.features / 16, digits.targets),
    "digits, network": models.MLP(digits.features / 16, digits.targets, hidden=(16,)),
}

# %%
# The same rates for all
# ----------------------
# A hundred steps each. A run that ends above its start counts as failed, whether or not it had time to overflow.

rates = [1e-6, 1e-5, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0]
ends, failed = {}, {}
for name, model in losses.items():
    start = model.init(seed=0) if isinstance(model, models.MLP) else np.zeros(model.dim)
    first = model.loss(start)
    runs = [ot.minimize(model, start, ot.GradientDescent(lr), max_steps=100, record_theta=False) for lr in rates]
    failed[name] = np.array([run.reason is ot.StopReason.DIVERGED or run.loss > first for run in runs])
    ends[name] = np.where(failed[name], np.nan, [run.loss / first for run in runs])

# %%
# The band is the popular list; crosses at the top are failures, stars the best rate of each loss.

# sphinx_gallery_thumbnail_number = 1
fig, ax = plt.subplots(figsize=(7, 4.6))
looks = zip("osD^vP", ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1))), strict=True)
ax.axvspan(0.001, 0.1, color=ot.looks.LIGHT["muted"], alpha=0.15, lw=0)
best = {}
for i, ((name, end), (mark, dash)) in enumerate(zip(ends.items(), looks, strict=True)):
    best[name] = rates[int(np.nanargmin(end))]
    (line,) = ax.plot(rates, end, linestyle=dash, marker=mark, markersize=4.5, label=f"{name}: best {best[name]:g}")
    ax.plot(best[name], np.nanmin(end), "*", markersize=14, color=line.get_color())
    wrong = np.array(rates)[failed[name]]
    ax.plot(wrong, np.full(len(wrong), 1.5 * 1.25**i), "x", color=line.get_color())
ax.set(xscale="log", yscale="log", xlabel="learning rate α", ylabel="loss after 100 steps / loss at the start")
ax.set_title("Six losses, six answers: the best rates lie from 0.00001 to 30")
ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)

# %%
# What the popular list is worth
# ------------------------------
# By how much does the best of the five candidates miss the best of all fifteen?

listed = [0.001, 0.003, 0.01, 0.03, 0.1]
inside = np.isin(rates, listed)
for name, end in ends.items():
    found = np.nanmin(end[inside]) if not failed[name][inside].all() else np.nan
    print(f"{name:>21}: on the list {found:.2g}, of all {np.nanmin(end):.2g}")

# %%
# For one loss the list is as good as the whole grid, for four it stops too early, and for one, in raw millimeters,
# every candidate explodes.
#
# What was shown
# --------------

assert failed["mass, in millimeters"][inside].all()
assert best["mass, in millimeters"] == 1e-5
assert failed["mass, in millimeters"][rates.index(1e-4)]
assert best["mass, standardized"] == 0.3  # and 0.1 is nearly as good:
assert ends["mass, standardized"][rates.index(0.1)] < 1.001 * np.nanmin(ends["mass, standardized"])
assert all(best[name] > 0.1 for name in losses if name not in ("mass, in millimeters", "mass, standardized"))
too_high = [name for name in losses if failed[name][rates.index(1.0)]]
assert too_high == ["mass, in millimeters", "mass, standardized"]  # 1.0 explodes on these two only
assert (best["digits, softmax"], best["digits, network"]) == (30, 1)
assert all(rates[0] < rate < rates[-1] for rate in best.values())  # nobody's best is at the end of the grid

# %%
# **Take away.** A list of rates is a grid on a logarithmic axis. It has done its work only if the best rate is not at
# its end.
#
# **Try it.** Use the pixels as they are, 0 to 16, without dividing. By how much do the two best rates for digits move?
#
# **Next.** :ref:`sphx_glr_gallery_learning_rate_plot_dial.py`: what happens as one turns the dial.
