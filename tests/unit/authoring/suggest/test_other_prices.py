"""Prices that are not what the buyer pays, categories that are no category, sales' times in any words."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.catalog.names import is_without_tax, roles_of
from tests.unit.feed.workbook import Sheet, workbook

ROWS = range(1, 25)
BASE: Mapping[str, Sequence[str]] = {
    "상품코드": [f"K{n}" for n in ROWS],
    "상품명": [f"산들 머그 {n}호" for n in ROWS],
    "링크": [f"https://shop.example/{n}" for n in ROWS],
    "카테고리": ["주방 > 컵"] * len(ROWS),
}
AMOUNTS = [f"{10 + n}.90" for n in ROWS]
LOWER = [f"{8 + n}.90" for n in ROWS]


def looked(folder: Path, columns: Mapping[str, Sequence[str]]) -> Suggestion:
    table = {**BASE, **columns}
    out = io.StringIO()
    csv.writer(out).writerows([list(table), *zip(*table.values(), strict=True)])
    path = folder / "shop.csv"
    path.write_text(out.getvalue(), "utf-8")
    return suggest(path)


def sources(found: Suggestion) -> dict[str, tuple[str, ...]]:
    return {one.name: one.sources for one in found.fields}


@pytest.mark.parametrize(
    ("without", "tax_and_all"),
    [
        ("Prix (HT)", "Prix (TTC)"), ("Preis (netto)", "Preis (brutto)"), ("Price (tax excl.)", "Price (tax incl.)"),
        ("Price (excl. VAT)", "Price (incl. VAT)"), ("Prijs (excl. BTW)", "Prijs (incl. BTW)"), ("Precio (sin IVA)", "Precio (con IVA)"),
        ("Preço (sem IVA)", "Preço (com IVA)"), ("Cena (bez DPH)", "Cena (s DPH)"), ("販売価格(税抜)", "販売価格(税込)"),
        ("価格（税別）", "価格（税込）"), ("판매가(VAT별도)", "판매가(VAT포함)"), ("판매가(부가세 미포함)", "판매가(부가세 포함)"),
    ],
)  # fmt: skip
def test_the_buyer_pays_the_tax_too(without: str, tax_and_all: str, tmp_path: Path) -> None:
    found = looked(tmp_path, {without: LOWER, tax_and_all: AMOUNTS})
    assert sources(found)["price"] == (tax_and_all,)
    assert [is_without_tax(name) for name in (without, tax_and_all)] == [True, False]


@pytest.mark.parametrize("name", ["판매가(배송비 별도)", "Preis (ohne Versand)", "Price (excl. shipping)", "정가(세트)", "Netzpreis"])  # fmt: skip
def test_what_else_is_left_out_of_a_price_is_no_tax(name: str) -> None:
    assert not is_without_tax(name)


def test_a_price_without_tax_alone_is_to_be_checked(tmp_path: Path) -> None:
    found = looked(tmp_path, {"판매가(VAT별도)": AMOUNTS})
    assert sources(found)["price"] == ("판매가(VAT별도)",)
    assert ("price", "`판매가(VAT별도)` says that it is without tax; `price` is what the buyer pays, tax and all") in doubts(found)  # fmt: skip


def test_a_column_called_price_that_cannot_be_one_makes_another_doubtful(tmp_path: Path) -> None:
    rules = ["[ADD]5" if n % 3 == 0 else amount for n, amount in zip(ROWS, LOWER, strict=True)]
    found = looked(tmp_path, {"Price": rules, "Retail Price": AMOUNTS})
    price = next(one for one in found.fields if one.name == "price")
    assert (price.sources, price.level) == (("Retail Price",), "medium")
    [said] = [what for name, what in doubts(found) if name == "price"]
    assert said.startswith("`Price` is called a price, but is not read as one: 8 cells of it are no amount, such as `[ADD]5`")  # fmt: skip


@pytest.mark.parametrize("kinds", [["Product", "SKU", "Rule"], ["PHYSICAL", "DIGITAL"], ["의류", "잡화"]])  # fmt: skip
def test_a_category_goes_before_a_type(kinds: list[str], tmp_path: Path) -> None:
    types = [kinds[n % len(kinds)] for n in ROWS]
    some = ["Shoes" if n % 2 else "" for n in ROWS]
    found = looked(
        tmp_path,
        {"카테고리": ["1"] * len(ROWS), "판매가": AMOUNTS, "Item Type": types, "Category": some},
    )
    assert sources(found)["category_path"] == ("Category",)


@pytest.mark.parametrize(
    ("first", "second", "columns", "level"),
    [
        ("Home > Lamps", "Gifts > Home", 1, "medium"),
        ("Home / Lamps", "Gifts / Home", 1, "medium"),
        ("TV / Video", "Screens", 2, "medium"),
        ("Home", "Lamps", 2, "high"),
    ],
)
def test_numbered_categories_with_a_path_each_are_no_levels(
    first: str, second: str, columns: int, level: str, tmp_path: Path
) -> None:
    names = ("product_category_1", "product_category_2")
    values = {names[0]: [first] * len(ROWS), names[1]: [second] * len(ROWS)}
    found = looked(tmp_path, {"카테고리": ["1"] * len(ROWS), "판매가": AMOUNTS, **values})
    category = next(one for one in found.fields if one.name == "category_path")
    assert (category.sources, category.level) == (names[:columns], level)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("sale_from_date", "sale_starts_at"), ("sale_to_date", "sale_ends_at"), ("promo_start", "sale_starts_at"),
        ("DiscountBeginDate", "sale_starts_at"), ("sale-period-end", "sale_ends_at"), ("special_price_valid_until", "sale_ends_at"),
        ("campaign_starts_at", "sale_starts_at"),
    ],
)  # fmt: skip
def test_when_a_sale_holds_is_said_in_any_words(name: str, role: str) -> None:
    assert next(iter(roles_of(name).items())) == (role, 1.0)


HEADER = [
    ["상품코드", "상품명", "가격", None, "링크", "분류"],
    [None, None, "정가", "판매가", None, None],
]
PRODUCTS = [
    [f"K{n}", f"산들 머그 {n}호", 2000 + n, 1500 + n, f"https://shop.example/{n}", "주방 > 컵"]
    for n in ROWS
]
MERGED = ["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"]


@pytest.mark.parametrize("above", [0, 2])
def test_a_header_of_two_lines_is_read_in_the_lower_one(above: int, tmp_path: Path) -> None:
    merged = [f"{a[0]}{int(a[1]) + above}:{b[0]}{int(b[1]) + above}" for a, b in (one.split(":") for one in MERGED)]  # fmt: skip
    rows = [["상품 목록"], []][:above] + HEADER + PRODUCTS
    path = tmp_path / "shop.xlsx"
    path.write_bytes(workbook({"s": Sheet(rows, merged=merged)}))
    found = suggest(path)
    assert getattr(found.spec.options, "header_row") == 2 + above  # noqa: B009
    expected = {"price": ("판매가",), "list_price": ("정가",), "product_id": ("상품코드",), "category_path": ("분류",)}  # fmt: skip
    assert expected.items() <= sources(found).items()
    assert found.labels == ()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_header_of_two_lines_that_cannot_be_read_makes_the_price_doubtful(
    suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"shop.{suffix}"
    rows = [*HEADER, *PRODUCTS]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode() if suffix == "csv" else workbook({"s": rows}))
    found = suggest(path)
    assert next(one for one in found.fields if one.name == "price").level != "high"
    said = [what for name, what in doubts(found) if name == "price"]
    assert "the row below the header calls `가격` 정가" in said
    assert any(one.endswith(" 판매가, and it is not read as the price") for one in said)
