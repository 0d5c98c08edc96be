"""The picture that stands for a playground until it is touched: the same map, drawn while the book is built.

Its colors are variables of the style sheet, so that one drawing serves both modes.
"""

from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT = 720, 450
GRID = 181  # points along the longer side, so that small ellipses are round
FAR = 5000  # pixels from the middle
APART = 5  # pixels between two points of a level line, so that the picture has some kilobytes only


def picture(state: dict[str, Any]) -> str:
    """Return the map of a preset as SVG: level lines, minimizers, the paths of the rules, their start.

    Raises
    ------
    AttributeError, TypeError, ValueError
        If the package has no such surface or rule, or refuses a number.
    """
    import optimtext as ot
    from optimtext import looks

    surface = getattr(ot.surfaces, state["surface"]["name"])(**state["surface"]["hyper"])
    view = _View(surface.window)
    parts = [*_contours(surface, view), *(_star(*view.at(point)) for point in surface.minimizers)]
    for entry in state["rules"]:
        rule = getattr(ot.rules, entry["name"])(**entry["hyper"])
        run = ot.minimize(surface, state["start"], rule, max_steps=state["steps"])
        color = f"var(--rule-{entry['name'].lower()})"
        dash = " ".join(f"{2 * length:g}" for length in looks.identity(rule).dash)
        path = view.path(run.trace.theta)
        # What is to be predicted is not drawn; the start is.
        if not state["hidden"]:
            parts.append(f'<path d="{path}" stroke="var(--look-ground)" stroke-width="5"/>')
            parts.append(f'<path d="{path}" stroke="{color}" stroke-width="2.2" stroke-dasharray="{dash}"/>')
    x, y = view.at(state["start"])
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" stroke="var(--look-ink)" stroke-width="2.5"/>')
    names = ", ".join(looks.identity(entry["name"]).label for entry in state["rules"])
    title = f"{state['surface']['name']}, from above" + ("" if state["hidden"] else f", with the paths of: {names}")
    return (
        f'<svg class="playground-picture" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" fill="none" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


class _View:
    """Equal scales on both axes, the window in the middle, as in geometry.js."""

    def __init__(self, window: Any) -> None:
        (x0, x1), (y0, y1) = window
        self.scale = min(WIDTH / (x1 - x0), HEIGHT / (y1 - y0))
        self.left = (x0 + x1) / 2 - WIDTH / 2 / self.scale
        self.top = (y0 + y1) / 2 + HEIGHT / 2 / self.scale

    def at(self, point: Any) -> tuple[float, float]:
        return float((point[0] - self.left) * self.scale), float((self.top - point[1]) * self.scale)

    def path(self, points: Any, apart: float = 0.5) -> str:
        drawn: list[tuple[float, float]] = []
        for point in points:
            x, y = self.at(point)
            if not np.isfinite(x + y):
                break
            away = float(np.hypot(x - WIDTH / 2, y - HEIGHT / 2)) / FAR
            if away > 1:  # a run that explodes is drawn this far and no further
                drawn.append((WIDTH / 2 + (x - WIDTH / 2) / away, HEIGHT / 2 + (y - HEIGHT / 2) / away))
                break
            if not drawn or abs(x - drawn[-1][0]) + abs(y - drawn[-1][1]) > apart:
                drawn.append((x, y))
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)


def _contours(surface: Any, view: _View) -> list[str]:
    from contourpy import contour_generator

    from optimtext.surfaces.picture import levels

    columns, rows = GRID, round(GRID * HEIGHT / WIDTH)
    x = view.left + np.linspace(0, WIDTH, columns) / view.scale
    y = view.top - np.linspace(HEIGHT, 0, rows) / view.scale
    height = surface.loss(np.stack(np.meshgrid(x, y), axis=-1))
    lines = contour_generator(x, y, height)
    paths = []
    for i, level in enumerate(levels(surface)):
        d = "".join(view.path(line, APART) for line in lines.lines(level))
        if d:
            paths.append(f'<path d="{d}" stroke="var(--look-contour{i})"/>')
    return paths


def _star(x: float, y: float) -> str:
    turns = -np.pi / 2 + np.arange(10) * np.pi / 5
    radii = np.where(np.arange(10) % 2, 3.8, 9.0)
    corners = " ".join(f"{x + r * np.cos(t):.1f},{y + r * np.sin(t):.1f}" for r, t in zip(radii, turns, strict=True))
    return f'<polygon points="{corners}" fill="var(--look-accent)"/>'
