"""The feeds of the benchmark, computed: same seed and size, same bytes, on any machine.

Fourteen columns, about 620 bytes per row, Korean text, a tenth of the titles with an entity, a third of
the prices with thousands separators. A product's values follow from its number, the seed and the day
(`first` or `second`), so that any row is known without reading a file.

The second day: 2 % of the products changed (price, date, reviews; every third also its stock), 0.1 %
gone, 0.1 % new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.words import ADJECTIVES, BRANDS, COLOURS, NOUNS, SENTENCES

Day = Literal["first", "second"]
Numbers = npt.NDArray[np.int64]

COLUMNS = (
    "id", "title", "description", "price", "list_price", "brand", "maker", "category", "url",
    "image", "stock", "updated", "gtin", "reviews",
)  # fmt: skip
CHANGED_EACH, GONE_EACH = 50, 1000
_CHANGED_AT, _GONE_AT = 3, 7
_LETTERS = tuple("ABCDEFGHKLMNPRSTVWXZ")


@dataclass(frozen=True)
class Shop:
    """A mall's products: `rows` of them on the first day, numbered from `begin`."""

    rows: int
    seed: int = 7
    begin: int = 0

    def numbers(self, day: Day) -> Numbers:
        """The products in the feed of that day, in the feed's order."""
        first = np.arange(self.begin, self.begin + self.rows, dtype=np.int64)
        if day == "first":
            return first
        new = np.arange(self.rows // GONE_EACH, dtype=np.int64) + self.begin + self.rows
        return np.concatenate([first[~self.gone(first)], new])

    def shuffled(self, numbers: Numbers) -> Numbers:
        """The same products in another order."""
        return numbers[np.argsort(_Draw(self.seed, numbers).below(2**53, "order"), kind="stable")]

    def gone(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """Which products of the first day are missing on the second."""
        return (numbers - self.begin) % GONE_EACH == _GONE_AT

    def changed(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """Which products have other values on the second day (not counting new ones)."""
        place = numbers - self.begin
        return (place % CHANGED_EACH == _CHANGED_AT) & (place < self.rows)


@dataclass(frozen=True)
class Figures:
    """The numbers of some products: what can be added up and compared."""

    price: Numbers
    list_price: Numbers
    reviews: Numbers


def figures(shop: Shop, numbers: Numbers, day: Day) -> Figures:
    """Prices in won and counts of reviews on that day."""
    draw = _Draw(shop.seed, numbers)
    other = shop.changed(numbers) & (day == "second")
    base = draw.below(2990, "price") * 100 + 1000
    list_price = base + 5000 + draw.below(200, "list") * 100
    # Always another price, so that the sum of prices distinguishes the days.
    price = base + np.where(other, 100 + draw.below(49, "rise") * 100, 0)
    reviews = draw.below(5000, "reviews") + np.where(other, 1 + draw.below(5, "new reviews"), 0)
    return Figures(price, list_price, reviews)


def table(shop: Shop, numbers: Numbers, day: Day) -> pa.Table:
    """The feed's rows of these products, as text."""
    draw = _Draw(shop.seed, numbers)
    amounts = figures(shop, numbers, day)
    other = shop.changed(numbers) & (day == "second")
    noun, brand = draw.below(len(NOUNS), "noun"), draw.below(len(BRANDS), "brand")
    texts = [
        _joined("P", _padded(numbers, 8)),
        _title(draw, noun, brand, numbers),
        _description(draw),
        _price(amounts.price, numbers),
        _text(amounts.list_price),
        _taken([name for name, _ in BRANDS], brand),
        _taken([maker for _, maker in BRANDS], brand),
        _taken([category for _, category in NOUNS], noun),
        _joined("https://shop.example.com/goods/", numbers, "?ref=feed&c=", numbers % 97),
        _joined("https://img.example.com/", _padded(numbers % 1000, 3), "/", numbers, ".jpg"),
        _stock(draw, other & (numbers % 3 == 0)),
        _updated(draw, other),
        _gtin(numbers),
        _text(amounts.reviews),
    ]
    return pa.table(dict(zip(COLUMNS, texts, strict=True)))


class _Draw:
    """Chance of each product: SplitMix64 of seed, number and what it is for."""

    def __init__(self, seed: int, numbers: Numbers) -> None:
        self._seed = seed
        self._numbers = numbers.astype(np.uint64)

    def below(self, limit: int, what: str) -> Numbers:
        """A whole number from 0 to limit - 1 for each product."""
        salt = int.from_bytes(what.encode().ljust(8, b"\0")[:8], "little") ^ len(what)
        start = (self._seed * 0x9E3779B97F4A7C15 + salt * 0xD1342543DE82EF95) % 2**64
        mixed = self._numbers * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        return ((mixed >> np.uint64(11)) % np.uint64(limit)).astype(np.int64)


def _title(draw: _Draw, noun: Numbers, brand: Numbers, numbers: Numbers) -> pa.Array:
    gift = np.where(numbers % 10 == 0, 1, 0)
    return _joined(
        _taken([name for name, _ in BRANDS], brand), " ",
        _taken(ADJECTIVES, draw.below(len(ADJECTIVES), "word 1")), " ",
        _taken(ADJECTIVES, draw.below(len(ADJECTIVES), "word 2")), " ",
        _taken([name for name, _ in NOUNS], noun), " ",
        _taken(_LETTERS, draw.below(len(_LETTERS), "letter")),
        _taken(_LETTERS, draw.below(len(_LETTERS), "second")), "-", draw.below(9000, "model") + 1000,
        " ", _taken(COLOURS, draw.below(len(COLOURS), "colour")),
        _taken(["", " 본품 &amp; 사은품"], gift),
    )  # fmt: skip


def _description(draw: _Draw) -> pa.Array:
    """Three sentences, four in two of ten rows."""
    begin, many = draw.below(len(SENTENCES), "begin"), len(SENTENCES)
    chosen = [_taken(SENTENCES, (begin + step) % many) for step in (0, 5, 11, 14)]
    fourth = pc.if_else(pa.array(draw.below(10, "fourth") < 2), _joined(" ", chosen[3]), "")
    return _joined(chosen[0], " ", chosen[1], " ", chosen[2], fourth)


def _price(price: Numbers, numbers: Numbers) -> pa.Array:
    grouped = _joined(price // 1000, ",", _padded(price % 1000, 3))
    return pc.if_else(pa.array(numbers % 3 == 0), grouped, _text(price))


def _stock(draw: _Draw, turned: npt.NDArray[np.bool_]) -> pa.Array:
    sold_out = (draw.below(20, "stock") == 0) ^ turned
    return _taken(["판매중", "품절"], sold_out.astype(np.int64))


def _updated(draw: _Draw, other: npt.NDArray[np.bool_]) -> pa.Array:
    second = draw.below(86_400, "second of the day")
    day = _taken(["2026-11-21 ", "2026-11-22 "], other.astype(np.int64))
    hour, minute = _padded(second // 3600, 2), _padded(second // 60 % 60, 2)
    return _joined(day, hour, ":", minute, ":", _padded(second % 60, 2))


def _gtin(numbers: Numbers) -> pa.Array:
    """GTIN-13 of Korea (880): the check digit weighs the digits 1 and 3 in turn (GS1)."""
    stem = 880_000_000_000 + numbers % 1_000_000_000
    total = np.zeros_like(stem)
    for place in range(12):
        total += stem // 10 ** (11 - place) % 10 * (3 if place % 2 else 1)
    return _text(stem * 10 + -total % 10)


def _taken(words: tuple[str, ...] | list[str], places: Numbers) -> pa.Array:
    return pa.array(list(words)).take(pa.array(places))


def _text(numbers: Numbers) -> pa.Array:
    return pc.cast(pa.array(numbers), pa.string())


def _padded(numbers: Numbers, width: int) -> pa.Array:
    return pc.utf8_lpad(_text(numbers), width=width, padding="0")


def _joined(*parts: pa.Array | Numbers | str) -> pa.Array:
    columns = [_text(part) if isinstance(part, np.ndarray) else part for part in parts]
    return pc.binary_join_element_wise(*columns, "")
