"""An archive of Spark's classes, so that Java does not load them one by one at each start.

Java calls it class data sharing: what a first run has loaded, parsed and verified is kept in a file
(about 200 MB) which later runs map into memory. On two cores a start of Spark and its first queries
take a third less. Set-up writes it, with `python -m infra.local.spark_classes`, during a small load of
the real parts. It is valid for this checkout's pyspark, the cached jars and Java 17; Java itself
ignores it if one of them has changed. Glue has nothing like it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local import aws, glue_conf
from infra.local.place import CREDENTIALS, REGION
from infra.local.ports import LOOPBACK, free_ports
from infra.paths import CHECKOUT, jars, java_home, spark_classes
from mallfeed.normalise.jvm import functions_jar
from mallfeed.spark_paths import NO_FOLDER, java_option, utf8_names

SETTINGS = Path(sys.prefix) / "spark-classes.json"
"""Spark settings that make Java use the archive; `mallfeed catalog preview` reads them."""
_BUCKET = "classes"
_HEALTHY_WITHIN_S = 60


def main() -> int:
    """Write the archive and the settings."""
    archive = spark_classes()
    with tempfile.TemporaryDirectory(prefix="mallfeed-classes-") as scratch, _aws() as environment:
        # Written beside the archive and then renamed; set-up uses other names there.
        draft = archive.with_suffix(".draft.jsa")
        draft.unlink(missing_ok=True)
        _record(Path(scratch), environment, draft)
    if not draft.exists():
        print("Java wrote no archive of its classes; Spark starts without it", file=sys.stderr)
        return 1
    draft.replace(archive)
    settings = {
        "spark.driver.extraClassPath": f"{jars('spark')}/*",
        "spark.driver.extraJavaOptions": java_option(f"-XX:SharedArchiveFile={archive}"),
    }
    SETTINGS.write_text(json.dumps(settings, indent=1), "utf-8")
    return 0


def _record(scratch: Path, environment: Mapping[str, str], draft: Path) -> None:
    """Load a few products with Spark, Iceberg and S3, in a Java that records its classes."""
    os.environ |= {
        **environment,
        **utf8_names(),
        "JAVA_HOME": str(java_home(17)),
        "SPARK_CONF_DIR": NO_FOLDER,
        "SPARK_LOCAL_IP": LOOPBACK,
        "PYSPARK_PYTHON": sys.executable,
        "TZ": "UTC",
    }
    import boto3
    from pyspark import SparkContext

    from infra.local import spark_classes_load

    s3 = boto3.client("s3", endpoint_url=environment["AWS_ENDPOINT_URL"])
    s3.create_bucket(
        Bucket=_BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},  # type: ignore[typeddict-item]
    )
    settings = glue_conf.settings(scratch, environment)
    # Not on the class path, where later runs have another file; from a folder without `[` and comma,
    # which `spark.jars` cannot name.
    functions = Path(shutil.copy(functions_jar(), scratch))
    settings["spark.jars"] = functions.as_uri()
    settings["spark.driver.extraJavaOptions"] = (
        f"{glue_conf.JAVA_OPTIONS} {java_option(f'-XX:ArchiveClassesAtExit={draft}')}"
    )
    spark_classes_load.load(settings, s3, _BUCKET)
    gateway = SparkContext._gateway
    assert gateway is not None
    java = gateway.proc
    java.stdin.close()  # it ends with us, and writes the archive at its end
    java.wait()


@contextmanager
def _aws() -> Iterator[dict[str, str]]:
    """AWS on a free port during the `with` block: its environment."""
    port = free_ports(1)[0]
    spec = aws.spec(port)
    process = subprocess.Popen(
        spec.command, env={**os.environ, **spec.env}, cwd=CHECKOUT, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + _HEALTHY_WITHIN_S
        while not spec.healthy():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the local AWS did not start")
            time.sleep(0.05)
        yield {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}"}
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
