"""Which unexpected column is which missing one under a new name. Pure."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from mallfeed.catalog.names import roles_of

_ALIKE = 0.5
"""Least likeness of two names that are told as a rename."""
_SAME_ROLE = 0.8
_ROLES = {"sale_price": "price"}


def renames(missing: Mapping[str, Collection[str]], unexpected: Sequence[str]) -> dict[str, str]:
    """Missing column → the unexpected one that it was probably renamed to, each used once.

    `missing` : column → the canonical fields that read it. Names are alike when they are spelled
    alike, or when they are known to mean the same (`판매가` and `sale_price`).
    """
    pairs = sorted(
        (
            (_likeness(old, fields, new), old, new)
            for old, fields in missing.items()
            for new in unexpected
        ),
        key=lambda one: -one[0],
    )
    found: dict[str, str] = {}
    for alike, old, new in pairs:
        if alike >= _ALIKE and old not in found and new not in found.values():
            found[old] = new
    return found


def _likeness(old: str, fields: Collection[str], new: str) -> float:
    spelled = difflib.SequenceMatcher(None, _folded(old), _folded(new)).ratio()
    return max(spelled, _meaning(old, fields, new))


def _meaning(old: str, fields: Collection[str], new: str) -> float:
    # The surest role is the first; `sale_price` is a price before it is anything else.
    meant: dict[str, float] = {}
    for role, sure in roles_of(new).items():
        meant.setdefault(_ROLES.get(role, role), sure)
    wanted = {_ROLES.get(role, role) for role, sure in roles_of(old).items() if sure > 0.6}
    return max(
        (meant[role] * _SAME_ROLE for role in {*wanted, *fields} if role in meant), default=0
    )


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in text if character.isalnum())
