"""The driver records and ends a run as `minimize` does."""

from typing import Any

import numpy as np
import pytest

import optimtext as ot

RUN = """
out.runs = data.map((spec) => {
  const r = new Runner(spec);
  r.advance(spec.steps);
  const upTo = (array, each = 1) => bits(array.subarray(0, each * (r.k + 1)));
  return { theta: upTo(r.theta, 2), loss: upTo(r.loss), norm: upTo(r.gradNorm), lr: upTo(r.lr),
    status: r.status, message: r.message };
});
"""
SURFACES = [cls.__name__ for cls in ot.surfaces.ALL if cls is not ot.surfaces.Rastrigin]
# Spec for the page, and rule and problem for Python.
CASES: list[tuple[dict[str, Any], Any, Any]] = [
    *(
        (
            {"rule": cls.__name__, "hyper": {"lr": 1e-3}, "surface": name},
            getattr(ot, cls.__name__)(lr=1e-3),
            getattr(ot.surfaces, name)(),
        )
        for cls in ot.rules.ALL
        for name in SURFACES
    ),
    *(  # those that diverge, each in its own way
        ({"rule": rule, "hyper": {"lr": lr}, "surface": name}, getattr(ot, rule)(lr=lr), getattr(ot.surfaces, name)())
        for rule in ("GradientDescent", "Momentum", "Nesterov")
        for name in ("Bowl", "Saddle", "Rosenbrock", "Beale", "Himmelblau")
        for lr in (0.05, 1.0, 1e3, 1e308)
    ),
    (
        {"rule": "Momentum", "hyper": {"lr": 0.05, "beta": 0.5}, "surface": "Ravine", "surfaceHyper": {"condition": 7}},
        ot.Momentum(lr=0.05, beta=0.5),
        ot.surfaces.Ravine(condition=7),
    ),
    (
        {"rule": "Adam", "surface": {"name": "Quadratic", "hyper": {"a": 1, "b": 2.5, "c": -1}}},
        ot.Adam(),
        ot.surfaces.Quadratic(a=1, b=2.5, c=-1),
    ),
    *(
        (
            {"rule": cls.__name__, "surface": "Beale", "noise": 0.3, "seed": seed},
            cls(),
            ot.surfaces.Noisy(ot.surfaces.Beale(), sigma=0.3, seed=seed),
        )
        for cls in (ot.GradientDescent, ot.Nesterov, ot.Adam)
        for seed in (0, 1, 12345, 4294967295)
    ),
    *(  # the gradient overflows where the loss does not, in one part or only in its norm
        (
            {"rule": "Adam", "surface": "Bowl", "noise": 1.3e308, "seed": seed},
            ot.Adam(),
            ot.surfaces.Noisy(ot.surfaces.Bowl(), sigma=1.3e308, seed=seed),
        )
        for seed in range(12)
    ),
]


def scheduled(spec: Any, rate: Any, rule: str = "Momentum", surface: str = "Ravine") -> tuple[dict[str, Any], Any, Any]:
    told = {"rule": rule, "hyper": {"lr": 0.02}, "surface": surface, "schedule": spec}
    return told, getattr(ot, rule)(lr=rate), getattr(ot.surfaces, surface)()


