"""What is wrong with a run, told from its facts alone: the labels of the exam.

Everything here is decided by what the maker knows (all samples' losses after each step, the lowest loss that can be
reached, what the same rule does at larger rates, how far one entry of the log strays for the batch alone) and never by
looking at the log as the diagnosis does. Where a run lies between two definitions, both labels are returned: then
nobody could call one of them wrong.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimtext.diagnosis.exam.recipe import Recipe
from optimtext.diagnosis.exam.runs import FACTORS, Facts

Labels = frozenset[str]
SHORTEST = 8  # entries of a log that anything can be said about


@dataclass(frozen=True)
class _Between:
    """Two borders of a measure: below the first it does not hold, above the second it does, between it is open."""

    no: float
    yes: float

    def __call__(self, value: float, error: float = 0.0) -> bool | None:
        # What the log shows of it strays by `error`: a value is clear if it stays on its side by two of these.
        if value + 2 * error <= self.no:
            return False
        return True if value - 2 * error >= self.yes else None


_GROWN = _Between(1.02, 3.0)  # loss at the end over that at the start
_SEEN = _Between(2.0, 4.0)  # change of the loss over the standard error with which the log shows it
_MOVED = _Between(0.01, 0.03)  # share of the first loss that was removed
_HIDDEN = _Between(0.05, 0.10)  # twice that standard error over the first loss
_JUMP = _Between(0.1, 0.5)  # height of a spike over what the run has removed
_SWING = _Between(0.01, 0.05)  # height of one rise and fall over what the run has removed
_STANDS_OUT = _Between(5.0, 10.0)  # height of a spike over the usual straying of an entry
_SHOWS = _Between(1.0, 3.0)  # height of a swing over the same
_UNEVEN = _Between(0.35, 0.70)  # scatter of the distances between crests, over their mean
_TURNED = _Between(0.03, 0.10)  # rise of the validation loss over its lowest value
_ALSO_ROSE = _Between(0.02, 0.06)  # rise of the training loss since the validation loss was lowest
_RISEN = _Between(0.02, 0.05)  # the same over what the validation loss had fallen before
_FALLING = _Between(0.005, 0.02)  # share of all that was removed which the last third removed
_UNDONE = _Between(0.02, 0.05)  # what going on would have gained, in parts of the whole
_POOR = _Between(1.2, 1.5)  # validation loss at the end over that of a richer model
_UNFINISHED = _Between(0.15, 0.30)  # what as many steps again would have gained, in parts of the whole
_GAIN = _Between(0.12, 0.40)  # what a larger rate would have gained, in parts of the whole
_HIGH = _Between(0.4, 0.55)  # loss at the end over that at the start


def labels(recipe: Recipe, facts: Facts) -> Labels:
    """Return the main findings that are right: one, or several where the run lies between definitions."""
    full = facts.full
    if facts.points < SHORTEST:
        return frozenset({"diverged", "too-short"} if facts.diverged else {"too-short"})
    first = float(full[0])
    tail = full[-max(1, len(full) // 20) :]
    end = float(tail.mean())
    grown = True if facts.diverged else _GROWN(end / first)
    if grown:
        return frozenset({"diverged"})
    found: set[str] = {"diverged"} if grown is None else set()

    drop = first - end
    error = np.sqrt(2) * _error_of_mean(recipe, facts, 4)  # of the difference of two quarters' means
    moved, seen = _MOVED(drop / first), _SEEN(drop / error) if error else True
    swinging = _oscillates(recipe, facts, max(drop, 0.03 * first))
    if swinging:
        return frozenset(found | {"oscillating"})
    found |= {"oscillating"} if swinging is None else set()
    if moved is False or not seen:
        hidden = _HIDDEN(2 * error / first)
        if hidden is not False:
            found.add("noisy")
        if hidden is not True:
            found.add("no-progress")
        if seen is False or moved is False:
            return frozenset(found)
    if moved is None:
        found |= {"no-progress", "too-slow"}
    return frozenset(found | _after_progress(recipe, facts, first, end, drop))


def _error_of_mean(recipe: Recipe, facts: Facts, parts: int) -> float:
    # How far the mean of one of so many parts of the log strays. Batches are drawn without replacement: the mean of a
    # whole epoch does not stray at all, and that of several only by the piece of an epoch that is left over.
    if not facts.spread or recipe.every == 0:
        return 0.0
    entries = max(1.0, facts.points / parts)
    epoch = facts.epoch / recipe.every
    left_over = 1 - entries / epoch if entries < epoch / 2 else epoch / (4 * entries)
    share = (1 - 1 / recipe.every) + left_over / recipe.every
    return facts.spread * float(np.sqrt(share / entries))


def _after_progress(recipe: Recipe, facts: Facts, first: float, end: float, drop: float) -> set[str]:
    found: set[str] = set()
    for holds, name in (
        (_overfits(recipe, facts, drop), "overfitting"),
        (_spikes(recipe, facts, drop), "spikes"),
        (_left_a_plateau(facts.full, drop), "plateau"),
    ):
        if holds is not False:
            found.add(name)
        if holds:
            return found
    full = facts.full
    span = max(first - facts.reachable, drop)
    width = max(1, len(full) // 40)
    third = float(full[2 * len(full) // 3 - width : 2 * len(full) // 3 + width].mean())
    # Who does not know where epochs begin must take batches for independent: the last twelfth against that before it.
    falling = _FALLING((third - end) / drop, facts.spread * np.sqrt(24 / facts.points) / drop)
    if falling is not True:
        found |= _at_rest(recipe, facts, end, span, first, quite=falling is False)
    if falling is not False:
        found |= _on_its_way(facts, end, span)
    return found


def _at_rest(recipe: Recipe, facts: Facts, end: float, span: float, first: float, *, quite: bool) -> set[str]:
    # What the last of the run left undone: how far it comes if it goes on, at its largest rate and without batches.
    undone = _UNDONE((end - min(facts.peak, float(facts.calm[-1]))) / span)
    starved = "lr" in recipe.columns and recipe.schedule in ("step", "exponential", "cosine", "warmup")
    found: set[str] = set()
    if undone is not False and (quite or starved):
        found.add("plateau")
        if not starved:  # without a rate in the log that fades, the curve alone cannot tell a plateau from the end
            found.add("converged")
        if not starved and recipe.batch:  # a rate too large for its batches holds the loss up
            found.add("noisy")
    if undone is not True or not quite:
        poor, high = _POOR(float(facts.validation[-1]) / facts.richer), _HIGH(end / first)
        if poor is not False and high is not False:
            found.add("underfitting")
        if not (poor and high):
            found.add("converged")
    return found


def _on_its_way(facts: Facts, end: float, span: float) -> set[str]:
    gains = [(end - other) / span for other in facts.faster]
    far = max(gain for gain, factor in zip(gains, FACTORS, strict=True) if factor >= 10)
    if _GAIN(far):
        return {"too-slow"}
    # A run that was stopped long before its end draws the curve of one that is slow, whatever its rate.
    unfinished = _UNFINISHED((end - float(facts.calm[-1])) / span)
    return {"healthy"} if _GAIN(max(gains)) is False and unfinished is False else {"healthy", "too-slow"}


def _oscillates(recipe: Recipe, facts: Facts, scale: float) -> bool | None:
    if recipe.schedule == "restarts" or recipe.glitches:
        return False  # there the maker raised the rate on purpose, and the loss follows
    curve = facts.calm if recipe.batch else facts.full[len(facts.full) // 2 :]
    if len(curve) < 8:
        return False
    heights = _swings(curve)
    # A few swings while the run settles are no matter; what counts is that they go on.
    late = _swings(curve[len(curve) // 2 :])
    if len(heights) < 4 or len(late) < 2:
        # Too few to call it a habit; but where they are high, nobody could be blamed for it.
        few = heights[heights > _SWING.yes * scale]
        return None if len(few) >= 2 else False
    last = _swings(curve[-max(8, len(curve) // 5) :])  # swings that have just begun may be called so or not
    growing = len(last) >= 3 and float(np.sort(last)[-3]) > 0.03 * scale
    height = min(float(np.median(heights)), float(np.median(late)))
    swings, shows = _SWING(height / scale), _SHOWS(height / facts.spread) if facts.spread else True
    # Swings at all sorts of distances have no period: whether to call that oscillation is a matter of taste.
    regular = _UNEVEN(_unevenness(curve)) is False
    if swings is False:
        return None if growing else False
    return swings if shows and regular else None


def _unevenness(curve: NDArray[np.float64]) -> float:
    # Standard deviation of the distances between crests over their mean; small crests do not count.
    rises = np.diff(curve)
    crests = np.flatnonzero((rises[:-1] > 0) & (rises[1:] <= 0)) + 1
    high = curve[crests] - curve.min() > 0.3 * np.ptp(curve)
    apart = np.diff(crests[high])
    return float(apart.std() / apart.mean()) if len(apart) > 1 else 1.0


def _swings(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    # Heights of the rises from each trough to the next crest, leaving out ripples of a hundredth of the largest.
    change = np.diff(curve)
    turns = np.flatnonzero(np.diff(np.sign(change)) != 0) + 1
    points = np.concatenate([[0], turns, [len(curve) - 1]])
    rises: NDArray[np.float64] = np.diff(curve[points])
    rises = rises[rises > 0]
    kept: NDArray[np.float64] = rises[rises > 0.01 * rises.max(initial=0.0)]
    return kept


def _overfits(recipe: Recipe, facts: Facts, drop: float) -> bool | None:
    if "validation" not in recipe.columns:
        return False  # not in the log: nobody could see it
    seen = facts.validation[np.isfinite(facts.validation)]
    last = float(seen[-max(1, len(seen) // 10) :].mean())
    lowest, where = float(seen.min()), int(seen.argmin())
    if where > 0.85 * len(seen) or drop <= 0:
        return False
    at = round(where / max(1, len(seen) - 1) * (len(facts.full) - 1))
    also = _ALSO_ROSE((float(facts.full[-max(1, len(facts.full) // 20) :].mean()) - facts.full[at]) / drop)
    if also:
        return False  # the training loss rose as well: something else is wrong
    turned = _TURNED(last / lowest - 1)
    risen = _RISEN((last - lowest) / max(float(seen[0]) - lowest, 1e-300))
    if turned is False or risen is False:
        return False
    return True if turned and risen and also is False else None


def _spikes(recipe: Recipe, facts: Facts, drop: float) -> bool | None:
    full, n = facts.full, len(facts.full)
    rises = np.array([full[t + 1 : t + 4].max() - full[t] for t in range(n - 4)]) / drop
    calm = np.ones(len(rises), dtype=bool)
    for restart in _restarts(recipe):  # there the rate rises on purpose, and the loss may
        calm[max(0, restart - 4) : restart + recipe.period // 4] = False
    calm[[t for t in recipe.glitches if t < len(calm)]] = True
    begin = n // 6  # before it, the run finds its feet: whether a jump there is a spike is a matter of taste
    highest = float(rises[begin:].max(initial=0.0, where=calm[begin:]))
    if np.isfinite(facts.spoiled):  # the batch's own entry stands out, even where the parameters hardly move
        highest = max(highest, facts.spoiled / drop)
    early = bool(_JUMP(float(rises[:begin].max(initial=0.0))) is not False)
    top = begin + int(rises[begin:].argmax()) if len(rises) > begin else 0
    recovered = full[-1] <= full[top] + 0.1 * drop
    jump = _JUMP(highest)
    if jump is False:
        return None if early else False
    visible = _STANDS_OUT(highest * drop / facts.spread) if facts.spread else True
    return True if jump and recovered and visible else None


def _restarts(recipe: Recipe) -> list[int]:
    if recipe.schedule != "restarts":
        return []
    rate = recipe.make_rule(1.0).lr
    return [t for t in range(1, recipe.steps) if rate(t) > rate(t - 1)]


def _left_a_plateau(full: NDArray[np.float64], drop: float) -> bool | None:
    # A level stretch after progress, a quarter of the run long, that the run left again.
    n = len(full)
    if n < 40:
        return False
    width = n // 4
    level = None
    for begin in range(n // 50, n - width - n // 10, max(1, n // 100)):
        change = float(np.ptp(full[begin : begin + width + 1])) / drop
        before, after = (full[0] - full[begin]) / drop, (full[begin + width] - full[-1]) / drop
        if change < 0.01 and before > 0.05 and after > 0.15:
            return True
        if change < 0.03 and after > 0.10:
            level = True
    return None if level else False
