"""How well the values of a column fit a canonical field: 0 = impossible, 1 = perfect."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mallfeed.authoring.suggest.date_forms import forms_of, intervals
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.values import amount_of

Fit = Callable[[Column], float]


_LEAST_RATED = 0.3
_MOST_PIECES = 10_000
_MEASURE = re.compile(r"^\d[\d.,]*\s*[^\W\d_]{1,5}\.?[²³23]?$")
_FEES_BY_COUNTRY = re.compile(
    r"(?:[A-Z]{2})?:[^:]*:[^:]*:\s*\D{0,4}\d|[\[{](?=.*country)(?=.*\b(?:price|fee|cost|amount|rate)\b)",
    re.IGNORECASE | re.DOTALL,
)


def _steps(share: float, *steps: tuple[float, float]) -> float:
    return next((fit for least, fit in steps if share >= least), 0.0)


def identifier(column: Column) -> float:
    """Ids are different in every row, and short words without spaces."""
    if column.share("url", "html", "json_list", "moment") > 0.3 or column.length > 60:
        return 0.0
    fit = _steps(column.distinct, (0.995, 1.0), (0.97, 0.9), (0.9, 0.7), (0.6, 0.4), (0.0, 0.1))
    if column.share("spaced") > 0.3:
        fit *= 0.3
    return fit * (1.0 if column.filled > 0.95 else 0.6)


def is_row_number(column: Column) -> bool:
    """Whether the values count the rows: such an id changes with the order of the file."""
    values = [cell for cell in column.cells[:200] if cell]
    numbers = [int(value) for value in values if value.isdecimal() and len(value) < 9]
    if len(numbers) < len(values) or len(numbers) < 3:
        return False
    start = numbers[0]
    return start in (0, 1) and numbers == list(range(start, start + len(numbers)))


def name_of_product(column: Column) -> float:
    """Titles are words, mostly distinct."""
    if column.share("url", "moment", "currency_code", "json_list", "path") > 0.5:
        return 0.0
    if column.share("money", "codes") > 0.8 or column.length > 400:
        return 0.0
    fit = _steps(column.distinct, (0.5, 1.0), (0.2, 0.8), (0.05, 0.4), (0.0, 0.15))
    if (
        len(column.values) > 3
        and column.share("code") > 0.8
        and not column.share("spaced", "hangul")
    ):
        fit *= 0.5
    return fit * _steps(column.share("words"), (0.9, 1.0), (0.6, 0.7), (0.0, 0.2)) * (
        1.0 if column.filled > 0.9 else 0.85
    )  # fmt: skip


def address(column: Column) -> float:
    """Addresses of products are distinct, and not those of pictures."""
    fit = _steps(column.share("url"), (0.9, 1.0), (0.6, 0.8))
    fit = fit or _steps(column.share("path"), (0.9, 0.75))
    if column.share("picture") > 0.8:
        fit *= 0.15
    if len(column.cells) > 10 and column.distinct < 0.2:
        fit *= 0.3
    return fit * (1.0 if column.filled > 0.9 else 0.85)


def picture(column: Column) -> float:
    """Addresses, most of which look like those of pictures."""
    fit = _steps(column.share("url", "path"), (0.8, 0.9), (0.5, 0.6))
    if not fit and column.share("json_list") < 0.3:
        return pictures(column)
    return min(1.0, fit + 0.1) if column.share("picture") >= 0.5 else fit


def pictures(column: Column) -> float:
    """One or several addresses of pictures in a cell."""
    if column.share("json_list") > 0.5:
        return 0.9 if any("://" in value or "//" in value for value in column.values[:20]) else 0.0
    some = column.values[:200]
    with_any = sum("//" in value or value.startswith("/") for value in some)
    return _steps(with_any / max(len(some), 1), (0.8, 1.0), (0.5, 0.7))


def amount(column: Column) -> float:
    """Numbers above zero."""
    fit = _steps(column.share("money"), (0.93, 1.0), (0.75, 0.8))
    if column.share("yes_no") > 0.8 or column.share("moment") > 0.5:
        return 0.0
    if column.share("gtin") > 0.9 and column.length >= 12:
        return 0.0
    amounts = [amount_of(value) for value in column.values[:500]]
    positive = [one for one in amounts if one]
    return fit if len(positive) > len(amounts) * 0.5 else fit * 0.2


def sale(column: Column) -> float:
    """An amount; 0 throughout where nothing is on sale today."""
    if (
        column.values
        and not any(amount_of(value) for value in column.values)
        and column.share("money") > 0.9
    ):
        return 0.8
    return amount(column)


def fee(column: Column) -> float:
    """An amount, or a word that means one; what is 0 or 1 says whether there is a fee."""
    if "1" in column.values and set(column.values) <= {"0", "1", "2"}:
        return 0.0
    share = max(column.share("money"), _words(column, "무료", "착불", "free")) + _by_country(column)
    return _steps(share, (0.9, 1.0), (0.7, 0.7))


def _by_country(column: Column) -> float:
    """The share of fees by country: Google's text form, or objects with a country and an amount."""
    total = sum(n for _, n in column.words) or 1
    return sum(n for value, n in column.words if _FEES_BY_COUNTRY.match(value)) / total