EXACT = [
    scheduled({"name": "StepDecay", "hyper": {"every": 20}}, ot.StepDecay(lr=0.02, every=20)),
    scheduled({"name": "Warmup", "hyper": {"steps": 30}}, ot.Warmup(steps=30, then=0.02)),
    scheduled(
        {"name": "Warmup", "hyper": {"steps": 30, "then": {"name": "StepDecay", "hyper": {"every": 7}}}},
        ot.Warmup(steps=30, then=ot.StepDecay(lr=0.02, every=7)),
        "Adam",
    ),
    scheduled(
        {"name": "ReduceOnPlateau", "hyper": {"patience": 3, "factor": 0.7, "min_lr": 1e-3}},
        ot.ReduceOnPlateau(lr=0.02, patience=3, factor=0.7, min_lr=1e-3),
        "Lion",
        "Himmelblau",
    ),
    scheduled("ReduceOnPlateau", ot.ReduceOnPlateau(lr=0.02), "Nesterov", "Beale"),
]
ROUNDED = [  # a power or a cosine takes part
    scheduled({"name": "StepDecay", "hyper": {"factor": 0.7}}, ot.StepDecay(lr=0.02, factor=0.7)),
    scheduled("ExponentialDecay", ot.ExponentialDecay(lr=0.02)),
    scheduled({"name": "CosineAnnealing", "hyper": {"steps": 90}}, ot.CosineAnnealing(lr_max=0.02, steps=90), "Adam"),
    scheduled({"name": "WarmRestarts", "hyper": {"steps": 20}}, ot.WarmRestarts(lr_max=0.02, steps=20)),
    scheduled(
        {"name": "WarmRestarts", "hyper": {"steps": 20, "mult": 1}}, ot.WarmRestarts(lr_max=0.02, steps=20, mult=1)
    ),
]
STEPS = 150


@pytest.fixture(scope="module")
def runs(node: Any) -> Any:
    specs = [{**spec, "steps": STEPS} for spec, _, _ in [*CASES, *EXACT, *ROUNDED]]
    return node(RUN, specs, Runner="driver.js")["runs"]


def same_ending(ours: Any, theirs: dict[str, Any]) -> None:
    assert theirs["status"] == ours.reason.value
    assert theirs["message"] == ours.message


def test_runs_agree_to_the_last_bit_and_end_with_the_same_words(runs: Any, assert_same_bits: Any) -> None:
    reasons = set()
    for (spec, rule, problem), theirs in zip([*CASES, *EXACT], runs, strict=False):
        start = getattr(problem, "surface", problem).start
        ours = ot.minimize(problem, start, rule, max_steps=STEPS)
        try:
            assert_same_bits(ours.trace.theta, theirs["theta"])
            assert_same_bits(ours.trace.loss, theirs["loss"])
            assert_same_bits(ours.trace.lr, theirs["lr"])
            same_ending(ours, theirs)
            # The norm is one root of a sum in both, rounded by different hands.
            np.testing.assert_allclose(theirs["norm"], ours.trace.grad_norm, rtol=4e-16)
        except AssertionError as error:
            raise AssertionError(f"{spec}: {error}") from None
        reasons.add(ours.message.split(": ")[1].split(" became")[0])
    assert reasons == {"max_steps reached", "the loss", "the gradient", "a parameter"}


def test_rates_with_a_power_or_a_cosine_agree_to_rounding(runs: Any) -> None:
    for (spec, rule, problem), theirs in zip(ROUNDED, runs[-len(ROUNDED) :], strict=True):
        ours = ot.minimize(problem, problem.start, rule, max_steps=STEPS)
        np.testing.assert_allclose(theirs["lr"], ours.trace.lr, rtol=1e-14, atol=1e-17, err_msg=str(spec))
        np.testing.assert_allclose(theirs["theta"].reshape(-1, 2), ours.trace.theta, rtol=1e-12, atol=1e-13)
        same_ending(ours, theirs)


def test_a_run_of_no_steps_and_one_that_is_let_go_on(node: Any) -> None:
    out = node(
        """
        const short = new Runner({ rule: "Adam", surface: "Bowl", steps: 0 });
        out.ended = [short.k, short.status, short.message, short.step()];
        short.extend(5000);
        short.advance(1e9);
        const whole = new Runner({ rule: "Adam", surface: "Bowl", steps: 5000 });
        whole.advance(1e9);
        out.same = [short.k, short.message === whole.message,
          short.theta.subarray(0, 10002).every((x, i) => Object.is(x, whole.theta[i]))];
        """,
        Runner="driver.js",
    )
    assert out["ended"] == [0, "max_steps", "stopped at step 0: max_steps reached", False]
    assert out["same"] == [5000, True, True]


