"""Right solutions that count step by step."""

import math


def step_decay(t, lr, factor, every, steps_per_epoch):
    for step in range(1, t + 1):
        if step % (every * steps_per_epoch) == 0:
            lr *= factor
    return lr


def exponential_decay(t, lr, decay):
    for _ in range(t):
        lr *= decay
    return lr


def cosine_annealing(t, lr_max, lr_min, steps):
    if t >= steps:
        return lr_min
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * t / steps)) / 2


def warm_restarts(t, lr_max, lr_min, steps, mult):
    period, position = steps, 0
    for _ in range(t):
        position += 1
        if position == period:
            period, position = period * mult, 0
    return cosine_annealing(position, lr_max, lr_min, period)
