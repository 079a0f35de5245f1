"""Bars of the report page, as inline SVG: counts by code, and two feeds side by side."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.report.words import Words, both, escaped

NOW, BEFORE, REJECTED, WARNED = "#2f6fde", "#b9c4d2", "#c0322b", "#e0a100"


def bar(share: float, colour: str) -> str:
    """One bar that takes `share` of the full width; at least a sliver, unless it is zero."""
    width = 0.0 if share <= 0 else max(0.6, min(100.0, 100 * share))
    return (
        '<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="12" fill="#eef1f5"/>'
        f'<rect width="{width:.2f}" height="12" fill="{colour}"/></svg>'
    )


def by_code(counts: Sequence[tuple[str, Words, int]], colour: str, kind: str) -> str:
    """One bar per (code, meaning, count), longest first; each links to its examples."""
    most = max((count for _, _, count in counts), default=1) or 1
    lines = [
        f'<a class="bar" href="#{kind}-{escaped(code)}"><span class="name">{both(meaning)} '
        f"<code>{escaped(code)}</code></span><span>{bar(count / most, colour)}</span>"
        f'<span class="num">{count:,}</span></a>'
        for code, meaning, count in sorted(counts, key=lambda one: (-one[2], one[0]))
    ]
    return "\n".join(lines)


def side_by_side(rows: Sequence[tuple[str, int, int | None]]) -> str:
    """Two bars per (label, now, before), each as a share of its own feed.

    Labels are HTML made by the caller. `before` is None in all rows if nothing is known.
    """
    now_all = sum(now for _, now, _ in rows) or 1
    before_all = sum(before or 0 for _, _, before in rows) or 1
    shares = [(now / now_all, (before or 0) / before_all) for _, now, before in rows]
    most = max((max(pair) for pair in shares), default=1) or 1
    return "\n".join(
        _pair(label, now, before, share[0] / most, share[1] / most)
        for (label, now, before), share in zip(rows, shares, strict=True)
    )


def _pair(label: str, now: int, before: int | None, now_share: float, was_share: float) -> str:
    bars, number = bar(now_share, NOW), f"{now:,}"
    if before is not None:
        bars += bar(was_share, BEFORE)
        number += f"<small>{before:,}</small>"
    return (
        f'<div class="bar"><span class="name">{label}</span><span>{bars}</span>'
        f'<span class="num">{number}</span></div>'
    )


def key() -> str:
    """The key to the two colours."""
    meanings = (
        (NOW, ("이번 피드 반영 후", "after this feed")),
        (BEFORE, ("이전 피드 반영 후", "after the previous feed")),
    )
    entries = (
        f'<span><i style="background:{colour}"></i>{both(words)}</span>'
        for colour, words in meanings
    )
    return f'<div class="key">{"".join(entries)}</div>'
