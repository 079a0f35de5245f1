"""Slices and supplements whose feed a new version of a catalog drops: what they gave stays in the shop. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from mallfeed.catalog.model import Catalog
from mallfeed.product.supplement import named_by
from mallfeed.shell import command


def drop_command(mall: str, name: str) -> str:
    """The command that takes a slice off the shop, or back what a supplement gave, to be pasted into a shell."""
    return f"{command('mallfeed slice drop', mall, name)} --why TEXT"


def left_behind(old: Catalog, new: Catalog) -> tuple[str, ...]:
    """The slices of the old version that no full feed of the new one sends, and its supplements that the new one does
    not have."""
    given = tuple(name for name in old.supplements if name not in new.supplements)
    if any(feed.slice_from is not None for feed in new.feeds.values()):
        return given  # which slices it sends is known from its rows only
    return (*(name for name in old.slices if name not in new.slices), *given)


def slices_left_behind(versions: Iterable[Catalog]) -> Iterator[tuple[Catalog, str]]:
    """(version, what it leaves behind) in words, of each version that drops a slice; in any order."""
    in_order = sorted(versions, key=lambda one: (one.mall, one.version))
    for old, new in pairwise(in_order):
        if old.mall == new.mall and (names := left_behind(old, new)):
            yield new, "; ".join(_words(new, name) for name in names)


def _words(new: Catalog, name: str) -> str:
    supplement = named_by(name)
    if supplement is not None:
        return (
            f"{new.mall} v{new.version} has no supplement {supplement!r} any more: what it gave stays until "
            f"`{drop_command(new.mall, name)}`"
        )
    return (
        f"no full feed of {new.mall} v{new.version} sends the slice {name!r} any more: its products stay in the shop until "
        f"`{drop_command(new.mall, name)}`; if another feed sends them now, say `slice: {name}` in it"
    )
