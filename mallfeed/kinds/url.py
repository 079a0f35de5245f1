"""Web addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.addresses import address, is_short
from mallfeed.kinds.sql.pieces import case
from mallfeed.kinds.target import Target


class UrlType(FieldType):
    """A web address: http or https, made absolute with the catalog's base_url, percent-encoded."""

    type: Literal["url"] = "url"
    base_url: str | None = Field(default=None, description="Overrides the catalog's base_url.")


def _read(options: UrlType, cells: Cells, target: Target, context: Context) -> Reading:
    """A URL as it can be fetched; null when it cannot be one, or is too long: it cannot be cut."""
    base_url, most = options.base_url or context.base_url, target.max_length
    reading = Reading(
        cell=cells.first,
        parse=lambda cell: address(cell, base_url),
        problems=(unreadable("invalid"),),
    )
    if most is None:
        return reading
    too_long = Problem("too_long", lambda _, parsed: f"(not {is_short(parsed, most)})")
    short = replace(reading, value=lambda _, parsed: case((is_short(parsed, most), parsed)))
    return short.with_problem(too_long)


URL = Kind(
    name="url",
    options=UrlType,
    default=UrlType(),
    holds=("url",),
    read=_read,
    problems=("invalid", "too_long"),
    never_cut=True,
    raw_types=("string",),
    holds_links=True,
)
