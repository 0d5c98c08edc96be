"""An address holds the whole state, and nothing that an address holds can break or script a page."""

import importlib.util
import json
import math
import random
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import optimtext as ot

spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
assert spec is not None
assert spec.loader is not None
hostile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hostile)

STATE = {"defaults, encode, decode, specs": "state.js"}
OWN = "v = self.beta * v + grad  # <b>é & ü</b>, 100 %\ntheta = theta - lr * v / (1 + self.eps)\n"
FRACTIONS = {"beta", "beta1", "beta2", "gamma", "factor", "decay"}
PEAKS = {"lr", "lr_max", "then"}  # of a schedule: the rate of each rule, which is no part of the schedule's own state


def some_number(rng: random.Random, name: str) -> float:
    if name in {"every", "steps", "mult", "patience"}:
        return rng.randrange(1, 1000)
    if name in {"lr_min", "min_lr"}:
        return rng.choice([0, rng.random() * 1e-6])
    low: float = rng.choice([rng.random(), 10.0 ** rng.uniform(-12, -0.001), 0.5])
    return low if name in FRACTIONS else low * rng.choice([1, 7, 1e3])


def some_hyper(rng: random.Random, cls: Any, left_out: set[str]) -> dict[str, float]:
    return {field.name: some_number(rng, field.name) for field in fields(cls) if field.name not in left_out}


def some_state(rng: random.Random) -> dict[str, Any]:
    surface: Any = rng.choice(ot.surfaces.ALL)
    rules = [
        {"name": cls.__name__, "hyper": {"lr": 10 ** rng.uniform(-5, 1), **some_hyper(rng, cls, {"lr"})}}
        for cls in rng.sample(ot.rules.ALL, rng.randrange(1, 7))
    ]
    own = rng.choice(["", OWN])
    if own:
        hyper = {"lr": 0.25, "beta": -1.5, "eps": rng.random()}
        rules.insert(rng.randrange(len(rules) + 1), {"name": "Own", "hyper": hyper})
    schedule: Any = rng.choice(ot.schedules.ALL)
    constant = {"name": "Constant", "hyper": {}}
    return {
        "surface": surface.__name__,
        "surfaceHyper": {} if surface is ot.surfaces.Saddle else some_hyper(rng, surface, set()),
        "start": [rng.choice([-1, 1]) * 10 ** rng.uniform(-9, 5), rng.choice([0.0, -0.0, rng.gauss(0, 1)])],
        "rules": rules,
        "own": own,
        "schedule": rng.choice([constant, {"name": schedule.__name__, "hyper": some_hyper(rng, schedule, PEAKS)}]),
        "noise": rng.choice([0, rng.random()]),
        "seed": rng.randrange(2**32),
        "steps": rng.randrange(1, 20_001),
        "view": rng.choice(["map", "basin"]),
        "basin": rng.choice(rules)["name"],
        "speed": rng.choice([1, 20, 59.94, 1000]),
        "preset": rng.choice(["", "saddle-on-the-ridge"]),
        "lock": rng.choice([[], ["lr", "rules", "beta1"]]),
        "hide": rng.choice([True, False]),
    }


def test_random_states_encode_and_decode_to_themselves(node: Any) -> None:
    rng = random.Random(3)  # noqa: S311  # states, no secrets
    states = [some_state(rng) for _ in range(300)]
    body = """
    out.back = data.map((state) => decode("#" + encode(state)));
    out.negative = data.map((state) => Object.is(decode(encode(state)).state.start[1], -0));
    const usual = defaults();
    out.defaults = [encode(usual), JSON.stringify(decode(encode(usual)).state) === JSON.stringify(usual)];
    """
    out = node(body, states, **STATE)
    for state, back, negative in zip(states, out["back"], out["negative"], strict=True):
        assert back["notes"] == []
        assert back["state"] == state
        assert negative == (state["start"][1] == 0 and math.copysign(1, state["start"][1]) < 0)
    assert out["defaults"][1]
    assert out["defaults"][0].startswith(
        "v=1&surface=Ravine&surface.condition=50&start=-4.5,1&rule=GradientDescent,lr:"
    )


