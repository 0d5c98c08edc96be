"""Many runs: sweeps over rules, rates, starts and seeds, fair races between rules, and the learning-rate range test."""

from optimtext.sweeps.grids import grid
from optimtext.sweeps.races import Entry, RaceResult, race
from optimtext.sweeps.ranges import GeometricRise, RangeTest, range_test
from optimtext.sweeps.result import SweepResult, SweepRun
from optimtext.sweeps.run import sweep

__all__ = [
    "Entry",
    "GeometricRise",
    "RaceResult",
    "RangeTest",
    "SweepResult",
    "SweepRun",
    "grid",
    "race",
    "range_test",
    "sweep",
]
