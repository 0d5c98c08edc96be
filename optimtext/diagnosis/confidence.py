"""How sure a finding is: how often verdicts of its name were right in the exam's training part, and how close the call.

The numbers were fitted there, on some 2,300 runs with one right answer, of four draws of them: odds of being right on
the border of the closest test, and the power with which they grow with the distance from it. The book prints how they
hold on the held-out part.
"""

#: Odds of being right, by name of the finding.
ODDS = {
    "too-short": 24.0,
    "diverged": 32.0,
    "oscillating": 14.0,
    "noisy": 2.5,
    "no-progress": 12.0,
    "overfitting": 30.0,
    "spikes": 16.0,
    "plateau": 8.8,
    "underfitting": 5.9,
    "too-slow": 18.0,
    "converged": 20.0,
    "healthy": 20.0,
}
POWER = 0.55
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