def category(column: Column) -> float:
    """Words that repeat often; numbers are codes."""
    if column.share("url", "html") > 0.3 or column.share("path") > 0.5:
        return 0.0
    fit = _steps(column.share("words"), (0.9, 1.0), (0.6, 0.7), (0.0, 0.25))
    if column.share("codes") > 0.9:
        return 0.25
    if column.share("words") > 0.6 and not column.share("levels"):
        fit *= 0.9 if len(column.values) > 3 else 0.6
    if column.values and all(value.strip().lower() in _KINDS_OF_PRODUCT for value in column.values):
        fit *= 0.2
    return fit * (1.0 if column.filled > 0.9 else 0.85)


_KINDS_OF_PRODUCT = frozenset(
    [
        "simple",
        "variable",
        "variation",
        "configurable",
        "virtual",
        "bundle",
        "grouped",
        "external",
        "downloadable",
        "product",
        "variant",
        "sku",
        "rule",
        "option",
        "product_option",
        "product_variation",
        "physical",
        "digital",
        "service",
        "download",
        "giftcard",
        "gift_card",
        "parent",
        "child",
        "master",
    ]
)
"""Words with which shop systems mark kinds of records: not categories."""


def short_text(column: Column) -> float:
    """A name of something: words, not addresses."""
    if column.share("url", "html", "json_list") > 0.3 or column.length > 120:
        return 0.0
    return 1.0 if column.share("words") > 0.5 else 0.6


def name_of_maker(column: Column) -> float:
    """A name: numbers and keys stand for it elsewhere."""
    return 0.0 if column.share("codes", "number") > 0.9 else short_text(column)


def any_text(column: Column) -> float:
    """Words, however long."""
    return (
        0.0
        if column.share("url", "path") > 0.6
        else _steps(column.share("words"), (0.5, 1.0), (0.2, 0.6))
    )


def trade_number(column: Column) -> float:
    """Numbers with a right check digit."""
    return _steps(column.share("gtin"), (0.7, 1.0), (0.3, 0.75))


def words_of(field: str) -> Fit:
    """Words of an enum; counts are not."""

    def fit(column: Column) -> float:
        if column.share("integer") > 0.8 and len(column.values) > 2:
            return 0.0
        return _steps(column.share(field), (0.9, 1.0), (0.6, 0.85), (0.3, 0.65))

    return fit


def yes_no(column: Column) -> float:
    """Yes and no."""
    return _steps(column.share("yes_no"), (0.9, 1.0), (0.6, 0.7))


def count(column: Column) -> float:
    """Whole numbers."""
    return 0.0 if column.length > 9 else _steps(column.share("integer"), (0.95, 1.0), (0.8, 0.7))


