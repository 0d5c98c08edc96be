"""One test for each mistake on the book's errata page: the misprint, and what shows that it is one.

The page prints these tests beside the corrections, so each is written to be read.
"""

import numpy as np
import pytest

import optimtext as ot


def adam_first_steps(correct, steps, grad=1.0, lr=1.0, beta1=0.9, beta2=0.999):
    """Lengths of the first steps in a constant gradient, `correct` being what is done to a moment's bias."""
    m = v = 0.0
    lengths = []
    for t in range(1, steps + 1):
        m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
        lengths.append(lr * correct(m, beta1**t) / np.sqrt(correct(v, beta2**t)))
    return np.array(lengths)


def divide(moment, power):
    return moment / (1 - power)


def multiply(moment, power):
    return moment * (1 - power)


def leave(moment, _):
    return moment


def test_a_look_ahead_without_the_learning_rate_explodes_where_nesterov_converges():
    lr, beta, curvature = 0.01, 0.9, 50.0
    theta, v, ahead = 1.0, 0.0, []
    for _ in range(100):
        v = beta * v + curvature * (theta - beta * v)  # as printed: theta - beta v, but v sums gradients
        theta = theta - lr * v
        ahead.append(abs(theta))
    assert ahead[-1] > 1e100
    bowl = ot.surfaces.Bowl(curvature=curvature)
    assert ot.minimize(bowl, [1.0, 0.0], ot.Nesterov(lr, beta), max_steps=100).loss < 1e-8


def test_the_velocity_is_a_sum_of_gradients_and_not_their_average():
    beta = 0.9
    rule = ot.Momentum(lr=1.0, beta=beta)
    theta, velocity = rule.update(0.0, 1.0, rule.lr)
    for _ in range(300):
        theta, velocity = rule.update(theta, 1.0, rule.lr, velocity)
    assert velocity == pytest.approx(1 / (1 - beta))  # ten times the average, which is 1


def test_adam_without_correction_takes_a_first_step_3_16_times_too_long():
    printed = ot.AdamUncorrected(lr=1.0, beta1=0.9, beta2=0.999, eps_root=0.0, eps=0.0)
    first = 0.0 - printed.update(0.0, 1.0, 1.0)[0]
    assert first == pytest.approx(0.1 / np.sqrt(0.001))
    assert first == pytest.approx(adam_first_steps(leave, 1)[0])
    assert adam_first_steps(divide, 1)[0] == pytest.approx(1.0)


def test_an_epsilon_inside_the_root_is_worth_its_own_root_outside():
    tiny = 1e-6  # a gradient far below the root of 1e-8
    inside = tiny / np.sqrt(tiny**2 + 1e-8)
    outside = tiny / (np.sqrt(tiny**2) + 1e-8)
    assert inside == pytest.approx(0.01, rel=1e-3)
    assert outside == pytest.approx(0.99, rel=1e-3)


def test_multiplying_by_the_correction_makes_the_first_step_ten_times_too_long():
    assert adam_first_steps(multiply, 1)[0] == pytest.approx(10.0)


def test_an_epsilon_added_outside_the_fraction_pushes_the_parameters_forever():
    eps, steps = 1e-6, 1000
    right = wrong = 0.0
    for length in adam_first_steps(divide, steps, lr=0.01):
        right, wrong = right - length, wrong - length + eps
    assert wrong - right == pytest.approx(steps * eps)


def test_the_half_life_of_a_decay_is_the_logarithm_of_two_over_its_own():
    gamma = 0.9
    half_life = np.log(2) / -np.log(gamma)
    assert gamma**half_life == pytest.approx(0.5)
    assert half_life == pytest.approx(6.58, abs=0.01)
    assert gamma ** (1 / gamma) == pytest.approx(0.89, abs=0.01)  # 1/γ, as printed: hardly a step, and hardly a loss


def test_a_rotation_keeps_curvatures_and_the_printed_one_doubles_them():
    original, printed = np.diag([0.2, 4.0]), 0.2 * np.ones((2, 2)) + 4.0 * np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert np.linalg.eigvalsh(printed) == pytest.approx(2 * np.linalg.eigvalsh(original))
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)
    assert np.linalg.eigvalsh(turn.T @ original @ turn) == pytest.approx(np.linalg.eigvalsh(original))


def test_the_loss_of_a_quadratic_is_half_the_sum_of_its_modes():
    ravine = ot.surfaces.Ravine(condition=50)
    theta = np.array([3.0, -2.0])
    modes = np.array([1.0, 50.0]) * theta**2
    assert ravine.loss(theta) == pytest.approx(modes.sum() / 2)


def test_the_powers_of_a_two_by_two_matrix_need_the_other_eigenvalue_in_each_part():
    matrix = np.array([[0.9, 2.0], [-0.045, 0.9]])
    s1, s2 = np.linalg.eigvals(matrix)
    other = [(matrix - s2 * np.eye(2)) / (s1 - s2), (matrix - s1 * np.eye(2)) / (s1 - s2)]
    own = [(matrix - s1 * np.eye(2)) / (s1 - s2), (matrix - s2 * np.eye(2)) / (s1 - s2)]
    fifth = np.linalg.matrix_power(matrix, 5)
    np.testing.assert_allclose(s1**5 * other[0] - s2**5 * other[1], fifth, atol=1e-12)
    assert np.abs(s1**5 * own[0] - s2**5 * own[1] - fifth).max() > 0.05


