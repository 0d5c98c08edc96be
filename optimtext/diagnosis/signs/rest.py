"""Where a run that made progress stands: still on its way, too slowly, on a plateau, or at rest."""

import numpy as np

from optimtext.diagnosis.curve import Array
from optimtext.diagnosis.measures import Measures
from optimtext.diagnosis.signs.base import Sign, share

FALLING = 0.016  # share of all that was removed which the last third removed
SURELY = 12.0  # standard errors that the fall in the last third must have, or the noise is said to hide it
STRAIGHT = 0.3  # mean height of a slow curve above its end, over its whole fall: of a straight line 1/2
SLOW = 0.165  # straightness times what is left: a straight line that has just begun has 1/2
STILL = 0.13  # fall in the last third, of the whole fall: the root of time has 0.18, what has come to rest 0
LATE = 0.3  # fall in the first fifth of the run over that in the second, below which it started late
STEEP = 0.15  # fall in the last third, of the whole fall, at which a run that started late is still under way
HIGH = 0.66  # loss at the end over the first level, above which a run at rest has learned little
BETTER = 0.85  # validation loss over training loss at the end, below which the model has learned what there was
FADED = 0.3  # rate at the end over the largest one
STARVED = 0.03  # share of all that was removed which fell to the last third of all rates, added up
LEVEL, PLATEAU = 0.02, 0.25  # a plateau: at most so much of the fall in at least so long a part of the run


