"""What a figure of the gallery says to those who cannot see it."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

EXT = Path(__file__).parents[1] / "docs" / "_ext"


@pytest.fixture(scope="module")
def described():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXT)
        yield importlib.import_module("described")


def grid(*shape, **options):
    figure = Figure()
    return figure, figure.subplots(*shape, **options)


def test_a_panel_tells_title_kind_axes_scale_and_names(described):
    figure, ax = grid()
    ax.plot([1, 2], [1, 2], label=r"momentum, $\beta = 0.9$")
    ax.plot([1], [2], "o", label="best")
    ax.set(yscale="log", xlabel="step $k$", ylabel="loss (kg²)")
    ax.set_title("It falls", loc="left")
    ax.legend()
    assert described.describe(figure) == (
        "It falls. Lines and marks: loss (kg², logarithmic) against step k. Legend: momentum, β = 0.9; best."
    )


def test_alike_panels_are_told_together(described):
    figure, axes = grid(1, 2)
    for ax, name in zip(axes, ("before", "after"), strict=True):
        ax.plot([1, 2], [1, 2])
        ax.set(title=name, xlabel="step")
    axes[0].set_ylabel("loss")
    assert described.describe(figure) == "Two panels with lines, loss against step: before; after."


def test_different_panels_are_told_one_by_one(described):
    figure, (left, right) = grid(1, 2)
    figure.suptitle("The same run, twice")
    left.contour(np.add.outer(np.arange(3), np.arange(4)))
    left.set(title="From above", xlabel="w", ylabel="b")
    right.bar(["Adam", "SGD"], [1, 2])
    right.set(title="In the end", ylabel="steps")
    assert described.describe(figure) == (
        "The same run, twice. Two panels. Panel 1, From above: level lines, b against w."
        " Panel 2, In the end: bars, vertically steps; columns: Adam, SGD."
    )


def test_labels_of_the_whole_figure_serve_every_panel(described):
    figure, axes = grid(2, 1)
    for ax in axes:
        ax.scatter([1], [2])
    figure.suptitle("Points")
    figure.supxlabel("place")
    figure.supylabel("digit")
    assert described.describe(figure) == "Points. Two panels with marks, digit against place."


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (lambda ax: ax.plot([1, 2], [1, 2]), "Lines"),
        (lambda ax: ax.plot([1, 2], [1, 2], "o"), "Marks"),
        (lambda ax: ax.plot([1, 2], [1, 2], "o-"), "Lines and marks"),
        (lambda ax: ax.imshow([[1, 2]]), "Shades"),
        (lambda ax: ax.pcolormesh([[1, 2]]), "Shades"),
        (lambda ax: ax.contourf([[1, 2], [3, 4]]), "Shades"),
        (lambda ax: ax.fill_between([1, 2], [1, 2]), "Areas"),
        (lambda ax: ax.hist([1, 2]), "Bars"),
        (lambda ax: ax.quiver([1], [1], [1], [1]), "Arrows"),
        (lambda ax: ax.vlines([1, 2], 0, 1), "Lines"),
    ],
)
def test_a_panel_is_called_by_what_it_is_drawn_with(described, draw, kind):
    figure, ax = grid()
    draw(ax)
    ax.set_title("Title")
    assert described.describe(figure) == f"Title. {kind}."


def test_words_beside_lines_are_told_and_numbers_are_not(described):
    figure, ax = grid()
    ax.plot([1, 2], [1, 2])
    ax.set_title("Is it near?")
    for text in ("limit", "3.5", "1e-08"):
        ax.text(1, 1, text)
    assert described.describe(figure) == "Is it near? Lines. Written in it: limit."


def test_color_bars_and_empty_panels_are_no_panels(described):
    figure, axes = grid(1, 2)
    figure.colorbar(axes[0].imshow([[1, 2]]), ax=axes[0])
    axes[0].set_title("Heights")
    axes[1].axis("off")
    assert described.describe(figure) == "Heights. Shades."


@pytest.mark.parametrize("count", [1, 3, 20, 100])
def test_a_text_stays_short_and_keeps_its_axes(described, count):
    figure, ax = grid()
    for number in range(count):
        ax.plot([1, 2], [1, number], label=f"the rule of number {number} with its rate")
    ax.set(title="Many", xlabel="step", ylabel="loss")
    ax.legend()
    text = described.describe(figure)
    assert text.startswith("Many. Lines: loss against step.")
    assert len(text) < described.LONGEST


def test_even_a_figure_of_many_long_titles_stays_short(described):
    figure, axes = grid(4, 3)
    for number, ax in enumerate(axes.flat):
        ax.plot([1, 2], [1, number])
        ax.set(title=f"panel {number} " * 10, ylabel=f"quantity {number}")
    text = described.describe(figure)
    assert len(text) < described.LONGEST
    assert text.endswith("…")


def test_a_figure_without_a_title_has_no_text(described):
    figure, ax = grid()
    ax.plot([1, 2], [1, 2])
    assert described.describe(figure) == ""
