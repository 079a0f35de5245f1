"""Guards: limits that hold a feed back before any of it is published. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from mallfeed.catalog.feed_spec import FeedSpec, Limit
from mallfeed.catalog.inherit import MERGED_RULE
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
NEARLY_ALL = 0.9
"""Share of a mall's products that vanish in no full feed without being held, unless `guards.vanished` allows more."""
_UNUSUAL_FROM, _UNUSUAL_SHARE, _UNUSUAL_TIMES = 10, 0.05, 5
"""Rows from which what is unusual counts; share of refused rows, and how many times the mall's usual one."""
_VANISHING_SHARE, _ENOUGH = 0.1, 3
"""Share of vanishing products from which it is unusual, and how many full feeds must be known to say so."""
RELEASE = "Check the file; then release the feed to publish it as it is, or drop it."


def check_guards(
    counts: Counts, spec: FeedSpec, currency: str, usual: Sequence[Counts] = ()
) -> None:
    """Raises FeedHeld for the first guard that the counts do not pass; `currency` is the catalog's.

    `usual` are the counts of the mall's last full feeds of that name, newest first: what is unlike any of them holds.

    Rejects, rounded prices and repeated ids are measured against the rows that could become products (`Counts.judged`),
    vanished products against the products that the mall had before this feed. A feed is held only if it exceeds the ratio and the count: the
    ratios of small feeds vary widely. But where nearly all products would vanish, the count does not matter.
    """
    _check_rounded(counts, spec, currency)
    _check_duplicates(counts, spec)
    rejected = counts.rejected
    if _exceeds(spec.guards.rejected, rejected, counts.judged):
        raise FeedHeld(
            "guard_rejected",
            f"{rejected:,} of {counts.judged:,} rows{_besides(counts)} are refused "
            f"({_percent(rejected, counts.judged)}); at most "
            f"{spec.guards.rejected.ratio:.0%} may be refused. {_hint(counts, spec)}{RELEASE}",
            {"rejected": rejected, "rows_read": counts.rows_read, "dropped": counts.dropped},
            f"{counts.judged:,}행 중 {rejected:,}행({_percent(rejected, counts.judged)})이 거부되었습니다. "
            f"{spec.guards.rejected.ratio:.0%}까지 허용됩니다.",
        )
    if spec.mode != "full":
        return
    if counts.accepted < spec.guards.fewest_rows:
        raise FeedHeld(
            "guard_fewest_rows",
            f"{counts.accepted:,} good rows; at least {spec.guards.fewest_rows:,} are expected of "
            f"a full feed. {_left_out(counts)}{_hint(counts, spec)}{RELEASE}",
            {"accepted": counts.accepted, "fewest_rows": spec.guards.fewest_rows},
            f"정상 행이 {counts.accepted:,}개입니다. 전체 피드에는 {spec.guards.fewest_rows:,}개 이상이 있어야 합니다.",
        )
    _check_prices(counts, spec, currency, usual)
    if _too_many_vanish(spec.guards.vanished, counts.vanished, counts.products_before):
        raise FeedHeld(
            "guard_vanished",
            f"{counts.vanished:,} of {counts.products_before:,} products{_of_slice(counts)} would vanish "
            f"({_percent(counts.vanished, counts.products_before)}; "
            f"{counts.vanished_by_reject:,} of them because their row is refused); "
            f"{_most_vanishing(spec.guards.vanished, counts)}. A file that was cut off looks like this. {RELEASE}",
            {"vanished": counts.vanished, "products_before": counts.products_before},
            _vanishing_ko(counts),
        )
    _check_taken_back(counts, spec)
    if spec.guards.unusual:
        _check_missing(counts, usual)
        _check_refused(counts, usual)
        _check_vanishing(counts, usual)


def _check_taken_back(counts: Counts, spec: FeedSpec) -> None:
    """A supplement that says nothing any more of most products that it gave values to."""
    if not _too_many_vanish(spec.guards.vanished, counts.taken_back, counts.given_before):
        return
    raise FeedHeld(
        "guard_taken_back",
        f"{counts.taken_back:,} of the {counts.given_before:,} products that the supplement gives values to would lose them "
        f"({_percent(counts.taken_back, counts.given_before)}): the file does not have them any more. A file that was cut "
        f"off looks like this. {RELEASE}",
        {"taken_back": counts.taken_back, "given_before": counts.given_before},
        f"이 피드가 값을 제공하던 상품 {counts.given_before:,}개 중 {counts.taken_back:,}개"
        f"({_percent(counts.taken_back, counts.given_before)})에서 그 값이 사라지게 됩니다.",
    )


