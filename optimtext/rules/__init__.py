"""Update rules, from simple to hard; each adds one idea to the one before.

A rule is a frozen dataclass of hyper-parameters with one pure, elementwise method, `update`. It takes the
parameters, the gradient, the learning rate of this step and the state slots, whose defaults are the initial
state, and returns the new parameters and slots as a tuple. Nothing in it knows about loops, losses or data, so
that the same lines serve a float, a vector, a block of a vector, and a batch of runs of shape (runs, dim) with
hyper-parameters of shape (runs, 1). The algorithm boxes of the book and the playground's JavaScript are made
from the source of these methods by `optimtext.emit`, whose grammar is therefore the limit of what they may use.
"""

from optimtext.rules.adadelta import AdaDelta
from optimtext.rules.adam import Adam, AdamUncorrected
from optimtext.rules.adamax import AdaMax
from optimtext.rules.adaptive import AdaGrad, RMSProp
from optimtext.rules.base import Number, Rate, Rule
from optimtext.rules.decoupled import AdamW, Lion
from optimtext.rules.fista import FISTA
from optimtext.rules.gradient import GradientDescent, Momentum, Nesterov
from optimtext.rules.variants import AMSGrad, NAdam

#: Every rule of the package, simplest first: what tests, the book and the playground go through.
ALL: tuple[type[Rule], ...] = (
    GradientDescent,
    Momentum,
    Nesterov,
    FISTA,
    AdaGrad,
    RMSProp,
    AdaDelta,
    Adam,
    AdamUncorrected,
    AdaMax,
    AMSGrad,
    NAdam,
    AdamW,
    Lion,
)

__all__ = [
    "ALL",
    "FISTA",
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "AdamUncorrected",
    "AdamW",
    "GradientDescent",
    "Lion",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Number",
    "RMSProp",
    "Rate",
    "Rule",
]
