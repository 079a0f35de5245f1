"""Feeds damaged in every way a byte can be: flipped, cut, spliced, and given separators."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import re
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from mallfeed.reading.raw_columns import NOTES
from tests.unit.feed.reading import Read
from tests.unit.feed.workbook import workbook

ROWS = 12
COLUMNS = ("c0", "c1", "c2", "c3")
_TAGGED = re.compile(r"(aaaa|bbbb|cccc|dddd)\d{1,2}")
_INSERTED = (
    b'"', b'""', b'",', b',"', b"\n", b"\r", b"\r\n", b"\t", b",", b",,", b"\\", b"\0", b"\xff",
    b"\xef\xbb\xbf", b"\xff\xfe", b"{", b"}", b"[", b"]", b'{"c0":', b"null", b"1e999", b"NaN",
    b"<", b">", b"&x;", b"<!DOCTYPE a>", b"]]>", b"<<<begin>>>", b"<<<ftend>>>\n", b"<<<c1>>>",
    b"&nbsp;", b"& ", b"<![CDATA[", b"</item>", b"sep=;\n", b"\x01",
    b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08", "가".encode(), "가".encode("cp949"),
)  # fmt: skip


def cell(column: int, row: int) -> str:
    """A value that tells where it belongs, more than one damaged byte could make it say else."""
    return f"{'abcd'[column] * 4}{row}"


def _records() -> list[dict[str, str]]:
    return [{f"c{c}": cell(c, r) for c in range(len(COLUMNS))} for r in range(ROWS)]


def _csv(end: str = "") -> bytes:
    lines = [",".join(COLUMNS)]
    for n, record in enumerate(_records()):
        values = list(record.values())
        if n % 3 == 0:
            values[1] = f'"{values[1]}"'
        if n % 4 == 0:
            values[2] = f'"{values[2]}, more ""words""\nand lines"'
        lines.append(",".join(values) + end)
    return "\n".join(lines).encode()


def _json_lines() -> bytes:
    return b"\n".join(_json(record) for record in _records())


def _json(record: dict[str, str]) -> bytes:
    pairs = [f'"{name}":"{value}"' for name, value in record.items()]
    return ('{"n":{"a":[1.50,true,null]},' + ",".join(pairs) + "}").encode()


def _xml() -> bytes:
    items = "".join(
        "<item>" + "".join(f"<{n}>{v}</{n}>" for n, v in record.items()) + "</item>\n"
        for record in _records()
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<rss><channel>{items}</channel></rss>'.encode()


def _ep_blocks() -> bytes:
    return "".join(
        "<<<begin>>>\n" + "".join(f"<<<{n}>>>{v}\n" for n, v in record.items()) + "<<<ftend>>>\n"
        for record in _records()
    ).encode()


def _parquet(**options: Any) -> bytes:
    data = io.BytesIO()
    table = pa.table({name: [r[name] for r in _records()] for name in COLUMNS})
    table = table.append_column("n", pa.array([{"a": [1, None], "t": 1}] * ROWS))
    pq.write_table(table, data, **options)
    return data.getvalue()


def _xlsx() -> bytes:
    return workbook({"s": [COLUMNS, *[list(record.values()) for record in _records()]]})


def _zip(data: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr("feed.csv", data)
    return packed.getvalue()


def _members(pack: Callable[[bytes], bytes], data: bytes) -> bytes:
    """Packed in three, the second of which is empty."""
    middle = len(data) // 2
    return pack(data[:middle]) + pack(b"") + pack(data[middle:])


def _tar(data: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("feed.csv")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def _page() -> bytes:
    rows = [list(COLUMNS), *[list(record.values()) for record in _records()]]
    cells = ["".join(f"<td>{value}</td>" for value in row) for row in rows]
    table = "".join(f"<tr>{row}</tr>\n" for row in cells)
    return f'<html><meta charset="utf-8"><body><table>{table}</table></body></html>'.encode()


def _fixed_width() -> bytes:
    """Lines with a placeholder for a character of 3 bytes in UTF-8, and of 2 in CP949."""
    lines = ["".join(f"{value:<6}" for value in record.values()) for record in _records()]
    return "".join(f"{line}@ {' ' * (n % 4 == 0)}\n" for n, line in enumerate(lines)).encode()


def _in_two(data: bytes, what: bytes, by: str) -> bytes:
    """The file with something put in for each `what`: for each fourth in CP949, for the others in UTF-8."""
    first, *rest = data.split(what)
    return first + b"".join(
        by.encode("utf-8" if n % 4 else "cp949") + one for n, one in enumerate(rest)
    )


CSV = {"format": "csv"}
POSITIONAL = ("csv", "tsv", "fixed_width", "parquet", "xlsx", "html")
"""Formats in which a value's column is told by its place alone."""
SEEDS: dict[str, tuple[bytes, dict[str, Any]]] = {
    "csv": (_csv(), CSV),
    "csv_escaped": (_csv().replace(b'""', b'\\"'), {"format": "csv", "csv": {"escape": "\\"}}),
    "csv_below_titles": (
        b"sep=,\nAll goods\n" + _csv(",") + b"\nTotal: 12,345\n",
        {"format": "csv", "csv": {"header_row": 3, "trailing_separator": True, "footer_rows": 1}},
    ),
    "tsv_without_quotes": (
        b"\r\n".join("\t".join(r.values()).encode() for r in [dict(zip(COLUMNS, COLUMNS, strict=True)), *_records()]),
        {"format": "csv", "csv": {"separator": "\t", "quote": None}},
    ),
    "csv_cp949": (_csv().replace(b"words", "낱말".encode("cp949")), {"format": "csv", "csv": {"encoding": "cp949"}}),
    "csv_utf_8_and_cp949": (
        "이름,c0,c1,c2,c3\n".encode() + b"".join(
            "가방".encode("utf-8" if n % 3 else "cp949") + b"," + ",".join(record.values()).encode() + b"\n"
            for n, record in enumerate(_records())
        ),
        CSV,
    ),
    "csv_utf_16": (_csv().decode().encode("utf-16"), CSV),
    "csv_gz": (gzip.compress(_csv()), CSV),
    "csv_bz2": (bz2.compress(_csv()), CSV),
    "csv_zst": (zstandard.ZstdCompressor(write_checksum=True).compress(_csv()), CSV),
    "csv_zip": (_zip(_csv()), CSV),
    "csv_gz_members": (_members(gzip.compress, _csv()), CSV),
    "csv_bz2_members": (_members(bz2.compress, _csv()), CSV),
    "csv_zst_frames": (_members(zstandard.ZstdCompressor(write_checksum=True).compress, _csv()), CSV),
    "csv_zip_bzip2": (_zip(_csv(), zipfile.ZIP_BZIP2), CSV),
    "csv_tar": (_tar(_csv()), CSV),
    "csv_tar_gz": (gzip.compress(_tar(_csv())), CSV),
    "json_lines": (_json_lines(), {"format": "json"}),
    "json_array": (b"[" + _json_lines().replace(b"\n", b",\n") + b"]", {"format": "json", "json": {"layout": "array"}}),
    "json_under_path": (
        b'{"data":{"total":12,"items":[' + _json_lines().replace(b"\n", b",\n") + b"]}}",
        {"format": "json", "json": {"layout": "array", "records_path": "data.items"}},
    ),
    "json_object": (
        b"{" + b",\n".join(b'"k%d":%b' % (n, line) for n, line in enumerate(_json_lines().split(b"\n"))) + b"}",
        {"format": "json", "json": {"layout": "object"}},
    ),
    "xml": (_xml(), {"format": "xml"}),
    "xml_of_html_entities": (_xml().replace(b"</c1>", b"</c1><n>A&nbsp;&amp; B & \x01</n>", 5), {"format": "xml"}),
    "xml_utf_8_and_cp949": (_in_two(_xml(), b"</c1>", "</c1><n>가방 \\</n>"), {"format": "xml"}),
    "json_array_utf_8_and_cp949": (
        _in_two(b"[" + _json_lines().replace(b"\n", b",\n") + b"]", b"true", '"가\\"방"'),
        {"format": "json", "json": {"layout": "array"}},
    ),
    "json_object_utf_8_and_cp949": (
        b"{" + _in_two(
            b",\n".join(b'"k%d":%b' % (n, line) for n, line in enumerate(_json_lines().split(b"\n"))), b'"k', '"가방',
        ) + b"}",
        {"format": "json", "json": {"layout": "object"}},
    ),
    "ep_blocks_utf_8_and_cp949": (
        _in_two(_ep_blocks(), b"<<<c2>>>", "<<<n>>>가방\n<<<c2>>>"), {"format": "ep_blocks", "ep_blocks": {"encoding": "utf-8"}},
    ),
    "fixed_width_utf_8_and_cp949": (
        _in_two(_fixed_width(), b"@", "가"),
        {
            "format": "fixed_width",
            "fixed_width": {
                "encoding": "utf-8", "columns": [{"name": f"c{c}", "width": 6} for c in range(4)] + [{"name": "n", "width": 3}],
            },
        },
    ),
    "ep_blocks": (_ep_blocks(), {"format": "ep_blocks"}),
    "parquet": (_parquet(), {"format": "parquet"}),
    "parquet_plain": (_parquet(use_dictionary=False, compression="none"), {"format": "parquet"}),
    "xlsx": (_xlsx(), {"format": "xlsx"}),
    "html_saved_as_xls": (_page(), {"format": "xlsx"}),
}  # fmt: skip


