"""A local stack: its parts, started in order, known to other commands, stopped without leaving a trace.

Example
-------
>>> with Stack("test").session() as stack:      # ends with this process, however it ends
...     stack.start_aws()
...     stack.start_warehouse()
...     stack.environment()["AWS_ENDPOINT_URL"]

A Glue run is STARTING for `glue_start_s` before its process begins, as long as the simulation assumes of AWS's; a stack of which
that time is not the subject says 0.

`up()` is what `mallfeed local up` does: all parts, then `infra.local.deploy.deploy` (its
outputs are kept in `stack.outputs`), then the pump `python -m infra.local.events --stack NAME`.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from infra.local import aws, events_inbox, opensearch, processes, state, warehouse
from infra.local.deploy import deploy, is_served, served_file
from infra.local.place import CREDENTIALS
from infra.local.ports import LOOPBACK, free_ports, is_listening
from infra.local.processes import Record, Spec, StackError
from infra.local.state import State
from infra.local.watchdog import Watchdog
from infra.package import sources
from infra.package.sources import Sources
from infra.paths import CHECKOUT, stack_dir
from mallfeed.simulate.figures import measured

PUMP = "events"
FRONT = "http"
ASKED = "iam.json"
"""In the stack's folder: what its roles had asked of IAM when it was stopped."""
Say = Callable[[str], None]
Asked = dict[str, Any]

# Environment variable → keys of the deployment's outputs; the first one that exists counts.
_FROM_OUTPUTS = {
    "MALLFEED_FEEDS_BUCKET": ("FeedsBucketName", "FeedsBucket"),
    "MALLFEED_LAKE_BUCKET": ("LakeBucketName", "LakeBucket"),
    "MALLFEED_LEDGER_TABLE": ("LedgerTableName", "LedgerTable"),
    "MALLFEED_ARRIVALS_QUEUE_URL": ("ArrivalsQueueUrl", "ArrivalsQueue"),
    "MALLFEED_JOB_NAME": ("LoadFeedsJobName", "LoadFeedsJob"),
    "MALLFEED_DATABASE": ("GlueDatabaseName", "GlueDatabase"),
    "MALLFEED_PARAMETER_PREFIX": ("ParameterPrefix",),
    "MALLFEED_EVENT_BUS": ("EventBusName", "EventBus"),
}