def test_the_inspector_shows_what_the_stepper_has(node: Any) -> None:
    spec = {"rule": "Adam", "hyper": {"lr": 0.1}, "surface": "Ravine", "steps": 6}
    body = "const r = new Runner(data); r.advance(6); out.seen = [...Array(7).keys()].map((k) => r.inspect(k)); "
    out = node(body + "out.run = run(data);", spec, **{"Runner, run": "driver.js"})
    ravine = ot.surfaces.Ravine()
    stepper = ot.Stepper(ot.Adam(lr=0.1), ravine.start)
    for k, seen in enumerate(out["seen"]):
        theta, grad = stepper.theta.copy(), ravine.gradient(stepper.theta)
        slots = dict(zip(("m", "v", "p1", "p2"), (np.broadcast_to(s, 2).tolist() for s in stepper._slots), strict=True))
        assert seen["theta"] == theta.tolist() == out["run"]["theta"][k]
        assert seen["grad"] == grad.tolist()
        assert seen["slots"] == slots == out["run"]["states"][k]
        stepper.step(grad)
        np.testing.assert_allclose(seen["step"], stepper.theta - theta, rtol=1e-14)
        np.testing.assert_allclose(seen["effective"], -(stepper.theta - theta) / grad, rtol=1e-14)


WRONG: dict[str, dict[str, Any]] = {
    'rule must be one of GradientDescent, Momentum, .*, Lion, got "SGD"': {"rule": "SGD"},
    "rule must be one of .*, got undefined": {"rule": None, "drop": "rule"},
    'rule must be one of .*, got "constructor"': {"rule": "constructor"},
    "lr must be positive and finite, got 0": {"hyper": {"lr": 0}},
    'lr must be positive and finite, got "0.1"': {"hyper": {"lr": "0.1"}},
    r"beta1 must be in \[0, 1\), got 1": {"hyper": {"beta1": 1}},
    "eps must be non-negative and finite, got -1": {"hyper": {"eps": -1}},
    r"Adam has no argument warm \(got warm=3\); allowed are lr, beta1, beta2, eps, eps_root": {"hyper": {"warm": 3}},
    r"hyper must be an object of numbers, got \[1\]": {"hyper": [1]},
    "surface must be one of Bowl, .*, Quadratic, got 3": {"surface": 3},
    "condition must be positive and finite, got -1": {"surfaceHyper": {"condition": -1}},
    r"start must be two finite numbers \[x, y\], got \[1\]": {"start": [1]},
    'start must be two finite numbers .*, got "ab"': {"start": "ab"},
    "steps must be an integer from 0 to 1000000, got 1.5": {"steps": 1.5},
    "noise must be non-negative and finite, got -1": {"noise": -1},
    "seed must be an integer from 0 to 4294967295, got -1": {"seed": -1},
    'schedule must be one of StepDecay, .*, got "Sine"': {"schedule": "Sine"},
    "every must be an integer of at least 1, got 1.5": {"schedule": {"name": "StepDecay", "hyper": {"every": 1.5}}},
    "lr_min must not exceed lr_max = 0.1, got 1": {"schedule": {"name": "CosineAnnealing", "hyper": {"lr_min": 1}}},
    "min_lr must not exceed lr = 0.1, got 1": {"schedule": {"name": "ReduceOnPlateau", "hyper": {"min_lr": 1}}},
    "then must be .*, got .*ReduceOnPlateau": {
        "schedule": {"name": "Warmup", "hyper": {"then": {"name": "ReduceOnPlateau"}}}
    },
}


def test_every_refusal_names_argument_value_and_what_is_allowed(node: Any) -> None:
    good = {"rule": "Adam", "hyper": {"lr": 0.1}, "surface": "Ravine", "steps": 3}
    cases = [{**good, **wrong} for wrong in WRONG.values()]
    body = """
    const without = ({ drop, ...spec }) => ({ ...spec, ...(drop ? { [drop]: undefined } : {}) });
    out.said = data.map((spec) => thrown(() => new Runner(without(spec))));
    """
    said = node(body, cases, Runner="driver.js")["said"]
    for pattern, message in zip(WRONG, said, strict=True):
        assert message is not None, pattern
        with pytest.raises(ValueError, match=f"^{pattern}"):
            raise ValueError(message)
