"""Light and dark twins of the gallery's figures.

A script draws once, with the light palette. Here every color of that palette is replaced by its dark partner in a
second file, and a page shows the one that suits its reader's mode.
"""

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

FIGURE = re.compile(r"/gallery/(.*/)?images/(thumb/sphx_glr_\w+\.png|sphx_glr_\w+\.svg)")


def found(pattern: str, svg: str) -> str:
    """Return the first group of a pattern in a drawing, which has it because a scraper of ours wrote it."""
    match = re.search(pattern, svg, re.DOTALL)
    if match is None:
        raise ExtensionError(f"a figure of the gallery lacks {pattern}: it was not saved by scripts.save_figures")
    return match[1]


@cache
def partners() -> dict[str, str]:
    """Return each light color's dark partner."""
    from optimtext.looks import DARK, LIGHT

    pairs: dict[str, str] = {}
    for name, light in LIGHT.items():
        if pairs.setdefault(light.lower(), DARK[name].lower()) != DARK[name].lower():
            raise ExtensionError(f"looks.LIGHT uses {light} twice, with two dark partners: {name} needs its own")
    if "#000000" in pairs:
        raise ExtensionError("looks.LIGHT has #000000, which SVG leaves out as its default: take a near-black")
    return pairs


def darken(svg: str) -> str:
    """Replace the light palette by the dark one, all colors at once."""
    pairs = partners()
    return re.sub(r"#[0-9a-fA-F]{6}\b", lambda color: pairs.get(color[0].lower(), color[0]), svg)


def paint(app: Sphinx) -> None:
    """Write the dark twin of every figure, unless it is there already; thumbnails come in both modes."""
    for light in Path(app.srcdir, "gallery").glob("**/images/*.svg"):
        if not light.stem.endswith("_dark"):
            dark = light.with_stem(light.stem + "_dark")
            svg = darken(light.read_text(encoding="utf-8"))
            if not dark.exists() or dark.read_text(encoding="utf-8") != svg:
                dark.write_text(svg, encoding="utf-8")


def drawing(path: Path) -> tuple[int, int, str]:
    """Return width and height of a figure in pixels, and its title for those who cannot see it."""
    head = path.read_text(encoding="utf-8")[:2000]
    width, height = (round(float(found(rf'{side}="([\d.]+)pt"', head)) * 4 / 3) for side in ("width", "height"))
    return width, height, unescape(found(r"<title>(.*?)</title>", head))


def small(path: Path) -> tuple[int, int, str]:
    """Return the same of a thumbnail, which sits in a link that has a text: there it adds nothing to hear."""
    with Image.open(path) as picture:
        return *picture.size, ""


class Pair(SphinxTransform):
    """Put both renderings on the page, with size and alternative text as the file itself gives them."""

    default_priority = 210

    def apply(self, **kwargs: Any) -> None:
        """Replace each image of a script by its two renderings."""
        for image in list(self.document.findall(nodes.image)):
            path = Path(self.env.srcdir, image["uri"][1:])
            if not FIGURE.fullmatch(image["uri"]) or not path.exists():
                continue
            thumbnail = path.suffix == ".png"
            width, height, image["alt"] = small(path) if thumbnail else drawing(path)
            image["width"], image["height"], image["loading"] = str(width), str(height), "lazy"
            dark = image.deepcopy()
            dark["uri"] = Path(image["uri"]).with_stem(path.stem + "_dark").as_posix()
            image["classes"].append("only-light")
            dark["classes"].append("only-dark")
            pair = [image.deepcopy(), dark]
            image.parent.replace(image, pair if thumbnail else nodes.container("", *pair, classes=["plate"]))


class OneMode(SphinxPostTransform):
    """Keep the light rendering only where no style sheet chooses: in every format but the site."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Remove the dark twins."""
        if self.app.builder.name not in ("html", "dirhtml", "singlehtml"):
            for image in list(self.document.findall(nodes.image)):
                if "only-dark" in image["classes"]:
                    image.parent.remove(image)


def setup(app: Sphinx) -> dict[str, Any]:
    """Paint after Sphinx-Gallery has run the scripts (its priority is 500), and pair while reading."""
    app.connect("builder-inited", paint, priority=900)
    app.add_transform(Pair)
    app.add_post_transform(OneMode)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
