"""Turns the errors that pydantic reports for a profile into faults in plain words, with their places."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "bool": "`true` or `false`",
    "string": "text",
    "tuple": "a list with one entry or more",
    "list": "a list with one entry or more",
    "model": "a mapping",
    "dict": "a mapping",
    "too": "a list with one entry or more",
}
_PATTERNS = {"at": "a time of day, `HH:MM` in quotes", "window": "`HH:MM-HH:MM` in quotes"}
_BOUNDS = {
    "greater_than_equal": ("ge", "{} or more"),
    "less_than_equal": ("le", "{} or less"),
    "greater_than": ("gt", "more than {}"),
}


def faults_of(error: ValidationError, data: dict[str, Any], model: type[BaseModel]) -> list[Fault]:
    """One fault per error, at its place in `data`; faults of the limits are under `limits`."""
    under = ("limits",) if model.__name__ == "Limits" else ()
    found = error.errors()
    deeper = {one["loc"][:end] for one in found for end in range(len(one["loc"]))}
    return [
        _fault(one, (*under, *one["loc"]), data, model)
        for one in found
        if one["type"] != "too_short" or one["loc"] not in deeper  # the fault is in its entries
    ]


def _fault(error: ErrorDetails, path: Path, data: dict[str, Any], model: type[BaseModel]) -> Fault:
    kind = error["type"]
    if kind == "missing":
        return Fault(path[:-1], f"`{dotted(path)}` is missing", f"{_kind_of(model, error['loc'])}")
    if kind == "extra_forbidden":
        keys = _keys(model, error["loc"][:-1])
        meant = nearest(path[-1], keys)
        expected = "" if meant else f"one of {', '.join(keys)}"
        return Fault(path, f"`{path[-1]}` is not a key here", expected, meant, at_key=True)
    if kind == "value_error":
        return Fault(("malls",), str(error["ctx"]["error"]), at_key=True)
    what = f"`{dotted(path)}` is {shown(_at(data, path))}"
    if kind == "literal_error":
        words = _words(model, error["loc"])
        return Fault(path, what, listed(words), nearest(_at(data, path), words))
    return Fault(path, what, _expected(error, str(path[-1]) if path else ""))


def _expected(error: ErrorDetails, key: str) -> str:
    kind = error["type"]
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return words.format(f"{error['ctx'][name]:g}")
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(key, "another form")
    if kind == "string_too_short":
        return "text"
    return _KINDS.get(kind.split("_")[0], error["msg"])


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    for step in loc:
        if isinstance(step, int):
            continue
        annotation = model.model_fields[step].annotation
        inner = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
        model = next(one for one in inner if issubclass(one, BaseModel))
    return model


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    return list(_model_at(model, loc).model_fields)


def _words(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[str, ...]:
    field = _model_at(model, loc[:-1]).model_fields[str(loc[-1])]
    return tuple(str(word) for word in get_args(field.annotation))


def _kind_of(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    field = _model_at(model, loc[:-1]).model_fields[str(loc[-1])]
    about = (field.description or "").rstrip(".")
    return f"`{loc[-1]}:`" + (f" ({about[:1].lower()}{about[1:]})" if about else "")
