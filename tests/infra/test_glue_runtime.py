"""Glue runs as processes: the states that GetJobRun returns, stops, kills, limits, arguments."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local import small_feeds
from infra.local.calls.credentials import GLUE
from infra.local.events import Pump
from infra.package import archives
from tests.infra.roles import allow, make_role

OVER = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT"}
SCRIPT = """
import json, os, sys, tempfile, time
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
note = {"pid": os.getpid(), "argv": given, "submit": os.environ["PYSPARK_SUBMIT_ARGS"],
        "python": sys.prefix, "path": sys.path, "spark_conf": os.environ["SPARK_CONF_DIR"],
        "left": tempfile.mkdtemp(), "key": os.environ["AWS_ACCESS_KEY_ID"],
        "token": "AWS_SESSION_TOKEN" in os.environ}
with open(given["--note"] + ".new", "w") as out:
    json.dump(note, out)
os.rename(given["--note"] + ".new", given["--note"])
what = given.get("--do")
if what == "fail":
    raise ValueError("boom")
if what == "exit":
    sys.exit(7)
if what == "hang":
    time.sleep(120)
"""


def eventually(condition: Callable[[], Any], timeout_s: float = 20) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


class Job:
    """A job in a real moto whose runs a real pump starts."""

    def __init__(self, clients: Any, bucket: str, directory: Path, **more: Any) -> None:
        self.glue, self.name = clients("glue"), bucket
        self._notes = directory
        clients("s3").put_object(Bucket=bucket, Key="r/job.py", Body=SCRIPT.encode())
        archive = directory / "environment.tar.gz"
        layer = directory / "layer"
        links = {"bin/python3.11": "/usr/bin/python3.11"}
        archives.tar_layer(layer, [], texts={"pyvenv.cfg": "home = /usr/bin\n"}, links=links)
        archives.join_layers(archive, [layer])
        clients("s3").put_object(Bucket=bucket, Key="r/env.tar.gz", Body=archive.read_bytes())
        self.arguments = {
            "--python-virtual-env": f"s3://{bucket}/r/env.tar.gz",
            "--conf": "spark.a=1 --conf spark.b=2",
            "--lake_bucket": "lake",
        }
        self.glue.create_job(
            Name=self.name,
            Role=make_role(
                clients, bucket, GLUE, allow("s3:GetObject", f"arn:aws:s3:::{bucket}/r/*")
            ),
            Command={"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/r/job.py"},
            DefaultArguments=self.arguments,
            **{"ExecutionProperty": {"MaxConcurrentRuns": 1}, **more},
        )

    def start(self, **arguments: str) -> str:
        note = self._notes / f"note{len(list(self._notes.glob('note*')))}"
        given = {"--note": str(note), **{f"--{k}": v for k, v in arguments.items()}}
        run: str = self.glue.start_job_run(JobName=self.name, Arguments=given)["JobRunId"]
        self.note_file = note
        return run

    def run(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = self.glue.get_job_run(JobName=self.name, RunId=run_id)["JobRun"]
        return run

    def note(self) -> dict[str, Any]:
        eventually(self.note_file.exists)
        note: dict[str, Any] = json.loads(self.note_file.read_text())
        return note

    def end(self, run_id: str) -> dict[str, Any]:
        eventually(lambda: self.run(run_id)["JobRunState"] in OVER)
        return self.run(run_id)


@pytest.fixture(autouse=True)
def a_java_per_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Glue: a stack of small feeds, which tests of the same process may have asked for, keeps one."""
    monkeypatch.delenv(small_feeds.VARIABLE, raising=False)


@pytest.fixture
def pump(aws_environment: dict[str, str], tmp_path: Path) -> Iterator[Pump]:
    (tmp_path / "deployed.json").write_text('{"resources": {}, "outputs": {}}')
    pump = Pump(tmp_path, aws_environment, glue_start_s=0)
    pump.start()
    yield pump
    pump.stop()
    assert not pump.failed


@pytest.fixture
def job(pump: Pump, clients: Any, bucket: str, tmp_path: Path) -> Job:
    notes = tmp_path / "notes"
    notes.mkdir()
    return Job(clients, bucket, notes)


def test_a_script_that_returns_makes_its_run_succeed(job: Job) -> None:
    run = job.end(job.start())
    assert run["JobRunState"] == "SUCCEEDED"
    assert run["CompletedOn"] >= run["StartedOn"]
    assert run["Arguments"]["--lake_bucket"] == "lake"


def test_a_run_has_the_credentials_of_its_jobs_role(job: Job) -> None:
    job.end(job.start())
    assert job.note()["key"].startswith("ASIA")
    assert job.note()["token"]


