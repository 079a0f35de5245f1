"""Where all feeds are small, a Glue run's Java serves the next one; never that of a run that did not end by itself."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.local import glue_conf, small_feeds
from infra.local.events import Pump
from tests.infra.test_glue_runtime import Job, eventually

SCRIPT = """
import json, os, sys, time
from pathlib import Path
from pyspark.sql import SparkSession
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
spark = SparkSession.builder.config("spark.sql.variable.substitute", "false").getOrCreate()
java = spark.sparkContext._jvm
note = Path(given["--note"])
told = {
    "pid": os.getpid(),
    "java": java.java.lang.ProcessHandle.current().pid(),
    "app": spark.sparkContext.applicationId,
    "rows": spark.range(5).count(),
    "views": [one.name for one in spark.catalog.listTables()],
}
spark.range(1).createOrReplaceTempView("left_behind")
note.with_suffix(".new").write_text(json.dumps(told))
note.with_suffix(".new").rename(note)
if given.get("--do") == "hang":
    time.sleep(120)
sys.exit(1 if given.get("--do") == "fail" else 0)
"""


@pytest.fixture
def job(
    clients: Any, bucket: str, tmp_path: Path, aws_environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Job]:  # fmt: skip
    monkeypatch.setenv(small_feeds.VARIABLE, "1")
    (tmp_path / "deployed.json").write_text('{"resources": {}, "outputs": {}}')
    glue_conf.write(tmp_path, aws_environment)
    pump = Pump(tmp_path, aws_environment, glue_start_s=0)
    pump.start()
    notes = tmp_path / "notes"
    notes.mkdir()
    job = Job(clients, bucket, notes)
    clients("s3").put_object(Bucket=bucket, Key="r/job.py", Body=SCRIPT.encode())
    yield job
    pump.stop()
    assert not pump.failed
    assert [one for one in psutil.process_iter(["environ"]) if _of(one, tmp_path)] == []


def _of(process: psutil.Process, directory: Path) -> bool:
    environment = process.info["environ"] or {}
    return bool(environment.get("MALLFEED_STACK_PROCESS") == str(directory))


def ran(job: Job, do: str = "", state: str = "SUCCEEDED") -> dict[str, Any]:
    run = job.start(**({"do": do} if do else {}))
    eventually(lambda: job.run(run)["JobRunState"] in ("SUCCEEDED", "FAILED"), 240)
    assert job.run(run)["JobRunState"] == state
    return dict(json.loads(job.note_file.read_text()))


def test_the_java_of_a_run_that_ended_by_itself_serves_the_next(job: Job) -> None:
    first, second = ran(job, "fail", "FAILED"), ran(job)
    assert second["java"] == first["java"]
    assert second["app"] != first["app"]
    assert (second["rows"], second["views"]) == (5, [])
    run = job.start(do="hang")
    hanging = eventually(lambda: job.note_file.exists() and job.note(), 240)
    assert hanging["java"] == first["java"]
    os.kill(hanging["pid"], signal.SIGKILL)
    eventually(lambda: job.run(run)["JobRunState"] == "FAILED")
    eventually(lambda: not psutil.pid_exists(first["java"]))
    assert ran(job)["java"] != first["java"]
