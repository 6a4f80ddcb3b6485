"""How the documentation is built: `make docs`. Pages are MyST, and their cells run at the build."""

import sys
from pathlib import Path

from weingarten import __version__

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "weingarten"
copyright = "the weingarten contributors"
release = version = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "native_math",
    "live",
    "results",
    "measured",
    "moved",
    "links",
    "properties",
    "notebooks",
]
exclude_patterns = ["_build", "_figures", "_measured.md"]

# Every page is run from its start, and a cell that raises stops the build.
nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_render_markdown_format = "myst"
myst_enable_extensions = ["amsmath", "attrs_block", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False

# MathML in the page: it needs no script, no font and no network.
html_math_renderer = "native"

default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "weingarten"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_show_sphinx = False
html_copy_source = False
