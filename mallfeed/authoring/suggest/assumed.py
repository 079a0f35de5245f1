"""What a draft takes for granted because no file says it: one list, to be confirmed by whoever knows the mall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mallfeed.authoring.suggest.dependent_fields import SALE_TIMES, sale_column
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import level_of
from mallfeed.authoring.suggest.surroundings import currency_of, timezone_of
from mallfeed.catalog.platform import Platform
from mallfeed.kinds.options import USUAL
from mallfeed.wording import listed

_ABSENT = "products that the file leaves out are gone from the shop"
_SURE = 0.9
"""From here on what a file says against its platform needs no confirmation."""
_MONEY = ("price", "list_price", "sale_price", "shipping_fee")


@dataclass(frozen=True)
class Assumed:
    """One assumption: of what, which value, and why that one."""

    what: str
    value: str
    why: str


@dataclass(frozen=True)
class Place:
    """A feed's currency and time zone, each with how sure it is and why."""

    currency: tuple[str, float, str]
    timezone: tuple[str, float, str]


def place_of(found: Suggestion, currency: str | None, timezone: str | None) -> Place:
    """As given, else as the feed's names and amounts suggest."""
    money = (currency, 1.0, "as given") if currency else currency_of(found.sample, found.fields)
    zone = (timezone, 1.0, "as given") if timezone else timezone_of(money[0], money[1])
    return Place(money, zone)


def assumed(found: Suggestion, place: Place) -> tuple[Assumed, ...]:
    """What is to be confirmed: nothing of it that was given or stands in the file."""
    return tuple(_assumed(found, place))


def assumed_of_platform(
    one: Platform, currency: tuple[str, float, str] | None, found: Suggestion
) -> tuple[Assumed, ...]:
    """What a draft on a platform takes from it, though malls of the platform may differ in it; not what the file says."""
    why = f"as {one.reference} says"
    feed = next(iter(one.catalog.feeds.values()))
    code, sure, told = currency or (one.catalog.currency, 0.0, "")
    unsure = () if sure >= _SURE else (Assumed("currency", code, told or why),)
    unknown = "currency" in dict(found.missing)
    return (
        *(() if unknown else unsure),
        Assumed("timezone", one.catalog.timezone, why),
        *_encoding(found),
        *labels_assumed(found),
        Assumed("mode", feed.mode, f"{why}; {_ABSENT}" if feed.mode == "full" else why),
    )


def _assumed(found: Suggestion, place: Place) -> Iterator[Assumed]:
    for what, (value, sure, why) in (("currency", place.currency), ("timezone", place.timezone)):
        if sure < 0.95:
            yield Assumed(what, value, f"{level_of(sure)}: {why}")
    yield from _encoding(found)
    yield from labels_assumed(found)
    yield from _decimal_mark(found)
    if found.changes is None:
        yield Assumed("mode", "full", _ABSENT)
    if found.several is not None:
        key = found.several.column
        yield Assumed("inherit", f"rows with one `{key}` are one article", found.several.why)
        yield Assumed("duplicates", "first", "of rows with one id the first is the product's own")
    else:
        yield Assumed("duplicates", "last", _repeated(found))
    yield from _in_time(found)
    if not any(one.name == "condition" for one in found.fields):
        yield Assumed("condition", "new", "no column says it")


def _in_time(found: Suggestion) -> Iterator[Assumed]:
    """What begins, ends or is sold out by what a column says."""
    columns = {one.name: f"`{one.sources[0]}`" for one in found.fields if one.sources}
    times = [columns[name] for name in SALE_TIMES if name in columns]
    if times:
        day = "a moment without a zone is one in the timezone above, and a last day without a time counts to its end"
        yield Assumed(
            "sale", f"it holds as {' and '.join(times)} say{'s' * (len(times) == 1)}", day
        )
    elif sales := sale_column({one.name: one.sources for one in found.fields}):
        yield Assumed(
            "sale",
            f"`{sales}` holds whenever it is filled",
            "no column that could be read says from when to when",
        )
    for one in found.fields:
        if words := [
            word for word in one.options.get("blank_words", ()) if word not in (USUAL, "0")
        ]:
            yield Assumed(
                "no time",
                f"{listed(words)} in {columns[one.name]} {'means' if len(words) == 1 else 'mean'} none",
                "a word that is no time, beside times",
            )
    if "expires_at" in columns:
        yield Assumed(
            "end",
            f"a product ends at its {columns['expires_at']}",
            "from then on no search finds it",
        )
    if "stock_quantity" in columns and "availability" not in columns:
        value = f"in stock while {columns['stock_quantity']} is above 0"
        yield Assumed("availability", value, "no column says it")


def _encoding(found: Suggestion) -> Iterator[Assumed]:
    """An encoding that other ones may read as well, with words that show whether it is the right one."""
    if found.encoding is not None:
        shown = ", ".join(found.encoding.words) or "no word of it could be read"
        yield Assumed(
            "encoding",
            found.encoding.label,
            f"{found.encoding.why}. Are these words right: {shown}?",
        )


def labels_assumed(found: Suggestion) -> Iterator[Assumed]:
    """Rows below the header that are taken for no products."""
    for place, one in enumerate(found.labels, 1):
        which = "the row below the header" if place == 1 else f"row {place} below the header"
        yield Assumed(
            "second header",
            f"{which} is no product, and `rows.drop.{one.name}` leaves it out",
            f"it has other things than the rows below it: {one.shown}",
        )


def _decimal_mark(found: Suggestion) -> Iterator[Assumed]:
    amounts = [one for one in found.fields if one.name in _MONEY]
    columns = [found.sample[n] for one in amounts for n in one.sources if n in found.sample]
    texts = [c for c in columns if c.sql_type == "string"]
    if not texts or not any(
        "," in value or "." in value for c in texts for value in c.values[:500]
    ):
        return
    mark = next(
        (one.options["decimal_mark"] for one in amounts if "decimal_mark" in one.options), "auto"
    )
    example = next(value for c in texts for value in c.values if "," in value or "." in value)
    yield Assumed("decimal mark", str(mark), f"as in {example}")


def _repeated(found: Suggestion) -> str:
    ids = [one for one in found.fields if one.name == "product_id"]
    columns = [found.sample[n] for one in ids for n in one.sources if n in found.sample]
    if len(columns) == 1 and columns[0].distinct < 1:
        count = round((1 - columns[0].distinct) * columns[0].filled * found.sample.rows)
        return f"sampled rows whose id an earlier row has: {count:,}; the last row counts"
    return "no id was seen twice; if one is, the last row counts"
