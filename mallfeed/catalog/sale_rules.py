"""Faults between the fields of a sale: which price is the usual one, and where the sale's time is read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.catalog.raw_catalog import is_supplement, mapping_at, sources_of
from mallfeed.product.fields import SALE_WINDOW, WINDOW_ENDS
from mallfeed.wording import dotted, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_SALE = "sale_price"


def sale_faults(data: dict[str, Any], feeds: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the sales of a catalog as written, in its shared fields and those of each feed."""
    shared = mapping_at(data, "fields")
    yield from _two_windows(shared, ("fields",))
    told = list(_sale_as_usual(shared, {}, ("fields",)))
    yield from told
    for name, feed in feeds.items():
        own, path = mapping_at(feed, "fields"), ("feeds", name, "fields")
        yield from _two_windows(own, path)
        if not told:
            beside = {} if is_supplement(feed) else shared
            yield from _sale_as_usual(own, beside, path)


def _two_windows(fields: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """A row that fills both would have its start from one and its end from the other."""
    ends = [name for name in WINDOW_ENDS if name in fields]
    if SALE_WINDOW in fields and ends:
        what = f"`{dotted((*path, ends[0]))}` stands beside `{SALE_WINDOW}`, which has both ends"
        yield Fault((*path, ends[0]), what, "one of them", None, True)


def _sale_as_usual(
    own: Mapping[str, Any], beside: Mapping[str, Any], path: Path
) -> Iterator[Fault]:
    """`price` that reads the sale's column is the sale's price before and after its time, too."""
    if _SALE not in own and "price" not in own:
        return
    fields = {**beside, **own}
    # Behind the usual price it only fills a blank one; what an expression means is not known here.
    first = [column for _, column in sources_of(fields.get("price"))][:1]
    if first and first[0] in [column for _, column in sources_of(fields.get(_SALE))]:
        at = "price" if "price" in own else _SALE
        what = f"`{dotted((*path, at))}`: `price` reads {shown(first[0])} first, as `{_SALE}` does"
        expected = f"the usual price under `price`: `{_SALE}` lies over it while the sale holds"
        yield Fault((*path, at), what, expected, None, True)