def stars(column: Column) -> float:
    """Numbers from 0 to 5; words for none among them do not count, while they are fewer than half or so."""
    counted = [(amount_of(v, "," in v and "." not in v), count) for v, count in column.words[:500]]
    rated = sum(count for one, count in counted if one is not None)
    within = sum(count for one, count in counted if one is not None and 0 <= one <= 5)
    if rated < _LEAST_RATED * sum(count for _, count in counted):
        return 0.0
    return _steps(within / (rated or 1), (0.95, 1.0), (0.85, 0.8))


def moment(column: Column) -> float:
    """Moments; numbers since 1970 only if the name says so."""
    if column.sql_type in ("timestamp", "date"):
        return 1.0
    return max(
        _steps(column.share("moment"), (0.9, 1.0), (0.6, 0.7)), 0.95 * (column.share("epoch") > 0.9)
    )


def stock(column: Column) -> float:
    """How many there are; what is 0 or 1 throughout rather says whether there is any."""
    fit = count(column)
    return fit * 0.3 if set(column.values) <= {"0", "1"} else fit


def pieces(column: Column) -> float:
    """Small numbers of pieces."""
    small = [
        value for value in column.values[:500] if (one := amount_of(value)) and one <= _MOST_PIECES
    ]
    return count(column) if len(small) > len(column.values[:500]) * 0.8 else 0.0


def measure(column: Column) -> float:
    """Amounts with a unit: `750ml`."""
    read = sum(n for value, n in column.words[:500] if _MEASURE.match(value.strip()))
    return _steps(read / (sum(n for _, n in column.words[:500]) or 1), (0.9, 1.0), (0.6, 0.7))


def window(column: Column) -> float:
    """Two moments with a slash, a tilde or a dash between, or one of them."""
    return _steps(intervals(column.values[:500]).share, (0.9, 1.0), (0.6, 0.7))


def time_by_name(column: Column) -> float:
    """Moments, also in forms that only the column's name tells to be some."""
    return moment(column) or _steps(forms_of(column.values[:500]).share, (0.9, 0.9), (0.6, 0.65))


def currency(column: Column) -> float:
    """Codes of currencies."""
    return _steps(column.share("currency"), (0.9, 1.0), (0.6, 0.7))


def tag_words(column: Column) -> float:
    """Words, several in a cell."""
    return 0.0 if column.share("url") > 0.3 or column.share("words") < 0.5 else 1.0


def group(column: Column) -> float:
    """Ids that some rows share."""
    if column.share("url", "html", "moment") > 0.3 or column.length > 80:
        return 0.0
    return 1.0 if column.distinct < 0.999 or len(column.values) < 30 else 0.85


def _words(column: Column, *words: str) -> float:
    total = sum(n for _, n in column.words) or 1
    known = sum(n for v, n in column.words if any(word in v.lower() for word in words))
    return known / total + column.share("money")


FITS: Mapping[str, Fit] = {
    "product_id": identifier, "title": name_of_product, "description": any_text,
    "price": amount, "sale_price": sale, "list_price": amount, "currency": currency,
    "shipping_fee": fee, "url": address, "mobile_url": address, "image_url": picture,
    "extra_image_urls": pictures, "category_path": category, "brand": name_of_maker,
    "maker": name_of_maker, "origin": short_text, "model_number": short_text, "gtin": trade_number,
    "availability": words_of("availability"), "condition": words_of("condition"),
    "item_group_id": group, "review_count": count, "rating": stars, "adult": yes_no,
    "imported": yes_no, "parallel_import": yes_no, "made_to_order": yes_no, "tags": tag_words,
    "mall_updated_at": moment, "available_at": moment, "sale_window": window,
    "sale_starts_at": time_by_name, "sale_ends_at": time_by_name, "expires_at": time_by_name,
    "pack_size": pieces, "least_quantity": pieces, "measure": measure, "base_measure": measure,
    "free_shipping_over": amount, "card_price": amount, "card_price_condition": short_text,
    "coupon_price": amount, "coupon_price_condition": short_text, "stock_quantity": stock,
}  # fmt: skip
"""Role → how well values fit it."""
