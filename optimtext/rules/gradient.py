"""Rules with one rate for all coordinates: gradient descent, the heavy ball, Nesterov's look-ahead."""

from dataclasses import dataclass

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class GradientDescent:
    r"""Gradient descent: step against the gradient.

    The steepest way down, multiplied by a rate. It has no memory: the same point always gets the same step.

    ================ ========= ========================================================
    symbol           argument  meaning
    ================ ========= ========================================================
    :math:`\alpha`   ``lr``    learning rate, in parameter units per unit of gradient
    :math:`\theta`   ``theta`` parameters, any shape
    :math:`g`        ``grad``  gradient of the loss at ``theta``, same shape
    ================ ========= ========================================================

    .. math:: \theta \leftarrow \theta - \alpha g

    With the gradient of a random mini-batch this is stochastic gradient descent: the rule is the same, the
    gradient is not.

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        Converges on a quadratic with largest curvature :math:`L` exactly when ``0 < lr < 2 / L``. The default is
        a customary first guess and nothing more: no constant suits every loss.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite.
    TypeError
        If ``lr`` is not a number, or a keyword is unknown.

    References
    ----------
    A. Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", 1847.

    Examples
    --------
    >>> rule = GradientDescent(lr=0.1)
    >>> rule.update(1.0, 2.0, rule.lr)
    (0.8,)
    """

    lr: Rate = 0.01

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)

    def update(self, theta: Number, grad: Number, lr: Number) -> tuple[Number]:
        """Return ``(theta,)`` after one step."""
        theta = theta - lr * grad
        return (theta,)


@_checks.strict
@dataclass(frozen=True)
class Momentum:
    r"""Gradient descent with a velocity: the heavy ball.

    The velocity is a decayed sum of past gradients. Along a direction in which the gradient keeps its sign the
    steps grow toward ``lr / (1 - beta)`` times the gradient; where the sign alternates they shrink toward
    ``lr / (1 + beta)`` times the gradient.

    ================ ========= =========================================================
    symbol           argument  meaning
    ================ ========= =========================================================
    :math:`\alpha`   ``lr``    learning rate, in parameter units per unit of gradient
    :math:`\beta`    ``beta``  share of the velocity that survives a step, in [0, 1)
    :math:`v`        slot v    velocity, shape of ``theta``, in units of the gradient
    ================ ========= =========================================================

    .. math:: v \leftarrow \beta v + g, \qquad \theta \leftarrow \theta - \alpha v

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        Stable on a quadratic with largest curvature :math:`L` exactly when ``0 < lr < 2 * (1 + beta) / L``.
    beta : float or array, default 0.9
        The customary value. In a constant gradient the velocity grows to 1 / (1 - 0.9) = 10 gradients.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, or ``beta`` is outside [0, 1).
    TypeError
        If either is not a number, or a keyword is unknown.

    Warnings
    --------
    Conventions differ. Here, as in PyTorch, the velocity sums gradients and the rate multiplies it afterwards.
    Keras and the classical form put the rate inside, ``v = beta * v - lr * grad``. The iterates agree while the
    rate is constant and part company as soon as a schedule changes it.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.

    Examples
    --------
    A step from rest is a plain gradient step; the second one remembers the first.

    >>> rule = Momentum(lr=0.1, beta=0.9)
    >>> theta, v = rule.update(1.0, 2.0, rule.lr)
    >>> theta
    0.8
    >>> theta, v = rule.update(theta, 2.0, rule.lr, v)
    >>> round(theta, 12)
    0.42
    """

    lr: Rate = 0.01
    beta: Number = 0.9

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta", self.beta)

    def update(self, theta: Number, grad: Number, lr: Number, v: Number = 0.0) -> tuple[Number, Number]:
        """Return ``(theta, v)`` after one step."""
        v = self.beta * v + grad
        theta = theta - lr * v
        return theta, v


@_checks.strict
@dataclass(frozen=True)
class Nesterov:
    r"""Momentum whose gradient is taken where the velocity is about to carry the parameters.

    The update is the heavy ball's to the letter. What differs is the point at which the gradient is evaluated,
    `probe`: the look-ahead :math:`\theta - \alpha \beta v`, so that an overshoot is noticed one step earlier.

    ================ ========= =========================================================
    symbol           argument  meaning
    ================ ========= =========================================================
    :math:`\alpha`   ``lr``    learning rate, in parameter units per unit of gradient
    :math:`\beta`    ``beta``  share of the velocity that survives a step, in [0, 1)
    :math:`v`        slot v    velocity, shape of ``theta``, in units of the gradient
    ================ ========= =========================================================

    .. math::

        g = \nabla f(\theta - \alpha \beta v), \qquad v \leftarrow \beta v + g,
        \qquad \theta \leftarrow \theta - \alpha v

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        Stable on a quadratic with largest curvature :math:`L` exactly when
        ``0 < lr < 2 * (1 + beta) / ((1 + 2 * beta) * L)``: a smaller limit than the heavy ball's.
    beta : float or array, default 0.9
        The customary value, as for `Momentum`.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, or ``beta`` is outside [0, 1).
    TypeError
        If either is not a number, or a keyword is unknown.

    Warnings
    --------
    Two things differ between sources. Since the velocity here sums gradients, the look-ahead needs the rate:
    ``theta - beta * v`` without it, as some texts print, looks ``1 / lr`` times too far. And PyTorch stores the
    look-ahead point as its parameters, so that its iterates are this rule's `probe`, not this rule's ``theta``.

    References
    ----------
    Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", 1983.
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and momentum in deep
    learning", 2013.

    Examples
    --------
    On f(x) = x² / 2, where the gradient at x is x itself:

    >>> rule = Nesterov(lr=0.5, beta=0.5)
    >>> theta, v = rule.update(1.0, rule.probe(1.0, rule.lr), rule.lr)
    >>> theta, v
    (0.5, 1.0)
    >>> rule.probe(theta, rule.lr, v)
    0.25
    """

    lr: Rate = 0.01
    beta: Number = 0.9

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta", self.beta)

    def probe(self, theta: Number, lr: Number, v: Number = 0.0) -> Number:
        """Return the look-ahead point, where the gradient of this step belongs."""
        return theta - lr * self.beta * v

    def update(self, theta: Number, grad: Number, lr: Number, v: Number = 0.0) -> tuple[Number, Number]:
        """Return ``(theta, v)`` after one step; ``grad`` is the gradient at `probe`."""
        v = self.beta * v + grad
        theta = theta - lr * v
        return theta, v
