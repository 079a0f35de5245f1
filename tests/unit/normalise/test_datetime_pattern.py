"""Formats of times that a catalog may hold are those that Spark reads by."""

from __future__ import annotations

import string

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.datetime_pattern import COUNTS, pattern_fault
from mallfeed.kinds.sql.moments import moment
from mallfeed.kinds.sql.pieces import text

SINGLE = [
    letter * count
    for letter in string.ascii_letters
    for count in range(1, 13 if letter in COUNTS else 3)
]
MIXED = [
    "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "yyyy년 M월 d일", "d.M.yy", "[yyyy-MM-dd][yyyyMMdd]", "yyyy[-MM[-dd]]",
    "yyyy-MM-dd[ HH:mm", "MM/dd/yyyy hh:mm a", "yyyyMMdd''HH", "''yyyy''", "'yyyy' yyyy", "yyyy.MM.dd G", "d MMM yyyy z", "MMMM d, yyyy",
    "yyyyDDD", "yyyy-MM-dd HH:mm:ss OOOO", "yyyy-MM-dd HH:mm VV", "yyyy-MM-dd]", "yyyy'", "yyyy 'T", "yyyy{", "yyyy}", "#yyyy",
    "yyyy-MM-dd EEEE", "EEE, d MMM yyyy", "YYYY-MM-dd", "yyyyyyyyyyy-MM", "MMMMM'M'", "MM'M'MMMM", "yyyy-MM-dd HH:mm:ss.SSSSSSSSSS",
    "[yyyy]]", "yyyy-MM-dd\tHH", "yyyy-MM-dd%", "yyyy<MM>dd", "'it''s' yyyy", "yyyy🎧MM",
]  # fmt: skip
READ = [pattern for pattern in (*SINGLE, *MIXED) if pattern_fault(pattern) is None]
REFUSED = [pattern for pattern in (*SINGLE, *MIXED) if pattern_fault(pattern) is not None]
_OF_JAVA_ONLY = {"g", "gg", "v"}
"""Spark 3.5 hands them to Java, but its page does not name them."""


@pytest.mark.spark
def test_spark_reads_by_every_pattern_that_is_taken(spark: SparkSession) -> None:
    assert len(READ) >= 80
    for zone in ("Asia/Seoul", "UTC"):
        sql = moment("t", READ, zone)  # a text that fits none is tried by all
        frame = spark.createDataFrame([("?",)], "t string")
        assert frame.selectExpr(f"{sql} as m").collect()[0].m is None


@pytest.mark.spark
@pytest.mark.parametrize("pattern", [one for one in REFUSED if one not in _OF_JAVA_ONLY])
def test_spark_refuses_what_is_refused(pattern: str, spark: SparkSession) -> None:
    with pytest.raises(PySparkException):
        spark.sql(f"select try_to_timestamp('x', {text(pattern)})").collect()


FAULTS = {
    "yyyyyyyyyyy-MM": "`yyyyyyyyyyy` is not among the lengths that Spark reads: `y` to `yyyyyy`",
    "yyyy-MM-dd V": "`V` is not among the lengths that Spark reads: `VV`",
    "yyyy OO": "`OO` is not among the lengths that Spark reads: `O` or `OOOO`",
    "EEEEEEEE": "`EEEEEEEE` is a letter that Spark writes but does not read; leave the part out of the value",
    "YYYY-MM": "`YYYY` counts by weeks, which Spark does not read; the year is `yyyy`, the day `dd`",
    "yyyy-MM-ddTHH": "`T` stands for nothing; the letters are y M L d D G H h k K m s S a V z O X x Z, any other text is quoted ('T')",
    "yyyy 'x": "a quote `'` is not closed; a quote itself is written `''`",
    "yyyy]": "`]` closes no `[`; write `']'` for the character",
    "yyyy{": "`{` means nothing in a pattern; write `'{'` for the character",
    "--": "it holds no letter that stands for a part of a time, such as `yyyy`",
    "": "it holds no letter that stands for a part of a time, such as `yyyy`",
}  # fmt: skip


@pytest.mark.parametrize("pattern", FAULTS)
def test_the_fault_says_what_is_allowed(pattern: str) -> None:
    assert pattern_fault(pattern) == FAULTS[pattern]