def _hint(counts: Counts, spec: FeedSpec) -> str:
    """What the catalog may have wrong, where most of the refused rows have one thing in common."""
    ended = counts.reject_codes.get("trailing_separator", 0)
    if 2 * ended > counts.rejected:
        return (
            f"{ended:,} of the refused rows end with a separator, so that they have one blank cell more than the header: say "
            "`trailing_separator: true` under csv: in a new catalog version and release the feed with that. "
        )
    unknown = counts.reject_codes.get("product_unknown", 0)
    if 2 * unknown > counts.rejected:
        return (
            f"{unknown:,} of the refused rows change products that the mall does not have: has its full feed been loaded, "
            "and do both feeds read the id from the same column? "
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


def _besides(counts: Counts) -> str:
    """Which of the rows read the shares are not of."""
    return f" (without the {counts.dropped:,} that rules leave out)" if counts.dropped else ""


def _left_out(counts: Counts) -> str:
    """Where rules of the catalog leave most rows out, what is to be looked at is the rules."""
    rules = {name: count for name, count in counts.drop_rules.items() if name != MERGED_RULE}
    if 2 * sum(rules.values()) <= counts.rows_read:
        return ""
    each = ", ".join(
        f"`{name}` {count:,}" for name, count in sorted(rules.items(), key=lambda one: -one[1])
    )
    return (
        f"Of {counts.rows_read:,} rows the catalog's rules leave out {sum(rules.values()):,} ({each}): are the conditions "
        "under `rows` what is meant, and do they fit this file? "
    )


def _may_inherit(spec: FeedSpec) -> bool:
    return spec.mode == "full" and spec.inherit is None


def _check_rounded(counts: Counts, spec: FeedSpec, currency: str) -> None:
    """Amounts in cents where the currency has none: each changes a little, and all are wrong."""
    lost = counts.reject_codes.get("price_rounded_to_nothing", 0)
    rounded = counts.warning_codes.get("price_rounded", 0) + lost
    priced = counts.judged - counts.deletes
    if _exceeds(spec.guards.rounded, rounded, priced):
        raise FeedHeld(
            "guard_rounded",
            f"{rounded:,} of {priced:,} prices would be rounded "
            f"({_percent(rounded, priced)}); at most {spec.guards.rounded.ratio:.0%} may be. "
            f"{_which_currency(currency)} {RELEASE}",
            {"rounded": rounded, "rows_read": counts.rows_read, "currency": currency},
            f"판매가 {priced:,}개 중 {rounded:,}개({_percent(rounded, priced)})를 반올림해야 합니다. "
            f"{spec.guards.rounded.ratio:.0%}까지 허용됩니다.",
        )


def _check_duplicates(counts: Counts, spec: FeedSpec) -> None:
    """Ids that a spreadsheet has shortened, or the wrong column: most products would be lost as repeated rows."""
    shortened = any(_SHORTENED.fullmatch(one) for one in counts.duplicate_ids)
    if spec.mode == "delta" and not shortened:
        return  # one that tells of a product several times is an ordinary delta
    if not _exceeds(spec.guards.duplicates, counts.duplicates, counts.judged):
        return
    examples = ", ".join(map(repr, counts.duplicate_ids))
    raise FeedHeld(
        "guard_duplicates",
        f"{counts.duplicates:,} of {counts.judged:,} rows{_besides(counts)} have the product id of another row "
        f"({_percent(counts.duplicates, counts.judged)}; for example {examples}); at most "
        f"{spec.guards.duplicates.ratio:.0%} may. {_SPREADSHEET if shortened else _WHICH_COLUMN} {RELEASE}",
        {
            "duplicates": counts.duplicates,
            "rows_read": counts.rows_read,
            "ids": list(counts.duplicate_ids),
        },
        f"{counts.judged:,}행 중 {counts.duplicates:,}행({_percent(counts.duplicates, counts.judged)})의 상품 ID가 다른 행과 "
        f"같습니다(예: {', '.join(counts.duplicate_ids)}). {spec.guards.duplicates.ratio:.0%}까지 허용됩니다.",
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


def _check_prices(counts: Counts, spec: FeedSpec, currency: str, usual: Sequence[Counts]) -> None:
    """A price list in cents or without its zeros, or of another kind of price: each one by itself looks fine."""
    guard, now = spec.guards.prices, counts.median_price
    if not now or counts.accepted < guard.count:
        return
    medians = [
        one.median_price for one in usual if one.median_price and one.accepted >= guard.count
    ]
    if not medians or any(1 / guard.factor < now / one < guard.factor for one in medians):
        return
    raise FeedHeld(
        "guard_prices",
        f"The middle price is {_amount(now)} {currency}; in {_which(len(medians))} it was "
        f"{_between(medians, _amount)} {currency}, so prices are {_times(now / medians[0])} what they were; "
        f"{guard.factor:g} times as high or as low is too far. Are these the prices that buyers pay, in that currency "
        f"and unit? {RELEASE}",
        {"median_price": now / 100, "median_price_before": medians[0] / 100},
        f"판매가의 중앙값이 {_amount(now)} {currency}입니다. {_which_ko(len(medians))}에서는 "
        f"{_between_ko(medians, _amount)} {currency}였습니다.",
    )


def _check_missing(counts: Counts, usual: Sequence[Counts]) -> None:
    """A file that was cut off, or that holds a part of the shop: fewer products than it ever had."""
    before = [one.accepted for one in usual if one.accepted]
    fewest = min(before, default=0)
    if fewest - counts.accepted < _UNUSUAL_FROM or 2 * counts.accepted >= fewest:
        return
    raise FeedHeld(
        "guard_unusual",
        f"{counts.accepted:,} products; {_which(len(before))} had {_between(before, _whole)}. A file that was cut "
        f"off, or that holds one part of the shop, looks like this. {RELEASE}",
        {"accepted": counts.accepted, "accepted_before": before[0]},
        f"상품이 {counts.accepted:,}개입니다. {_which_ko(len(before))}에는 {_between_ko(before, _whole)}개가 있었습니다.",
    )


def _check_refused(counts: Counts, usual: Sequence[Counts]) -> None:
    """More rows are refused than ever at this mall."""
    before = [one.rejected / one.judged for one in usual if one.judged]
    share = counts.rejected / max(counts.judged, 1)
    if counts.rejected < _UNUSUAL_FROM or not _is_unusual(share, _UNUSUAL_SHARE, before):
        return
    raise FeedHeld(
        "guard_unusual",
        f"{counts.rejected:,} of {counts.judged:,} rows{_besides(counts)} are refused ({share:.0%}); in {_which(len(before))} it was "
        f"{_between(before, _share)}. {RELEASE}",
        {"rejected": counts.rejected, "rejected_before": usual[0].rejected},
        f"{counts.judged:,}행 중 {counts.rejected:,}행({share:.0%})이 거부되었습니다. {_which_ko(len(before))}에서는 "
        f"{_between_ko(before, _share)}였습니다.",
    )


def _check_vanishing(counts: Counts, usual: Sequence[Counts]) -> None:
    """More products vanish than ever at this mall, of which enough is known."""
    before = [one.vanished / one.products_before for one in usual if one.products_before]
    share = counts.vanished / max(counts.products_before, 1)
    if len(before) < _ENOUGH or counts.vanished < _UNUSUAL_FROM:
        return
    if not _is_unusual(share, _VANISHING_SHARE, before):
        return
    raise FeedHeld(
        "guard_unusual",
        f"{counts.vanished:,} of {counts.products_before:,} products would vanish ({share:.0%}); in {_which(len(before))} "
        f"it was {_between(before, _share)}. {RELEASE}",
        {"vanished": counts.vanished, "products_before": counts.products_before},
        f"{_vanishing_ko(counts)} {_which_ko(len(before))}에서는 {_between_ko(before, _share)}였습니다.",
    )


def _vanishing_ko(counts: Counts) -> str:
    share = _percent(counts.vanished, counts.products_before)
    return (
        f"상품 {counts.products_before:,}개 중 {counts.vanished:,}개({share})의 노출이 중지됩니다."
    )


def _is_unusual(share: float, least: float, before: Sequence[float]) -> bool:
    """Whether it is `least` or more, and so many times what it ever was; never where nothing is known."""
    return bool(before) and share >= max(least, _UNUSUAL_TIMES * max(before))


def _which(many: int) -> str:
    return "the mall's last full feed" if many == 1 else f"the mall's last {many} full feeds"


def _between(numbers: Sequence[float], shown: Callable[[float], str]) -> str:
    low, high = shown(min(numbers)), shown(max(numbers))
    return low if low == high else f"{low} to {high}"


def _which_ko(many: int) -> str:
    return "지난 전체 피드" if many == 1 else f"지난 전체 피드 {many}개"


def _between_ko(numbers: Sequence[float], shown: Callable[[float], str]) -> str:
    low, high = shown(min(numbers)), shown(max(numbers))
    return low if low == high else f"{low}~{high}"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _share(share: float) -> str:
    return f"{share:.1%}"


def _amount(hundredths: float) -> str:
    return f"{hundredths / 100:,.2f}".removesuffix(".00")


def _times(times: float) -> str:
    return f"{times:,.3g} times" if times >= 1 else f"one {1 / times:,.3g}th of"


def _too_many_vanish(limit: Limit, count: int, total: int) -> bool:
    """A shop that loses nearly all it has is another file or a broken one, however small the shop."""
    nearly_all = limit.ratio < NEARLY_ALL and 0 < total * NEARLY_ALL <= count
    return nearly_all or _exceeds(limit, count, total)


def _most_vanishing(limit: Limit, counts: Counts) -> str:
    if _exceeds(limit, counts.vanished, counts.products_before):
        return f"at most {limit.ratio:.0%} may vanish"
    return f"{NEARLY_ALL:.0%} or more may not vanish at once, however few they are"


def _of_slice(counts: Counts) -> str:
    """Where the mall has other parts: its other products are not meant."""
    return " of this feed's part of the shop" if counts.elsewhere else ""


def _exceeds(limit: Limit, count: int, total: int) -> bool:
    return count > limit.count and count > limit.ratio * total


def _percent(count: int, total: int) -> str:
    return f"{count / total:.0%}" if total else "all"
