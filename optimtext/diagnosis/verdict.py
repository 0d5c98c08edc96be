"""`diagnose`: from losses, a trace or a result to a diagnosis."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimtext import _checks
from optimtext.diagnosis.advice import ADVICE
from optimtext.diagnosis.confidence import ENTRIES, confidence
from optimtext.diagnosis.context import Known, refine
from optimtext.diagnosis.curve import Curve
from optimtext.diagnosis.findings import FINE, Diagnosis, Finding
from optimtext.diagnosis.parameters import travel, turns
from optimtext.diagnosis.prepare import curve_of, series_of
from optimtext.diagnosis.signs.base import Sign
from optimtext.diagnosis.signs.examine import examine
from optimtext.diagnosis.stream import Series
from optimtext.record import Result, Trace

_LARGEST_HESSIAN = 400  # parameters; the eigenvalues of a larger matrix take longer than the rest of a diagnosis


@_checks.named_arguments
def diagnose(
    losses: "ArrayLike | Trace | Result",
    validation: ArrayLike | None = None,
    *,
    steps: "ArrayLike | Literal['ignore'] | None" = None,
    lr: ArrayLike | None = None,
    grad_norm: ArrayLike | None = None,
    theta: ArrayLike | None = None,
    curvature: float | None = None,
    rule: Any = None,
    skip_nan: bool = False,
) -> Diagnosis:
    """Say what a training log shows, how sure that is, and what to try first.

    Parameters
    ----------
    losses : array_like of shape (n,), Trace or Result
        Training losses in order, one a step or one an epoch. From a trace or a result everything else is taken as well.
    validation : array_like of shape (m,), optional
        Validation losses: of the same length as `losses`, NaN where none was measured; of any other length, spread
        evenly over the run.
    steps : array_like of shape (n,), optional
        Steps of the losses, increasing; by default 0, 1, 2, …
    lr : float or array_like of shape (n,), optional
        Learning rate of each loss. A rate that fades tells a plateau from the end of a run.
    grad_norm : array_like of shape (n,), optional
        Norm of the gradient at each loss.
    theta : array_like of shape (n, …), optional
        Parameters at each loss.
    curvature : float, optional
        Largest eigenvalue of the Hessian, L. With a rate, the rate is held against its limit.
    rule : rule, optional
        The update rule, for that limit; gradient descent by default.
    skip_nan : bool, default False
        Leave out losses that are not finite where later ones are. Without it they are refused, since such a log
        has a hole that no verdict should hide.

    Returns
    -------
    Diagnosis

    Raises
    ------
    ValueError, TypeError
        If there is no loss, an array has another length or holds no numbers, or steps do not increase.

    Notes
    -----
    The loss may be in any unit, but where it may be negative, or has an offset, findings that compare it with its first
    value are less sure. How often the verdict is right is measured, on runs of models and data that were not
    looked at before; the book's page on the clinic prints the whole table.

    Examples
    --------
    >>> import optimtext as ot
    >>> bowl = ot.surfaces.Bowl(curvature=4.0)
    >>> run = ot.minimize(bowl, [1.0, -1.0], ot.GradientDescent(lr=0.6), max_steps=40)
    >>> found = diagnose(run)
    >>> found.main
    'diverged'
    >>> found.findings[0].causes[0]
    'The rate 0.6 is above the limit 2/L = 0.5, from which on no quadratic of this curvature is stable.'

    From numbers alone:

    >>> diagnose([2.30, 2.30, 2.29, 2.30, 2.30, 2.29, 2.30, 2.30, 2.29, 2.30]).main
    'no-progress'
    """
    if isinstance(losses, Result):
        curvature = _curvature(losses) if curvature is None else curvature
        rule = losses.rule if rule is None else rule
        losses = losses.trace
    if isinstance(losses, Trace):
        trace = losses
        losses, grad_norm, lr = trace.loss, trace.grad_norm, trace.lr if trace.lr.ndim == 1 else None
        validation = trace.validation if validation is None and np.isfinite(trace.validation).any() else validation
        theta = trace.theta if theta is None and len(trace.theta) == len(trace.loss) else theta
    loss = _numbers("losses", losses)
    if not loss.size:
        raise ValueError("losses must hold at least one number, got none")
    place = _steps(steps, len(loss))
    beside: dict[str, Series] = {}
    for name, given in (("lr", lr), ("grad_norm", grad_norm)):
        if given is not None:
            beside[name] = _column(name, np.broadcast_to(given, len(loss)) if np.ndim(given) == 0 else given, place)
    if validation is not None:
        beside["validation"] = _validation(_numbers("validation", validation), place)
    turned = None
    if theta is not None:
        path = _numbers("theta", theta, flat=False)
        if len(path) != len(loss):
            raise ValueError(f"theta must hold one set of parameters for each of {len(loss)} losses, got {len(path)}")
        beside["travel"] = series_of(travel(path), place)
        turned = turns(path)
    if curvature is not None:
        _checks.positive("curvature", curvature)
    curve = curve_of(series_of(loss, place), beside, skip_nan=skip_nan)
    return judge(curve, Known(curvature=curvature, rule=rule, turns=turned))


def judge(curve: Curve, known: Known | None = None, notes: tuple[str, ...] = ()) -> Diagnosis:
    """Return the diagnosis of a curve that is ready to be examined."""
    with np.errstate(all="ignore"):
        signs, margin = examine(curve)
        findings = tuple(_finding(sign, curve, known or Known(), margin if i == 0 else sign.ratio)
                         for i, sign in enumerate(signs))  # fmt: skip  # one a sign
    if findings[0].name in FINE and curve.whole and curve.loss[0] < curve.loss[-max(1, len(curve.loss) // 20) :].min():
        above = f"the last losses all lie above the very first, {curve.loss[0]:.4g}"
        notes = (*notes, f"{above}: the run may have been thrown off at its start, by too large a rate for instance")
    return Diagnosis(findings, curve, notes)


def _finding(sign: Sign, curve: Curve, known: Known, margin: float) -> Finding:
    advice = ADVICE[sign.name]
    remarks = refine(sign.name, curve, known)
    numbers = dict(sign.numbers)
    for remark in remarks:
        numbers.update(remark.numbers)
    return Finding(
        name=sign.name,
        # That a loss is not finite is as sure in a short log as in a long one.
        confidence=confidence(sign.name, margin, ENTRIES if "broken_at" in sign.numbers else curve.count),
        steps=curve.steps(*sign.span) if len(curve.step) else (0.0, 0.0),
        summary=sign.summary,
        evidence=numbers,
        causes=(*(remark.cause for remark in remarks), *advice.causes),
        # What is known of this run comes first, and is not said twice.
        fixes=tuple(dict.fromkeys((*(remark.fix for remark in remarks if remark.fix), *advice.fixes))),
    )


def _numbers(name: str, value: Any, *, flat: bool = True) -> NDArray[np.float64]:
    array = _checks.real_array(name, value).astype(np.float64)
    if flat and array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {array.shape}")
    return array


def _steps(steps: Any, n: int) -> NDArray[np.float64]:
    if steps is None or (isinstance(steps, str) and steps == "ignore"):
        return np.arange(n, dtype=np.float64)
    array = _numbers("steps", steps)
    if len(array) != n:
        raise ValueError(f"steps must hold one number for each of {n} losses, got {len(array)}")
    if not np.isfinite(array).all():
        raise ValueError("steps must be finite")
    return array


def _column(name: str, value: Any, steps: NDArray[np.float64]) -> Series:
    array = _numbers(name, value)
    if len(array) != len(steps):
        raise ValueError(f"{name} must hold one number for each of {len(steps)} losses, got {len(array)}")
    good = np.isfinite(array)
    return series_of(array[good], steps[good])


def _validation(value: NDArray[np.float64], steps: NDArray[np.float64]) -> Series:
    if len(value) != len(steps):
        steps = np.interp(np.linspace(0, 1, max(1, len(value))), np.linspace(0, 1, len(steps)), steps)
    good = np.isfinite(value)
    return series_of(value[good], steps[good])


def _curvature(result: Result) -> float | None:
    # The largest over the start and the end of the run; on a quadratic it is the same everywhere.
    from optimtext.theory import spectrum

    hessian = getattr(result.problem, "hessian", None)
    ends = [theta for theta in (*result.trace.theta[:1], result.theta) if np.isfinite(theta).all()]
    if hessian is None or result.theta.size > _LARGEST_HESSIAN or not ends:
        return None
    with np.errstate(all="ignore"):
        largest = max(float(spectrum(hessian(theta)).max()) for theta in ends)
    return largest if np.isfinite(largest) and largest > 0 else None
