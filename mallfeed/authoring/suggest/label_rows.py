"""Rows below the header that are no products: names in another language, what is required, which type a cell has.

A product has a number, an address or a moment somewhere; such a row has words even where all rows below have those, or
numbers where they have words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mallfeed.authoring.suggest.profile import Column, profile
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.sql_names import literal, quoted
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import is_data, is_money
from mallfeed.catalog.names import is_known_name
from mallfeed.product.fields import MAPPED

MOST = 3
"""Such rows below one header: names, what is required, what is expected."""
_NAMES = ("second_header", "third_header", "fourth_header")
_LOOKED_AT = 200
_TYPED = 0.8
"""Share of a column's cells that are numbers, addresses or moments, from which on a word there is none of them."""
_FEW, _PLAIN = 3, 2
"""Filled rows below, and columns of data with so many, that make words in place of data plain, whatever they say."""
_COMPARED = 3
"""Columns that a rule compares: one may be filled alike in a product."""
_LONG = 60
_REQUIRED = r"필수|선택|권장|조건부|필수입력|선택입력|입력불가|자동입력|required|optional|mandatory|recommended|conditional"
_TYPES = (
    r"text|string|str|(?:var)?char|int|integer|bigint|long|number|numeric|decimal|float|double|date|datetime|timestamp|bool|boolean|url|uri|enum"
    r"|문자|문자열|텍스트|숫자|정수|실수|날짜|일자|코드값|주소"
)
_WORD = re.compile(
    rf"[*\[(]?\s*(?:{_REQUIRED}|{_TYPES})\s*(?:[\[(]\s*[\d, .자]*\s*[\])])?\s*[\])*]?",
    re.IGNORECASE,
)
_SMALL = re.compile(r"\d{1,5}")
_LENGTH = re.compile(
    r"(?:최대|max\.?)?\s*\d{1,5}\s*(?:자|자리|글자|byte|bytes|chars?)\s*(?:이내|이하)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LabelRow:
    """One such row.

    Attributes
    ----------
    name : of the rule that leaves it out
    cells : column → what stands there, of those that are not blank
    """

    name: str
    cells: Mapping[str, str]

    def rule(self, fields: Iterable[FoundField]) -> str:
        """The condition of a catalog's `rows` that takes this row and no product."""
        required = [f for f in fields if MAPPED[f.name].required]
        named = [column for one in required for column in one.sources if column in self.cells]
        rest = [column for column in self.cells if column not in named]
        plain = [c for c in dict.fromkeys((*named, *rest)) if _is_plain(self.cells[c])]
        chosen = (plain or [*self.cells])[:_COMPARED]
        return " and ".join(f"trim({quoted(c)}) = {literal(self.cells[c])}" for c in chosen)

    @property
    def shown(self) -> str:
        """Its first cells, for people."""
        return ", ".join(cell[:20] for cell in list(self.cells.values())[:4])


def without_label_rows(sample: Sample) -> tuple[Sample, tuple[LabelRow, ...]]:
    """The sample without such rows, and the rows."""
    own = [column for column in sample.columns if column.element_of is None]
    rows: list[LabelRow] = []
    while len(rows) < min(MOST, sample.rows - 1) and _is_label(own, len(rows)):
        cells = {c.name: cell for c in own if (cell := c.cells[len(rows)])}
        rows.append(LabelRow(_NAMES[len(rows)], cells))
    if not rows:
        return sample, ()
    kept = [profile(c.name, c.cells[len(rows) :], c.sql_type, c.element_of) for c in sample.columns]
    return replace(sample, columns=tuple(kept), rows=sample.rows - len(rows)), tuple(rows)


def _is_label(columns: Sequence[Column], row: int) -> bool:
    """Whether the row has words only, and what of them says that they are no product's."""
    cells = [cell for column in columns if (cell := column.cells[row])]
    if _says_lengths(columns, row):
        return True
    if len(cells) < _PLAIN or any(_is_data(cell) for cell in cells):
        return False
    against = [c for c in columns if c.cells[row] and _holds_data(c.cells[row + 1 :])]
    if not against:
        return False
    below = [sum(1 for cell in c.cells[row + 1 :][:_LOOKED_AT] if cell) for c in against]
    if sum(count >= _FEW for count in below) >= _PLAIN:
        return True
    said = sum(bool(_says_what_is_expected(cell)) for cell in cells)
    named = sum(is_known_name(cell) for cell in cells)
    return said > len(cells) / 2 or (named >= _PLAIN and named >= len(cells) / 2)


def _says_lengths(columns: Sequence[Column], row: int) -> bool:
    """Whether the row has small whole numbers only, also where the columns have words and addresses: how long a cell may be."""
    cells = [column for column in columns if column.cells[row]]
    if len(cells) < _FEW or not all(_SMALL.fullmatch(c.cells[row] or "") for c in cells):
        return False
    below = [[cell for cell in c.cells[row + 1 :][:_LOOKED_AT] if cell] for c in cells]
    return sum(len(b) >= _FEW and not any(map(_SMALL.fullmatch, b)) for b in below) >= _PLAIN


def _holds_data(cells: Sequence[str | None]) -> bool:
    filled = [cell for cell in cells[:_LOOKED_AT] if cell]
    return bool(filled) and sum(map(_is_data, filled)) >= _TYPED * len(filled)


def _is_data(cell: str) -> bool:
    """Whether it is a number, an address or a moment; a long text is what is expected of the cells below, or a product's."""
    if _says_what_is_expected(cell):
        return False
    return is_money(cell) or (is_data(cell) and len(cell) <= _LONG)


def _says_what_is_expected(cell: str) -> bool:
    return bool(_WORD.fullmatch(cell) or _LENGTH.fullmatch(cell))


def _is_plain(cell: str) -> bool:
    return len(cell) <= _LONG and not set(cell) & set("\n\r\t\\")
