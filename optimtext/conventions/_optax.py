"""optax's names for the rules (as of version 0.2.8)."""

from optimtext import rules
from optimtext.conventions.entries import Known, Library

RATE = ("learning_rate", "required")
BETAS = {"beta1": ("b1", 0.9), "beta2": ("b2", 0.999)}
EPSILONS = {"eps": ("eps", 1e-8), "eps_root": ("eps_root", 0.0)}
AHEAD = "Its parameters are the look-ahead points: compare them with the probe of this rule, not with theta."
OLD_RATE = "the look-ahead is stored there with the rate of the step before, and taken here with the rate of the step"

OPTAX = Library(
    name="optax",
    module="optax",
    scheduled=True,
    schedules="The schedule is asked for each step in Python, so the update cannot be compiled with jax.jit.",
    entries={
        rules.GradientDescent: (Known("sgd", {"lr": RATE}),),
        rules.Momentum: (Known("sgd", {"lr": RATE, "beta": ("momentum", None)}),),
        rules.Nesterov: (
            Known(
                "sgd",
                {"lr": RATE, "beta": ("momentum", None)},
                fixed={"nesterov": True},
                constant=OLD_RATE,
                notes=(AHEAD,),
            ),
        ),
        rules.FISTA: "its momentum is a constant there, and here it grows from step to step",
        rules.AdaGrad: (
            Known(
                "adagrad",
                {"lr": RATE, "eps_root": ("eps", 1e-7)},
                fixed={"initial_accumulator_value": 0.0},
                only={"eps": (0.0, "there is no epsilon outside the root")},
                notes=("A coordinate that has never had a gradient stands still there even if all epsilons are zero.",),
            ),
        ),
        rules.RMSProp: (
            Known(
                "rmsprop",
                {"lr": RATE, "beta": ("decay", 0.9), "eps": ("eps", 1e-8)},
                fixed={"eps_in_sqrt": False},
                only={"eps_root": (0.0, "it has one epsilon only, inside or outside the root")},
            ),
            Known(
                "rmsprop",
                {"lr": RATE, "beta": ("decay", 0.9), "eps_root": ("eps", 1e-8)},
                fixed={"eps_in_sqrt": True},
                only={"eps": (0.0, "it has one epsilon only, inside or outside the root")},
            ),
        ),
        rules.AdaDelta: (Known("adadelta", {"lr": RATE, "beta": ("rho", 0.9), "eps_root": ("eps", 1e-6)}),),
        rules.Adam: (Known("adam", {"lr": RATE, **BETAS, **EPSILONS}),),
        rules.AdamUncorrected: "every Adam there corrects its averages; two optax.ema with debias=False are its halves",
        rules.AdaMax: (Known("adamax", {"lr": RATE, **BETAS, "eps": ("eps", 1e-8)}),),
        rules.AMSGrad: "it takes the maximum of the corrected average, and here the maximum itself is corrected",
        rules.NAdam: (
            Known(
                "nadam",
                {"lr": RATE, **BETAS, **EPSILONS},
                only={"gamma": (0.0, "the momentum is not warmed up there, which is gamma=0")},
            ),
        ),
        rules.AdamW: (Known("adamw", {"lr": RATE, **BETAS, **EPSILONS, "weight_decay": ("weight_decay", 1e-4)}),),
        rules.Lion: (
            Known(
                "lion",
                {"lr": RATE, "beta1": ("b1", 0.9), "beta2": ("b2", 0.99), "weight_decay": ("weight_decay", 1e-3)},
            ),
        ),
    },
)
