"""Plain data as YAML text, in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mallfeed.visible import visible_line

_PLAIN = re.compile(r"[A-Za-z_가-힣][\w가-힣./-]*(?: [\w가-힣./()-]+)*")
_WORDS_TEXT = "null true false yes no on off ~ y n"
_WORDS = frozenset(_WORDS_TEXT.split())


def scalar(value: Any) -> str:
    """A value; text in double quotes if a plain one could be read as something else."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else "".join(map(_visible, json.dumps(text, ensure_ascii=False)))


def _visible(char: str) -> str:
    """A character that YAML does not allow, as its escape."""
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def flow(value: Any) -> str:
    """Mappings and lists in braces and brackets."""
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def comment(text: str) -> str:
    """Text for a comment after `#`: in one line, hidden characters shown."""
    return visible_line(" ".join(text.split()))
