"""What is wrong with a file is called by its cause: what it holds, which limit it exceeds, what it looks like."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import Any

import pytest

from mallfeed.errors import FeedHeld
from tests.unit.feed.reading import read
from tests.unit.feed.workbook import workbook

XML: dict[str, Any] = {"format": "xml"}
LINES: dict[str, Any] = {"format": "json"}
ARRAY: dict[str, Any] = {"format": "json", "json": {"layout": "array"}}
OBJECT: dict[str, Any] = {"format": "json", "json": {"layout": "object"}}
CSV: dict[str, Any] = {"format": "csv"}
EP: dict[str, Any] = {"format": "ep_blocks", "ep_blocks": {"encoding": "utf-8"}}
FIXED: dict[str, Any] = {
    "format": "fixed_width",
    "fixed_width": {"columns": [{"name": "id", "width": 3}]},
}
ALL = [XML, LINES, ARRAY, OBJECT, CSV, EP, FIXED, {"format": "parquet"}, {"format": "xlsx"}]
DEEP = "nested more than 256 levels deep, and deeper ones are not read"


def held(data: str | bytes, spec: dict[str, Any]) -> FeedHeld:
    with pytest.raises(FeedHeld) as refused:
        read(data.encode() if isinstance(data, str) else data, **spec)
    return refused.value


def detail(data: str, spec: dict[str, Any]) -> str:
    """Of the one torn row among good ones."""
    found = read(data.encode(), **spec)
    (row,) = (row for row in found.rows if row["_fault"])
    return str(row["_fault_detail"])


def item(inner: str) -> str:
    return f"<rss><item><id>1</id></item><item><id>2</id>{inner}</item></rss>"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\0" * 5_000, "feed holds nothing but NUL bytes (5,000 bytes): the export or the upload has failed"),
        (b"\0" * (1 << 21), "nothing but NUL bytes (looked at: the first 1,048,576 bytes)"),
        (b"\0 \0\n", "nothing but NUL bytes and blanks (4 bytes)"),
        (b" \t \n\r\n", "feed holds nothing but blanks and line ends (6 bytes)"),
        (b"\n\r\n", "feed holds nothing but line ends (3 bytes)"),
        (b"\xef\xbb\xbf", "feed holds a byte order mark and nothing else (3 bytes)"),
        (b"\xef\xbb\xbf\n", "feed holds nothing but line ends (4 bytes)"),
        ("\r\n".encode("utf-16"), "feed holds nothing but line ends (6 bytes)"),
        (gzip.compress(b""), "feed is packed (gz), and what is in it has no content"),
        (gzip.compress(b"\0" * 9), "feed is packed (gz), and what is in it holds nothing but NUL bytes (9 bytes)"),
        (b"", "feed has no content"),
    ],
)  # fmt: skip
def test_a_file_of_nothing_is_called_by_what_it_holds(data: bytes, told: str) -> None:
    for spec in ALL:
        refused = held(data, spec)
        assert refused.code == "empty_object"
        assert told in refused.message
        assert refused.message.endswith("Upload it again; the last good data stays.")


@pytest.mark.parametrize(
    ("data", "spec"),
    [("id,n\n1,a\n", CSV), ('{"id":1}\n', LINES), ("<<<begin>>>\n<<<id>>>1\n<<<ftend>>>\n", EP), ("abc\n", FIXED)],
)  # fmt: skip
def test_what_fills_a_file_up_is_named(data: str, spec: dict[str, Any]) -> None:
    assert "it holds NUL bytes and nothing else" in detail(data + "\0" * 2_000, spec)


@pytest.mark.parametrize("depth", [257, 300, 5_000])
def test_xml_beyond_a_limit_is_not_called_broken(depth: int) -> None:
    told = detail(item("<o>" * depth + "x" + "</o>" * depth), XML)
    assert told == f"<item> cannot be read: it is {DEEP} (line 1, byte 28 of the text)"
    name = "x" * 60_000
    told = detail(item(f"<{name}>1</{name}>"), XML)
    assert (
        "cannot be read: the name of an element, an attribute or a prefix is longer than 50,000 bytes"
        in told
    )


def test_json_beyond_a_limit_is_not_called_broken() -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    assert detail(f'{{"id":1}}\n{deep}\n', LINES) == f"it is {DEEP}"
    refused = held(f'[{{"id":1}},{deep}]', ARRAY)
    assert (
        f"the JSON cannot be read on after record 0, before byte 65,536: it is {DEEP}"
        in refused.message
    )
    assert "send the values in fewer levels" in refused.message
    refused = held('[{"id":1},{"id":"' + "9" * 200_000 + '"}]', ARRAY)
    assert "4,000 digits or more stand in a row" in refused.message


def test_a_record_that_is_too_long_is_told_with_the_limit() -> None:
    refused = held(item("x" * (7 << 20)), XML)
    assert refused.code == "record_too_large"
    assert (
        "no record ends within 6,291,456 bytes of text from byte 28 on, and none may be longer (record 2)"
        in refused.message
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[{"id":1},]', "a comma too many stands before a bracket"),
        ('[{"id":1,}]', "a comma too many stands before a bracket"),
        ("[{'id':1}]", "single quotes stand where JSON has double ones"),
        ('[{"id":1}, // all\n{"id":2}]', "a comment stands in it, and JSON has none"),
        ('[/* all */{"id":1}]', "a comment stands in it, and JSON has none"),
        ('[{"id":NaN}]', "NaN or Infinity stands in it, and JSON has no such numbers"),
        ('[{"number":-Infinity}]', "NaN or Infinity stands in it, and JSON has no such numbers"),
        ('[{"id":None}]', "None, NULL, True or the like stands in it, where JSON has null, true, false"),
        ('[{"id":undefined}]', "None, NULL, True or the like stands in it, where JSON has null, true, false"),
        ('[{id:1}]', "a word stands in it without double quotes"),
        ('[{"id":.5}]', "a number is not written as JSON asks"),
        ('[{"number" 1}]', "a key without double quotes or colon"),
        ('[{"id":1}] [', "something stands behind its end"),
    ],
)  # fmt: skip
def test_json_that_is_not_written_as_json(text: str, words: str) -> None:
    assert words in held(text, ARRAY).message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id":1,}', "not JSON at character 9: a comma too many stands before a bracket"),
        ("{'id':1}", "not JSON at character 2: single quotes stand where JSON has double ones"),
        ('{"id":None}', "not JSON at character 7: None, NULL, True or the like stands in it"),
        ("# the end", "not JSON at character 1: a comment stands in it"),
        ('"P1"', "a text, not a JSON object with a product's values"),
        ("null", "null, not a JSON object with a product's values"),
        ("12", "a number, not a JSON object with a product's values"),
    ],
)
def test_lines_that_are_not_written_as_json(line: str, words: str) -> None:
    assert detail(f'{{"id":0}}\n{line}\n', LINES).startswith(words)


TEXTS = {
    "XML": "<rss><item><id>1</id></item></rss>\n",
    "JSON": '[{"id":1,"n":"a"},\n{"id":2,"n":"b"}]\n',
    "EP blocks": "<<<begin>>>\n<<<id>>>1\n<<<ftend>>>\n",
    "a table of separated cells": "id,name\n1,a\n2,b\n",
    "a web page or an error message": "<b>Warning</b>: mysql_connect() failed in /www\n",
}
OF = {"XML": "xml", "JSON": "json", "EP blocks": "ep_blocks", "a table of separated cells": "csv"}


@pytest.mark.parametrize("spec", [XML, ARRAY, EP], ids=lambda spec: str(spec["format"]))
@pytest.mark.parametrize("what", TEXTS)
def test_a_text_of_another_format_is_called_what_it_looks_like(
    what: str, spec: dict[str, Any]
) -> None:
    if OF.get(what) == spec["format"]:
        pytest.skip("it is that format")
    message = held(TEXTS[what], spec).message
    assert f"It begins like {what} (" in message
    assert message.endswith(f"where the catalog says `format: {spec['format']}`.")


def test_the_columns_of_another_format_are_called_what_they_look_like() -> None:
    def refuse(columns: object, types: object) -> None:
        raise FeedHeld("drift", "the columns do not fit.")

    with pytest.raises(FeedHeld, match=r"do not fit\. It begins like XML"):
        read(TEXTS["XML"].encode(), on_columns=refuse, **CSV)
    with pytest.raises(FeedHeld, match=r"do not fit\.$"):
        read(b"id,name\n1,a\n", on_columns=refuse, **CSV)


def test_records_one_a_line_where_one_document_was_agreed() -> None:
    for spec in (ARRAY, OBJECT):
        message = held('{"id":{"a":1}}\n{"id":{"a":2}}\n', spec).message
        assert message.endswith(
            "It has one record a line: send one document, or say `layout: lines` in a new catalog version."
        )


@pytest.mark.parametrize(
    ("text", "what"), [('"x"', "a text"), ("12", "a number"), ("true", "true")]
)
def test_a_document_that_is_one_value(text: str, what: str) -> None:
    assert f"there is no array at the top level, but {what}." in held(text, ARRAY).message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<rss><product><id>1</id></product></rss>", "its outermost element is `rss`, in it `product` or `id`"),
        ("<rss><Item><id>1</id></Item><Item/></rss>", "its outermost element is `rss`, in it `Item` or `id`"),
        ("<error/>", "its outermost element is `error`, with no element in it"),
    ],
)  # fmt: skip
def test_xml_without_a_record_is_told_with_the_elements_that_it_has(text: str, told: str) -> None:
    refused = held(text, XML)
    assert refused.code == "records_path_missing"
    assert f"no element `item` in it; {told}. Is it the right file" in refused.message


def test_xml_with_a_prefix_that_nothing_declares_around_its_records_is_read() -> None:
    found = read(b"<g:rss><item><id>1</id></item></g:rss>", **XML)
    assert found.cells("id") == [("1",)]


def test_an_element_without_elements_says_what_it_holds_instead() -> None:
    good = "<item><id>1</id></item>"
    assert detail(f"<rss>{good}<item>x</item></rss>", XML) == (
        "<item> holds no elements: the values of a record are the elements in it"
    )
    assert detail(f"<rss>{good}<item>x<id>2</id></item></rss>", XML) == (
        "<item> holds text between its elements: the values of a record are the elements in it"
    )


@pytest.mark.parametrize(
    ("mark", "encoding", "marked", "fits"),
    [
        (b"\xff\xfe", "utf-8", "utf-16-le", "utf-8"),
        (b"\xff\xfe", "cp949", "utf-16-le", "cp949"),
        (b"\xfe\xff", "utf-16-le", "utf-16-be", "utf-16-le"),
        (b"\xff\xfe", "utf-16-be", "utf-16-le", "utf-16-be"),
    ],
)
def test_a_byte_order_mark_that_is_not_true(
    mark: bytes, encoding: str, marked: str, fits: str
) -> None:
    text = "id,name\n" + "".join(f"{n},가방 {n}\n" for n in range(20))
    refused = held(mark + text.encode(encoding), CSV)
    assert refused.code == "undecodable"
    assert f"its byte order mark says {marked}, its bytes are {fits}." in refused.message
    assert read(text.encode("utf-16"), **CSV).feed.rows == 20


def test_lines_that_end_in_different_ways() -> None:
    assert detail("id,n\r\n1,a\n2,b\r3,c\r\n", CSV) == (
        "a carriage return outside quotes: lines end in different ways"
    )


def _workbook_of_charts(sheets: dict[str, bool]) -> bytes:
    """A workbook of such sheets; True = it is one of charts."""
    data = workbook({name: [["id", "n"], ["1", "x"]] for name in sheets})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for entry in given.infolist():
            text = given.read(entry).decode()
            if entry.filename == "xl/_rels/workbook.xml.rels":
                for number, is_chart in enumerate(sheets.values(), 1):
                    of_this = f'Id="r{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                    assert of_this in text
                    text = text.replace(
                        f"{of_this}worksheet",
                        f"{of_this}{'chartsheet' if is_chart else 'worksheet'}",
                    )
            made.writestr(entry.filename, text)
    return out.getvalue()


def test_a_workbook_of_charts_is_told_as_that() -> None:
    spec: dict[str, Any] = {"format": "xlsx"}
    refused = held(_workbook_of_charts({"a": True}), spec)
    assert refused.code == "sheet_missing"
    assert "has sheets of charts or macros only: none of them has cells" in refused.message
    both = _workbook_of_charts({"a": True, "b": False})
    assert read(both, **spec).feed.rows == 1
    assert (
        "has charts or macros in the sheet a, and no cells; it has b."
        in held(both, {**spec, "xlsx": {"sheet": "a"}}).message
    )
    assert (
        "has no sheet c; it has b. Name the sheet as agreed"
        in held(both, {**spec, "xlsx": {"sheet": "c"}}).message
    )
