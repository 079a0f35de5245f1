"""The machine on which the figures were measured."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from infra.local.glue_conf import MEMORY_VARIABLE
from infra.local.opensearch import DEFAULT_HEAP, HEAP_VARIABLE


@dataclass(frozen=True)
class Machine:
    """Cores, memory, heaps, and when."""

    cores: int
    processor: str
    memory_gib: int
    opensearch_heap: str
    spark_driver_memory: str
    busy_before: float
    at: str

    @property
    def told(self) -> str:
        """One line."""
        return (
            f"{self.at}: {self.cores} cores ({self.processor}), {self.memory_gib} GiB; OpenSearch "
            f"heap {self.opensearch_heap}, Spark driver {self.spark_driver_memory}; load average "
            f"before {self.busy_before:.1f}"
        )


def this_machine() -> Machine:
    """The machine as it is now."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        processor=_processor(),
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        opensearch_heap=os.environ.get(HEAP_VARIABLE, DEFAULT_HEAP),
        spark_driver_memory=os.environ.get(MEMORY_VARIABLE, "2g"),
        busy_before=os.getloadavg()[0],
        at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
