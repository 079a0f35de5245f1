"""Short forms of a catalog written out before it is judged: `title: 상품명` is a text read from that column."""

from __future__ import annotations

from typing import Any

from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.text import TextType
from mallfeed.product.fields import MAPPED


def with_full_field_forms(data: Any) -> Any:
    """`title: 상품명` → `title: {from: 상품명, type: text}`, for `fields` and `attributes` mappings."""
    if not isinstance(data, dict):
        return data
    out = dict(data)
    for section in ("fields", "attributes"):
        if isinstance(out.get(section), dict):
            out[section] = {
                target: _full_form(section, str(target), value)
                for target, value in out[section].items()
            }
    return out


def with_full_stamp(data: Any) -> Any:
    """`as_of: updated_at` → `as_of: {from: updated_at, type: timestamp}`."""
    if not isinstance(data, dict) or not isinstance(data.get("as_of"), str | list | tuple):
        return data
    return {**data, "as_of": {"from": data["as_of"], "type": "timestamp"}}


def _full_form(section: str, target: str, value: Any) -> Any:
    if isinstance(value, str | list | tuple):
        value = {"from": value}
    if isinstance(value, dict) and "type" not in value:
        kind = KINDS[MAPPED[target].kind] if section == "fields" and target in MAPPED else None
        default = kind.default if kind is not None and kind.default else TextType()
        value = {**default.model_dump(exclude_unset=True), **value, "type": default.type}
    return value
