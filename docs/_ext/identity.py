"""The colors of the package, as variables of the style sheet: --rule-adam, --look-grid, … in both modes."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def variables(palette: dict[str, str]) -> str:
    """Return one palette as CSS declarations: a rule's color by the rule's name, any other by its own."""
    from optimtext.looks import RULES

    prefix = {True: "rule", False: "look"}
    return " ".join(f"--{prefix[name in RULES]}-{name.lower()}: {color};" for name, color in palette.items())


def style_sheet() -> str:
    """Return the style sheet: light, then dark where the reader chose it or the system asks for it."""
    from optimtext.looks import DARK, LIGHT, RULES

    dark = variables(DARK)
    rules = " ".join(f".rule-{name.lower()} {{ --rule-color: var(--rule-{name.lower()}); }}" for name in RULES)
    return f"""body {{ {variables(LIGHT)} }}
{rules}
@media not print {{
  body[data-theme="dark"] {{ {dark} }}
  @media (prefers-color-scheme: dark) {{ body:not([data-theme="light"]) {{ {dark} }} }}
}}
"""


def write(app: Sphinx) -> None:
    """Write the style sheet before the pages that name it."""
    if app.builder.format == "html":
        path = Path(app.outdir, "_static", "looks.css")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(style_sheet(), encoding="utf-8")
        app.add_css_file("looks.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the start of the build."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
