"""Iceberg's plan of a scan by mall: which files a reading opens, without opening one or starting a Spark job."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import SparkSession

_AT_ONCE = 100
"""Malls in one condition of a scan."""


def planned(
    spark: SparkSession, scan: Any, equal: Sequence[str] = (), beginning: Sequence[str] = ()
) -> Generator[Any, None, None]:
    """The FileScanTask of each file of partitions whose `mall_id` is one of these, or begins with one of these."""
    jvm: Any = spark._jvm
    of = jvm.org.apache.iceberg.expressions.Expressions
    asked = [("equal", one) for one in equal] + [("startsWith", one) for one in beginning]
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        conditions = [getattr(of, how)("mall_id", one) for how, one in some]
        tasks = scan.filter(reduce(getattr(of, "or"), conditions)).planFiles()
        try:
            files = tasks.iterator()
            while files.hasNext():
                yield files.next()
        finally:
            tasks.close()


def partition_of_task(task: Any) -> str:
    """The `mall_id` of the file's partition."""
    return str(task.file().partition().get(0))
