"""Which source columns a reader must yield."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """What a reader must yield.

    Attributes
    ----------
    named : source columns or dotted paths that the catalog names, in its order
    everything : all other columns too (an expression may name any; extra ones become attributes)
    """

    named: tuple[str, ...] = ()
    everything: bool = True
