"""Spark's event log: logs of real runs, trimmed to a few stages and to the fields that are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mallfeed.progress.event_log import SparkRun, Stage, read_event_log

LOGS = Path(__file__).with_name("event_logs")
SPARK_35, SPARK_41 = LOGS / "spark-3.5.6.jsonl", LOGS / "spark-4.1.1.jsonl"
FEED = "hanbit_mart-2327bf27a43ff5d6"


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def told(*events: dict[str, Any]) -> SparkRun:
    return read_event_log(json.dumps(one, separators=(",", ":")).encode() for one in events)


def only(run: SparkRun) -> Stage:
    (stage,) = run.stages
    return stage


def test_a_load_on_spark_3_5_is_reported_stage_by_stage() -> None:
    run = read_event_log(lines(SPARK_35))
    assert (run.spark_version, run.peak_heap_bytes) == ("3.5.6", 330_538_056)
    assert [(one.step, one.what, one.call_site) for one in run.stages] == [
        ("compare", "parquet → shuffle", "parquet"),
        ("compare", "shuffle → files", "parquet"),
        ("commit", "parquet → table", "append"),
        ("opensearch/products-000001", "products → Python", "collect at send.py:46"),
        ("report", "shuffle → driver", "collect at distribution.py:35"),
    ]
    assert {one.feeds for one in run.stages} == {FEED}
    assert all(one.ended and one.failure is None and one.tasks == 1 for one in run.stages)


def test_what_its_tasks_did_is_counted() -> None:
    first, second = read_event_log(lines(SPARK_35)).stages[:2]
    assert (first.begin_s, first.end_s - first.begin_s) == pytest.approx((1795833763.525, 2.79), abs=0.01)  # fmt: skip
    work = first.work
    assert (work.run_s, work.cpu_s, work.gc_s) == pytest.approx((2.161, 1.197, 0.135), abs=0.001)
    assert (work.rows_read, work.bytes_read) == (1000, 47_195)
    assert work.shuffle_written_bytes == second.work.shuffle_read_bytes == 136_326
    assert (second.work.rows_written, second.work.bytes_written) == (1000, 56_347)
    assert first.work.spilled_bytes == 0


def test_a_log_of_spark_4_1_is_reported_the_same_way() -> None:
    run = read_event_log(lines(SPARK_41))
    assert (run.spark_version, run.peak_heap_bytes) == ("4.1.1", 99_230_104)
    assert [(one.step, one.what, one.call_site, one.tasks) for one in run.stages] == [
        ("compare", "looks at files", "parquet", 1),
        ("compare", "parquet → shuffle", "", 2),
        ("compare", "shuffle → files", "", 1),
        (None, "driver → Python", "collect at job.py:11", 2),
    ]
    assert run.stages[2].work.rows_written == 7


@pytest.mark.parametrize("cut", [1, 500, 900])
def test_a_log_that_is_cut_off_is_read_as_far_as_it_goes(cut: int) -> None:
    whole = lines(SPARK_35)
    at = next(n for n, line in enumerate(whole) if b"StageSubmitted" in line[:60])
    kept = [*whole[: at + 1], whole[at + 1][:cut]]
    stage = only(read_event_log(kept))
    assert (stage.step, stage.ended, stage.tasks) == ("compare", False, 0)
    assert stage.end_s >= stage.begin_s


def test_events_that_are_not_known_and_lines_that_are_no_events_are_passed_over() -> None:
    def noisy() -> Iterator[bytes]:
        yield b'{"Event":"org.example.Whatever","Stage ID":"no number"}\n'
        for line in lines(SPARK_35):
            yield from (line, b"\n", b"{", b'{"Timestamp":1}\n', b'{"Event":"\xff"}\n')

    assert read_event_log(noisy()) == read_event_log(lines(SPARK_35))
    assert read_event_log([]) == SparkRun()


def submitted(stage: int, attempt: int = 0, at: int = 1000) -> dict[str, Any]:
    info = {
        "Stage ID": stage,
        "Stage Attempt ID": attempt,
        "Stage Name": "x",
        "Submission Time": at,
    }
    return {"Event": "SparkListenerStageSubmitted", "Stage Info": info}


def completed(stage: int, attempt: int = 0, **more: Any) -> dict[str, Any]:
    info = submitted(stage, attempt)["Stage Info"] | {"Completion Time": 5000} | more
    return {"Event": "SparkListenerStageCompleted", "Stage Info": info}


def task(stage: int, attempt: int = 0, reason: str = "Success", **more: Any) -> dict[str, Any]:
    return {
        "Event": "SparkListenerTaskEnd",
        "Stage ID": stage,
        "Stage Attempt ID": attempt,
        "Task End Reason": {"Reason": reason},
        "Task Info": {"Finish Time": 3000},
        **more,
    }


def test_each_attempt_of_a_stage_is_reported_with_why_it_failed() -> None:
    run = told(
        submitted(1),
        task(1, reason="FetchFailed"),
        completed(1, **{"Failure Reason": "FetchFailed: gone"}),
        submitted(1, attempt=1, at=5000),
        task(1, attempt=1),
        completed(1, attempt=1, **{"Submission Time": 5000, "Completion Time": 6000}),
    )
    assert [(s.attempt, s.tasks, s.failed_tasks, s.failure) for s in run.stages] == [
        (0, 1, 1, "FetchFailed: gone"),
        (1, 1, 0, None),
    ]


def test_a_stage_that_the_log_does_not_see_end_goes_on_until_its_last_moment() -> None:
    stage = only(told(submitted(1), task(1)))
    assert (stage.begin_s, stage.end_s, stage.ended) == (1.0, 3.0, False)


def test_tasks_without_figures_and_of_unknown_stages_do_no_harm() -> None:
    stage = only(told(task(7), submitted(1), task(1, **{"Task Metrics": None}), completed(1)))
    assert (stage.stage_id, stage.tasks, stage.work.cpu_s) == (1, 1, 0)


def test_spill_is_what_went_by_the_disk() -> None:
    metrics = {"Memory Bytes Spilled": 900, "Disk Bytes Spilled": 300}
    stage = only(told(submitted(1), task(1, **{"Task Metrics": metrics}), completed(1)))
    assert stage.work.spilled_bytes == 300
