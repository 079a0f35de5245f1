"""The table of currencies is ISO 4217's."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.currencies import CURRENCIES, DECIMALS, decimals_of


def test_every_currency_with_other_than_two_decimals_is_one() -> None:
    assert set(DECIMALS) <= CURRENCIES


@pytest.mark.spark
def test_decimals_are_those_of_javas_table_of_iso_4217(spark: SparkSession) -> None:
    java = spark._jvm.java.util.Currency
    known = {one.getCurrencyCode(): one for one in java.getAvailableCurrencies()}
    found = {code: known[code].getDefaultFractionDigits() for code in CURRENCIES & set(known)}
    assert len(found) > 150
    assert {code: decimals_of(code) for code in found} == found
