"""Adam with one part exchanged: the largest averaged square (AMSGrad), and a look ahead (NAdam)."""

from dataclasses import dataclass

from numpy import maximum, sqrt

from optimtext import _checks
from optimtext.rules.base import Number, Rate


@_checks.strict
@dataclass(frozen=True)
class AMSGrad:
    r"""Adam that divides by the largest averaged square seen so far, so that a rare large gradient is not forgotten.

    Where large gradients are rare and right, and small ones frequent and wrong, Adam's average has forgotten the
    large one by the time the small ones come, and they win. AMSGrad keeps the maximum: the way in which Adam can fail
    to converge on a convex problem is closed.

    ================== ============ ==================================================
    symbol             argument     meaning
    ================== ============ ==================================================
    :math:`\alpha`     ``lr``       learning rate, in parameter units: length of the first step
    :math:`\beta_1`    ``beta1``    share of the averaged gradient that survives a step
    :math:`\beta_2`    ``beta2``    share of the averaged square that survives a step
    :math:`\epsilon`   ``eps``      added outside the root, in units of the gradient
    :math:`\epsilon_r` ``eps_root`` added inside the root, in units of the gradient squared
    :math:`m, v`       slots m, v   averages of the gradient and of its square
    :math:`v_{\max}`   slot v_max   largest v so far
    :math:`p_1, p_2`   slots p1, p2 running powers of the betas, scalars
    ================== ============ ==================================================

    .. math::

        v_{\max} \leftarrow \max(v_{\max}, v), \qquad \theta \leftarrow
        \theta - \frac{\alpha\, m / (1 - \beta_1^t)}{\sqrt{v_{\max} / (1 - \beta_2^t) + \epsilon_r} + \epsilon}

    Parameters
    ----------
    lr : float, array or schedule, default 1e-3
        As for `Adam`.
    beta1 : float or array, default 0.9
        As for `Adam`.
    beta2 : float or array, default 0.999
        As for `Adam`.
    eps : float or array, default 1e-8
        PyTorch's default and place; the paper has none.
    eps_root : float or array, default 0.0
        As for `Adam`.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta is outside [0, 1), or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    Three variants share the name. The paper takes the maximum of the average itself and corrects nothing. Here, as in
    PyTorch, the maximum is the paper's, and both averages are corrected after it as in `Adam`. optax by default takes
    the maximum of the *corrected* average, which can be larger; the two agree as long as no corrected average falls.
    With both epsilons zero, the paper's iterates are these under the rate that undoes the correction, for
    ``t = 0, 1, …``::

        paper:  rate a(t)
        here:   AMSGrad(lr=lambda t: a(t) * (1 - beta1**(t + 1)) / sqrt(1 - beta2**(t + 1)), eps=0.0)

    References
    ----------
    S. J. Reddi, S. Kale and S. Kumar, "On the convergence of Adam and beyond", 2018, Algorithm 2; Theorems 1 to 3 on
    how Adam can fail.

    Examples
    --------
    After one large gradient, small ones move it less than they move Adam:

    >>> from optimtext.rules import Adam
    >>> def way(rule, theta=0.0, state=()):
    ...     for grad in [100.0] + 2000 * [-1.0]:
    ...         theta, *state = rule.update(theta, grad, rule.lr, *state)
    ...     return theta
    >>> bool(way(AMSGrad(beta1=0.0, beta2=0.99)) < 0.3 < 1 < way(Adam(beta1=0.0, beta2=0.99)))
    True
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
        v_max: Number = 0.0,
        p1: Number = 1.0,
        p2: Number = 1.0,
    ) -> tuple[Number, Number, Number, Number, Number, Number]:
        """Return ``(theta, m, v, v_max, p1, p2)`` after one step."""
        p1 = p1 * self.beta1  # running power of beta1
        p2 = p2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        v_max = maximum(v_max, v)
        m_hat = m / (1 - p1)
        v_hat = v_max / (1 - p2)
        theta = theta - lr * m_hat / (sqrt(v_hat + self.eps_root) + self.eps)
        return theta, m, v, v_max, p1, p2


@_checks.strict
@dataclass(frozen=True)
class NAdam:
    r"""Adam with Nesterov's idea: the step uses the average as it will be after one more decay, plus the new gradient.

    Instead of looking ahead and taking the gradient there, it applies the *next* step's momentum at once. The momentum
    is warmed up from about half of ``beta1``; its gap to ``beta1`` shrinks by ``gamma`` a step.

    =================== ============= ==================================================
    symbol              argument      meaning
    =================== ============= ==================================================
    :math:`\alpha`      ``lr``        learning rate, in parameter units
    :math:`\beta_1`     ``beta1``     share of the averaged gradient that survives a step
    :math:`\beta_2`     ``beta2``     share of the averaged square that survives a step
    :math:`\gamma`      ``gamma``     factor of the momentum's gap per step, in [0, 1)
    :math:`\epsilon`    ``eps``       added outside the root, in units of the gradient
    :math:`\epsilon_r`  ``eps_root``  added inside the root, in units of the gradient squared
    :math:`m, v`        slots m, v    averages of the gradient and of its square
    :math:`h, h'`                     momentum of this step and of the next
    :math:`p_1`         slot p1       running product of the momenta, scalar
    :math:`p_2, q`      slots p2, q   running powers of ``beta2`` and ``gamma``, scalars
    =================== ============= ==================================================

    .. math::

        \begin{aligned}
        h &\leftarrow \beta_1 \bigl(1 - \tfrac12 \gamma^t\bigr), \qquad
        h' \leftarrow \beta_1 \bigl(1 - \tfrac12 \gamma^{t+1}\bigr), \qquad
        p_1 \leftarrow p_1 h \\
        \theta &\leftarrow \theta - \frac{\alpha}{\sqrt{v / (1 - \beta_2^t) + \epsilon_r} + \epsilon}
        \biggl(\frac{h' m}{1 - p_1 h'} + \frac{(1 - h)\, g}{1 - p_1}\biggr)
        \end{aligned}

    Parameters
    ----------
    lr : float, array or schedule, default 2e-3
        PyTorch's default.
    beta1 : float or array, default 0.9
        As for `Adam`.
    beta2 : float or array, default 0.999
        As for `Adam`.
    gamma : float or array, default 0.96 ** 0.004
        The schedule that PyTorch builds in, whose ``momentum_decay`` is the exponent in
        ``gamma = 0.96 ** momentum_decay``; Keras uses 0.96 itself. With 0 the momentum is ``beta1`` from the first
        step on, which is optax's ``nadam``.
    eps : float or array, default 1e-8
        PyTorch's default and place.
    eps_root : float or array, default 0.0
        As for `Adam`.

    Raises
    ------
    ValueError
        If ``lr`` is not positive and finite, a beta or ``gamma`` is outside [0, 1), or an epsilon is negative.
    TypeError
        If an argument is not a number, or a keyword is unknown.

    Warnings
    --------
    Here, as in PyTorch and Keras, ``m`` is averaged by the constant ``beta1`` while the corrections multiply the
    warmed-up momenta. In the paper both use the same momenta. The two agree exactly at ``gamma = 0`` only; with the
    warm-up, the first step is 1.06 times ``lr`` at the defaults, and 1.31 times in the paper's form.

    References
    ----------
    T. Dozat, "Incorporating Nesterov momentum into Adam", 2016.

    Examples
    --------
    With constant momentum the first step is ``(1 + 2 * beta1) / (1 + beta1)`` rates long:

    >>> rule = NAdam(lr=0.001, gamma=0.0)
    >>> theta, *state = rule.update(1.0, 250.0, rule.lr)
    >>> round(float(1.0 - theta), 9), round(0.001 * 2.8 / 1.9, 9)
    (0.001473684, 0.001473684)
    """

    lr: Rate = 2e-3
    beta1: Number = 0.9
    beta2: Number = 0.999
    gamma: Number = 0.96**0.004
    eps: Number = 1e-8
    eps_root: Number = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible hyper-parameters."""
        _check(self)
        _checks.fraction("gamma", self.gamma)

    def update(
        self,
        theta: Number,
        grad: Number,
        lr: Number,
        m: Number = 0.0,
        v: Number = 0.0,
        p1: Number = 1.0,
        p2: Number = 1.0,
        q: Number = 1.0,
    ) -> tuple[Number, Number, Number, Number, Number, Number]:
        """Return ``(theta, m, v, p1, p2, q)`` after one step."""
        q = q * self.gamma  # running power of gamma
        h = self.beta1 * (1 - 0.5 * q)  # momentum of this step
        h_next = self.beta1 * (1 - 0.5 * q * self.gamma)  # and of the next
        p1 = p1 * h
        p2 = p2 * self.beta2
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        m_hat = h_next * m / (1 - p1 * h_next) + (1 - h) * grad / (1 - p1)
        v_hat = v / (1 - p2)
        theta = theta - lr * m_hat / (sqrt(v_hat + self.eps_root) + self.eps)
        return theta, m, v, p1, p2, q


def _check(rule: AMSGrad | NAdam) -> None:
    _checks.rate("lr", rule.lr)
    _checks.fraction("beta1", rule.beta1)
    _checks.fraction("beta2", rule.beta2)
    _checks.non_negative("eps", rule.eps)
    _checks.non_negative("eps_root", rule.eps_root)
