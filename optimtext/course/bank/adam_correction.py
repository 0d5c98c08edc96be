"""What goes wrong in Adam's bias correction."""
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# Wrong solutions look as learners write them: without annotations.

from numpy import sqrt

from optimtext.course.bank.adam import EXERCISE


@EXERCISE.misprint
def correction_missing(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your averages start at zero and are not corrected for it. The first steps are too large by far, not too small.

    At the defaults the first step without correction is (1 - beta1) / sqrt(1 - beta2) = 3.16 times lr. Why?

    Divide m by 1 - beta1**t and v by 1 - beta2**t, with t = 1 in the first step.
    """
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * m / (sqrt(v) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def correction_multiplied(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You multiply by 1 - beta**t where you should divide: the averages get smaller still.

    After one step m is (1 - beta1) * grad. What makes grad of it again?

    Divide: m_hat = m / (1 - beta1**t), and v_hat likewise.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m * (1 - p1)) / (sqrt(v * (1 - p2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def correction_from_zero(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your t counts from 0: the first correction divides by 1 - beta**0, which is zero.

    How many gradients has m seen when it is corrected for the first time?

    Increase t before you use it, so that the first step has t = 1.
    """
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1)) / (sqrt(v / (1 - p2)) + self.eps)
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    return theta, m, v, p1, p2


@EXERCISE.misprint
def correction_one_step_late(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your t is one too large: the first step is corrected as if it were the second.

    What is t in your first step? Is it increased twice, or started at 1 and increased before use?

    The first step has t = 1.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1 * self.beta1)) / (sqrt(v / (1 - p2 * self.beta2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def correction_stands_still(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your t does not advance: every step is corrected as if it were the first.

    What is t in your second step?

    Keep t in self and increase it in every call.
    """
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - self.beta1)) / (sqrt(v / (1 - self.beta2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def correction_kept(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You keep the corrected averages, so that the next step corrects them again.

    Which value does the recurrence of m need, the raw one or the corrected one?

    Give the corrected values names of their own, m_hat and v_hat, and keep m and v as they are.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = (self.beta1 * m + (1 - self.beta1) * grad) / (1 - p1)
    v = (self.beta2 * v + (1 - self.beta2) * grad * grad) / (1 - p2)
    theta = theta - lr * m / (sqrt(v) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def only_first_moment_corrected(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You correct the averaged gradient and not the averaged square: the first step is far too long.

    At beta2 = 0.999 your first step is 1 / sqrt(1 - beta2) = 31.6 times lr. Which average is too small?

    Divide v by 1 - beta2**t as well.
    """
    p1 = p1 * self.beta1
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * (m / (1 - p1)) / (sqrt(v) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def only_second_moment_corrected(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """You correct the averaged square and not the averaged gradient: the first step is a tenth of lr.

    What is m after the first step, at beta1 = 0.9?

    Divide m by 1 - beta1**t as well.
    """
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * m / (sqrt(v / (1 - p2)) + self.eps)
    return theta, m, v, p1, p2


@EXERCISE.misprint
def epsilon_before_correction(self, theta, grad, lr, m=0.0, v=0.0, p1=1.0, p2=1.0):
    """Your epsilon joins the root before the correction. That is the paper's folded form; its epsilon is another one.

    Algorithm 1 corrects v first, takes the root, and adds eps last. Where in your line is eps added?

    Divide v by 1 - beta2**t under the root, then add eps to the root.
    """
    p1 = p1 * self.beta1
    p2 = p2 * self.beta2
    m = self.beta1 * m + (1 - self.beta1) * grad
    v = self.beta2 * v + (1 - self.beta2) * grad * grad
    theta = theta - lr * sqrt(1 - p2) / (1 - p1) * m / (sqrt(v) + self.eps)
    return theta, m, v, p1, p2
