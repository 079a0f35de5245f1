"""The table of currencies is ISO 4217's."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.currencies import CURRENCIES, DECIMALS, decimals_of, words_of
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from tests.unit.normalise.reading import GOOD, catalog_reading, read_cells


def test_every_currency_with_other_than_two_decimals_is_one() -> None:
    assert set(DECIMALS) <= CURRENCIES


@pytest.mark.spark
def test_decimals_are_those_of_javas_table_of_iso_4217(spark: SparkSession) -> None:
    java = spark._jvm.java.util.Currency
    known = {one.getCurrencyCode(): one for one in java.getAvailableCurrencies()}
    found = {code: known[code].getDefaultFractionDigits() for code in CURRENCIES & set(known)}
    assert len(found) > 150
    assert {code: decimals_of(code) for code in found} == found


@pytest.mark.spark
@pytest.mark.parametrize("catalog_currency", ["KRW", "SEK", "CNY", "PKR", "CAD"])
def test_each_word_for_a_currency_is_read_before_and_behind_an_amount(
    spark: SparkSession, catalog_currency: str
) -> None:
    words = words_of(catalog_currency)
    cells = [f"{word.lower()} 1000" for word in words] + [f"1000{word}" for word in words]
    read = read_cells(spark, "price", cells, currency=catalog_currency)
    assert [one for one, found in zip(cells, read, strict=True) if found.code] == []


@pytest.mark.spark
def test_words_on_both_sides_of_an_amount_name_one_currency_or_none(spark: SparkSession) -> None:
    good = ["₩12,900원", "KRW 12900 KRW", "won 12,900 원", "원 1.29E+04 ₩"]
    other = ["₩12.99 USD", "$12,900원", "KRW 12900 XYZ", "XYZ 12900 원", "원 12 900 00 달러"]
    read = read_cells(spark, "price", [*good, *other])
    assert [str(found.value) for found in read[: len(good)]] == ["12900.00"] * len(good)
    assert all(found.value is None for found in read[len(good) :])


@pytest.mark.spark
def test_a_price_whose_currency_is_unknown_is_refused_with_what_the_column_says(
    spark: SparkSession,
) -> None:
    row = (0, "0", None, None, None, "XYZ", *GOOD.values())
    good = ", ".join(f"good_{name} string" for name in GOOD)
    raw = spark.createDataFrame(
        [row],
        f"_pos bigint, _row string, _raw string, _fault string, _fault_detail string, cell string, {good}",
    )
    (found,) = normalise(raw, catalog_reading("currency"), "full", PRODUCT).collect()
    assert found["price"] is None
    assert [(one["code"], one["value"]) for one in found["_rejects"]] == [
        ("price_unknown_currency", "1000 XYZ")
    ]
