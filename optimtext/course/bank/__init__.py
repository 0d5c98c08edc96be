"""The bank: every exercise with its cases and its wrong solutions, one a file, in the order of the course."""

from optimtext.course.bank import (
    adagrad,
    adam,
    adam_correction,
    batch_gradient,
    clip_by_norm,
    cosine_annealing,
    early_stopping,
    exponential_decay,
    gradient_descent,
    gradient_step,
    minibatches,
    momentum,
    nesterov,
    rmsprop,
    shifted_nesterov,
    soft_threshold,
    step_decay,
    warm_restarts,
)
from optimtext.course.exercise import Exercise

_ORDER = (
    gradient_step,
    gradient_descent,
    batch_gradient,
    minibatches,
    momentum,
    nesterov,
    shifted_nesterov,
    adagrad,
    rmsprop,
    adam,
    step_decay,
    exponential_decay,
    cosine_annealing,
    warm_restarts,
    early_stopping,
    soft_threshold,
    clip_by_norm,
)
EXERCISES: dict[str, Exercise] = {module.EXERCISE.name: module.EXERCISE for module in _ORDER}
_MORE = (adam_correction,)  # to import it enters more wrong solutions into Adam's exercise
