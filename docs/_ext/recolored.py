"""A figure drawn once more: small, as pixels, and in other colors.

What `twins` does to the text of a drawing, this does to the colors on their way to the pixels: a picture file has no
text in which to replace them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex, to_rgb, to_rgba
from PIL import Image

# A drawing has few colors, each fading to nothing along its edges; with fewer shades the method below mixes them up.
_SHADES = 64
# Where the colors stand among the arguments, the context being the first.
_COLORS = {"draw_markers": (5,), "draw_path_collection": (6, 7), "draw_quad_mesh": (7, 9)}


def save_small(figure: Any, path: Path, box: tuple[int, int], colors: dict[str, str]) -> None:
    """Save a figure as a small PNG file.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn as it stands.
    path : pathlib.Path
        The file to write.
    box : tuple of two int
        Width and height that it must not exceed, in pixels.
    colors : dict of str
        Which color to draw instead of which, both as ``#rrggbb``. One that is not among them stays, and so does what
        a figure shows as an image.
    """
    usual = figure.canvas
    _Canvas(figure, colors)  # takes the place of the usual one
    try:
        dpi = min(box / figure.get_size_inches())
        figure.savefig(path, format="png", transparent=True, dpi=dpi)
    finally:
        figure.set_canvas(usual)
    # A palette takes a third of the bytes; this is the method that keeps what is transparent.
    with Image.open(path) as drawn:
        small = drawn.convert("RGBA").quantize(_SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


class _Palette:
    def __init__(self, colors: dict[str, str]) -> None:
        self.partners = {light.lower(): to_rgb(dark) for light, dark in colors.items()}

    def one(self, color: Any) -> Any:
        return (*self.partners.get(to_hex(color[:3]), color[:3]), *color[3:])

    def many(self, colors: Any) -> Any:
        if colors is None or len(colors) == 0:
            return colors
        return self.one(colors) if np.ndim(colors) == 1 else np.array([self.one(color) for color in colors])


class _Canvas(FigureCanvasAgg):
    def __init__(self, figure: Any, colors: dict[str, str]) -> None:
        super().__init__(figure)
        self.palette = _Palette(colors)

    def get_renderer(self) -> RendererAgg:
        return _Renderer(*self.figure.bbox.size, self.figure.dpi, self.palette)


class _Renderer(RendererAgg):
    def __init__(self, width: float, height: float, dpi: float, palette: _Palette) -> None:
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]  # Matplotlib's backends carry no types
        self.palette = palette
        for name, places in _COLORS.items():  # which Agg binds to the object: a method of the class would not be called
            setattr(self, name, self._recoloring(getattr(self, name), places))

    def _recoloring(self, draw: Callable[..., None], places: tuple[int, ...]) -> Callable[..., None]:
        def recolored(*arguments: Any, **more: Any) -> None:
            draw(*(self.palette.many(one) if i in places else one for i, one in enumerate(arguments)), **more)

        return recolored

    def new_gc(self) -> GraphicsContextBase:
        return _Context(self.palette)

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803  # Matplotlib's name
        face = self.palette.many(rgbFace)
        super().draw_path(gc, path, transform, face)  # type: ignore[no-untyped-call]  # Matplotlib's backends carry no types


class _Context(GraphicsContextBase):
    def __init__(self, palette: _Palette) -> None:
        self.palette = palette
        super().__init__()

    def set_foreground(self, fg: Any, isRGBA: bool = False) -> None:  # noqa: FBT001, FBT002, N803  # Matplotlib's own
        super().set_foreground(self.palette.one(tuple(fg) if isRGBA else to_rgba(fg)), isRGBA=True)

    def set_hatch_color(self, hatch_color: Any) -> None:
        super().set_hatch_color(self.palette.one(to_rgba(hatch_color)))
