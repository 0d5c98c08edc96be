"""A sign: a name, how far its measure lies beyond the border, and what was measured."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sign:
    """What a test found.

    Attributes
    ----------
    name : str
        One of `optimtext.diagnosis.findings.NAMES`.
    ratio : float
        The measure over its border: from 1 on the sign holds. Of several measures, the smallest.
    span : tuple of float
        Where in the run, as shares of it.
    summary : str
        The evidence in one sentence.
    numbers : dict
        The numbers in it.
    """

    name: str
    ratio: float
    span: tuple[float, float]
    summary: str
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the measure has reached its border."""
        return self.ratio >= 1


def share(value: float) -> str:
    """Return a share of one as percent, with two digits."""
    if abs(value) < 1e-9:  # what is left of rounding
        return "0%"
    return f"{100 * value:.2g}%" if abs(value) < 1 else f"{100 * value:.0f}%"
