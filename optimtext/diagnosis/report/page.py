"""A page of its own: figure, findings, causes and fixes in one HTML file that needs nothing else."""

from html import escape
from io import StringIO

from optimtext import __version__, looks
from optimtext.diagnosis.findings import FINE, Diagnosis, Finding, Fix
from optimtext.diagnosis.report.text import TITLES, heading

_STYLE = """
:root { color-scheme: light dark; --ground: %(ground)s; --ink: %(ink)s; --muted: %(muted)s; --grid: %(grid)s;
  --accent: %(accent)s; }
@media (prefers-color-scheme: dark) { :root { --ground: %(dark_ground)s; --ink: %(dark_ink)s; --muted: %(dark_muted)s;
  --grid: %(dark_grid)s; --accent: %(dark_accent)s; } }
body { background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { font-size: 1.15rem; margin: 2rem 0 0.25rem; }
h2 small, .muted { color: var(--muted); font-weight: normal; font-size: 0.85rem; }
.muted { overflow-wrap: anywhere; }
a { color: inherit; } svg { width: 100%%; height: auto; } section { border-top: 1px solid var(--grid); }
.twin-dark { display: none; }
@media (prefers-color-scheme: dark) { .twin-light { display: none; } .twin-dark { display: block; } }
table { border-collapse: collapse; font-size: 0.85rem; } td, th { padding: 0.1rem 1rem 0.1rem 0; text-align: left;
  font-weight: normal; } td { font-variant-numeric: tabular-nums; }
"""


def page(diagnosis: Diagnosis, source: str, book: str = "") -> str:
    """Return the diagnosis as an HTML page with its figure inside; it loads nothing and runs no script.

    Parameters
    ----------
    diagnosis : Diagnosis
    source : str
        What was read, for the title.
    book : str, default ""
        Address of the built book, before which fixes only name the sections.
    """
    palette = {**looks.LIGHT, **{f"dark_{name}": color for name, color in looks.DARK.items()}}
    main = TITLES[diagnosis.main]
    light, dark = drawn(diagnosis)
    notes = "".join(f'<p class="muted">{escape(note)}.</p>' for note in diagnosis.notes)
    finite = " finite" if diagnosis.curve.broken else ""
    sections = "\n".join(_section(finding, book) for finding in diagnosis.findings)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(source)}: {main.lower()}</title>
<style>{_STYLE % palette}</style>
</head>
<body>
<h1>{escape(source)}: {main.lower()}</h1>
<p class="muted">{diagnosis.curve.count:,}{finite} losses, examined by optimtext {__version__}</p>
{notes}
<figure style="margin: 1rem 0">
<div class="twin-light">{light}</div>
<div class="twin-dark" aria-hidden="true">{dark}</div>
</figure>
{sections}
</body>
</html>
"""


def drawn(diagnosis: Diagnosis) -> tuple[str, str]:
    """Return the figure as SVG in light colors and in dark ones."""
    import re

    light = svg(diagnosis)
    pairs = {color.lower(): looks.DARK[name] for name, color in looks.LIGHT.items()}
    dark = re.sub(r"#[0-9a-fA-F]{6}\b", lambda match: pairs.get(match[0].lower(), match[0]), light)
    # Two drawings on one page must not share the names of their parts.
    return light, re.sub(r'(id="|url\(#|href="#)', r"\1d-", dark)


def svg(diagnosis: Diagnosis) -> str:
    """Return the figure as an SVG element, the same bytes each time."""
    import matplotlib as mpl
    import matplotlib.style
    from matplotlib.figure import Figure

    from optimtext import plot

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.style.use(plot.STYLE)
        mpl.rcParams.update({"svg.fonttype": "path", "svg.hashsalt": "clinic"})
        figure = Figure(figsize=(7, 4))
        ax = figure.subplots()
        plot.diagnosis(ax, diagnosis)
        text = StringIO()
        figure.savefig(
            text, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Title": ax.get_title()}
        )
    drawing = text.getvalue()
    return drawing[drawing.index("<svg") :]


def _section(finding: Finding, book: str) -> str:
    numbers = "".join(
        f"<tr><th>{escape(name.replace('_', ' '))}</th><td>{value:.5g}</td></tr>"
        for name, value in finding.evidence.items()
    )
    causes = "".join(f"<li>{escape(cause)}</li>" for cause in finding.causes)
    fixes = "".join(f"<li>{_fix(fix, book)}</li>" for fix in finding.fixes)
    causes = f"<p>Likely causes, likeliest first:</p><ul>{causes}</ul>" if finding.name not in FINE else ""
    return f"""<section>
<h2>{TITLES[finding.name]} <small>{escape(heading(finding).strip())}</small></h2>
<p>{escape(finding.summary)}</p>
{causes}
<p>{"What to try first:" if finding.name not in FINE else "Next:"}</p>
<ol>{fixes}</ol>
<details><summary class="muted">The numbers</summary><table>{numbers}</table></details>
</section>"""


def _fix(fix: Fix, book: str) -> str:
    where = [address for address in (fix.chapter, fix.playground) if address]
    if book:
        links = [
            f'<a href="{escape(book.rstrip("/") + "/" + address)}">{escape(address.split("#")[0])}</a>'
            for address in where
        ]
    else:
        links = [f"<span>{escape(address)}</span>" for address in where]
    return f'{escape(fix.text)} <span class="muted">({", ".join(links)})</span>'
