"""One test for each mistake of the two texts that the book grew from, and for sayings that need a condition.

Like those in `test_errata.py` they stand on the errata page, so each is written to be read.
"""

import numpy as np
import pytest

import optimtext as ot


def distances(rule, curvatures, turn, steps, start=(1.0, 1.0)):
    """Distances from the minimum on a quadratic with these curvatures along the axes or, turned by 45°, across them."""
    axes = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2) if turn else np.eye(2)
    hessian = axes @ np.diag(curvatures) @ axes.T
    stepper, path = ot.Stepper(rule, axes @ np.array(start)), []
    for _ in range(steps):
        stepper.step(hessian @ stepper.probe)
        path.append(float(np.linalg.norm(stepper.theta)))
    return np.array(path)


def excess_after(rates):
    """Mean squared error that noisy steps with these rates leave on a parabola, from {eq}`sch-recurrence`."""
    square = 1.0
    for rate in rates:
        square = (1 - rate) ** 2 * square + rate**2
    return square


def test_where_the_gradient_is_zero_no_step_lowers_the_loss():
    saddle, top = ot.surfaces.Saddle(), np.zeros(2)
    assert saddle.gradient(top) @ saddle.gradient(top) >= 0  # which is all that the printed argument asks for
    assert saddle.loss(top - 1e-3 * saddle.gradient(top)) == saddle.loss(top)
    assert saddle.loss(np.array([0.0, 1e-3])) < saddle.loss(top)  # and it is no minimum


@pytest.mark.parametrize(("curvature", "fatal", "best"), [(1e5, 1e-4, 1e-5), (0.1, 100.0, 10.0), (10.0, 1.0, 0.1)])
def test_every_rate_of_the_table_is_fatal_on_one_bowl_and_best_on_another(curvature, fatal, best):
    bowl = ot.surfaces.Bowl(curvature=curvature)
    assert ot.minimize(bowl, [1.0, 0.0], ot.GradientDescent(best), max_steps=1).loss < 1e-20
    assert ot.minimize(bowl, [1.0, 0.0], ot.GradientDescent(fatal), max_steps=999).reason is ot.StopReason.DIVERGED


def test_the_three_sketched_curves_cannot_be_one_convex_loss():
    def gain_per_rate(loss, lr):
        return (100.0 - loss) / lr

    logistic = ot.models.LogisticRegression(np.array([[1.0], [-2.0], [0.5]]), np.array([1, 0, 0]))
    start, rates = np.array([0.3, 0.1]), (0.0001, 0.01, 10)
    losses = [ot.minimize(logistic, start, ot.GradientDescent(lr), max_steps=1).loss for lr in rates]
    gains = [(logistic.loss(start) - loss) / lr for loss, lr in zip(losses, rates, strict=True)]
    assert gains[0] > gains[1] > gains[2]  # of one step on a convex loss, whatever the start
    assert gain_per_rate(99.9, 0.0001) < gain_per_rate(50.0, 0.01)  # as sketched


def test_on_a_quadratic_a_loss_that_has_risen_never_falls_again():
    rng = np.random.default_rng(0)
    for _ in range(50):
        curvatures, error = rng.uniform(0.1, 3.0, 4), rng.standard_normal(4)
        gaps = np.array([curvatures @ ((1 - curvatures) ** k * error) ** 2 for k in range(12)])
        assert (np.diff(gaps[1:] / gaps[:-1]) > -1e-9).all()
    sketched = np.array([100.0, 50.0, 200.0, 25.0, 500.0])
    assert (np.diff(sketched[1:] / sketched[:-1]) < 0).any()


def test_a_rate_of_a_hundredth_loses_the_weight_of_the_small_feature_too():
    x = np.random.default_rng(0).uniform(0, [1, 1000], size=(400, 2))
    model = ot.models.LinearRegression(x, x[:, 0] + x[:, 1] / 1000)
    run = ot.minimize(model, np.zeros(3), ot.GradientDescent(lr=0.01), max_steps=20)
    assert (np.abs(run.theta) > 1e6).all()  # the right weights are 1 and 0.001, the bias 0
    assert ot.theory.stability_limit(ot.GradientDescent, model) < 1e-5


@pytest.mark.parametrize("rule", [ot.AdaGrad(lr=0.1, eps=0.0), ot.Adam(lr=0.1, eps=1e-30)])
def test_adaptive_rules_balance_scales_along_the_axes_and_not_across_them(rule):
    straight, turned = ([distances(rule, [1.0, kappa], turn, 200) for kappa in (1, 1000)] for turn in (False, True))
    np.testing.assert_allclose(straight[1], straight[0], rtol=1e-9)  # the condition number leaves no trace
    assert np.abs(turned[1] - turned[0]).max() > 0.1