def falling(m: Measures) -> float:
    """Return the share of what the run removed that the last third removed."""
    b = m.blocks
    n = len(b)
    width = max(1, n // 12)
    middle = float(b[2 * n // 3 - width : 2 * n // 3 + width].mean())
    end = float(b[-width:].mean())
    return (middle - end) / max(m.drop, 1e-300)


def blurred(m: Measures) -> float:
    """Return the standard error of `falling`."""
    return 1.22 * m.late_error / max(m.drop, 1e-300)  # the earlier mean is over twice as many entries


def straight(m: Measures) -> float:
    """Return the mean height of the curve above its end over the height of its start."""
    return float((m.curve.loss - m.end).mean()) / max(m.drop, 1e-300)


def too_slow(m: Measures) -> Sign:
    """Test whether the loss falls nearly as fast at the end as at the start, with much left."""
    height, left, still = straight(m), m.end / m.size, falling(m)
    summary = (
        f"The loss still falls at the end, and nearly in a straight line: on average the run stood at {share(height)} "
        f"of its whole fall above the end (a straight line has 50%), and {share(left)} of the first level is left."
    )
    numbers = {"straightness": height, "left": left, "fall_in_last_third": still}
    ratio = min(max(height, 0.0) * left / SLOW, height / STRAIGHT, still / STILL, still / max(blurred(m), 1e-300))
    if started_late(m) and still < STEEP:  # like an S, and past the steep piece of it
        ratio = min(ratio, 0.9)
    return Sign("too-slow", ratio, (0.0, 1.0), summary, numbers)


def started_late(m: Measures) -> bool:
    """Return whether the loss fell much less in the first fifth of the run than in the second: a curve like an S."""
    b = m.blocks
    fifth = max(1, len(b) // 5)
    ends = [m.first, *(float(b[k * fifth - max(1, fifth // 3) : k * fifth].mean()) for k in (1, 2))]
    return ends[0] - ends[1] < LATE * (ends[1] - ends[2])


def starved(m: Measures) -> Sign | None:
    """Test whether the steps have shrunk away while the loss was still falling, measured against the rates added up."""
    lr = m.curve.lr
    if lr is None or len(lr.value) < 4:
        return None
    n = len(m.curve.loss)
    rates = lr.over(np.linspace(0, 1, n))
    largest = float(rates.max())
    last = float(rates[-max(1, n // 20) :].mean())
    if largest <= 0:
        return None
    spent = np.concatenate([[0.0], np.cumsum(rates)[:-1]])
    total = float(spent[-1])
    if total <= 0:
        return None
    begin = int(np.searchsorted(spent, 2 / 3 * total))
    level = float(m.curve.loss[max(0, begin - n // 40) : begin + 1 + n // 40].mean())
    late = (level - m.end) / max(m.drop, 1e-300)
    error = blurred(m)
    faded = last / largest
    ratio = min(FADED / max(faded, 1e-12), late / STARVED, late / max(3.7 * error, 1e-12))
    step = m.curve.steps(begin / max(1, n - 1))[0]
    summary = (
        f"The rate fades to {share(faded)} of its largest value. The last third of all rates, added up, lies between "
        f"step {step:g} and the end and still removed {share(late)} of all that was removed: the loss stands still "
        f"because the steps do."
    )
    numbers = {"rate_left": faded, "fall_in_last_third_of_rates": late}
    return Sign("plateau", ratio, (begin / max(1, n - 1), 1.0), summary, numbers)


def left_behind(m: Measures) -> Sign | None:
    """Test for a level stretch after progress that the run has left again."""
    b = m.blocks
    n = len(b)
    if n < 24 or m.drop <= 0:
        return None
    best, where = 0.0, (0, 0)
    width = int(PLATEAU * n)
    for begin in range(1, n - width - max(1, n // 12)):
        piece = b[begin : begin + width + 1]
        change = max(float(np.ptp(piece)) / m.drop, 1e-9)
        before, after = (m.first - float(piece[0])) / m.drop, (float(piece[-1]) - m.end) / m.drop
        ratio = min(LEVEL / change, before / 0.05, after / 0.12, after * m.drop / max(3 * m.error, 1e-300))
        if ratio > best:
            best, where = ratio, (begin, begin + width)
    span = where[0] / (n - 1), where[1] / (n - 1)
    first, last = m.curve.steps(*span)
    summary = (
        f"Between steps {first:g} and {last:g} the loss hardly moved, near {b[where[0]]:.4g}, though lower ones could "
        f"be reached: it ends at {m.end:.4g}."
    )
    return Sign("plateau", best, span, summary, {"level": float(b[where[0]]), "end": m.end})


def underfitting(m: Measures) -> Sign:
    """Test whether a run at rest has kept most of its first loss, in training and in validation alike."""
    left = m.end / m.size
    ratio = left / HIGH if m.curve.loss.min() >= 0 else 0.0
    numbers = {"left": left, "end": m.end}
    also = ""
    if m.curve.validation is not None and np.isfinite(m.curve.validation.value).any():
        value = m.curve.validation.value[np.isfinite(m.curve.validation.value)]
        last = float(value[-max(1, len(value) // 10) :].mean())
        numbers["validation"] = last
        # Much better on validation samples: then it is the training targets that are noisy.
        ratio = min(ratio, 1.6 * m.end / max(last, 1e-300), last / max(BETTER * m.end, 1e-300))
        also = f" The validation loss, {last:.4g}, is {'hardly' if last < m.end else 'no'} better."
    summary = f"The loss has come to rest at {m.end:.4g}, which is {share(left)} of its first level.{also}"
    return Sign("underfitting", ratio, (2 / 3, 1.0), summary, numbers)


def converged(m: Measures) -> Sign:
    """State that the loss no longer falls."""
    still, error = falling(m), blurred(m)
    summary = (
        f"The last third of the run removed {share(max(still, 0.0))} of all that was removed; the loss is at rest at "
        f"{m.end:.4g}."
        if still < FALLING
        else f"The last third of the run removed {share(still)} of all that was removed, with a standard error of "
        f"{share(error)} from noise: below {SURELY:g} of these, no loss is called falling. It ends at {m.end:.4g}."
    )
    ratio = max(1.0, FALLING / max(abs(still), error / 3, FALLING / 30))
    numbers = {"fall_in_last_third": still, "standard_error": error, "end": m.end}
    return Sign("converged", ratio, (2 / 3, 1.0), summary, numbers)


def healthy(m: Measures) -> Sign:
    """State that the loss is falling as it should."""
    still = falling(m)
    summary = (
        f"The loss fell from {m.first:.4g} to {m.end:.4g} and is still falling: the last third of the run removed "
        f"{share(still)} of all that was removed. Nothing looks wrong."
    )
    numbers = {"first": m.first, "end": m.end, "fall_in_last_third": still}
    return Sign("healthy", max(1.0, still / FALLING), (0.0, 1.0), summary, numbers)


def rates_in_time(m: Measures) -> Array | None:
    """Return the rates at the entries of the curve."""
    return None if m.curve.lr is None else m.curve.lr.over(np.linspace(0, 1, len(m.curve.loss)))
