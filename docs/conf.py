"""The site that `make docs` builds of docs/, README, CONTRIBUTING and the changelog (build/site).

Its root is the checkout, so links are the same here and where the files lie: a link to a page becomes
one to its site page, a link to any other file of the checkout brings a copy of it along. A link or an
anchor that leads nowhere, or a page that the navigation of docs/index.md lacks, fails the build.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "site"))

from korean_search import EnglishAndKorean

project = "mallfeed"
copyright = "the mallfeed authors"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]

root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md", "tests/**/README.md", "sample_feeds/README.md"]
exclude_patterns = [".*", "build", "dist", "mallfeed", "infra", "tests/unit", "web", "catalogs"]

nitpicky = True
myst_heading_anchors = 4  # `page.md#a-heading`, with the anchors that a forge gives the same file
myst_fence_as_directive = ["mermaid"]
suppress_warnings = ["myst.header"]  # the guide for malls is two pages in one: two first headings

mermaid_height = "auto"

html_theme = "furo"
html_title = "mallfeed"
html_static_path = ["site/static"]
html_css_files = ["tables.css"]
templates_path = ["site/templates"]
html_additional_pages = {"index": "to_the_first_page.html"}
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
html_search_language = EnglishAndKorean.lang


def setup(app: Sphinx) -> None:
    """Korean words are indexed so that they are found without their particles."""
    app.add_search_language(EnglishAndKorean)