def test_a_role_that_may_not_read_the_script_fails_its_run(job: Job, clients: Any) -> None:
    make_role(clients, job.name, GLUE, allow("s3:GetObject", "arn:aws:s3:::another/*"))
    run = job.end(job.start())
    assert run["JobRunState"] == "FAILED"
    assert "403" in run["ErrorMessage"]


def test_a_role_that_does_not_trust_glue_fails_its_run(job: Job, clients: Any) -> None:
    other = make_role(clients, f"{job.name}-x"[:64], "lambda.amazonaws.com", allow("s3:*"))
    was = job.glue.get_job(JobName=job.name)["Job"]
    update = {name: was[name] for name in ("Command", "DefaultArguments", "ExecutionProperty")}
    job.glue.update_job(JobName=job.name, JobUpdate={**update, "Role": other})
    run = job.end(job.start())
    assert run["JobRunState"] == "FAILED"
    assert "does not let glue.amazonaws.com assume it" in run["ErrorMessage"]


def test_what_a_run_leaves_in_temporary_files_ends_with_it(job: Job, tmp_path: Path) -> None:
    for what in ("succeed", "fail"):
        run_id = job.start(do=what)
        job.end(run_id)
        left = Path(job.note()["left"])
        assert left.parent == tmp_path / "data" / "glue-disks" / run_id
        assert not left.parent.exists()


def test_the_script_gets_default_and_run_arguments_but_not_glues_own(job: Job) -> None:
    run_id = job.start(plan="s3://lake/plans/1.json")
    job.end(run_id)
    given = job.note()["argv"]
    assert given.pop("--note")
    assert given == {
        "--JOB_NAME": job.name,
        "--JOB_ID": f"j_{job.name}",
        "--JOB_RUN_ID": run_id,
        "--lake_bucket": "lake",
        "--plan": "s3://lake/plans/1.json",
    }


def test_conf_becomes_sparks_and_the_packed_environment_replaces_this_one(job: Job) -> None:
    job.end(job.start())
    note = job.note()
    properties, _, rest = note["submit"].partition(" --conf ")
    assert properties.startswith("--properties-file /")
    assert properties.endswith("spark-defaults.conf")
    assert rest == "spark.a=1 --conf spark.b=2 pyspark-shell"
    assert "glue-environment" in note["python"]
    assert not [entry for entry in note["path"] if ".venv" in entry]
    assert any(entry.endswith("/spark-python") for entry in note["path"])


@pytest.mark.parametrize(
    ("what", "message"), [("fail", "exit code 1; ValueError: boom"), ("exit", "exit code 7")]
)
def test_a_script_that_fails_makes_its_run_fail(job: Job, what: str, message: str) -> None:
    run = job.end(job.start(do=what))
    assert run["JobRunState"] == "FAILED"
    assert message in run["ErrorMessage"]


def test_killing_the_process_makes_the_run_fail(job: Job) -> None:
    run_id = job.start(do="hang")
    os.kill(job.note()["pid"], signal.SIGKILL)
    run = job.end(run_id)
    assert (run["JobRunState"], "SIGKILL" in run["ErrorMessage"]) == ("FAILED", True)


def test_a_run_stays_running_however_often_it_is_asked_for(job: Job) -> None:
    run_id = job.start(do="hang")
    job.note()
    eventually(lambda: job.run(run_id)["JobRunState"] == "RUNNING")
    states = {job.run(run_id)["JobRunState"] for _ in range(20)}
    assert states == {"RUNNING"}
    assert "CompletedOn" not in job.run(run_id)
    job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id])


def test_a_stopped_run_ends_stopped_and_a_second_stop_is_an_error(job: Job) -> None:
    run_id = job.start(do="hang")
    pid = job.note()["pid"]
    answer = job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id])
    assert [s["JobRunId"] for s in answer["SuccessfulSubmissions"]] == [run_id]
    assert job.end(run_id)["JobRunState"] == "STOPPED"
    with pytest.raises(ProcessLookupError):
        eventually(lambda: os.kill(pid, 0))
    answer = job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id])
    assert [e["JobRunId"] for e in answer["Errors"]] == [run_id]


def test_more_runs_than_allowed_are_refused_until_one_is_over(job: Job) -> None:
    run_id = job.start(do="hang")
    with pytest.raises(ClientError) as refused:
        job.start()
    assert refused.value.response["Error"]["Code"] == "ConcurrentRunsExceededException"
    job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id])
    job.end(run_id)
    assert job.end(job.start())["JobRunState"] == "SUCCEEDED"


