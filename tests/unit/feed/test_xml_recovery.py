"""XML that breaks: records are read one by one, mended where that is without doubt, else refused alone."""

from __future__ import annotations

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.formats.xml.mend import mended
from mallfeed.formats.xml.split import Span, Splitter
from tests.unit.feed.reading import Read, read

XML = {"format": "xml"}
BEGINS = b"<?xml version='1.0'?>\n<rss xmlns:g='http://base.google.com/ns/1.0'><channel>\n"
ENDS = b"</channel></rss>"


def item(number: int, title: str) -> bytes:
    return f"<item><g:id>{number}</g:id><t>{title}</t></item>\n".encode()


def document(*items: bytes) -> bytes:
    return BEGINS + b"".join(items) + ENDS


def titles(found: Read) -> list[str | None]:
    return [title for (title,) in found.cells("t")]


def held(data: bytes) -> FeedHeld:
    with pytest.raises(FeedHeld) as caught:
        read(data, **XML)
    return caught.value


@pytest.mark.parametrize(
    ("written", "meant", "what"),
    [
        ("a&nbsp;b&nbsp;c", "a&#160;b&#160;c", "2 of &nbsp;"),
        ("&hearts; &amp; &lt;", "&#9829; &amp; &lt;", "1 of &hearts;"),
        ("a & b &c; &d", "a &amp; b &amp;c; &amp;d", "3 of &"),
        ("&bne;", "&#61;&#8421;", "1 of &bne;"),
        ("1 < 2 <3 <b/>", "1 &lt; 2 &lt;3 <b/>", "2 of <"),
        ("a\x01\x1fb\tc", "ab\tc", "2 of control character"),
        ("&#0;&#x1f;&#9;&#xD800;&#x10FFFF;&#1114112;", "&#9;&#x10FFFF;", "4 of control character"),
        ("<![CDATA[a & b\x02 &nbsp; <]]> & c", "<![CDATA[a & b &nbsp; <]]> &amp; c", "1 of control character, 1 of &"),
        ("<![CDATA[ & ", "<![CDATA[ &amp; ", "1 of &"),
        ("a &amp; b", "a &amp; b", ""),
    ],
)  # fmt: skip
def test_what_is_meant_without_doubt(written: str, meant: str, what: str) -> None:
    assert mended(written.encode()) == (meant.encode(), what)


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_records_are_found_in_text_that_comes_in_pieces(size: int) -> None:
    text = (
        b"<r><!-- <item> -->\n<item><a><![CDATA[</item>]]></a></item><g:item x='1'/><items/>"
        b"<?x <item> ?><item >\n<item>n</item></item ></item><item>z"
    )
    splitter = Splitter("item")
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    spans = [span for piece in pieces for span in splitter.feed(piece)]
    spans += splitter.feed(b"", ends=True)
    assert [(one.line, text[one.offset : one.offset + len(one.text)] == one.text) for one in spans] == [
        (2, True), (2, True), (2, True), (3, True),
    ]  # fmt: skip
    assert [one.nested for one in spans] == [0, 0, 1, 0]
    assert spans[-1].fault == "</item> ends an element that has not begun"
    assert splitter.is_open


def test_an_element_that_is_not_closed_is_one_of_its_own() -> None:
    spans = list(Splitter("i", flat=True).feed(b"<i>1<i>2</i>", ends=True))
    fault = "<i> is not closed before the next one begins"
    assert spans == [Span(b"<i>1", 1, 0, fault), Span(b"<i>2</i>", 1, 4)]


def test_repaired_records_are_noted_and_the_others_are_as_they_were() -> None:
    found = read(document(item(1, "a"), item(2, "b&nbsp;c"), item(3, "d & e"), item(4, "f")), **XML)
    assert titles(found) == ["a", "b\xa0c", "d & e", "f"]
    assert found.notes() == [("2", "row_repaired", "1 of &nbsp;"), ("3", "row_repaired", "1 of &")]
    assert found.faults() == []
    assert found.feed.malformed == 0
    assert found.cells("g:id") == [("1",), ("2",), ("3",), ("4",)]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("x<b>y", "an element is closed by a tag of another name"),
        ("<b c=1/>", "an attribute's value has no quotes"),
        ("<b c='1' c='2'/>", "an element has the same attribute twice"),
        ("<b c='<x'/>", "`<` stands in an attribute's value instead of `&lt;`"),
        ("<![CDATA[x", "a CDATA section is not closed by `]]>`"),
        ("<!-- x", "a comment is not closed by `-->`"),
        ("<b", "`<` or `&` stands in the text instead of `&lt;` or `&amp;`"),
    ],
)
def test_an_element_that_stays_broken_is_refused_alone_with_its_place(
    title: str, words: str
) -> None:
    found = read(document(item(1, "a"), item(2, title), item(3, "c"), item(4, "d & e")), **XML)
    assert titles(found) == ["a", "c", "d & e"]
    assert found.faults() == [("2", "malformed_row")]
    offset = len(BEGINS + item(1, "a"))
    detail = f"<item> is broken: {words} (line 4, byte {offset} of the text)"
    assert found.rows[1]["_fault_detail"] == detail


