"""The engine of the playground says of each rule, surface and schedule what the package says."""

import ast
import importlib.util
import json
import random
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import optimtext as ot
from optimtext.emit import GrammarError, engine, source
from optimtext.emit.kinds import ALLOWED, kinds
from optimtext.emit.programs import program

every_rule = pytest.mark.parametrize("cls", ot.rules.ALL, ids=lambda cls: cls.__name__)
every_class = pytest.mark.parametrize(
    "cls", [*ot.rules.ALL, *ot.surfaces.ALL, *ot.schedules.ALL], ids=lambda cls: cls.__name__
)


@pytest.fixture(scope="module")
def told(evaluate: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("engine") / "engine.mjs"
    path.write_text(engine(), encoding="utf-8")
    rng = random.Random(1)  # noqa: S311  # states, no secrets
    rows = [[rng.gauss(0, 1) for _ in range(12)] for _ in range(50)]
    return evaluate(
        f"""
        const {{ rules, surfaces, schedules, allowed, other }} = await import({json.dumps(path.as_uri())});
        const rows = {json.dumps(rows)};
        out.rules = {{}};
        for (const rule of Object.values(rules)) {{
          const count = Object.keys(rule.state).length;
          const answers = rows.flatMap((row) => {{
            const given = [row[0], row[1], Math.abs(row[2]), ...row.slice(3, 3 + count).map((x) => Math.abs(x) % 1)];
            const state = new Float64Array([7, given[0], ...given.slice(3), 7]);
            const ahead = rule.ahead ? [rule.ahead(rule.hyper, state, 1, given[2])] : [];
            const probe = rule.probe ? [rule.probe(rule.hyper, given[0], given[2], ...given.slice(3))] : [];
            rule.move(rule.hyper, state, 1, given[1], given[2]);
            return [JSON.stringify([[7, ...rule.update(rule.hyper, ...given), 7], probe])
              === JSON.stringify([[...state], ahead])];
          }});
          const {{ label, kinds, look, source, hyper }} = rule;
          out.rules[rule.name] = {{ same: answers.every(Boolean), label, kinds, look, source, hyper }};
        }}
        out.surfaces = {{}};
        for (const surface of Object.values(surfaces)) {{
          const into = new Float64Array(2);
          const same = rows.every(([x, y]) => {{
            surface.slopeTo(surface.hyper, x, y, into);
            return surface.slope(surface.hyper, x, y).every((value, i) => Object.is(value, into[i]));
          }});
          out.surfaces[surface.name] = {{ same, quadratic: surface.quadratic, kinds: surface.kinds }};
        }}
        out.schedules = Object.fromEntries(Object.values(schedules).map(({{ name, label, hyper, kinds, peak }}) =>
          [name, {{ label, hyper, kinds, peak }}]));
        Object.assign(out, {{ allowed, other }});
        """
    )


def test_the_engine_has_every_rule_surface_and_schedule_in_order(told: dict[str, Any]) -> None:
    assert list(told["rules"]) == [cls.__name__ for cls in ot.rules.ALL]
    assert list(told["surfaces"]) == [cls.__name__ for cls in ot.surfaces.ALL]
    assert list(told["schedules"]) == [cls.__name__ for cls in ot.schedules.ALL]
    assert told["allowed"] == ALLOWED


@every_rule
def test_a_rule_in_place_is_the_rule_and_touches_nothing_else(cls: Any, told: dict[str, Any]) -> None:
    rule = told["rules"][cls.__name__]
    look = ot.looks.identity(cls)
    assert rule["same"]
    assert rule["label"] == look.label
    assert rule["look"] == {
        "dash": list(look.dash),
        "marker": look.marker,
        "cssColor": f"--rule-{cls.__name__.lower()}",
    }
    assert rule["kinds"] == kinds(cls)
    assert rule["source"] == source(cls)


def test_a_rule_of_ones_own_looks_like_none_of_the_package(told: dict[str, Any]) -> None:
    dash, marker = list(ot.looks.OTHER.dash), ot.looks.OTHER.marker
    assert told["other"] == {
        "label": "own rule",
        "look": {"dash": dash, "marker": marker, "cssColor": "--look-other"},
    }


@pytest.mark.parametrize("cls", ot.surfaces.ALL, ids=lambda cls: cls.__name__)
def test_a_surface_in_place_is_the_surface(cls: Any, told: dict[str, Any]) -> None:
    surface = told["surfaces"][cls.__name__]
    assert surface == {"same": True, "quadratic": hasattr(cls, "hessian"), "kinds": kinds(cls)}


@every_rule
def test_the_source_of_a_rule_is_the_rule(cls: Any, tmp_path: Path) -> None:
    head = "from dataclasses import dataclass\nfrom numpy import abs, maximum, sign, sqrt\n@dataclass\nclass Own:\n"
    text = source(cls)
    assert '"""' not in text
    path = tmp_path / "own.py"
    path.write_text(head + "".join(f"    {line}\n" for line in text.splitlines()), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("own", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rule, own = cls(), module.Own()
    assert [field.name for field in fields(own)] == [field.name for field in fields(rule)]
    theta, grad = np.array([0.5, -2.0]), np.array([0.25, 3.0])
    for name, given in {"probe": (theta, 0.125, 0.1), "update": (theta, grad, 0.125)}.items():
        if hasattr(cls, name):
            for one, other in zip(getattr(own, name)(*given), getattr(rule, name)(*given), strict=True):
                np.testing.assert_array_equal(one, other)


BEYOND = {
    "count": [0, 1.5, -1],
    "share": [0, 1.0001, -0.1],
    "fraction": [-1e-9, 1, 2],
    "positive": [0, -1, float("inf"), float("nan")],
    "non_negative": [-1e-9, float("inf"), float("nan")],
    "finite": [float("inf"), float("nan")],
}
WITHIN: dict[str, list[float]] = {
    "count": [1, 1000],
    "share": [1e-9, 1],
    "fraction": [0, 1 - 1e-9],
    "positive": [1e-300, 1e300],
    "non_negative": [0, 1e300],
    "finite": [-1e300, 0, 1e300],
}


@every_class
def test_what_a_kind_admits_is_what_the_constructor_takes(cls: Any) -> None:
    others = {"lr_min": {"lr_max": 1e301}, "min_lr": {"lr": 1e301}, "lr_max": {"lr_min": 0.0}, "lr": {}}
    for name, kind in kinds(cls).items():
        more = others.get(name, {})
        if name == "lr" and "min_lr" in kinds(cls):
            more = {"min_lr": 0.0}
        for value in WITHIN[kind]:
            assert getattr(cls(**{name: value}, **more), name) == value
        for value in BEYOND[kind]:
            with pytest.raises((TypeError, ValueError), match=f"^{name} must be"):
                cls(**{name: value}, **more)


def test_a_hyper_parameter_of_no_known_kind_is_refused(made: Callable[[str], Any], rule_source: str) -> None:
    check = "\n    def __post_init__(self):\n        if self.lr != 0.1:\n            raise ValueError('lr')\n"
    own = made(rule_source.replace("LINE", "theta = theta - lr * v") + check)
    with pytest.raises(TypeError, match=r"Own.lr takes values of no known kind: count, share"):
        kinds(own)


SCHEDULE = """
import math
from dataclasses import dataclass

@dataclass(frozen=True)
class Own:
    lr: float = 0.1

    def __call__(self, t):
        LINE
        return self.lr
"""
OUTSIDE = [
    "for k in range(t): pass",
    "t, u = divmod(t, 2)",
    "t = t & 1",
    "t = math.sin(t)",
    "t = self.other",
    "t = self.other(t)",
    "t = [t]",
    "t = round(t)",
    "t = halved(t)",
    "t = t > 1 > 0",
    "t = 'a'",
    "t = lambda: t",
    "t = min(t, key=abs)",
    "with t: pass",
]


@pytest.mark.parametrize("line", OUTSIDE)
def test_a_schedule_outside_the_grammar_is_refused_with_its_line(made: Callable[[str], Any], line: str) -> None:
    text = SCHEDULE.replace("LINE", line)
    number = next(i for i, row in enumerate(text.splitlines(), 1) if line in row)
    with pytest.raises(GrammarError) as caught:
        program(made(text))
    assert str(caught.value).startswith(f"own_rule.py, line {number}: `{line}`: ")


COUNTING = """
import math
from dataclasses import dataclass

@dataclass(frozen=True)
class Own:
    lr: float = 0.1

    def __call__(self, t):
        low, high = 1, t
        while low < high:
            low += 3
            high -= t % 2 + t // 7
        if t % 3 == 0:
            low = max(low, t // 4)
        else:
            low *= 2
        if t != 40:
            return low + (high if t > 5 else -high) / 7 + halved(t)
        return self.lr

def halved(t):
    if t <= 1:
        return 0.5 ** t
    return halved(t - 1) / 2 + math.pi
"""


def test_the_translation_of_a_schedule_counts_and_chooses_as_python_does(
    made: Callable[[str], Any], evaluate: Callable[..., dict[str, Any]]
) -> None:
    own = made(COUNTING)
    methods, helpers = program(own)
    assert list(helpers) == ["halved"]
    text = f"{helpers['halved']}\nconst it = {{ {methods[0]} }};\nout.x = [];"
    out = evaluate(f"{text} for (let t = 0; t < 60; t++) out.x.push(it.rate({{ lr: 0.1 }}, t));")
    assert out["x"] == [own()(t) for t in range(60)]


RATES: list[tuple[Any, float]] = [
    (ot.StepDecay(lr=0.3, factor=0.5, every=7), 0.0),
    (ot.StepDecay(lr=0.3, factor=0.7, every=7), 1e-14),
    (ot.ExponentialDecay(lr=0.3, decay=0.99), 1e-13),
    (ot.CosineAnnealing(lr_max=0.3, lr_min=0.01, steps=90), 1e-14),
    (ot.WarmRestarts(lr_max=0.3, lr_min=0.01, steps=10, mult=1), 1e-14),
    (ot.WarmRestarts(lr_max=0.3, lr_min=0.01, steps=10, mult=3), 1e-14),
    (ot.Warmup(steps=17, then=0.3), 0.0),
]


def test_schedules_give_the_rates_of_the_package(
    evaluate: Callable[..., dict[str, Any]], tmp_path: Path, told: dict[str, Any]
) -> None:
    path = tmp_path / "engine.mjs"
    path.write_text(engine([], []), encoding="utf-8")
    losses = [random.Random(k).random() for k in range(300)]  # noqa: S311  # losses, no secrets
    rows = [
        f'bits(steps.map((t) => schedules.{type(s).__name__}.rate({json.dumps(vars(s))}, t)))' for s, _ in RATES
    ]  # fmt: skip
    plateau = ot.ReduceOnPlateau(lr=0.3, factor=0.7, patience=3, min_lr=0.01)
    out = evaluate(f"""
        const {{ schedules }} = await import({json.dumps(path.as_uri())});
        const steps = [...Array(400).keys(), 1e6];
        out.rates = [{', '.join(rows)}];
        const it = schedules.ReduceOnPlateau.follow({json.dumps(vars(plateau))});
        out.followed = bits([it.next().value, ...{json.dumps(losses)}.map((loss) => it.next(loss).value)]);
    """)  # fmt: skip
    steps = [*range(400), 10**6]
    for (schedule, rtol), theirs in zip(RATES, out["rates"], strict=True):
        np.testing.assert_allclose(theirs, [schedule(t) for t in steps], rtol=rtol, atol=0, err_msg=str(schedule))
    feedback = plateau.follow()
    ours = [next(feedback), *(feedback.send(loss) for loss in losses)]
    assert len(set(ours)) > 5
    np.testing.assert_array_equal(out["followed"], ours)
    for cls in ot.schedules.ALL:
        entry = told["schedules"][cls.__name__]
        assert entry["hyper"] == vars(cls())
        assert entry["kinds"] == kinds(cls)
        assert entry["peak"] in entry["hyper"]


def test_the_engine_is_small_and_names_no_place() -> None:
    text = engine()
    assert len(text) < 40_000
    assert ast.literal_eval(text[text.index("allowed = ") + 10 :].split(";", 1)[0]) == ALLOWED
    assert "file:" not in text
    assert str(Path.cwd()) not in text
