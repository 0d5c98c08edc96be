"""Right solutions in closed form; as NumPy's numbers, which must be as good as Python's."""

import numpy as np


def step_decay(t, lr, factor, every, steps_per_epoch):
    return np.float64(lr) * factor ** np.floor(t / (every * steps_per_epoch))


def exponential_decay(t, lr, decay):
    return np.exp(np.log(lr) + t * np.log(decay))


def cosine_annealing(t, lr_max, lr_min, steps):
    return lr_min + (lr_max - lr_min) * np.cos(np.pi / 2 * np.minimum(t / steps, 1)) ** 2


def warm_restarts(t, lr_max, lr_min, steps, mult):
    if mult == 1:
        period, begin = steps, t // steps * steps
    else:
        count = 0
        while steps * (mult ** (count + 1) - 1) // (mult - 1) <= t:
            count += 1
        period, begin = steps * mult**count, steps * (mult**count - 1) // (mult - 1)
    return cosine_annealing(t - begin, lr_max, lr_min, period)
