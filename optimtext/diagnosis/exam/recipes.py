"""How the exam's runs are made: one recipe a run, drawn from a seed, with everything that went into it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from optimtext import rules, schedules
from optimtext.diagnosis.exam.problems import DATA, GROUPS, KINDS, held_out

#: Of the draws of recipes. The second draw is of the held-out groups only, so that their part is as large as the other.
SEEDS = (20250412, 20250413)
_RULES = {
    "gd": rules.GradientDescent,
    "momentum": rules.Momentum,
    "nesterov": rules.Nesterov,
    "adam": rules.Adam,
    "rmsprop": rules.RMSProp,
    "adagrad": rules.AdaGrad,
    "adamw": rules.AdamW,
}
_OF_CURVATURE = ("gd", "momentum", "nesterov")  # rules whose rates are measured in the limit 2/L


@dataclass(frozen=True)
class Recipe:
    """How one run is made.

    Attributes
    ----------
    purpose : str
        What the maker had in mind. The label is not taken from it but from the run's outcome.
    model, data : str
        The group; see `optimtext.diagnosis.exam.problems`.
    variant : dict
        Further arguments of `optimtext.diagnosis.exam.problems.problem`.
    rule : str
        Name of the update rule.
    rate : float
        For gradient descent and both kinds of momentum in units of the limit 2/L, for others the rate itself.
    beta, decay : float
        Momentum and weight decay, where there are such.
    schedule : str
        ``"constant"``, ``"step"``, ``"exponential"``, ``"cosine"``, ``"warmup"`` or ``"restarts"``.
    period : int
        Steps that the schedule's name asks for.
    steps, batch, seed : int
        Length of the run; samples in a batch, 0 for all; seed of the shuffles.
    every : int
        Steps between two entries of the log; 0 writes the mean of each epoch.
    start : str
        ``"drawn"``, ``"dead"`` (no unit of the network ever fires) or ``"flat"`` (near the saddle at zero).
    glitches : tuple of int
        Steps with a spoiled batch, or with a rate `glitch` times too large.
    glitch : float
        That factor, or 0 for spoiled batches.
    columns : tuple of str
        What the log holds beside the loss: ``"validation"``, ``"lr"``, ``"grad_norm"``.
    """

    purpose: str
    model: str
    data: str
    rule: str = "gd"
    rate: float = 0.5
    beta: float = 0.9
    decay: float = 0.0
    schedule: str = "constant"
    period: int = 0
    steps: int = 300
    batch: int = 0
    seed: int = 0
    every: int = 1
    start: str = "drawn"
    glitches: tuple[int, ...] = ()
    glitch: float = 0.0
    columns: tuple[str, ...] = ()
    variant: dict[str, Any] = field(default_factory=dict)

    def make_rule(self, limit: float, *, factor: float = 1.0, constant: bool = False) -> Any:
        """Return the update rule, its rate multiplied by `factor`, its schedule left out on request."""
        peak = self.rate * factor * (limit if self.rule in _OF_CURVATURE else 1.0)
        if self.rule in ("momentum", "nesterov"):
            return _RULES[self.rule](lr=self._scheduled(peak, constant=constant), beta=self.beta)
        if self.rule == "adamw":
            return rules.AdamW(lr=self._scheduled(peak, constant=constant), weight_decay=self.decay)
        return _RULES[self.rule](lr=self._scheduled(peak, constant=constant))

    def _scheduled(self, peak: float, *, constant: bool) -> Any:
        lr: Any = peak
        if not constant:
            if self.schedule == "step":
                lr = schedules.StepDecay(lr=peak, factor=0.3, every=self.period)
            elif self.schedule == "exponential":
                lr = schedules.ExponentialDecay(lr=peak, decay=float(np.exp(-1 / self.period)))
            elif self.schedule == "cosine":
                lr = schedules.CosineAnnealing(lr_max=peak, lr_min=0.0, steps=self.period)
            elif self.schedule == "warmup":
                fall = schedules.CosineAnnealing(lr_max=peak, lr_min=0.0, steps=self.steps - self.period)
                lr = schedules.Warmup(steps=self.period, then=fall)
            elif self.schedule == "restarts":
                lr = schedules.WarmRestarts(lr_max=peak, lr_min=0.0, steps=self.period, mult=self.seed % 2 + 1)
            if self.glitches and self.glitch:
                return Glitched(lr, self.glitches, self.glitch)
        return lr


@dataclass(frozen=True)
class Glitched:
    """A schedule that is `factor` times too large at some steps."""

    lr: Any
    at: tuple[int, ...]
    factor: float

    def __call__(self, t: int, /) -> float:
        """Return the rate of step `t`."""
        rate = float(self.lr(t)) if callable(self.lr) else float(self.lr)
        return rate * (self.factor if t in self.at else 1.0)


def recipes(seeds: Sequence[int] = SEEDS, groups: Any = GROUPS) -> Iterator[Recipe]:
    """Yield every recipe of the exam, group after group, each drawn from a generator of its own."""
    for draw_number, seed in enumerate(seeds):
        for model, data in groups:
            if draw_number == 0 or held_out(model, data):
                yield from _drawn(seed, model, data)


def _drawn(seed: int, model: str, data: str) -> Iterator[Recipe]:
    for i, (purpose, (count, draw)) in enumerate(PURPOSES.items()):
        for k in range(count):
            rng = np.random.default_rng([seed, list(KINDS).index(model), list(DATA).index(data), i, k])
            recipe = draw(Recipe(purpose, model, data, seed=int(rng.integers(2**31))), rng)
            if recipe is not None:
                yield _with_columns(_on_a_slope(recipe, rng), rng)


def _on_a_slope(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    # Features on different scales, as they mostly come: every third run.
    if recipe.variant or rng.random() > 0.35:
        return recipe
    return replace(recipe, variant={"skew": float(_choose(rng, 0.3, 0.1, 0.03))})


def _with_columns(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    # What people log: nearly always a validation loss, often the rate, sometimes the norm of the gradient. Where the
    # rate is what went wrong, or what explains a bump, it is in the log; nobody could know otherwise.
    chosen = {
        "validation": recipe.purpose in ("overfit", "bump", "weak") or rng.random() < 0.7,
        "lr": recipe.schedule in ("step", "exponential", "cosine", "restarts") or rng.random() < 0.4,
        "grad_norm": rng.random() < 0.3,
    }
    return replace(recipe, columns=tuple(name for name, wanted in chosen.items() if wanted))


def _choose(rng: np.random.Generator, *options: Any) -> Any:
    return options[int(rng.integers(len(options)))]


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _good(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = _choose(rng, "gd", "momentum", "nesterov", "adam", "adam", "rmsprop")
    rates = {"gd": (0.2, 0.8), "momentum": (0.05, 0.3), "nesterov": (0.05, 0.2)}.get(rule, (0.01, 0.05))
    beta = float(_choose(rng, 0.5, 0.8, 0.9))
    return replace(recipe, rule=rule, rate=_log_uniform(rng, *rates), beta=beta)


def _full(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(_choose(rng, 40, 60, 100, 200, 300)))


def _long(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(_choose(rng, 800, 1500, 2500)), every=int(_choose(rng, 2, 5)))


def _batches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    good = _good(recipe, rng)
    steps, batch = int(_choose(rng, 100, 200, 400, 800)), int(_choose(rng, 16, 32, 64))
    every = int(_choose(rng, 1, 1, 2, 0))
    return replace(good, rate=0.5 * good.rate, steps=steps if every else 500 + 2 * steps, batch=batch, every=every)


def _scheduled(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.7 else _full(recipe, rng)
    name = _choose(rng, "step", "cosine", "cosine", "warmup", "exponential")
    period = {"step": base.steps // 3, "cosine": base.steps, "warmup": base.steps // 10, "exponential": base.steps // 2}
    return replace(base, rate=1.5 * base.rate, schedule=name, period=max(1, period[name]))


def _restarts(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else replace(_full(recipe, rng), steps=420)
    return replace(base, schedule="restarts", period=base.steps // int(_choose(rng, 3, 5, 7)))


def _bump(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    # A validation loss that falls, rises for a while, and falls again.
    rule = _choose(rng, "gd", "momentum")
    variant = {"n_train": 60, "junk": int(_choose(rng, 10, 20, 30)), "slow": float(_choose(rng, 0.05, 0.1, 0.2))}
    rate = {"gd": 0.5, "momentum": 0.1}[rule]
    return replace(recipe, rule=rule, rate=rate, steps=int(_choose(rng, 500, 1000, 2000)), every=4, variant=variant)


def _tiny(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else _full(recipe, rng)
    rate = _log_uniform(rng, 1e-7, 1e-5)
    return replace(base, rate=rate, rule=base.rule if base.rule != "rmsprop" else "adam")


def _dead(recipe: Recipe, rng: np.random.Generator) -> Recipe | None:
    return replace(_full(recipe, rng), start="dead") if recipe.model in ("mlp", "mlp_many") else None


def _small(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.4 else _full(recipe, rng)
    rule = _choose(rng, "gd", "momentum", "adam", "adagrad")
    rates = {"gd": (0.0005, 0.02), "momentum": (0.0001, 0.003)}.get(rule, (1e-4, 2e-3))
    return replace(base, rule=rule, rate=_log_uniform(rng, *rates))


def _big(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.4 else _full(recipe, rng)
    rule = _choose(rng, "gd", "momentum", "nesterov")
    limit = {"gd": 1.0, "momentum": 1 + base.beta, "nesterov": (1 + base.beta) / (1 + 2 * base.beta)}[rule]
    return replace(base, rule=rule, rate=limit * _log_uniform(rng, 1.05, 8.0))


def _edge(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = _choose(rng, "gd", "momentum", "momentum", "momentum", "momentum", "nesterov", "adam")
    beta = float(_choose(rng, 0.99, 0.995, 0.998, 0.999))
    rates = {"gd": (1.0, 3.0), "momentum": (0.01, 1.0), "nesterov": (0.3, 0.95)}.get(rule, (0.3, 3.0))
    batch, steps = int(_choose(rng, 0, 0, 0, 64)), int(_choose(rng, 60, 100, 150, 200))
    return replace(recipe, rule=rule, beta=beta, rate=_log_uniform(rng, *rates), steps=steps, batch=batch)


def _noisy(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    rule = _choose(rng, "gd", "momentum", "adam")
    rates = (1e-4, 0.01) if rule != "adam" else (1e-5, 1e-3)
    steps, batch = int(_choose(rng, 40, 80, 150)), int(_choose(rng, 1, 1, 2, 4))
    return replace(recipe, rule=rule, rate=_log_uniform(rng, *rates), steps=steps, batch=batch)


def _overfit(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _good(recipe, rng)
    variant = {"n_train": int(_choose(rng, 30, 45, 60)), "noise": float(_choose(rng, 0.0, 0.15, 0.3))}
    batch, steps = int(_choose(rng, 0, 0, 8)), int(_choose(rng, 400, 800, 1500))
    return replace(base, steps=steps, batch=batch, every=int(_choose(rng, 1, 2, 4)), variant=variant)


def _weak(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = replace(_full(recipe, rng), steps=int(_choose(rng, 100, 200, 400)), batch=int(_choose(rng, 0, 0, 32)))
    if rng.random() < 0.4:  # a decay of the weights that leaves them no room
        decay = _log_uniform(rng, 0.5, 3.0)
        return replace(base, rule="adamw", rate=_log_uniform(rng, 0.02, 0.1), decay=decay, batch=0)
    return replace(base, variant={"weak": float(rng.uniform(0.1, 0.5))})


def _decay(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng) if rng.random() < 0.5 else _full(recipe, rng)
    name = _choose(rng, "exponential", "step", "cosine")
    return replace(
        base, schedule=name, rate=0.2 * base.rate, period=max(2, base.steps // int(_choose(rng, 12, 20, 30)))
    )


def _saddle(recipe: Recipe, rng: np.random.Generator) -> Recipe | None:
    if not recipe.model.startswith("mlp"):
        return None
    base = _full(recipe, rng)
    rule = _choose(rng, "gd", "momentum")
    return replace(base, rule=rule, rate=0.3 if rule == "gd" else 0.03, start="flat", steps=int(_choose(rng, 300, 600)))


def _bad_batches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _batches(recipe, rng)
    base = replace(base, every=1, steps=min(base.steps, 400))
    # A spoiled piece of a file: several batches in a row.
    length = int(_choose(rng, 2, 3, 5))
    places = sorted({t + k for t in _places(base.steps, rng) for k in range(length)})
    return replace(base, glitches=tuple(places), glitch=0.0)


def _glitches(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    base = _full(recipe, rng) if rng.random() < 0.4 else replace(_batches(recipe, rng), every=1)
    base = replace(base, steps=int(_choose(rng, 200, 400)))
    return replace(base, glitches=_places(base.steps, rng), glitch=_log_uniform(rng, 20, 300))


def _places(steps: int, rng: np.random.Generator) -> tuple[int, ...]:
    count = int(rng.integers(1, 5))
    return tuple(sorted(int(t) for t in rng.choice(np.arange(steps // 6, 5 * steps // 6), size=count, replace=False)))


def _short(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    return replace(_good(recipe, rng), steps=int(rng.integers(1, 6)))


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
