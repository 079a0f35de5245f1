"""Runs Glue job runs as processes: the script from S3, the packed environment, the job's arguments."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from infra.local import glue_arguments, glue_conf, glue_environment
from infra.local.calls import credentials
from infra.local.deploy import Clients
from infra.local.glue_java import JavaProcess, Javas
from infra.local.small_feeds import small_feeds
from infra.paths import java_home
from mallfeed.spark_paths import NO_FOLDER, on_class_path

_LOG_TAIL_BYTES = 4000
_STOP_GRACE_S = 5.0
_ENVIRONMENTS_KEPT = 2
RUN_VARIABLE = "MALLFEED_GLUE_RUN"

Report = Callable[[str, str, str | None], None]


@dataclass
class _Running:
    process: subprocess.Popen[bytes] | None = None
    java: JavaProcess | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    abandoned: bool = False
    environment: Path | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class GlueRuntime:
    """Starts, stops and watches runs; calls `report(run_id, state, error)` with their states.

    Parameters
    ----------
    directory : of the stack; logs go to logs/glue/<run id>.log
    environment : of the stack; a run has its endpoints, and the credentials of its job's role
    s3 : client of the stack, to prepare environments before any run
    report : called with RUNNING, SUCCEEDED, FAILED, STOPPED or TIMEOUT
    start_s : how long a run is STARTING before its process begins: on AWS a cluster is made meanwhile
    """

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        s3: Any,
        report: Report,
        start_s: float,
    ) -> None:
        self._directory = directory
        self._environment = environment
        self._s3 = s3
        self._report = report
        self._start_s = start_s
        self._runs: dict[str, _Running] = {}
        self._preparing = threading.Lock()
        self._javas = None
        if small_feeds():
            log = log_of(directory, "java")
            self._javas = Javas(directory / "data" / "glue-java", log)

    def start(self, job: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        """Begin a run, unless it has begun; returns at once."""
        run_id = run["Id"]
        if run_id in self._runs:
            return
        self._runs[run_id] = _Running()
        threading.Thread(target=self._run, args=(job, run), name=run_id, daemon=True).start()

    def stop(self, run_id: str) -> None:
        """BatchStopJobRun: the process is asked, then forced, to end; the run becomes STOPPED."""
        running = self._runs.get(run_id)
        if running is None:
            self._report(run_id, "STOPPED", None)
            return
        running.stop.set()
        if running.process is not None:
            threading.Thread(target=self._end, args=(running,), daemon=True).start()

    def close(self) -> None:
        """End every run's process; their runs become FAILED. One that is STARTING stays so: whoever comes next starts it."""
        for running in self._runs.values():
            if running.process is None:
                running.abandoned = True
                running.stop.set()
            if running.process is not None and running.process.poll() is None:
                _kill(running.process)
        for running in self._runs.values():
            running.ended.wait(timeout=5)
        if self._javas is not None:
            self._javas.end()

    def prepare(self, arguments: Mapping[str, str]) -> Path:
        """The unpacked environment of `--python-virtual-env`; the previous one is kept, for going back.

        It is outside the stack's data, so that it outlives the stack; its name has the release. Older ones
        that no run uses are removed.
        """
        bucket, key = _bucket_and_key(arguments["--python-virtual-env"])
        place = self._directory / "glue-environments"
        folder = place / "-".join(key.split("/")[-2:]).removesuffix(".tar.gz")
        with self._preparing:
            if not folder.exists():
                place.mkdir(parents=True, exist_ok=True)
                archive = place / "download"
                self._s3.download_file(bucket, key, str(archive))
                glue_environment.unpack(archive, folder)
                archive.unlink()
            os.utime(folder)
            used = {running.environment for running in self._runs.values()}
            newest = sorted(place.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
            for old in set(newest[_ENVIRONMENTS_KEPT:]) - used:
                shutil.rmtree(old, ignore_errors=True)
        return folder

    def _run(self, job: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        run_id = run["Id"]
        running = self._runs[run_id]
        running.stop.wait(self._start_s)
        if running.abandoned:
            running.ended.set()
            return
        try:
            state, error = self._outcome(job, run, running)
        except Exception as fault:
            state, error = "FAILED", f"{type(fault).__name__}: {fault}"
            print(f"{run_id}: {error}", file=sys.stderr, flush=True)
        self._done_with(running)
        shutil.rmtree(self._disk(run_id), ignore_errors=True)
        running.environment = None
        self._report(run_id, state, error)
        running.ended.set()

    def _done_with(self, running: _Running) -> None:
        """The run's Java serves the next one, if the run ended by itself."""
        java, process = running.java, running.process
        if java is None or self._javas is None:
            return
        by_itself = process is not None and process.returncode >= 0 and not running.stop.is_set()
        if by_itself:
            self._javas.give_back(java)
        else:
            java.end()

    def _settings(self) -> str:
        """Of the stack for Spark, as a run finds them."""
        return glue_conf.properties_file(self._directory).read_text("utf-8")

    def _outcome(
        self, job: Mapping[str, Any], run: Mapping[str, Any], running: _Running
    ) -> tuple[str, str | None]:
        arguments = run.get("Arguments", {})
        of_role = self._of_role(job)
        running.environment = self.prepare(arguments)
        python = glue_environment.python(running.environment)
        s3 = Clients(of_role)("s3")
        script = self._fetched(job["Command"]["ScriptLocation"], s3)
        extra = [uri for uri in arguments.get("--extra-jars", "").split(",") if uri]
        jars = [self._fetched(uri, s3) for uri in extra]
        if running.stop.is_set():
            return "STOPPED", None
        log = log_of(self._directory, run["Id"])
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [str(python), "-u", str(script)]
        command += glue_arguments.command_line(job["Name"], run["Id"], arguments)
        environment = self._own_environment(run["Id"], of_role, arguments, python, jars)
        if self._javas is not None:
            running.java = self._javas.take(environment, self._settings())
            environment |= running.java.environment()
        with log.open("ab") as sink:
            running.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self._workplace(),
                start_new_session=True,
            )
        self._report(run["Id"], "RUNNING", None)
        if running.stop.is_set():
            self._end(running)
        return self._wait(running, 60.0 * (run.get("Timeout") or 480), log)

    def _wait(self, running: _Running, timeout_s: float, log: Path) -> tuple[str, str | None]:
        process = running.process
        assert process is not None
        try:
            code = process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            return "TIMEOUT", f"longer than {timeout_s / 60:g} minutes"
        _kill(process)  # whatever it left behind: Spark's Java, Python workers
        if running.stop.is_set():
            return "STOPPED", None
        if code == 0:
            return "SUCCEEDED", None
        died = f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return "FAILED", f"{died}; {_last_line(log)}"

    def _end(self, running: _Running) -> None:
        process = running.process
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_GRACE_S)
        _kill(process)

    def _of_role(self, job: Mapping[str, Any]) -> dict[str, str]:
        """The stack's environment with the credentials of the job's role; raises NoCredentials."""
        glue, name = credentials.GLUE, credentials.GLUE_SESSION
        return credentials.of_session(self._environment, job["Role"], glue, name)

    def _fetched(self, uri: str, s3: Any) -> Path:
        """A script or a jar of the release."""
        bucket, key = _bucket_and_key(uri)
        path = self._directory / "data" / "glue-artifacts" / key
        if not path.exists():  # the key contains the release's hash, so the object never changes
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{threading.get_ident()}")
            s3.download_file(bucket, key, str(draft))
            draft.replace(path)
        return path

    def _workplace(self) -> Path:
        path = self._directory / "data" / "glue-work"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _disk(self, run_id: str) -> Path:
        """A run's temporary files; like a worker's disk they end with it, however it ends."""
        return self._directory / "data" / "glue-disks" / run_id

    def _own_environment(
        self,
        run_id: str,
        of_role: Mapping[str, str],
        arguments: Mapping[str, str],
        python: Path,
        jars: list[Path],
    ) -> dict[str, str]:
        data, disk = self._directory / "data", self._disk(run_id)
        disk.mkdir(parents=True, exist_ok=True)
        return {
            **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
            **{k: v for k, v in of_role.items() if k.startswith("AWS_")},
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "TMPDIR": str(disk),
            "JAVA_HOME": str(java_home(17)),
            "SPARK_HOME": str(glue_environment.spark_home()),
            "SPARK_CONF_DIR": NO_FOLDER,
            "SPARK_LOCAL_DIRS": str(data / "spark"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYTHONPATH": str(glue_environment.spark_path(data / "spark-python")),
            "PYTHONUNBUFFERED": "1",
            "PYSPARK_PYTHON": str(python),
            "PYSPARK_DRIVER_PYTHON": str(python),
            "PYSPARK_SUBMIT_ARGS": glue_arguments.spark_submit_arguments(
                arguments, glue_conf.properties_file(self._directory)
            ),
            **on_class_path(jars),
            "MALLFEED_STACK_PROCESS": str(self._directory),
            RUN_VARIABLE: run_id,
        }


def log_of(directory: Path, run_id: str) -> Path:
    """The log file of a run of the stack in that folder."""
    return directory / "logs" / "glue" / f"{run_id}.log"


def end_left_over(run_id: str) -> None:
    """Kill the processes of a run that an earlier pump started and that had not ended with it."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(RUN_VARIABLE) == run_id:
                process.kill()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End its whole process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_STOP_GRACE_S)


def _last_line(log: Path) -> str:
    """The log's last meaningful line: the exception of a script that raised."""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _LOG_TAIL_BYTES))
        lines = stream.read().decode("utf-8", "replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith(" ")]
    return said[-1] if said else f"see {log}"


def _bucket_and_key(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")
