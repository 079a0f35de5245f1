"""Texts of a policy: variables are put in, wildcards become expressions.

Sources: IAM User Guide, "IAM policy elements: Variables and tags" and "IAM JSON policy elements: Resource".
"""

from __future__ import annotations

import re
from functools import lru_cache

from infra.local.iam.context import Context

VARIABLES_SINCE = "2012-10-17"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_KEY_AND_DEFAULT = re.compile(r"([^,]+?)(?:, '(.*)')?")
_CHARACTERS = {"*", "?", "$"}
Part = tuple[str, bool]


class Unresolved(Exception):
    """A variable has neither a value in this request nor a default."""


def parts(written: str, version: str, context: Context) -> tuple[Part, ...]:
    """The text in pieces: (text, whether its `*` and `?` are themselves).

    What stands for a variable is itself: a tag's value with a `*` is no wildcard. `${*}`, `${?}` and `${$}`
    are the characters. Policies of an earlier version than 2012-10-17 know no variables; there `${…}` is text.
    Raises Unresolved.
    """
    if version != VARIABLES_SINCE:
        return ((written, False),)
    found: list[Part] = []
    end = 0
    for variable in _VARIABLE.finditer(written):
        found.append((written[end : variable.start()], False))
        found.append((_value(variable[1], context), True))
        end = variable.end()
    return (*found, (written[end:], False))


def _value(inside: str, context: Context) -> str:
    if inside in _CHARACTERS:
        return inside
    asked = _KEY_AND_DEFAULT.fullmatch(inside)
    value = asked and context.variable(asked[1])
    if value is None and asked:
        value = asked[2]
    if value is None:
        raise Unresolved(inside)
    return value


def literal(pieces: tuple[Part, ...]) -> str:
    """The pieces as one text, in which every character is itself."""
    return "".join(piece for piece, _ in pieces)


def like(pieces: tuple[Part, ...], value: str) -> bool:
    """Whether the whole value fits: `*` is any text, also none, `?` any one character."""
    return _expression(pieces).fullmatch(value) is not None


@lru_cache(4096)
def action_fits(pattern: str, action: str) -> bool:
    """Prefix and name of an action are case-insensitive ("IAM JSON policy elements: Action")."""
    return like(((pattern.lower(), False),), action.lower())


@lru_cache(4096)
def _expression(pieces: tuple[Part, ...]) -> re.Pattern[str]:
    written = "".join(
        re.escape(piece) if itself else _with_wildcards(piece) for piece, itself in pieces
    )
    return re.compile(written, re.DOTALL)


def _with_wildcards(piece: str) -> str:
    escaped = re.escape(re.sub(r"\*+", "*", piece))
    return escaped.replace(r"\*", ".*").replace(r"\?", ".")
