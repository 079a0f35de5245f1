"""JSON, EP blocks and XML: dotted paths, numbers as written, torn records refused."""

from __future__ import annotations

import json

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.kinds.sql.marks import BOOLEAN, MISPLACED, NESTED, NUMBER
from tests.unit.feed.reading import read, read_files

ARRAY = {"format": "json", "json": {"layout": "array"}}
UNDER = {"format": "json", "json": {"layout": "array", "records_path": "data.items"}}
EP = {"format": "ep_blocks"}
XML = {"format": "xml"}


def test_values_stand_as_they_were_written() -> None:
    line = b'{"a":1.50,"b":12900,"c":true,"d":null,"e":"1e3","f":NaN,"g":"x","h":[1.0,{"k":2.50}]}'
    found = read(line, format="json")
    assert found.cells(*"abcdefgh") == [
        ("1.50", "12900", f"{BOOLEAN}true", None, "1e3", "NaN", "x", NESTED + '[1.0,{"k":2.50}]')
    ]


@pytest.mark.parametrize("spec", [{"format": "json"}, ARRAY])
def test_exponents_of_json_numbers_are_written_out(spec: dict[str, object]) -> None:
    record = b'{"java":1.29E7,"small":15e-1,"far":1e61,"text":"1.29E7"}'
    data = record if spec is not ARRAY else b"[" + record + b"]"
    (cells,) = read(data, **spec).cells("java", "small", "far", "text")
    assert cells == ("12900000", "1.5", "1E+61", "1.29E7")


@pytest.mark.parametrize("spec", [{"format": "json"}, ARRAY])
def test_a_number_that_reads_like_thousands_is_marked(spec: dict[str, object]) -> None:
    record = b'{"a":1.255,"b":-12.500,"c":"1.255","d":0.255,"e":1.2550,"f":1234.567}'
    data = record if spec is not ARRAY else b"[" + record + b"]"
    assert read(data, **spec).cells(*"abcdef") == [
        (NUMBER + "1.255", NUMBER + "-12.500", "1.255", "0.255", "1.2550", "1234.567")
    ]


def test_an_exponent_beyond_all_bounds_stays_as_written() -> None:
    found = read(b'{"a":1e9999999999999999999999}', format="json")
    assert found.cells("a") == [("1e9999999999999999999999",)]


def test_paths_reach_into_objects_and_arrays() -> None:
    line = b'{"price":{"sale":900},"images":[{"url":"a"},{"url":"b"}],"a.b":1}'
    wanted = ["price.sale", "images[1].url", "images[9].url", "price", "a.b", "gone"]
    assert read(line, wanted, format="json").cells(*wanted) == [
        ("900", "b", None, NESTED + '{"sale":900}', "1", None)
    ]


@pytest.mark.parametrize(
    ("images", "cell"),
    [
        ('[{"url":"a"}]', "a"),
        ('{"url":"a"}', "a"),  # what is no list is a list of one
        ('["a"]', MISPLACED + '"a"'),
        ('"a"', MISPLACED + '"a"'),
        ("[[1]]", MISPLACED + "[1]"),
        ('[{"url":["a"]}]', NESTED + '["a"]'),
        ('[{"url":[]}]', None),
        ('[{"url":{}}]', None),
        *[(nothing, None) for nothing in ('""', "[]", "{}", "null", "false", "[null]")],
    ],
)
def test_a_path_that_does_not_fit_the_record_is_marked_and_emptiness_is_nothing(
    images: str, cell: str | None
) -> None:
    line = f'{{"id":1,"images":{images}}}'.encode()
    assert read(line, ["id", "images[0].url"], format="json").cells("images[0].url") == [(cell,)]


def test_an_object_is_a_column_where_most_records_have_it() -> None:
    def seen(*prices: str) -> set[str]:
        lines = "\n".join(f'{{"id":1,"price":{price}}}' for price in prices)
        found: set[str] = set()
        read(lines.encode(), ["id", "price"], lambda names, _: found.update(names), format="json")
        return found

    assert seen('{"sale":1}', "1", "1") == {"id", "price"}
    assert seen('{"sale":1}', '{"sale":1}', "1") == {"id", "price", "price.sale"}


def test_everything_is_kept_with_the_named_paths() -> None:
    line = b'{"id":1,"price":{"sale":900,"list":{"krw":1000}},"_pos":7}'
    found = read(line, None, format="json")
    assert set(found.rows[0]) - {"_row", "_raw", "_fault", "_fault_detail", "_carried"} == {
        "id", "price.sale", "price.list.krw", "_pos",
    }  # fmt: skip
    assert found.rows[0]["_pos"] == 0


def test_keys_that_turn_up_late_become_columns_of_all_parts() -> None:
    lines = [json.dumps({"id": n}) for n in range(25_000)] + ['{"id":1,"late":"x"}']
    found = read("\n".join(lines).encode(), format="json")
    assert found.feed.columns == ("id", "late")
    assert (found.rows[0]["late"], found.rows[-1]["late"], len(found.rows)) == (None, "x", 25_001)