@pytest.mark.parametrize("many", [10, 3_000])
def test_a_record_that_is_never_closed_takes_none_with_it(many: int) -> None:
    last = [item(n, "x" * 2_000) for n in range(many)]
    found = read(document(item(1, "a"), b"<item><g:id>2</g:id>\n", *last), **XML)
    assert found.faults() == [("2", "malformed_row")]
    assert found.rows[1]["_fault_detail"].startswith(
        "<item> is not closed before the next one begins"
    )
    assert found.feed.rows == many + 2


def test_an_end_without_a_beginning_is_a_row_of_its_own() -> None:
    found = read(
        document(item(1, "a"), item(2, "b").replace(b"<item>", b"<itme>"), item(3, "c")), **XML
    )
    assert titles(found) == ["a", "c"]
    assert found.faults() == [("2", "malformed_row")]


def test_elements_of_the_same_name_within_records_stay_a_part_of_them() -> None:
    inner = b"<item><g:id>%d</g:id><t>a</t><with><item><g:id>9</g:id></item></with></item>"
    found = read(document(inner % 1, inner % 2, item(3, "b&nbsp;c")), **XML)
    assert found.cells("g:id") == [("1",), ("2",), ("3",)]


def test_a_document_that_breaks_in_its_first_record_knows_its_namespaces() -> None:
    found = read(document(item(1, "a & b"), item(2, "c")), **XML)
    assert found.cells("g:id", "t") == [("1", "a & b"), ("2", "c")]


def test_a_far_document_is_read_to_its_end_behind_a_repair() -> None:
    items = [item(n, "a&nbsp;b" if n % 1_000 == 7 else "a b") for n in range(1, 20_001)]
    found = read(document(*items), **XML)
    assert [int(number) for (number,) in found.cells("g:id")] == list(range(1, 20_001))
    assert len(found.notes()) == 20


@pytest.mark.parametrize(
    "data",
    [
        document(item(1, "a & b"), item(2, "c"))[: -len(ENDS) - 8],
        document(item(1, "a & b"), item(2, "c"))[: -len("</rss>")],
        document(item(1, "a"), item(2, "c"))[: -len(ENDS) - 8],
        document(item(1, "a"), item(2, "c"))[: -len("</rss>")],
    ],
)
def test_a_document_that_was_cut_off_is_held_also_behind_a_repair(data: bytes) -> None:
    found = held(data)
    assert found.code == "truncated"
    assert "the XML ends after element" in found.message
    assert "send a whole, valid document" in found.message


def test_what_is_no_xml_is_held_in_our_words_with_a_place() -> None:
    found = held(b"id,name\n1,a & b\n")
    assert found.code == "not_the_format"
    assert "at line 1, column 1: no tag begins it, so it is no XML" in found.message


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        b"<!DOCTYPE r [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;&a;'>]>",
        b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]>",
    ],
)
def test_no_repair_reads_what_declares_entities(doctype: bytes) -> None:
    found = held(doctype + b"<r><item><id>1</id><t>&a; & b</t></item></r>")
    assert found.code == "not_the_format"
    assert "declares entities in a DOCTYPE" in found.message


def test_a_document_type_elsewhere_is_not_fetched_and_knows_no_entity() -> None:
    data = b"<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r><item><id>1</id><t>&a; & b</t></item></r>"
    assert read(data, **XML).cells("t") == [("&a; & b",)]


def test_a_document_type_within_a_record_breaks_it() -> None:
    bad = b"<item><g:id>2</g:id><!DOCTYPE r [<!ENTITY a 'b'>]><t>&a;</t></item>"
    found = read(document(item(1, "a"), bad, item(3, "c")), **XML)
    assert found.faults() == [("2", "malformed_row")]