def test_adagrad_slows_for_good_but_does_not_stop_and_rmsprop_does_not_rest():
    ten, thousand = (ot.theory.first_steps(ot.AdaGrad(lr=0.1), n).sum() for n in (100, 10_000))
    assert thousand > 9 * ten  # a hundred times the steps, ten times the way: slower and slower, and no end
    last_step = {}
    for rule in (ot.AdaGrad(lr=0.1), ot.RMSProp(lr=0.1)):
        rng, stepper = np.random.default_rng(0), ot.Stepper(rule, np.zeros(200))
        for _ in range(2000):
            last_step[type(rule)] = -stepper.theta
            stepper.step(stepper.theta + rng.standard_normal(200))
            last_step[type(rule)] += stepper.theta
    assert np.abs(last_step[ot.RMSProp]).mean() > 20 * np.abs(last_step[ot.AdaGrad]).mean()


def test_adam_keeps_three_times_the_numbers_of_gradient_descent():
    def kept(rule):
        theta = np.zeros(1000)
        return sum(np.size(part) for part in rule.update(theta, theta, rule.lr) if np.size(part) == 1000)

    rules = ot.GradientDescent(), ot.Momentum(), ot.RMSProp(), ot.Adam()
    assert [kept(rule) // 1000 for rule in rules] == [1, 2, 2, 3]


def test_without_noise_a_large_constant_rate_arrives():
    birds = ot.datasets.penguins().standardized()
    model = ot.models.LinearRegression(birds.features, birds.targets)
    lowest, limit = model.loss(model.solution()), ot.theory.stability_limit(ot.GradientDescent, model)
    large = ot.GradientDescent(0.98 * limit)
    assert ot.minimize(model, np.zeros(4), large, max_steps=2000).loss - lowest < 1e-12
    noisy = ot.minimize(model, np.zeros(4), large, max_steps=2000, batch_size=32, seed=0)
    assert noisy.loss - lowest > 1e-3


def test_momentum_smooths_the_velocity_and_not_the_parameters():
    bowl, noise = ot.surfaces.Bowl(curvature=1.0), np.eye(2)
    plain, heavy = (
        ot.theory.loss_floor(rule, bowl, noise) for rule in (ot.GradientDescent(0.01), ot.Momentum(0.01, beta=0.9))
    )
    assert heavy / plain == pytest.approx(10, rel=0.05)  # 1/(1 - β) times the floor at the same rate


def test_a_loss_that_hardly_changes_may_be_far_above_its_minimum():
    bowl = ot.surfaces.Bowl(curvature=1.0)
    run = ot.minimize(bowl, [10.0, 0.0], ot.GradientDescent(1e-9), max_steps=99, stop=ot.LossChange(1e-6))
    assert run.reason is ot.StopReason.LOSS_CHANGE
    assert run.loss > 49
    before, after = 0.1234567, 0.1234568
    assert 0 < after - before < 1e-6  # and in the printed example the loss rose


def test_l2_shrinks_the_vector_and_may_let_one_weight_grow():
    correlation, covariance = np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([1.0, 0.9])
    weak, strong = (np.linalg.solve(correlation + l2 * np.eye(2), covariance) for l2 in (0.0, 0.1))
    assert np.linalg.norm(strong) < np.linalg.norm(weak)
    assert abs(strong[1]) > abs(weak[1]) + 0.2  # it was zero without a penalty


def test_below_the_limit_the_parameters_of_a_quadratic_bounce_and_its_loss_does_not():
    ravine = ot.surfaces.Ravine(condition=50)
    limit = ot.theory.stability_limit(ot.GradientDescent, ravine)
    run = ot.minimize(ravine, ravine.start, ot.GradientDescent(0.99 * limit), max_steps=100)
    assert (np.diff(run.trace.loss) < 0).all()
    assert (run.trace.theta[1:, 1] * run.trace.theta[:-1, 1] < 0).all()


def test_on_the_ridge_adam_stays_too_and_beside_it_gradient_descent_leaves():
    saddle = ot.surfaces.Saddle()
    for rule in (ot.GradientDescent(0.1), ot.Adam(0.1)):
        assert ot.minimize(saddle, [-1.5, 0.0], rule, max_steps=300).theta[1] == 0.0
        assert abs(ot.minimize(saddle, [-1.5, 1e-6], rule, max_steps=150).theta[1]) > 1.0


def test_uncorrected_steps_grow_until_the_twelfth_and_are_too_long_for_thousands():
    factor = ot.theory.first_steps(ot.AdamUncorrected(lr=1.0, eps=0.0), 4000)
    assert [round(float(factor[t - 1]), 2) for t in (1, 10, 12, 2000)] == [3.16, 6.53, 6.57, 1.08]
    assert factor.argmax() + 1 == 12
    assert (factor > 1).all()


@pytest.mark.parametrize(("beta2", "printed", "longest"), [(0.999, 3.162, 7.270), (0.99, 1.0, 2.345)])
def test_after_a_silence_adams_steps_are_longer_than_both_bounds_of_its_paper(beta2, printed, longest):
    beta1 = 0.9
    stepper = ot.Stepper(ot.Adam(lr=1.0, beta1=beta1, beta2=beta2, eps=1e-30), [0.0])
    lengths = []
    for grad in [0.0] * 12_000 + [1e-3 * (beta2 / beta1) ** k for k in range(150)]:
        before = stepper.theta[0]
        stepper.step([grad])
        lengths.append(float(before - stepper.theta[0]))
    assert max((1 - beta1) / np.sqrt(1 - beta2), 1.0) == pytest.approx(printed, abs=1e-3)
    assert lengths[12_000] == pytest.approx(printed, abs=1e-3)  # the first gradient after the silence obeys it
    assert max(lengths) == pytest.approx(longest, abs=1e-3)


def test_the_first_uncorrected_step_is_long_for_a_large_beta2_and_short_for_a_small_one():
    lengths = []
    for beta2 in (0.1, 0.5, 0.9, 0.99, 0.999):
        printed = ot.AdamUncorrected(lr=1.0, beta1=0.9, beta2=beta2, eps=0.0, eps_root=0.0)
        lengths.append(0.0 - float(printed.update(0.0, 1.0, 1.0)[0]))
        assert lengths[-1] == pytest.approx(0.1 / np.sqrt(1 - beta2))
    assert lengths == sorted(lengths)
    assert lengths[0] < 0.2
    assert lengths[-1] > 3


def test_adam_walks_to_the_worst_point_of_a_convex_problem_and_amsgrad_to_the_best():
    ends = []
    for rule in (ot.Adam(beta1=0.0, beta2=0.1, eps=0.0), ot.AMSGrad(beta1=0.0, beta2=0.1, eps=0.0)):
        theta, state = 0.0, list[float]()
        for t in range(6000):
            slope = 3.0 if t % 3 == 0 else -1.0  # on average 1/3: the best point of [-1, 1] is -1
            theta, *state = rule.update(theta, slope, 0.5 / (t + 1) ** 0.5, *state)
            theta = min(1.0, max(-1.0, float(theta)))
        ends.append(theta)
    assert ends[0] > 0.95
    assert ends[1] < -0.95


def test_the_bare_formula_of_the_cosine_climbs_back_to_its_top():
    highest, lowest, period = 0.1, 0.001, 100
    bare = [lowest + (highest - lowest) * (1 + np.cos(np.pi * t / period)) / 2 for t in range(2 * period + 1)]
    annealed = ot.CosineAnnealing(lr_max=highest, lr_min=lowest, steps=period)
    assert bare[-1] == pytest.approx(highest)
    assert annealed(2 * period) == lowest


def test_decay_is_a_penalty_for_gradient_descent_and_not_for_adam():
    ravine, decay, lr = ot.surfaces.Ravine(condition=50), 0.5, 0.01
    penalized = shrunk = np.array(ravine.start)
    inside, beside = ot.Stepper(ot.Adam(lr), ravine.start), ot.Stepper(ot.AdamW(lr, weight_decay=decay), ravine.start)
    for _ in range(100):
        penalized = penalized - lr * (ravine.gradient(penalized) + decay * penalized)
        shrunk = (1 - lr * decay) * shrunk - lr * ravine.gradient(shrunk)
        inside.step(ravine.gradient(inside.theta) + decay * inside.theta)
        beside.step(ravine.gradient(beside.theta))
    np.testing.assert_allclose(penalized, shrunk, rtol=1e-9)
    assert np.abs(inside.theta - beside.theta).max() > 0.1


def test_which_method_is_fastest_depends_on_the_budget():
    ravine, rates = ot.surfaces.Ravine(condition=50), [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]
    starts = np.array([ravine.start, [4.0, -1.0], [-3.0, 0.5]])
    rules = {"momentum": ot.grid(ot.Momentum, lr=rates, beta=0.7), "Adam": ot.grid(ot.Adam, lr=rates)}
    early, late = (ot.race(ravine, rules, starts, budget=budget).standing[0].name for budget in (5, 100))
    assert early != late  # each with the best of the same seven rates


def test_a_step_schedule_and_the_exponential_through_its_middle_end_at_the_same_floor():
    smooth = excess_after(0.1 * 0.96 ** np.arange(100))
    in_steps = excess_after(0.1 * 0.96 ** (10 * (np.arange(100) // 10) + 4.5))
    assert in_steps == pytest.approx(smooth, rel=0.05)


def test_a_loss_may_rise_for_many_steps_and_still_end_at_its_minimum():
    x, y, lr, losses = 4.0, 0.2, 0.14, []
    for _ in range(400):
        error = x * y - 1  # the loss ½(xy - 1)², two weights in a row; its sharpness is x² + y² at a minimum
        losses.append(error**2 / 2)
        x, y = x - lr * error * y, y - lr * error * x
    assert 4.0**2 > 2 / lr > x**2 + y**2  # it began in a place that is too sharp for the rate, and found a flatter one
    assert np.sum(np.diff(losses) > 0) > 10
    assert losses[-1] < 1e-20


def test_early_stopping_and_ridge_are_close_and_not_equal():
    x = np.geomspace(1e-4, 1e4, 10_001)  # curvature times rate times number of steps
    ratio = -np.expm1(-x) / (x / (1 + x))
    assert ratio.min() > 1 - 1e-12
    assert ratio.max() == pytest.approx(1.2984, abs=1e-3)
