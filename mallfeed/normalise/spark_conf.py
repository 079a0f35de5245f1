"""What a Spark session that normalises must have set, and the refusal of one that has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mallfeed.errors import Terminal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

REQUIRED_SPARK_CONF: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.catalog.mallfeed": "mallfeed.functions.Functions",
    # What malls write stands in our SQL as names in backticks and as texts in quotes. Each of these
    # would make something else of it: a variable's value, a regular expression, another escape.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    # Filters that Spark infers from others: none of them helps us, and to find them it writes each condition anew
    # with every alias of every column in it (SPARK-33152), which took 180 MB of heap for the plan of five products.
    "spark.sql.constraintPropagation.enabled": "false",
}
"""What a session must have set: times are UTC, `ID` and `id` are two columns, patterns are strict,
the JVM functions of jvm/ are found (their jar must be on the session's class path), and names and
texts in SQL mean themselves, `${env:HOME}` too (docs/decisions/untrusted-input.md); plans of many
columns fit into the driver."""

INTERPRETED: Mapping[str, str] = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""For few rows: Spark interprets its expressions where making Java of them, and compiling that, would take longer. It
comes to the same, expression by expression."""
COMPILED: Mapping[str, str] = {
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}
"""Spark's own settings, for many rows."""


def check_session(spark: SparkSession) -> None:
    """Raises Terminal where the session has one of REQUIRED_SPARK_CONF set to something else."""
    wrong = [
        f"{key} is {found}, expected {wanted}"
        for key, wanted in REQUIRED_SPARK_CONF.items()
        if (found := spark.conf.get(key, "not set") or "").lower() != wanted.lower()
    ]
    if wrong:
        raise Terminal(
            f"this Spark session must not read feeds: {'; '.join(wrong)}. Start it with "
            "mallfeed.load.session, or give it all of REQUIRED_SPARK_CONF."
        )
