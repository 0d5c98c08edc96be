"""Closed forms: how large a rate may be, which is best, how fast a rule then is, and what noise leaves of it.

On a quadratic every eigendirection of the Hessian moves on its own. For a rule with one rate for all coordinates, a
step multiplies the pair (present distance, distance before) by a 2×2 matrix that depends on the curvature only, and
most of what is said here follows from the eigenvalues of that matrix. Elsewhere it holds near a minimum, as far as the
loss looks like its quadratic model. The rest are lengths of first steps and guarantees, which need no quadratic.
"""

from optimtext.theory.bounds import (
    accelerated_bound,
    adagrad_regret_bound,
    adagrad_sum,
    gradient_descent_bound,
    smoothness,
)
from optimtext.theory.limits import critical_momentum, effective_rate, optimal, stability_limit
from optimtext.theory.noise import loss_floor, noise_floor, stationary_covariance
from optimtext.theory.phase import PhaseDiagram, Regime, phase_diagram
from optimtext.theory.prediction import Prediction, predict
from optimtext.theory.spectra import Spectral, contraction, iteration_matrix, spectrum
from optimtext.theory.steps import escape_time, first_steps

__all__ = [
    "PhaseDiagram",
    "Prediction",
    "Regime",
    "Spectral",
    "accelerated_bound",
    "adagrad_regret_bound",
    "adagrad_sum",
    "contraction",
    "critical_momentum",
    "effective_rate",
    "escape_time",
    "first_steps",
    "gradient_descent_bound",
    "iteration_matrix",
    "loss_floor",
    "noise_floor",
    "optimal",
    "phase_diagram",
    "predict",
    "smoothness",
    "spectrum",
    "stability_limit",
    "stationary_covariance",
]
