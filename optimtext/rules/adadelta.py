"""AdaDelta: the learning rate replaced by the size of the steps already taken."""

from dataclasses import dataclass

from numpy import sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class AdaDelta:
    r"""RMSProp with a numerator of its own making: the root of the averaged square of the steps so far.

    A gradient over the root of its averaged square has no unit, while parameters have one. AdaDelta restores it by
    multiplying with the size of recent steps, so that no learning rate is left to choose. The first step has no
    predecessor: the epsilon gives it its size, and the steps then grow from there.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       factor on each step, without unit; 1 in the paper
    :math:`\beta`      ``beta``     share of both averages that survives a step, in [0, 1)
    :math:`\epsilon_r` ``eps_root`` added to both averages, inside the root
    :math:`s`          slot s       average of squared gradients
    :math:`z`          slot z       average of squared steps, before the factor
    ================== ============ ==================================================

    .. math::

        s \leftarrow \beta s + (1 - \beta) g^2, \qquad
        \delta \leftarrow \sqrt{\frac{z + \epsilon_r}{s + \epsilon_r}}\, g, \qquad
        z \leftarrow \beta z + (1 - \beta) \delta^2, \qquad
        \theta \leftarrow \theta - \alpha \delta

    Parameters
    ----------
    lr : float, array or schedule, default 1.0
        The paper has none, which is 1. It scales the step but not what the average of squared steps remembers, as
        in PyTorch and optax. Keras counts the same way, but its default is 0.001.
    beta : float or array, default 0.9
        PyTorch's and optax's default (there ``rho``); Keras has 0.95, like the paper's experiments.
    eps_root : float or array, default 1e-6
        The paper's value and place: inside the root. The other libraries call it ``eps``.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, ``beta`` is outside [0, 1), or ``eps_root`` is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    The epsilon is more than a guard against a division by zero: it is the only source of the first step, whose length
    is ``lr * sqrt(eps_root / (1 - beta))`` where the gradient is not tiny. With ``eps_root = 0`` nothing ever moves.

    References
    ----------
    M. D. Zeiler, "ADADELTA: an adaptive learning rate method", 2012, Algorithm 1.

    Examples
    --------
    >>> rule = AdaDelta(eps_root=1e-6)
    >>> theta, *state = rule.update(1.0, 250.0, rule.lr)
    >>> round(float(1.0 - theta), 9)
    0.003162278
    """

    lr: Rate = 1.0
    beta: Number = 0.9
    eps_root: Number = 1e-6

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta", self.beta)
        _checks.non_negative("eps_root", self.eps_root)

    def update(
        self, theta: Number, grad: Number, lr: Number, s: Number = 0.0, z: Number = 0.0
    ) -> tuple[Number, Number, Number]:
        """Return ``(theta, s, z)`` after one step."""
        s = self.beta * s + (1 - self.beta) * grad * grad
        delta = sqrt((z + self.eps_root) / (s + self.eps_root)) * grad  # two roots in the paper
        z = self.beta * z + (1 - self.beta) * delta * delta
        theta = theta - lr * delta
        return theta, s, z