def test_line_that_is_no_object_is_a_fault() -> None:
    data = b'{"id":1}\n{"id":\n\n[2]\n"x"\n{"id":"\\ud800"}\n' + b"[" * 100_000 + b'\n{"id":6}\n'
    found = read(data, ["id"], format="json")
    assert found.faults() == [(str(n), "malformed_row") for n in (2, 4, 5, 6, 7)]
    assert found.cells("_row", "id") == [("1", "1"), ("8", "6")]
    assert found.rows[1]["_raw"] == '{"id":'


def test_array_where_lines_were_agreed_is_held() -> None:
    with pytest.raises(FeedHeld, match="one JSON array") as held:
        read(b'[\n{"id":1}\n]', format="json")
    assert held.value.code == "not_the_format"


def test_csv_where_json_was_agreed_is_held() -> None:
    with pytest.raises(
        FeedHeld, match="cannot be read as JSON: none of its first 2 records"
    ) as held:
        read(b"id,name\n1,a\n", format="json")
    assert held.value.code == "not_the_format"


def test_array_elements_are_numbered_from_1() -> None:
    found = read(b'[{"id":1.10},7,{"id":2}]', ["id"], **ARRAY)
    assert found.cells("_row", "id") == [("1", "1.10"), ("3", "2")]
    assert found.faults() == [("2", "malformed_row")]


def test_array_under_a_path() -> None:
    data = b'{"meta":{"items":[{"id":0}]},"data":{"total":1,"items":[{"id":1}]},"z":[]}'
    assert read(data, ["id"], **UNDER).cells("id") == [("1",)]


def test_empty_array_is_a_feed_without_rows_and_tells_no_columns() -> None:
    found = read(b'{"data":{"items":[]}}', ["id"], **UNDER)
    assert (found.rows, found.feed.columns, found.seen) == ([], ("id",), ())


def test_path_that_is_not_there_is_held_with_what_is_there() -> None:
    with pytest.raises(
        FeedHeld, match=r"no array under `data.items`, but an object at the top level with result"
    ) as held:
        read(b'{"result":[{"id":1}]}', ["id"], **UNDER)
    assert held.value.code == "records_path_missing"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'[{"id":1},{"id":', "truncated"),
        (b'[{"id":1},{"id" 2}]', "not_the_format"),
        (b'[{"id":1}] trailing', "not_the_format"),
        (b'[{"id":' + b"9" * 5_000 + b"}]", "not_the_format"),
        (b'[{"id":' + b"1" * 200_000 + b"}]", "not_the_format"),
        (b'[{"id":1e99999999999999999999}]', "not_the_format"),
    ],
)
def test_broken_array_is_held_naming_the_record(data: bytes, code: str) -> None:
    with pytest.raises(FeedHeld, match=r"after record [01], before byte") as held:
        read(data, ["id"], **ARRAY)
    assert held.value.code == code


@pytest.mark.parametrize("data", [b"[" * 100_000, b"[" * 30_000 + b"]" * 30_000])
def test_nesting_without_end_is_held_before_memory_ends(data: bytes) -> None:
    with pytest.raises(
        FeedHeld, match="nested more than 256 levels deep, and deeper ones are not read"
    ) as held:
        read(data, ["id"], **ARRAY)
    assert held.value.code == "not_the_format"


def test_record_without_end_is_held_before_memory_ends() -> None:
    with pytest.raises(FeedHeld) as held:
        read(b'[{"id":"' + b"x" * (30 << 20), ["id"], **ARRAY)
    assert held.value.code == "record_too_large"


def test_ep_blocks_with_optional_tags_and_values_over_lines() -> None:
    data = "<<<tocnt>>>2\n<<<begin>>>\n<<<mapid>>>1\n<<<pname>>>가방\n둘째 줄\n<<<ftend>>>\n" \
        "<<<begin>>> <<<mapid>>>2 <<<price>>>9 <<<ftend>>>\n"  # fmt: skip
    found = read(data.encode("cp949"), ["mapid", "pname", "price"], **EP)
    assert found.cells("_row", "mapid", "pname", "price") == [
        ("1", "1", "가방\n둘째 줄", None),
        ("2", "2", None, "9"),
    ]


def test_ep_blocks_without_end_or_with_a_tag_twice_are_faults() -> None:
    data = b"<<<begin>>>\n<<<mapid>>>1\n<<<begin>>>\n<<<mapid>>>2\n<<<mapid>>>3\n<<<ftend>>>\nx\n" \
        b"<<<begin>>>\n<<<mapid>>>4\n<<<endin>>>\n<<<begin>>>\n<<<mapid>>>5\n"  # fmt: skip
    found = read(data, ["mapid"], **EP)
    assert found.faults() == [(n, "malformed_row") for n in "1235"]
    assert found.cells("_row", "mapid") == [("4", "4")]


def test_no_block_at_all_is_held() -> None:
    with pytest.raises(FeedHeld) as held:
        read(b"id,name\n1,a\n", ["mapid"], **EP)
    assert held.value.code == "not_the_format"


