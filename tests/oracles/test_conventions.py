"""The tables of conventions: what they call PyTorch and optax with takes the steps of the rule."""

import inspect
import math
from typing import Any

import jax
import numpy as np
import optax
import pytest
import torch

import optimtext as ot
from optimtext.conventions._optax import OPTAX
from optimtext.conventions._pytorch import PYTORCH

jax.config.update("jax_enable_x64", True)
# A dozen roundings a step, in another order. Near a minimum, where its average of squares is small, an adaptive rule
# amplifies them: the runs are too short to arrive there, or the epsilon is large.
STEPS, TOLERANCE = 50, 1e-12

# At least one rule for each way of asking that the tables know; none at a library's defaults.
RULES = {
    "PyTorch": [
        ot.GradientDescent(0.1), ot.Momentum(0.05, 0.8), ot.Momentum(0.05, 0.0), ot.Nesterov(0.05, 0.8),
        ot.Nesterov(0.1, 0.0), ot.AdaGrad(0.3), ot.AdaGrad(0.3, eps_root=0.02, eps=0.01), ot.RMSProp(0.02, eps=0.01),
        ot.AdaDelta(2.0, 0.8, eps_root=0.01), ot.Adam(0.02, 0.7, 0.95, eps=0.05), ot.AdaMax(0.02, 0.7, 0.95, eps=0.05),
        ot.AMSGrad(0.02, 0.7, 0.95, eps=0.05), ot.NAdam(0.02, 0.7, 0.95, eps=0.05), ot.NAdam(0.02, gamma=0.5),
        ot.NAdam(0.02, gamma=0.0), ot.AdamW(0.02, 0.7, 0.95, eps=0.05, weight_decay=0.3), ot.AdamW(weight_decay=0.0),
    ],
    "optax": [
        ot.GradientDescent(0.1), ot.Momentum(0.05, 0.8), ot.Momentum(0.05, 0.0), ot.Nesterov(0.05, 0.8),
        ot.Nesterov(0.1, 0.0), ot.AdaGrad(0.3, eps_root=0.02, eps=0.0), ot.RMSProp(0.02, 0.8, eps=0.01),
        ot.RMSProp(0.02, 0.8, eps_root=0.01, eps=0.0), ot.AdaDelta(2.0, 0.8, eps_root=0.01),
        ot.Adam(0.02, 0.7, 0.95, eps=0.05, eps_root=0.02), ot.AdaMax(0.02, 0.7, 0.95, eps=0.05),
        ot.NAdam(0.02, 0.7, 0.95, eps=0.05, eps_root=0.02, gamma=0.0),
        ot.AdamW(0.02, 0.7, 0.95, eps=0.05, eps_root=0.02, weight_decay=0.3),
        ot.Lion(0.01, 0.7, 0.95, weight_decay=0.3), ot.Lion(0.01),
    ],
}  # fmt: skip
SCHEDULED = [
    rule(lr=ot.StepDecay(lr=0.05, factor=0.5, every=20), **more)
    for rule, more in [
        (ot.GradientDescent, {}),
        (ot.Momentum, {"beta": 0.8}),
        (ot.AdaGrad, {"eps": 0.0, "eps_root": 0.01}),
        (ot.RMSProp, {}),
        (ot.Adam, {}),
        (ot.AdamW, {}),
    ]
]


