"""Text written as an HTML fragment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import cleaned
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.clean import clean_html
from mallfeed.kinds.sql.text_marks import without_guard
from mallfeed.kinds.target import Target


class HtmlTextType(FieldType):
    """An HTML fragment to readable text: blocks become line breaks, scripts and styles go."""

    type: Literal["html_text"] = "html_text"
    max_length: int | None = Field(default=None, description="Characters kept; the rest is cut.")


def _read(options: HtmlTextType, cells: Cells, target: Target, _context: Context) -> Reading:
    """Text of the fragment, cut at the shorter of the option's and the field's length."""
    whole = cells.together(" ")
    return cleaned(
        lambda c: clean_html(without_guard(c)),
        whole,
        cells.words,
        options.max_length,
        target.max_length,
    )


HTML_TEXT = Kind(
    name="html_text",
    options=HtmlTextType,
    default=HtmlTextType(),
    holds=("html_text", "text"),
    read=_read,
    problems=("too_long", "no_text", "unclosed"),
    index_types=("text",),
)