def test_complex_modes_of_momentum_shrink_by_the_root_of_beta_and_not_by_twice_it():
    beta, lr, curvature = 0.81, 0.1, 3.0
    roots = np.roots([1.0, -(1 + beta - lr * curvature), beta])
    assert np.iscomplex(roots).all()
    np.testing.assert_allclose(np.abs(roots), np.sqrt(beta))
    assert 2 * np.sqrt(beta) > 1  # as printed, every such run would diverge


def test_the_linear_term_of_least_squares_needs_the_transpose():
    rng = np.random.default_rng(0)
    z, d = rng.normal(size=(5, 3)), rng.normal(size=5)
    w = np.linalg.solve(z.T @ z, z.T @ d)
    np.testing.assert_allclose(z.T @ (z @ w - d), 0.0, atol=1e-12)
    with pytest.raises(ValueError, match="matmul"):
        z @ d  # as printed: for five samples of three features there is no such product


def test_a_visualizer_without_correction_gives_its_adam_a_flying_start():
    lengths = adam_first_steps(leave, 100, beta1=0.7)
    assert lengths[0] == pytest.approx(0.3 / np.sqrt(0.001))  # 9.5 times the learning rate
    assert (lengths > 3).all()


def test_hidden_clipping_turns_a_diverging_run_into_one_that_looks_fine():
    surface, rule = ot.surfaces.Rosenbrock(), ot.GradientDescent(lr=2e-3)
    start = [2.0, -1.0]
    told = ot.minimize(surface, start, rule, max_steps=500)
    hidden = ot.minimize(surface, start, rule, max_steps=500, clip=ot.clipping.ByNorm(1.0))
    assert told.reason is ot.StopReason.DIVERGED
    assert hidden.loss < surface.loss(start)


def test_uncorrected_steps_are_longer_and_never_shorter_at_the_notebooks_constants():
    factor = adam_first_steps(leave, 2000, beta2=0.99) / adam_first_steps(divide, 2000, beta2=0.99)
    assert factor.min() > 0.999
    assert factor.max() == pytest.approx(2.1, abs=0.05)


def test_a_lost_parenthesis_lets_nesterovs_step_climb():
    lr, beta, theta, v = 0.1, 0.9, 1.0, 0.0
    for _ in range(50):
        v = beta * v + theta
        theta = theta - lr * beta * v + theta  # the gradient escaped from the bracket, and from the rate
    assert abs(theta) > 1e6


def test_a_velocity_of_the_wrong_sign_walks_uphill():
    lr, beta, height, velocity = 0.01, 0.9, 0.0, 0.0
    for _ in range(200):
        velocity = beta * velocity + lr * 1.0  # as printed: plus
        height += beta * velocity - lr * 1.0  # along a slope of 1, upward
    assert height > 0


def test_the_momentum_step_that_adds_a_gradient_of_its_own_is_nesterovs():
    lr, beta, curvature = 0.01, 0.9, 10.0
    printed, velocity = 1.0, 0.0
    nesterov = ot.Stepper(ot.Nesterov(lr, beta), [1.0])
    for _ in range(20):
        grad = curvature * printed
        velocity = beta * velocity - lr * grad
        printed = printed + beta * velocity - lr * grad
        nesterov.step(curvature * nesterov.probe)
        assert printed == pytest.approx(float(nesterov.probe[0]))  # its iterate is Nesterov's look-ahead point


def test_an_average_without_its_weight_is_ten_times_too_long():
    beta, average, printed = 0.9, 0.0, 0.0
    for _ in range(300):
        average = beta * average + (1 - beta) * 1.0
        printed = beta * printed + 1.0
    assert average == pytest.approx(1.0)
    assert printed == pytest.approx(10.0)


def test_a_weight_that_l1_stopped_at_zero_must_be_able_to_leave_it():
    penalty, lr = ot.penalties.L1(0.1), 0.5
    pulls = [-0.3] * 10 + [3.0] * 10  # toward negative values first, then strongly toward positive ones
    weight, dead = np.array([0.2]), False
    killed = 0.2
    for pull in pulls:
        weight = penalty.prox(weight + lr * pull * 0.1, lr)
        step = killed + lr * pull * 0.1 - lr * 0.1 * np.sign(killed)
        dead = dead or killed * step < 0
        killed = 0.0 if dead else step
    assert weight[0] > 0.5
    assert killed == 0.0


@pytest.mark.parametrize("steps", [10, 37])
def test_the_recursive_cosine_agrees_with_the_closed_one_only_with_the_last_rate_in_it(steps):
    closed = ot.CosineAnnealing(lr_max=0.1, lr_min=0.001, steps=steps)
    rate, period = 0.1, steps
    for t in range(steps - 1):
        turn = (1 + np.cos(np.pi * (t + 1) / period)) / (1 + np.cos(np.pi * t / period))
        rate = 0.001 + (rate - 0.001) * turn
        assert rate == pytest.approx(closed(t + 1))
    assert closed(steps) == closed(3 * steps) == 0.001  # and it stays there: what rises again is a restart


def test_the_best_parameters_come_back_although_patience_never_ran_out():
    problem = ot.surfaces.Bowl(curvature=1.0)

    class Validation:
        def loss(self, theta):
            return float(abs(theta[0] - 0.5))  # turns long before the training loss does

    run = ot.minimize(
        problem, [1.0, 0.0], ot.GradientDescent(0.1), max_steps=20, validation=Validation(), stop=ot.EarlyStopping(100)
    )
    assert run.reason is ot.StopReason.MAX_STEPS
    assert abs(run.theta[0] - 0.5) == min(abs(theta[0] - 0.5) for theta in run.trace.theta)
