"""The exam of the diagnosis: real runs with known answers, made by this package, and how the diagnosis does on them.

A run is made by a recipe (`recipes`) on a problem (`problems`); what only its maker knows (`runs`) decides what is
wrong with it (`truth`); the logs are kept with the package (`archive`), and `score` compares. The diagnosis takes no
part in making or labeling runs.
"""

from optimtext.diagnosis.exam.archive import Case, load
from optimtext.diagnosis.exam.score import Score, score

__all__ = ["Case", "Score", "load", "score"]
