"""Adam, and Adam as it is often misprinted."""

from dataclasses import dataclass

from numpy import sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class Adam:
    r"""Adaptive moment estimation: an averaged gradient over the root of an averaged square, both corrected.

    Momentum supplies the direction and RMSProp the scale. Both averages start at zero and would be too small at
    first; dividing by ``1 - beta**t``, with ``t`` counted from 1, makes them weighted averages of what was seen so far.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       learning rate, in parameter units: length of the first step
    :math:`\beta_1`    ``beta1``    share of the averaged gradient that survives a step
    :math:`\beta_2`    ``beta2``    share of the averaged square that survives a step
    :math:`\epsilon`   ``eps``      added outside the root, in units of the gradient
    :math:`\epsilon_r` ``eps_root`` added inside the root, in units of the gradient squared
    :math:`m, v`       slots m, v   averages of the gradient and of its square
    :math:`p_1, p_2`   slots p1, p2 running powers of the betas, scalars
    ================== ============ ==================================================

    .. math::

        m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \qquad
        \theta \leftarrow
        \theta - \frac{\alpha\, m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t) + \epsilon_r} + \epsilon}

    Parameters
    ----------
    lr : float, array or schedule, default 1e-3
        The paper's default. The first step has length ``lr`` in every coordinate whose gradient is not tiny.
    beta1 : float or array, default 0.9
        The paper's default: an average over about ten gradients.
    beta2 : float or array, default 0.999
        The paper's default: an average over about a thousand squares.
    eps : float or array, default 1e-8
        The paper's Algorithm 1, PyTorch and optax: outside the root, after the correction.
    eps_root : float or array, default 0.0
        Set it instead of ``eps`` for texts that print the epsilon inside the root.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    ``lr`` is not the longest step. Where a coordinate's gradient has long been tiny and then is not, steps grow to
    several times ``lr``, at the other defaults up to 7.3 times.

    The folded form just before section 2.1 of the paper, which some frameworks use, moves the correction into the
    rate; its epsilon is then ``eps * sqrt(1 - beta2**t)`` in terms of this one and changes from step to step.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, Algorithm 1.

    Examples
    --------
    >>> rule = Adam(lr=0.001)
    >>> theta, *state = rule.update(1.0, 250.0, rule.lr)
    >>> round(float(1.0 - theta), 9)
    0.001
    """

    lr: Rate = 1e-3
    beta1: Number = 0.9
    beta2: Number = 0.999
    eps: Number = 1e-8
    eps_root: Number = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _check(self)

    def update(
        self,
        theta: Number,
        grad: Number,
        lr: Number,
        m: Number = 0.0,
        v: Number = 0.0,
        p1: Number = 1.0,
        p2: Number = 1.0,
    ) -> tuple[Number, Number, Number, Number, Number]:
        """Return ``(theta, m, v, p1, p2)`` after one step."""
        p1 = p1 * self.beta1  # beta1 to the power t
        p2 = p2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        m_hat = m / (1 - p1)
        v_hat = v / (1 - p2)
        theta = theta - lr * m_hat / (sqrt(v_hat + self.eps_root) + self.eps)
        return theta, m, v, p1, p2


@_checks.strict
@dataclass(frozen=True)
class AdamUncorrected:
    r"""Adam without bias correction, as many texts print it: a rule of its own, kept to be compared.

    The averages start at zero, and the square's average stays too small for longer than the gradient's. The first
    steps are therefore too *large*: in a constant gradient the first is ``(1 - beta1) / sqrt(1 - beta2)`` = 3.16
    times ``lr`` at the defaults, and they grow further before they shrink to ``lr``.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       learning rate, in parameter units
    :math:`\beta_1`    ``beta1``    share of the averaged gradient that survives a step
    :math:`\beta_2`    ``beta2``    share of the averaged square that survives a step
    :math:`\epsilon`   ``eps``      added outside the root, in units of the gradient
    :math:`\epsilon_r` ``eps_root`` added inside the root, in units of the gradient squared
    :math:`m, v`       slots m, v   averages of the gradient and of its square
    ================== ============ ==================================================

    .. math::

        m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \qquad
        \theta \leftarrow \theta - \frac{\alpha m}{\sqrt{v + \epsilon_r} + \epsilon}

    Parameters
    ----------
    lr : float, array or schedule, default 1e-3
        As for `Adam`, so that one thing only differs between the two.
    beta1 : float or array, default 0.9
        As for `Adam`.
    beta2 : float or array, default 0.999
        As for `Adam`.
    eps : float or array, default 1e-8
        As for `Adam`.
    eps_root : float or array, default 0.0
        As for `Adam`; texts that leave the correction out often put the epsilon here.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    Not the published Adam. Use `Adam` to train something.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, section 3, on why the correction
    is there.

    Examples
    --------
    >>> rule = AdamUncorrected(lr=0.001)
    >>> theta, *state = rule.update(1.0, 250.0, rule.lr)
    >>> round(float(1.0 - theta), 9)
    0.003162278
    """

    lr: Rate = 1e-3
    beta1: Number = 0.9
    beta2: Number = 0.999
    eps: Number = 1e-8
    eps_root: Number = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _check(self)

    def update(
        self, theta: Number, grad: Number, lr: Number, m: Number = 0.0, v: Number = 0.0
    ) -> tuple[Number, Number, Number]:
        """Return ``(theta, m, v)`` after one step."""
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        theta = theta - lr * m / (sqrt(v + self.eps_root) + self.eps)
        return theta, m, v


def _check(rule: Adam | AdamUncorrected) -> None:
    _checks.rate("lr", rule.lr)
    _checks.fraction("beta1", rule.beta1)
    _checks.fraction("beta2", rule.beta2)
    _checks.non_negative("eps", rule.eps)
    _checks.non_negative("eps_root", rule.eps_root)
