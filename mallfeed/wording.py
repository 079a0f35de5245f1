"""How messages refer to what somebody wrote: values, places in a file, the word that may be meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that may have been meant by this one; None if none is similar."""
    by_fold = {one.casefold().replace("-", "_"): one for one in known}
    folded = str(word).strip().casefold().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def listed(words: Iterable[object]) -> str:
    """`a`, `b` or `c`."""
    shown = [f"`{word}`" for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def how_many(number: int, what: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def verb(number: int, of_one: str, of_many: str) -> str:
    """The form that goes with so many."""
    return of_one if number == 1 else of_many


def dotted(path: Iterable[str | int]) -> str:
    """`feeds.full.fields.title`; list places as `[0]`."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def shown(value: object) -> str:
    """A value as a person would write it, shortened."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"
