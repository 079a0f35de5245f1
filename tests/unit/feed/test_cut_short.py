"""Files whose copy was cut short: what is missing is named, and nothing else is blamed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.read import read_lines
from mallfeed.formats.csv.text import CsvText
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.workbook import workbook

HEAD = 'id,title,price,url\nP1,"컵, 둥근",1000,https://a.example/1\n'


def faults(tail: str) -> list[tuple[str, str, str]]:
    """Row, code and detail of each fault of a CSV file that ends so."""
    lines = CsvText(iter([(HEAD + tail).encode()]))
    found = read_lines(lines, CsvOptions(), Wanted(), "feed.csv")
    rows = [row for table in found.tables for row in table.to_pylist()]
    return [(row["_row"], row["_fault"], row["_fault_detail"]) for row in rows if row["_fault"]]


@pytest.mark.parametrize(
    ("tail", "detail"),
    [
        ("P2,접시", "2 columns, expected 4"),
        ("P2", "1 columns, expected 4"),
        ('P2,"접시, 큰",9', "3 columns, expected 4"),
        ('P2,"접시', "in a cell in quotes"),
        ('"P2","접시","9000","https', "in a cell in quotes"),
        ('P2,"접시\n큰 것', "in a cell in quotes"),
        ('P2,접시,9000,https://a.example/2\nP3,"', "in a cell in quotes"),
    ],
)
def test_the_row_in_which_a_file_ends_is_named_as_that(tail: str, detail: str) -> None:
    [fault] = faults(tail)
    assert fault[1:] == ("row_cut_short", detail)


@pytest.mark.parametrize(
    ("tail", "codes"),
    [
        ("P2,접시\n", ["malformed_row"]),  # a line end stands behind it
        ("P2,접시,9000,https://a.example/2,x", ["malformed_row"]),
        ("P2,접시,9000,https://a.example/2,", ["trailing_separator"]),
        ('P2,"접시"큰,9000,https://a.example/2', ["malformed_row"]),
        ("P2,접시\nP3,컵", ["malformed_row", "row_cut_short"]),
        ("\0\0\0\0\0\0", ["malformed_row"]),
        ("P2,접시,9000,https://a.exam", []),
    ],
)
def test_what_is_wrong_otherwise_is_not_said_to_be_cut_short(tail: str, codes: list[str]) -> None:
    assert [code for _, code, _ in faults(tail)] == codes


def held(data: bytes, format_: str, name: str, folder: Path) -> FeedHeld:
    (folder / name).write_bytes(data)
    source, out = LocalFiles([folder / name]), LocalParts(folder / "out")
    with pytest.raises(FeedHeld) as found:
        prepare(source, FeedSpec.model_validate({"format": format_}), Wanted(), out)
    return found.value


def zipped(name: str, content: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        archive.writestr(name, content)
    return out.getvalue()


TABLE = [["id", "title"], *([f"P{n}", f"컵 {n}"] for n in range(300))]
ODS = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("missing", "zeros"),
    [(1, 0), (10, 0), (22, 0), (100, 0), (0.3, 0), (0.8, 0), (22, 3000), (100, 3000), (0.3, 3000)],
)
def test_an_archive_without_its_end_was_cut_short(
    missing: float, zeros: int, tmp_path: Path
) -> None:
    whole = {
        "feed.xlsx": ("xlsx", workbook({"S": TABLE})),
        "feed.ods": ("xlsx", zipped("content.xml", "<x/>" * 3000, ODS)),
        "feed.zip": ("csv", zipped("feed.csv", HEAD * 100)),
    }
    for name, (format_, data) in whole.items():
        gone = missing if isinstance(missing, int) else int(len(data) * missing)
        found = held(data[:-gone] + b"\0" * zeros, format_, name, tmp_path)
        assert found.code == "truncated"
        assert "whose end is missing: it was cut short. Upload it again, whole." in found.message


def test_a_workbook_that_is_damaged_within_is_called_damaged(tmp_path: Path) -> None:
    data = workbook({"S": TABLE})
    middle = len(data) // 2
    found = held(data[:middle] + b"\0" * 40 + data[middle + 40 :], "xlsx", "feed.xlsx", tmp_path)
    assert (found.code, "cut short" in found.message) == ("not_the_format", False)
