"""A figure drawn in other colors has the very pixels of one whose script used these colors to begin with."""

import importlib.util
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import style
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from PIL import Image

from optimtext.looks import DARK, LIGHT
from optimtext.plot import STYLE

FILE = Path(__file__).parents[1] / "docs" / "_ext" / "recolored.py"
PARTNERS = {LIGHT[name]: DARK[name] for name in LIGHT}
BOX = (200, 120)


@pytest.fixture(scope="module")
def recolored():
    spec = importlib.util.spec_from_file_location("recolored", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(ax, of):
    ax.plot([0, 1, 3], [1, 0, 2], "o--", color=of["Adam"], markerfacecolor=of["Lion"], markeredgecolor=of["accent"])
    ax.plot([0, 3], [2, 1], color=of["accent"], alpha=0.4, label="a line")
    ax.legend()


def words(ax, of):
    ax.set_title(r"A title with $\alpha^2$")
    ax.annotate("here", (0.2, 0.3), xytext=(0.6, 0.6), arrowprops={"arrowstyle": "->", "color": of["accent"]})
    ax.text(0.1, 0.8, "boxed", color=of["muted"], bbox={"facecolor": of["contour0"], "edgecolor": of["Adam"]})


def areas(ax, of):
    ax.fill_between([0, 1, 2], [0, 1, 0], color=of["accent"], alpha=0.2, linewidth=0)
    ax.bar([0, 1], [0.5, 0.3], color=of["Momentum"], edgecolor=of["Nesterov"], hatch="/")
    ax.axvspan(1.2, 1.6, color=of["muted"], alpha=0.3)


def points(ax, of):
    x = np.arange(4.0)
    ax.scatter(x, x, color=of["accent"], edgecolor=of["Adam"])
    ax.scatter(x, x[::-1], color=[of["Adam"], of["accent"], of["muted"], of["contour0"]], s=[9, 20, 40, 60])


def levels(ax, of):
    x = np.linspace(-1, 1, 20)
    ax.contour(x, x, x**2 + x[:, None] ** 2, colors=[of["contour0"], of["contour2"]], levels=[0.3, 0.8])


def cells(ax, of):
    colors = [of["Adam"], of["accent"], of["contour1"], of["muted"]]
    ax.pcolormesh(np.arange(4.0).reshape(2, 2), cmap=ListedColormap(colors))


every_part = pytest.mark.parametrize(
    "part", [lines, words, areas, points, levels, cells], ids=lambda part: part.__name__
)


def saved(recolored, path, part, of, colors):
    """Draw a part in the book's style with one of the palettes, save it small, and return the pixels."""
    names = {light: name for name, light in LIGHT.items()}
    with mpl.rc_context():
        style.use(STYLE)
        colors_of_the_style = {key: str(value) for key, value in mpl.rcParams.items() if str(value) in names}
        assert "text.color" in colors_of_the_style
        mpl.rcParams.update({key: of[names[light]] for key, light in colors_of_the_style.items()})
        figure = Figure(figsize=(6, 3))
        part(figure.add_subplot(), of)
        recolored.save_small(figure, path, BOX, colors)
    with Image.open(path) as picture:
        assert picture.size == (200, 100)
        return np.asarray(picture.convert("RGBA"))


@every_part
def test_every_color_is_replaced_by_its_partner(recolored, part, tmp_path):
    light = saved(recolored, tmp_path / "light.png", part, LIGHT, {})
    turned = saved(recolored, tmp_path / "turned.png", part, LIGHT, PARTNERS)
    dark = saved(recolored, tmp_path / "dark.png", part, DARK, {})
    np.testing.assert_array_equal(turned, dark)
    assert (light != dark).any()


def test_the_figure_keeps_its_canvas(recolored, tmp_path):
    figure = Figure()
    figure.add_subplot()
    before = figure.canvas
    recolored.save_small(figure, tmp_path / "small.png", BOX, PARTNERS)
    assert figure.canvas is before


def test_the_bytes_are_few_and_the_same_on_every_run(recolored, tmp_path):
    sizes = []
    for name in ("one", "other"):
        saved(recolored, tmp_path / f"{name}.png", lines, LIGHT, PARTNERS)
        sizes.append((tmp_path / f"{name}.png").read_bytes())
    assert sizes[0] == sizes[1]
    assert len(sizes[0]) < 6000
