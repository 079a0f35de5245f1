"""Faults of a catalog's shape: what the model finds, said in plain words."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.field_types import field_types
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_KINDS = {
    "string": "text", "int": "a whole number", "bool": "true or false", "float": "a number",
    "datetime": "a time with its zone as 2026-01-01T00:00:00+09:00",
    "dict": "a mapping (`key: value` lines)", "model": "a mapping (`key: value` lines)",
    "tuple": "a list of text", "list": "a list",
}  # fmt: skip
_VALUES = {"effective_from": "datetime"}
_BOOLEANS = {
    **dict.fromkeys(("yes", "y", "on", "1"), "true"),
    **dict.fromkeys(("no", "n", "off", "0"), "false"),
}
_PATTERNS = {
    "mall": "2 to 31 of a-z, 0-9 and _, beginning with a letter",
    "currency": "an ISO 4217 code as KRW",
    "daily_at": "a time of day as 09:30",
    "slice": "a name of 1 to 100 characters without blanks around it",
    "window": "two times of day as 01:00-05:00",
}


def shape_faults(errors: Iterable[ErrorDetails], data: Any) -> list[Fault]:
    """The model's errors, one fault for each place; `data` as written, not as validated."""
    by_place: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        path = written_path(error["loc"], data)
        if error["type"] == "missing":
            path = (*path, str(error["loc"][-1]))
        by_place.setdefault(path, []).append(error)
    return [_fault(path, found, data) for path, found in by_place.items()]


def written_path(loc: Iterable[str | int], data: Any) -> Path:
    """The model's location without the steps that nobody wrote (type tags, short forms)."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, dict) and step in data:
            data = data[str(step)]
        else:
            continue
        path.append(step)
    return tuple(path)


def _fault(path: Path, errors: list[ErrorDetails], data: Any) -> Fault:
    error = errors[0]
    kind, key = error["type"], path[-1] if path else ""
    if kind == "missing":
        where = f"`{dotted(path[:-1])}` lacks" if path[:-1] else "the catalog lacks"
        return Fault(path, f"{where} `{key}`", _meaning(error["loc"]))
    if kind == "extra_forbidden":
        known = _keys(error["loc"][:-1])
        meant = nearest(key, known)
        expected = "" if meant else f"one of {', '.join(known)}"
        return Fault(path, f"`{key}` is no key here", expected, meant, at_key=True)
    value = _at(data, path)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_type(path, value)
    what = f"`{dotted(path)}` is {shown(value)}"
    if kind == "too_short" and not value:
        return Fault(path, f"`{dotted(path)}` is empty", "at least one entry")
    if kind.startswith("model") and path[-2:-1] in (("fields",), ("attributes",)):
        return Fault(path, what, "a column's name, a list of them, or `{from: COLUMN, …}`")
    if kind == "literal_error":
        words = _words(error["loc"])
        return Fault(path, what, listed(words), nearest(value, words))
    meant = _BOOLEANS.get(str(value).casefold()) if kind == "bool_type" else None
    return Fault(path, what, _expected(errors, key, value), meant)


def _unknown_type(path: Path, value: Any) -> Fault:
    known = field_types()
    if isinstance(value, dict) and "type" not in value:
        return Fault(path, f"`{dotted(path)}` has no `type`", f"one of {', '.join(known)}")
    given = value.get("type") if isinstance(value, dict) else value
    if path[-1:] == ("type",):
        path = path[:-1]
    return Fault((*path, "type"), f"{shown(given)} is no field type", f"one of {', '.join(known)}"
                 if nearest(given, known) is None else "", nearest(given, known))  # fmt: skip


def _expected(errors: list[ErrorDetails], key: str | int, value: Any) -> str:
    error = errors[0]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(key), f"text that fits {context.get('pattern')}")
    if kind == "value_error":
        return _KINDS.get(_VALUES.get(str(key), ""), str(context.get("error", error["msg"])))
    bounds = {"greater_than_equal": ("ge", "or more"), "less_than_equal": ("le", "or less")}
    if kind in bounds:
        name, words = bounds[kind]
        return f"{context[name]:g} {words}"
    if kind == "greater_than":
        return f"more than {context['gt']:g}"
    if kind in ("string_too_long", "string_too_short"):
        return "one character"
    found = dict.fromkeys(_kind(one) for one in errors)
    expected = " or ".join(word for word in found if word) or str(error["msg"])
    if "text" in found and isinstance(value, int | float):
        expected += f" (in quotes: '{str(value).lower() if isinstance(value, bool) else value}')"
    return expected


def _kind(error: ErrorDetails) -> str:
    """What the model wants there, in words."""
    inner = next(iter(get_args(_annotation(error["loc"]))), None)
    if error["type"] == "tuple_type" and isinstance(inner, type) and issubclass(inner, BaseModel):
        return "a list of mappings (`- {key: value, …}` lines)"
    return _KINDS.get(error["type"].split("_")[0], "")


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    found = _annotation(loc)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return []
    return [field.alias or name for name, field in found.model_fields.items()]


def _words(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    return tuple(str(word) for word in get_args(_annotation(loc)))


def _meaning(loc: tuple[int | str, ...]) -> str:
    model = _annotation(loc[:-1])
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            if loc[-1] in (name, field.alias):
                text = (field.description or "").rstrip(".")
                return f"`{loc[-1]}:` ({text[:1].lower()}{text[1:]})" if text else f"`{loc[-1]}:`"
    return f"`{loc[-1]}:`"


def _annotation(loc: Iterable[str | int]) -> Any:
    """The model's annotation at a location of an error; None where it cannot be followed."""
    here: Any = Catalog
    for step in loc:
        here = _plain(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            fields = {field.alias or name: field for name, field in here.model_fields.items()}
            if step not in fields:
                return None
            here = fields[str(step)].annotation
            if get_origin(here) is Annotated:
                here = get_args(here)[0]
        elif get_origin(here) is dict:
            here = get_args(here)[1]
        elif get_origin(here) is tuple:
            here = get_args(here)[0]
        elif get_origin(here) in (Union, types.UnionType):
            here = field_types().get(str(step))
        else:
            return None
    return _plain(here)


def _plain(annotation: Any) -> Any:
    """Without Annotated and without None."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        options = [one for one in get_args(annotation) if one is not type(None)]
        if len(options) == 1:
            return _plain(options[0])
    return annotation
