"""Plain data as YAML text, which `yaml_tree` reads as the same data again."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mallfeed.visible import visible_line

_PLAIN = re.compile(r"[A-Za-z_가-힣][\w가-힣./-]*(?: [\w가-힣./()-]+)*")
_WORDS_TEXT = "null true false yes no on off ~ y n"
_WORDS = frozenset(_WORDS_TEXT.split())
_BLOCKS = 2
"""Levels of mappings that are always written as a block; deeper ones only if they hold mappings themselves."""


def block(data: Mapping[str, Any]) -> str:
    """A mapping, one key per line; lists and small inner mappings in brackets and braces."""
    return "".join(f"{line}\n" for line in _lines(data, 0))


def _lines(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, value in data.items():
        if isinstance(value, Mapping) and value and (depth < _BLOCKS - 1 or _holds_mappings(value)):
            yield f"{indent}{scalar(key)}:"
            yield from _lines(value, depth + 1)
        else:
            yield f"{indent}{scalar(key)}: {flow(value)}"


def _holds_mappings(data: Mapping[str, Any]) -> bool:
    return any(isinstance(value, Mapping) for value in data.values())


def flow(value: Any) -> str:
    """Mappings and lists in braces and brackets, in one line."""
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A value; text in double quotes if a plain one could be read as something else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"  # there is no other word for it in what we read
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and visible_line(text) == text
    return text if plain else "".join(map(_visible, json.dumps(text, ensure_ascii=False)))


def _visible(char: str) -> str:
    """A character that YAML does not allow, or that nobody sees, as its escape."""
    is_seen = char.isprintable() and visible_line(char) == char
    return char if is_seen else f"\\U{ord(char):08x}"
