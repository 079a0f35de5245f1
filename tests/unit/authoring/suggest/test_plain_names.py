"""Columns whose name plainly says what they are: titles that look like codes, currencies in other words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.assumed import place_of
from mallfeed.authoring.suggest.currencies import currency_in_name
from mallfeed.authoring.suggest.doubts import doubts
from mallfeed.authoring.suggest.drafted import Drafted
from mallfeed.authoring.suggest.drafted import drafted as drafted_of
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.authoring.suggest.values import currency_in, is_money
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from tests.unit.authoring.suggest.test_feeds import HEAD

HEADER = "id,{title},price,link,category"
ROW = "K{n},{title},{n}000,https://d.example/{n},Home > Mugs"


def looked(folder: Path, titles: list[str], name: str = "title", more: str = "", values: list[str] | None = None) -> Suggestion:  # fmt: skip
    header = HEADER.format(title=name) + (f",{more}" if more else "")
    rows = [
        ROW.format(n=n + 1, title=titles[n % len(titles)])
        + (f",{values[n % len(values)]}" if values else "")
        for n in range(12)
    ]
    path = folder / "shop.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return suggest(path)


def drafted(found: Suggestion) -> dict[str, tuple[str, ...]]:
    return {one.name: one.sources for one in found.fields}


@pytest.mark.parametrize(
    "titles",
    [
        [f"Mug {n}" for n in range(12)], [f"CAP {n}" for n in range(12)], [f"PEN {n}" for n in range(12)], ["PS5", "Q7", "A-100", "X1"],
        [f"{n}01" for n in range(1, 9)], ["1984", "2666", "451"], [f"AB-{n}23.4" for n in range(9)], ["컵", "접시", "솥"], ["ماء", "خبز"],
        ["น้ำ 1", "ข้าว 2"], ["杯", "碗 3"], ["7", "86", "22/11/63"], ["Ω", "Δ 2"], ["Y", "N", "O"], ["KRW", "USD"], ["4.5", "3.2"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["title", "상품명", "product_name", "商品名", "Bezeichnung"])
def test_a_column_called_a_title_is_the_title(name: str, titles: list[str], tmp_path: Path) -> None:
    found = looked(tmp_path, titles, name)
    assert drafted(found)["title"] == (name,)
    assert "title" not in dict(found.missing)


def test_another_column_goes_first_where_it_fits_better(tmp_path: Path) -> None:
    found = looked(
        tmp_path,
        ["1001", "1002", "1003"],
        "title",
        "product_name",
        ["의자 흰색", "의자 검정", "책상"],
    )
    assert drafted(found)["title"] == ("product_name",)


@pytest.mark.parametrize(
    "titles", [["https://d.example/1", "https://d.example/2"], ["2026-01-01", "2026-02-01"]]
)
def test_addresses_and_days_are_no_titles(titles: list[str], tmp_path: Path) -> None:
    assert "title" in dict(looked(tmp_path, titles).missing)


@pytest.mark.parametrize("text", ["Mug 0", "Cup 1", "Pen 2", "Top 10", "100 ABC", "5 mL", "Box 12"])
def test_words_beside_numbers_are_no_amounts(text: str) -> None:
    assert not is_money(text)


@pytest.mark.parametrize(
    ("text", "currency"),
    [("KRW 1000", "KRW"), ("krw 1000", "KRW"), ("1,000원", "KRW"), ("100 RUB", "RUB"), ("12.5 BYN", "BYN"), ("HK$ 5", "HKD"), ("$12", None)],
)  # fmt: skip
def test_amounts_name_any_currency(text: str, currency: str | None) -> None:
    assert (is_money(text), currency_in(text)) == (True, currency)


@pytest.mark.parametrize("name", ["currencyId", "통화", "currency", "Währung"])
@pytest.mark.parametrize("code", ["RUB", "BYN", "KZT", "UAH", "usd", "원화", "GEL", "VES"])
def test_a_column_of_any_currency_is_read(name: str, code: str, tmp_path: Path) -> None:
    found = looked(tmp_path, ["의자"], "title", name, [code])
    assert drafted(found)["currency"] == (name,)
    expected = {"usd": "USD", "원화": "KRW"}.get(code, code)
    assert place_of(found, None, None).currency[0] == expected
    assert read_catalog(Drafted(found, HEAD).text, "draft.yaml").currency == expected


@pytest.mark.parametrize("words", [["zorkmid"], ["?", "??"], ["1", "2"], ["quatloos", "latinum"]])
def test_a_currency_that_nobody_knows_is_missing(words: list[str], tmp_path: Path) -> None:
    found = looked(tmp_path, ["의자"], "title", "통화", words)
    assert dict(found.missing)["currency"].startswith(
        f"`통화` names what is known as no currency: {', '.join(words)}"
    )
    text = Drafted(found, HEAD).text
    assert "# MISSING: currency: `통화` names" in text
    with pytest.raises(CatalogInvalid, match="currency"):
        read_catalog(text, "draft.yaml")


def test_some_words_that_are_no_currencies_are_to_be_checked(tmp_path: Path) -> None:
    found = looked(tmp_path, ["의자"], "title", "통화", ["EUR", "EUR", "zorkmid"])
    assert "currency" not in dict(found.missing)
    assert ("currency", "`통화` names what is known as no currency, and its prices will have none: zorkmid") in doubts(found)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "currency"),
    [
        ("Price (USD)", "USD"), ("price_eur", "EUR"), ("판매가[원]", "KRW"), ("価格（円）", "JPY"), ("Price in RUB", "RUB"),
        ("price", None), ("Top price", None), ("price all", None), ("Price (ALL)", "ALL"), ("Price ($)", None), ("가격(PC)", None),
    ],
)  # fmt: skip
def test_a_price_s_name_may_say_its_currency(name: str, currency: str | None) -> None:
    assert currency_in_name(name) == currency


@pytest.mark.parametrize(
    ("name", "values", "separators"),
    [
        ("Categories (x,y,z...)", ["Home,Women", "Home,Men", "Home"], ","),
        ("Kategorien [a > b > c ...]", ["Heim > Küche", "Heim"], None),
        ("카테고리(대/중/소)", ["주방/컵", "주방/그릇", "주방"], "/"),
        ("Category (one per product)", ["Home, Women", "Men"], None),
    ],
)
def test_what_a_name_shows_in_brackets_is_no_part_of_it(
    name: str, values: list[str], separators: str | None, tmp_path: Path
) -> None:
    rows = "".join(
        f'A{n},Mug {n},{n}00,https://a.example/{n},"{values[n % len(values)]}"\n'
        for n in range(1, 31)
    )
    path = tmp_path / "feed.csv"
    path.write_text(f'id,title,price,link,"{name}"\n{rows}', "utf-8")
    [field] = [one for one in suggest(path).fields if one.name == "category_path"]
    assert field.sources == (name,)
    assert field.options.get("separators") == separators


@pytest.mark.parametrize(
    ("title", "price", "given", "level"),
    [
        ("산들 머그컵", "12000", None, "high"),
        ("緑茶のコップ", "1200", None, "medium"),
        ("Mug", "12.50", None, "medium"),
        ("Mug", "12000", None, "medium"),
        ("Mug", "12.50", "EUR", "high"),
        ("Mug", "12.50 EUR", None, "high"),
    ],
)
def test_prices_in_a_currency_that_is_a_guess_are_not_high(
    title: str, price: str, given: str | None, level: str, tmp_path: Path
) -> None:
    rows = "".join(f"A{n},{title} {n},{n}{price},https://a.example/{n},x\n" for n in range(1, 31))
    path = tmp_path / "feed.csv"
    path.write_text(f"id,title,price,link,category\n{rows}", "utf-8")
    made = drafted_of(suggest(path), replace(HEAD, currency=given), None)
    assert {one.level for one in made.found.fields if one.name == "price"} == {level}
    assert ("currency" in dict(made.found.doubts)) == (level == "medium")
