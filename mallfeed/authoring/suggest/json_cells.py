"""Fields within JSON text of a cell: no column is called `images[0]` there, so a path into the cell says where they are."""

from __future__ import annotations

import re
from dataclasses import replace

from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.sql_names import quoted
from mallfeed.authoring.suggest.suggested_field import FoundField

_PLACE = re.compile(r"(?P<column>[^\[]+)\[(?P<number>\d+)\](?P<rest>.*)", re.DOTALL)


def by_path(one: FoundField, sample: Sample) -> FoundField:
    """The field by a path into its cell; as it is where its columns are columns."""
    places = [_place(name, sample) for name in one.sources]
    found = [place for place in places if place is not None]
    if not found or len(found) < len(places) or len({place["column"] for place in found}) > 1:
        return one
    column, rest = found[0]["column"], found[0]["rest"]
    if len(found) == 1 and one.name != "extra_image_urls":
        options = {"type": "json_path", "path": f"$[{found[0]['number']}]{rest}"}
    elif rest:
        options = {"type": "json_path", "path": f"$[*]{rest}"}
    elif one.name == "extra_image_urls":
        options = {"type": "expression", "sql": _all_but_first(column)}
    else:
        options = {}
    return replace(one, sources=(column,), options={**one.options, **options})


def _place(name: str, sample: Sample) -> dict[str, str] | None:
    """Column, number and path of an element that was looked up in a cell's JSON; None for a column."""
    match = _PLACE.fullmatch(name)
    if match is None or match["column"] not in sample:
        return None
    return match.groupdict() if sample[match["column"]].share("json_list") > 0.5 else None


def _all_but_first(column: str) -> str:
    """SQL of a JSON list of texts without its first one, which is another field."""
    return rf"""regexp_replace({quoted(column)}, '^\\s*\\[\\s*"[^"]*"\\s*,?', '[')"""
