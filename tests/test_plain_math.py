"""Formulas as a line of plain characters: what a label of a figure sounds like."""

import importlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

EXT = Path(__file__).parents[1] / "docs" / "_ext"


@pytest.fixture(scope="module")
def plain():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXT)
        yield importlib.import_module("plain_math").plain


@pytest.mark.parametrize(
    ("label", "spoken"),
    [
        ("loss (kg²)", "loss (kg²)"),
        (r"rate $\alpha$", "rate α"),
        (r"$\lambda = 2$, $\Sigma$ and $\varepsilon$", "λ = 2, Σ and ε"),
        (r"$\theta_1$ and $w_{10}$", "θ₁ and w₁₀"),
        (r"$B_\text{noise}$", "B_noise"),
        (r"$10^{-3}$", "10⁻³"),
        (r"$\beta^t$, $\theta^\star$, $\theta^{\beta}$", "βᵗ, θ*, θ^β"),
        (r"$\tfrac12 x$ and $\frac{1}{n + 1}$", "1/2 x and 1/(n + 1)"),
        (r"$\alpha/\sqrt{k + 1}$ and $\sqrt v$", "α/√(k + 1) and √v"),
        (r"$\frac{1 - \beta^t}{\sqrt{1 - \beta^t}}$", "(1 − βᵗ)/(√(1 − βᵗ))"),
        (r"$\lVert g \rVert^2 \le \|x\|$", "‖ g ‖² ≤ ‖x‖"),
        (r"$\left(1 - \hat v\right)\,\mathrm{kg}$", "(1 − v)kg"),
        (r"$\ln 2$", "ln 2"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_label_keeps_its_words_and_loses_its_commands(plain, label, spoken):
    assert plain(label) == spoken


@given(st.text(st.characters(exclude_characters="$", categories=["L", "N", "P"])))
def test_a_label_without_a_formula_stays_as_it_is(plain, label):
    assert plain(label) == " ".join(label.split())


@given(st.recursive(st.sampled_from([r"\alpha", "x", "2", r"\sqrt x"]), lambda inner: st.one_of(
    inner.map(lambda a: rf"\sqrt{{{a}}}"),
    st.tuples(inner, inner).map(lambda pair: rf"\frac{{{pair[0]}}}{{{pair[1]}}}"),
    st.tuples(inner, inner).map(lambda pair: rf"{pair[0]}^{{{pair[1]}}}"),
)))  # fmt: skip
def test_nested_formulas_leave_no_command_and_no_brace(plain, latex):
    assert not set(plain(f"${latex}$")) & set("\\{}$")
