"""Pictures: axes in, artists out. Nothing here opens a figure, shows it or saves it.

Every line that belongs to a rule has the color, dash and marker of `optimtext.looks`. The colors are those of the
light palette; ``plt.style.use(optimtext.plot.STYLE)`` gives the rest of the book's look.
"""

from pathlib import Path

from optimtext.plot.curves import convergence
from optimtext.plot.findings import diagnosis
from optimtext.plot.labels import label
from optimtext.plot.paths import contour, trajectories
from optimtext.plot.rates import rate_sweep, schedules

#: Path of the one style sheet, for ``plt.style.use``.
STYLE = str(Path(__file__).parents[1] / "optimtext.mplstyle")

__all__ = [
    "STYLE",
    "contour",
    "convergence",
    "diagnosis",
    "label",
    "rate_sweep",
    "schedules",
    "trajectories",
]
