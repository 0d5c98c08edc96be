"""The tables of conventions: their shape, and their refusals."""

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
from optimtext.conventions._papers import OURS, PAPERS
from optimtext.conventions.tables import LIBRARIES

every_rule = pytest.mark.parametrize("rule_class", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)


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
