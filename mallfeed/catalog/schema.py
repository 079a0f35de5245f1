"""The JSON Schema of a catalog, generated from the model, with the short forms that people write.

Editors complete and check with it (`# yaml-language-server: $schema=…`). It knows the shape only;
what holds between keys is judged by `mallfeed catalog check`.
"""

from __future__ import annotations

import json
from typing import Any

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.field_types import field_types
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import PRODUCT_FIELDS

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
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mallfeed catalog",
    }
    return head | schema


def _fields() -> Schema:
    defaults = [(field, KINDS[field.kind].default) for field in PRODUCT_FIELDS]
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
