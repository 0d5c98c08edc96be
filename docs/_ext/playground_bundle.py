"""The modules of the playground's view in one file, and all of its scripts without what only their authors read.

Fifty small modules are right for those who write them, but each of them would cost a request, and they compress badly
one by one. Since every name of the view is unique among its modules, which is checked here, they can share one scope.
"""

import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from sphinx.errors import ExtensionError

IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
TOP = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+|\[[^\]]*\]|\{[^}]*\})", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class))", re.MULTILINE)


def lean(text: str) -> str:
    """Return a script without comments that fill whole lines, and without indentation outside of template strings.

    Raises
    ------
    ExtensionError
        If the backquotes of template strings cannot be paired.
    """
    text = re.sub(r"^[ \t]*/\*.*?\*/[ \t]*\n", "", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(f"{line}\n" for line in _lines(text) if line)


def _lines(text: str) -> Iterator[str]:
    inside = False  # a template string, whose line breaks and blanks are its own
    for line in text.splitlines():
        if inside or not line.lstrip().startswith("//"):
            yield line if inside else line.strip()
        inside ^= line.count("`") % 2 == 1
    if inside:
        raise ExtensionError("a backquote that is no template string's hides the rest of a script: write it as \\x60")


def bundle(folder: Path) -> str:
    """Return the modules of a folder as one, which exports whatever they export.

    Raises
    ------
    ExtensionError
        If two modules use one name, or one gives a second name to what it imports.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}
    needs: dict[str, set[str]] = {name: set() for name in texts}
    outside: dict[str, set[str]] = {}
    for name, text in texts.items():
        for names, source in IMPORT.findall(text):
            wanted = {word.strip() for word in names.split(",") if word.strip()}
            if any(" as " in word for word in wanted):
                raise ExtensionError(f"{name}: modules of the view share one scope, so none can rename {names.strip()}")
            if source.startswith("./"):
                needs[name].add(source[2:])
            else:
                outside.setdefault(source.removeprefix("."), set()).update(wanted)
    _check_unique(texts, outside)
    order = list(TopologicalSorter(needs).static_order())
    offered = [
        name
        for text in texts.values()
        for name in re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", text, re.MULTILINE)
    ]
    head = [f'import {{ {", ".join(sorted(names))} }} from "{source}";\n' for source, names in sorted(outside.items())]
    body = [EXPORT.sub("", IMPORT.sub("", texts[name])) for name in order]
    return "".join([*head, *body, f"export {{ {', '.join(offered)} }};\n"])


def _check_unique(texts: dict[str, str], outside: dict[str, set[str]]) -> None:
    owner = {name: source for source, names in outside.items() for name in names}
    for module, text in texts.items():
        for found in TOP.findall(text):
            for name in re.findall(r"\w+", found):
                if owner.setdefault(name, module) != module:
                    raise ExtensionError(f"{module} and {owner[name]} both have a name {name} at their top")
