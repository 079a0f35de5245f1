"""Small files that are made to cost much, of any size n; each costs what its bytes do."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

ARRAY = {"layout": "array"}


@dataclass(frozen=True)
class Hostile:
    """How the file is made, the size at which its growth is measured, and how it is read.

    `held` is the code of one that is refused whatever its size.
    """

    made: Callable[[int], bytes]
    size: int
    format: str
    options: dict[str, Any] = field(default_factory=dict)
    wanted: tuple[str, ...] | None = ("id",)
    held: str | None = None

    @property
    def spec(self) -> dict[str, Any]:
        """Of the feed, as a catalog has it."""
        return {"format": self.format, **({self.format: self.options} if self.options else {})}


def _members(pack: Callable[[bytes], bytes]) -> Callable[[int], bytes]:
    return lambda n: pack(b"id,name\n") + pack(b"1,a\n") * n


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zip_of_folders(n: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("feed.csv", "id,name\n1,a\n")
        for number in range(n):
            archive.writestr(f"d{number}/", "")
    return data.getvalue()


def _numbered(n: int, each: bytes, between: bytes = b"") -> bytes:
    return between.join(each % ((number,) * each.count(b"%d")) for number in range(n))


def _item(inner: bytes, attributes: bytes = b"") -> bytes:
    return b"<rss><item" + attributes + b"><id>1</id>" + inner + b"</item></rss>"


def _row_groups(n: int) -> bytes:
    data = io.BytesIO()
    pq.write_table(pa.table({"id": [str(number) for number in range(n)]}), data, row_group_size=1)
    return data.getvalue()


def _nulls(n: int) -> bytes:
    data = io.BytesIO()
    pq.write_table(pa.table({f"c{c}": pa.nulls(n, pa.string()) for c in range(50)}), data)
    return data.getvalue()


def _under_a_long_key(n: int) -> bytes:
    return json.dumps({"id": "1", "k" * 4 * n: {f"a{number}": 1 for number in range(n)}}).encode()


FILES: dict[str, Hostile] = {
    "gz of many members": Hostile(_members(_gz), 10_000, "csv"),
    "bz2 of many members": Hostile(_members(bz2.compress), 2_000, "csv"),
    "zst of many frames": Hostile(_members(zstandard.compress), 4_000, "csv"),
    "zip of many folders": Hostile(_zip_of_folders, 1_000, "csv"),
    "xml element of many attributes": Hostile(lambda n: _item(b"", b"".join([b" ", _numbered(n, b'a%d="1"', b" ")])), 3_000, "xml"),
    "xml child of many attributes": Hostile(lambda n: _item(b"<c " + _numbered(n, b'a%d="1"', b" ") + b"/>"), 3_000, "xml"),
    "xml of many namespaces": Hostile(lambda n: _item(b"", b" " + _numbered(n, b'xmlns:a%d="u%d"', b" ")), 1_500, "xml"),
    "xml of many namespaces around records": Hostile(
        lambda n: b"<rss " + _numbered(n, b'xmlns:a%d="u"', b" ") + b">" + b"<item><id>1</id></item>" * n + b"</rss>",
        200, "xml", held="not_the_format",
    ),
    "xml under a long name": Hostile(
        lambda n: _item(b"<%b>%b</%b>" % (b"x" * 4 * n, _numbered(n, b"<b%d>1</b%d>"), b"x" * 4 * n)), 1_500, "xml",
    ),
    "xml of many children": Hostile(lambda n: _item(_numbered(n, b"<b%d>1</b%d>")), 5_000, "xml"),
    "xml of mixed content": Hostile(lambda n: _item(b"<m>x" + b"<a>1</a>" * n + b"</m>"), 10_000, "xml"),
    "xml of broken records": Hostile(lambda n: b"<rss><item><id>1</id></item>&" + b"<item><id>1</id><b></item>" * n + b"</rss>", 900, "xml"),
    "xml of records to be mended": Hostile(lambda n: b"<rss>" + b"<item><id>1</id>&nbsp;</item>" * n + b"</rss>", 5_000, "xml"),
    "xml of records that are never closed": Hostile(lambda n: b"<rss><item><id>1</id></item>&" + b"<item><id>1</id>" * n, 5_000, "xml", held="truncated"),
    "xml of tags that are never closed": Hostile(lambda n: b"<rss><item><id>1</id></item>&" + b"<item a " * n, 5_000, "xml", held="truncated"),
    "xml of CDATA that is never closed": Hostile(
        lambda n: b"<rss><item><id>1</id></item>&" + b"<item><id>1</id><![CDATA[</item>" * n + b"</rss>", 5_000, "xml",
    ),
    "xml record of CDATA that is never closed": Hostile(
        lambda n: b"<rss><item><id>1</id></item><item><id>1</id>&" + b"<![CDATA[" * n + b"</item></rss>", 50_000, "xml",
    ),
    "xml record of much to mend": Hostile(lambda n: _item(b"<m>" + b"& < &nbsp;" * n + b"</m>"), 20_000, "xml"),
    "xml of many namespaces around broken records": Hostile(
        lambda n: b"<rss " + _numbered(n, b'xmlns:a%d="u"', b" ") + b">&" + b"<item><id>1</id></item>" * n + b"</rss>",
        200, "xml", held="not_the_format",
    ),
    "json line under a long key": Hostile(_under_a_long_key, 1_500, "json"),
    "json line of many keys": Hostile(lambda n: b'{"id":"1",' + _numbered(n, b'"a%d":1', b",") + b"}", 10_000, "json"),
    "json array under a long key": Hostile(
        lambda n: b'[{"id":"1","' + b"k" * 8 * n + b'":[' + b",".join([b'{"a":1}'] * n) + b"]}]", 5_000, "json", ARRAY,
    ),
    "json beside a long key": Hostile(
        lambda n: b'{"' + b"k" * 8 * n + b'":[' + b",".join([b'{"a":1}'] * n) + b'],"p":[{"id":"1"}]}',
        5_000, "json", {**ARRAY, "records_path": "p"},
    ),
    "json object of long keys": Hostile(
        lambda n: b"{" + b",".join(b'"%b%d":{"id":"1"}' % (b"k" * 100, number) for number in range(n)) + b"}",
        2_000, "json", {"layout": "object"},
    ),
    "json object under a long key": Hostile(
        lambda n: b'{"' + b"k" * 8 * n + b'":{' + b",".join([b'"a":{"a":1}'] * n) + b'},"p":{"x":{"id":"1"}}}',
        5_000, "json", {"layout": "object", "records_path": "p"},
    ),
    "json array of a long text": Hostile(lambda n: b'[{"id":"1","s":"' + b"x\\n" * n + b'"}]', 500_000, "json", ARRAY),
    "json of new keys in each record": Hostile(
        lambda n: b'{"id":"1"}\n' * 1_000 + b"".join(b"{%b}\n" % _numbered(100, b'"k%d_%%d":1' % r, b",") for r in range(n)),
        100, "json", wanted=None, held="too_many_columns",
    ),
    "csv of a quote that never closes": Hostile(lambda n: b'id,name\n1,"' + b"2,b\n" * n, 10_000, "csv"),
    "csv of quotes that never close": Hostile(lambda n: b"id,name\n" + (b'2,"b\n' + b"x\n" * 1_900) * n, 4, "csv"),
    "csv of rows in another encoding": Hostile(
        lambda n: "id,이름\n".encode() + "1,가\n".encode() * n + b"2,\xb0\xa1\n3,\xff\n" * (n // 2), 10_000, "csv",
    ),
    "xml of records in another encoding": Hostile(
        lambda n: b"<rss>" + b"".join([_item("<n>가</n>".encode())[5:-6], b"<item><n>\xb0\xa1</n></item>", b"<item>\xff</item>"]) * n + b"</rss>",
        2_000, "xml",
    ),
    "xml record of records in another encoding": Hostile(
        lambda n: "<rss><item><id>가</id></item>".encode() + b"<item>" + b"<item>\xb0\xa1</item>" * n + b"</item></rss>",
        3_000, "xml", held="undecodable",
    ),
    "json array of records in another encoding": Hostile(
        lambda n: b"[" + b",".join(['{"id":"가"}'.encode(), b'{"id":"\xb0\xa1"}', b'{"id":"\xff"}'] * n) + b"]", 2_000, "json", ARRAY,
    ),
    "json array of texts in another encoding": Hostile(
        lambda n: b"[" + b",".join(['"가"'.encode(), b'"\xb0\xa1"'] * n) + b',{"id":"1"}]', 4_000, "json", ARRAY, held="not_the_format",
    ),
    "json record of texts in another encoding": Hostile(
        lambda n: '[{"id":"가"},{"id":"1","a":['.encode() + b",".join([b'"\xb0\xa1\\""'] * n) + b"]}]", 20_000, "json", ARRAY,
    ),
    "ep blocks in another encoding": Hostile(
        lambda n: b"".join(
            [b"<<<begin>>>\n<<<id>>>%b\n<<<ftend>>>\n" % id_ for id_ in ("가".encode(), b"\xb0\xa1", b"\xff")]) * n,
        2_000, "ep_blocks", {"encoding": "utf-8"},
    ),
    "csv of many columns": Hostile(lambda n: (_numbered(n, b"c%d", b",") + b"\n") * 2, 400, "csv", wanted=None),
    "csv of one long row": Hostile(lambda n: b"id,name\n" + b"," * n + b"\n", 1_000_000, "csv"),
    "ep block of many lines": Hostile(
        lambda n: b"<<<begin>>>\n<<<id>>>1\n" + (b"x" * 400 + b"\n") * n + b"<<<ftend>>>\n", 2_000, "ep_blocks",
    ),
    "parquet of tiny row groups": Hostile(_row_groups, 400, "parquet"),
    "parquet of nothing": Hostile(_nulls, 20_000, "parquet", wanted=None),
}  # fmt: skip
