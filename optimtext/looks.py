"""How things look, decided once: each rule's color, dash and marker, and the palette of both modes.

Figures are drawn in `LIGHT`; since `DARK` has the same keys, a drawing is turned dark by replacing one color by its
partner. Style sheets and the playground take theirs from here as well. The rules' colors start from the set of Okabe
and Ito, which survives color blindness, darkened or lightened until they stand at 3:1 or better on their ground; the
others were chosen to lie far from these and from each other, as eyes with and without red and green cones see them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """How one rule looks everywhere.

    Attributes
    ----------
    label : str
        Name in running text.
    dash : tuple of float
        Lengths of dashes and gaps in line widths; empty for a solid line.
    marker : str
        Matplotlib's code of the marker.
    """

    label: str
    dash: tuple[float, ...]
    marker: str


RULES: dict[str, Identity] = {
    "GradientDescent": Identity("gradient descent", (), "o"),
    "Momentum": Identity("momentum", (5.0, 1.5), "s"),
    "Nesterov": Identity("Nesterov", (7.0, 1.5, 1.5, 1.5), "^"),
    "FISTA": Identity("FISTA", (7.0, 1.5, 1.5, 1.5, 1.5, 1.5), "H"),
    "AdaGrad": Identity("AdaGrad", (1.5, 1.5), "D"),
    "RMSProp": Identity("RMSProp", (3.0, 1.5, 1.0, 1.5, 1.0, 1.5), "v"),
    "AdaDelta": Identity("AdaDelta", (1.0, 3.0), "d"),
    "Adam": Identity("Adam", (9.0, 2.5), "P"),
    "AdamUncorrected": Identity("Adam, uncorrected", (2.5, 2.5), "X"),
    "AdaMax": Identity("AdaMax", (9.0, 1.5, 3.0, 1.5), "p"),
    "AMSGrad": Identity("AMSGrad", (9.0, 1.5, 1.0, 1.5, 1.0, 1.5), ">"),
    "NAdam": Identity("NAdam", (6.0, 1.0, 2.0, 1.0, 2.0, 1.0), "<"),
    "AdamW": Identity("AdamW", (12.0, 2.0, 4.0, 2.0), "h"),
    "Lion": Identity("Lion", (3.5, 1.0), "8"),
}

# A rule that is not of this package, such as a reader's own.
OTHER = Identity("own rule", (4.0, 2.0, 1.0, 2.0), "*")

LIGHT: dict[str, str] = {
    "ground": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#5b6470",
    "grid": "#d9dde2",
    "accent": "#a3171c",
    "GradientDescent": "#0072b2",
    "Momentum": "#d04f00",
    "Nesterov": "#00835f",
    "FISTA": "#2a1fd0",
    "AdaGrad": "#8a6a00",
    "RMSProp": "#b1437c",
    "AdaDelta": "#375a2f",
    "Adam": "#6636a3",
    "AdamUncorrected": "#737b86",
    "AdaMax": "#86945b",
    "AMSGrad": "#685bfc",
    "NAdam": "#b573e2",
    "AdamW": "#612c3e",
    "Lion": "#4a9c97",
    "OTHER": "#2b5f75",
    "contour0": "#8fa3b5",
    "contour1": "#9bacbc",
    "contour2": "#a6b5c3",
    "contour3": "#b1beca",
    "contour4": "#bbc7d1",
    "contour5": "#c5cfd8",
    "contour6": "#ced7de",
    "contour7": "#d6dde4",
}

DARK: dict[str, str] = {
    "ground": "#131416",
    "ink": "#e9ebee",
    "muted": "#a4adb8",
    "grid": "#333a42",
    "accent": "#ff8f8a",
    "GradientDescent": "#56b4e9",
    "Momentum": "#ff9248",
    "Nesterov": "#31c99b",
    "FISTA": "#d25c40",
    "AdaGrad": "#e8c547",
    "RMSProp": "#ec9cc7",
    "AdaDelta": "#c6ed9f",
    "Adam": "#b99cff",
    "AdamUncorrected": "#98a1ad",
    "AdaMax": "#f1f217",
    "AMSGrad": "#627fef",
    "NAdam": "#9e76bb",
    "AdamW": "#fd3972",
    "Lion": "#4c998b",
    "OTHER": "#8fd0e6",
    "contour0": "#6d8296",
    "contour1": "#62768a",
    "contour2": "#586b7e",
    "contour3": "#4f6172",
    "contour4": "#475766",
    "contour5": "#3f4e5c",
    "contour6": "#384652",
    "contour7": "#323e49",
}


def identity(rule: object) -> Identity:
    """Return the looks of a rule, given the rule, its class or its class's name."""
    return RULES.get(_name(rule), OTHER)


def color(rule: object) -> str:
    """Return a rule's color in the light palette."""
    return LIGHT.get(_name(rule), LIGHT["OTHER"])


def _name(rule: object) -> str:
    if isinstance(rule, str):
        return rule
    return rule.__name__ if isinstance(rule, type) else type(rule).__name__