def test_ended_runs_are_reported_to_the_functions_of_a_matching_rule(
    job: Job, clients: Any, aws_environment: dict[str, str], pump: Pump
) -> None:
    heard: list[dict[str, Any]] = []
    done = threading.Event()

    class Listener:
        def call(self, event: dict[str, Any]) -> None:
            heard.append(event)
            done.set()

        def close(self) -> None: ...

    pump._functions["listener"] = Listener()  # type: ignore[assignment]
    events = clients("events")
    pattern = {"source": ["aws.glue"], "detail": {"jobName": [job.name]}}
    events.put_rule(Name=job.name, EventPattern=json.dumps(pattern))
    arn = "arn:aws:lambda:ap-northeast-2:123456789012:function:listener"
    events.put_targets(Rule=job.name, Targets=[{"Id": "1", "Arn": arn}])
    run_id = job.start(do="fail")
    assert done.wait(20)
    (event,) = heard
    assert event["detail-type"] == "Glue Job State Change"
    assert event["detail"]["state"] == "FAILED"
    assert event["detail"]["jobRunId"] == run_id
    assert event["time"].endswith("Z")
    events.remove_targets(Rule=job.name, Ids=["1"])


def test_a_run_whose_pump_died_fails_when_the_next_one_starts(
    job: Job, pump: Pump, aws_environment: dict[str, str], tmp_path: Path
) -> None:
    run_id = job.start(do="hang")
    pid = job.note()["pid"]
    eventually(lambda: job.run(run_id)["JobRunState"] == "RUNNING")
    successor = Pump(tmp_path, aws_environment, glue_start_s=0)
    successor.start()
    assert job.end(run_id)["JobRunState"] == "FAILED"
    with pytest.raises(ProcessLookupError):
        eventually(lambda: os.kill(pid, 0))
    assert job.end(job.start())["JobRunState"] == "SUCCEEDED"
    successor.stop()


def test_a_changed_definition_holds_for_the_next_run(job: Job) -> None:
    changed = {**job.arguments, "--lake_bucket": "other"}
    was = job.glue.get_job(JobName=job.name)["Job"]
    update = {"Role": was["Role"], "Command": was["Command"], "DefaultArguments": changed}
    job.glue.update_job(JobName=job.name, JobUpdate=update)
    job.end(job.start())
    assert job.note()["argv"]["--lake_bucket"] == "other"


LONG_S = 60


@pytest.fixture
def slow(
    aws_environment: dict[str, str], tmp_path: Path, clients: Any, bucket: str
) -> Iterator[tuple[Pump, Job]]:
    """A pump whose Glue takes a minute to start a run, and a job."""
    (tmp_path / "deployed.json").write_text('{"resources": {}, "outputs": {}}')
    (tmp_path / "notes").mkdir()
    pump = Pump(tmp_path, aws_environment, glue_start_s=LONG_S)
    pump.start()
    yield pump, Job(clients, bucket, tmp_path / "notes")
    pump.stop()


def test_a_run_that_is_starting_can_be_stopped_and_has_run_nothing(slow: tuple[Pump, Job]) -> None:
    _, job = slow
    begun = time.monotonic()
    run_id = job.start()
    assert job.run(run_id)["JobRunState"] == "STARTING"
    job.glue.batch_stop_job_run(JobName=job.name, JobRunIds=[run_id])
    assert job.end(run_id)["JobRunState"] == "STOPPED"
    assert time.monotonic() - begun < LONG_S
    assert not job.note_file.exists()


def test_a_run_that_was_starting_when_its_pump_ended_is_started_by_the_next(
    slow: tuple[Pump, Job], aws_environment: dict[str, str], tmp_path: Path
) -> None:
    pump, job = slow
    run_id = job.start()
    eventually(lambda: run_id in pump._glue._runs)
    pump.stop()
    assert job.run(run_id)["JobRunState"] == "STARTING"
    successor = Pump(tmp_path, aws_environment, glue_start_s=0)
    successor.start()
    assert job.end(run_id)["JobRunState"] == "SUCCEEDED"
    successor.stop()


def test_a_run_starts_when_its_time_is_over(
    aws_environment: dict[str, str], tmp_path: Path, clients: Any, bucket: str
) -> None:
    (tmp_path / "deployed.json").write_text('{"resources": {}, "outputs": {}}')
    (tmp_path / "notes").mkdir()
    pump = Pump(tmp_path, aws_environment, glue_start_s=0.5)
    pump.start()
    job = Job(clients, bucket, tmp_path / "notes")
    begun = time.monotonic()
    run_id = job.start()
    eventually(lambda: job.run(run_id)["JobRunState"] != "STARTING")
    assert time.monotonic() - begun >= 0.5
    assert job.end(run_id)["JobRunState"] == "SUCCEEDED"
    pump.stop()
