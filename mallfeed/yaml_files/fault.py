"""A fault of a catalog, in plain words: what is wrong, what was expected, what may be meant."""

from __future__ import annotations

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
