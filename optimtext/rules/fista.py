"""Acceleration that needs to know no curvature but the largest: the momentum grows from step to step."""

from dataclasses import dataclass
from math import sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class FISTA:
    r"""Nesterov's look-ahead with a momentum that grows by itself, for convex losses that may be flat.

    A constant momentum has to fit the smallest curvature, and where that is zero no constant does. Here the momentum
    after the k-th step is :math:`\beta_k = (t_k - 1)/t_{k+1}`, which starts at 0 and tends to 1, about as
    :math:`1 - 3/k`. Without a penalty this is Nesterov's method of 1983; with one (``minimize(penalty=...)``), FISTA.

    ================ ========= =========================================================
    symbol           argument  meaning
    ================ ========= =========================================================
    :math:`\alpha`   ``lr``    learning rate, in parameter units per unit of gradient
    :math:`v`        slot v    velocity, shape of ``theta``, in units of the gradient
    :math:`b`        slot b    momentum of the next step, scalar
    :math:`s`        slot s    the sequence t of the paper, scalar
    ================ ========= =========================================================

    .. math::

        g = \nabla f(\theta - \alpha \beta_{k-1} v), \qquad v \leftarrow \beta_{k-1} v + g,
        \qquad \theta \leftarrow \theta - \alpha v, \qquad
        t_{k+1} = \frac{1 + \sqrt{1 + 4 t_k^2}}{2}, \quad t_1 = 1

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        With the rate :math:`1/L` on a convex loss whose gradient has the Lipschitz constant :math:`L`, with a convex
        penalty or without one, the gap after k steps is at most
        :math:`2L\lVert\theta_0-\theta^\star\rVert^2/(k+1)^2`; see `optimtext.theory.accelerated_bound`.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite.
    TypeError
        If ``lr`` is not a number, or a keyword is unknown.

    Warnings
    --------
    The loss does not fall in every step: as the momentum tends to 1 the iterates swing about a minimum, in slower and
    slower waves. On a strongly convex loss `Nesterov` with a momentum that fits the curvatures is faster in the end.
    Libraries that offer ``nesterov=True`` keep the momentum constant; none of their optimizers is this one.

    References
    ----------
    Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983.
    A. Beck and M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009.

    Examples
    --------
    The first two steps are plain gradient steps; then the memory sets in.

    >>> rule = FISTA(lr=0.5)
    >>> theta, *state = rule.update(1.0, 1.0, rule.lr)
    >>> theta, state[1]
    (0.5, 0.0)
    >>> theta, *state = rule.update(theta, rule.probe(theta, rule.lr, *state), rule.lr, *state)
    >>> theta, round(state[1], 6)
    (0.25, 0.281754)
    """

    lr: Rate = 0.01

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)

    def probe(self, theta: Number, lr: Number, v: Number = 0.0, b: Number = 0.0, s: Number = 1.0) -> Number:
        """Return the look-ahead point, where the gradient of this step belongs."""
        return theta - lr * b * v

    def update(
        self, theta: Number, grad: Number, lr: Number, v: Number = 0.0, b: Number = 0.0, s: Number = 1.0
    ) -> tuple[Number, Number, Number, Number]:
        """Return ``(theta, v, b, s)`` after one step; ``grad`` is the gradient at `probe`."""
        v = b * v + grad
        theta = theta - lr * v
        s_next = (1 + sqrt(1 + 4 * s * s)) / 2
        b = (s - 1) / s_next  # momentum of the next step
        s = s_next
        return theta, v, b, s
