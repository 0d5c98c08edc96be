"""AdaMax: Adam with the largest recent gradient in place of the averaged square."""

from dataclasses import dataclass

from numpy import maximum

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class AdaMax:
    r"""Adam with a maximum in place of the averaged square: steps are measured against the largest recent gradient.

    Replace the squares in Adam's average by p-th powers and the root by a p-th root, and let p grow: what is left is
    the largest past gradient, each discounted by ``beta2`` per step since. It needs no correction, as a maximum does
    not start too small.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       learning rate, in parameter units: length of the first step
    :math:`\beta_1`    ``beta1``    share of the averaged gradient that survives a step
    :math:`\beta_2`    ``beta2``    share of the maximum that survives a step
    :math:`\epsilon`   ``eps``      added to the size of each gradient, in its units
    :math:`m`          slot m       average of the gradient
    :math:`u`          slot u       largest discounted size of a gradient
    :math:`p_1`        slot p1      running power of ``beta1``, scalar
    ================== ============ ==================================================

    .. math::

        m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad
        u \leftarrow \max(\beta_2 u, \lvert g \rvert + \epsilon), \qquad
        \theta \leftarrow \theta - \frac{\alpha}{1 - \beta_1^t} \frac{m}{u}

    Parameters
    ----------
    lr : float, array or schedule, default 2e-3
        The paper's default.
    beta1 : float or array, default 0.9
        The paper's default.
    beta2 : float or array, default 0.999
        The paper's default.
    eps : float or array, default 1e-8
        Zero in the paper. PyTorch's default and place, and optax's: inside the maximum. Keras adds it to ``u``.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or ``eps`` is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    The paper gives ``lr`` as the longest step. That holds up to a hair: in a gradient that shrinks by ``beta2`` a step,
    the steps approach ``lr * (1 - beta1) * beta2 / (beta2 - beta1)``, 1.0091 times ``lr`` at the defaults; no gradient
    makes them longer, provided that ``beta1 < beta2``. With ``eps = 0``, a coordinate whose gradient has always been
    zero becomes NaN.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, section 7.1, Algorithm 2.

    Examples
    --------
    >>> rule = AdaMax(lr=0.002)
    >>> theta, *state = rule.update(1.0, 250.0, rule.lr)
    >>> round(float(1.0 - theta), 9)
    0.002
    """

    lr: Rate = 2e-3
    beta1: Number = 0.9
    beta2: Number = 0.999
    eps: Number = 1e-8

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta1", self.beta1)
        _checks.fraction("beta2", self.beta2)
        _checks.non_negative("eps", self.eps)

    def update(
        self, theta: Number, grad: Number, lr: Number, m: Number = 0.0, u: Number = 0.0, p1: Number = 1.0
    ) -> tuple[Number, Number, Number, Number]:
        """Return ``(theta, m, u, p1)`` after one step."""
        p1 = p1 * self.beta1  # running power of beta1
        m = self.beta1 * m + (1 - self.beta1) * grad
        u = maximum(self.beta2 * u, abs(grad) + self.eps)
        m_hat = m / (1 - p1)
        theta = theta - lr * m_hat / u
        return theta, m, u, p1
