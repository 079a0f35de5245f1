"""docs/catalogs.md, the reference of catalogs: generated from the model."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mallfeed.catalog import feed_spec, model
from mallfeed.catalog.inherit import Inherit, Parent
from mallfeed.catalog.rows import Rows
from mallfeed.catalog.silence import SilenceRule
from mallfeed.formats.format import Format
from mallfeed.formats.registry import FORMATS
from mallfeed.kinds.field_types import field_types
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import MAPPED, SALE_WINDOW
from mallfeed.reading.encodings import all_encodings, other_labels


def _option_parts(row: Format) -> Iterator[tuple[str, type[BaseModel]]]:
    """The format's options, and what they hold in lists."""
    if row.options is None:
        return
    yield f"`{row.name}`", row.options
    for key, field in row.options.model_fields.items():
        inner = get_args(field.annotation)[:1]
        if inner and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
            yield f"`{row.name}.{key}`, each", inner[0]


_PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("A catalog", model.Catalog),
    ("A feed, `feeds.<name>`", feed_spec.FeedSpec),
    *(part for row in FORMATS.values() for part in _option_parts(row)),
    ("`operation`", feed_spec.Operation),
    ("`rows`", Rows),
    ("`inherit`", Inherit),
    ("`inherit.parent`", Parent),
    ("`silence`", SilenceRule),
    ("`guards`", feed_spec.Guards),
    ("`guards.vanished`, `guards.rejected`, `guards.rounded`", feed_spec.Limit),
    ("`schedule`", feed_spec.Schedule),
    ("`capacity`", feed_spec.Capacity),
)
_KEYS_OF_ALL = tuple(FieldType.model_fields)


def page() -> str:
    """The whole page."""
    head = Path(__file__).with_name("catalogs_head.md").read_text("utf-8")
    return head + "\n".join(_sections()) + "\n"


def _sections() -> Iterator[str]:
    yield "## Keys\n"
    for name, part in _PARTS:
        yield f"### {name}\n\n{doc_of(part)}\n"
        yield from table_of(part.model_fields.items())
    yield from _encodings()
    yield "## Canonical fields\n"
    yield "| field | type when none is given | required | words |\n|---|---|---|---|"
    for field in MAPPED.values():
        default = KINDS[field.kind].default
        if default is not None and field.is_mapped:
            words = ", ".join(f"`{word}`" for word in field.values)
            words = "`start/end`, both ends of the sale" if field.name == SALE_WINDOW else words
            yield f"| `{field.name}` | `{default.type}` | {'yes' if field.required else ''} | {words} |"
    yield "\n## Field types\n\nEvery type has these keys:\n"
    yield from table_of([(name, FieldType.model_fields[name]) for name in _KEYS_OF_ALL])
    for name, type_ in field_types().items():
        yield f"### Type `{name}`\n\n{doc_of(type_)}\n"
        own = [(k, f) for k, f in type_.model_fields.items() if k not in (*_KEYS_OF_ALL, "type")]
        yield from table_of(own)


def _encodings() -> Iterator[str]:
    yield "### Encodings\n"
    yield (
        "Every `encoding` that works. Case, hyphens and underscores in a name do not matter, nor which of its usual names it is "
        "(`windows-1252` is `cp1252`). A byte order mark wins over the catalog. `utf-16` and `utf-32` without one are "
        "told by their first bytes or by their name (`utf-16-le`).\n"
    )
    yield ", ".join(f"`{name}`" for name in all_encodings()) + "."
    others = ", ".join(f"`{name}`" for name in other_labels())
    yield f"\nRead as `cp949`, which holds all of it: {others}. Read as `cp1252`, as browsers do: `latin-1`, `iso8859-1`, `ascii` is read as it is.\n"


def doc_of(part: type[BaseModel]) -> str:
    """What the model says of itself, in one line."""
    return " ".join((part.__doc__ or "").split())


def table_of(fields: Any) -> Iterator[str]:
    """Keys as a table: what each may be, its default, what it means."""
    rows = [_row(info.alias or name, info) for name, info in fields]
    if rows:
        yield "| key | value | default | meaning |\n|---|---|---|---|"
        yield from rows
        yield ""


def _row(key: str, info: FieldInfo) -> str:
    cells = (f"`{key}`", _value(info.annotation), _default(info), info.description or "")
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Markdown of a table's cell; what stands between backticks is left as it is."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part if i % 2 else part.replace("<", "&lt;") for i, part in enumerate(parts))


def _value(annotation: Any) -> str:
    """What is written there, in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in _WORDS:
        return _WORDS[annotation]
    if origin is Annotated:
        return "a field type"
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in inner)
    if origin in (Union, types.UnionType):
        words = dict.fromkeys(_value(one) for one in inner if one is not type(None))
        return " or ".join(words) if len(words) < 4 else "a field type"
    if origin is tuple:
        return f"list of {_value(inner[0])}".replace("mapping", "mappings")
    if origin is dict:
        return f"name → {_value(inner[1])}"
    return "mapping"


_WORDS: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "true or false",
    datetime: "time with zone", feed_spec.FeedSpec: "feed",
}  # fmt: skip


def _default(info: FieldInfo) -> str:
    default = info.default
    if info.is_required():
        return "**required**"
    if default is PydanticUndefined or default is None or default == ():
        return ""
    if isinstance(default, feed_spec.Limit):
        return f"`{{ratio: {default.ratio}, count: {default.count}}}`"
    if isinstance(default, BaseModel):
        return ""
    if isinstance(default, tuple):
        return ", ".join(f"`{one}`" for one in default)
    return f"`{json.dumps(default, ensure_ascii=False)}`"
