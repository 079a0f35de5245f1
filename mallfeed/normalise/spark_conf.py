"""What a Spark session that normalises must have set."""

from __future__ import annotations

from collections.abc import Mapping

REQUIRED_SPARK_CONF: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.catalog.mallfeed": "mallfeed.functions.Functions",
}
"""What a session must have set: times are UTC, `ID` and `id` are two columns, patterns are strict,
and the JVM functions of jvm/ are found (their jar must be on the session's class path)."""