GOOGLE = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:x="http://base.google.com/ns/1.0"><channel><title>shop</title>
<item id="7"><x:id>1</x:id><title><![CDATA[똠 <b>]]> &amp; c</title><x:price>9 KRW</x:price>
<x:image>a</x:image><x:image>b</x:image><x:shipping><x:price>3</x:price></x:shipping></item>
</channel></rss>"""


@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr"])
def test_xml_children_are_columns_with_the_usual_prefix(encoding: str) -> None:
    data = GOOGLE.format(encoding=encoding).encode("cp949" if encoding == "euc-kr" else encoding)
    wanted = ["g:id", "title", "g:price", "g:image", "g:image[1]", "g:shipping.g:price", "@id"]
    assert read(data, wanted, **XML).cells("_row", *wanted) == [
        ("1", "1", "똠 <b> & c", "9 KRW", NESTED + '["a","b"]', "b", "3", "7")
    ]


def test_atom_entries() -> None:
    data = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><link href="u"/></entry></feed>'
    found = read(data, ["id", "link@href"], format="xml", xml={"record_tag": "entry"})
    assert found.cells("id", "link@href") == [("1", "u")]


@pytest.mark.parametrize(
    "declared", ['a SYSTEM "file:///etc/passwd"', 'a "' + "x" * 100 + '"', '% a SYSTEM "http://x/"']
)
def test_declared_entities_are_refused(declared: str) -> None:
    data = f"<!DOCTYPE r [<!ENTITY {declared}>]><r><item><id>&a;</id></item></r>"
    with pytest.raises(FeedHeld) as held:
        read(data.encode(), ["id"], **XML)
    assert held.value.code == "not_the_format"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<r><item><id>1</id></item><item>", "truncated"),
        (b"<r><item><id>1</item></r>", "not_the_format"),
        (b"<r><item><id>&nbsp;</item></r>", "not_the_format"),
        (b"id,name\n", "not_the_format"),
        (b"<r><product/></r>", "records_path_missing"),
    ],
)
def test_broken_xml_is_held(data: bytes, code: str) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, ["id"], **XML)
    assert held.value.code == code


def test_elements_without_end_are_held_before_memory_ends() -> None:
    with pytest.raises(FeedHeld) as held:
        read(b"<r><item><id>1</id></item>" + b"<x><y>1</y></x>" * 500_000, ["id"], **XML)
    assert held.value.code == "record_too_large"


def test_parts_name_their_rows() -> None:
    found = read_files({"a": b'{"id":1}\n', "b": b'{"id":2}\n'}, ["id"], format="json")
    assert found.cells("_row", "_pos", "id") == [("a:1", 0, "1"), ("b:1", 1, "2")]


def test_line_and_block_without_end_are_refused_alone() -> None:
    endless = b"x" * (9 << 20)
    lines = read(b'{"id":1}\n{"id":"' + endless + b'"}\n{"id":3}\n', ["id"], format="json")
    assert lines.faults() == [("2", "cell_too_large")]
    assert lines.cells("_row", "id") == [("1", "1"), ("3", "3")]
    block = b"<<<begin>>>\n<<<mapid>>>%s\n<<<ftend>>>\n"
    blocks = read(block % endless + block % b"2", ["mapid"], **EP)
    assert blocks.faults() == [("1", "cell_too_large")]
    assert blocks.cells("_row", "mapid") == [("2", "2")]


@pytest.mark.parametrize("layout", ["lines", "array", "object"])
def test_a_key_that_stands_twice_in_an_object_is_told_and_the_last_value_counts(
    layout: str,
) -> None:
    records = [
        '{"id":"1","a":{"b":1,"b":2}}',
        '{"id":"2","a":{"b":1}}',
        '{"id":"3","id":"4","a":{"b":1},"a":{"b":5}}',
        "[]",
    ]
    texts = {"lines": "\n".join(records), "array": f"[{','.join(records)}]"}
    texts["object"] = "{" + ",".join(f'"k{n}":{one}' for n, one in enumerate(records)) + "}"
    found = read(texts[layout].encode(), format="json", json={"layout": layout})
    assert found.cells("id", "a.b") == [("1", "2"), ("2", "1"), ("4", "5")]
    assert found.notes() == [("1", "row_key_twice", "b"), ("3", "row_key_twice", "id")]
    assert found.faults() == [("4", "malformed_row")]


def test_a_record_may_have_attributes_only() -> None:
    found = read(b"<r><item id='1' name='a'/><item id='2'></item><item/></r>", format="xml")
    assert found.cells("@id", "@name") == [("1", "a"), ("2", None)]


def test_records_may_stand_in_each_element_of_an_array() -> None:
    data = b'{"groups": [{"items": [{"id": 1}, {"id": 2}]}, {"items": []}, {"items": [{"id": 3}]}]}'
    options = {"layout": "array", "records_path": "groups.item.items"}
    assert read(data, format="json", json=options).cells("id") == [("1",), ("2",), ("3",)]