def _flipped(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + data[place + chance.randrange(1, 60) :]


def _spliced(data: bytes, chance: random.Random) -> bytes:
    start, place = chance.randrange(len(data)), chance.randrange(len(data))
    return data[:place] + data[start : start + chance.randrange(1, 80)] + data[place:]


def _inserted(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + chance.choice(_INSERTED) + data[place:]


def _overwritten(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    noise = chance.randbytes(chance.randrange(1, 8))
    return data[:place] + noise + data[place + len(noise) :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flipped, _cut_off, _cut_out, _spliced, _inserted, _inserted, _overwritten,
)  # fmt: skip


def mutated(seed: str, number: int) -> bytes:
    """The seed's file, damaged once; the same number damages it the same way."""
    return damaged(SEEDS[seed][0], f"{seed}-{number}")


def damaged(data: bytes, chance: str) -> bytes:
    """The file, damaged once; by the same text in the same way."""
    dice = random.Random(chance)
    return dice.choice(MUTATIONS)(data, dice)


def check_rows(found: Read, which: str, positional: bool) -> None:
    """Rows are there once each, torn ones empty, and no value stands in another's column."""
    assert [row["_pos"] for row in found.rows] == list(range(found.feed.rows)), which
    assert len({row["_row"] for row in found.rows}) == len(found.rows), which
    assert found.feed.malformed == len(found.faults()), which
    for row in found.rows:
        if row["_fault"] in (None, *NOTES):
            assert not (positional and _shifted(row)), (which, row)
        else:
            assert row["_fault_detail"], (which, row)
            assert all(row[name] is None for name in found.feed.columns), (which, row)


def _shifted(row: dict[str, Any]) -> bool:
    """Whether a value that tells its column stands in another one."""
    for name in COLUMNS:
        tag = _TAGGED.fullmatch(str(row.get(name)))
        if tag and tag[1] != cell(int(name[1]), 0)[:4]:
            return True
    return False
