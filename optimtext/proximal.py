r"""Proximal steps: a rule moves by the gradient of the loss, then the penalty's proximal map moves the result.

With a rule's own step to :math:`z`, its rate :math:`\alpha` and its velocity :math:`v`,

.. math:: \theta \leftarrow \operatorname{prox}_{\alpha r}(z), \qquad v \leftarrow v + (z - \theta) / \alpha.

What the map took away, divided by the rate, is a slope of the penalty at the new parameters. It joins the velocity like
any gradient, so that the velocity stays what carried the parameters: :math:`-\alpha v` is the whole step taken. Under a
constant rate this makes of

* `GradientDescent` the proximal gradient method, ISTA, which converges on convex problems for rates below
  :math:`2 / L`;
* `Nesterov` its accelerated form, FISTA with a constant momentum: look ahead by :math:`\beta` times the last step, take
  a gradient step from there, then the map. With curvatures from :math:`\mu` to :math:`L`, the rate :math:`1 / L` and
  :math:`\beta = (\sqrt\kappa - 1) / (\sqrt\kappa + 1)`, the gap shrinks by :math:`1 - 1 / \sqrt\kappa` a step;
* `FISTA` the accelerated form with the momentum of its paper, which grows from step to step and needs no :math:`\mu`:
  at the rate :math:`1 / L` on a convex problem the gap after k steps is at most
  :math:`2 L \lVert\theta_0 - \theta^\star\rVert^2 / (k + 1)^2`;
* `Momentum` the inertial proximal method iPiano, with gradient and map at the parameters themselves, which converges on
  convex problems for rates below :math:`2 (1 - \beta) / L`.

A rule that scales each coordinate by itself is refused: the map would have to measure distances by the same scales.
With the plain one the run would settle where another objective has its minimum.

References
----------
A. Beck and M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009.
A. Beck, "First-order methods in optimization", 2017, chapter 10.
P. Ochs, Y. Chen, T. Brox and T. Pock, "iPiano: inertial proximal algorithm for nonconvex optimization", 2014.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimtext.penalties import Penalty
from optimtext.rules.base import Rule
from optimtext.rules.fista import FISTA
from optimtext.rules.gradient import GradientDescent, Momentum, Nesterov


def check_penalty(penalty: object, rule: Rule) -> None:
    """Refuse what is no penalty, and rules whose step the plain proximal map does not fit."""
    if isinstance(penalty, type) or not callable(penalty) or not isinstance(penalty, Penalty):
        raise TypeError(f"penalty must have a value and a method prox(x, step), such as L1(0.1), got {penalty!r}")
    if type(rule) not in _PROXIMAL:  # the class itself: one derived from it may have another update
        raise ValueError(
            f"penalty={penalty!r} needs a rule with one rate for all coordinates, GradientDescent, Momentum, "
            f"Nesterov or FISTA, got {rule!r}: where a rule scales coordinates by itself, the proximal map must "
            "use the same scales, and the plain one would lead to the minimum of another objective"
        )


def proximal_update(rule: Rule, penalty: Penalty) -> Callable[..., Any]:
    """Return the rule's `update` with the proximal step after it, in the same form."""
    return _PROXIMAL[type(rule)](rule.update, penalty)


def _plain(update: Callable[..., Any], penalty: Penalty) -> Callable[..., Any]:
    def proximal(theta: Any, grad: Any, lr: Any) -> tuple[Any]:
        (moved,) = update(theta, grad, lr)
        return (penalty.prox(moved, lr),)

    return proximal


def _with_velocity(update: Callable[..., Any], penalty: Penalty) -> Callable[..., Any]:
    def proximal(theta: Any, grad: Any, lr: Any, v: Any = 0.0) -> tuple[Any, Any]:
        moved, v = update(theta, grad, lr, v)
        theta = penalty.prox(moved, lr)
        return theta, v + _slope(moved - theta, lr)

    return proximal


def _with_growing_momentum(update: Callable[..., Any], penalty: Penalty) -> Callable[..., Any]:
    def proximal(theta: Any, grad: Any, lr: Any, v: Any = 0.0, b: Any = 0.0, s: Any = 1.0) -> tuple[Any, Any, Any, Any]:
        moved, v, b, s = update(theta, grad, lr, v, b, s)
        theta = penalty.prox(moved, lr)
        return theta, v + _slope(moved - theta, lr), b, s

    return proximal


_PROXIMAL: dict[type, Callable[..., Callable[..., Any]]] = {
    GradientDescent: _plain,
    Momentum: _with_velocity,
    Nesterov: _with_velocity,
    FISTA: _with_growing_momentum,
}


def _slope(change: NDArray[Any], lr: Any) -> NDArray[Any]:
    if type(lr) is float and lr > 0:
        return change / lr
    # Where a schedule's rate is zero nothing has moved, and nothing joins the velocity.
    slope: NDArray[Any] = np.divide(change, lr, out=np.zeros_like(change), where=np.not_equal(lr, 0))
    return slope


def gradient_mapping(penalty: Penalty, point: NDArray[Any], grad: NDArray[Any], lr: Any) -> NDArray[Any]:
    r"""Return :math:`(\theta - \operatorname{prox}_{\alpha r}(\theta - \alpha g)) / \alpha`, zero at a minimum.

    It is the gradient where there is no penalty. Where the rate is zero a rate of 1 takes its place.
    """
    rate = lr if type(lr) is float and lr > 0 else np.where(np.equal(lr, 0), 1.0, lr).astype(grad.dtype)
    mapping: NDArray[Any] = (point - penalty.prox(point - rate * grad, rate)) / rate
    return mapping


class Composite:
    """The objective: a problem's loss, over whatever samples, and the whole penalty; the gradient is the loss's."""

    def __init__(self, problem: Any, penalty: Penalty) -> None:
        self._problem, self._penalty = problem, penalty
        self.gradient: Callable[..., Any] = problem.gradient

    def loss(self, theta: Any, **batch: Any) -> Any:
        """Return loss and penalty at `theta`."""
        return self._problem.loss(theta, **batch) + np.sum(self._penalty(theta))
