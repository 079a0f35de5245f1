"""Spark's event log of a run: written to the driver's disk, sent from there by `progress.tellers`.

Why not by Glue's own arguments: docs/decisions/event-log.md.
"""

from __future__ import annotations

import tempfile
from pathlib import Path


def event_log_folder() -> Path:
    """A new folder on the driver's disk; it ends with the run, as the disk does."""
    return Path(tempfile.mkdtemp(prefix="spark-events-"))


def event_log_settings(folder: Path) -> dict[str, str]:
    """What Spark must be started with to write its log there; the folder must exist by then."""
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": folder.as_uri(),
        # Spark 4 rolls and compresses unless told not to; one plain file can be sent while it grows.
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.eventLog.logStageExecutorMetrics": "true",
        # The text of a plan is in the log again with each of its adaptive steps.
        "spark.sql.ui.explainMode": "simple",
    }
