"""What a mall's part of a table has gathered: small files, and deletes that each reading applies once more.

A change of a few rows writes a data file of its own, and a delete file for the rows that were there before. Reading the
mall opens all of them, so that it takes longer with each change, until the files are rewritten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyspark.sql import SparkSession

from mallfeed.product.supplement import partition_of
from mallfeed.table.scan import partition_of_task, planned
from mallfeed.table.snapshots import Snapshots

FILE_BYTES = 512 * 2**20
"""Of a data file as rewriting leaves it: Iceberg's `write.target-file-size-bytes` (its default)."""


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

    From Iceberg's scan plan (`mallfeed.table.scan`).
    """
    scan = Snapshots(spark, name).java_table().newScan()
    beside = [partition_of(one, "") for one in mall_ids]
    found: dict[str, Debt] = {}
    for task in planned(spark, scan, equal=mall_ids, beginning=beside):
        partition = partition_of_task(task)
        so_far = found.get(partition, Debt())
        found[partition] = replace(
            so_far,
            data_files=so_far.data_files + 1,
            delete_files=so_far.delete_files + task.deletes().size(),
            megabytes=so_far.megabytes + task.file().fileSizeInBytes() / 2**20,
        )
    return found
