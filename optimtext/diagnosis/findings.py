"""What a diagnosis consists of: findings with their evidence, how sure they are, causes and fixes."""

import json
import math
from dataclasses import dataclass, field
from typing import Any

from optimtext.diagnosis.curve import Curve

#: Every name that a finding can have, what outranks others first.
NAMES = (
    "too-short",
    "diverged",
    "oscillating",
    "noisy",
    "no-progress",
    "overfitting",
    "spikes",
    "plateau",
    "underfitting",
    "too-slow",
    "converged",
    "healthy",
)

#: The names that call for no action.
FINE = ("converged", "healthy")


@dataclass(frozen=True)
class Fix:
    """Something to try.

    Attributes
    ----------
    text : str
        What to do.
    chapter : str
        Where the book explains it, relative to its first page: ``book/NAME.html#section``.
    playground : str
        Where the playground shows it, likewise; empty where it has nothing to show.
    """

    text: str
    chapter: str
    playground: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that a log shows.

    Attributes
    ----------
    name : str
        One of `optimtext.diagnosis.NAMES`.
    confidence : float
        How often, of such calls, one is right: from 0.5, a toss-up with the next best finding, to 0.99.
    steps : tuple of float
        First and last step that it shows in.
    summary : str
        The evidence in a sentence or two.
    evidence : dict of str to float
        The numbers in it.
    causes : tuple of str
        Likely causes, likeliest first.
    fixes : tuple of Fix
        What to try, first things first.
    """

    name: str
    confidence: float
    steps: tuple[float, float]
    summary: str
    evidence: dict[str, float] = field(repr=False)
    causes: tuple[str, ...] = field(repr=False)
    fixes: tuple[Fix, ...] = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding in the form of the command line's JSON; numbers that are not finite become strings."""
        return {
            "name": self.name,
            "confidence": round(self.confidence, 3),
            "steps": [_plain(step) for step in self.steps],
            "evidence": {"summary": self.summary, **{name: _plain(value) for name, value in self.evidence.items()}},
            "causes": list(self.causes),
            "fixes": [{"text": fix.text, "chapter": fix.chapter, "playground": fix.playground} for fix in self.fixes],
        }


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    Attributes
    ----------
    findings : tuple of Finding
        The main one first; several may hold.
    curve : Curve
        What was examined.
    notes : tuple of str
        What was decided on the way (which columns were read, what was left out), and what the verdict passes over.
    """

    findings: tuple[Finding, ...]
    curve: Curve = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """Name of the finding that outranks the others."""
        return self.findings[0].name

    @property
    def fine(self) -> bool:
        """Whether nothing calls for action."""
        return self.main in FINE

    def as_dict(self) -> dict[str, Any]:
        """Return main finding, notes and findings as plain lists, dictionaries, strings and numbers."""
        findings = [finding.as_dict() for finding in self.findings]
        return {"main": self.main, "notes": list(self.notes), "findings": findings}

    def json(self) -> str:
        """Return what ``optimtext diagnose FILE --json`` prints."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        """Return a readable report without colors."""
        from optimtext.diagnosis.report.text import plain_text

        return plain_text(self)


def _plain(value: float) -> Any:
    if not math.isfinite(value):
        return str(value)
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(f"{value:.6g}")
