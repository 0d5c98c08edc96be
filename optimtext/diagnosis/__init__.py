"""What is wrong with this training run? Findings from a log, how sure they are, and what to try first.

The order of the files is the way of a log: `readers` make columns of it, `stream` keeps them in bounded memory,
`prepare` makes a curve of the columns, `measures` and `signs` examine the curve, `context` and `advice` add what is
known beside it, `report` shows it. `monitor` does the same while a run is going, and `exam` measures how often the
verdict is right.
"""

from optimtext.diagnosis.curve import Curve
from optimtext.diagnosis.findings import FINE, NAMES, Diagnosis, Finding, Fix
from optimtext.diagnosis.monitor import Monitor
from optimtext.diagnosis.readers import LogError, read
from optimtext.diagnosis.verdict import diagnose

__all__ = ["FINE", "NAMES", "Curve", "Diagnosis", "Finding", "Fix", "LogError", "Monitor", "diagnose", "read"]
