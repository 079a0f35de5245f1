"""Which unexpected column is which missing one under a new name. Pure."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from mallfeed.catalog.names import roles_of
from mallfeed.reading.header import MAX_COLUMNS

_ALIKE = 0.5
"""Least likeness of two names that are told as a rename."""
_SAME_ROLE = 0.8
LONGEST = 100
"""Characters of a name that is compared: what comparing takes grows with their square."""
_ROLES = {"sale_price": "price"}


def renames(
    missing: Mapping[str, Collection[str]], unexpected: Sequence[str], least: float = _ALIKE
) -> dict[str, str]:
    """Missing column → the unexpected one that it was probably renamed to, each used once.

    `missing` : column → the canonical fields that read it. Names are alike when they are spelled
    alike, or when they are known to mean the same (`판매가` and `sale_price`). Of thousands of
    unexpected columns the first ones are compared, and no name that is longer than names are. `least` is how
    alike two names must be, from 0 to 1.
    """
    names = [name for name in unexpected[:MAX_COLUMNS] if len(name) <= LONGEST]
    olds = [_Missing(name, fields) for name, fields in missing.items() if len(name) <= LONGEST]
    matcher = difflib.SequenceMatcher[str]()
    pairs = []
    for new_place, new in enumerate(names):
        meant = _meant(new)
        matcher.set_seq2(_folded(new))
        for old_place, old in enumerate(olds):
            alike = _likeness(matcher, old, meant)
            if alike >= least:
                pairs.append((-alike, old_place, new_place))
    found: dict[str, str] = {}
    used: set[str] = set()
    for _, old_place, new_place in sorted(pairs):
        old_name, new = olds[old_place].name, names[new_place]
        if old_name not in found and new not in used:
            found[old_name] = new
            used.add(new)
    return found


class _Missing:
    """A missing column: its name, how that is spelled, and what it means."""

    def __init__(self, name: str, fields: Collection[str]) -> None:
        self.name = name
        self.folded = _folded(name)
        sure = {_ROLES.get(role, role) for role, sure in roles_of(name).items() if sure > 0.6}
        self.roles = {*sure, *fields}


def _likeness(
    matcher: difflib.SequenceMatcher[str], old: _Missing, meant: Mapping[str, float]
) -> float:
    """How alike the missing column and the matcher's second name are; spelling is compared letter by letter
    only where it may count."""
    meaning = max((meant[role] * _SAME_ROLE for role in old.roles if role in meant), default=0.0)
    least = max(meaning, _ALIKE)
    matcher.set_seq1(old.folded)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return meaning
    return max(meaning, matcher.ratio())


def _meant(new: str) -> dict[str, float]:
    """What a column may mean. The surest role is the first; `sale_price` is a price before it is anything else."""
    meant: dict[str, float] = {}
    for role, sure in roles_of(new).items():
        meant.setdefault(_ROLES.get(role, role), sure)
    return meant


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in text if character.isalnum())
