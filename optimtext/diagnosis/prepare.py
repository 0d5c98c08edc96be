"""From columns to a curve: refuse what cannot be judged, with a sentence that says how to go on."""

from collections.abc import Mapping

import numpy as np

from optimtext.diagnosis.curve import Array, Column, Curve
from optimtext.diagnosis.stream import BINS, Collector, Series

#: What a log may hold beside the loss.
BESIDE = ("validation", "lr", "grad_norm", "travel")


def curve_of(loss: Series, beside: Mapping[str, Series], *, skip_nan: bool = False) -> Curve:
    """Return the curve of a loss and of what was logged beside it.

    Raises
    ------
    ValueError
        If there is no loss, it is not a number for a while and then is again, or steps do not increase.
    """
    if loss.count == 0 and loss.broken is None:
        raise ValueError("the loss holds no number")
    _refuse_holes("loss", loss, skip_nan=skip_nan)
    for name, series in {"loss": loss, **beside}.items():
        _refuse_disorder(name, series)
    half = min(len(loss.recent), max(1, loss.count - loss.count // 2)) if loss.count else 0
    columns = {name: _beside(loss, series) for name, series in beside.items() if series.count}
    return Curve(
        loss=loss.value,
        step=loss.step,
        high=loss.high,
        recent=loss.recent[len(loss.recent) - half :],
        recent_step=loss.recent_step[len(loss.recent) - half :],
        count=loss.count,
        broken=loss.broken if not skip_nan else None,
        **columns,
    )


def series_of(value: Array, step: Array | None = None, place: Array | None = None) -> Series:
    """Return an array as a column; of a long one, its bins."""
    where = np.arange(len(value), dtype=np.float64)
    collector = Collector(BINS)
    collector.add(where if step is None else step, value, where if place is None else place)
    return collector.series()


def _refuse_holes(name: str, series: Series, *, skip_nan: bool) -> None:
    if series.resumed is not None and not skip_nan:
        step, value = series.resumed
        raise ValueError(
            f"the {name} is {value} at step {step:g} and a number again later: a log with a hole. With skip_nan "
            f"(--skip-nan on the command line) such entries are left out"
        )


def _refuse_disorder(name: str, series: Series) -> None:
    if series.backwards is None:
        return
    step, before = series.backwards
    what = "again" if step == before else f"after step {before:g}"
    raise ValueError(
        f"step {step:g} of the {name} comes {what}: steps must increase. If the run was resumed, keep one of "
        f"its parts; with steps='ignore' (--steps ignore) the entries are counted as they come"
    )


def _beside(loss: Series, other: Series) -> Column:
    # Where in the run: by steps, which both have; the loss of one step stands for all of the run.
    if loss.count < 2:
        return Column(np.linspace(0, 1, len(other.value)), other.value, other.step)
    first, last = float(loss.step[0]), float(loss.step[-1])
    if loss.count > len(loss.step):  # the first bin's step is that of its last entry
        first -= (last - first) / max(1, len(loss.step) - 1)
    at = np.clip((other.step - first) / max(last - first, 1e-300), 0, 1)
    return Column(at, other.value, other.step)
