"""All kinds. A new one is a file beside this one and a line in `OWN`; nothing else repeats the list.

Packages outside add theirs by an entry point of the group `mallfeed.kinds`, which names a `Kind`
(docs/decisions/kinds.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from mallfeed.errors import PluginBroken
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
from mallfeed.kinds.list_gtin import LIST_GTIN
from mallfeed.kinds.list_text import LIST_TEXT
from mallfeed.kinds.list_url import LIST_URL
from mallfeed.kinds.lookup import LOOKUP
from mallfeed.kinds.map import MAP
from mallfeed.kinds.measure import MEASURE
from mallfeed.kinds.money import MONEY
from mallfeed.kinds.rating import RATING
from mallfeed.kinds.text import TEXT
from mallfeed.kinds.timestamp import TIMESTAMP
from mallfeed.kinds.url import URL
from mallfeed.plugins import plugins

GROUP = "mallfeed.kinds"

OWN: tuple[Kind[Any], ...] = (
    TEXT, HTML_TEXT, IDENTIFIER, MONEY, INTEGER, DECIMAL, RATING, TIMESTAMP, DATE, URL,
    LIST, LIST_TEXT, LIST_URL, CATEGORY_PATH, ENUM, BOOL, GTIN, LIST_GTIN, MEASURE, CURRENCY, MAP,
    JSON_PATH, CONSTANT, EXPRESSION, LOOKUP,
)  # fmt: skip
"""The kinds of mallfeed itself, in the order in which the reference lists them."""


class Registry(Mapping[str, Kind[Any]]):
    """Name → kind. Other packages' kinds are looked for once, when first they are asked for."""

    def __init__(self, own: tuple[Kind[Any], ...], group: str) -> None:
        self._own = {kind.name: kind for kind in own}
        self._group = group

    @cached_property
    def _all(self) -> Mapping[str, Kind[Any]]:
        found = dict(self._own)
        for name, kind in plugins(self._group, Kind):
            if kind.name in found:
                raise PluginBroken(
                    f"the entry point `{name}` of group {self._group} adds the kind `{kind.name}`, "
                    "which there is already; give it another name, or uninstall the package"
                )
            found[kind.name] = kind
        return found

    def __getitem__(self, name: str) -> Kind[Any]:
        return self._own.get(name) or self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


KINDS: Mapping[str, Kind[Any]] = Registry(OWN, GROUP)
