"""Our rules as methods of ``scipy.optimize.minimize``; SciPy is imported only when one is run."""

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from optimtext import _checks
from optimtext.clipping import Clip
from optimtext.minimize import minimize
from optimtext.penalties import Penalty
from optimtext.rules.base import Rule, check_rule
from optimtext.stopping import Criterion, GradientNorm, Progress, StopReason

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

_STATUS = {StopReason.MAX_STEPS: 1, StopReason.DIVERGED: 2}
_OPTIONS = ("max_steps", "maxiter", "tol")


@_checks.named_arguments
def scipy_method(
    rule: Rule,
    *,
    max_steps: int = 10_000,
    stop: Criterion | Sequence[Criterion] | None = None,
    penalty: Penalty | None = None,
    clip: Clip | None = None,
) -> Callable[..., "OptimizeResult"]:
    """Return an update rule in the form that ``scipy.optimize.minimize(fun, x0, jac=..., method=...)`` takes.

    Parameters
    ----------
    rule : Rule
        The update rule with its hyper-parameters.
    max_steps : int, default 10_000
        At most so many steps. SciPy's ``options={"maxiter": ...}``, or ``"max_steps"``, goes before it.
    stop : criterion or sequence of criteria, optional
        When to stop; by default ``GradientNorm(1e-5)``, the customary threshold of SciPy's own gradient methods.
        SciPy's ``tol=...`` is the threshold of a `GradientNorm` beside the criteria named here, or in place of the
        default.
    penalty, clip : optional
        As for `minimize`.

    Returns
    -------
    callable
        What SciPy calls. It gives back an ``OptimizeResult`` with ``x``, ``fun``, ``jac``, ``nit``, ``nfev``, ``njev``,
        ``success``, ``message``, ``status`` (0 a criterion was met, 1 the steps ran out, 2 diverged, 99 the callback
        stopped it) and ``trace``, the `Trace` of the run.

    Raises
    ------
    ValueError, TypeError
        If `rule` is none; and, when SciPy calls it, if there is no ``jac``, if there are bounds or constraints, or an
        option is unknown.

    Notes
    -----
    ``callback(xk)`` and ``callback(intermediate_result=...)`` are called after each step, as SciPy's own methods do;
    one that raises ``StopIteration`` ends the run. A Hessian is not used.

    Examples
    --------
    A line of a program that uses SciPy changes in one place::

        scipy.optimize.minimize(rosen, x0, jac=rosen_der, method=ot.scipy_method(ot.Nesterov(lr=1e-3, beta=0.95)))
    """
    check_rule(rule)
    standing: Any = () if stop is None else stop
    criteria = list(standing) if isinstance(standing, (list, tuple)) else [standing]
    steps = _checks.integer("max_steps", max_steps, 0)

    def method(
        fun: Callable[..., Any],
        x0: Any,
        args: tuple[Any, ...] = (),
        jac: Any = None,
        bounds: Any = None,
        constraints: Any = (),
        callback: Callable[..., Any] | None = None,
        hess: Any = None,  # noqa: ARG001  # SciPy hands both on to every method
        hessp: Any = None,  # noqa: ARG001
        **options: Any,
    ) -> "OptimizeResult":
        from scipy.optimize import OptimizeResult

        _refuse(rule, jac, bounds, constraints, options)
        problem = _Counted(fun, jac, args)
        told = _Callback(callback, problem, OptimizeResult)
        asked = [*criteria, GradientNorm(options["tol"])] if options.get("tol") is not None else criteria
        run = minimize(
            problem,
            x0,
            rule,
            max_steps=options.get("maxiter", options.get("max_steps", steps)),
            stop=[*([told] if callback else []), *(asked or ([GradientNorm(1e-5)] if stop is None else []))],
            penalty=penalty,
            clip=clip,
        )
        status = 99 if told.stopped else _STATUS.get(run.reason, 0)
        return OptimizeResult(
            x=run.theta,
            fun=run.loss,
            jac=problem.gradient(run.theta),
            nit=run.steps,
            nfev=problem.values,
            njev=problem.gradients,
            success=status == 0,
            status=status,
            message=run.message,
            trace=run.trace,
        )

    return method


class _Counted:
    """SciPy's function and gradient as a problem that counts its evaluations."""

    def __init__(self, fun: Callable[..., Any], jac: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self._fun, self._jac, self._args = fun, jac, args
        self.values = self.gradients = 0
        self.x: NDArray[Any] = np.empty(0)

    def loss(self, theta: NDArray[Any]) -> float:
        self.values += 1
        self.x = theta.copy()  # what SciPy's functions get is theirs
        return float(np.asarray(self._fun(self.x.copy(), *self._args)).item())

    def gradient(self, theta: NDArray[Any]) -> Any:
        self.gradients += 1
        return self._jac(theta.copy(), *self._args)


class _Callback:
    """A criterion that never stops a run by itself: it tells SciPy's callback about each step."""

    def __init__(self, callback: Callable[..., Any] | None, problem: _Counted, result: Any) -> None:
        self._callback, self._problem, self._result = callback, problem, result
        # SciPy knows the new form of a callback by the name of its only parameter.
        self._new = callback is not None and set(inspect.signature(callback).parameters) == {"intermediate_result"}
        self.stopped = False

    def __call__(self, run: Progress, /) -> str | None:
        if run.step == 0 or self._callback is None:
            return None
        x = self._problem.x.copy()
        try:
            if self._new:
                self._callback(intermediate_result=self._result(x=x, fun=run.loss[-1]))
            else:
                self._callback(x)
        except StopIteration:
            self.stopped = True
            return "the callback raised StopIteration"
        return None


def _refuse(rule: Rule, jac: Any, bounds: Any, constraints: Any, options: dict[str, Any]) -> None:
    name = type(rule).__name__
    if not callable(jac):
        raise TypeError(
            f"jac must be a function that returns the gradient, or True where fun returns both, got {jac!r}: {name} "
            "walks along gradients and does not estimate them"
        )
    if bounds is not None:
        raise ValueError(f"bounds must be None, got {bounds!r}: {name} is a rule for problems without bounds")
    if not (isinstance(constraints, (tuple, list)) and not constraints):
        raise ValueError(
            f"constraints must be empty, got {constraints!r}: {name} is a rule for problems without constraints"
        )
    for option, value in options.items():
        if option not in _OPTIONS:
            raise TypeError(f"options must be among {', '.join(_OPTIONS)}, got {option}={value!r}")