def test_hostile_addresses_fall_back_with_notes_and_can_still_be_run(node: Any) -> None:
    corpus = hostile.corpus()
    assert len(set(corpus)) >= 400
    body = """
    const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
    out.answers = data.map((text) => {
      const { state, notes } = decode(text);
      const again = decode(encode(state));
      const messages = specs({ ...state, steps: Math.min(state.steps, 20) }).map(({ spec }) => run(spec).message);
      return { state, notes, stable: JSON.stringify(again.state) === JSON.stringify(state), messages };
    });
    out.odd = [undefined, null, 3, {}, [], Symbol.iterator, () => 1].map((x) => decode(x).notes.length);
    out.clean = before === JSON.stringify(Object.getOwnPropertyNames(Object.prototype)) && ({}).hit === undefined;
    out.usual = defaults();
    """
    out = node(body, corpus, run="driver.js", **STATE)
    assert out["clean"]
    assert out["odd"] == [0] * 7
    for text, answer in zip(corpus, out["answers"], strict=True):
        state, notes = answer["state"], answer["notes"]
        assert answer["stable"], text
        assert len(notes) <= 20, text
        assert all(isinstance(note, str) and 0 < len(note) < 500 for note in notes), (text, notes)
        assert set(state) == set(out["usual"])
        assert 1 <= len(state["rules"]) == len(answer["messages"]) <= 8
        kept = json.dumps({name: value for name, value in state.items() if name != "own"})
        assert "<" not in kept, text  # the reader's rule is the only free text
        assert "hit" not in kept, text
        if not text.startswith("v=1&") or text == "v=1&v=2":
            assert state == out["usual"], text
    assert sum(bool(answer["notes"]) for answer in out["answers"]) > 0.9 * len(corpus)


@pytest.mark.parametrize("code", hostile.CODE)
def test_code_in_an_address_becomes_no_rule(node: Any, code: str) -> None:
    body = "const got = decode('v=1&rule=Own&own=' + encodeURIComponent(data)); out.got = [got.state.rules, got.notes];"
    rules, notes = node(body, code, **STATE)["got"]
    assert "Own" not in [rule["name"] for rule in rules]
    assert notes


WRONG = {
    "surface=Hill": "surface must be one of Bowl,",
    "start=1": "start must be two numbers within ±1000000",
    "rule=SGD": "rule must be one of GradientDescent,",
    "rule=Adam,lr:-1": 'lr of Adam must be positive and finite, got "-1"; 0.001 is used',
    "rule=Adam,warm:1": 'Adam has no "warm"',
    "rule=Adam&rule=Adam": "Adam stands twice; the first one is used",
    "schedule=StepDecay,every:1.5": 'every of StepDecay must be an integer of at least 1, got "1.5"; 10 is used',
    "rule=Adam,lr:0.1&schedule=CosineAnnealing,lr_min:1": "exceed lr_max = 0.1, got 1; the rate stays constant",
    "seed=1&seed=2": 'seed must be a whole number from 0 to 4294967295, got ["1","2"]',
    "steps=0": "steps must be a whole number from 1 to 20000",
    "lock=lr,everything": "lock must be of surface,",
    "hide=yes": "hide must be 0 or 1",
    "fast=1": '"fast" means nothing here and was left out',
}


def test_each_note_names_what_is_wrong_and_what_is_used(node: Any) -> None:
    out = node("out.notes = data.map((text) => decode('v=1&' + text).notes);", list(WRONG), **STATE)
    for (text, sentence), notes in zip(WRONG.items(), out["notes"], strict=True):
        assert len(notes) == 1, (text, notes)
        assert sentence in notes[0], (text, notes)


def test_an_assignment_fixes_controls_and_hides_its_answer(node: Any) -> None:
    out = node("out.got = decode(data);", "v=1&preset=ravine&lock=lr,rules&hide=1", **STATE)["got"]
    assert out["notes"] == []
    assert (out["state"]["preset"], out["state"]["lock"], out["state"]["hide"]) == ("ravine", ["lr", "rules"], True)
