"""A value out of JSON text inside a cell, read as whatever the field holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Condition
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.marks import CONTAINER, marked_json
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, matches, text
from mallfeed.wording import shown

if TYPE_CHECKING:
    FieldTypeUnion = FieldType  # of all kinds, once all are known: `mallfeed.kinds.field_types`


class JsonPathType(FieldType):
    """A value out of JSON text inside a cell."""

    type: Literal["json_path"] = "json_path"
    path: str = Field(description="A path as `$.images[0].url`.")
    then: FieldTypeUnion | None = Field(
        default=None, description="The type that reads the value found; default the target's own."
    )


def _find(options: JsonPathType, sources: Sources) -> Found:
    """Text of what the path leads to (JSON text of an object or array); null when nothing."""
    cell = f"coalesce({', '.join(map(sources.cell, options.sources)) or NO_TEXT})"
    value = marked_json(f"get_json_object({cell}, {text(options.path)})")
    return Found((value,), read_as=options.then, broken=_broken(cell))


def _broken(cell: Sql) -> Condition:
    """Whether nothing was found because the cell holds no JSON object or array at all."""
    unread = f"(not {matches(cell, CONTAINER)} or get_json_object({cell}, '$') is null)"
    return lambda found, _: f"({found} is null and trim({cell}) <> '' and {unread})"


def _check(written: Written) -> Iterator[OptionFault]:
    path = written.options.get("path")
    if isinstance(path, str) and path[:1] != "$":
        expected = "a path from `$`, as `$.images[0].url`"
        yield OptionFault(("path",), f"`{written.place}.path` is {shown(path)}", expected)


JSON_PATH = Kind(
    name="json_path",
    options=JsonPathType,
    finds=_find,
    check=_check,
    raw_types=("string",),
    holds_objects=True,
)
