"""Every Spark session of the project is one in which feeds may be read, and none looks up names in logs."""

from __future__ import annotations

import re
from pathlib import Path

import pyspark

from infra.paths import CHECKOUT

CODE = (
    "mallfeed",
    "glue_jobs",
    "lambdas",
    "infra",
    "benchmarks",
    "tests",
    "sample_feeds",
    "scripts",
)


def _files() -> list[Path]:
    found = (path for folder in CODE for path in (CHECKOUT / folder).rglob("*.py"))
    return [path for path in found if path != Path(__file__)]


def test_whoever_starts_spark_gives_it_what_is_required() -> None:
    starts = [
        p for p in _files() if re.search(r"SparkSession\s*\.\s*builder", p.read_text("utf-8"))
    ]
    assert "mallfeed/load/session.py" in {str(path.relative_to(CHECKOUT)) for path in starts}
    without = [
        str(path.relative_to(CHECKOUT))
        for path in starts
        if not re.search(
            r"\*\*REQUIRED_SPARK_CONF|\"spark\.sql\.variable\.substitute\", \"false\"",
            path.read_text("utf-8"),
        )
    ]
    assert without == []


def test_nothing_logs_with_a_log4j_that_looks_names_up() -> None:
    """`${jndi:…}` in a message: gone from 2.16 on, the last of its kind (CVE-2021-44832) from 2.17.1."""
    jars = {path.name for path in Path(pyspark.__file__).parent.glob("jars/log4j-core-*.jar")}
    jars |= set(re.findall(r":log4j-core:\S+", (CHECKOUT / "jars.lock").read_text("utf-8")))
    versions = [tuple(map(int, re.findall(r"\d+", name)[-3:])) for name in sorted(jars, key=str)]
    assert len(versions) == 2
    assert min(versions) >= (2, 17, 1)
