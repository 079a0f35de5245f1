"""A column that is called a sale's price is one by its values, or an amount that is taken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.authoring.suggest.doubts import doubts
from tests.unit.authoring.suggest.test_in_time import draft_of, read

PRICES = [n * 10_000 for n in range(1, 31)]
OFF = [price // 10 for price in PRICES]
PAID = [price - off for price, off in zip(PRICES, OFF, strict=True)]


def texts(amounts: list[int], form: str = "{}") -> list[str]:
    return [form.format(f"{amount:,}") for amount in amounts]


def checks(tmp_path: Path, **columns: list[str]) -> tuple[dict[str, tuple[str, ...]], str]:
    made = draft_of(tmp_path, **columns)
    told = " ".join(why for name, why in doubts(made.found) if name.endswith("price"))
    return read(made), told


@pytest.mark.parametrize("name", ["할인가", "sale_price", "特価", "Sonderpreis"])
@pytest.mark.parametrize("form", ["{}", "-{}", "-{}원"])
def test_a_tenth_of_the_price_is_taken_off(name: str, form: str, tmp_path: Path) -> None:
    fields, told = checks(tmp_path, **{name: texts(OFF, form)})
    assert fields["price"] == ("price",)
    assert "list_price" not in fields
    assert "what is taken off" in told


@pytest.mark.parametrize("percent", ["5", "10", "30"])
def test_percent_are_no_price(percent: str, tmp_path: Path) -> None:
    fields, told = checks(tmp_path, 할인가=[percent] * 30)
    assert fields["price"] == ("price",)
    assert "할인가" in told


def test_percent_of_small_prices_are_no_price(tmp_path: Path) -> None:
    prices = [f"{n + 9}.90" for n in range(1, 31)]
    fields, _ = checks(tmp_path, price=prices, sale_price=["10", "5", "10"] * 10)
    assert fields["price"] == ("price",)


@pytest.mark.parametrize("share", [0.95, 0.7, 0.5, 0.3])
def test_what_some_products_are_sold_for_is_a_price(share: float, tmp_path: Path) -> None:
    """In a shop whose sales are not all below half of the price."""
    sales = [int(price * share) if n % 2 else int(price * 0.8) for n, price in enumerate(PRICES)]
    fields, told = checks(tmp_path, sale_price=texts(sales))
    assert fields["price"][0] == "sale_price"
    assert fields["list_price"] == ("price",)
    assert not told


def test_sales_that_are_rare_are_judged_by_the_rows_that_have_them(tmp_path: Path) -> None:
    rare = [off if n % 3 else "" for n, off in enumerate(texts(OFF))]
    assert checks(tmp_path, 할인가=rare)[0]["price"] == ("price",)


def test_what_may_be_either_is_asked_and_the_price_is_not_high(tmp_path: Path) -> None:
    third = [int(price * (0.3 + n % 3 / 20)) for n, price in enumerate(PRICES)]
    made = draft_of(tmp_path, 할인가=texts(third))
    assert read(made)["price"] == ("price",)
    assert {one.level for one in made.found.fields if one.name == "price"} == {"medium"}
    told = dict(doubts(made.found))["sale_price"]
    assert "30% to 40%" in told
    assert "`price: [할인가, price]`" in told


def test_the_price_that_is_left_is_taken_where_a_column_has_it(tmp_path: Path) -> None:
    fields, told = checks(tmp_path, 할인가=texts(OFF), 최종가=texts(PAID))
    assert fields["price"][0] == "최종가"
    assert fields["list_price"] == ("price",)
    assert "최종가" in told


def test_a_deep_sale_is_a_price_where_the_discount_stands_beside_it(tmp_path: Path) -> None:
    sales = [price // 5 for price in PRICES]
    amounts = [price - sale for price, sale in zip(PRICES, sales, strict=True)]
    fields, told = checks(tmp_path, 할인가=texts(sales), 할인금액=texts(amounts))
    assert fields["price"][0] == "할인가"
    assert not told


@pytest.mark.parametrize("name", ["쿠폰할인가", "카드할인가"])
def test_coupons_and_cards_take_off_as_well(name: str, tmp_path: Path) -> None:
    fields, told = checks(tmp_path, **{name: texts(OFF)})
    assert not {"coupon_price", "card_price"} & set(fields)
    assert name in told


def test_a_sale_of_few_rows_is_believed(tmp_path: Path) -> None:
    fields, told = checks(tmp_path, sale_price=["900", "1,800", *[""] * 28])
    assert fields["price"][0] == "sale_price"
    assert not told
