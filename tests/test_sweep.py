"""A sweep: every run is the one that `minimize` makes alone, bit for bit, however the runs are put together."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optimtext as ot
from optimtext import blocks as blocks_module
from optimtext.sweeps import plan as plan_module
from optimtext.sweeps.plan import takes_stacks

every_rule = pytest.mark.parametrize("rule", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_surface = pytest.mark.parametrize("surface", ot.surfaces.ALL, ids=lambda cls: cls.__name__)
RATES = [1e-4, 3e-3, 0.1, 2.0, 1e3]


def model(kind=ot.models.LogisticRegression, n=50, features=4):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, features))
    return kind(x, (x.sum(axis=1) + rng.normal(size=n) > 0).astype(float))


def check(found, problem, theta0, max_steps, *, every=1, **options):
    """Compare each run with the one that `minimize` makes of the same settings."""
    assert [run.index for run in found] == list(range(len(found)))
    for run in found:
        if options.get("batch_size"):
            options["seed"] = run.seed
        alone = ot.minimize(problem, np.atleast_2d(theta0)[run.start], run.rule, max_steps=max_steps, **options)
        np.testing.assert_array_equal(run.theta, alone.theta)
        np.testing.assert_array_equal(run.losses, alone.trace.loss[::every])
        assert run.theta.dtype == alone.theta.dtype
        np.testing.assert_array_equal(run.loss, alone.loss)
        assert (run.steps, run.reason, run.message) == (alone.steps, alone.reason, alone.message)
        assert run.evaluations == alone.trace.evaluations[-1]


@every_rule
@every_surface
def test_runs_on_a_surface_are_the_runs_alone(rule, surface):
    problem = surface()
    starts = np.array([problem.start, problem.start + 0.3, [40.0, -30.0]])
    rules = ot.grid(rule, lr=RATES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ot.sweep(problem, rules, starts, max_steps=60)
    assert len(found) == len(RATES) * 3
    check(found, problem, starts, 60)


def test_the_grid_above_has_runs_that_diverge_and_runs_that_do_not():
    found = ot.sweep(ot.surfaces.Ravine(), ot.grid(ot.GradientDescent, lr=RATES), [1.0, 1.0], max_steps=400)
    assert [run.diverged for run in found] == [False, False, True, True, True]
    assert len({run.steps for run in found}) == 4
    assert all(np.isfinite(run.theta).all() and np.isfinite(run.loss) for run in found)


@every_rule
@pytest.mark.parametrize("kind", [ot.models.LinearRegression, ot.models.LogisticRegression])
@pytest.mark.parametrize("batch_size", [None, 1, 7, 50])
def test_runs_of_a_linear_model_are_the_runs_alone(rule, kind, batch_size):
    problem = model(kind)
    starts = np.random.default_rng(1).normal(size=(2, 5))
    found = ot.sweep(problem, ot.grid(rule, lr=RATES), starts, max_steps=25, seeds=[0, 5], batch_size=batch_size)
    check(found, problem, starts, 25, batch_size=batch_size)


@every_rule
def test_hyper_parameters_may_all_differ(rule):
    problem = ot.surfaces.Rosenbrock()
    names = [name for name in rule.__dataclass_fields__ if name != "lr"]
    values = {name: [0.0, 0.5] if "decay" in name or name.startswith("beta") else [1e-8, 1e-3] for name in names[:3]}
    rules = ot.grid(rule, lr=[1e-3, 1e-2], **values)
    check(ot.sweep(problem, rules, problem.start, max_steps=30), problem, problem.start, 30)


@pytest.mark.parametrize("lr", [ot.CosineAnnealing(0.1, 0.0, 20), ot.ReduceOnPlateau(0.1, patience=2), 1.0], ids=repr)
@pytest.mark.parametrize("rule", [ot.Momentum, ot.Nesterov, ot.Adam])
def test_schedules_are_followed(rule, lr):
    problem = ot.surfaces.Beale()
    starts = np.array([problem.start, [0.5, 0.5]])
    rules = [*ot.grid(rule, lr=[lr, ot.StepDecay(0.02)]), rule(lr=lambda t: 0.1 / (t + 1))]
    check(ot.sweep(problem, rules, starts, max_steps=30), problem, starts, 30)


def in_order(n_samples, batch_size, rng):  # noqa: ARG001  # no randomness in it
    while True:
        for start in range(0, n_samples, batch_size):
            yield np.arange(start, min(start + batch_size, n_samples))


@pytest.mark.parametrize(
    "options",
    [
        {"clip": ot.clipping.ByNorm(0.5)},
        {"clip": ot.clipping.ByValue(0.1)},
        {"clip": lambda grad: 0.5 * grad},
        {"stop": ot.GradientNorm(1e-2)},
        {"stop": [ot.LossChange(1e-3), ot.GradientNorm(1e-3)]},
        {"penalty": ot.penalties.L1(0.01)},
        {"clip": ot.clipping.ByNorm(0.5), "batch_size": 8},
        {"batch_size": 8, "shuffle": in_order},
    ],
    ids=" ".join,
)
def test_the_options_of_minimize_hold_for_every_run(options):
    problem = model()
    rules = ot.grid(ot.Nesterov, lr=[0.01, 0.3], beta=[0.5, 0.9])
    found = ot.sweep(problem, rules, np.zeros(5), max_steps=40, seeds=[1, 2], **options)
    check(found, problem, np.zeros(5), 40, **options)


@pytest.mark.parametrize("every", [1, 3, 100])
@pytest.mark.parametrize("alone", [True, False])
def test_every_so_many_losses_are_kept(every, alone):
    surface = ot.surfaces.Bowl()
    problem = Foreign(surface) if alone else surface
    found = ot.sweep(
        problem, ot.grid(ot.GradientDescent, lr=[0.1, 1.0, 1e200]), [1.0, 2.0], max_steps=7, losses_every=every
    )
    check(found, surface, [1.0, 2.0], 7, every=every)
    none = ot.sweep(problem, ot.GradientDescent(), [[1.0, 2.0], [2.0, 2.0]], max_steps=7, losses_every=None)
    assert [run.losses.size for run in none] == [0, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_the_precision_of_the_start_is_kept(dtype):
    problem, start = ot.surfaces.Rosenbrock(), np.array([[-1.2, 1.0], [0.5, 0.5]], dtype=dtype)
    check(ot.sweep(problem, ot.grid(ot.Adam, lr=[0.01, 0.1]), start, max_steps=20), problem, start, 20)


def test_long_vectors_are_walked_in_blocks_and_are_the_runs_alone(monkeypatch):
    problem = model(ot.models.LinearRegression, n=20, features=30)
    starts = np.random.default_rng(0).normal(size=(9, 31))
    rules = ot.grid(ot.Adam, lr=[0.01, 0.1, 1e300], beta1=[0.5, 0.9])
    monkeypatch.setattr(blocks_module, "BLOCK", 64)
    check(ot.sweep(problem, rules, starts, max_steps=15), problem, starts, 15)


class Foreign:
    """A problem of one's own: no stacks, and it counts what it is asked."""

    def __init__(self, problem, stacks=False):
        self.problem, self.calls, self.shapes, self.stacks = problem, 0, set(), stacks

    def loss(self, theta):
        return self.problem.loss(theta)

    def gradient(self, theta):
        self.calls += 1
        self.shapes.add(theta.shape)
        return self.problem.gradient(theta)


