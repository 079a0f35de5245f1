"""Nothing that is committed can be refused by a sink: the longest values, counted in bytes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.normalise.normalise import normalise
from mallfeed.product.codes import CODES
from mallfeed.product.fields import (
    BY_NAME,
    MAX_CATEGORY_LEVELS,
    MAX_EXTRA_IMAGES,
    MAX_TAGS,
    MAX_URL,
    PRODUCT_FIELDS,
)
from mallfeed.product.record import PRODUCT
from mallfeed.sinks.opensearch.document import spark_documents
from mallfeed.sinks.redshift.columns import MOST_VARCHAR_BYTES
from mallfeed.sinks.redshift.dialect import LAYOUT
from tests.unit.normalise.reading import GOOD, Asked, Read, read_together

HANGUL, EMOJI = "가", "🎧"
MOST_TERM_BYTES = 32_766
"""Of a keyword in Lucene."""
_RAW = "_pos bigint, _row string, _raw string, _fault string, _fault_detail string"
_TEXTS = [f.name for f in PRODUCT_FIELDS if f.kind in ("text", "html_text")]
_LISTS = {
    "tags": lambda item: "|".join(f"{n:03d}{item}" for n in range(300)),
    "category_path": lambda item: ">".join(f"{n:03d}{item}" for n in range(300)),
    "extra_image_urls": lambda item: "|".join(f"https://a.kr/{n:03d}{item}" for n in range(300)),
}


def size_of_type(sql: str) -> int:
    found = re.fullmatch(r"VARCHAR\((\d+)\)", sql)
    assert found, sql
    return int(found.group(1))


def normalised(spark: SparkSession, rows: list[dict[str, str]], **options: Any) -> DataFrame:
    """Rows whose columns are named as the fields."""
    names = sorted({name for row in rows for name in row})
    fields = {name: options.get(name, name) for name in names if name in BY_NAME}
    catalog = Catalog.model_validate(
        {
            "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00", "owner": "o",
            "contact": "c", "fields": fields,
            "feeds": {"full": {"format": "csv", "extra_columns": "attributes"}},
        }
    )  # fmt: skip
    columns = ", ".join(f"`{name}` string" for name in names)
    data = [(i, str(i), None, None, None, *map(row.get, names)) for i, row in enumerate(rows)]
    return normalise(spark.createDataFrame(data, f"{_RAW}, {columns}"), catalog, "full", PRODUCT)


def long_row(character: str) -> dict[str, str]:
    """Each cell far beyond any column."""
    long = character * 22_000
    row = dict.fromkeys(_TEXTS, long) | {name: make(long[:250]) for name, make in _LISTS.items()}
    row |= {f"more {n:02d}": character * 2_000 for n in range(20)}
    addresses = dict.fromkeys(("mobile_url", "image_url"), f"https://a.kr/{long}")
    return {**row, **addresses, "product_id": "1", "price": "1000", "url": "https://a.kr/1"}


@pytest.mark.spark
def test_the_longest_cells_fit_every_column_and_every_keyword(spark: SparkSession) -> None:
    rows = [long_row(HANGUL), long_row(EMOJI), long_row("a"), long_row('"'), long_row("\\")]
    frame = normalised(spark, rows).cache()
    assert frame.where("size(_rejects) > 0").count() == 0
    texts = {
        column.name: f"to_json({column.name})" if column.is_json else column.name
        for column in LAYOUT.products
        if column.stage_type.startswith("VARCHAR")
    }
    longest = frame.selectExpr(*[f"max(octet_length({t})) as {n}" for n, t in texts.items()])
    sizes = longest.collect()[0].asDict()
    for column in LAYOUT.products:
        if column.name in texts:
            assert (sizes[column.name] or 0) <= size_of_type(column.stage_type), column.name
    documents = [json.loads(row["doc"]) for row in spark_documents(frame).collect()]
    keywords = ("brand", "maker", "origin", "model_number", "item_group_id", "variant_key",
                "product_group_key", "category_path", "category_tree")  # fmt: skip
    for document in documents:
        for name in keywords:
            terms = document[name] if isinstance(document[name], list) else [document[name]]
            assert max(len(term.encode()) for term in terms) <= MOST_TERM_BYTES, name


@pytest.fixture(scope="module")
def odd_rows(spark: SparkSession) -> list[Row]:
    """Two rows with an endless path, one with an endless address."""
    endless = [{"category_path": f"패션>{one * 22_000}"} for one in (HANGUL, EMOJI)]
    rows = [*endless, {"url": "https://a.kr/" + "가" * 22_000}]
    frame = normalised(spark, [{**GOOD, **one} for one in rows])
    shown = ("product_id", "category_path", "octet_length(category_raw) as size", "_rejects")
    return sorted(frame.selectExpr("_pos", *shown).collect())


@pytest.mark.spark
def test_a_path_of_any_length_makes_a_raw_category_that_fits(odd_rows: list[Row]) -> None:
    for character, row in zip((HANGUL, EMOJI), odd_rows, strict=False):
        assert row["category_path"] == ["패션", character * 100]
        assert row["size"] <= size_of_type("VARCHAR(20000)")


@pytest.mark.spark
def test_a_product_whose_address_is_too_long_is_refused(odd_rows: list[Row]) -> None:
    assert [fault["code"] for fault in odd_rows[2]["_rejects"]] == ["url_too_long"]


CHARACTERS = (HANGUL, EMOJI, "a")
ITEMS = {"tags": ("|", MAX_TAGS), "category_path": (">", MAX_CATEGORY_LEVELS)}
"""Field → what stands between its items, and how many are kept."""
ADDRESSES = ("url", "mobile_url", "image_url")


def items(name: str, character: str) -> list[str]:
    return [f"{n:03d}{character * 97}" for n in range(ITEMS[name][1])]


def with_longer_items(name: str, character: str) -> list[str]:
    """Items that fit, the first too long, one too many; the second ones as JSON in two ways."""
    whole, separator = items(name, character), ITEMS[name][0]
    longer = ["000" + character * 98, *whole[1:]]
    cells = [separator.join(one) for one in (whole, longer, [*whole, "more"])]
    return [*cells, json.dumps(longer), json.dumps(longer, ensure_ascii=False)]


def address(size: int) -> str:
    return "https://a.kr/" + "x" * (size - 13)


@pytest.fixture(scope="module")
def at_bounds(spark: SparkSession) -> dict[str, list[Read]]:
    """Field → what becomes of cells at their bound and beyond, all in one plan."""
    cells: dict[str, list[str]] = {}
    for name in ("category_raw", "brand"):
        most = BY_NAME[name].max_length
        assert most
        cells[name] = [one * length for one in CHARACTERS for length in (most, most + 1)]
    for name in ITEMS:
        cells[name] = [cell for one in CHARACTERS for cell in with_longer_items(name, one)]
    # A syllable is three bytes and becomes nine: %EA%B0%80.
    syllables = (MAX_URL - 13) // 9
    fits = [address(MAX_URL), "https://a.kr/" + "가" * syllables]
    over = [address(MAX_URL + 1), "https://a.kr/" + "가" * (syllables + 1)]
    cells |= {name: [*fits, *over] for name in ADDRESSES}
    cells["extra_image_urls"] = [f"/1|{address(MAX_URL + 1)}|/2", over[0]]
    found = read_together(spark, [Asked(*one) for one in cells.items()])
    return dict(zip(cells, found, strict=True))


@pytest.mark.spark
@pytest.mark.parametrize("character", CHARACTERS)
def test_texts_are_cut_at_their_bound_and_not_before(
    at_bounds: dict[str, list[Read]], character: str
) -> None:
    first = 2 * CHARACTERS.index(character)
    for name, code in (("category_raw", "category_raw_too_long"), ("brand", "brand_too_long")):
        most = BY_NAME[name].max_length
        assert most
        fits, cut = at_bounds[name][first : first + 2]
        assert (fits.value, fits.code) == (character * most, None)
        assert (cut.value, cut.code) == (character * most, code)


@pytest.mark.spark
@pytest.mark.parametrize("character", CHARACTERS)
@pytest.mark.parametrize("name", ITEMS)
def test_items_are_cut_and_those_behind_the_last_dropped(
    at_bounds: dict[str, list[Read]], character: str, name: str
) -> None:
    first = 5 * CHARACTERS.index(character)
    found = at_bounds[name][first : first + 5]
    assert [one.value for one in found] == [items(name, character)] * 5
    long, many = f"{name}_too_long", f"{name}_too_many"
    assert [one.code for one in found] == [None, long, many, long, long]


@pytest.mark.spark
def test_an_address_that_is_too_long_is_not_cut(at_bounds: dict[str, list[Read]]) -> None:
    for name in ADDRESSES:
        found = at_bounds[name]
        assert [one.code for one in found] == [None, None, f"{name}_too_long", f"{name}_too_long"]
        assert [one.value is None for one in found] == [False, False, True, True]
    images = at_bounds["extra_image_urls"]
    assert images[0].value == ["https://shop.kr/1", "https://shop.kr/2"]
    assert images[1].value is None
    assert {one.code for one in images} == {"extra_image_urls_too_long"}
    assert CODES["url_too_long"].kind == CODES["product_id_too_long"].kind == "reject"
    assert CODES["image_url_too_long"].kind == "warning"


@pytest.mark.quick
def test_every_text_has_a_bound_that_its_column_holds() -> None:
    columns = {column.name: column for column in LAYOUT.products}
    for field in PRODUCT_FIELDS:
        if field.kind in ("text", "html_text", "identifier"):
            assert field.max_length, field.name
            assert 4 * field.max_length == size_of_type(columns[field.name].stage_type)
        if field.kind == "url":
            assert field.max_length == MAX_URL <= size_of_type(columns[field.name].stage_type)
        if field.kind == "list_gtin":  # each has at most 14 digits
            assert field.max_items
            assert 2 + field.max_items * (14 + 4) <= MOST_VARCHAR_BYTES
        elif field.sql_type == "array<string>":
            assert field.max_length, field.name
            assert field.max_items, field.name
            # Of a text's characters those that JSON writes as two are of one byte.
            item = field.max_length * (1 if field.kind == "list_url" else 4)
            assert 2 + field.max_items * (item + 4) <= MOST_VARCHAR_BYTES
    assert (MAX_EXTRA_IMAGES, MAX_TAGS, MAX_CATEGORY_LEVELS) == (10, 100, 20)
