"""Did the validation loss turn while the training loss went on falling?"""

import numpy as np

from optimtext.diagnosis.measures import Measures, scatter
from optimtext.diagnosis.signs.base import Sign, share

TURNED = 0.055  # rise of the validation loss over its lowest value
RISEN = 0.032  # the same over what it had fallen before
CLEAR = 2.0  # standard errors
LATE = 0.85  # share of the run; a lowest value after that is no turn yet
FEWEST = 6  # validation losses


def overfitting(m: Measures) -> Sign | None:
    """Test whether the validation loss has turned for good."""
    column = m.curve.validation
    if column is None:
        return None
    value, at = column.value[np.isfinite(column.value)], column.at[np.isfinite(column.value)]
    n = len(value)
    if n < FEWEST:
        return None
    width = max(1, n // 20)
    smooth = np.convolve(value, np.ones(width) / width, mode="valid")
    last = float(value[-max(1, n // 10) :].mean())
    lowest, where = float(smooth.min()), int(smooth.argmin()) + width // 2
    risen = last - lowest
    fallen = max(float(value[0]) - lowest, 1e-300)
    error = scatter(value) * np.sqrt(1 / width + 1 / max(1, n // 10))
    ratio = min(risen / fallen / RISEN, risen / max(CLEAR * error, 1e-300))
    if lowest > 0:
        ratio = min(ratio, risen / lowest / TURNED)
    i = round(float(at[where]) * (len(m.curve.loss) - 1))
    then = float(np.median(m.curve.loss[max(0, i - len(m.curve.loss) // 20) : i + 1 + len(m.curve.loss) // 20]))
    if at[where] > LATE or m.drop <= 0 or m.end > then + max(0.03 * m.drop, 3 * m.error):
        ratio = min(ratio, 0.5)
    # What is told is a value of the log, as early stopping would keep it; the test looks at means of a few.
    best = int(value.argmin())
    lowest, step = float(value[best]), float(column.step[np.isfinite(column.value)][best])
    risen = last - lowest
    summary = (
        f"The validation loss was lowest at step {step:g} ({lowest:.4g}) and has risen to {last:.4g} since, by "
        f"{share(risen / abs(lowest) if lowest else 0.0)}, while the training loss ends at {m.end:.4g}."
    )
    numbers = {"turned_at": step, "lowest": lowest, "last": last, "lost": risen, "gap": last - m.end}
    return Sign("overfitting", max(ratio, 0.0), (float(at[where]), 1.0), summary, numbers)
