"""The JSON Schema of a catalog, generated from the model, with the short forms that people write.

Editors complete and check with it (`# yaml-language-server: $schema=…`). It knows the shape only;
what holds between keys is judged by `mallfeed catalog check`.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from mallfeed.catalog.extends import EXTENDS
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.platform import INHERITED, OF_A_MALL, PlatformHead
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.field_types import field_types
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import MAPPED

Schema = dict[str, Any]


def schema_text() -> str:
    """The schema as committed in `catalogs/catalog.schema.json`."""
    return json.dumps(catalog_schema(), ensure_ascii=False, indent=1) + "\n"


def catalog_schema() -> Schema:
    """The schema as a mapping (JSON Schema 2020-12)."""
    schema: Schema = _untitled(Catalog.model_json_schema(by_alias=True))
    types = field_types()
    definitions = schema["$defs"]
    definitions["Columns"] = {
        "description": "A column's name, or a list of them.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    }
    definitions["Typed"] = {
        "required": ["type"],
        "properties": {"type": {"enum": list(types)}},
        "anyOf": [_ref(model.__name__) for model in types.values()],
    }
    definitions["JsonPathType"]["properties"]["then"]["anyOf"] = [_ref("Typed"), {"type": "null"}]
    definitions["JsonPathType"]["properties"]["then"].pop("discriminator", None)
    for part in (schema, definitions["FeedSpec"]):
        for section in ("fields", "attributes"):
            written = part["properties"][section]
            part["properties"][section] = {
                "description": written["description"],
                **(_fields() if section == "fields" else _attributes()),
            }
        part["properties"]["as_of"]["anyOf"].insert(0, _ref("Columns"))
    del schema["$defs"]
    definitions |= _extending(schema, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mallfeed catalog",
        "type": "object",
        "if": {"required": ["platform"]},
        "then": _ref("Platform"),
        "else": {
            "if": {"required": [EXTENDS]},
            "then": _ref("ExtendingCatalog"),
            "else": _ref("Catalog"),
        },
        "$defs": {"Catalog": schema, **definitions},
    }


def _extending(catalog: Schema, definitions: Schema) -> Schema:
    """A catalog that says only what differs from a platform: it may lack what that says, and leave out by null."""
    feed = deepcopy(definitions["FeedSpec"])
    feed["properties"] |= _with_nulls(feed["properties"])
    del feed["required"]
    whole = deepcopy(catalog)
    whole["properties"] |= _with_nulls(whole["properties"])
    whole["properties"]["feeds"]["additionalProperties"] = _or_null(_ref("ExtendingFeed"))
    whole["required"] = [key for key in whole["required"] if key != "feeds"] + [EXTENDS]
    rules = deepcopy(definitions["Rows"])
    drop = rules["properties"]["drop"]
    drop["additionalProperties"] = _or_null(drop["additionalProperties"])
    return {
        "ExtendingCatalog": whole,
        "ExtendingFeed": feed,
        "ExtendingRows": rules,
        "Platform": _platform(whole),
    }


def _platform(catalog: Schema) -> Schema:
    """A version of a platform, which may extend another one itself."""
    head: Schema = _untitled(PlatformHead.model_json_schema(by_alias=True))
    parts = {key: one for key, one in catalog["properties"].items() if key not in OF_A_MALL}
    needed = [key for key in head["required"] if key not in INHERITED]
    return head | {"properties": {**parts, **head["properties"]}, "required": needed}


def _with_nulls(properties: Schema) -> Schema:
    fields, attributes = deepcopy(properties["fields"]), deepcopy(properties["attributes"])
    fields["properties"] = {name: _or_null(one) for name, one in fields["properties"].items()}
    attributes["additionalProperties"] = _or_null(attributes["additionalProperties"])
    rows = properties["rows"] | _ref("ExtendingRows")
    return {"fields": fields, "attributes": attributes, "rows": rows}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _fields() -> Schema:
    defaults = [(one, KINDS[one.kind].default) for one in MAPPED.values() if one.is_mapped]
    named = {field.name: _field(field, default) for field, default in defaults if default}
    return {"type": "object", "additionalProperties": False, "properties": named}


def _field(field: CanonicalField, default: FieldType) -> Schema:
    needed = "Required. " if field.required else ""
    words = f" One of {', '.join(field.values)}." if field.values else ""
    return {
        "description": f"{needed}{field.kind.replace('_', ' ').capitalize()}.{words}",
        "anyOf": [_ref("Columns"), _ref(type(default).__name__), _ref("Typed")],
    }


def _attributes() -> Schema:
    forms = [_ref("Columns"), _ref("TextType"), _ref("Typed")]
    return {"type": "object", "additionalProperties": {"anyOf": forms}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _untitled(schema: Any, named: bool = False) -> Any:
    """Without pydantic's titles; `named` = the keys are names, not words of JSON Schema."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _untitled(value, named=not named and key in ("properties", "$defs"))
        for key, value in schema.items()
        if named or key != "title"
    }
