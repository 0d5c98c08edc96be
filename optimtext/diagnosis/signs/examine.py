"""Ask the tests in order: what is worst comes first, and what would be nonsense beside it is not asked."""

from optimtext.diagnosis.curve import Curve
from optimtext.diagnosis.measures import Measures
from optimtext.diagnosis.signs import jumps, level, rest, validation, waves
from optimtext.diagnosis.signs.base import Sign

SHORTEST = 8  # losses; with fewer, a line through them could be drawn in any direction


def examine(curve: Curve) -> tuple[list[Sign], float]:
    """Return the signs that hold, the main one first, and how near the closest call was (1: on the border)."""
    m = Measures(curve)
    grown = level.diverged(m)
    if grown is not None and curve.broken is not None:
        return [grown], grown.ratio
    if curve.count < SHORTEST:
        summary = f"The log has {curve.count} loss{'es' * (curve.count != 1)}; at least {SHORTEST} are needed."
        return [Sign("too-short", 8.0, (0.0, 1.0), summary, {"losses": float(curve.count)})], 8.0
    asked: list[Sign] = []

    def ask(sign: Sign | None) -> bool:
        if sign is not None:
            asked.append(sign)
        return sign is not None and sign.holds

    if ask(grown):
        return _answer(asked)
    jumpy = jumps.spikes(m)
    # What else there is to see is seen better without spikes.
    calm = Measures(jumps.without(m)) if jumpy is not None and jumpy.holds else m
    swinging = ask(waves.oscillating(calm))
    if not swinging and level.progress(calm):
        m = calm
    if not level.progress(m):
        noise, flat = level.noisy(m), level.no_progress(m)
        if not swinging:
            ask(noise if noise.holds else flat)
        return _answer(asked)
    ask(validation.overfitting(m))
    ask(jumpy)
    scheduled = waves.follows_the_rate(m, 1)
    behind = not scheduled and ask(rest.left_behind(m))
    still = rest.falling(m) >= max(rest.FALLING, 0.0 if waves.smooth(m) else rest.SURELY * rest.blurred(m))
    slow = rest.too_slow(m)
    if slow.holds and not behind:
        ask(slow)
    elif still:
        ask(rest.healthy(m))
    elif not behind and (scheduled or not ask(rest.starved(m))):
        ask(rest.underfitting(m)) or ask(rest.converged(m))
    return _answer(asked)


def _answer(asked: list[Sign]) -> tuple[list[Sign], float]:
    held = [sign for sign in asked if sign.holds]
    margins = [max(sign.ratio, 1 / max(sign.ratio, 1e-6)) for sign in asked]
    return held, min(margins)
