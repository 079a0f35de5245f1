"""Plain text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import cleaned, text_mark
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells, bare_parts, without_lone_marks
from mallfeed.kinds.sql.clean import clean_text
from mallfeed.kinds.sql.text_marks import without_guard, without_sure_mark, without_text_mark
from mallfeed.kinds.target import Target


class TextType(FieldType):
    """Plain text: entities unescaped, tags and control characters out, spaces folded, NFC."""

    type: Literal["text"] = "text"
    join: str = Field(default=" ", description="Put between the values of several columns.")
    take: Literal["joined", "first"] = Field(
        default="joined",
        description="Of several columns: all that are filled, joined; or the first that is filled.",
    )
    max_length: int | None = Field(default=None, description="Characters kept; the rest is cut.")


def _read(options: TextType, cells: Cells, target: Target, context: Context) -> Reading:
    """Cleaned text, cut at the shorter of the option's and the field's length."""
    lengths = (options.max_length, target.max_length)
    is_code = target.is_code and context.cleans_ids
    if is_code or target.may_be_code:
        cells = without_lone_marks(cells)
    marked = cells.texts
    if is_code and len(marked) > 1:
        cells = bare_parts(cells)
    whole = cells.first if options.take == "first" else cells.together(options.join)
    if is_code:
        code = cleaned(lambda c: without_text_mark(clean_text(c)), whole, cells.words, *lengths)
        return code.with_problem(text_mark(marked if len(marked) > 1 else ()))
    if target.may_be_code:
        return cleaned(
            lambda c: without_sure_mark(clean_text(without_guard(c))), whole, cells.words, *lengths
        )
    return cleaned(lambda c: clean_text(without_guard(c)), whole, cells.words, *lengths)


TEXT = Kind(
    name="text",
    options=TextType,
    default=TextType(),
    holds=("text", "html_text"),
    read=_read,
    problems=("too_long", "no_text", "unclosed"),
    index_types=("text", "keyword"),
)
