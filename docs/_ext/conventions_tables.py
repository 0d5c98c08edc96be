"""One table for each rule: what it and its hyper-parameters are called in libraries and papers.

    ```{conventions}
    ```

All of it comes from `optimtext.conventions`, whose tests run the libraries; nothing on the page is typed.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

LIBRARIES = ("PyTorch", "optax", "Keras")


def shown(name: Any) -> str:
    """Return a library's argument and its default."""
    if name is None:
        return "–"
    default = "" if name.default == "required" else f" = {name.default}"
    return f"`{name.name}{default}`"


def code_in(sentence: str) -> str:
    """Set the arguments that a sentence quotes as code, leave its formulas, and let it end with a period."""
    parts = sentence.split("$")
    parts[::2] = [re.sub(r"(?<![`\w])(\w+_\w+|beta2\*\*t|eps)(?![`\w])", r"`\1`", part) for part in parts[::2]]
    marked = "$".join(parts)
    return marked[0].upper() + marked[1:].rstrip(".") + "."


def section(rule: type[Any]) -> str:
    """Return the section of one rule as MyST."""
    from optimtext import conventions, looks

    table = conventions.table(rule)
    sources = list(dict.fromkeys(source for row in table.rows for source in row.papers))
    head = ["here", *(f"{name}: `{call}`" for name, call in table.calls.items()), *sources]
    lines = [f"## {looks.identity(rule).label[0].upper()}{looks.identity(rule).label[1:]}", ""]
    lines += [f"{{class}}`optimtext.{rule.__name__}`", ""]
    lines += ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in table.rows:
        cells = [f"${row.symbol}$, `{row.argument} = {row.default}`"]
        cells += [shown(row.libraries.get(library)) for library in table.calls]
        cells += [f"${row.papers[source]}$" if source in row.papers else "–" for source in sources]
        lines.append("| " + " | ".join(cells) + " |")
    lines.append("")
    for library, fixed in table.fixed.items():
        lines += [
            f"{library} needs besides: " + ", ".join(f"`{name}={value}`" for name, value in fixed.items()) + ".",
            "",
        ]
    for source, said in table.notes.items():
        verb = "" if source not in LIBRARIES else " differs" if source in table.calls else " has no equivalent"
        lines += [f"**{source}**{verb}: " + " ".join(code_in(one) for one in said), ""]
    return "\n".join(lines)


class Conventions(SphinxDirective):
    """The sections of all rules."""

    def run(self) -> list[nodes.Node]:
        """Return one section a rule, made from the package's data."""
        from optimtext import conventions, rules

        for source in Path(conventions.__file__).parent.glob("*.py"):
            self.env.note_dependency(str(source))
        text = "\n\n".join(section(rule) for rule in rules.ALL)
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("conventions", Conventions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
