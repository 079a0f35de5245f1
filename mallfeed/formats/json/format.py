"""JSON, as a catalog says how it is laid out, and as a row among the formats."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.formats.athena import Readable, encoding_unread
from mallfeed.formats.fallback_option import FALLBACK, Fallback
from mallfeed.formats.format import Format, Look, Weight
from mallfeed.yaml_files.part import YamlPart

KEY = "@key"
"""Column of the key under which a record of the layout `object` stands."""


class JsonOptions(YamlPart):
    """How a JSON feed is laid out."""

    layout: Literal["lines", "array", "object"] = Field(
        default="lines",
        description="One record a line, one array of records, or one object whose values are the records: its keys are the column `@key`.",
    )
    records_path: str | None = Field(
        default=None,
        description="Dotted path to the array or the object (`data.items`); null = the top level. The step `item` is each element of an array on the way "
        "(`categories.item.products`: the products of all categories).",
    )
    encoding: str = Field(default="utf-8", description="As for CSV.")
    fallback_encoding: Fallback = Field(default="cp949", description=FALLBACK)


def _athena(options: JsonOptions) -> Readable:
    why = encoding_unread(options.encoding)
    if options.layout != "lines":
        why = "a file is one JSON document, and the SerDe reads one object a line"
    serde = {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"ignore.malformed.json": "true"},
    }
    return Readable(None if why else serde, why, nests=True, maps_names=True)


JSON = Format(
    name="json",
    title_en="JSON (lines, an array or an object)",
    title_ko="JSON(한 줄에 하나, 배열, 객체)",
    reader="mallfeed.formats.json.read:read",
    weight=Weight(seconds=0.5, rows_mb=0.8, splitting=1.1),
    options=JsonOptions,
    nests=True,
    look=Look("mallfeed.formats.json.look:look"),
    called="JSON",
    begins=r'\[\s*[\[{\]"]|\{\s*["}]',
    drafted=("layout", "encoding"),
    athena=_athena,
)
