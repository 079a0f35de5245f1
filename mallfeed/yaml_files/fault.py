"""A fault of a catalog, in plain words: what is wrong, what was expected, what may be meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from mallfeed.yaml_files.yaml_tree import Path, Tree

MOST_FAULTS = 100
"""Faults told of one file; nobody reads more at once."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong at a path of the catalog.

    Attributes
    ----------
    path : keys and list places from the top
    what : what is wrong
    expected : what was expected, as `expected …` names it; empty when `what` says it all
    meant : the likeliest word, for `did you mean`; None = nothing near
    at_key : points at the key, not at its value
    """

    path: Path
    what: str
    expected: str = ""
    meant: str | None = None
    at_key: bool = False

    def text(self) -> str:
        """Without the place."""
        expected = f"; expected {self.expected}" if self.expected else ""
        meant = f"; did you mean `{self.meant}`?" if self.meant else ""
        return f"{self.what}{expected}{meant}"


def lines_of(faults: Iterable[Fault], tree: Tree, name: str) -> list[str]:
    """`name:line:column: text` for the tree's own faults and these, by their place, each once."""
    placed = list(tree.faults)
    placed += [(tree.place(fault.path, fault.at_key), fault.text()) for fault in faults]
    lines = [f"{name}:{line}:{column}: {text}" for (line, column), text in sorted(set(placed))]
    more = len(lines) - MOST_FAULTS
    return lines if more <= 0 else [*lines[:MOST_FAULTS], f"{name}:1:1: and {more:,} more faults"]


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that this one may be a slip of; None when none is near."""
    by_fold = {one.casefold().replace("-", "_"): one for one in known}
    folded = str(word).strip().casefold().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def listed(words: Iterable[object]) -> str:
    """`a`, `b` or `c`."""
    shown = [f"`{word}`" for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def dotted(path: Path) -> str:
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
