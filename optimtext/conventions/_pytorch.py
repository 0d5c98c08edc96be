"""PyTorch's names for the rules (`torch.optim`, as of version 2.13)."""

import math

from optimtext import rules
from optimtext.conventions.entries import Known, Library

ROOT = (0.0, "there is no epsilon inside the root")
BETAS = {"beta1": ("betas[0]", 0.9), "beta2": ("betas[1]", 0.999)}
AHEAD = "Its parameters are the look-ahead points: compare them with the probe of this rule, not with theta."
OLD_RATE = "the look-ahead is stored there with the rate of the step before, and taken here with the rate of the step"
SINGLE = (
    "The product of its momenta is kept in PyTorch's default precision: as long as that is float32, the steps differ "
    "by about one part in ten million."
)
LAMBDA = (
    "Build the optimizer with lr=1.0 and add torch.optim.lr_scheduler.LambdaLR(optimizer, schedule); after every "
    "optimizer.step() call its step()."
)


def _momentum_decay(gamma: float) -> float:
    return math.log(gamma) / math.log(0.96) if gamma else math.inf


PYTORCH = Library(
    name="PyTorch",
    module="torch.optim",
    scheduled=False,
    schedules=LAMBDA,
    entries={
        rules.GradientDescent: (Known("SGD", {"lr": ("lr", 1e-3)}),),
        rules.Momentum: (Known("SGD", {"lr": ("lr", 1e-3), "beta": ("momentum", 0)}, fixed={"dampening": 0.0}),),
        rules.Nesterov: (
            # Without momentum PyTorch refuses nesterov=True, and there is nothing to look ahead to.
            Known("SGD", {"lr": ("lr", 1e-3)}, only={"beta": (0.0, "")}),
            Known(
                "SGD",
                {"lr": ("lr", 1e-3), "beta": ("momentum", 0)},
                fixed={"dampening": 0.0, "nesterov": True},
                constant=OLD_RATE,
                notes=(AHEAD,),
            ),
        ),
        rules.FISTA: "its momentum is a constant there, and here it grows from step to step",
        rules.AdaGrad: (
            Known(
                "Adagrad",
                {"lr": ("lr", 1e-2), "eps": ("eps", 1e-10), "eps_root": ("initial_accumulator_value", 0)},
                notes=("The sum of squares starts at a value, which stays inside the root as eps_root does.",),
            ),
        ),
        rules.RMSProp: (
            Known(
                "RMSprop", {"lr": ("lr", 1e-2), "beta": ("alpha", 0.99), "eps": ("eps", 1e-8)}, only={"eps_root": ROOT}
            ),
        ),
        rules.AdaDelta: (Known("Adadelta", {"lr": ("lr", 1.0), "beta": ("rho", 0.9), "eps_root": ("eps", 1e-6)}),),
        rules.Adam: (Known("Adam", {"lr": ("lr", 1e-3), **BETAS, "eps": ("eps", 1e-8)}, only={"eps_root": ROOT}),),
        rules.AdamUncorrected: "every Adam there corrects its averages; nothing switches that off",
        rules.AdaMax: (Known("Adamax", {"lr": ("lr", 2e-3), **BETAS, "eps": ("eps", 1e-8)}),),
        rules.AMSGrad: (
            Known(
                "Adam",
                {"lr": ("lr", 1e-3), **BETAS, "eps": ("eps", 1e-8)},
                fixed={"amsgrad": True},
                only={"eps_root": ROOT},
            ),
        ),
        rules.NAdam: (
            Known(
                "NAdam",
                {"lr": ("lr", 2e-3), **BETAS, "eps": ("eps", 1e-8), "gamma": ("momentum_decay", 4e-3)},
                only={"eps_root": ROOT},
                via={"gamma": _momentum_decay},
                notes=("There gamma is 0.96 ** momentum_decay.", SINGLE),
            ),
        ),
        rules.AdamW: (
            Known(
                "AdamW",
                {"lr": ("lr", 1e-3), **BETAS, "eps": ("eps", 1e-8), "weight_decay": ("weight_decay", 1e-2)},
                only={"eps_root": ROOT},
            ),
        ),
        rules.Lion: "there is no Lion",
    },
)
