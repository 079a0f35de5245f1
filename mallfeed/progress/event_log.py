"""Reads the stages of a run from Spark's event log. Pure: JSON lines in, figures out.

The log is in Spark's `JsonProtocol`; what is read here is the same in Spark 3.5 and 4.1. Other events
and fields are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mallfeed.progress.stage_names import call_site, what_it_does
from mallfeed.progress.steps import FEEDS_PROPERTY, STEP_PROPERTY

_NAME = b'{"Event":"'
_MAP_TASK = "ShuffleMapTask"


@dataclass
class Work:
    """What the tasks of a stage did, including failed ones; seconds are summed over tasks."""

    run_s: float = 0.0
    cpu_s: float = 0.0
    gc_s: float = 0.0
    rows_read: int = 0
    bytes_read: int = 0
    shuffle_read_bytes: int = 0
    shuffle_written_bytes: int = 0
    spilled_bytes: int = 0
    rows_written: int = 0
    bytes_written: int = 0

    def add(self, other: Work) -> None:
        """Add the other one's figures."""
        for one in fields(Work):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Stage:
    """One attempt of a stage; times are seconds since 1970, by the driver's clock.

    `step` and `feeds` are the labels of its job (`mallfeed.load.labels`), None without labels;
    `failure` is why it failed; `ended` is False if the log ends before the stage does.
    """

    stage_id: int
    attempt: int
    what: str
    call_site: str
    begin_s: float
    end_s: float
    step: str | None = None
    feeds: str | None = None
    tasks: int = 0
    failed_tasks: int = 0
    ended: bool = False
    failure: str | None = None
    work: Work = field(default_factory=Work)


@dataclass
class SparkRun:
    """A run according to its log: stages in order of their start; the highest `peak_heap_bytes` of any JVM.

    `peak_heap_bytes` is None if no JVM was sampled; Spark samples every ten seconds.
    """

    spark_version: str | None = None
    stages: list[Stage] = field(default_factory=list)
    peak_heap_bytes: int | None = None


def read_event_log(lines: Iterable[bytes]) -> SparkRun:
    """The run according to its log. A line that is cut off, such as the last one of a killed run, is skipped."""
    reader = _Reader()
    for line in lines:
        if _event(line) in _TAKEN:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            _TAKEN[event["Event"]](reader, event)
    return reader.result()


def _event(line: bytes) -> str:
    """The event's name, without parsing its line: most lines are long and not needed."""
    return line[len(_NAME) : line.find(b'"', len(_NAME))].decode("utf-8", "replace")


class _Reader:
    """Receives the events in their order."""

    def __init__(self) -> None:
        self._run = SparkRun()
        self._stages: dict[tuple[int, int], Stage] = {}
        self._scopes: dict[tuple[int, int], tuple[Mapping[str, Any], bool]] = {}
        self._last_s = 0.0

    def log_start(self, event: Mapping[str, Any]) -> None:
        self._run.spark_version = event.get("Spark Version")

    def stage_submitted(self, event: Mapping[str, Any]) -> None:
        info, properties = event["Stage Info"], event.get("Properties") or {}
        stage = self._stage(info)
        stage.step = properties.get(STEP_PROPERTY)
        stage.feeds = properties.get(FEEDS_PROPERTY)
        # SQL executions name the line of Python; other stages only know the line of Java.
        stage.call_site = call_site(properties.get("callSite.short") or stage.call_site)

    def stage_completed(self, event: Mapping[str, Any]) -> None:
        info = event["Stage Info"]
        stage = self._stage(info)
        stage.ended, stage.failure = True, info.get("Failure Reason")
        if begun := info.get("Submission Time"):
            stage.begin_s = begun / 1000
        stage.end_s = self._now(info.get("Completion Time"))

    def task_end(self, event: Mapping[str, Any]) -> None:
        key = (event["Stage ID"], event.get("Stage Attempt ID", 0))
        self._now((event.get("Task Info") or {}).get("Finish Time"))
        if (stage := self._stages.get(key)) is None:
            return
        stage.tasks += 1
        stage.failed_tasks += (event.get("Task End Reason") or {}).get("Reason") != "Success"
        if metrics := event.get("Task Metrics"):
            stage.work.add(_work(metrics))
        self._scopes[key] = (self._scopes[key][0], event.get("Task Type") == _MAP_TASK)

    def stage_peaks(self, event: Mapping[str, Any]) -> None:
        heap = (event.get("Executor Metrics") or {}).get("JVMHeapMemory") or 0
        if heap > 0:  # 0: not sampled during the stage
            self._run.peak_heap_bytes = max(self._run.peak_heap_bytes or 0, heap)

    def result(self) -> SparkRun:
        for key, stage in self._stages.items():
            info, is_map = self._scopes[key]
            stage.what = what_it_does(info, is_map, stage.work.shuffle_read_bytes > 0)
            if not stage.ended:
                stage.end_s = max(stage.begin_s, self._last_s)
        self._run.stages = sorted(
            self._stages.values(), key=lambda one: (one.begin_s, one.stage_id, one.attempt)
        )
        return self._run

    def _stage(self, info: Mapping[str, Any]) -> Stage:
        """The stage of an event; created if the event is the first one about it."""
        key = (info["Stage ID"], info.get("Stage Attempt ID", 0))
        begin_s = self._now(info.get("Submission Time"))
        if key not in self._stages:
            name = call_site(info.get("Stage Name", ""))
            self._stages[key] = Stage(*key, "", name, begin_s, begin_s)
            self._scopes[key] = (info, False)
        return self._stages[key]

    def _now(self, milliseconds: int | None) -> float:
        """That moment in seconds; the latest one so far if the event has none."""
        if milliseconds is None:
            return self._last_s
        self._last_s = max(self._last_s, milliseconds / 1000)
        return milliseconds / 1000


_TAKEN = {
    "SparkListenerLogStart": _Reader.log_start,
    "SparkListenerStageSubmitted": _Reader.stage_submitted,
    "SparkListenerStageCompleted": _Reader.stage_completed,
    "SparkListenerTaskEnd": _Reader.task_end,
    "SparkListenerStageExecutorMetrics": _Reader.stage_peaks,
}


def _work(metrics: Mapping[str, Any]) -> Work:
    """The work of one task. The log has times in milliseconds, and CPU time in nanoseconds."""

    def part(name: str) -> Mapping[str, int]:
        return metrics.get(name) or {}

    read, written = part("Input Metrics"), part("Output Metrics")
    shuffled, shuffling = part("Shuffle Read Metrics"), part("Shuffle Write Metrics")
    return Work(
        run_s=metrics.get("Executor Run Time", 0) / 1e3,
        cpu_s=metrics.get("Executor CPU Time", 0) / 1e9,
        gc_s=metrics.get("JVM GC Time", 0) / 1e3,
        rows_read=read.get("Records Read", 0),
        bytes_read=read.get("Bytes Read", 0),
        shuffle_read_bytes=shuffled.get("Remote Bytes Read", 0)
        + shuffled.get("Local Bytes Read", 0),
        shuffle_written_bytes=shuffling.get("Shuffle Bytes Written", 0),
        spilled_bytes=metrics.get("Disk Bytes Spilled", 0),
        rows_written=written.get("Records Written", 0),
        bytes_written=written.get("Bytes Written", 0),
    )
