"""A rate for each coordinate: AdaGrad sums squared gradients, RMSProp averages them."""

from dataclasses import dataclass

from numpy import sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class AdaGrad:
    r"""A rate for each coordinate, divided by the root of the sum of its squared gradients.

    Coordinates with small or rare gradients keep large steps; busy ones slow down. The sum never forgets, so
    every rate only falls: in a constant gradient the t-th step has length ``lr / sqrt(t)``.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       length of the first step, in parameter units
    :math:`\epsilon_r` ``eps_root`` added inside the root, in units of the gradient squared
    :math:`\epsilon`   ``eps``      added outside the root, in units of the gradient
    :math:`s`          slot s       sum of squared gradients, shape of ``theta``
    ================== ============ ==================================================

    .. math:: s \leftarrow s + g^2, \qquad \theta \leftarrow \theta - \frac{\alpha g}{\sqrt{s + \epsilon_r} + \epsilon}

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        Since it is divided by a gradient, it is a length and not a length per gradient: the size of the first
        step in every coordinate. PyTorch's default.
    eps_root : float or array, default 0.0
        Zero in Duchi et al. and in PyTorch; texts that print the epsilon inside the root set this one instead.
    eps : float or array, default 1e-10
        Keeps a coordinate that has never had a gradient from dividing zero by zero. PyTorch's default.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    With both epsilons zero, a coordinate whose gradient has always been zero becomes NaN, as the equation says.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", 2011.

    Examples
    --------
    The size of the gradient does not matter for the first step, only its sign:

    >>> rule = AdaGrad(lr=0.1, eps=0.0)
    >>> bool(rule.update(1.0, 2.0, rule.lr)[0] == rule.update(1.0, 2000.0, rule.lr)[0])
    True
    """

    lr: Rate = 0.01
    eps_root: Number = 0.0
    eps: Number = 1e-10

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.non_negative("eps_root", self.eps_root)
        _checks.non_negative("eps", self.eps)

    def update(self, theta: Number, grad: Number, lr: Number, s: Number = 0.0) -> tuple[Number, Number]:
        """Return ``(theta, s)`` after one step."""
        s = s + grad * grad
        theta = theta - lr * grad / (sqrt(s + self.eps_root) + self.eps)
        return theta, s


@_checks.strict
@dataclass(frozen=True)
class RMSProp:
    r"""AdaGrad that forgets: a moving average of squared gradients in place of their sum.

    Old gradients fade, so that a rate can rise again when a coordinate grows quiet.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       learning rate, in parameter units
    :math:`\beta`      ``beta``     share of the average that survives a step, in [0, 1)
    :math:`\epsilon_r` ``eps_root`` added inside the root, in units of the gradient squared
    :math:`\epsilon`   ``eps``      added outside the root, in units of the gradient
    :math:`s`          slot s       moving average of squared gradients
    ================== ============ ==================================================

    .. math::

        s \leftarrow \beta s + (1 - \beta) g^2, \qquad
        \theta \leftarrow \theta - \frac{\alpha g}{\sqrt{s + \epsilon_r} + \epsilon}

    Parameters
    ----------
    lr : float, array or schedule, default 0.01
        In a constant gradient the steps settle at this length. PyTorch's default.
    beta : float or array, default 0.99
        PyTorch's default (there ``alpha``); Tieleman and Hinton used 0.9.
    eps_root : float or array, default 0.0
        Set it instead of ``eps`` for sources with the epsilon inside the root.
    eps : float or array, default 1e-8
        PyTorch's default and place.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, ``beta`` is outside [0, 1), or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    The average starts at zero and is not corrected for it, so the first step is ``lr / sqrt(1 - beta)``: ten
    times ``lr`` at ``beta = 0.99``.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning, 2012.

    Examples
    --------
    >>> rule = RMSProp(lr=0.01, beta=0.99)
    >>> theta, s = rule.update(1.0, 5.0, rule.lr)
    >>> round(float(1.0 - theta), 6)
    0.1
    """

    lr: Rate = 0.01
    beta: Number = 0.99
    eps_root: Number = 0.0
    eps: Number = 1e-8

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta", self.beta)
        _checks.non_negative("eps_root", self.eps_root)
        _checks.non_negative("eps", self.eps)

    def update(self, theta: Number, grad: Number, lr: Number, s: Number = 0.0) -> tuple[Number, Number]:
        """Return ``(theta, s)`` after one step."""
        s = self.beta * s + (1 - self.beta) * grad * grad
        theta = theta - lr * grad / (sqrt(s + self.eps_root) + self.eps)
        return theta, s
