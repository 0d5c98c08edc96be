"""Colors, dashes and markers: one identity for each rule, legible in both modes, no matplotlib to know it."""

import itertools
import re
import subprocess
import sys
from importlib.resources import files

import pytest

import optimtext as ot
from optimtext import looks

NAMES = [cls.__name__ for cls in ot.rules.ALL]
modes = pytest.mark.parametrize("palette", [looks.LIGHT, looks.DARK], ids=["light", "dark"])


def luminance(color: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_both_palettes_have_the_same_keys() -> None:
    assert list(looks.LIGHT) == list(looks.DARK)


@modes
def test_colors_are_written_the_way_they_are_replaced(palette: dict[str, str]) -> None:
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in palette.values())


def test_no_color_stands_twice_in_the_light_palette() -> None:
    """Dark mode replaces one hexadecimal number by another, so each must have one meaning."""
    assert len(set(looks.LIGHT.values())) == len(looks.LIGHT)


def test_no_replacement_is_replaced_again() -> None:
    assert not set(looks.LIGHT.values()) & set(looks.DARK.values())


@modes
@pytest.mark.parametrize("name", [*NAMES, "OTHER", "accent"])
def test_lines_stand_out_from_the_ground(palette: dict[str, str], name: str) -> None:
    assert contrast(palette[name], palette["ground"]) >= 3


@modes
@pytest.mark.parametrize("name", ["ink", "muted"])
def test_text_is_legible_on_the_ground(palette: dict[str, str], name: str) -> None:
    assert contrast(palette[name], palette["ground"]) >= 4.5


@modes
def test_contours_fade_in_order_and_stay_behind_the_lines(palette: dict[str, str]) -> None:
    levels = [contrast(palette[f"contour{i}"], palette["ground"]) for i in range(8)]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] > 1.2
    assert max(levels) < min(contrast(palette[name], palette["ground"]) for name in [*NAMES, "ink"])


@modes
def test_rules_have_different_colors(palette: dict[str, str]) -> None:
    colors = [palette[name] for name in [*NAMES, "OTHER"]]
    assert len(set(colors)) == len(colors)


def test_every_rule_has_an_identity_and_there_is_none_without_a_rule() -> None:
    assert list(looks.RULES) == NAMES


@pytest.mark.parametrize("rule_class", ot.rules.ALL, ids=NAMES)
def test_a_rule_its_class_and_its_name_look_the_same(rule_class: type[ot.Rule]) -> None:
    name = rule_class.__name__
    for subject in (name, rule_class, rule_class()):
        assert looks.identity(subject) is looks.RULES[name]
        assert looks.color(subject) == looks.LIGHT[name]


def test_rules_of_others_share_the_looks_of_others() -> None:
    class Own:
        pass

    for subject in (Own, Own(), "Own"):
        assert looks.identity(subject) is looks.OTHER
        assert looks.color(subject) == looks.LIGHT["OTHER"]


def test_color_is_never_the_only_difference() -> None:
    everyone = [*looks.RULES.values(), looks.OTHER]
    for one, other in itertools.combinations(everyone, 2):
        assert one.dash != other.dash
        assert one.marker != other.marker
        assert one.label != other.label
    assert all(len(identity.dash) % 2 == 0 and all(d > 0 for d in identity.dash) for identity in everyone)


def test_the_style_sheet_uses_colors_of_the_light_palette_only() -> None:
    sheet = (files("optimtext") / "optimtext.mplstyle").read_text(encoding="utf-8")
    settings = [line for line in sheet.splitlines() if line.strip() and not line.startswith("#")]
    found = [color for line in settings for color in re.findall(r"\b[0-9a-fA-F]{6}\b", line)]
    assert len(found) > 10
    assert {f"#{color}" for color in found} <= set(looks.LIGHT.values())


def test_the_color_cycle_is_the_rules_colors() -> None:
    sheet = (files("optimtext") / "optimtext.mplstyle").read_text(encoding="utf-8")
    (cycle,) = re.findall(r"cycler\('color', \[(.*)\]\)", sheet)
    assert sorted(f"#{color}" for color in re.findall("[0-9a-f]{6}", cycle)) == sorted(looks.LIGHT[n] for n in NAMES)


@pytest.mark.parametrize("statement", ["import optimtext", "from optimtext import looks, emit, theory, datasets"])
def test_importing_the_package_imports_no_matplotlib(statement: str) -> None:
    code = f"import sys; {statement}; print([name for name in sys.modules if name.startswith('matplotlib')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_plot_is_there_when_asked_for_and_an_unknown_name_is_not() -> None:
    assert {"plot", "emit", "theory", "datasets", "looks"} <= set(dir(ot))
    with pytest.raises(AttributeError, match="module 'optimtext' has no attribute 'plots'"):
        _ = ot.plots
