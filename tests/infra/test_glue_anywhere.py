"""A run starts Spark whatever the name of its stack's folder is: nothing on the way misreads it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local import glue_conf, small_feeds
from infra.local.events import Pump
from infra.paths import spark_classes
from tests.infra.test_glue_runtime import Job, eventually

SCRIPT = """
import json, sys, tempfile
from pathlib import Path
from pyspark.sql import SparkSession
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
log = tempfile.mkdtemp()
spark = (SparkSession.builder.config("spark.eventLog.enabled", "true")
         .config("spark.sql.variable.substitute", "false")
         .config("spark.eventLog.dir", Path(log).as_uri()).getOrCreate())
java = spark._jvm.java.lang
folder = tempfile.mkdtemp() + "/rows"
spark.range(7).write.parquet(folder)
loader = java.Thread.currentThread().getContextClassLoader()
pid = java.ProcessHandle.current().pid()
note = {
    "appenders": [str(one) for one in spark._jvm.org.apache.logging.log4j.LogManager.getContext(False)
                  .getConfiguration().getAppenders().keySet().toArray()],
    "log4j": java.System.getProperty("log4j2.configurationFile"),
    "classes": "spark-classes.jsa" in Path(f"/proc/{pid}/maps").read_text(),
    "extra": loader.getResource("from_the_extra_jar.txt") is not None,
    "conf": spark.conf.get("spark.of.this.test"),
    "endpoint": spark.conf.get("spark.hadoop.fs.s3a.endpoint"),
    "wrote": any(Path(folder).glob("*.parquet")),
    "events": sum(file.stat().st_size for file in Path(log).iterdir()) > 0,
}
spark.stop()
Path(given["--note"]).write_text(json.dumps(note))
"""


@pytest.fixture
def directory(
    tmp_path: Path, aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A stack's folder with a name that shells, globs, lists of words and URIs would misread."""
    directory = tmp_path / "mall feed 한글 (1) [a] 50% #'&"
    directory.mkdir()
    (directory / "classes").symlink_to(spark_classes())
    monkeypatch.setattr(glue_conf, "spark_classes", lambda: directory / "classes")
    (directory / "deployed.json").write_text('{"resources": {}, "outputs": {}}')
    glue_conf.write(directory, aws_environment)
    return directory


@pytest.fixture
def pump(
    directory: Path, aws_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pump]:
    monkeypatch.delenv(small_feeds.VARIABLE, raising=False)
    pump = Pump(directory, aws_environment, glue_start_s=0)
    pump.start()
    yield pump
    pump.stop()
    assert not pump.failed


def test_spark_starts_with_all_its_settings(
    pump: Pump, directory: Path, clients: Any, bucket: str, tmp_path: Path,
    aws_environment: dict[str, str],
) -> None:  # fmt: skip
    jar = tmp_path / "extra.jar"
    with zipfile.ZipFile(jar, "w") as opened:
        opened.writestr("from_the_extra_jar.txt", "here")
    clients("s3").put_object(Bucket=bucket, Key="r/extra.jar", Body=jar.read_bytes())
    job = Job(clients, bucket, tmp_path)
    clients("s3").put_object(Bucket=bucket, Key="r/job.py", Body=SCRIPT.encode())
    run = job.start(**{"extra-jars": f"s3://{bucket}/r/extra.jar", "conf": "spark.of.this.test=1"})
    end = eventually(lambda: _ended(job.run(run)), 240)
    assert end["JobRunState"] == "SUCCEEDED", end
    assert json.loads(job.note_file.read_text()) == {
        "appenders": ["console"],
        "log4j": (glue_conf.folder(directory) / "log4j2.properties").as_uri(),
        "classes": spark_classes().exists(),
        "extra": True,
        "conf": "1",
        "endpoint": aws_environment["AWS_ENDPOINT_URL"],
        "wrote": True,
        "events": True,
    }


def _ended(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run["JobRunState"] in ("SUCCEEDED", "FAILED") else None


def test_set_up_has_stored_the_classes_of_spark() -> None:
    """Spark starts without them, too, a third slower: nobody would see that they cannot be stored any more."""
    assert spark_classes().exists(), "python -m infra.local.spark_classes says why"
