"""What the maker of a run has in mind, and how such a run is drawn: good ones, and each way to go wrong."""

from dataclasses import replace
from typing import Any

import numpy as np

from optimtext.diagnosis.exam.recipe import Recipe


def choose(rng: np.random.Generator, *options: Any) -> Any:
    """Return one of the options, each as likely."""
    return options[int(rng.integers(len(options)))]


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _good(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = choose(rng, "gd", "momentum", "nesterov", "adam", "adam", "rmsprop")
    rates = {"gd": (0.2, 0.8), "momentum": (0.05, 0.3), "nesterov": (0.05, 0.2)}.get(rule, (0.01, 0.05))
    beta = float(choose(rng, 0.5, 0.8, 0.9))
    return replace(recipe, rule=rule, rate=_log_uniform(rng, *rates), beta=beta)


def _full(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(choose(rng, 40, 60, 100, 200, 300)))


def _long(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(choose(rng, 800, 1500, 2500)), every=int(choose(rng, 2, 5)))


def _batches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    good = _good(recipe, rng)
    steps, batch = int(choose(rng, 100, 200, 400, 800)), int(choose(rng, 16, 32, 64))
    every = int(choose(rng, 1, 1, 2, 0))
    return replace(good, rate=0.5 * good.rate, steps=steps if every else 500 + 2 * steps, batch=batch, every=every)


def _scheduled(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.7 else _full(recipe, rng)
    name = choose(rng, "step", "cosine", "cosine", "warmup", "exponential")
    period = {"step": base.steps // 3, "cosine": base.steps, "warmup": base.steps // 10, "exponential": base.steps // 2}
    return replace(base, rate=1.5 * base.rate, schedule=name, period=max(1, period[name]))


def _restarts(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else replace(_full(recipe, rng), steps=420)
    return replace(base, schedule="restarts", period=base.steps // int(choose(rng, 3, 5, 7)))


def _bump(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    # A validation loss that falls, rises for a while, and falls again.
    rule = choose(rng, "gd", "momentum")
    variant = {"n_train": 60, "junk": int(choose(rng, 10, 20, 30)), "slow": float(choose(rng, 0.05, 0.1, 0.2))}
    rate = {"gd": 0.5, "momentum": 0.1}[rule]
    return replace(recipe, rule=rule, rate=rate, steps=int(choose(rng, 500, 1000, 2000)), every=4, variant=variant)


def _tiny(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else _full(recipe, rng)
    rate = _log_uniform(rng, 1e-7, 1e-5)
    return replace(base, rate=rate, rule=base.rule if base.rule != "rmsprop" else "adam")


def _dead(recipe: Recipe, rng: np.random.Generator) -> Recipe | None:
    return replace(_full(recipe, rng), start="dead") if recipe.model in ("mlp", "mlp_many") else None


def _small(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.4 else _full(recipe, rng)
    rule = choose(rng, "gd", "momentum", "adam", "adagrad")
    rates = {"gd": (0.0005, 0.02), "momentum": (0.0001, 0.003)}.get(rule, (1e-4, 2e-3))
    return replace(base, rule=rule, rate=_log_uniform(rng, *rates))


def _big(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.4 else _full(recipe, rng)
    rule = choose(rng, "gd", "momentum", "nesterov")
    limit = {"gd": 1.0, "momentum": 1 + base.beta, "nesterov": (1 + base.beta) / (1 + 2 * base.beta)}[rule]
    return replace(base, rule=rule, rate=limit * _log_uniform(rng, 1.05, 8.0))


def _edge(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = choose(rng, "gd", "momentum", "momentum", "momentum", "momentum", "nesterov", "adam")
    beta = float(choose(rng, 0.99, 0.995, 0.998, 0.999))
    rates = {"gd": (1.0, 3.0), "momentum": (0.01, 1.0), "nesterov": (0.3, 0.95)}.get(rule, (0.3, 3.0))
    batch, steps = int(choose(rng, 0, 0, 0, 64)), int(choose(rng, 60, 100, 150, 200))
    return replace(recipe, rule=rule, beta=beta, rate=_log_uniform(rng, *rates), steps=steps, batch=batch)


def _noisy(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = choose(rng, "gd", "momentum", "adam")
    rates = (1e-4, 0.01) if rule != "adam" else (1e-5, 1e-3)
    steps, batch = int(choose(rng, 40, 80, 150)), int(choose(rng, 1, 1, 2, 4))
    return replace(recipe, rule=rule, rate=_log_uniform(rng, *rates), steps=steps, batch=batch)


def _overfit(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _good(recipe, rng)
    variant = {"n_train": int(choose(rng, 30, 45, 60)), "noise": float(choose(rng, 0.0, 0.15, 0.3))}
    batch, steps = int(choose(rng, 0, 0, 8)), int(choose(rng, 400, 800, 1500))
    return replace(base, steps=steps, batch=batch, every=int(choose(rng, 1, 2, 4)), variant=variant)


def _weak(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = replace(_full(recipe, rng), steps=int(choose(rng, 100, 200, 400)), batch=int(choose(rng, 0, 0, 32)))
    if rng.random() < 0.4:  # a decay of the weights that leaves them no room
        decay = _log_uniform(rng, 0.5, 3.0)
        return replace(base, rule="adamw", rate=_log_uniform(rng, 0.02, 0.1), decay=decay, batch=0)
    return replace(base, variant={"weak": float(rng.uniform(0.1, 0.5))})


def _decay(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else _full(recipe, rng)
    name = choose(rng, "exponential", "step", "cosine")
    return replace(base, schedule=name, rate=0.2 * base.rate, period=max(2, base.steps // int(choose(rng, 12, 20, 30))))


def _saddle(recipe: Recipe, rng: np.random.Generator) -> Recipe | None:
    if not recipe.model.startswith("mlp"):
        return None
    base = _full(recipe, rng)
    rule = choose(rng, "gd", "momentum")
    return replace(base, rule=rule, rate=0.3 if rule == "gd" else 0.03, start="flat", steps=int(choose(rng, 300, 600)))


def _bad_batches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng)
    base = replace(base, every=1, steps=min(base.steps, 400))
    # A spoiled piece of a file: several batches in a row.
    length = int(choose(rng, 2, 3, 5))
    places = sorted({t + k for t in _places(base.steps, rng) for k in range(length)})
    return replace(base, glitches=tuple(places), glitch=0.0)


def _glitches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _full(recipe, rng) if rng.random() < 0.4 else replace(_batches(recipe, rng), every=1)
    base = replace(base, steps=int(choose(rng, 200, 400)))
    return replace(base, glitches=_places(base.steps, rng), glitch=_log_uniform(rng, 20, 300))


def _places(steps: int, rng: np.random.Generator) -> tuple[int, ...]:
    count = int(rng.integers(1, 5))
    return tuple(sorted(int(t) for t in rng.choice(np.arange(steps // 6, 5 * steps // 6), size=count, replace=False)))


def _short(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(rng.integers(1, 6)))


#: Runs of each purpose in a group, and how one is drawn; None where the group has no such run.
PURPOSES: dict[str, tuple[int, Any]] = {
    "full": (10, _full),
    "long": (4, _long),
    "batches": (10, _batches),
    "scheduled": (6, _scheduled),
    "restarts": (5, _restarts),
    "bump": (4, _bump),
    "tiny": (2, _tiny),
    "dead": (2, _dead),
    "small": (5, _small),
    "big": (3, _big),
    "edge": (9, _edge),
    "noisy": (3, _noisy),
    "overfit": (3, _overfit),
    "weak": (9, _weak),
    "decay": (3, _decay),
    "saddle": (4, _saddle),
    "bad batches": (4, _bad_batches),
    "glitches": (6, _glitches),
    "short": (1, _short),
}
