"""Sphinx configuration of the book: what is built, from what, and how it looks."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "optimtext"
author = "the optimtext contributors"
copyright = f"{author}; text, figures and code under BSD-3-Clause"
version = release = installed_version("optimtext")
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "sphinxcontrib.bibtex",
    "sphinxcontrib.katex",
    # Our own, one idea each; every file in _ext explains itself in its first lines.
    "formulas",
    "punctuation",
    "quiz",
    "progress",
    "lab",
    "scripts",
    "twins",
    "drawn",
    "gallery_figure",
    "rule_box",
    "identity",
    "initials",
    "ebook",
    "exercises",
    "clinic_exam",
    "glossary_links",
    "caught_by",
    "conventions_tables",
    "curriculum",
    "course_pages",
    "margin",
    "speed",
    "playground_engine",
    "playground",
    "roles",
]
exclude_patterns = ["_build", "gallery/**/*.md5"]
nitpicky = True
default_role = "code"  # what stands in single backticks in a docstring is a name of the code

# Text: MyST for chapters, numbered figures and equations, references at the end of each page.
myst_enable_extensions = ["amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_enable_extensions += ["smartquotes"]
myst_heading_anchors = 3
numfig = True
math_numfig = True
numfig_secnum_depth = 1
numfig_format = {"figure": "Figure %s", "table": "Table %s", "code-block": "Listing %s"}
math_eqref_format = "({number})"
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"

# Mathematics: typeset while the book is built, so that a page needs neither a script nor another host.
html_math_renderer = "checked_katex"
katex_prerender = True
katex_css_path = "katex/katex.min.css"

# Reference: types stand in the numpydoc sections, in words, and not a second time in the signature.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = False
numpydoc_show_class_members = False

# Gallery: every script runs in every fresh build; one that fails or warns stops it.
sphinx_gallery_conf = {
    "examples_dirs": "../gallery",
    "gallery_dirs": "gallery",
    "subsection_order": "scripts.chapter_order",
    "within_subsection_order": "scripts.ReadingOrder",
    "abort_on_example_error": True,
    "image_scrapers": ("scripts.save_figures",),
    "reset_modules": ("scripts.start_fresh",),
    "reset_modules_order": "both",
    "capture_repr": (),
    "remove_config_comments": True,
    "notebook_extensions": set(),
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": 5,  # the limit that a script promises to keep; above it the page tells
    "doc_module": ("optimtext",),
    "backreferences_dir": "gallery/_backreferences",
    "css": ("sg_gallery",),
}

html_theme = "furo"
html_title = "optimtext"
html_static_path = ["_static"]
html_css_files = ["custom.css"]
html_js_files = [("reading.js", {"defer": "defer"})]
html_favicon = "_static/favicon.svg"
html_scaled_image_link = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"light_logo": "logo.svg", "dark_logo": "logo-dark.svg"}
# The e-book: every page of the side bar, no addresses in brackets after a link, only what it needs.
epub_tocscope = "includehidden"
epub_show_urls = "no"
epub_exclude_files = [
    f"_static/{name}" for name in ("katex/LICENSE", "jupyterlite_badge_logo.svg", "binder_badge_logo.svg")
]

pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
