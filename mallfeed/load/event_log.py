"""Spark's event log of a run: written to the driver's disk, from where `progress.reporters` sends it.

Why Glue's own arguments are not used for it: docs/decisions/event-log.md.
"""

from __future__ import annotations

import tempfile
from pathlib import Path


def event_log_folder() -> Path:
    """A new folder on the driver's disk; it vanishes with the disk when the run ends."""
    return Path(tempfile.mkdtemp(prefix="spark-events-"))


def event_log_settings(folder: Path) -> dict[str, str]:
    """The settings with which Spark writes its log there; the folder must exist when Spark starts."""
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": folder.as_uri(),
        # Spark 4 rolls and compresses by default; a single plain file can be sent while it grows.
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.eventLog.logStageExecutorMetrics": "true",
        # Each adaptive step writes the text of its plan into the log once more.
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.debug.maxToStringFields": "1",
    }
