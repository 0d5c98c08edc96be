"""How sure a finding is, from how far its closest call lay from the border."""

#: Odds of being right on the border, and the power with which they grow with the margin: fitted to the exam's
#: training part, where the margins of right and wrong verdicts are known.
ODDS, POWER = 2.0, 1.0
MOST = 0.99


def confidence(name: str, margin: float) -> float:
    """Return the probability that a finding of this margin is right, from 0.5 to 0.99."""
    odds = ODDS * max(margin, 1.0) ** POWER
    return float(min(MOST, max(0.5, odds / (1 + odds))))
