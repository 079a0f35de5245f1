"""What a mall's part of a table has gathered: small files, and deletes that each reading applies once more.

A change of a few rows writes a data file of its own, and a delete file for the rows that were there before. Reading the
mall opens all of them, so that it takes longer with each change, until the files are rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.product.supplement import partition_of
from mallfeed.table.snapshots import Snapshots

FILE_BYTES = 512 * 2**20
"""Of a data file as rewriting leaves it: Iceberg's `write.target-file-size-bytes` (its default)."""
_AT_ONCE = 100
"""Malls in one condition of a scan."""


@dataclass(frozen=True)
class Debt:
    """Of one partition.

    Attributes
    ----------
    data_files, delete_files : what a reading opens; a delete file counts once for each data file it may concern
    megabytes : of the data files
    """

    data_files: int = 0
    delete_files: int = 0
    megabytes: float = 0.0

    @property
    def files(self) -> int:
        """How many files a reading opens beyond those that a rewritten partition has."""
        whole = int(self.megabytes * 2**20 // FILE_BYTES) + 1
        return max(0, self.data_files + self.delete_files - whole)


def debts(spark: SparkSession, name: str, mall_ids: Sequence[str]) -> dict[str, Debt]:
    """Partition → its debt: the malls' own, and those of what stands beside their products. Those without files are
    missing.

    From Iceberg's scan plan, one for a hundred malls: no file is opened for it, and no Spark job started.
    """
    table = Snapshots(spark, name).java_table()
    found: dict[str, Debt] = {}
    for first in range(0, len(mall_ids), _AT_ONCE):
        _add(spark, table, mall_ids[first : first + _AT_ONCE], found)
    return found


def _add(spark: SparkSession, table: Any, mall_ids: Sequence[str], found: dict[str, Debt]) -> None:
    jvm: Any = spark._jvm
    expressions = jvm.org.apache.iceberg.expressions.Expressions
    each = [expressions.equal("mall_id", one) for one in mall_ids]
    each += [expressions.startsWith("mall_id", partition_of(one, "")) for one in mall_ids]
    tasks = table.newScan().filter(reduce(getattr(expressions, "or"), each)).planFiles()
    try:
        files = tasks.iterator()
        while files.hasNext():
            task = files.next()
            partition = str(task.file().partition().get(0))
            so_far = found.get(partition, Debt())
            found[partition] = replace(
                so_far,
                data_files=so_far.data_files + 1,
                delete_files=so_far.delete_files + task.deletes().size(),
                megabytes=so_far.megabytes + task.file().fileSizeInBytes() / 2**20,
            )
    finally:
        tasks.close()
