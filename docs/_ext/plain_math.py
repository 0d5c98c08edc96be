r"""Mathematics as a line of plain characters, for those who hear a label and do not see it.

Greek letters, signs, powers and indices have characters of their own: `$\alpha^2 \le 1$` is read as α² ≤ 1. What has
none stays as letters, without the commands around them. Meant for the labels of figures, not for whole formulas.
"""

import re
import unicodedata

SIGNS = {
    "lambda": "λ",  # which has a name of its own in Unicode, without the b
    "Lambda": "Λ",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "approx": "≈",
    "cdot": "·",
    "times": "×",
    "pm": "±",
    "to": "→",
    "infty": "∞",
    "partial": "∂",
    "nabla": "∇",
    "sum": "sum of ",
    "prod": "product of ",
    "dots": "…",
    "star": "*",
    "top": "ᵀ",
    "prime": "′",
    "lVert": "‖",
    "rVert": "‖",
    "Vert": "‖",
    "lvert": "|",
    "rvert": "|",
    "mid": "|",
    "ell": "ℓ",
    "quad": " ",
    "qquad": " ",
}
RAISED = str.maketrans("0123456789+-−=()nikt*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵏᵗ*")
LOWERED = str.maketrans("0123456789+-−=()aeijkmnptx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₖₘₙₚₜₓ")
# A power or an index that has been dealt with must not be found once more.
DONE = {"^": "\0", "_": "\1"}
# Commands that only say how letters look: what is in their braces stays.
LOOKS = re.compile(r"([\^_]?)\s*\\(?:text|mathrm|mathbf|mathbb|mathcal|mathsf|operatorname|textsf)\s*\{([^{}]*)\}")


def command(match: re.Match[str]) -> str:
    """Return the character of a command, or its name where there is none (as of a logarithm)."""
    name = match[1]
    if name in SIGNS:
        return SIGNS[name]
    plain = name.removeprefix("var")
    case = "CAPITAL" if plain[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {plain.upper()}")
    except KeyError:
        return name


def moved(match: re.Match[str]) -> str:
    """Return a power or an index in small characters if all of its own have such a form."""
    mark, content = match[1], (match[2] or match[3]).strip()
    table = RAISED if mark == "^" else LOWERED
    if all(ord(character) in table for character in content):
        return content.translate(table)
    return DONE[mark] + (content if content.isalnum() else f"({content})")


def grouped(text: str) -> str:
    """Put brackets around what is more than one name or number."""
    return text if text.isalnum() else f"({text})"


def formula(match: re.Match[str]) -> str:
    """Return what stands between two dollar signs."""
    text = LOOKS.sub(lambda m: f"{m[1]}{{{m[2]}}}" if m[1] else m[2], match[1])
    text = re.sub(r"\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])|\\[,;!]", "", text).replace(r"\|", "‖")
    text = re.sub(r"\\(?:hat|bar|tilde|vec)\s*(?:\{(\w)\}|(\w))", r"\1\2", text)
    text = re.sub(r"\\[td]?frac\s*(\w)\s*(\w)", r"\1/\2", text)
    text = re.sub(r"\\(?![td]?frac|sqrt)([a-zA-Z]+)", command, text)
    before = ""
    while text != before:  # from the inside outward, as braces may stand in braces
        before = text
        text = re.sub(r"\\[td]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", lambda m: f"{grouped(m[1])}/{grouped(m[2])}", text)
        text = re.sub(r"\\sqrt\s*(?:\{([^{}]*)\}|(\w))", lambda m: "√" + grouped(m[1] or m[2]), text)
        text = re.sub(r"([\^_])\s*(?:\{([^{}\\]*)\}|([^\s{}\\^_]))", moved, text)
    return text.translate(str.maketrans(f"-{DONE['^']}{DONE['_']}", "−^_", "{}"))


def plain(label: str) -> str:
    """Return a label with its formulas in plain characters, in one line."""
    return " ".join(re.sub(r"\$([^$]*)\$", formula, label).split())
