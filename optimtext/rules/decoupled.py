"""Weight decay beside the gradient, not inside it: AdamW, and Lion, which keeps the sign of a step only."""

from dataclasses import dataclass

from numpy import sign, sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class AdamW:
    r"""Adam whose weight decay acts on the parameters directly and never enters the averages.

    An L2 penalty adds ``weight_decay * theta`` to the gradient, and Adam then divides it like any gradient: the
    larger a coordinate's gradients, the less it is decayed. Decoupled, every coordinate shrinks by the same factor
    ``1 - lr * weight_decay`` a step. For gradient descent the two are one method; for Adam they are not.

    ================== ================ ==================================================
    symbol             argument         meaning
    ================== ================ ==================================================
    :math:`\alpha`     ``lr``           learning rate, in parameter units
    :math:`\beta_1`    ``beta1``        share of the averaged gradient that survives a step
    :math:`\beta_2`    ``beta2``        share of the averaged square that survives a step
    :math:`\epsilon`   ``eps``          added outside the root, in units of the gradient
    :math:`\epsilon_r` ``eps_root``     added inside the root, in units of the gradient squared
    :math:`\omega`     ``weight_decay`` decay per unit of rate, in one over parameter units
    :math:`m, v`       slots m, v       averages of the gradient and of its square
    :math:`p_1, p_2`   slots p1, p2     running powers of the betas, scalars
    ================== ================ ==================================================

    .. math::

        \theta \leftarrow (1 - \alpha \omega)\, \theta
        - \frac{\alpha\, m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t) + \epsilon_r} + \epsilon}

    with the averages of `Adam`. In a constant gradient the parameters settle at distance ``1 / weight_decay`` from
    zero, whatever the rate and the size of the gradient.

    Parameters
    ----------
    lr : float, array or schedule, default 1e-3
        As for `Adam`.
    beta1 : float or array, default 0.9
        As for `Adam`.
    beta2 : float or array, default 0.999
        As for `Adam`.
    eps : float or array, default 1e-8
        As for `Adam`.
    eps_root : float or array, default 0.0
        As for `Adam`.
    weight_decay : float or array, default 0.01
        PyTorch's default; optax has 1e-4, Keras 0.004. With 0 the rule is `Adam`, bit for bit.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or an epsilon or the decay is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    Two conventions are published. Here, as in PyTorch, optax and Keras, a step decays by ``lr * weight_decay``. In the
    paper a schedule multiplier :math:`\eta_t` scales both parts and the base rate only the first, so that a step
    decays by :math:`\eta_t` times the paper's constant. The translation is a division by the *base* rate::

        paper:  base rate a, multiplier eta(t), decay w
        here:   AdamW(lr=lambda t: a * eta(t), weight_decay=w / a)

    It is exact under every schedule of that form, a constant rate (``eta = 1``) included; do not divide by the rate
    of the current step. What differs is tuning: when ``a`` changes and ``weight_decay`` stays, the strength of the
    decay changes here and not in the paper; a sweep in the paper's convention is ``AdamW(lr=rates,
    weight_decay=w / rates)``. No constant ``weight_decay`` gives a decay that stays put while a schedule moves the
    rate.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", 2019, Algorithm 2; Propositions 1 to 3 on when
    decay is a penalty.

    Examples
    --------
    Without a gradient only the decay is left, by a tenth of a percent here:

    >>> rule = AdamW(lr=0.1, weight_decay=0.01)
    >>> theta, *state = rule.update(2.0, 0.0, rule.lr)
    >>> round(float(theta), 9)
    1.998
    """

    lr: Rate = 1e-3
    beta1: Number = 0.9
    beta2: Number = 0.999
    eps: Number = 1e-8
    eps_root: Number = 0.0
    weight_decay: Number = 0.01

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta1", self.beta1)
        _checks.fraction("beta2", self.beta2)
        _checks.non_negative("eps", self.eps)
        _checks.non_negative("eps_root", self.eps_root)
        _checks.non_negative("weight_decay", self.weight_decay)

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
        p1 = p1 * self.beta1  # running power of beta1
        p2 = p2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        m_hat = m / (1 - p1)
        v_hat = v / (1 - p2)
        theta = theta - lr * self.weight_decay * theta  # the decay, past both averages
        theta = theta - lr * m_hat / (sqrt(v_hat + self.eps_root) + self.eps)
        return theta, m, v, p1, p2


@_checks.strict
@dataclass(frozen=True)
class Lion:
    r"""The sign of an averaged gradient, with decoupled weight decay: every coordinate moves by ``lr`` in every step.

    Found by a search over programs. The direction mixes the average with the newest gradient by ``beta1``; the
    average that is kept forgets more slowly, by ``beta2``. One slot is half of Adam's memory.

    ================== ================ ==================================================
    symbol             argument         meaning
    ================== ================ ==================================================
    :math:`\alpha`     ``lr``           learning rate: length of every step, in parameter units
    :math:`\beta_1`    ``beta1``        share of the average in the direction
    :math:`\beta_2`    ``beta2``        share of the average that survives a step
    :math:`\omega`     ``weight_decay`` decay per unit of rate, in one over parameter units
    :math:`m`          slot m           average of the gradient
    ================== ================ ==================================================

    .. math::

        \theta \leftarrow (1 - \alpha \omega)\, \theta
        - \alpha \operatorname{sign}\bigl(\beta_1 m + (1 - \beta_1) g\bigr), \qquad
        m \leftarrow \beta_2 m + (1 - \beta_2) g

    Parameters
    ----------
    lr : float, array or schedule, default 1e-4
        The authors advise a rate 3 to 10 times smaller than AdamW's, since no step is ever shorter.
    beta1 : float or array, default 0.9
        The paper's default.
    beta2 : float or array, default 0.99
        The paper's default.
    weight_decay : float or array, default 0.0
        The authors advise 3 to 10 times AdamW's, which keeps ``lr * weight_decay``; optax's default is 1e-3.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or the decay is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    At a constant rate it never comes to rest: near a minimum it goes on in steps of length ``lr``, so let a schedule
    take the rate down. The decay follows the library convention explained at `AdamW`.

    References
    ----------
    X. Chen et al., "Symbolic discovery of optimization algorithms", 2023.

    Examples
    --------
    A gradient's sign counts and its size does not:

    >>> rule = Lion(lr=0.25)
    >>> [float(rule.update(1.0, grad, rule.lr)[0]) for grad in (1e-9, 1e9, 0.0, -3.0)]
    [0.75, 0.75, 1.0, 1.25]
    """

    lr: Rate = 1e-4
    beta1: Number = 0.9
    beta2: Number = 0.99
    weight_decay: Number = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _checks.rate("lr", self.lr)
        _checks.fraction("beta1", self.beta1)
        _checks.fraction("beta2", self.beta2)
        _checks.non_negative("weight_decay", self.weight_decay)

    def update(self, theta: Number, grad: Number, lr: Number, m: Number = 0.0) -> tuple[Number, Number]:
        """Return ``(theta, m)`` after one step."""
        theta = theta - lr * self.weight_decay * theta  # the decay, past the average
        theta = theta - lr * sign(self.beta1 * m + (1 - self.beta1) * grad)
        m = self.beta2 * m + (1 - self.beta2) * grad
        return theta, m
