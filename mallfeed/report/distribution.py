"""How a mall's products are distributed over prices and categories. Plain data, counted by the job.

A distribution is `{"products": n, "currency": code, "prices": {edge: count},
"categories": {name: count}, "categories_other": n}`; a price bucket is named by its lower edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

EDGES = (0, *(step * 10**power for power in range(9) for step in (1, 2, 5)))
"""Lower edges of price buckets, in units of the currency: 1-2-5 steps look even on a log scale."""
TOP = 10
"""Categories shown by name."""

Counted = tuple[str, str, int]
"""(`price`, `category` or `currency`; the bucket's edge, the name; products)."""


def distribution(counted: Iterable[Counted]) -> dict[str, Any]:
    """The distribution from what the job counted."""
    kinds: dict[str, dict[str, int]] = {"price": {}, "category": {}, "currency": {}}
    for kind, name, count in counted:
        kinds[kind][name] = count
    ranked = sorted(kinds["category"].items(), key=lambda one: (-one[1], one[0]))
    currencies = sorted(kinds["currency"].items(), key=lambda one: (-one[1], one[0]))
    return {
        "products": sum(kinds["price"].values()),
        "currency": currencies[0][0] if currencies else None,
        "prices": dict(sorted(kinds["price"].items(), key=lambda one: int(one[0]))),
        "categories": dict(ranked[: TOP * 5]),
        "categories_other": sum(count for _, count in ranked[TOP * 5 :]),
    }


def price_rows(
    now: dict[str, Any], before: dict[str, Any] | None
) -> list[tuple[int, int | None, int, int | None]]:
    """(from, below or None, products now, products before) of each bucket between the outermost."""
    old = None if before is None else before["prices"]
    used = sorted({int(edge) for edge in (*now["prices"], *(old or ()))})
    if not used:
        return []
    span = [edge for edge in EDGES if used[0] <= edge <= used[-1]]
    return [
        (
            edge,
            _next(EDGES, edge),
            now["prices"].get(str(edge), 0),
            None if old is None else old.get(str(edge), 0),
        )
        for edge in span
    ]


def category_rows(
    now: dict[str, Any], before: dict[str, Any] | None
) -> list[tuple[str | None, int, int | None]]:
    """(name, products now, products before) of the largest categories; the name None stands for all others."""
    old = None if before is None else before["categories"]
    top = sorted(now["categories"].items(), key=lambda one: (-one[1], one[0]))[:TOP]
    rows: list[tuple[str | None, int, int | None]] = [
        (name, count, None if old is None else old.get(name, 0)) for name, count in top
    ]
    others = now["products"] - sum(count for _, count, _ in rows)
    were = None
    if before is not None:
        were = max(0, before["products"] - sum(was or 0 for _, _, was in rows))
    if others > 0 or were:
        rows.append((None, others, were))
    return rows


def _next(edges: Sequence[int], edge: int) -> int | None:
    place = edges.index(edge) + 1
    return edges[place] if place < len(edges) else None
