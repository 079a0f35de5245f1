"""A file that is something else is held under its own name, wherever it is read."""

from __future__ import annotations

import base64
import gzip
import io
import lzma
import random
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.parquet import encryption

from mallfeed.authoring.suggest.examine_file import look
from mallfeed.errors import FeedHeld
from mallfeed.formats.registry import FORMATS
from mallfeed.reading.signatures import SIGNATURES, Signature, content_of
from tests.unit.feed.reading import read
from tests.unit.feed.workbook import workbook

GOLDEN = Path(__file__).parents[2] / "golden"
XLSX = workbook({"상품": [["id", "name"], ["1", "가방"]]})
PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>\n 404 Not Found </title></head><body>gone</body></html>"
)


def begins(signature: Signature) -> bytes:
    """A file with that mark."""
    return b"\x01" * signature.at + signature.marks[0] + b"\0\x01\x02\xff" * 200


def zip_of(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return data.getvalue()


def ole_of(stream: str) -> bytes:
    """The header of an OLE file, whose directory is its second sector (MS-CFB, 2.2)."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[0x1E:0x20] = (9).to_bytes(2, "little")
    header[0x30:0x34] = (0).to_bytes(4, "little")
    return bytes(header) + ("Root Entry\0" + stream + "\0").encode("utf-16-le").ljust(512, b"\0")


def held(data: bytes, format_: str) -> FeedHeld:
    with pytest.raises(FeedHeld) as raised:
        read(data, format=format_)
    return raised.value


@pytest.mark.parametrize("format_", ["csv", "json", "xml", "parquet", "xlsx"])
@pytest.mark.parametrize(
    "signature", SIGNATURES, ids=lambda one: f"{one.content.title} {one.marks[0]!r}"
)
def test_every_content_is_named_in_a_feed_of_every_other_format(
    signature: Signature, format_: str
) -> None:
    content = signature.content
    if content.key in FORMATS[format_].takes:
        return
    for data in (begins(signature), gzip.compress(begins(signature))):
        found = held(data, format_)
        assert found.code == ("encrypted_archive" if content.is_locked else "not_the_format")
        assert (
            f" is {content.title}, where the catalog says `format: {format_}`. {content.advice}"
            in str(found)
        )


@pytest.mark.parametrize(
    "signature",
    [one for one in SIGNATURES if one.content.key != "plain_parquet"],
    ids=lambda one: one.content.title,
)
def test_suggest_names_it_too(signature: Signature, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(begins(signature))
    with pytest.raises(FeedHeld) as raised:
        look(path)
    why = (
        "so that nobody can read it"
        if signature.content.is_locked
        else "which is no format of a feed"
    )
    assert f"feed.csv is {signature.content.title}, {why}. " in str(raised.value)


IN_ZIP = {
    "an Excel workbook (.xlsx)": XLSX,
    "a binary Excel workbook (.xlsb)": zip_of(xl__workbook_dot_bin="x"),
    "a Word document (.docx)": zip_of(word__document_dot_xml="x", b="y"),
    "a PowerPoint document (.pptx)": zip_of(ppt__presentation_dot_xml="x"),
    "a Numbers spreadsheet of Apple's": zip_of(Index__Document_dot_iwa="x"),
    "a Hangul document (.hwpx)": zip_of(Contents__content_dot_hpf="x"),
    "an OpenDocument spreadsheet (.ods)": zip_of(
        mimetype="application/vnd.oasis.opendocument.spreadsheet", content_dot_xml="x"
    ),
    "an OpenDocument file": zip_of(
        mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="x"
    ),
    "a Java archive (.jar)": zip_of(**{"META-INF__MANIFEST_dot_MF": "x"}),
    "an Android app (.apk)": zip_of(AndroidManifest_dot_xml="x"),
}


@pytest.mark.parametrize("title", IN_ZIP)
def test_a_zip_that_is_more_than_a_packing_is_named(title: str) -> None:
    found = held(IN_ZIP[title], "csv")
    assert found.code == "not_the_format"
    assert f"feed is {title}, not a zip that holds the feed. " in str(found)


def test_a_document_in_a_feed_of_workbooks_is_named() -> None:
    data = zip_of(word__document_dot_xml="x", _rels__x="y")
    assert "feed is a Word document (.docx), where the catalog says `format: xlsx`" in str(
        held(data, "xlsx")
    )


@pytest.mark.parametrize(
    ("stream", "title", "code"),
    [
        ("EncryptedPackage", "an Office file protected by a password", "encrypted_archive"),
        ("Workbook", "an old Excel workbook (.xls)", "not_the_format"),
        ("WordDocument", "an old Word document (.doc)", "not_the_format"),
        ("HwpSummaryInformation", "a Hangul document (.hwp)", "not_the_format"),
        ("Other", "an old Office file (OLE)", "not_the_format"),
    ],
)
def test_an_ole_file_is_named_by_what_is_in_it(stream: str, title: str, code: str) -> None:
    found = held(ole_of(stream), "csv")
    assert found.code == code
    assert f"feed is {title}, where the catalog says `format: csv`" in str(found)


def test_a_workbook_with_a_password_is_named_where_workbooks_are_expected() -> None:
    data = (GOLDEN / "xlsx_with_password" / "input.xlsx").read_bytes()
    assert (
        "is an Office file protected by a password, where the catalog says `format: xlsx`"
        in str(held(data, "xlsx"))
    )


@pytest.mark.parametrize("format_", ["csv", "json", "xml", "parquet"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_error_page_is_named_with_its_title(format_: str, encoding: str) -> None:
    found = held(PAGE.decode().encode(encoding), format_)
    assert "is a web page (HTML) titled '404 Not Found', where the catalog says" in str(found)
    assert "Download the feed again." in str(found)


def test_an_error_page_is_no_workbook_either() -> None:
    assert "is a web page (HTML) titled '404 Not Found', and holds no table" in str(
        held(PAGE, "xlsx")
    )


def test_xml_in_a_feed_of_csv_is_named_and_text_where_tables_are_expected() -> None:
    assert "is an XML document, where the catalog says `format: csv`" in str(
        held(b"<?xml version='1.0'?><a/>", "csv")
    )
    for format_ in ("parquet", "xlsx"):
        found = held("id,상품명\n1,가방\n".encode(), format_)
        assert (
            f"is plain text (it begins with 'id,상품명 1,가방'), where the catalog says `format: {format_}`"
            in str(found)
        )


@pytest.mark.parametrize(
    "mark", ["BM", "ID3", "ORC", "PAR1", "PARE", "GIF89a", "MZ", "EGGA", "PK", "BZh", "FEA1"]
)
def test_a_header_that_begins_like_a_mark_is_a_header(mark: str) -> None:
    for encoding in ("utf-8", "cp949"):
        data = f"{mark}코드,상품명\n1,가방\n".encode(encoding)
        found = read(data, format="csv", csv={"encoding": encoding})
        assert found.cells(f"{mark}코드", "상품명") == [("1", "가방")]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_text_is_never_taken_for_something_binary(text: str) -> None:
    found = content_of(f"{text},name\n".encode())
    assert found is None or found.key in (
        "html",
        "xml",
        "excel_xml",
        "pdf",
        "rtf",
        "mhtml",
        "hwp",
        "locked",
    )


class _Keys(encryption.KmsClient):  # type: ignore[misc]
    """Keys that lie open, for a file that is read without them."""

    def __init__(self, _config: object) -> None:
        encryption.KmsClient.__init__(self)

    def wrap_key(self, key_bytes: bytes, _master_key: str) -> bytes:
        return base64.b64encode(key_bytes)

    def unwrap_key(self, wrapped_key: bytes, _master_key: str) -> bytes:
        return base64.b64decode(wrapped_key)


@pytest.mark.parametrize("plaintext_footer", [True, False])
def test_encrypted_parquet_is_named_whatever_is_encrypted_of_it(plaintext_footer: bool) -> None:
    table = pa.table({"id": ["1", "2"], "name": ["가", "나"]})
    how = encryption.EncryptionConfiguration(
        footer_key="footer", column_keys={"column": ["name"]}, plaintext_footer=plaintext_footer
    )
    factory = encryption.CryptoFactory(_Keys)
    properties = factory.file_encryption_properties(encryption.KmsConnectionConfig(), how)
    data = io.BytesIO()
    with pq.ParquetWriter(data, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
    found = held(data.getvalue(), "parquet")
    assert found.code == "encrypted_archive"
    assert (
        "is an encrypted Parquet file, where the catalog says `format: parquet`. Send it without"
        in str(found)
    )


RANDOM = random.Random(20).randbytes(4096).replace(b"\0", b"\x01")
"""As what is packed or encrypted looks, by chance without a NUL."""


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (b"MSCF" + RANDOM, "a CAB archive"),
        (b"\x7fELF" + RANDOM, "a program"),
        (lzma.compress(b"id,name\n1,a\n", lzma.FORMAT_ALONE), "an lzma archive"),
    ],
)
def test_a_mark_counts_before_what_is_no_text(data: bytes, title: str) -> None:
    assert f"feed is {title}, where the catalog says" in held(data, "csv").message


@pytest.mark.parametrize("mark", [b"MSCF", b"070701", b"8BPS", b"xar!", b"OggS", b"MZ"])
def test_a_mark_of_letters_may_be_the_name_of_a_column(mark: bytes) -> None:
    assert content_of(mark + b",name\x01a\x01b\n" * 50) is None


def test_bytes_that_are_no_text_fit_no_encoding() -> None:
    for seed in range(50):
        data = random.Random(seed).randbytes(4096)
        if content_of(data) is None:
            told = held(data, "csv").message
            assert "would fit" not in told
            assert "packed, encrypted, or a file of another kind" in told


@pytest.mark.parametrize("format_", ["csv", "json", "xml", "xlsx"])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>x</Message></Error>', "AccessDenied"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<Error>\n <Code>NoSuchKey</Code></Error>", "NoSuchKey"),
        (b'<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>ExpiredToken</Code></Error></ErrorResponse>', "ExpiredToken"),
        (b'<problem xmlns="urn:ietf:rfc:7807"><type>about:blank</type><title>Not found</title></problem>', "Not found"),
        (b'{"error":{"code":"AccessDenied","message":"no rights"}}', "AccessDenied"),
        (b'{"error":{"code":404,"message":"Not Found","status":"NOT_FOUND"}}\n', "Not Found"),
        (b'\n{"type":"https://example.com/probs/x","title":"Forbidden","status":403,"detail":"no rights"}', "Forbidden"),
        (b'{"timestamp":"2026-11-22T09:00:00","status":500,"error":"Internal Server Error","path":"/feed"}', "Internal Server Error"),
        (b'{"success":false,"message":"Invalid API key","data":null}', "Invalid API key"),
        (b'{"status":"fail","message":"login required","result":[]}', "login required"),
        (b'{"errors":[{"code":"unauthorized","detail":"x"}]}', "unauthorized"),
        (b'{"error_description":"The token expired","error":"invalid_token"}', "invalid_token"),
    ],
)  # fmt: skip
def test_an_error_answer_is_named_with_its_code(answer: bytes, code: str, format_: str) -> None:
    found = held(answer, format_)
    assert found.code == "not_the_format"
    assert f"is the error answer of a web server or of S3, {code!r}, where" in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "<errors><item><id>1</id></item></errors>",
        "<shop><item><id>1</id><error><code>x</code></error></item></shop>",
    ],
)
def test_a_feed_with_errors_in_it_is_none(text: str) -> None:
    assert read(text.encode(), format="xml").cells("id") == [("1",)]


@pytest.mark.parametrize(
    "text",
    [
        '{"id":"1","title":"x","status":"on sale","code":"A1","message":"y"}',
        '{"title":"Forbidden Planet","type":"book","name":"x"}\n{"title":"y","type":"book","name":"z"}',
        '{"success":true,"message":"ok","data":[{"id":"1"}]}',
        '{"status":200,"message":"ok","items":[{"id":"1"}]}',
        '{"message":"sale"}',
        '{"title":"Forbidden Planet","type":"book","name":"x"}',
        '{"error":' + "[" * 3980,
        '{"error":' + '{"error":' * 400,
    ],
)
def test_json_that_has_words_of_an_error_is_none(text: str) -> None:
    assert content_of(text.encode()) is None
