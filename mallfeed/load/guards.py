"""Guards: limits that hold a feed back before any of it is published. Pure."""

from __future__ import annotations

import re

from mallfeed.catalog.model import FeedSpec, Limit
from mallfeed.errors import FeedHeld
from mallfeed.kinds.sql.currencies import decimals_of
from mallfeed.table.counts import Counts

_SHORTENED = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_SPREADSHEET = (
    "A spreadsheet has written long numbers in scientific notation, and their last digits are lost: format the "
    "column of ids as text, enter the ids again and save the file anew."
)
_WHICH_COLUMN = (
    "Is this the column of the product's own id? One id of several columns is named as a list."
)
_WRITTEN_ONCE = ("title", "url", "category_path", "price")
"""Required fields that shop builders write in one row of an article only."""
RELEASE = "Check the file; then release the feed to publish it as it is, or drop it."


def check_guards(counts: Counts, spec: FeedSpec, currency: str) -> None:
    """Raises FeedHeld for the first guard that the counts do not pass; `currency` is the catalog's.

    Rejects, rounded prices and repeated ids are measured against the rows read, vanished products against the products
    that the mall had before this feed. A feed is held only if it exceeds the ratio and the count: the
    ratios of small feeds vary widely.
    """
    _check_rounded(counts, spec, currency)
    _check_duplicates(counts, spec)
    rejected = counts.rejected
    if _exceeds(spec.guards.rejected, rejected, counts.rows_read):
        raise FeedHeld(
            "guard_rejected",
            f"{rejected:,} of {counts.rows_read:,} rows are refused "
            f"({_percent(rejected, counts.rows_read)}); at most "
            f"{spec.guards.rejected.ratio:.0%} may be refused. {_hint(counts, spec)}{RELEASE}",
            {"rejected": rejected, "rows_read": counts.rows_read},
        )
    if spec.mode != "full":
        return
    if counts.accepted < spec.guards.fewest_rows:
        raise FeedHeld(
            "guard_fewest_rows",
            f"{counts.accepted:,} good rows; at least {spec.guards.fewest_rows:,} are expected of "
            f"a full feed. {_hint(counts, spec)}{RELEASE}",
            {"accepted": counts.accepted, "fewest_rows": spec.guards.fewest_rows},
        )
    if _exceeds(spec.guards.vanished, counts.vanished, counts.products_before):
        raise FeedHeld(
            "guard_vanished",
            f"{counts.vanished:,} of {counts.products_before:,} products would vanish "
            f"({_percent(counts.vanished, counts.products_before)}; "
            f"{counts.vanished_by_reject:,} of them because their row is refused); at most "
            f"{spec.guards.vanished.ratio:.0%} may vanish. A file that was cut off looks like "
            f"this. {RELEASE}",
            {"vanished": counts.vanished, "products_before": counts.products_before},
        )


def _hint(counts: Counts, spec: FeedSpec) -> str:
    """What the catalog may have wrong, where most of the refused rows have one thing in common."""
    ended = counts.reject_codes.get("trailing_separator", 0)
    if 2 * ended > counts.rejected:
        return (
            f"{ended:,} of the refused rows end with a separator, so that they have one blank cell more than the header: say "
            "`trailing_separator: true` under csv: in a new catalog version and release the feed with that. "
        )
    lacking = {name: counts.reject_codes.get(f"{name}_missing", 0) for name in _WRITTEN_ONCE}
    name = max(lacking, key=lacking.__getitem__)
    if 2 * lacking[name] > counts.rejected and counts.accepted and _may_inherit(spec):
        return (
            f"{lacking[name]:,} of the refused rows have no {name}: if the file has several rows per product (variants, "
            "pictures) and says only once what they share, say `inherit` in a new catalog version and release the "
            "feed with that. "
        )
    return ""


def _may_inherit(spec: FeedSpec) -> bool:
    return spec.mode == "full" and spec.inherit is None


def _check_rounded(counts: Counts, spec: FeedSpec, currency: str) -> None:
    """Amounts in cents where the currency has none: each changes a little, and all are wrong."""
    lost = counts.reject_codes.get("price_rounded_to_nothing", 0)
    rounded = counts.warning_codes.get("price_rounded", 0) + lost
    if _exceeds(spec.guards.rounded, rounded, counts.rows_read):
        raise FeedHeld(
            "guard_rounded",
            f"{rounded:,} of {counts.rows_read:,} prices would be rounded "
            f"({_percent(rounded, counts.rows_read)}); at most {spec.guards.rounded.ratio:.0%} may be. "
            f"{_which_currency(currency)} {RELEASE}",
            {"rounded": rounded, "rows_read": counts.rows_read, "currency": currency},
        )


def _check_duplicates(counts: Counts, spec: FeedSpec) -> None:
    """Ids that a spreadsheet has shortened, or the wrong column: most products would be lost as repeated rows."""
    shortened = any(_SHORTENED.fullmatch(one) for one in counts.duplicate_ids)
    if spec.mode == "delta" and not shortened:
        return  # one that tells of a product several times is an ordinary delta
    if not _exceeds(spec.guards.duplicates, counts.duplicates, counts.rows_read):
        return
    examples = ", ".join(map(repr, counts.duplicate_ids))
    raise FeedHeld(
        "guard_duplicates",
        f"{counts.duplicates:,} of {counts.rows_read:,} rows have the product id of another row "
        f"({_percent(counts.duplicates, counts.rows_read)}; for example {examples}); at most "
        f"{spec.guards.duplicates.ratio:.0%} may. {_SPREADSHEET if shortened else _WHICH_COLUMN} {RELEASE}",
        {
            "duplicates": counts.duplicates,
            "rows_read": counts.rows_read,
            "ids": list(counts.duplicate_ids),
        },
    )


def _which_currency(currency: str) -> str:
    if decimals_of(currency):
        return (
            f"They have more decimals than the two that are kept of {currency}: are they prices, and not "
            "rates or prices per unit?"
        )
    return (
        f"They have decimals, and {currency}, the catalog's currency, has none. Amounts like 12.99 fit a "
        "currency with cents, such as USD, EUR or CNY: name it as `currency` in a new catalog version and "
        "release the feed with that."
    )


def _exceeds(limit: Limit, count: int, total: int) -> bool:
    return count > limit.count and count > limit.ratio * total


def _percent(count: int, total: int) -> str:
    return f"{count / total:.0%}" if total else "all"
