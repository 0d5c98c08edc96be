"""Theory in the page comes from the rule's own step and agrees with the closed forms of the package."""

from typing import Any

import numpy as np
import pytest

import optimtext as ot

THEORY = "limit, contraction, curvatures, facts, spectralRadius, stepMatrix"
CURVATURES = [[1.0, 50.0], [4.0, 4.0], [0.02, 3.0], [1e-3, 1e3], [7.0]]
BETAS = [0.0, 0.3, 0.5, 0.9, 0.99]
LINEAR = [(name, beta) for name in ("GradientDescent", "Momentum", "Nesterov") for beta in BETAS]
FORMULAS = {"GradientDescent": "2/L", "Momentum": "2(1 + β)/L", "Nesterov": "2(1 + β)/((1 + 2β)L)"}


def hyper(name: str, beta: float, **more: float) -> dict[str, float]:
    return more if name == "GradientDescent" else {"beta": beta, **more}


def test_limits_are_those_of_the_package(node: Any) -> None:
    cases = [(name, beta, values) for name, beta in LINEAR for values in CURVATURES]
    specs = [{"rule": n, "hyper": hyper(n, b), "curvatures": values} for n, b, values in cases]
    for (name, beta, values), told in zip(
        cases, node("out.told = data.map(limit);", specs, limit="theory.js")["told"], strict=True
    ):
        ours = ot.theory.stability_limit(getattr(ot, name)(**hyper(name, beta)), values)
        assert told["limit"] == pytest.approx(ours, rel=1e-9), (name, beta, values)
        assert told["linear"]
        assert told["formula"] == (FORMULAS[name] if beta else "2/L")


def test_contractions_are_those_of_the_package(node: Any) -> None:
    cases = [
        (name, beta, values, share * ot.theory.stability_limit(getattr(ot, name)(**hyper(name, beta)), values))
        for name, beta in LINEAR
        for values in CURVATURES
        for share in (0.01, 0.3, 0.9, 1.1)
    ]
    specs = [{"rule": n, "hyper": hyper(n, b, lr=lr), "curvatures": values} for n, b, values, lr in cases]
    told = node("out.told = data.map(contraction);", specs, contraction="theory.js")["told"]
    for (name, beta, values, lr), theirs in zip(cases, told, strict=True):
        ours = ot.theory.contraction(getattr(ot, name)(**hyper(name, beta, lr=lr)), values)
        # Where both roots of the matrix meet, the last digits of it are worth half as many of the root.
        assert theirs["contraction"] == pytest.approx(ours, rel=2e-8), (name, beta, values, lr)


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Nesterov"])
def test_at_the_best_constants_the_contraction_is_the_best_one(node: Any, name: str) -> None:
    best = ot.theory.optimal(getattr(ot, name), [1.0, 50.0])
    spec = {"rule": name, "hyper": hyper(name, getattr(best, "beta", 0.0), lr=best.lr), "curvatures": [1, 50]}
    told = node("out.told = contraction(data);", spec, contraction="theory.js")["told"]
    assert told["contraction"] == pytest.approx(ot.theory.contraction(best, [1.0, 50.0]), rel=1e-7)


def test_a_rule_that_is_not_linear_says_so(node: Any) -> None:
    adaptive = [cls.__name__ for cls in ot.rules.ALL if cls.__name__ not in FORMULAS]
    specs = [{"rule": name, "hyper": {}, "curvatures": [1, 50]} for name in adaptive]
    for told in node(
        "out.told = data.flatMap((s) => [limit(s), contraction(s)]);", specs, **{"limit, contraction": "theory.js"}
    )["told"]:
        assert told["linear"] is False
        assert told["why"] == "its step is no linear function of the gradients"


OWN = {
    # text: factor of the limit, in units of 1 / L
    "theta = theta - lr * grad": 2.0,
    "theta = theta - 0.5 * lr * grad": 4.0,
    # the averaged form of momentum, beta = 0.9, with bias correction, a counter and a sum that nothing feels
    "lr: float = 0.1\nbeta: float = 0.9\n\n"
    "def update(self, theta, grad, lr, m=0.0, p=1.0, n=0.0, s=0.0):\n    p = p * self.beta\n"
    "    n = n + 1\n    s = s + grad\n    m = self.beta * m + (1 - self.beta) * grad\n"
    "    theta = theta - lr * m / (1 - p)\n    return theta, m, p, n, s": 2 * 1.9 / 0.1,
    # two averages in a row: z³ + (k - 2.1) z² + 1.4 z - 0.3 with k = lr L is stable, by Jury's criterion, iff k < 7/15
    "a = 0.5 * a + grad\nb = 0.6 * b + a\ntheta = theta - lr * b": 7 / 15,
}


