"""Spark's stages under the steps of `mallfeed run RUN --profile`."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from rich.console import Console

from mallfeed.cli import profile as command
from mallfeed.cli.profile_stages import NO_LOG, size, stages_table, stages_total
from mallfeed.progress.event_log import SparkRun, Stage, Work, read_event_log
from mallfeed.progress.reporters import event_log_key, steps_key
from mallfeed.progress.stages import stages_beside
from mallfeed.progress.steps import Span
from mallfeed.settings import Settings
from tests.unit.ledger.records import feed
from tests.unit.progress.test_event_log import FEED, SPARK_35, lines

BEGIN = 1795833737.2
SPANS = [Span("session", (FEED,), BEGIN, BEGIN + 4), Span("report", (FEED,), BEGIN + 4, BEGIN + 51)]
REAL = stages_beside(SPANS, read_event_log(lines(SPARK_35)))


def shown(found: dict[str, Any], width: int, feeds: int = 1, run_s: float = 51.0) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(stages_table(found, feeds, run_s, width))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.splitlines()]


def run_of(*stages: Stage) -> dict[str, Any]:
    return stages_beside([Span("compare", ("a-1",), 0, 100)], SparkRun(stages=list(stages)))


def stage(number: int, seconds: float, feeds: str = "a-1", **work: Any) -> Stage:
    begin = float(number)
    return Stage(
        number, 0, "parquet → shuffle", "", begin, begin + seconds, "compare", feeds, tasks=1,
        ended=True, work=Work(**work),
    )  # fmt: skip


def test_a_real_run_fits_80_columns() -> None:
    assert shown(REAL, 80) == [
        "Spark's stages",
        "step        what                 at    s  cpu s   rows   read  written",
        "──────────────────────────────────────────────────────────────────────",
        "compare     parquet → shuffle  26.3  2.8    1.2  1,000  47 kB",
        "compare     shuffle → files    30.7  2.3    0.7                  56 kB",
        "commit      parquet → table    35.8  1.7    0.9  1,000  93 kB    53 kB",
        "opensearch  products → Python  40.9  7.7         1,000  89 kB",
        "report      shuffle → driver   51.0  0.1",
    ]


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (80, "step what at s cpu s rows read written"),
        (120, "step what at s tasks cpu s gc s rows read shuf in shuf out written"),
        (160, "step what by at s tasks cpu s gc s rows read shuf in shuf out rows out written"),
    ],
)
def test_wider_terminals_show_more_and_no_line_is_broken(width: int, names: str) -> None:
    found = shown(REAL, width)
    assert found[1].split() == names.split()
    assert len(found) == len(shown(REAL, 80))
    assert max(map(len, found)) <= width


def test_short_stages_stand_in_one_row() -> None:
    stages = [stage(n, 5 if n == 3 else 0.5, rows_read=10) for n in range(8)]
    found = shown(run_of(*stages), 80, run_s=100)
    assert len(found) == 5
    assert found[3].split() == ["compare", "parquet", "→", "shuffle", "3.0", "5.0", "10"]
    assert found[4].split() == ["and", "7", "others", "3.5", "70"]


def test_of_many_long_stages_the_longest_are_shown() -> None:
    found = shown(run_of(*(stage(n, 10 + n) for n in range(20))), 80, run_s=100)
    assert [line.split()[4] for line in found[3:-1]] == [f"{n}.0" for n in range(5, 20)]
    assert found[-1].split()[:3] == ["and", "5", "others"]


def test_a_short_stage_that_failed_is_shown() -> None:
    failed = stage(3, 0.1)
    failed.failure = "FetchFailed"
    found = shown(run_of(stage(1, 9), stage(2, 0.1), failed, stage(4, 0.1)), 80, run_s=100)
    assert "(failed)" in found[4]
    assert "and 2 others" in found[5]


def test_a_run_of_several_feeds_shows_whose_a_stage_was() -> None:
    found = run_of(
        stage(1, 9, "gaon_books-14c4eb84"), stage(2, 9, "a-1 b-2"), stage(3, 9, "12 feeds")
    )
    rows = shown(found, 120, feeds=12)
    assert rows[1].split()[:2] == ["step", "feed"]
    for row, whose in zip(rows[3:], ("gaon_books", "2 feeds", "12 feeds"), strict=True):
        assert f"compare  {whose} " in row


def test_the_whole_run_in_one_sentence() -> None:
    assert stages_total(REAL, 51.3) == (
        "Of 51.3 s a stage ran in 14.7, the driver alone in 36.3. 5 tasks took 2.9 s of CPU, 0.2 s of "
        "it garbage collection. The fullest heap held 331 MB."
    )
    spilled = stages_total(run_of(stage(1, 9, spilled_bytes=2_000_000)), 100)
    assert spilled.endswith(" 2.0 MB did not fit in memory and spilled to disk.")
    assert "heap" not in spilled


def test_sizes_are_shown_in_readable_units() -> None:
    said = [size(n) for n in (0, 999, 1_000, 9_960, 47_195, 999_600, 1_234_567_890, 5e15)]
    assert said == ["0 B", "999 B", "1.0 kB", "10 kB", "47 kB", "1.0 MB", "1.2 GB", "5000 TB"]


class Lake:
    """The lake bucket as the command's S3 client."""

    class exceptions:  # noqa: N801  boto3 calls it so
        NoSuchKey = KeyError

    def __init__(self, **kept: bytes) -> None:
        self.kept = {
            steps_key("jr_1"): json.dumps(
                {
                    "job_run_id": "jr_1",
                    "spans": [[s.step, s.feeds, s.begin_s, s.end_s] for s in SPANS],
                }
            ).encode(),
            **kept,
        }

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        return {"Body": io.BytesIO(self.kept[Key])}


@pytest.fixture
def profiled(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    settings = Settings(
        feeds_bucket="feeds", lake_bucket="lake", ledger_table="ledger", region="eu-west-1"
    )
    ours = feed(1, "hanbit_mart").model_copy(update={"feed_id": FEED, "job_run_id": "jr_1"})

    def run(lake: Lake, as_json: bool = False) -> str:
        monkeypatch.setattr(command, "client", lambda *_: lake)
        command.show_profile(settings, ours, as_json)
        return capsys.readouterr().out

    return run


def test_the_command_shows_stages_below_the_steps(profiled: Any) -> None:
    packed = gzip.compress(SPARK_35.read_bytes())
    whole = profiled(Lake(**{event_log_key("jr_1"): packed}))
    assert whole.index("session") < whole.index("Spark's stages") < whole.index("products → Python")
    told = json.loads(profiled(Lake(**{event_log_key("jr_1"): packed}), as_json=True))
    assert [one["step"] for one in told["steps"]] == ["session", "report"]
    assert (len(told["spark"]["stages"]), told["spark"]["cpu_s"]) == (
        5,
        pytest.approx(2.88, abs=0.01),
    )
    assert "Spark's stages" in profiled(Lake(**{event_log_key("jr_1"): packed[:-4000]}))


def test_a_run_without_a_log_says_so_in_one_line(profiled: Any) -> None:
    assert NO_LOG in profiled(Lake()).splitlines()
    assert json.loads(profiled(Lake(), as_json=True))["spark"] is None
