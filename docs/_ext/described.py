"""What a figure shows, in sentences, for those who cannot see it.

The words are those of the figure itself: its titles, what its panels are made of, its axes with their units, the names
in its legends and those written beside lines. What it means is told by the text around it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.contour import ContourSet
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon
from matplotlib.quiver import Quiver
from matplotlib.ticker import FixedFormatter, FuncFormatter
from plain_math import plain

LONGEST = 500  # characters: about half a minute of listening
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def title(ax: Any) -> str:
    """Return the title of a panel, wherever it stands above it."""
    return " ".join(filter(None, (plain(ax.get_title(place)) for place in ("left", "center", "right"))))


def worded(text: str) -> bool:
    """Return whether a text is more than a number (as 1e-8) and signs."""
    return any(character.isalpha() for character in re.sub(r"\de[+−-]?\d", "", text))


def made_of(ax: Any) -> str:
    """Return what a panel is drawn with, from the ground up."""
    drawn = [artist for artist in (*ax.collections, *ax.patches, *ax.images) if artist.get_visible()]
    arrows = [artist for artist in drawn if isinstance(artist, Quiver)]
    drawn = [artist for artist in drawn if artist not in arrows]
    lines = [line for line in ax.lines if line.get_visible() and len(line.get_xdata())]
    nothing = ("None", "", " ", None)

    def has(*kinds: type) -> bool:
        return any(isinstance(artist, kinds) for artist in drawn)

    filled = {artist.filled for artist in drawn if isinstance(artist, ContourSet)}
    parts = {
        "shades": True in filled or has(QuadMesh, AxesImage),
        "level lines": False in filled,
        "areas": has(PolyCollection, Polygon),
        "bars": any(isinstance(container, BarContainer) for container in ax.containers),
        "arrows": bool(arrows),
        "lines": has(LineCollection) or any(line.get_linestyle() not in nothing for line in lines),
        "marks": has(PathCollection) or any(line.get_marker() not in nothing for line in lines),
    }
    return spoken([name for name, there in parts.items() if there]) or "text"


def spoken(names: list[str]) -> str:
    """Return a list as one speaks it."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def separated(names: list[str]) -> str:
    """Return a list whose items may have commas of their own."""
    return ("; " if any("," in name for name in names) else ", ").join(names)


def beside(ax: Any, which: str) -> list[Any]:
    """Return the panels below and above one (for x) or left and right of it (for y), the panel itself first."""
    span = {"x": "colspan", "y": "rowspan"}[which]
    others = [other for other in ax.figure.axes if other is not ax and other.get_subplotspec() and ax.get_subplotspec()]
    own = getattr(ax.get_subplotspec(), span, None)
    return [ax, *(other for other in others if getattr(other.get_subplotspec(), span) == own)]


def axis_of(ax: Any, which: str) -> str:
    """Return the label of an axis and its scale; in a row or column of panels one label serves all."""
    labels = [getattr(panel, f"get_{which}label")() for panel in beside(ax, which)]
    label = plain(next(filter(None, labels), "") or getattr(ax.figure, f"get_sup{which}label")())
    if not label or getattr(ax, f"get_{which}scale")() != "log":
        return label
    return f"{label.removesuffix(')')}, logarithmic)" if label.endswith(")") else f"{label} (logarithmic)"


def axes_of(ax: Any) -> str:
    """Return what is drawn against what."""
    across, up = axis_of(ax, "x"), axis_of(ax, "y")
    if across and up:
        return f"{up} against {across}"
    return f"horizontally {across}" if across else f"vertically {up}" if up else ""


def rows_and_columns(ax: Any) -> Iterator[str]:
    """Return the names along axes that count things and not numbers."""
    for axis, what in ((ax.yaxis, "rows"), (ax.xaxis, "columns")):
        if isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter | StrCategoryFormatter):
            names = [plain(label.get_text()) for label in axis.get_ticklabels()]
            if any(map(worded, names)):
                yield f"{what}: {separated([name for name in names if name])}"


def unique(texts: Iterable[str]) -> list[str]:
    """Return texts in plain characters and in their order, each once."""
    return list(dict.fromkeys(filter(None, map(plain, texts))))


def listed(heading: str, names: list[str], most: int) -> str:
    """Return a sentence with a heading and at most so many names."""
    if not names or not most:
        return ""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return f" {heading}: {separated(names[:most])}{rest}."


def panels_in_words(panels: list[Any], *, rows: bool) -> str:
    """Return a sentence for the only panel, or for several that are alike, or one for each."""
    kinds = [made_of(ax) for ax in panels]
    about = ["; ".join(filter(None, (axes_of(ax), *(rows_and_columns(ax) if rows else ())))) for ax in panels]
    if len(panels) == 1:
        return f"{kinds[0].capitalize()}{': ' * bool(about[0])}{about[0]}."
    titles = [title(ax) for ax in panels]
    count = NUMBERS[len(panels)].capitalize() if len(panels) < len(NUMBERS) else str(len(panels))
    if len(set(kinds)) == len(set(about)) == 1:
        names = ": " * any(titles) + "; ".join(filter(None, titles))
        return f"{count} panels with {kinds[0]}{', ' * bool(about[0])}{about[0]}{names}."
    each = [
        f" Panel {number}{', ' * bool(name)}{name}: {kind}{', ' * bool(axes)}{axes}."
        for number, (name, kind, axes) in enumerate(zip(titles, kinds, about, strict=True), start=1)
    ]
    return f"{count} panels.{''.join(each)}"


def describe(figure: Any) -> str:
    """Return what a figure shows, in less than `LONGEST` characters, or nothing if it has no title.

    Where there is too much to say, what is written beside lines is left out first, then names, from the last on.
    """
    panels = [ax for ax in figure.axes if ax.get_visible() and ax.has_data() and ax.get_label() != "<colorbar>"]
    head = plain(figure.get_suptitle()) or (title(panels[0]) if len(panels) == 1 else "")
    if not head and not any(map(title, panels)):
        return ""
    stop = "" if not head else " " if head.endswith((".", "…", "?", "!")) else ". "
    legends = [*filter(None, (ax.get_legend() for ax in figure.axes)), *figure.legends]
    named = unique(text.get_text() for legend in legends for text in legend.get_texts())
    written = unique(text.get_text() for ax in panels for text in ax.texts if text.get_visible())
    written = [text for text in written if worded(text) and text not in named]
    text = ""
    for names, notes, rows in ((20, 8, True), (20, 4, True), (20, 0, True), (8, 0, True), (4, 0, False), (0, 0, False)):
        text = head + stop + panels_in_words(panels, rows=rows)
        text += listed("Legend", named, names) + listed("Written in it", written, notes)
        if len(text) < LONGEST:
            return text
    return text[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
