"""What every file format does, our own and those of other distributions.

Subclass `FormatContract` as `Test<Name>` and say how the format writes a few records:

    class TestCsv(FormatContract):
        row = CSV

        def written(self, records):
            return text in an encoding of the catalog's choice, or bytes

pytest then runs every test of it. Needs the checkout as its working directory.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, ClassVar

import pytest
import zstandard

from mallfeed.authoring.suggest.examine_file import look
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.formats.athena import Readable
from mallfeed.formats.format import Format
from mallfeed.formats.readers import reader_of
from mallfeed.formats.registry import FORMATS
from mallfeed.plan.sizing import estimated_seconds, megabytes, rows_megabytes
from mallfeed.product.codes import CODES
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.mutations import COLUMNS, MUTATIONS, ROWS, cell, check_rows
from tests.unit.feed.reading import Read, read, read_files
from tests.unit.ledger.records import feed

Records = Sequence[Mapping[str, str]]

RECORDS: Records = [{name: cell(n, row) for n, name in enumerate(COLUMNS)} for row in range(ROWS)]
HANGUL: Records = [dict.fromkeys(COLUMNS, f"가방 {n}") for n in range(ROWS)]
PRODUCTS: Records = [
    {
        "product_id": f"A{n:03}",
        "title": f"무선 마우스 {n}",
        "price": f"{n}9000",
        "url": f"https://shop.example/{n}",
        "category": "디지털",
    }
    for n in range(1, 21)
]
DAMAGED = 60
"""Damaged files that are tried."""


class FormatContract:
    """The tests; a subclass gives what they need."""

    row: ClassVar[Format]
    options: ClassVar[Mapping[str, Any]] = {}
    """As a catalog states them, for files of the columns c0 to c3."""

    def written(self, records: Records) -> str | bytes:
        """A file of these records, all of the same columns; text where it has an encoding."""
        raise NotImplementedError

    def torn(self) -> str | bytes | None:
        """RECORDS, but for the third, which cannot be taken apart; None where no file can be so."""
        return None

    # What the tests are made of

    def spec(self, **more: Any) -> dict[str, Any]:
        """A feed's format and options."""
        options = {**self.options, **more}
        return {"format": self.row.name, **({self.row.name: options} if options else {})}

    def file(self, records: Records = RECORDS, encoding: str = "") -> bytes:
        """The file of these records."""
        return self.encoded(self.written(records), encoding)

    def encoded(self, text: str | bytes, encoding: str = "") -> bytes:
        """Bytes as they are; text in this encoding, or in that of the options."""
        if isinstance(text, bytes):
            return text
        usual = self.spec_of().options.encoding if self.row.has_encoding else "utf-8"
        return text.encode(encoding or usual)

    def spec_of(self, **more: Any) -> FeedSpec:
        """The same as the catalog's model."""
        return FeedSpec(**self.spec(**more))

    def has_own_names(self) -> bool:
        """Whether the columns are named by the catalog, not by the file."""
        return self.row.columns(self.spec_of().options) is not None

    # The row

    def test_the_row_is_one_of_the_formats(self) -> None:
        assert FORMATS[self.row.name] is self.row
        keys = [field.alias or key for key, field in FeedSpec.model_fields.items()]
        assert keys.count(self.row.name) == (self.row.options is not None), "a feed has such a key"

    def test_what_the_row_names_can_be_loaded(self) -> None:
        assert callable(reader_of(self.row))
        assert self.row.look is None or callable(resolve_name(self.row.look.function))

    def test_every_option_has_a_default_and_is_described(self) -> None:
        if self.row.options is not None:
            self.row.options()
            bare = [k for k, one in self.row.options.model_fields.items() if not one.description]
            assert bare == []
            assert set(self.row.drafted) <= set(self.row.options.model_fields)

    def test_athena_reads_its_files_or_it_says_why_not(self) -> None:
        readable = self.row.athena(self.spec_of().options)
        assert isinstance(readable, Readable)
        assert readable.serde is None or readable.serde["SerializationLibrary"]

    # In a catalog

    def catalog(self, more: str = "") -> str:
        """A catalog whose feed is written so."""
        options = ", ".join(f"{key}: {_yaml(value)}" for key, value in self.options.items())
        return f"""mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@shop.example
fields: {{product_id: c0, title: c1, price: c2, url: c3, category_path: {{type: constant, value: x}}}}
feeds:
  full:
    format: {self.row.name}
    {f"{self.row.name}: {{{options}}}" if options else ""}
    {more}
"""

    def faults(self, text: str) -> list[str]:
        """What is wrong with the catalog."""
        try:
            read_catalog(text, "v1.yaml")
        except CatalogInvalid as invalid:
            return invalid.faults
        return []

    def test_a_catalog_names_it(self) -> None:
        assert self.faults(self.catalog()) == []
        spec = read_catalog(self.catalog(), "v1.yaml").feeds["full"]
        assert spec.format_row is self.row
        assert spec.options == self.spec_of().options

    def test_an_option_that_it_does_not_have_is_a_fault(self) -> None:
        feed = f"{{format: {self.row.name}, {self.row.name}: {{no_such_key: 1}}}}"
        found = self.faults(f"{self.catalog().split('feeds:')[0]}feeds:\n  full: {feed}\n")
        unknown = self.row.name if self.row.options is None else "no_such_key"
        assert any(f"`{unknown}` is no key here" in one for one in found)

    def test_options_of_another_format_are_a_fault(self) -> None:
        other = next(name for name, row in FORMATS.items() if row.options and name != self.row.name)
        found = self.faults(self.catalog(f"{other}: {{}}"))
        assert [f"`{other}` has no effect on format `{self.row.name}`" in one for one in found] == [True]  # fmt: skip

    # Reading

    def test_records_come_out_whole_and_in_order(self) -> None:
        found = read(self.file(), **self.spec())
        assert found.faults() == []
        assert found.cells(*COLUMNS) == [tuple(record.values()) for record in RECORDS]
        assert len({row["_row"] for row in found.rows}) == ROWS
        assert [row["_pos"] for row in found.rows] == list(range(ROWS))

    def test_columns_are_told_before_a_row_is_kept(self, tmp_path: Path) -> None:
        def refused(columns: Sequence[str], types: Mapping[str, str]) -> None:
            assert set(columns) >= set(COLUMNS)
            assert set(types) == (set(columns) if self.row.typed else set())
            raise FeedHeld("drift", "other columns")

        (tmp_path / "feed").write_bytes(self.file())
        source, out = LocalFiles([tmp_path / "feed"]), LocalParts(tmp_path / "frame")
        with pytest.raises(FeedHeld, match="other columns"):
            prepare(source, self.spec_of(), Wanted(), out, refused)
        assert not (tmp_path / "frame").exists()

    def test_the_columns_that_are_asked_for_are_there(self) -> None:
        found = read(self.file(), wanted=["c2", "c0"], **self.spec())
        assert found.cells("c0", "c2") == [(one["c0"], one["c2"]) for one in RECORDS]

    def test_parts_are_one_feed(self) -> None:
        files = {"a": self.file(RECORDS[:5]), "b": self.file(RECORDS[5:])}
        found = read_files(files, **self.spec())
        assert found.cells(*COLUMNS) == [tuple(record.values()) for record in RECORDS]
        assert [row["_row"][:2] for row in found.rows] == ["a:"] * 5 + ["b:"] * 7
        assert [row["_pos"] for row in found.rows] == list(range(ROWS))

    def test_a_part_of_other_columns_is_refused(self) -> None:
        if self.row.nests or self.has_own_names():
            pytest.skip("its columns come with the records, or from the catalog")
        others = [{f"other {name}": value for name, value in one.items()} for one in RECORDS]
        with pytest.raises(FeedHeld) as held:
            read_files({"a": self.file(), "b": self.file(others)}, **self.spec())
        assert held.value.code == "drift"

    @pytest.mark.parametrize("packing", ["gz", "zst"])
    def test_packed_it_is_the_same(self, packing: str) -> None:
        pack = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor().compress}[packing]
        found = read(pack(self.file()), **self.spec())
        assert found.cells(*COLUMNS) == [tuple(record.values()) for record in RECORDS]
        assert found.feed.facts["compression"] == packing

    @pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
    def test_text_is_read_in_the_encoding_that_the_catalog_names(self, encoding: str) -> None:
        if not self.row.has_encoding:
            pytest.skip("it says its encoding itself")
        found = read(self.file(HANGUL, encoding), **self.spec(encoding=encoding))
        assert found.cells(*COLUMNS) == [tuple(record.values()) for record in HANGUL]
        assert found.feed.facts["encoding"].startswith(encoding)

    def test_bytes_that_are_not_of_the_encoding_hold_the_feed_or_refuse_their_row(self) -> None:
        if not self.row.has_encoding:
            pytest.skip("it says its encoding itself")
        data = self.file(HANGUL, "utf-8")
        place = data.index("가".encode(), len(data) // 2)
        try:
            found = read(data[:place] + b"\xff" + data[place + 1 :], **self.spec(encoding="utf-8"))
        except FeedHeld as error:
            held = error
        else:
            held = None
        if held is not None:
            assert held.code == "undecodable"
            return
        assert [code for _, code in found.faults()] == ["row_undecodable"]
        assert len(found.cells(*COLUMNS)) == len(HANGUL) - 1

    def test_a_torn_record_is_a_row_with_a_fault_and_takes_no_other_along(self) -> None:
        torn = self.torn()
        if torn is None:
            pytest.skip("what is damaged in such a file is the file")
        found = read(self.encoded(torn), **self.spec())
        assert [code for _, code in found.faults()] == ["malformed_row"]
        others = [record for n, record in enumerate(RECORDS) if n != 2]
        assert found.cells(*COLUMNS) == [tuple(record.values()) for record in others]
        (bad,) = (row for row in found.rows if row["_fault"])
        assert bad["_pos"] == 2
        assert bad["_fault_detail"]
        assert bad["_raw"]

    def test_nothing_holds_the_feed(self) -> None:
        with pytest.raises(FeedHeld) as held:
            read(b"", **self.spec())
        assert held.value.code == "empty_object"

    def test_an_error_page_is_no_feed(self) -> None:
        page = b"<!DOCTYPE html>\n<html><body><h1>503 Service Unavailable</h1></body></html>\n"
        found = self.read_or_held(page)
        if isinstance(found, FeedHeld):
            assert found.code in CODES
        else:
            assert "c0" not in found.seen or found.cells("c0") == []

    def test_a_damaged_file_comes_out_row_by_row_or_is_held(self) -> None:
        for number in range(DAMAGED):
            chance = random.Random(f"{self.row.name} {number}")
            found = self.read_or_held(chance.choice(MUTATIONS)(self.file(), chance))
            if isinstance(found, FeedHeld):
                assert found.code in CODES, number
                assert len(found.message) > 20, number
            else:
                check_rows(found, str(number), positional=not self.row.nests)

    def read_or_held(self, data: bytes) -> Read | FeedHeld:
        """What comes out, or why nothing does; anything else is raised."""
        try:
            return read(data, **self.spec())
        except FeedHeld as held:
            return held

    # Suggesting, sizing

    def test_suggest_recognises_it(self, tmp_path: Path) -> None:
        if self.row.look is None:
            pytest.skip("it is not recognised")
        file = tmp_path / "feed"
        file.write_bytes(self.file(PRODUCTS))
        spec = look(file).spec
        assert spec.format == self.row.name
        found = self.read_with(spec, file.read_bytes())
        names = spec.format_row.columns(spec.options) or tuple(PRODUCTS[0])
        assert found.cells(*names) == [tuple(record.values()) for record in PRODUCTS]

    def read_with(self, spec: FeedSpec, data: bytes) -> Read:
        """The file as a suggested spec has it read."""
        options = {} if spec.options is None else {spec.format: spec.options}
        return read(data, format=spec.format, **options)

    def test_it_has_a_weight(self) -> None:
        size = 900_000_000
        plain = feed(1, format=self.row.name, key=f"f.{self.row.name}", size_bytes=size)
        packed = plain.model_copy(update={"key": f"f.{self.row.name}.GZ"})
        assert megabytes(plain) == size / 1e6
        assert (megabytes(packed) == megabytes(plain)) is self.row.compressed
        half = plain.model_copy(update={"size_bytes": size // 2})
        assert estimated_seconds(half) == estimated_seconds(plain) / 2 > 0
        assert rows_megabytes(half) == rows_megabytes(plain) / 2 > 0


def _yaml(value: Any) -> str:
    """A value in flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, str):
        return f'"{value}"'
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return str(value)