def test_a_rule_of_the_readers_own_has_its_limit_too(node: Any) -> None:
    body = "out.told = data.map((text) => limit({ rule: ownRule(text), hyper: {}, curvatures: [1, 50] }));"
    told = node(body, list(OWN), ownRule="machine.js", limit="theory.js")["told"]
    for (text, factor), theirs in zip(OWN.items(), told, strict=True):
        assert theirs["limit"] == pytest.approx(factor / 50, rel=1e-9), text
    assert told[0]["formula"] == "2/L"


def test_a_rule_whose_factors_never_settle_says_so(node: Any) -> None:
    text = "n = n + 1\ntheta = theta - lr * grad / n"
    body = "out.told = limit({ rule: ownRule(data), hyper: {}, curvatures: [1] });"
    told = node(body, text, ownRule="machine.js", limit="theory.js")["told"]
    assert (told["linear"], told["why"]) == (False, "its factors go on changing from step to step")


def test_a_negative_curvature_leaves_no_stable_rate(node: Any) -> None:
    body = "out.told = limit({ rule: 'Momentum', hyper: {}, curvatures: [-1, 1] });"
    told = node(body, limit="theory.js")["told"]
    assert told["limit"] == 0
    assert "negative curvature" in told["why"]


@pytest.mark.parametrize("values", [[0.0, 0.0], [0.0, 4.0], [1e-310, 1e-300], [1e300, 1e307]])
def test_flat_tiny_and_huge_curvatures_end_the_search(node: Any, values: list[float]) -> None:
    body = "out.told = limit({ rule: 'GradientDescent', hyper: {}, curvatures: data }).limit * Math.max(...data);"
    told = node(body, values, limit="theory.js")["told"]
    assert told == (None if max(values) == 0 else pytest.approx(2, rel=1e-9))  # infinity times zero is no number


