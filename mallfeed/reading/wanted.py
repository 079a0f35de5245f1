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
    around : those of the named paths, such as `shipping.price`, in whose place the object is wanted in which the value
        stands, or the list of such objects: the value alone does not say what it is of
    as_shown : a workbook's numbers with the zeros that their format shows in front: codes may be among them
    carried : and which of them each record carries (`mallfeed.reading.raw_columns.CARRIED`)
    """

    named: tuple[str, ...] = ()
    everything: bool = True
    carried: bool = False
    around: frozenset[str] = frozenset()
    as_shown: bool = True
