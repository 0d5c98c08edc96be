"""What is known beside the curve, and what it adds to a finding: rates, curvature, gradients, parameters.

"The rate 0.21 is above 2/L = 0.20" is better than a guess.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimtext.diagnosis.advice import LESS_MOMENTUM
from optimtext.diagnosis.curve import Curve
from optimtext.diagnosis.findings import Fix
from optimtext.diagnosis.links import chapter
from optimtext.rules import GradientDescent, Momentum, Nesterov


@dataclass(frozen=True)
class Known:
    """What the caller knows beside the log.

    Attributes
    ----------
    curvature : float, optional
        Largest eigenvalue of the Hessian, L.
    rule : rule, optional
        The update rule; without one, gradient descent is taken for granted where a limit is given.
    turns : float, optional
        Share of the steps that went back against the step before, from the parameters.
    """

    curvature: float | None = None
    rule: Any = None
    turns: float | None = None

    def limit(self) -> tuple[float, str] | None:
        """Return the largest stable rate on a quadratic of this curvature, and how it is written."""
        if self.curvature is None or self.curvature <= 0:
            return None
        beta = getattr(self.rule, "beta", None)
        if isinstance(self.rule, Momentum) and isinstance(beta, float):
            return 2 * (1 + beta) / self.curvature, "2(1+β)/L"
        if isinstance(self.rule, Nesterov) and isinstance(beta, float):
            return 2 * (1 + beta) / ((1 + 2 * beta) * self.curvature), "2(1+β)/((1+2β)L)"
        if self.rule is None or isinstance(self.rule, GradientDescent):
            return 2 / self.curvature, "2/L"
        return None


@dataclass(frozen=True)
class Remark:
    """What is known about a finding beyond the curve: numbers, a cause and a fix to name first."""

    numbers: dict[str, float]
    cause: str
    fix: Fix | None = None


def refine(name: str, curve: Curve, known: Known) -> list[Remark]:
    """Return what is known about a finding beyond the curve, what matters most first."""
    asked = {
        "diverged": (_rate_and_limit,),
        "oscillating": (_rate_and_limit, _turns),
        "no-progress": (_rate_and_limit, _gradient, _travel),
        "too-slow": (_rate_and_limit, _gradient),
        "plateau": (_gradient,),
        "converged": (_gradient,),
        "spikes": (_rate_jumps,),
    }.get(name, ())
    return [remark for ask in asked if (remark := ask(name, curve, known)) is not None]


def _rate_and_limit(name: str, curve: Curve, known: Known) -> Remark | None:
    limit = known.limit()
    if limit is None or curve.lr is None:
        return None
    bound, formula = limit
    rate = float(curve.lr.value.max())
    numbers = {"rate": rate, "limit": bound}
    compared = f"the limit {formula} = {bound:.3g}"
    if name in ("diverged", "oscillating"):
        if rate >= bound:
            cause = f"The rate {rate:.3g} is above {compared}, from which on no quadratic of this curvature is stable."
        elif rate > 0.8 * bound:
            cause = f"The rate {rate:.3g} is close below {compared}."
        else:
            instead = "look at data and gradients first"
            if name == "oscillating" and isinstance(known.rule, Momentum | Nesterov):
                instead = "it is the momentum that swings"
            elif name == "oscillating":
                instead = "momentum swings at such rates, or the curvature is larger elsewhere on the path"
            return Remark(numbers, f"The rate {rate:.3g} is well below {compared}: {instead}.")
        safe = f"{bound / 2:.2g} is safe where L = {known.curvature:.3g} is the largest curvature"
        text = f"Take a rate below {bound:.3g}; {safe}."
        return Remark(numbers, cause, Fix(text, chapter("gradient_descent", "gd-lemma")))
    if rate >= 0.3 * bound:
        return Remark(numbers, f"The rate {rate:.3g} is not small beside {compared}: it is the loss that is flat.")
    cause = f"The rate {rate:.3g} is only 1/{bound / rate:.0f} of {compared}."
    text = f"Raise the rate to about {bound / 2:.2g}, half of that limit."
    return Remark(numbers, cause, Fix(text, chapter("gradient_descent", "gd-lemma")))


def _gradient(name: str, curve: Curve, _known: Known) -> Remark | None:
    if curve.grad_norm is None or len(curve.grad_norm.value) < 2:
        return None
    norm = curve.grad_norm.value
    late, largest = float(np.median(norm[-max(1, len(norm) // 10) :])), float(norm.max())
    numbers = {"grad_norm_at_end": late, "grad_norm_largest": largest}
    if name == "converged":
        if late < 0.02 * largest:
            return Remark(
                numbers, f"The gradient has shrunk to {late / largest:.1g} of its largest norm: a stationary point."
            )
        return Remark(
            numbers,
            f"The gradient's norm is still {late:.2g}, {late / largest:.0%} of its largest: batches whose gradients "
            f"cancel, or a loss that could still fall.",
        )
    if late < 0.05 * largest or largest <= 1e-12:
        return Remark(
            numbers,
            f"The norm of the gradient is {late:.2g}, next to nothing: the run stands on a flat piece of the loss, or "
            f"the gradient does not reach the parameters.",
        )
    if name == "plateau":
        return None
    gain = _predicted_gain(curve, norm)
    if gain is None:
        return None
    numbers["predicted_gain"] = gain
    size = abs(float(curve.loss[0])) or 1.0
    if gain > 0.05 * size:
        return None
    return Remark(
        numbers,
        f"The norm of the gradient is {late:.2g}, not zero; at these rates plain steps along it could lower the loss "
        f"by {gain:.2g} in the whole run. It is the rate that is small.",
    )


def _predicted_gain(curve: Curve, norm: Any) -> float | None:
    # To first order a step of plain gradient descent lowers the loss by rate times squared norm.
    if curve.lr is None:
        return None
    gain = curve.count * float(curve.lr.value.mean()) * float((norm**2).mean())
    return gain if math.isfinite(gain) else None


def _travel(_name: str, curve: Curve, _known: Known) -> Remark | None:
    if curve.travel is None or not len(curve.travel.value):
        return None
    far = float(curve.travel.value.max())
    if far > 1e-2:
        return None
    return Remark(
        {"travelled": far}, f"The parameters moved by no more than {far:.1g} of their own length in the whole run."
    )


def _turns(_name: str, _curve: Curve, known: Known) -> Remark | None:
    if known.turns is None:
        return None
    numbers = {"turned_back": known.turns}
    if known.turns > 0.6:
        return Remark(
            numbers, f"{known.turns:.0%} of the steps go back against the one before: a zigzag between steep walls."
        )
    if known.turns < 0.3:
        often = f"Only {known.turns:.0%} of the steps go back against the one before"
        cause = f"{often}: the run rolls back and forth, as momentum makes it."
        return Remark(numbers, cause, LESS_MOMENTUM)
    return None


def _rate_jumps(_name: str, curve: Curve, _known: Known) -> Remark | None:
    if curve.lr is None or len(curve.lr.value) < 3:
        return None
    rates = curve.lr.value
    jumps = np.flatnonzero(rates[1:] > 3 * rates[:-1]) + 1
    if not jumps.size:
        return None
    step, factor = float(curve.lr.step[jumps[0]]), float(rates[jumps[0]] / max(rates[jumps[0] - 1], 1e-300))
    numbers = {"rate_jumped_at": step, "rate_factor": factor}
    fix = Fix("Look at the schedule at that step.", chapter("schedules", "schedules-wrong"))
    return Remark(numbers, f"At step {step:g} the rate itself jumps, by a factor of {factor:.3g}.", fix)