def test_curvatures_are_the_eigenvalues_of_the_hessian(node: Any) -> None:
    rng = np.random.default_rng(0)
    numbers = [*rng.normal(size=(200, 3)).tolist(), [2.0, 1.0, 0.5], [1.0, 0.0, 3.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    body = """
    out.q = data.map(([a, b, c]) => [curvatures, facts].map((told) => told(surfaces.Quadratic, { a, b, c })));
    out.named = ["Bowl", "Ravine", "Saddle", "Rosenbrock"].map((n) => curvatures(surfaces[n], surfaces[n].hyper));
    """
    out = node(body, numbers, **{"curvatures, facts": "theory.js", "surfaces": "engine.js"})
    for (a, b, c), (theirs, facts) in zip(numbers, out["q"], strict=True):
        surface = ot.surfaces.Quadratic(a, b, c)
        np.testing.assert_allclose(theirs, np.linalg.eigvalsh(surface.hessian()), rtol=1e-12, atol=1e-15)
        assert facts["minimizers"] == surface.minimizers.tolist()
        assert facts["minimum"] == (0 if surface.minimum == 0 else None)  # JSON has no infinity
    assert out["named"] == [[4, 4], [1, 50], [-1, 1], None]


def test_the_spectral_radius_is_the_largest_eigenvalue(node: Any) -> None:
    rng = np.random.default_rng(1)
    matrices = [rng.normal(size=(n, n)) for n in (1, 2, 3, 4, 5) for _ in range(20)]
    nilpotent = np.diag([1.0, 1.0], 1)
    told = node(
        "out.r = data.map(spectralRadius);", [m.tolist() for m in [*matrices, nilpotent]], spectralRadius="theory.js"
    )["r"]
    for matrix, theirs in zip(matrices, told, strict=False):
        assert theirs == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-9)
    assert told[-1] == 0


# What a student sees: a spec, the number of steps, and how the sentence goes.
GD, TEN = "GradientDescent", {"condition": 10}
SAID = [
    ((GD, 0.21, "Ravine", TEN), 3, "unstable", "lr 0.21 is above 2/L = 0.2, so it swings out"),
    ((GD, 0.21, "Ravine", TEN), 99, "diverged", "diverged at step 12: lr 0.21 is above 2/L = 0.2."),
    ((GD, 0.2, "Ravine", TEN), 99, "unstable", "lr is at or above 2/L = 0.2, so it swings for ever"),
    (("Momentum", 0.077, "Ravine", None), 99, "diverged", "lr 0.077 is above 2(1 + β)/L = 0.076."),
    (("Nesterov", 0.03, "Ravine", None), 99, "diverged", "lr 0.03 is above 2(1 + β)/((1 + 2β)L) = 0.0271."),
    ((GD, 1.0, "Bowl", None), 99, "diverged", "diverged at step 1: lr 1 is above 2/L = 0.5."),
    ((GD, 1.0, "Bowl", None), 2000, "diverged", "diverged at step 1: lr 1 is above 2/L = 0.5."),
    ((GD, 0.19, "Ravine", TEN), 99, "converged", "converged in 61 steps"),
    (("Adam", 0.1, "Bowl", None), 300, "converged", "converged in 122 steps"),
    ((GD, 0.01, "Ravine", None), 5, "ended", "by theory the distance shrinks by a factor of 0.99 a step"),
    ((GD, 0.1, "Saddle", None), 99, "escaped", "escaped at step 88"),
    (("Adam", 0.1, "Saddle", None), 99, "escaped", "escaped at step 36"),
    ((GD, 0.1, "Saddle", None), 9, "ended", "still near the saddle"),
    ((GD, 0.01, "Rosenbrock", None), 3, "diverged", "diverged at step 2: far outside the window"),
    ((GD, 0.01, "Rosenbrock", None), 99, "diverged", "over: the loss became inf"),
    (("Adam", 0.02, "Rastrigin", None), 2000, "rest", "at rest at (-2.98, 2.98), where the slope vanishes"),
    (("Lion", 0.07, "Bowl", None), 300, "hovering", "its steps are too long to come closer"),
]  # fmt: skip


def test_the_sentence_says_what_happened(node: Any) -> None:
    specs = [
        {"rule": rule, "hyper": {"lr": lr}, "surface": surface, "surfaceHyper": more, "steps": steps}
        for (rule, lr, surface, more), steps, _, _ in SAID
    ]
    body = "out.said = data.map((s) => { const r = new Runner(s); r.advance(s.steps); return verdict(r); });"
    for (spec, steps, kind, text), said in zip(
        SAID, node(body, specs, verdict="theory.js", Runner="driver.js")["said"], strict=True
    ):
        assert said["kind"] == kind, (spec, steps, said)
        assert text in said["text"], (spec, steps, said)


@pytest.mark.parametrize("rule", [cls.__name__ for cls in ot.rules.ALL])
def test_on_the_ridge_every_rule_is_stuck_and_none_converges(node: Any, rule: str) -> None:
    spec = {"rule": rule, "hyper": {"lr": 0.1}, "surface": "Saddle", "start": [-1.5, 0], "steps": 500}
    body = """
    const r = new Runner(data);
    out.kinds = [verdict(r).kind];
    while (r.step()) out.kinds.push(verdict(r).kind);
    out.text = verdict(r).text;
    """
    out = node(body, spec, verdict="theory.js", Runner="driver.js")
    assert set(out["kinds"]) == {"stuck"}
    assert out["text"] == "stuck: the gradient across the ridge is exactly zero, so no step ever leaves it."


def test_noise_and_schedules_are_told_from_theory(node: Any) -> None:
    bowl = {"rule": "GradientDescent", "hyper": {"lr": 0.2}, "surface": "Bowl", "steps": 300}
    specs = [
        {**bowl, "noise": 1.0, "seed": 3},
        {**bowl, "hyper": {"lr": 0.01}, "schedule": {"name": "CosineAnnealing", "hyper": {"steps": 20}}},
        {**bowl, "start": [0, 0]},
    ]
    body = "out.said = data.map((s) => { const r = new Runner(s); r.advance(s.steps); return verdict(r).text; });"
    noisy, still, there = node(body, specs, verdict="theory.js", Runner="driver.js")["said"]
    assert "the noise of the gradients keeps it in motion" in noisy
    assert still.startswith("stands still: the schedule has taken lr to zero")
    assert there == "it starts at the lowest point, where every slope is zero."
