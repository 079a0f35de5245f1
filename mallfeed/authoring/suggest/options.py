"""How a field's values are read: formats of time, words, separators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mallfeed.authoring.suggest.date_forms import Forms, forms_of, intervals
from mallfeed.authoring.suggest.more_words import known_word, other_word
from mallfeed.authoring.suggest.prices import comma_marks
from mallfeed.authoring.suggest.profile import Column
from mallfeed.kinds.options import USUAL
from mallfeed.kinds.sql.vocabulary import key_of
from mallfeed.product.fields import AMOUNTS, MAPPED, SALE_WINDOW

_SOLD_OUT = re.compile(r"품절|sold.?out|out.?of.?stock", re.IGNORECASE)
_BESIDE_PRICES = frozenset(AMOUNTS) - {"price", "sale_price", "list_price"}
"""Amounts whose decimal mark is not settled together with that of the prices."""
_TAGS = ("|", ",", "#", ";", "/", "^", " ")


def options_of(field: str, column: Column) -> dict[str, Any]:
    """Keys of the field beside `from`; empty if the defaults read it."""
    if field == SALE_WINDOW:
        return _written(intervals(column.values))
    if MAPPED[field].kind == "timestamp":
        return in_common([column])
    if MAPPED[field].values:
        values = _words(field, column)
        return {"values": values} if values else {}
    if field == "tags":
        return _tag_separators(column)
    if field in _BESIDE_PRICES and comma_marks([column]):
        return {"decimal_mark": ","}
    if field == "rating" and any("," in value for value in column.values):
        return {"decimal_mark": ","}
    return {}


def unknown_words(field: str, column: Column) -> list[str]:
    """Unknown words of an enum; they would be dropped with a warning."""
    known = _words(field, column)
    return [v for v in column.values[:50] if known_word(field, v) is None and v not in known][:8]


def _words(field: str, column: Column) -> dict[str, str]:
    if field == "availability" and _SOLD_OUT.search(column.name):
        return {v: "out_of_stock" if _yes(v) else "in_stock" for v in column.values[:10]}
    found = {}
    for value in column.values[:50]:
        if known_word(field, value) is None and (more := other_word(field, value)):
            found[value] = more
    return found


def _yes(value: str) -> bool:
    return key_of(value) in ("y", "yes", "true", "1", "t", "o", "예", "품절", "soldout")


def in_common(columns: Sequence[Column]) -> dict[str, Any]:
    """What reads the times of all these columns: one may show in which order the other has day and month."""
    texts = [one for one in columns if one.sql_type not in ("timestamp", "date")]
    return _written(forms_of([value for one in texts for value in one.values]))


def _written(forms: Forms) -> dict[str, Any]:
    formats = {} if forms.formats in ((), ("iso8601",)) else {"formats": list(forms.formats)}
    words = {"blank_words": [USUAL, *forms.without]} if forms.without and forms.formats else {}
    return {**formats, **words}


def _tag_separators(column: Column) -> dict[str, str]:
    if column.share("json_list") > 0.5:
        return {}
    shares = [(sum(mark in value for value in column.values), mark) for mark in _TAGS]
    count, mark = max(
        shares, key=lambda one: (one[0] > len(column.values) * 0.3, -_TAGS.index(one[1]))
    )
    if not count or mark in "|,":
        return {}
    return {"separators": mark}