def gradient(seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    curvatures, center = rng.uniform(0.05, 4.0, 5), rng.normal(size=5)
    return (lambda theta: curvatures * (np.asarray(theta) - center)), rng.normal(size=5)


def ours(rule: Any, slope: Any, start: Any) -> Any:
    """Where the gradients are taken, which is what the libraries store."""
    stepper, visited = ot.Stepper(rule, start), []
    for _ in range(STEPS):
        stepper.step(slope(stepper.probe))
        visited.append(stepper.probe.copy())
    return np.array(visited)


@pytest.fixture(autouse=True)
def double_precision() -> Any:
    """PyTorch's NAdam keeps a running product in the default precision, whatever the parameters have."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def pytorchs(name: str, arguments: dict[str, Any], slope: Any, start: Any, schedule: Any = None) -> Any:
    theta = torch.tensor(start, requires_grad=True)
    optimizer = getattr(torch.optim, name)([theta], **arguments)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule) if schedule else None
    visited = []
    for _ in range(STEPS):
        theta.grad = torch.from_numpy(slope(theta.detach().numpy()))
        optimizer.step()
        if scheduler:
            scheduler.step()
        visited.append(theta.detach().numpy().copy())
    return np.array(visited)


def optaxs(name: str, arguments: dict[str, Any], slope: Any, start: Any) -> Any:
    optimizer, theta = getattr(optax, name)(**arguments), jax.numpy.asarray(start)
    state, visited = optimizer.init(theta), []
    for _ in range(STEPS):
        change, state = optimizer.update(jax.numpy.asarray(slope(theta)), state, theta)
        theta = optax.apply_updates(theta, change)
        visited.append(np.asarray(theta))
    return np.array(visited)


def assert_same(mine: Any, other: Any) -> None:
    assert mine.dtype == other.dtype == np.float64
    assert (np.abs(mine - other).max(axis=1) / np.abs(other).max(axis=1)).max() < TOLERANCE
    assert np.abs(mine[-1] - mine[0]).max() > 1e-2  # the run went somewhere


@pytest.mark.parametrize("rule", RULES["PyTorch"], ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_pytorch_takes_the_steps(rule: Any, seed: int) -> None:
    name, arguments = call = ot.conventions.to_pytorch(rule)
    assert call.exact
    slope, start = gradient(seed)
    assert_same(ours(rule, slope, start), pytorchs(name, arguments, slope, start))


@pytest.mark.parametrize("rule", [*RULES["optax"], *SCHEDULED], ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_optax_takes_the_steps(rule: Any, seed: int) -> None:
    name, arguments = call = ot.conventions.to_optax(rule)
    assert call.exact
    slope, start = gradient(seed)
    assert_same(ours(rule, slope, start), optaxs(name, arguments, slope, start))


@pytest.mark.parametrize("library", [PYTORCH, OPTAX], ids=lambda library: library.name)
def test_every_way_of_asking_is_run(library: Any) -> None:
    run = RULES[library.name]
    for rule_class, entry in library.entries.items():
        mine = [rule for rule in run if type(rule) is rule_class]
        if isinstance(entry, str):
            assert not mine
            continue
        used = {next(i for i, way in enumerate(entry) if not way.lacks(rule)) for rule in mine}
        assert used == set(range(len(entry))), rule_class


@pytest.mark.parametrize("rule", [rule for rule in SCHEDULED if not isinstance(rule, ot.AdaGrad)], ids=repr)
def test_the_recipe_for_a_schedule_in_pytorch_works(rule: Any) -> None:
    with pytest.raises(ot.conventions.NoEquivalent, match="LambdaLR"):
        ot.conventions.to_pytorch(rule)
    hyper = {name: getattr(rule, name) for name in rule.__dataclass_fields__}
    name, arguments = ot.conventions.to_pytorch(type(rule)(**hyper | {"lr": 1.0}))
    slope, start = gradient(0)
    assert_same(ours(rule, slope, start), pytorchs(name, arguments, slope, start, rule.lr))


def test_nesterovs_look_ahead_differs_under_a_schedule_and_that_is_said() -> None:
    schedule = ot.StepDecay(lr=0.1, factor=0.1, every=20)
    rule = ot.Nesterov(schedule, 0.9)
    for convert in (ot.conventions.to_pytorch, ot.conventions.to_optax):
        with pytest.raises(ot.conventions.NoEquivalent, match="look-ahead is stored there with the rate of the step b"):
            convert(rule)
    slope, start = gradient(0)
    mine = ours(rule, slope, start)
    theirs = optaxs("sgd", {"learning_rate": schedule, "momentum": 0.9, "nesterov": True}, slope, start)
    assert np.abs(mine - theirs)[:19].max() < 1e-12
    assert np.abs(mine - theirs)[19:].max() > 1e-3


def test_what_has_no_equivalent_really_differs() -> None:
    # The nearest call to each refusal, and how far it is from our steps: many times the tolerance.
    slope, start = gradient(1)
    adam = {"learning_rate": 0.02, "b1": 0.9, "b2": 0.95, "eps": 1e-8}
    for rule, name, arguments in [
        (ot.AMSGrad(0.02, 0.9, 0.95), "amsgrad", adam),
        (ot.AdamUncorrected(0.02, 0.9, 0.95), "adam", adam),
        (ot.NAdam(0.02, 0.9, 0.95), "nadam", adam),
        (ot.AdaGrad(0.3, eps=0.1), "adagrad", {"learning_rate": 0.3, "initial_accumulator_value": 0.0, "eps": 0.1}),
        (ot.RMSProp(0.02, 0.8, eps_root=0.1, eps=0.1), "rmsprop", {"learning_rate": 0.02, "decay": 0.8, "eps": 0.1}),
    ]:
        with pytest.raises(ot.conventions.NoEquivalent):
            ot.conventions.to_optax(rule)
        assert np.abs(ours(rule, slope, start) - optaxs(name, arguments, slope, start)).max() > 1e-3
    assert not hasattr(torch.optim, "Lion")  # the table says so


@pytest.mark.parametrize("library", [PYTORCH, OPTAX], ids=lambda library: library.name)
def test_names_and_defaults_are_those_of_the_signatures(library: Any) -> None:
    module = {"PyTorch": torch.optim, "optax": optax}[library.name]
    for entry in library.entries.values():
        for way in () if isinstance(entry, str) else entry:
            parameters = inspect.signature(getattr(module, way.call)).parameters
            assert set(way.fixed) <= set(parameters)
            for theirs, default in way.arguments.values():
                name, bracket, index = theirs.partition("[")
                told = parameters[name].default
                told = "required" if told is inspect.Parameter.empty else told
                if name == "learning_rate" and told is None:  # optax's adadelta: without a rate it is 1 to the sign
                    continue
                assert default == (told[int(index[:-1])] if bracket else told), (way.call, theirs)


def test_gamma_and_pytorchs_momentum_decay_are_each_others_inverse() -> None:
    for gamma in (0.1, 0.96**0.004, 0.999):
        decay = ot.conventions.to_pytorch(ot.NAdam(gamma=gamma)).arguments["momentum_decay"]
        assert 0.96**decay == pytest.approx(gamma, rel=1e-14)
    assert math.isinf(ot.conventions.to_pytorch(ot.NAdam(gamma=0.0)).arguments["momentum_decay"])
