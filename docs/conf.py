"""How the documentation site is built: ``make docs``, into build/docs."""

from __future__ import annotations

from tensorboard_fgsm import __version__

project = "FGSM for TensorBoard"
author = "the authors of tensorboard-plugin-fgsm"
copyright = author
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath"]
root_doc = "docs/index"
# The whole repository is the source: a link between two files holds here as on the code host.
include_patterns = [
    "docs/**.md",
    *("SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md"),
    *(
        "README.md",
        "README.ko.md",
        "frontend/README.md",
        "benchmarks/README.md",
        "benchmarks/REPORT.md",
    ),
]
exclude_patterns = [".*", "build", "runs", "**/node_modules", "tests", "tensorboard_fgsm"]

html_theme = "furo"
html_title = project
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
