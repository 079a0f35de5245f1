"""Product XML does what every format does."""

from __future__ import annotations

from collections.abc import Iterable

from mallfeed.formats.xml.format import XML
from tests.contract.formats.suite import RECORDS, FormatContract, Records


class TestXml(FormatContract):
    row = XML

    def written(self, records: Records) -> bytes:
        return _document(
            "".join(f"<{name}>{value}</{name}>" for name, value in one.items()) for one in records
        )

    def torn(self) -> bytes:
        items = ["".join(f"<{n}>{v}</{n}>" for n, v in one.items()) for one in RECORDS]
        return _document([*items[:2], "a text", *items[3:]])


def _document(items: Iterable[str]) -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss><channel>{inner}</channel></rss>".encode()
