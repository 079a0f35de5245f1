"""A feed may cost what its size allows; beyond that it is held, with what there is too much of."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.reading.budget import (
    ATTRIBUTES,
    BLANK_LINES,
    BROKEN,
    CELLS,
    COLUMN_CHUNKS,
    ELEMENTS,
    ENTRIES,
    KINDS,
    MEMBERS,
    UNPACKED,
    Allowance,
    Budget,
    Kind,
    Work,
)  # fmt: skip
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.hostile import FILES
from tests.unit.feed.workbook import Sheet, workbook


def allowing(kind: Kind, least: int) -> Budget:
    return Budget({kind.name: Allowance(least, 0)})


def read(
    folder: Path, data: bytes, budget: Budget | None, everything: bool = False, **spec: Any
) -> RawFeed:
    path = folder / "feed"
    path.write_bytes(data)
    wanted = Wanted(("id",), everything=everything)
    out = LocalParts(folder / "frame")
    return prepare(LocalFiles([path]), FeedSpec(**spec), wanted, out, budget=budget)


def test_a_feed_may_have_something_whatever_its_size_and_more_for_each_mb() -> None:
    allowance = Allowance(1_000, 40)
    assert [allowance.of(size) for size in (0, 500_000, 3_000_000)] == [1_000, 1_020, 1_120]
    work = Work(Budget({"cells": allowance}), 3_000_000)
    work.spend(CELLS, 1_120, "feed.csv", "by row 70")
    with pytest.raises(FeedHeld) as held:
        work.spend(CELLS, 1, "feed.csv", "by row 71")
    assert held.value.code == "too_costly"
    assert held.value.message == (
        "feed.csv: more than 1,120 cells by row 71, which is all that a feed of 3,000,000 bytes may have "
        "(1,000 and 40 per MB; `cells` in the parameter limits/work). Nothing was loaded. Leave out columns "
        "that are empty in most rows; or release the feed: it is then read without a limit, in a run of its "
        "own."
    )
    assert held.value.details == {"counted": "cells", "allowed": 1_120, "size_bytes": 3_000_000}


COSTLY: dict[str, tuple[Kind, int, bytes, dict[str, Any], str]] = {
    "members of gz": (
        MEMBERS, 10, gzip.compress(b"id\n") + gzip.compress(b"1\n") * 11, {"format": "csv"}, "by byte",
    ),
    "entries of zip": (ENTRIES, 10, FILES["zip of many folders"].made(10), {"format": "csv"}, "in its directory"),
    "entries of a workbook": (ENTRIES, 5, workbook({"s": [["id"], [1]]}), {"format": "xlsx"}, "in the workbook"),
    "column chunks": (COLUMN_CHUNKS, 10, FILES["parquet of tiny row groups"].made(11), {"format": "parquet"}, "row groups"),
    "unpacked bytes": (
        UNPACKED, 10_000, gzip.compress(b"id\n" + bytes(range(48, 58)) * 1_100), {"format": "csv"}, "packed in it",
    ),
    "unpacked bytes of a workbook": (
        UNPACKED, 1_000, workbook({"s": [["id"], [1]]}), {"format": "xlsx"}, "in its ",
    ),
    "unpacked bytes of parquet": (
        UNPACKED, 100, FILES["parquet of tiny row groups"].made(40), {"format": "parquet"}, "by row",
    ),
    "elements of xml": (ELEMENTS, 10, FILES["xml of many children"].made(11), {"format": "xml"}, "of its text"),
    "values of json lines": (ELEMENTS, 10, FILES["json line of many keys"].made(11), {"format": "json"}, "by line 1"),
    "values of a json array": (
        ELEMENTS, 10, FILES["json array under a long key"].made(6),
        {"format": "json", "json": {"layout": "array"}}, "by element 1",
    ),
    # In a dialect that Arrow does not read, nor does anybody else by blocks.
    "blank lines of csv": (
        BLANK_LINES, 10_000, b"id,a\n1,\\2\n" + b"\n" * 20_002,
        {"format": "csv", "csv": {"quote": None, "escape": "\\", "separator": ","}}, "by line",
    ),
    "blank lines before the header": (BLANK_LINES, 10_000, b" \n" * 20_002 + b"id\n1\n", {"format": "csv"}, "by line"),
    "blank lines of json": (BLANK_LINES, 10_000, b'{"id":1}\n' + b"\n" * 20_002, {"format": "json"}, "by line"),
    "blank lines of fixed width": (
        BLANK_LINES, 10_000, b"1\n" + b" \n" * 20_002,
        {"format": "fixed_width", "fixed_width": {"columns": [{"name": "id", "start": 1, "width": 1}]}}, "by line",
    ),
    "blank lines of ep": (
        BLANK_LINES, 10_000, b"<<<begin>>>\n<<<mapid>>>1\n<<<ftend>>>\n" + b"\n" * 20_002, {"format": "ep_blocks"}, "by line",
    ),
    "cells": (CELLS, 20, b"id,a,b\n" + b"1,2,3\n" * 7, {"format": "csv"}, "by row 8"),
    "broken records": (BROKEN, 3, b"id,a,b\n" + b"1,2\n" * 4, {"format": "csv"}, "by row 5"),
    "attributes": (ATTRIBUTES, 9, FILES["xml child of many attributes"].made(10), {"format": "xml"}, "of the first"),
    "keys of a late record": (
        ATTRIBUTES, 9, b'{"id":1}\n' * 1_000 + FILES["json line of many keys"].made(10),
        {"format": "json"}, "number 1,001",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COSTLY)
def test_what_costs_too_much_is_held_where_it_does(name: str, tmp_path: Path) -> None:
    kind, allowed, data, spec, place = COSTLY[name]
    with pytest.raises(FeedHeld) as held:
        read(tmp_path, data, allowing(kind, allowed), **spec)
    assert held.value.code == "too_costly", held.value
    assert held.value.message.startswith(f"feed: more than {allowed:,} {kind.what} ")
    assert place in held.value.message
    assert kind.advice in held.value.message


@pytest.mark.parametrize("name", COSTLY)
def test_without_a_budget_the_same_feed_is_read(name: str, tmp_path: Path) -> None:
    _, _, data, spec, _ = COSTLY[name]
    assert read(tmp_path, data, None, **spec).rows


def test_cells_are_counted_where_rows_lack_most_columns(tmp_path: Path) -> None:
    wide = b'{"id":"1",' + b",".join(b'"a%d":1' % n for n in range(99)) + b"}\n" + b"{}\n" * 20
    with pytest.raises(FeedHeld, match=r"more than 2,000 cells by row 21") as held:
        read(tmp_path, wide, allowing(CELLS, 2_000), everything=True, format="json")
    assert held.value.code == "too_costly"


def refused_alike(held: FeedHeld, path: Path) -> None:
    """Loading held the file as too costly, and `suggest` says the same."""
    assert held.code == "too_costly"
    with pytest.raises(FeedHeld) as suggested:
        suggest(path, "mall")
    assert suggested.value.message == held.message


def test_400_000_tiny_members_are_held_early(tmp_path: Path) -> None:
    data = gzip.compress(b"id\n") + gzip.compress(b"1\n", mtime=0) * 400_000
    path = tmp_path / "feed.csv.gz"
    path.write_bytes(data)
    with pytest.raises(
        FeedHeld, match=r"more than 5\d,\d{3} packed members by byte 1,\d{3},\d{3}"
    ) as held:
        prepare(LocalFiles([path]), FeedSpec(format="csv"), Wanted(), LocalParts(tmp_path / "out"))
    refused_alike(held.value, path)


def test_an_element_of_40_000_attributes_is_held(tmp_path: Path) -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(40_000))
    items = "<item><id>1</id><title>a</title><price>1</price></item>" * 3
    data = f"<rss>{items}<item {attributes}><id>2</id><title>b</title><price>2</price></item></rss>".encode()
    path = tmp_path / "feed.xml"
    path.write_bytes(data)
    with pytest.raises(
        FeedHeld, match=r"more than 10,0\d\d attributes or keys in one record"
    ) as held:
        prepare(LocalFiles([path]), FeedSpec(format="xml"), Wanted(), LocalParts(tmp_path / "out"))
    refused_alike(held.value, path)


def test_the_parts_of_a_feed_have_one_budget(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.csv" for n in range(3)]
    for path in paths:
        path.write_bytes(b"id,name\n1,a\n2,b\n")
    spec, out = FeedSpec(format="csv"), LocalParts(tmp_path / "out")
    with pytest.raises(FeedHeld, match=r"2\.csv: more than 8 cells by row 2\.csv:3"):
        prepare(LocalFiles(paths), spec, Wanted(), out, budget=allowing(CELLS, 8))


def test_a_sheet_whose_last_cell_is_far_away_is_held(tmp_path: Path) -> None:
    near = workbook({"s": [["id", "x"], [1, 2]]})
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(near)) as old, zipfile.ZipFile(data, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b'r="B2"', b'r="XFD1048576"'))
    with pytest.raises(FeedHeld, match="1,048,576 rows by 16,384 columns are too many") as held:
        read(tmp_path, data.getvalue(), None, format="xlsx")
    assert held.value.code == "record_too_large"


@pytest.mark.parametrize(
    "reaching",
    [
        Sheet([["id", "x"], [1, 2]], links=dict.fromkeys(["B2:B9000", "B3:B9000"], "https://a/")),
        Sheet([["id", "x"], *([n, 2] for n in range(3_000))], merged=["B2:B3001"] * 3),
    ],
    ids=["links", "merged"],
)
def test_what_lies_over_the_same_cells_again_and_again_is_held(
    reaching: Sheet, tmp_path: Path
) -> None:
    data = workbook({"s": reaching})
    with pytest.raises(FeedHeld, match="cells under its links and merged ranges") as held:
        read(tmp_path, data, allowing(CELLS, 8_500), format="xlsx")
    assert held.value.code == "too_costly"
    assert read(tmp_path, data, allowing(CELLS, 30_000), format="xlsx").rows


def test_bzip2_in_a_zip_is_unpacked_in_bounded_steps(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("feed.csv", b"id,name\n" + b"1,aaaaaaaa\n" * 2_000_000)
    assert len(data.getvalue()) < 2_000
    with pytest.raises(FeedHeld, match=r"unpacks to more than [34],\d{3},\d{3}:") as held:
        read(
            tmp_path,
            data.getvalue(),
            allowing(UNPACKED, 3_000_000),
            format="csv",
        )
    assert held.value.code == "archive_ratio"


@pytest.mark.parametrize(
    "packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_packing_of_a_zip_is_read_whole(packed: int, tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packed) as archive:
        archive.writestr("feed.csv", "id\n" + "".join(f"{n}\n" for n in range(300_000)))
    assert read(tmp_path, data.getvalue(), None, format="csv").rows == 300_000


def test_a_budget_is_written_as_text() -> None:
    assert Budget.of_text("none") == Budget()
    given = Budget.of_text("members=1+2, cells=none").allowances
    assert (given["members"], given["cells"]) == (Allowance(1, 2), None)
    assert given["unpacked"] == Budget().allowances["unpacked"]
    assert set(given) == set(KINDS)


@pytest.mark.parametrize(
    "text", ["", "members", "members=5", "members=a+b", "bytes=1+2", "members=1+2,"]
)
def test_a_budget_that_cannot_be_read_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"write KIND=LEAST\+PER_MB or KIND=none"):
        Budget.of_text(text)


def test_a_kind_without_a_limit_is_never_too_much() -> None:
    work = Work(Budget.of_text("members=none"), 1)
    work.spend(MEMBERS, 10**12, "feed", "by byte 1")
    assert work.spent["members"] == 10**12
