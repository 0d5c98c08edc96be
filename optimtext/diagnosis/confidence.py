"""How sure a finding is: how often verdicts of its name were right in the exam's training part, and how close the call.

The numbers were fitted there, on some 2,900 runs with one right answer: odds of being right on the border of the
closest test, and the power with which they grow with the distance from it. The book prints how they hold on the
held-out part.
"""

#: Odds of being right, by name of the finding.
ODDS = {
    "too-short": 16.0,
    "diverged": 13.5,
    "oscillating": 9.4,
    "noisy": 1.6,
    "no-progress": 10.4,
    "overfitting": 22.5,
    "spikes": 11.1,
    "plateau": 8.6,
    "underfitting": 4.8,
    "too-slow": 29.0,
    "converged": 19.5,
    "healthy": 14.3,
}
POWER = 1.0
#: The exam's logs have at least so many entries, but for those that are too short; fewer are less sure.
ENTRIES = 40
LEAST, MOST = 0.5, 0.99


def confidence(name: str, margin: float, entries: int) -> float:
    """Return the probability that a finding is right, from 0.5 to 0.99.

    Parameters
    ----------
    name : str
        Name of the finding.
    margin : float
        How far the closest measure lay from its border, as a ratio of at least 1.
    entries : int
        Losses in the log.
    """
    odds = ODDS[name] * min(max(margin, 1.0), 20.0) ** POWER
    if name != "too-short":
        odds *= min(1.0, entries / ENTRIES) ** 2
    return float(min(MOST, max(LEAST, odds / (1 + odds))))