class Stack:
    """The stack of that name of this checkout.

    Attributes
    ----------
    name : `demo` by default; the tests' is `test`
    directory : .local/<name>/ with state.json, logs/ and data/
    glue_start_s : how long a Glue run is STARTING, in seconds; None for what the simulation assumes
    outputs : the deployment's outputs (CloudFormation outputs and `MALLFEED_…` variables)
    """

    def __init__(
        self,
        name: str = "demo",
        say: Say = lambda _: None,
        glue_start_s: float | None = None,
    ) -> None:
        self.name = name
        self.glue_start_s = glue_start_s
        self.directory = stack_dir(name)
        self._say = say
        self._state = state.read(self.directory) or State(name)

    @property
    def outputs(self) -> dict[str, str]:
        """The deployment's outputs; change them through `keep_outputs`."""
        return dict(self._state.outputs)

    @property
    def records(self) -> list[Record]:
        """The processes that were started, in that order."""
        return list(self._state.processes)

    # -- parts ---------------------------------------------------------------------------------

    def start_aws(self) -> str:
        """moto's server; returns its URL. A part that is already running is left alone."""
        if not self._runs("aws"):
            self._start(aws.spec(free_ports(1)[0]))
        return self.url("aws")

    def start_opensearch(self) -> str:
        """OpenSearch with nori; returns its URL."""
        if not self._runs("opensearch"):
            port, data = opensearch.free_port(), self._fresh_data("opensearch")
            self._start(opensearch.spec(port, data, f"mallfeed-{self.name}-{port}"))
            opensearch.allow_full_disks(port)
        return self.url("opensearch")

    def start_warehouse(self) -> str:
        """PostgreSQL and the redshift-data server in front of it (and S3, for COPY); returns the DSN."""
        self.start_aws()
        if not self._runs("postgres"):
            data = self._fresh_data("postgres")
            warehouse.create_cluster(data, self.directory / "logs" / "postgres.log")
            self._start(warehouse.postgres_spec(free_ports(1)[0], data))
        postgres, moto = self._port("postgres"), self._port("aws")
        if not self._runs("redshift-data"):
            self._start(warehouse.redshift_data_spec(free_ports(1)[0], postgres, moto))
        return warehouse.dsn(postgres)

    def start_all(self) -> None:
        """The three parts; OpenSearch, the slowest, starts while the others do."""
        if not self._runs("opensearch"):
            port, data = opensearch.free_port(), self._fresh_data("opensearch")
            slow = opensearch.spec(port, data, f"mallfeed-{self.name}-{port}")
            record = self._launch(slow)
            self.start_warehouse()
            processes.await_healthy(slow, record)
            opensearch.allow_full_disks(port)
        self.start_warehouse()

    def deploy(self, of: Sources | None = None, **parameters: str) -> None:
        """Deploy a release (infra.local.deploy) to the parts; returns when it is served.

        `of` is this checkout by default, else an earlier release. `parameters` are the template's,
        beside those that a local stack gives anyway.
        """
        self._say(f"deploying {(of or sources.checkout()).template}")
        self.keep_outputs(dict(deploy(self.environment(), self.directory, of, **parameters)))
        self.start_pump()
        self.start_front()

    def start_pump(self) -> None:
        """The process that hands SQS batches to the handlers and runs the jobs.

        One that runs already takes over what is deployed now: this waits until it has.
        """
        command = [sys.executable, "-m", "infra.local.events", "--stack", self.name]
        usual_s, own_s = measured().glue_start_s, self.glue_start_s
        command += ["--glue-start-s", str(usual_s if own_s is None else own_s)]
        spec = Spec(
            name=PUMP,
            command=command,
            env=self.environment(),
            healthy=lambda: is_served(self.directory),
        )
        if self._runs(PUMP):
            processes.await_healthy(spec, self._record(PUMP))
            return
        served_file(self.directory).unlink(missing_ok=True)
        self._start(spec)

    def start_front(self) -> str:
        """The search API over HTTP, and the shop-search page; returns its URL."""
        if not self._runs(FRONT):
            (port,) = free_ports(1)
            command = [sys.executable, "-m", "infra.local.http_front"]
            command += ["--stack", self.name, "--port", str(port)]
            environment = self.environment()
            self._start(
                Spec(
                    name=FRONT,
                    command=command,
                    env=environment,
                    port=port,
                    healthy=lambda: is_listening(port),
                )
            )
        return self.url(FRONT)

    def keep_outputs(self, outputs: dict[str, str]) -> None:
        """Remember the deployment's outputs, for other commands."""
        self._state.outputs = outputs
        self._save()

    # -- whole ---------------------------------------------------------------------------------

    def up(self) -> bool:
        """Start everything; False if it is already running. If interrupted or failed, nothing stays."""
        with self._locked():
            self._state = state.read(self.directory) or State(self.name)
            if self.is_up():
                return False
            self._clear_remains()
            guard = Watchdog(self.directory)
            try:
                self.start_all()
                self.deploy()
                self._state.ready = True
                self._save()
            except BaseException:
                self._stop()
                guard.release()
                raise
            guard.release()
            return True

    def down(self) -> bool:
        """Stop everything; False if nothing was running."""
        self._state = state.read(self.directory) or State(self.name)
        ran = any(map(processes.is_alive, self.records)) or bool(processes.marked(self.directory))
        self._stop()
        return ran

    @contextmanager
    def session(self) -> Iterator[Stack]:
        """A stack that lives as long as this process: parts are started inside the block."""
        with self._locked():
            self._state = state.read(self.directory) or State(self.name)
            self._clear_remains()
            guard = Watchdog(self.directory)
            try:
                yield self
            finally:
                self._stop()
                guard.release()

    def stop(self) -> None:
        """Stop every part."""
        self._stop()

    def is_up(self) -> bool:
        """Whether it was started completely and every process still runs."""
        return self._state.ready and all(map(processes.is_alive, self.records))

    def status(self) -> list[dict[str, object]]:
        """One row per process: name, pid, port, state (`running` or `dead`), log."""
        return [
            {
                "name": record.name,
                "pid": record.pid,
                "port": record.port,
                "state": "running" if processes.is_alive(record) else "dead",
                "log": record.log,
            }
            for record in self.records
        ]

    def asked_of_iam(self) -> dict[str, Asked]:
        """Role → what it called, was granted and has not used, and was refused (`calls.gate.Gate.report`).

        Of a stack that is down, as it was at its end; nothing if there is no record.
        """
        with suppress(OSError, StackError):
            return events_inbox.post(self.url("aws"), "asked", {})
        with suppress(FileNotFoundError):
            kept: dict[str, Asked] = json.loads((self.directory / ASKED).read_text("utf-8"))
            return kept
        return {}

    def environment(self) -> dict[str, str]:
        """The variables with which any AWS client, curl and psql work against this stack."""
        env = {**CREDENTIALS, "AWS_EC2_METADATA_DISABLED": "true"}
        if self._state.port("aws"):
            env["AWS_ENDPOINT_URL"] = self.url("aws")
        if self._state.port("redshift-data"):
            env["AWS_ENDPOINT_URL_REDSHIFT_DATA"] = self.url("redshift-data")
        if self._state.port("opensearch"):
            env["OPENSEARCH_URL"] = self.url("opensearch")
        if port := self._state.port("postgres"):
            env["WAREHOUSE_DSN"] = warehouse.dsn(port)
        if self._state.port(FRONT):
            env["SEARCH_API_URL"] = self.url(FRONT)
        for variable, keys in _FROM_OUTPUTS.items():
            for key in (variable, *keys):
                if key in self._state.outputs:
                    env[variable] = self._state.outputs[key]
                    break
        for key, value in self._state.outputs.items():
            if key.startswith(("MALLFEED_", "AWS_", "SPARK_")):
                env[key] = value
        return env

    def url(self, process: str) -> str:
        """http://127.0.0.1:<port> of that part."""
        return f"http://{LOOPBACK}:{self._port(process)}"

    # -- inside --------------------------------------------------------------------------------

    def _port(self, process: str) -> int:
        port = self._state.port(process)
        if port is None:
            raise StackError(f"{process} of stack {self.name} is not running: mallfeed local up")
        return port

    def _record(self, process: str) -> Record:
        return next(one for one in self.records if one.name == process)

    def _runs(self, process: str) -> bool:
        return any(r.name == process and processes.is_alive(r) for r in self.records)

    def _start(self, spec: Spec) -> None:
        processes.await_healthy(spec, self._launch(spec))

    def _launch(self, spec: Spec) -> Record:
        self._say(f"starting {spec.name}")
        record = processes.start(spec, self.directory)
        kept = [one for one in self._state.processes if one.name != spec.name]
        self._state.processes = [*kept, record]
        self._save()
        return record

    def _save(self) -> None:
        state.write(self.directory, self._state)

    def _stop(self) -> None:
        if self._runs("aws"):
            self.directory.mkdir(parents=True, exist_ok=True)
            (self.directory / ASKED).write_text(json.dumps(self.asked_of_iam(), indent=1), "utf-8")
        processes.stop(reversed(self.records), self.directory)
        state.forget(self.directory)
        self._state = State(self.name)

    def _clear_remains(self) -> None:
        """End what an earlier stack left (after a killed machine, a dead part); start from scratch.

        The parts' data belongs together: a new table beside an old warehouse would be
        two conflicting truths.
        """
        if self._state.processes:
            self._say(f"stack {self.name} was left incomplete: clearing it")
        self._stop()
        (self.directory / ASKED).unlink(missing_ok=True)
        for folder in ("data", "logs"):
            shutil.rmtree(self.directory / folder, ignore_errors=True)

    def _fresh_data(self, part: str) -> Path:
        folder = self.directory / "data" / part
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One `up` or session at a time for a stack of this checkout."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackError(
                    f"stack {self.name} of {CHECKOUT} is being started or used by another process"
                ) from None
            yield
