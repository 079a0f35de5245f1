"""The check of a feed's columns against its catalog."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import pytest

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.renamed_columns import LONGEST, renames
from mallfeed.feed.source_columns import columns_read, wanted_columns
from tests.unit.feed.reading import read

CATALOG = read_catalog(
    """mall: shop
version: 3
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields:
  product_id: id
  title: 상품명
  price: {from: price.sale}
  brand: {from: brand, optional: true}
  url: {type: constant, value: https://shop.example/}
  category_path: {type: constant, value: all}
feeds:
  full: {format: csv}
  delta: {format: csv, mode: delta, operation: {from: op}, slice: full}
  wide: {format: csv, extra_columns: attributes}
""",
    "v3.yaml",
)


def test_columns_that_fit_are_no_drift() -> None:
    assert check_header(["id", "상품명", "price.sale", "more"], {}, CATALOG, "full") is None


def test_operation_of_a_delta_is_required() -> None:
    drift = check_header(["id", "상품명", "price.sale"], {}, CATALOG, "delta")
    assert drift is not None
    assert dict(drift.missing) == {"op": None}


def test_missing_column_is_told_with_its_likeliest_new_name() -> None:
    drift = check_header(["ID", "상품명", "price.sale", "extra"], {}, CATALOG, "full")
    assert drift is not None
    assert dict(drift.missing) == {"id": "ID"}
    assert drift.unexpected == ("ID", "extra")
    assert drift.message.splitlines()[:4] == [
        "the columns do not fit catalog v3 of shop, feed full",
        "  the catalog reads  the feed has",
        "  id                 - (renamed to ID?)",
        "  -                  extra",
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id;상품명;price.sale;more", "by ';' all that it needs are there"),
        ('"id"\t"상품명"\t"price.sale"', "by '\\t' all that it needs are there"),
        ("id;상품명", None),
        ("id", None),
        ("notes", None),
    ],
)
def test_header_with_another_separator_is_told_as_such(header: str, told: str | None) -> None:
    drift = check_header([header], {}, CATALOG, "full")
    assert drift is not None
    if told is None:
        assert "separat" not in drift.message
    else:
        assert "the catalog separates columns by ','" in drift.message
        assert told in drift.message


def test_wanted_columns_keep_everything_where_extra_columns_are_attributes() -> None:
    assert wanted_columns(CATALOG, "full").named == ("id", "상품명", "price.sale", "brand")
    assert not wanted_columns(CATALOG, "full").everything
    assert wanted_columns(CATALOG, "wide").everything


def test_drift_stops_the_reading_before_any_row_is_kept() -> None:
    def refuse(columns: Sequence[str], types: Mapping[str, str]) -> None:
        raise FeedHeld("drift", ", ".join(columns))

    with pytest.raises(FeedHeld, match="drift: id, name"):
        read(b"id,name\n1,a\n", on_columns=refuse, format="csv")


def of(text: str, version: int = 3) -> Catalog:
    head = f"""mall: shop
version: {version}
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
"""
    return read_catalog(head + text, f"v{version}.yaml")


KOREAN = """fields: {product_id: 상품코드, title: 상품명, price: 판매가, url: 상품URL, category_path: 분류}
feeds:
  full: {format: csv}
"""
ENGLISH = """fields: {product_id: code, title: goods_name, price: sale_price, url: link, category_path: cate}
feeds:
  full: {format: csv}
"""
TYPED = """fields:
  product_id: id
  title: name
  price: price
  url: url
  category_path: cate
  availability: stock
  mall_updated_at: updated
  gtin: {from: codes, type: json_path, path: "$.ean"}
feeds:
  full: {format: FORMAT}
"""
COLUMNS = ["code", "goods_name", "sale_price", "link", "cate", "weight"]


def test_renames_are_found_across_languages_each_column_once() -> None:
    drift = check_header(COLUMNS, {}, of(KOREAN), "full")
    assert drift is not None
    assert dict(drift.missing) == {
        "상품코드": "code", "상품명": "goods_name", "판매가": "sale_price", "상품URL": "link",
        "분류": "cate",
    }  # fmt: skip
    assert drift.unexpected == tuple(COLUMNS)
    assert "  -                  weight" in drift.message


def test_version_that_fits_is_named() -> None:
    versions = [of(KOREAN, 1), of(ENGLISH, 2), of(KOREAN, 3)]
    drift = check_header(COLUMNS, {}, versions[2], "full", versions)
    assert drift is not None
    assert drift.fits == 2
    assert "Catalog v2 fits these columns: release the feed with it" in drift.message
    assert "(mallfeed release RUN --catalog v2)" in drift.message


def test_version_of_another_format_does_not_fit() -> None:
    versions = [of(ENGLISH.replace("csv", "xlsx"), 2), of(KOREAN, 3)]
    drift = check_header(COLUMNS, {}, versions[1], "full", versions)
    assert drift is not None
    assert drift.fits is None
    assert "mallfeed release RUN --catalog vN" in drift.message


TYPES = {
    "id": "bigint", "name": "string", "price": "decimal(18,2)", "url": "string", "cate": "string",
    "stock": "boolean", "updated": "timestamp", "codes": "string",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, {}),
        ({"price": "double", "updated": "date", "stock": "string"}, {}),
        ({"price": "boolean"}, {"price": "boolean, where `price` needs string or a number"}),
        ({"updated": "bigint"}, {"updated": "bigint, where `mall_updated_at` needs string or timestamp or date"}),
        ({"url": "bigint", "stock": "timestamp"}, {
            "url": "bigint, where `url` needs string",
            "stock": "timestamp, where `availability` needs string or boolean or a number",
        }),
        ({"codes": "bigint"}, {"codes": "bigint, where `gtin` needs string"}),
    ],
)  # fmt: skip
def test_types_that_a_field_cannot_be_read_from_are_retyped(
    change: dict[str, str], told: dict[str, str]
) -> None:
    catalog = of(TYPED.replace("FORMAT", "parquet"))
    drift = check_header(list(TYPES), {**TYPES, **change}, catalog, "full")
    assert (dict(drift.retyped) if drift else {}) == told
    if drift:
        name = next(iter(told))
        assert f"{name}, but it is {told[name]}" in drift.message


def test_numbers_are_moments_where_the_catalog_says_so() -> None:
    text = TYPED.replace("FORMAT", "parquet")
    catalog = of(text.replace("updated\n", "{from: updated, formats: [epoch_seconds]}\n"))
    assert check_header(list(TYPES), {**TYPES, "updated": "bigint"}, catalog, "full") is None


def test_value_that_became_an_object_is_retyped_in_nested_formats_only() -> None:
    columns = [*TYPES, "price.amount", "price.currency", "codes.ean"]
    drift = check_header(columns, {}, of(TYPED.replace("FORMAT", "json")), "full")
    assert drift is not None
    assert dict(drift.retyped) == {"price": "an object, where `price` needs a value"}
    assert check_header(columns, {}, of(TYPED.replace("FORMAT", "csv")), "full") is None


def test_delivery_fees_may_be_one_object_or_several_in_any_feed() -> None:
    """The catalog names the whole element: where items have one of it, there are paths below it, too."""
    catalog = of(
        TYPED.replace("FORMAT", "json").replace("feeds:", "  shipping_fee: shipping\nfeeds:", 1)
    )
    below = ["shipping.country", "shipping.price"]
    for columns in ([*TYPES, "shipping"], [*TYPES, "shipping", *below]):
        assert check_header(columns, {}, catalog, "full") is None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("xml", "  price.sale         price, but a value or a list that holds no such thing"),
        ("csv", "  price.sale         - (renamed to price?)"),
    ],
)
def test_a_value_where_an_object_was_agreed_is_told_as_that(written: str, told: str) -> None:
    text = f"feeds: {{full: {{format: {written}}}}}\nfields: {{product_id: id, title: t, price: price.sale, url: u, category_path: c}}"
    head = "mall: shop\nversion: 3\neffective_from: 2026-01-01T00:00:00+09:00\nowner: a\ncontact: md@example.com\n"
    catalog = read_catalog(f"{head}{text}\n", "v3.yaml")
    drift = check_header(["id", "t", "price", "u", "c"], {}, catalog, "full")
    assert drift is not None
    assert told in drift.message


def test_columns_of_expressions_are_missed_where_there_is_a_header() -> None:
    made = KOREAN.replace("판매가", '{type: expression, sql: "coalesce(sale, price)"}')
    columns = ["상품코드", "상품명", "sale", "상품URL", "분류"]
    drift = check_header(columns, {}, of(made), "full")
    assert drift is not None
    assert dict(drift.missing) == {"price": None}
    assert check_header(columns, {}, of(made.replace("csv", "json")), "full") is None
    assert (
        check_header(columns, {}, of(made.replace("sql:", "optional: true, sql:")), "full") is None
    )


def test_names_are_compared_where_they_are_as_long_as_names_are() -> None:
    missing = {"price": ["price"], "x" * (LONGEST + 1): []}
    assert renames(missing, ["sale_price" + "e" * LONGEST, "y" * LONGEST]) == {}
    assert renames(missing, ["z" * 9, "sale_price"]) == {"price": "sale_price"}


def test_thousands_of_long_names_are_not_compared_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters = 0
    compare = difflib.SequenceMatcher.ratio

    def counted(matcher: difflib.SequenceMatcher[str]) -> float:
        nonlocal letters
        letters += len(matcher.a) * len(matcher.b)
        return compare(matcher)

    monkeypatch.setattr(difflib.SequenceMatcher, "ratio", counted)
    names = [f"{'abcdefghij' * 300}{number}" for number in range(3_000)]
    names += [f"{'abcdefghij' * 9}{number}" for number in range(3_000)]
    assert renames({"price": ["price"], "title": ["title"]}, names) == {}
    assert letters == 0


RULED = """
mall: han_mall
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: o
contact: c
fields:
  product_id: id
  title: name
  price: {type: expression, sql: "coalesce(nullif(sale, ''), regular)"}
  url: link
  category_path: cat
rows: {keep: "grade = 'A'", drop: {hidden: "shown = 'N'", gift: "product.price = 0 and kind = 'gift'"}}
feeds:
  full: {format: csv, default: true, inherit: {key: handle, variant: [size], images: [pic], product: "row_type = 'main'"}}
"""


def test_what_only_a_rule_a_price_or_inherit_reads_is_not_called_unread() -> None:
    catalog = read_catalog(RULED, "v1.yaml")
    reads = [
        "id",
        "sale",
        "regular",
        "link",
        "cat",
        "grade",
        "shown",
        "kind",
        "handle",
        "size",
        "pic",
        "row_type",
    ]
    assert set(columns_read(catalog, "full")) == {*reads, "name"}
    drift = check_header([*reads, "memo"], {}, catalog, "full")
    assert drift is not None
    assert (list(drift.missing), drift.unexpected) == (["name"], ("memo",))
    assert "shown" not in drift.message


def test_the_column_that_says_the_slice_is_required() -> None:
    """Without it all products would move to one slice."""
    head = RULED[: RULED.index("feeds:")]
    for feed in ("{format: csv, slice_from: department}",
                 "{format: csv, mode: delta, operation: {from: op}, slice_from: department}"):  # fmt: skip
        catalog = read_catalog(f"{head}feeds:\n  parts: {feed}\n", "v1.yaml")
        columns = [*columns_read(catalog, "parts"), "brand"]
        assert check_header(columns, {}, catalog, "parts") is None
        columns.remove("department")
        drift = check_header(columns, {}, catalog, "parts")
        assert drift is not None
        assert list(drift.missing) == ["department"]


def test_a_delta_whose_only_other_column_seems_renamed_is_drift() -> None:
    text = DELTA_TEXT
    catalog = read_catalog(text, "v3.yaml")
    drift = check_header(["op", "id", "brnd"], {}, catalog, "delta")
    assert drift is not None
    assert drift.missing["brand"] == "brnd"
    assert "- (renamed to brnd?)" in drift.message
    assert dict(drift.missing) == {"brand": "brnd"}
    assert check_header(["op", "id"], {}, catalog, "delta") is None, "one of deletes only"
    assert check_header(["op", "id", "reason"], {}, catalog, "delta") is None, "one of deletes, too"
    assert check_header(["op", "id", "brand", "more"], {}, catalog, "delta") is None
    kept = read_catalog(
        text.replace("mode: delta", "mode: delta, extra_columns: attributes"), "v3.yaml"
    )
    assert check_header(["op", "id", "brnd"], {}, kept, "delta") is None, "it is an attribute"


DELTA_TEXT = """mall: shop
version: 3
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, price: price, brand: brand, url: link, category_path: category}
feeds:
  full: {format: csv}
  delta: {format: csv, mode: delta, operation: {from: op}, slice: full}
"""
