"""Spark's stages beside the steps of their run."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.progress.event_log import SparkRun, Stage, Work
from mallfeed.progress.stage_names import call_site, what_it_does
from mallfeed.progress.stages import stages_beside
from mallfeed.progress.steps import Span

SPANS = [
    Span("session", ("a",), 100, 104),
    Span("compare", ("a",), 104, 110),
    Span("commit", ("a",), 110, 112),
]


def stage(number: int, begin_s: float, end_s: float, step: str | None = None, **work: Any) -> Stage:
    return Stage(number, 0, "x → y", "", begin_s, end_s, step, tasks=2, work=Work(**work))


def test_stages_are_in_seconds_from_the_start_of_the_run_with_their_sums() -> None:
    run = SparkRun(
        "3.5.6",
        [
            stage(1, 105, 107, "compare", cpu_s=1.5, rows_read=10),
            stage(2, 106, 108, "compare", cpu_s=1.0, rows_read=20),
        ],
        peak_heap_bytes=7,
    )
    found = stages_beside(SPANS, run)
    shown = [(one["begin_s"], one["end_s"], one["seconds"]) for one in found["stages"]]
    assert shown == [(5, 7, 2), (6, 8, 2)]
    assert (found["stage_s"], found["driver_s"]) == (3, 9)
    assert (found["tasks"], found["cpu_s"], found["rows_read"]) == (4, 2.5, 30)
    assert (found["spark_version"], found["peak_heap_bytes"]) == ("3.5.6", 7)


def test_a_stage_without_a_label_belongs_to_the_step_of_its_time() -> None:
    run = SparkRun(stages=[stage(1, 109.5, 111), stage(2, 200, 201), stage(3, 111, 112, "report")])
    assert [one["step"] for one in stages_beside(SPANS, run)["stages"]] == [
        "commit",
        None,
        "report",
    ]


def test_without_stages_all_of_the_run_was_the_drivers() -> None:
    found = stages_beside(SPANS, SparkRun())
    assert (found["stages"], found["stage_s"], found["driver_s"]) == ([], 0, 12)
    assert stages_beside([], SparkRun(stages=[stage(1, 5, 7)]))["stages"][0]["begin_s"] == 0


def info(*scopes: str, name: str = "parquet at <unknown>:0") -> dict[str, Any]:
    rdds = [{"Scope": f'{{"id":"1","name":"{scope}"}}'} for scope in scopes]
    return {"Stage Name": name, "RDD Info": rdds}


@pytest.mark.parametrize(
    ("stage_info", "is_map", "reads_shuffle", "what"),
    [
        (info("Exchange", "Scan parquet "), True, False, "parquet → shuffle"),
        (
            info("Exchange", "BatchScan lake.mallfeed.products", "Scan parquet "),
            True, False, "products + parquet → shuffle",
        ),
        (info("WriteFiles", "AQEShuffleRead"), False, False, "shuffle → files"),
        (info("Window", name="append at x"), False, True, "shuffle → table"),
        (info("MergeRows", "AQEShuffleRead", name="sql at x"), False, True, "shuffle → table"),
        (info("mapPartitions", "parallelize"), False, False, "looks at files"),
        (info("parallelize", name="collect at x"), False, False, "driver → driver"),
        ({"Stage Name": "", "RDD Info": [{"Name": "PythonRDD"}]}, False, False, "driver → Python"),
        ({}, False, False, "driver → driver"),
    ],
)  # fmt: skip
def test_a_stage_is_called_by_where_its_rows_come_from_and_go(
    stage_info: dict[str, Any], is_map: bool, reads_shuffle: bool, what: str
) -> None:
    assert what_it_does(stage_info, is_map, reads_shuffle) == what


def test_a_call_site_has_no_folders() -> None:
    assert call_site("collect at /opt/x/mallfeed/send.py:46") == "collect at send.py:46"
    assert call_site("append at <unknown>:0") == "append"
    assert call_site("$anonfun$call$1 at FutureTask.java:264") == ""
    assert call_site("") == ""
