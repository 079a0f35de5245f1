"""Measures: how much there is, as weight, volume, length, area or number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.amounts import DecimalMark, amount
from mallfeed.kinds.sql.pieces import Sql, case, matches, replaced, text, without_zeros
from mallfeed.kinds.sql.vocabulary import key_of, meaning_of
from mallfeed.kinds.target import Target

Unit = Literal[
    "mg", "g", "kg", "oz", "lb", "ml", "cl", "dl", "l", "fl oz",
    "mm", "cm", "m", "in", "ft", "cm2", "m2", "ea",
]  # fmt: skip

# Dimension → unit → (how many of the dimension's first whole unit it is, how it is written). Ounces,
# pounds, inches and feet are the international ones, fluid ounces those of the US (NIST Handbook 44,
# appendix C).
UNITS: dict[str, dict[Unit, tuple[str, str]]] = {
    "weight": {
        "mg": ("0.001", "mg ㎎ 밀리그램 밀리그람 milligram milligrams"),
        "g": ("1", "g gr 그램 그람 gram grams"),
        "kg": ("1000", "kg kgs ㎏ 킬로그램 킬로그람 킬로 kilo kilogram kilograms"),
        "oz": ("28.349523125", "oz 온스 ounce ounces"),
        "lb": ("453.59237", "lb lbs 파운드 pound pounds"),
    },
    "volume": {
        "ml": ("1", "ml ㎖ cc ㏄ 밀리리터 milliliter milliliters millilitre millilitres"),
        "cl": ("10", "cl 센티리터 centiliter centiliters centilitre centilitres"),
        "dl": ("100", "dl ㎗ 데시리터 deciliter deciliters decilitre decilitres"),
        "l": ("1000", "l ℓ lt ltr 리터 liter liters litre litres"),
        "fl oz": ("29.5735295625", "fl.oz floz 액량온스"),
    },
    "length": {
        "mm": ("0.001", "mm ㎜ 밀리미터 millimeter millimeters millimetre millimetres"),
        "cm": ("0.01", "cm ㎝ 센티미터 센티 센치 centimeter centimeters centimetre centimetres"),
        "m": ("1", "m 미터 meter meters metre metres"),
        "in": ("0.0254", "in 인치 inch inches"),
        "ft": ("0.3048", "ft 피트 foot feet"),
    },
    "area": {
        "cm2": ("0.0001", "cm2 cm² ㎠ 제곱센티미터 평방센티미터"),
        "m2": ("1", "m2 m² ㎡ sqm 제곱미터 평방미터"),
    },
    "number": {
        "ea": (
            "1",
            "ea each pc pcs piece pieces ct 개 개입 입 매 매입 장 정 캡슐 알 환 포 봉 봉지 병 캔 통 팩 박스 "
            "롤 세트 켤레 자루 권",
        ),
    },
}
"""Dimension → unit → (size, spellings)."""
_LARGEST = 10**12
_WITH_SIDES = ("length", "area")


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _words(dimensions: Iterable[str]) -> Iterator[tuple[str, Unit]]:
    """Each spelling and the unit that it means."""
    for dimension in dimensions:
        for unit, (_, spelled) in UNITS[dimension].items():
            yield from ((word, unit) for word in spelled.split())


# A cell: [how many ×] number unit [× how many], or behind the unit how many of what (`500ml 6개입`).
_BLANK = r"[\s\u00a0\u3000]*+"
_TIMES = f"{_BLANK}[x×✕*]{_BLANK}"
_COUNT = f"([0-9]{{1,4}}+){_BLANK}"
_OF = f"({_one_of(word for word, _ in _words(['number']))})"
_NUMBER = "([0-9０-９][0-9０-９.,．，]*+)"
_UNIT = f"({_one_of([*(word for word, _ in _words(UNITS)), 'fl oz', 'fl. oz'])})"
_PATTERN = (
    f"(?i)^(?:{_COUNT}{_OF}?{_TIMES})?{_NUMBER}{_BLANK}{_UNIT}?"
    f"(?:{_TIMES}{_COUNT}{_OF}?|{_BLANK}[(]?{_BLANK}{_COUNT}{_OF}{_BLANK}[)]?)?$"
)
_BETWEEN = "\u001f"
_GROUPS = _BETWEEN.join(f"${group}" for group in range(1, 9))


class MeasureType(FieldType):
    """How much there is: `750ml`, `1.5 킬로그램`, `100매`. Of several, all of it: `2×500 g` and `500g 2개입`
    are `1000 g`. Two sides (`10 x 20 cm`) are no measure.
    """

    type: Literal["measure"] = "measure"
    unit: Unit | None = Field(
        default=None,
        description="Unit of numbers that name none, into which the others are converted. Without it "
        "each measure keeps its own unit, and a number alone is none.",
    )
    decimal_mark: Literal[".", ","] = Field(
        default=".", description="The decimal mark, where both readings are possible."
    )


def _read(options: MeasureType, cells: Cells, _target: Target, _context: Context) -> Reading:
    mark: DecimalMark = "." if cells.are_numbers else options.decimal_mark
    return Reading(
        cell=cells.first,
        parse=lambda cell: case((matches(cell, _PATTERN), _taken_apart(cell))),
        value=lambda _, parts: _Parts(parts).measure(options.unit, mark),
        problems=(
            Problem(
                "invalid",
                lambda cell, parts: (
                    f"({cell} is not null and {_Parts(parts).measure(options.unit, mark)} is null)"
                ),
            ),
        ),
    )


def _taken_apart(cell: Sql) -> Sql:
    """The groups of the pattern as an array, empty texts where the cell lacks one."""
    return f"split({replaced(cell, _PATTERN, _GROUPS)}, {text(_BETWEEN)})"


class _Parts:
    """A cell taken apart, and what it measures."""

    def __init__(self, parts: Sql) -> None:
        (
            self.before, self.of_before, self.number, self.unit,
            self.behind, self.of_behind, self.inside, _,
        ) = (f"get({parts}, {place})" for place in range(8))  # fmt: skip

    def measure(self, wanted: Unit | None, mark: DecimalMark) -> Sql:
        """Its text: the amount without zeros at its end, a space, the unit's symbol; or null."""
        total = amount(self.number, mark)
        for count in (self.before, self.behind, self.inside):
            total = f"try_multiply({total}, coalesce(try_cast({count} as decimal(4,0)), 1))"
        symbol = meaning_of(self.unit, _meanings(_words(UNITS)))
        if wanted:
            total, symbol = f"try_multiply({total}, {self._factor(wanted)})", text(wanted)
        number = without_zeros(f"cast({total} as string)")
        return case(
            (
                f"{total} > 0 and {total} < {_LARGEST} and not {self._is_of_sides(wanted)}",
                f"concat({number}, ' ', {symbol})",
            )
        )

    def _factor(self, wanted: Unit) -> Sql:
        """How many of the wanted unit one of the cell's is; null where they measure different things."""
        units = UNITS[_dimension(wanted)]
        one = Decimal(units[wanted][0])
        factors = {unit: f"{Decimal(size) / one:.12f}" for unit, (size, _) in units.items()}
        words = _meanings((w, factors[unit]) for w, unit in _words([_dimension(wanted)]))
        written = case((f"{self.unit} = ''", "'1'"), otherwise=meaning_of(self.unit, words))
        return f"try_cast({written} as decimal(24,12))"

    def _is_of_sides(self, wanted: Unit | None) -> Sql:
        """`10 x 20 cm` has two sides, and is no measure; of `3m x 2개` there are two."""
        bare = (
            f"({self.before} <> '' and {self.of_before} = ''"
            f" or {self.behind} <> '' and {self.of_behind} = '')"
        )
        if wanted:
            return bare if _dimension(wanted) in _WITH_SIDES else "false"
        sides = _meanings((word, unit) for word, unit in _words(_WITH_SIDES))
        return f"({bare} and {meaning_of(self.unit, sides)} is not null)"


def _dimension(unit: Unit) -> str:
    return next(name for name, units in UNITS.items() if unit in units)


def _meanings(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """As words are looked up."""
    return {key_of(word): meant for word, meant in words}


MEASURE = Kind(
    name="measure",
    options=MeasureType,
    default=MeasureType(),
    holds=("measure",),
    read=_read,
    problems=("invalid",),
    max_length=25,
)
