"""A resource's properties held against the schema of its type.

CloudFormation turns numbers and true or false into text and back as the schema asks. Sources: CloudFormation User
Guide, "Validate stack deployments" (property syntax); CloudFormation CLI User Guide, "Resource type schema"; re:Post,
'"Model validation failed (#: extraneous key [Key] is not permitted)" error'. The messages are those of the validator
inside CloudFormation's resource handlers (everit-org/json-schema).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import regex
from jsonschema import validators
from jsonschema.exceptions import ValidationError

from infra.local.cloudformation.later import Later
from infra.local.cloudformation.schemas import Schema

Keyword = Callable[[Any, Any, Any, Any], Iterator[ValidationError] | None]
_RESOLVED_LATER = "{{resolve:"
_NAMES = {
    "array": "JSONArray", "boolean": "Boolean", "integer": "Integer", "null": "Null", "number": "Number",
    "object": "JSONObject", "string": "String",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def faults(properties: dict[str, Any], schema: Schema) -> list[str]:
    """What is wrong with them, as `#/Path: …`; what is `Later` is passed over."""
    found = [
        f"#: read-only property [{'/'.join(pointer)}] cannot be specified"
        for pointer in sorted(schema.read_only)
        if _has(properties, pointer)
    ]
    kept = {name: value for name, value in properties.items() if (name,) not in schema.read_only}
    raw = {**schema.raw, "additionalProperties": True} if schema.takes_anything else schema.raw
    errors = sorted(
        _STRICT(raw).iter_errors(kept),
        key=lambda error: [str(part) for part in error.absolute_path],
    )
    return found + [f"{_where(error)}: {error.message}" for error in errors]


def _has(value: Any, pointer: tuple[str, ...]) -> bool:
    if isinstance(value, list):
        return any(_has(item, pointer) for item in value)
    if not pointer:
        return True
    return isinstance(value, dict) and pointer[0] in value and _has(value[pointer[0]], pointer[1:])


def _where(error: ValidationError) -> str:
    return "/".join(["#", *(str(part) for part in error.absolute_path)])


def _is_waiting(value: Any) -> bool:
    """Whether the value is known only when the resource is made; dynamic references are."""
    return isinstance(value, Later) or (isinstance(value, str) and _RESOLVED_LATER in value)


def _is(value: Any, kind: str) -> bool:
    if _is_waiting(value):
        return True
    if kind == "string":
        return isinstance(value, str | int | float)
    if kind == "boolean":
        return isinstance(value, bool) or (
            isinstance(value, str) and value.lower() in ("true", "false")
        )
    if kind in ("integer", "number"):
        number = _number(value)
        return number is not None and (kind == "number" or number == int(number))
    python: dict[str, type] = {"array": list, "null": type(None), "object": dict}
    return isinstance(value, python[kind])


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(_: Any, kinds: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if any(_is(value, kind) for kind in kinds):
        return
    found = next(
        name
        for name, kind in (
            ("Boolean", bool), ("Integer", int), ("BigDecimal", float), ("String", str), ("JSONObject", dict),
            ("JSONArray", list), ("Null", type(None)), (type(value).__name__, object),
        )
        if isinstance(value, kind)
    )  # fmt: skip
    yield ValidationError(
        f"expected type: {' or '.join(_NAMES[kind] for kind in kinds)}, found: {found}"
    )


def _enum(_: Any, allowed: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if _text(value) not in {_text(one) for one in allowed}:
        yield ValidationError(f"{_text(value)} is not a valid enum value")


def _enum_any_case(_: Any, allowed: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if _text(value).lower() not in {_text(one).lower() for one in allowed}:
        yield ValidationError(f"{_text(value)} is not a valid enum value")


def _const(_: Any, wanted: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if _text(value) != _text(wanted):
        yield ValidationError(f"{_text(value)} is not a valid enum value")


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict | list):
        return
    try:
        fits = regex.search(pattern, _text(value)) is not None
    except regex.error:  # one that only Java reads
        return
    if not fits:
        yield ValidationError(f"string [{_text(value)}] does not match pattern {pattern}")


def _least_length(_: Any, least: int, value: Any, __: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict | list) and len(_text(value)) < least:
        yield ValidationError(f"expected minLength: {least}, actual: {len(_text(value))}")


def _most_length(_: Any, most: int, value: Any, __: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict | list) and len(_text(value)) > most:
        yield ValidationError(f"expected maxLength: {most}, actual: {len(_text(value))}")


def _minimum(_: Any, least: float, value: Any, __: Any) -> Iterator[ValidationError]:
    number = _number(value)
    if number is not None and number < float(least):
        yield ValidationError(f"{value} is not greater or equal to {least}")


def _maximum(_: Any, most: float, value: Any, __: Any) -> Iterator[ValidationError]:
    number = _number(value)
    if number is not None and number > float(most):
        yield ValidationError(f"{value} is not less or equal to {most}")


def _multiple(_: Any, of: float, value: Any, __: Any) -> Iterator[ValidationError]:
    number = _number(value)
    if number is not None and number % float(of):
        yield ValidationError(f"{value} is not a multiple of {of}")


def _least_items(_: Any, least: int, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, list) and len(value) < least:
        yield ValidationError(f"expected minimum item count: {least}, found: {len(value)}")


def _most_items(_: Any, most: int, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, list) and len(value) > most:
        yield ValidationError(f"expected maximum item count: {most}, found: {len(value)}")


def _unique(_: Any, unique: bool, value: Any, __: Any) -> Iterator[ValidationError]:
    if unique and isinstance(value, list):
        seen = [json.dumps(item, sort_keys=True, default=str) for item in value]
        if len(set(seen)) < len(seen):
            yield ValidationError("array items are not unique")


def _required(_: Any, names: list[str], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        yield from (
            ValidationError(f"required key [{name}] not found")
            for name in names
            if name not in value
        )


def _additional(validator: Any, allowed: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    patterns = schema.get("patternProperties", {})
    for name in value:
        if name in schema.get("properties", {}) or any(
            regex.search(pattern, name) for pattern in patterns
        ):
            continue
        if allowed is False:
            yield ValidationError(f"extraneous key [{name}] is not permitted")
        elif isinstance(allowed, dict):
            yield from validator.descend(value[name], allowed, path=name)


def _named_by_pattern(
    validator: Any, patterns: Any, value: Any, _: Any
) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            for name, item in value.items():
                if regex.search(pattern, name):
                    yield from validator.descend(item, schema, path=name)


def _one_of(validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    fitting = sum(validator.evolve(schema=one).is_valid(value) for one in schemas)
    if fitting != 1:
        yield ValidationError(f"{fitting} subschemas matched instead of one")


def _any_of(validator: Any, schemas: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    if not any(validator.evolve(schema=one).is_valid(value) for one in schemas):
        yield ValidationError(f"no subschema matched out of the total {len(schemas)} subschemas")


def _required_xor(_: Any, names: list[str], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict) and sum(name in value for name in names) != 1:
        yield ValidationError(f"exactly one of [{', '.join(names)}] is required")


def _required_or(_: Any, names: list[str], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict) and not any(name in value for name in names):
        yield ValidationError(f"one of [{', '.join(names)}] is required")


def _excluded(
    _: Any, others: dict[str, list[str]], value: Any, __: Any
) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name, excluded in others.items():
            both = [other for other in excluded if value.get(name) and value.get(other)]
            if both:
                yield ValidationError(f"[{name}] cannot be given together with [{', '.join(both)}]")


def _needs(_: Any, others: dict[str, list[str]], value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for name, needed in others.items():
            yield from (
                ValidationError(f"property [{other}] is required")
                for other in needed
                if name in value and other not in value
            )


def _of_known(keyword: Keyword) -> Keyword:
    def check(validator: Any, argument: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        return (
            iter(())
            if _is_waiting(value)
            else keyword(validator, argument, value, schema) or iter(())
        )

    return check


_OWN: dict[str, Keyword] = {
    "additionalProperties": _additional, "anyOf": _any_of, "const": _const, "dependentExcluded": _excluded,
    "dependentRequired": _needs, "enum": _enum, "enumCaseInsensitive": _enum_any_case, "maxItems": _most_items,
    "maxLength": _most_length, "maximum": _maximum, "minItems": _least_items, "minLength": _least_length,
    "minimum": _minimum, "multipleOf": _multiple, "oneOf": _one_of, "pattern": _pattern,
    "patternProperties": _named_by_pattern, "required": _required, "requiredOr": _required_or,
    "requiredXor": _required_xor, "type": _type, "uniqueItems": _unique,
}  # fmt: skip
_STRICT = validators.extend(
    jsonschema.Draft7Validator,
    {
        name: _of_known(one)
        for name, one in {**jsonschema.Draft7Validator.VALIDATORS, **_OWN}.items()
        if name != "format"
    },
    type_checker=jsonschema.Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            kind: (lambda _, value, kind=kind: not _is_waiting(value) and _is(value, kind))
            for kind in _NAMES
        }
    ),
)