def test_a_problem_of_ones_own_sees_single_vectors_unless_it_says_that_it_takes_stacks():
    problem = Foreign(ot.surfaces.Ravine())
    rules = ot.grid(ot.Momentum, lr=[0.01, 0.02, 0.03])
    found = ot.sweep(problem, rules, [1.0, 1.0], max_steps=9)
    check(found, problem.problem, [1.0, 1.0], 9)
    assert (problem.calls, problem.shapes) == (30, {(2,)})
    problem = Foreign(ot.surfaces.Ravine(), stacks=True)
    check(ot.sweep(problem, rules, [1.0, 1.0], max_steps=9), problem.problem, [1.0, 1.0], 9)
    assert (problem.calls, problem.shapes) == (10, {(3, 1, 2)})


def test_a_problem_that_wrongly_says_that_it_takes_stacks_is_found_out():
    class Wrong(Foreign):
        def loss(self, theta):
            return float(np.sum(theta))

    with pytest.raises(ValueError, match="stacks = True"):
        ot.sweep(Wrong(ot.surfaces.Bowl(), stacks=True), ot.grid(ot.Adam, lr=[0.1, 0.2]), [1.0, 1.0], max_steps=3)


class Cliff:
    """Takes stacks; beyond its edge the loss, the gradient or nothing at all stays finite."""

    stacks = True

    def __init__(self, loss=0.0, gradient=-1.0):
        self.beyond = loss, gradient

    def loss(self, theta):
        return np.where(theta[..., 0] > 3, self.beyond[0], -theta[..., 0])

    def gradient(self, theta):
        return np.where(theta[..., :1] > 3, self.beyond[1], -1.0) * np.ones_like(theta)


@pytest.mark.parametrize("loss", [0.0, np.inf, np.nan])
@pytest.mark.parametrize("gradient", [-1.0, -np.inf, np.nan, -1e308])
@pytest.mark.parametrize("block", [blocks_module.BLOCK, 4])
def test_each_way_to_diverge_freezes_its_run_and_no_other(loss, gradient, block, monkeypatch):
    monkeypatch.setattr(blocks_module, "BLOCK", block)
    problem, starts = Cliff(loss, gradient), [[0.0, 0.0], [-100.0, 1.0], [2.9, 0.0], [9.0, 9.0]]
    rules = ot.grid(ot.GradientDescent, lr=[0.5, 1.0, 30.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ot.sweep(problem, rules, starts, max_steps=12)
    check(found, problem, starts, 12)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    starts=st.lists(st.tuples(*[st.floats(-1e3, 1e3)] * 2), min_size=1, max_size=4),
    rates=st.lists(st.floats(1e-4, 1e100), min_size=1, max_size=4),
    rules=st.lists(st.sampled_from(ot.rules.ALL), min_size=1, max_size=3, unique=True),
    surface=st.sampled_from(ot.surfaces.ALL),
    size=st.integers(1, 7),
)
def test_whatever_is_swept_and_however_it_is_cut(starts, rates, rules, surface, size):
    grid = {rule.__name__: ot.grid(rule, lr=rates) for rule in rules}
    found = ot.sweep(surface(), grid, starts, max_steps=25, chunk_size=size)
    check(found, surface(), starts, 25)


def test_large_data_are_not_multiplied_by_all_runs_at_once(monkeypatch):
    monkeypatch.setattr(plan_module, "NUMBERS_TOGETHER", 120)
    seen = []

    class Watched(ot.models.LinearRegression):
        def gradient(self, theta, batch=None):
            seen.append(len(theta))
            return super().gradient(theta, batch)

    problem = Watched(np.ones((50, 4)), np.ones(50))
    ot.sweep(problem, ot.grid(ot.Adam, lr=[0.1, 0.2, 0.3, 0.4]), np.zeros(5), max_steps=0)
    assert seen == [2, 2]


def test_surfaces_and_linear_models_take_stacks_and_strangers_do_not():
    assert takes_stacks(ot.surfaces.Beale())
    assert takes_stacks(model())
    assert not takes_stacks(Foreign(ot.surfaces.Beale()))
