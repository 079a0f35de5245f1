"""The JVM functions' fast ways agree with their slow ones, which each cell here is made to take too."""

from __future__ import annotations

import random

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.amounts import DecimalMark, amount

pytestmark = pytest.mark.spark

_TEXTS = [
    "a", "Z", "9", "가", "힣", "뷁", "漢", "Ω", "é", "ｱ", "，", "😀", "1️⃣", "👍🏽", " ", "  ", "\t", "\n", "\r\n", "\u00a0",
    "\u3000", "\u200b", "\u00ad", "\u2028", "&", "&&", "& ", "&a", "&amp;", "<", "<3", "<b>", "</b>", "<!", "-->",
    "K", "Å", "〈", "\u0301", "ᄒ", "ᅡ", "ᆫ", "\u0374", "\u2adc", "\uf900", "𝅗𝅥", "\x00", "\x1f", "\x7f", "\x85",
    "[", "]", "{", "\\", "'", '"', "^", "|", "~",
]  # fmt: skip
_ADDRESSES = [
    "http", "https", "HTTP", "://", ":/", "shop", "SHOP", ".", "..", "-", "_", "kr", "한글", "/", "?", "#", "a=1", "&", "&amp;",
    "&AMP;", "%20", "%2", "%zz", " ", "\\", "[", "]", "@", ":8080", ":0", "x" * 63, "x" * 64, "~", "!", "'", "(", "*", "+",
]  # fmt: skip
_NUMBERS = ["0", "1", "12", "123", "900", "000", ",", ".", "-", "+", "00", "9" * 15, "9" * 17]
_TIMES = ["2026", "-", "11", "22", "31", "02", "29", "00", "24", "60", " ", "T", ":", "09", "59"]


def _made(pieces: list[str], most: int, seed: int, count: int = 4000) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(pieces, k=rng.randint(1, most))) for _ in range(count)]


def _differing(spark: SparkSession, cells: list[str], fast: str, slow: str) -> list[str]:
    frame = spark.createDataFrame([(cell,) for cell in cells], "c string")
    return [row["c"] for row in frame.where(f"not ({fast} <=> {slow})").collect()]


@pytest.mark.parametrize("function", ["clean_text", "clean_html"])
def test_text_that_needs_nothing_is_what_the_long_way_makes_of_it(
    spark: SparkSession, function: str
) -> None:
    cells = [cell for cell in _made(_TEXTS, 8, 1) if not cell.endswith(("&", "<", "&a"))]
    # The entity stands for nothing, but has to be looked at.
    slow = f"mallfeed.{function}(concat(c, '&#0;'))"
    assert _differing(spark, cells, f"mallfeed.{function}(c)", slow) == []


def test_an_address_that_is_ready_is_what_repairing_makes_of_it(spark: SparkSession) -> None:
    cells = _made(_ADDRESSES, 7, 2)
    cells += [f"https://shop.kr/{cell}" for cell in _made(_ADDRESSES, 6, 3)]
    base = "'https', 'https://shop.kr', 'https://shop.kr/goods/', 'https://shop.kr/goods/list'"
    slow = f"mallfeed.address(concat(c, '\\u200b'), {base})"
    assert _differing(spark, cells, f"mallfeed.address(c, {base})", slow) == []


@pytest.mark.parametrize("mark", [".", ",", "auto"])
def test_a_plain_number_is_what_the_parser_of_all_makes_of_it(
    spark: SparkSession, mark: DecimalMark
) -> None:
    cells = [
        cell for cell in _made(_NUMBERS, 5, 4) if not cell.endswith("-")
    ]  # `12900.-` is a price
    slow = amount("concat(c, '원')", mark)
    assert _differing(spark, cells, amount("c", mark), slow) == []


def test_a_usual_time_is_what_the_pattern_makes_of_it(spark: SparkSession) -> None:
    cells = _made(_TIMES, 11, 5)
    cells += [f"2026-{m:02d}-{d:02d} {h:02d}:59:5{d % 10}" for m in range(14) for d in range(33) for h in (0, 2, 23, 24)]  # fmt: skip
    usual = "c rlike '^[0-9-]{10}[ T][0-9:]{8}$'"
    for zone in ("Asia/Seoul", "America/New_York"):
        fast = f"mallfeed.moment(c, 'iso8601', '{zone}')"
        slow = f"if({usual}, mallfeed.moment(concat(c, '.0'), 'iso8601', '{zone}'), {fast})"
        assert _differing(spark, cells, fast, slow) == []


def test_amounts_are_fitted_as_spark_rounds(spark: SparkSession) -> None:
    rng = random.Random(6)
    cells = [f"{rng.choice(['', '-'])}{rng.choice([0, 1, 49, 99999999999, 10**12, 10**15, 10**16])}"
             f".{rng.randrange(10**6):06d}" for _ in range(3000)]  # fmt: skip
    for currency, places in (("KRW", 0), ("USD", 2)):
        number = "cast(c as decimal(38,6))"
        rounded = f"try_cast(round({number}, {places}) as decimal(18,2))"
        kept = f"if({number} < 0 and {rounded} = 0, null, {rounded})"
        fast = f"mallfeed.fitted({number}, '{currency}', 'JPY:0,KRW:0')"
        assert _differing(spark, cells, fast, kept) == []
        problem = f"mallfeed.fit_problem({number}, '{currency}', 'JPY:0,KRW:0')"
        told = (
            f"case when {kept} is null then 'out_of_range' when {kept} = {number} then null "
            f"when {kept} = 0 then 'rounded_to_nothing' else 'rounded' end"
        )
        assert _differing(spark, cells, problem, told) == []
