"""The pump: what AWS does between the services, for a local stack, in one process.

SQS batches go to the functions mapped to their queue, matched events and schedules to theirs, and
started Glue runs become processes. Run: `python -m infra.local.events --stack NAME --glue-start-s SECONDS`.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from infra.local import clock, events_inbox, glue_runtime, http_routes
from infra.local.deploy import Clients, deployed, served_file, stamp_of_deployment
from infra.local.emf import LogMetrics
from infra.local.events_queue import QueueMapping
from infra.local.glue_runtime import GlueRuntime
from infra.local.lambda_runtime import Function, FunctionError, unpack
from infra.local.limits import functions
from infra.local.limits.errors import Refusal

_NO_ANSWER = (OSError, HTTPClientError)
_LOOK_EVERY_S = 1.0
"""How often the calendar is checked for schedules that are due."""
_ALARMS_EVERY_S = 60.0
"""How often alarms are evaluated ("Standard alarms … are evaluated every minute")."""


class Pump:
    """Everything in one stack that runs by itself; it has only `start` and `stop`."""

    def __init__(
        self,
        directory: Path,
        environment: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        glue_start_s: float,
    ) -> None:
        self._endpoint = environment["AWS_ENDPOINT_URL"]
        self._clients = Clients(dict(environment))
        self._directory = directory
        self._environment = environment
        self._name = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._functions: dict[str, Function] = {}
        self._served: set[str] = set()
        self._adopted = 0
        self._now = now
        self._timed: list[clock.Schedule | clock.Trigger] = []
        self._jobs = self._clients("glue")
        self.failed = False
        s3 = self._clients("s3")
        self._glue = GlueRuntime(directory, environment, s3, self._report, glue_start_s)

    def start(self) -> None:
        """Start all threads; returns when functions and the job's environment are ready."""
        self._adopt()
        self._recover()
        self._thread(self._serve_inbox)
        self._thread(self._watch_deployment)
        self._thread(self._keep_alarms)
        self._thread(partial(self._keep_calendar, clock.Calendar(self._now())))

    def stop(self) -> None:
        """End functions and runs; waits for nothing else."""
        self._stopping.set()
        self._glue.close()
        for function in self._functions.values():
            function.close()

    def shut(self) -> None:
        """Make `wait` return (from a signal's handler)."""
        self._stopping.set()

    def wait(self) -> None:
        """Block until it is shut down, or a part of it breaks."""
        self._stopping.wait()

    def _adopt(self) -> None:
        """Take over what is deployed now: new or changed functions, mappings, schedules, job."""
        self._adopted = self._stamp()
        plain = deployed(self._directory)
        called_by_http = http_routes.function_names(plain)
        for properties in plain.of("AWS::Lambda::Function").values():
            if properties["FunctionName"] not in called_by_http:
                self._take_function(properties)
        for properties in plain.of("AWS::Lambda::EventSourceMapping").values():
            function = self._functions[properties["FunctionName"]]
            sqs = Clients(function.environment())("sqs")
            mapping = QueueMapping(properties, function, sqs, _say)
            self._once(properties["EventSourceArn"], mapping.serve)
        by_cron = [one for one in clock.schedules(plain) if one.every_s is None]
        self._timed = [*by_cron, *clock.triggers(plain)]
        for schedule in clock.schedules(plain):
            if schedule.every_s is not None:
                self._once(schedule.rule, partial(self._keep_time, schedule))
        for job in plain.of("AWS::Glue::Job").values():
            self._glue.prepare(job["DefaultArguments"])
        served = served_file(self._directory)
        served.parent.mkdir(parents=True, exist_ok=True)
        served.write_text(str(self._adopted), "utf-8")

    def _take_function(self, properties: dict[str, Any]) -> None:
        code, name = properties["Code"], properties["FunctionName"]
        answer = self._clients("s3").get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])
        package = unpack(answer["Body"].read(), self._directory / "data" / "functions")
        if name in self._functions:
            self._functions[name].change(properties, package)
        else:
            log = self._directory / "logs" / f"{name}.log"
            self._functions[name] = Function(properties, package, self._environment, log)
        self._functions[name].warm()

    def _once(self, name: str, serve: Callable[[threading.Event], None]) -> None:
        if name not in self._served:
            self._served.add(name)
            self._thread(partial(serve, self._stopping))

    def _stamp(self) -> int:
        return stamp_of_deployment(self._directory)

    def _watch_deployment(self) -> None:
        while not self._stopping.wait(1):
            if self._stamp() != self._adopted:
                self._adopt()
                _say("a new deployment is served")

    def _recover(self) -> None:
        """Take over from a pump that died: the runs it had started are ended and FAILED, as in Glue."""
        for message in events_inbox.post(self._endpoint, "active", {})["runs"]:
            run = message["run"]
            if run["JobRunState"] == "STARTING":
                self._glue.start(message["job"], run)
                continue
            glue_runtime.end_left_over(run["Id"])
            self._report(run["Id"], "FAILED", "the process that watched this run has died")

    def _serve_inbox(self) -> None:
        while not self._stopping.is_set():
            for message in events_inbox.take(self._endpoint, self._name):
                if message["kind"] == "run":
                    self._glue.start(message["job"], message["run"])
                elif message["kind"] == "stop":
                    self._glue.stop(message["run_id"])
                elif message["kind"] == "invoke":
                    self._thread(partial(self._call, message["function"], message["event"]))

    def _keep_time(self, schedule: clock.Schedule, stopping: threading.Event) -> None:
        while not stopping.wait(schedule.every_s):
            self._call(schedule.function, schedule.event())

    def _keep_calendar(self, calendar: clock.Calendar) -> None:
        while not self._stopping.wait(_LOOK_EVERY_S):
            now = self._now()
            for one in calendar.due(self._timed, now):
                self._thread(partial(self._ring, one, now.replace(second=0, microsecond=0)))

    def _keep_alarms(self) -> None:
        """Each minute: the metrics that functions have logged, then the alarms."""
        logged = LogMetrics(self._directory / "logs")
        cloudwatch = self._clients("cloudwatch")
        while not self._stopping.wait(_ALARMS_EVERY_S):
            try:
                logged.put(cloudwatch)
            except ClientError as error:  # what CloudWatch does not take is lost, as on AWS
                _say(f"metrics in the logs: {error}")
            now = {"at": self._now().isoformat()}
            for one in events_inbox.post(self._endpoint, "alarms", now)["changed"]:
                _say(f"{one['alarm']}: {one['before']} → {one['after']}")

    def _ring(self, one: clock.Schedule | clock.Trigger, at: datetime) -> None:
        if isinstance(one, clock.Schedule):
            self._call(one.function, one.event(at))
            return
        for rung in clock.start_jobs(one, self._jobs):
            _say(f"{rung.rule} → {rung.starts}: {rung.job_run_id or rung.why}")

    def _call(self, name: str, event: dict[str, Any]) -> None:
        """An asynchronous invocation; Lambda tries twice more if the function fails."""
        try:
            functions.check_request(functions.payload(event), asynchronous=True)
        except Refusal as refusal:
            _say(f"{name}: {refusal.code}: {refusal}")
            return
        for _ in range(3):
            try:
                self._functions[name].call(event)
            except FunctionError as error:
                _say(str(error))
                if self._stopping.wait(1):
                    return
            else:
                return

    def _report(self, run_id: str, state: str, error: str | None) -> None:
        body = {"run_id": run_id, "state": state, "error": error}
        self._guarded(lambda: events_inbox.post(self._endpoint, "state", body))
        _say(f"{run_id[:12]}… {state}{f': {error}' if error else ''}")

    def _thread(self, target: Callable[[], object]) -> None:
        thread = threading.Thread(target=self._guarded, args=(target,), daemon=True)
        self._threads = [kept for kept in self._threads if kept.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _guarded(self, target: Callable[[], object]) -> object:
        """Run it, and again if AWS does not answer; any other fault ends the pump.

        If a part of the pump were missing, the pipeline would seem to hang.
        """
        while not self._stopping.is_set():
            try:
                return target()
            except _NO_ANSWER as error:
                _say(f"no answer, trying again: {error}")
                self._stopping.wait(1)
            except Exception as error:
                _say(f"the pump stops: {type(error).__name__}: {error}")
                self.failed = True
                self._stopping.set()
        return None


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Pump until a signal comes."""
    from infra.local.stack import Stack

    parser = argparse.ArgumentParser(prog="infra.local.events")
    parser.add_argument("--stack", default="demo")
    parser.add_argument("--glue-start-s", type=float, required=True)
    given = parser.parse_args()
    stack = Stack(given.stack)
    pump = Pump(stack.directory, stack.environment(), glue_start_s=given.glue_start_s)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: pump.shut())
    try:
        pump.start()
        pump.wait()
    finally:
        pump.stop()
    return 1 if pump.failed else 0


if __name__ == "__main__":
    sys.exit(main())
