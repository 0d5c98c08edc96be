"""Keras's names for the rules (`keras.optimizers`, as of version 3).

Read off the method ``update_step`` of each class in ``keras/src/optimizers``. Keras is no dependency of the tests; they
check the entries against those recurrences written out in NumPy.
"""

from collections.abc import Mapping
from typing import Any

from optimtext import rules
from optimtext.conventions.entries import Known, Library

RATE = ("learning_rate", 1e-3)
BETAS = {"beta1": ("beta_1", 0.9), "beta2": ("beta_2", 0.999)}
ROOT = (0.0, "there is no epsilon inside the root")
OUTSIDE = (0.0, "its epsilon is inside the root and there is none outside")
AHEAD = "Its parameters are the look-ahead points: compare them with the probe of this rule, not with theta."
INSIDE = "the rate is inside the velocity there, so that old gradients keep the rate of their own step"
FOLDED = (
    "Its epsilon is that of the folded form and stands before the correction: a constant eps there acts like "
    "eps / sqrt(1 - beta2**t) here, 31.6 times as large in the first step at beta2 = 0.999, the same in the long run."
)
SUBCLASS = (
    "Wrap it in a subclass of keras.optimizers.schedules.LearningRateSchedule, whose __call__ gets the step from 0."
)


def _folded(call: str, more: Mapping[str, tuple[str, Any]], fixed: Mapping[str, Any]) -> tuple[Known, ...]:
    # Adam and what is made of it: without an epsilon the two forms are the same, with one they are nearly so.
    arguments = {"lr": RATE, **BETAS, **more}
    return (
        Known(call, arguments, fixed={"epsilon": 0.0, **fixed}, only={"eps": (0.0, ""), "eps_root": ROOT}),
        Known(call, {**arguments, "eps": ("epsilon", 1e-7)}, fixed=fixed, only={"eps_root": ROOT}, differs=FOLDED),
    )


KERAS = Library(
    name="Keras",
    module="keras.optimizers",
    scheduled=False,
    schedules=SUBCLASS,
    entries={
        rules.GradientDescent: (Known("SGD", {"lr": ("learning_rate", 1e-2)}),),
        rules.Momentum: (Known("SGD", {"lr": ("learning_rate", 1e-2), "beta": ("momentum", 0.0)}, constant=INSIDE),),
        rules.Nesterov: (
            Known(
                "SGD",
                {"lr": ("learning_rate", 1e-2), "beta": ("momentum", 0.0)},
                fixed={"nesterov": True},
                constant=INSIDE,
                notes=(AHEAD,),
            ),
        ),
        rules.FISTA: "its momentum is a constant there, and here it grows from step to step",
        rules.AdaGrad: (
            Known(
                "Adagrad",
                {"lr": RATE, "eps_root": ("epsilon", 1e-7)},
                fixed={"initial_accumulator_value": 0.0},
                only={"eps": OUTSIDE},
            ),
        ),
        rules.RMSProp: (
            Known(
                "RMSprop",
                {"lr": RATE, "beta": ("rho", 0.9), "eps_root": ("epsilon", 1e-7)},
                only={"eps": OUTSIDE},
                notes=("Its docstring speaks of Kingma and Ba's folded epsilon; its code adds it inside the root.",),
            ),
        ),
        rules.AdaDelta: (Known("Adadelta", {"lr": RATE, "beta": ("rho", 0.95), "eps_root": ("epsilon", 1e-7)}),),
        rules.Adam: _folded("Adam", {}, {}),
        rules.AdamUncorrected: "every Adam there corrects its averages; nothing switches that off",
        rules.AdaMax: (
            Known("Adamax", {"lr": RATE, **BETAS}, fixed={"epsilon": 0.0}, only={"eps": (0.0, "")}),
            Known(
                "Adamax",
                {"lr": RATE, **BETAS, "eps": ("epsilon", 1e-7)},
                differs="Its epsilon is added to the maximum and not inside it: denominators differ by at most eps.",
            ),
        ),
        rules.AMSGrad: _folded("Adam", {}, {"amsgrad": True}),
        rules.NAdam: (
            Known(
                "Nadam",
                {"lr": RATE, **BETAS, "eps": ("epsilon", 1e-7)},
                only={
                    "gamma": (0.96, "the momentum is warmed up by gamma=0.96 there and nothing else"),
                    "eps_root": ROOT,
                },
                notes=("Its docstring speaks of the folded epsilon; its code adds it after the correction, as here.",),
            ),
        ),
        rules.AdamW: _folded("AdamW", {"weight_decay": ("weight_decay", 4e-3)}, {}),
        rules.Lion: (
            Known(
                "Lion",
                {
                    "lr": RATE,
                    "beta1": ("beta_1", 0.9),
                    "beta2": ("beta_2", 0.99),
                    "weight_decay": ("weight_decay", None),
                },
                notes=("It refuses beta_1=0, with which only the sign of the gradient is left.",),
            ),
        ),
    },
)
