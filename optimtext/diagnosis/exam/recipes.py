"""The list of the exam's runs: one recipe a run, drawn from a seed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from optimtext.diagnosis.exam.problems import DATA, GROUPS, KINDS, held_out
from optimtext.diagnosis.exam.purposes import PURPOSES, choose
from optimtext.diagnosis.exam.recipe import Recipe

#: Of the draws of recipes. The second draw is of the held-out groups only, so that their part is as large as the other.
SEEDS = (20250616, 20250617)


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
    return replace(recipe, variant={"skew": float(choose(rng, 0.3, 0.1, 0.03))})


def _with_columns(recipe: Recipe, rng: np.random.Generator) -> Recipe:
    # What people log: nearly always a validation loss, often the rate, sometimes the norm of the gradient. Where the
    # rate is what went wrong, or what explains a bump, it is in the log; nobody could know otherwise.
    chosen = {
        "validation": recipe.purpose in ("overfit", "bump", "weak") or rng.random() < 0.7,
        "lr": recipe.schedule in ("step", "exponential", "cosine", "restarts") or rng.random() < 0.4,
        "grad_norm": rng.random() < 0.3,
    }
    return replace(recipe, columns=tuple(name for name, wanted in chosen.items() if wanted))
