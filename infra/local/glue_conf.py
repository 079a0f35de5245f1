"""Spark settings that apply only on this machine.

Settings that apply everywhere are in the job's own `--conf` (template.yaml), which takes precedence.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from infra.paths import jars, spark_classes
from mallfeed.spark_paths import java_option, properties

MEMORY_VARIABLE = "MALLFEED_SPARK_MEMORY"
JAVA_OPTIONS = "-XX:+UseSerialGC -Xss4m -XX:ReservedCodeCacheSize=240m"
SECOND_COMPILER_LATE = (
    "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 "
    "-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
"""A small feed's run is mostly a JVM warming up, and two cores are few: the second compiler starts ten
times later than by default, for code that only a large feed calls so often. Glue keeps its own settings."""
_LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss.SSS} %p %c{1}: %m%n%ex
logger.window.name = org.apache.spark.sql.execution.window.WindowExec
logger.window.level = error
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2
logger.metrics.level = error
"""


def folder(stack_directory: Path) -> Path:
    """Where the stack keeps its files for Spark."""
    return stack_directory / "data" / "spark-conf"


def properties_file(stack_directory: Path) -> Path:
    """What `--properties-file` names."""
    return folder(stack_directory) / "spark-defaults.conf"


def write(stack_directory: Path, environment: Mapping[str, str]) -> Path:
    """Write spark-defaults.conf and log4j2.properties for the stack; returns their folder."""
    conf = folder(stack_directory)
    conf.mkdir(parents=True, exist_ok=True)
    given = properties(settings(stack_directory, environment))
    properties_file(stack_directory).write_text(given, "utf-8")
    (conf / "log4j2.properties").write_text(_LOG4J, "utf-8")
    return conf


def settings(stack_directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Master, memory, jars, and the stack's endpoints for Iceberg and S3A.

    Credentials are in no setting: Iceberg and S3A take those of the run's role from its environment.
    """
    endpoint = environment["AWS_ENDPOINT_URL"]
    catalog = "spark.sql.catalog.lake"
    return {
        "spark.master": "local[2]",
        "spark.driver.memory": os.environ.get(MEMORY_VARIABLE, "2g"),
        "spark.driver.extraClassPath": f"{jars('spark')}/*",
        "spark.driver.extraJavaOptions": _java_options_of(stack_directory),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(stack_directory / "data" / "spark-warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.default.parallelism": "4",
        f"{catalog}.glue.endpoint": endpoint,
        f"{catalog}.s3.endpoint": endpoint,
        f"{catalog}.s3.path-style-access": "true",
        f"{catalog}.client.region": environment["AWS_DEFAULT_REGION"],
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": environment["AWS_DEFAULT_REGION"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "com.amazonaws.auth.EnvironmentVariableCredentialsProvider"
        ),
    }


def java_options() -> str:
    """Options of a Java that runs Spark on two cores for a short time, as `extraJavaOptions` takes them."""
    options = [JAVA_OPTIONS, SECOND_COMPILER_LATE]
    if spark_classes().exists():
        options.append(java_option(f"-XX:SharedArchiveFile={spark_classes()}"))
    return " ".join(options)


def _java_options_of(stack_directory: Path) -> str:
    logging = folder(stack_directory) / "log4j2.properties"
    log4j = java_option(f"-Dlog4j2.configurationFile={logging.as_uri()}")
    return f"{java_options()} {log4j}"
