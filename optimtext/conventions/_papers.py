"""The symbols of the papers, as LaTeX, by our names of the hyper-parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optimtext import rules

#: Our own symbols, the same for every rule.
OURS = {
    "lr": r"\alpha",
    "beta": r"\beta",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "gamma": r"\gamma",
    "eps": r"\epsilon",
    "eps_root": r"\epsilon_r",
    "weight_decay": r"\omega",
}


@dataclass(frozen=True)
class Paper:
    """A source and its symbols.

    Attributes
    ----------
    source : str
        Authors and year.
    key : str
        Its key in the book's bibliography.
    symbols : dict
        Our hyper-parameter: LaTeX of what the paper writes for it.
    note : str
        How its form differs from ours, if it does.
    """

    source: str
    key: str
    symbols: Mapping[str, str]
    note: str = ""


_LESSARD = Paper("Lessard, Recht and Packard (2016)", "lessard2016", {"lr": r"\alpha", "beta": r"\beta"})
_RATE_INSIDE = "The rate is inside the velocity, which therefore is a displacement."

PAPERS: Mapping[type[Any], tuple[Paper, ...]] = {
    rules.GradientDescent: (
        Paper("Robbins and Monro (1951)", "robbins1951", {"lr": "a_n"}),
        Paper("Nesterov (2004)", "nesterov2004", {"lr": "h_k"}),
    ),
    rules.Momentum: (
        Paper("Polyak (1964)", "polyak1964", {"lr": r"\alpha", "beta": r"\beta"}),
        Paper("Sutskever et al. (2013)", "sutskever2013", {"lr": r"\varepsilon", "beta": r"\mu"}, _RATE_INSIDE),
        _LESSARD,
    ),
    rules.Nesterov: (
        Paper("Sutskever et al. (2013)", "sutskever2013", {"lr": r"\varepsilon", "beta": r"\mu"}, _RATE_INSIDE),
        _LESSARD,
    ),
    rules.FISTA: (
        Paper(
            "Beck and Teboulle (2009)",
            "beck2009",
            {"lr": "1/L"},
            "The iterates are written with the last two points, and without a velocity.",
        ),
    ),
    rules.AdaGrad: (Paper("Duchi, Hazan and Singer (2011)", "duchi2011", {"lr": r"\eta", "eps": r"\delta"}),),
    rules.RMSProp: (
        Paper(
            "Tieleman and Hinton (2012)",
            "tieleman2012",
            {"beta": "0.9"},
            "The slides have a number and neither letters nor an epsilon.",
        ),
    ),
    rules.AdaDelta: (
        Paper(
            "Zeiler (2012)",
            "zeiler2012",
            {"beta": r"\rho", "eps_root": r"\epsilon"},
            "There is no rate, which is lr=1.",
        ),
    ),
    rules.Adam: (
        Paper(
            "Kingma and Ba (2015)",
            "kingma2015",
            {"lr": r"\alpha", "beta1": r"\beta_1", "beta2": r"\beta_2", "eps": r"\epsilon"},
            r"Algorithm 1; the folded form has $\hat\epsilon = \epsilon \sqrt{1 - \beta_2^t}$.",
        ),
    ),
    rules.AdamUncorrected: (),
    rules.AdaMax: (
        Paper(
            "Kingma and Ba (2015)",
            "kingma2015",
            {"lr": r"\alpha", "beta1": r"\beta_1", "beta2": r"\beta_2"},
            "There is no epsilon.",
        ),
    ),
    rules.AMSGrad: (
        Paper(
            "Reddi, Kale and Kumar (2018)",
            "reddi2018",
            {"lr": r"\alpha_t", "beta1": r"\beta_{1t}", "beta2": r"\beta_2"},
            "There is neither an epsilon nor a bias correction.",
        ),
    ),
    rules.NAdam: (
        Paper(
            "Dozat (2016)",
            "dozat2016",
            {"lr": r"\alpha_t", "beta1": r"\mu", "beta2": r"\nu", "gamma": "0.96^{1/250}", "eps": r"\epsilon"},
            "The average of gradients is decayed by the warmed-up momentum too.",
        ),
    ),
    rules.AdamW: (
        Paper(
            "Loshchilov and Hutter (2019)",
            "loshchilov2019",
            {
                "lr": r"\eta_t \alpha",
                "beta1": r"\beta_1",
                "beta2": r"\beta_2",
                "eps": r"\epsilon",
                "weight_decay": r"\lambda / \alpha",
            },
            "The schedule multiplies the decay and the base rate does not.",
        ),
    ),
    rules.Lion: (
        Paper(
            "Chen et al. (2023)",
            "chen2023",
            {"lr": r"\eta", "beta1": r"\beta_1", "beta2": r"\beta_2", "weight_decay": r"\lambda"},
        ),
    ),
}
