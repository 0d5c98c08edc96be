"""The tables of conventions: their shape, their refusals, and Keras's recurrences written out in NumPy."""

import copy
import dataclasses
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.conventions import NoEquivalent, table, to_keras, to_optax, to_pytorch
from optimtext.conventions._keras import KERAS
from optimtext.conventions._papers import OURS, PAPERS
from optimtext.conventions.tables import LIBRARIES

every_rule = pytest.mark.parametrize("rule_class", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)


class Keras:
    """The method ``update_step`` of Keras 3's optimizers, line by line, with the defaults of their constructors."""

    def __init__(self, theta: Any) -> None:
        self.theta, self.iterations, self.state = np.array(theta), 0, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        return self.state.setdefault(name, np.zeros_like(self.theta))

    def SGD(self, g: Any, *, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False) -> None:  # noqa: N802  # Keras's own names
        if momentum == 0:
            self.theta = self.theta - g * learning_rate
            return
        m = self.state["m"] = self["m"] * momentum - g * learning_rate
        self.theta = self.theta + (m * momentum - g * learning_rate if nesterov else m)

    def Adagrad(  # noqa: N802
        self, g: Any, *, learning_rate: float = 0.001, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7
    ) -> None:
        total = self.state["total"] = self.state.get("total", initial_accumulator_value) + g * g
        self.theta = self.theta - learning_rate * g / np.sqrt(total + epsilon)

    def RMSprop(self, g: Any, *, learning_rate: float = 0.001, rho: float = 0.9, epsilon: float = 1e-7) -> None:  # noqa: N802
        velocity = self.state["velocity"] = rho * self["velocity"] + (1 - rho) * g * g
        self.theta = self.theta - learning_rate * g / np.sqrt(velocity + epsilon)

    def Adadelta(self, g: Any, *, learning_rate: float = 0.001, rho: float = 0.95, epsilon: float = 1e-7) -> None:  # noqa: N802
        squares = self.state["squares"] = rho * self["squares"] + (1 - rho) * g * g
        delta = -np.sqrt(self["deltas"] + epsilon) * g / np.sqrt(squares + epsilon)
        self.state["deltas"] = rho * self["deltas"] + (1 - rho) * delta * delta
        self.theta = self.theta + learning_rate * delta

    def Adam(  # noqa: N802
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
    ) -> None:
        local_step = self.iterations + 1
        alpha = learning_rate * np.sqrt(1 - beta_2**local_step) / (1 - beta_1**local_step)
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        v = self.state["v"] = self["v"] + (g * g - self["v"]) * (1 - beta_2)
        if amsgrad:
            v = self.state["v_hat"] = np.maximum(self["v_hat"], v)
        self.theta = self.theta - m * alpha / (np.sqrt(v) + epsilon)

    def AdamW(self, g: Any, *, learning_rate: float = 0.001, weight_decay: float = 0.004, **more: Any) -> None:  # noqa: N802
        self.theta = self.theta - self.theta * weight_decay * learning_rate  # the base class, before the step
        self.Adam(g, learning_rate=learning_rate, **more)

    def Adamax(  # noqa: N802
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        u = self.state["u"] = np.maximum(beta_2 * self["u"], np.abs(g))
        self.theta = self.theta - learning_rate * m / ((1 - beta_1 ** (self.iterations + 1)) * (u + epsilon))

    def Nadam(  # noqa: N802
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        u, u_next = (beta_1 * (1 - 0.5 * 0.96 ** (self.iterations + i)) for i in (1, 2))
        product = self.state["product"] = self.state.get("product", 1.0) * u
        m = self.state["m"] = self["m"] + (g - self["m"]) * (1 - beta_1)
        v = self.state["v"] = self["v"] + (g * g - self["v"]) * (1 - beta_2)
        m_hat = u_next * m / (1 - product * u_next) + (1 - u) * g / (1 - product)
        v_hat = v / (1 - beta_2 ** (self.iterations + 1))
        self.theta = self.theta - m_hat * learning_rate / (np.sqrt(v_hat) + epsilon)

    def Lion(  # noqa: N802
        self,
        g: Any,
        *,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        weight_decay: float | None = None,
    ) -> None:
        self.theta = self.theta - self.theta * (weight_decay or 0.0) * learning_rate
        self.theta = self.theta - learning_rate * np.sign(self["m"] * beta_1 + g * (1 - beta_1))
        self.state["m"] = self["m"] * beta_2 + g * (1 - beta_2)


def both(rule: Any, seed: int = 0, steps: int = 50) -> tuple[Any, Any]:
    """The points at which the gradients of both are taken, step by step."""
    rng = np.random.default_rng(seed)
    curvatures, center, start = rng.uniform(0.05, 4.0, 5), rng.normal(size=5), rng.normal(size=5)
    name, arguments = to_keras(rule)
    stepper, keras, mine, theirs = ot.Stepper(rule, start), Keras(start), [], []
    for _ in range(steps):
        stepper.step(curvatures * (stepper.probe - center))
        getattr(keras, name)(curvatures * (keras.theta - center), **arguments)
        keras.iterations += 1
        mine.append(stepper.probe.copy())
        theirs.append(keras.theta)
    return np.array(mine), np.array(theirs)


EXACT = [
    ot.GradientDescent(0.1), ot.Momentum(0.05, 0.8), ot.Momentum(0.05, 0.0), ot.Nesterov(0.05, 0.8),
    ot.Nesterov(0.1, 0.0), ot.AdaGrad(0.3, eps_root=0.02, eps=0.0), ot.RMSProp(0.02, 0.8, eps_root=0.01, eps=0.0),
    ot.AdaDelta(2.0, 0.8, eps_root=0.01), ot.Adam(0.02, 0.7, 0.95, eps=0.0), ot.AdaMax(0.02, 0.7, 0.95, eps=0.0),
    ot.AMSGrad(0.02, 0.7, 0.95, eps=0.0), ot.NAdam(0.02, 0.7, 0.95, gamma=0.96, eps=0.01),
    ot.AdamW(0.02, 0.7, 0.95, eps=0.0, weight_decay=0.3), ot.Lion(0.01, 0.7, 0.95, weight_decay=0.3),
]  # fmt: skip
NEARLY = [ot.Adam(0.02), ot.AMSGrad(0.02), ot.AdamW(0.02), ot.AdaMax(0.02)]


@pytest.mark.parametrize("rule", EXACT, ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_keras_takes_the_steps(rule: Any, seed: int) -> None:
    assert to_keras(rule).exact
    mine, theirs = both(rule, seed)
    # A dozen roundings a step, in another order; near a minimum adaptive rules amplify them, so the runs are short.
    assert (np.abs(mine - theirs).max(axis=1) / np.abs(theirs).max(axis=1)).max() < 1e-12
    assert np.abs(mine[-1] - mine[0]).max() > 1e-2


@pytest.mark.parametrize("rule", NEARLY, ids=repr)
def test_keras_nearly_takes_the_steps_where_its_epsilon_stands_elsewhere(rule: Any) -> None:
    call = to_keras(rule)
    assert not call.exact
    assert "epsilon" in call.notes[-1]
    mine, theirs = both(rule)
    assert 0 < np.abs(mine - theirs).max() < 1e-4
    # With a large epsilon the difference is there for all to see.
    mine, theirs = both(dataclasses.replace(rule, eps=0.1))
    assert np.abs(mine - theirs).max() > 1e-4


def test_the_note_on_the_folded_epsilon_tells_its_size() -> None:
    # In the first step Keras's epsilon acts like this one of ours: eps / sqrt(1 - beta2), 31.6 times as much.
    _, theirs = both(ot.Adam(eps=1e-3), steps=1)
    mine, _ = both(ot.Adam(eps=1e-3 / (1 - 0.999) ** 0.5), steps=1)
    np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    assert round((1 - 0.999) ** -0.5, 1) == 31.6


def test_every_way_of_asking_keras_is_run() -> None:
    for rule_class, entry in KERAS.entries.items():
        mine = [rule for rule in EXACT + NEARLY if type(rule) is rule_class]
        ways = () if isinstance(entry, str) else entry
        assert {next(i for i, way in enumerate(ways) if not way.lacks(r)) for r in mine} == set(range(len(ways)))


def test_the_defaults_are_those_of_kerass_constructors() -> None:
    for entry in KERAS.entries.values():
        for way in () if isinstance(entry, str) else entry:
            told = getattr(Keras, way.call).__kwdefaults__ | (Keras.Adam.__kwdefaults__ if way.call == "AdamW" else {})
            assert set(way.fixed) <= set(told)
            assert {theirs: told[theirs] for theirs, _ in way.arguments.values()} == dict(way.arguments.values())


@pytest.mark.parametrize(
    ("convert", "rule", "reason"),
    [
        (to_pytorch, ot.Adam(eps_root=1e-8), "there is no epsilon inside the root"),
        (to_pytorch, ot.RMSProp(eps_root=1e-8), "there is no epsilon inside the root"),
        (to_pytorch, ot.AdamUncorrected(), "every Adam there corrects"),
        (to_pytorch, ot.Lion(), "there is no Lion"),
        (to_pytorch, ot.Adam(lr=ot.StepDecay()), "LambdaLR"),
        (to_pytorch, ot.Nesterov(lr=ot.StepDecay()), "look-ahead is stored there"),
        (to_pytorch, ot.Adam(lr=ot.ReduceOnPlateau(0.1)), "answers to the losses"),
        (to_pytorch, ot.Adam(lr=np.array([0.1, 0.2])), "lr is an array"),
        (to_optax, ot.AdaGrad(), "there is no epsilon outside the root"),
        (to_optax, ot.RMSProp(eps=0.1, eps_root=0.1), "it has one epsilon only, inside or outside the root$"),
        (to_optax, ot.AMSGrad(), "maximum of the corrected average"),
        (to_optax, ot.NAdam(), "which is gamma=0"),
        (to_optax, ot.Adam(lr=ot.ReduceOnPlateau(0.1)), "answers to the losses"),
        (to_optax, ot.Momentum(beta=np.array([[0.1], [0.2]])), "beta is an array"),
        (to_keras, ot.RMSProp(), "its epsilon is inside the root"),
        (to_keras, ot.AdaGrad(), "its epsilon is inside the root"),
        (to_keras, ot.Adam(eps_root=0.1), "Keras: there is no epsilon inside the root$"),
        (to_keras, ot.NAdam(), "gamma=0.96"),
        (to_keras, ot.Momentum(lr=ot.StepDecay()), "the rate is inside the velocity"),
        (to_keras, ot.Adam(lr=ot.StepDecay()), "LearningRateSchedule"),
        (to_keras, ot.AdamUncorrected(), "every Adam there corrects"),
    ],
)
def test_refusals_name_rule_library_and_reason(convert: Any, rule: Any, reason: str) -> None:
    with pytest.raises(NoEquivalent, match=rf"{type(rule).__name__}\([\s\S]* has no exact equivalent in .*{reason}"):
        convert(rule)


def test_momentum_with_the_rate_inside_differs_under_a_schedule() -> None:
    """What the refusal says: Keras's velocity keeps the old rates. Here both rates are cut to a tenth."""
    keras, stepper = Keras(np.ones(1)), ot.Stepper(ot.Momentum(ot.StepDecay(lr=0.1, factor=0.1, every=10), 0.9), [1.0])
    before = 1.0, 1.0
    for k in range(11):
        before = float(keras.theta[0]), float(stepper.theta[0])
        assert before[0] == pytest.approx(before[1], abs=1e-14)
        keras.SGD(np.ones(1), learning_rate=0.1 if k < 10 else 0.01, momentum=0.9)
        stepper.step([1.0])
    ratio = (float(keras.theta[0]) - before[0]) / (float(stepper.theta[0]) - before[1])
    assert ratio > 8  # an old velocity of nearly ten gradients at ten times the rate


def test_schedules_go_to_optax_as_they_are_and_a_note_says_so() -> None:
    schedule = ot.CosineAnnealing(0.1, 0.0, 50)
    call = to_optax(ot.Momentum(schedule, 0.9))
    assert call.arguments["learning_rate"] is schedule
    assert "jax.jit" in call.notes[-1]


@pytest.mark.parametrize("wrong", [ot.Adam, "Adam", None])
def test_what_is_no_rule_is_refused(wrong: Any) -> None:
    for convert in (to_pytorch, to_optax, to_keras):
        with pytest.raises(TypeError, match="rule must be an update rule"):
            convert(wrong)


def test_a_rule_of_ones_own_is_not_in_the_tables() -> None:
    @dataclasses.dataclass(frozen=True)
    class Mine(ot.Adam):
        pass

    for ask in (lambda: to_pytorch(Mine()), lambda: table(Mine), lambda: table("Adam")):  # type: ignore[arg-type]  # as a caller without types might
        with pytest.raises(TypeError, match=r"rule must be one of GradientDescent, .*, which are in the tables, got"):
            ask()


def test_numbers_of_other_kinds_become_floats() -> None:
    name, arguments = to_keras(ot.Momentum(lr=np.float64(0.5), beta=0))
    assert (name, arguments) == ("SGD", {"learning_rate": 0.5, "momentum": 0.0})
    assert {type(value) for value in arguments.values()} == {float}  # Keras refuses an int for its momentum


def test_a_call_is_a_pair_with_notes_that_survive_copies() -> None:
    call = to_pytorch(ot.Nesterov(lr=0.1))
    assert tuple(call) == ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.0, "nesterov": True})
    for other in (copy.deepcopy(call), pickle.loads(pickle.dumps(call))):  # noqa: S301  # our own bytes
        assert (other, other.notes, other.exact) == (call, call.notes, True)
        assert (other.name, other.arguments) == tuple(call)


@every_library
def test_every_rule_is_in_every_table(library: Any) -> None:
    assert set(library.entries) == set(PAPERS) == set(ot.rules.ALL)
    for rule_class, entry in library.entries.items():
        hyper = {field.name for field in dataclasses.fields(rule_class)}
        for way in () if isinstance(entry, str) else entry:
            # Each hyper-parameter either has a name there or is held at the one value that needs none.
            assert set(way.arguments) | set(way.only) == hyper
            assert set(way.via) <= set(way.arguments)


@every_rule
def test_tables_hold_all_that_the_entries_say(rule_class: Any) -> None:
    told = table(rule_class)
    assert told.rule is rule_class
    assert [row.argument for row in told.rows] == list(rule_class.__dataclass_fields__)
    for row in told.rows:
        assert row.symbol == OURS[row.argument]
        assert row.default == getattr(rule_class(), row.argument)
        assert set(row.libraries) <= set(told.calls)
    for library in LIBRARIES:
        assert (library.name in told.calls) is not isinstance(library.entries[rule_class], str)
        assert library.name in told.calls or told.notes[library.name]
    for source in PAPERS[rule_class]:
        assert set(source.symbols) <= set(rule_class.__dataclass_fields__)
        assert {row.argument for row in told.rows if source.source in row.papers} == set(source.symbols)


def test_the_papers_are_in_the_books_bibliography() -> None:
    bibliography = (Path(__file__).parents[1] / "docs" / "references.bib").read_text(encoding="utf-8")
    for paper in {paper.key: paper for papers in PAPERS.values() for paper in papers}.values():
        (entry,) = re.findall(rf"^@\w+\{{{paper.key},$.*?^\}}$", bibliography, re.MULTILINE | re.DOTALL)
        assert paper.source.split()[0].strip(",") in entry
        assert re.search(rf"year\s*=\s*\{{{paper.source[-5:-1]}\}}", entry)


def test_the_table_of_adam() -> None:
    told = table(ot.Adam)
    rows = {row.argument: row for row in told.rows}
    assert told.calls == {"PyTorch": "torch.optim.Adam", "optax": "optax.adam", "Keras": "keras.optimizers.Adam"}
    assert rows["beta1"].libraries == {
        "PyTorch": ("betas[0]", 0.9), "optax": ("b1", 0.9), "Keras": ("beta_1", 0.9),
    }  # fmt: skip
    assert set(rows["eps_root"].libraries) == {"optax"}
    assert rows["eps"].libraries["Keras"] == ("epsilon", 1e-7)
    assert "folded form" in told.notes["Keras"][0] + told.notes["Kingma and Ba (2015)"][0]
