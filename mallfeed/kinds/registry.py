"""All kinds. A new one is a file beside this one and a line in `OWN`; nothing else repeats the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallfeed.kinds.bool import BOOL
from mallfeed.kinds.category_path import CATEGORY_PATH
from mallfeed.kinds.constant import CONSTANT
from mallfeed.kinds.currency import CURRENCY
from mallfeed.kinds.date import DATE
from mallfeed.kinds.decimal import DECIMAL
from mallfeed.kinds.enum import ENUM
from mallfeed.kinds.expression import EXPRESSION
from mallfeed.kinds.gtin import GTIN
from mallfeed.kinds.html_text import HTML_TEXT
from mallfeed.kinds.identifier import IDENTIFIER
from mallfeed.kinds.integer import INTEGER
from mallfeed.kinds.json_path import JSON_PATH
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.list import LIST
from mallfeed.kinds.list_text import LIST_TEXT
from mallfeed.kinds.list_url import LIST_URL
from mallfeed.kinds.map import MAP
from mallfeed.kinds.money import MONEY
from mallfeed.kinds.rating import RATING
from mallfeed.kinds.text import TEXT
from mallfeed.kinds.timestamp import TIMESTAMP
from mallfeed.kinds.url import URL

OWN: tuple[Kind[Any], ...] = (
    TEXT, HTML_TEXT, IDENTIFIER, MONEY, INTEGER, DECIMAL, RATING, TIMESTAMP, DATE, URL,
    LIST, LIST_TEXT, LIST_URL, CATEGORY_PATH, ENUM, BOOL, GTIN, CURRENCY, MAP,
    JSON_PATH, CONSTANT, EXPRESSION,
)  # fmt: skip
"""The kinds of mallfeed itself, in the order in which the reference lists them."""


KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in OWN}
"""Name → kind."""
