"""What is wrong with a file is said in our words, with its place and what to do."""

from __future__ import annotations

import io
import zipfile

import pytest

from mallfeed.arrival.folder import _names
from mallfeed.errors import FeedHeld
from tests.unit.feed.reading import read

LINES = {"format": "json"}
ARRAY = {"format": "json", "json": {"layout": "array"}}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{'id':1}", "not JSON at character 2: single quotes stand where JSON has double ones"),
        ('{"id" 1}', "not JSON at character 7: a colon is missing behind a key"),
        ('{"id":1 "b":2}', "not JSON at character 9: a comma, or the bracket that closes an object or a list, is missing"),
        ('{"id":NULL}', "not JSON at character 7: None, NULL, True or the like stands in it"),
        ('{"id":"\\x"}', "not JSON at character 8: a backslash stands before a character that it does not escape"),
        ('{"id":"\x01"}', "not JSON at character 8: a control character stands in a text"),
        ('{"id":1}}', "not JSON at character 9: something stands behind its end"),
        ('{"id":"1', "not JSON: the line ends in the middle of the object; a record must stand on one line"),
        ('{"id":1', "not JSON: the line ends in the middle of the object; a record must stand on one line"),
    ],
)  # fmt: skip
def test_json_lines(line: str, words: str) -> None:
    found = read(f'{{"id":"0"}}\n{line}\n'.encode(), **LINES)
    assert found.faults() == [("2", "malformed_row")]
    assert found.rows[1]["_fault_detail"].startswith(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('[{"id":1},{"id" 2}]', "the JSON breaks after record 1, before byte 19: a key without double quotes or colon"),
        ('[{"id":1},{"id":2]', "before byte 18: a comma, or the bracket that closes an object or a list, is missing"),
        ('[{"id":1},]', "before byte 11: a comma too many stands before a bracket"),
        ('[{"id":1}] x', "before byte 12: something stands behind its end"),
        ('[{"id":1},{"id":', "the JSON ends after record 1, before byte 16. Nothing was loaded"),
    ],
)  # fmt: skip
def test_json_arrays(data: str, words: str) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data.encode(), **ARRAY)
    assert words in held.value.message
    assert "send a whole, valid document" in held.value.message


def test_a_zip_of_another_method_is_not_called_damaged() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("feed.csv", "id\n1\n")
    packed = bytearray(data.getvalue())
    for sign, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        packed[packed.index(sign) + place] = 9  # Deflate64
    with pytest.raises(FeedHeld) as held:
        read(bytes(packed), format="csv")
    assert (
        "is packed by a method that is not read. Pack it by the usual one (deflate)"
        in held.value.message
    )


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (b'{"files": ["a"', "it is no JSON from line 1, column 15 on"),
        (b"\xff", "its byte 0 is not UTF-8"),
        (b'{"file": ["a"]}', "`files` is missing, or is not a list of names"),
        (b'{"files": [1]}', "`files` is missing, or is not a list of names"),
        (b"[]", "`files` is missing, or is not a list of names"),
    ],
)
def test_a_manifest(manifest: bytes, words: str) -> None:
    with pytest.raises(FeedHeld) as held:
        _names(manifest)
    assert f"{words}. Correct it and upload it again." in held.value.message
