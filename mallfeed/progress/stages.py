"""Spark's stages matched with the steps of their run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from mallfeed.progress.event_log import SparkRun, Stage, Work
from mallfeed.progress.steps import Span, wall_seconds


def stages_beside(spans: Sequence[Span], run: SparkRun) -> dict[str, Any]:
    """The stages in order of their start, in seconds from the run's first step, and their sums.

    Returns `spark_version`, `stages` (a dictionary each: `Stage` and `Work` in one, times as
    begin_s, end_s and seconds), `stage_s` (some stage was running), `driver_s` (the rest of the run:
    no executor had work), `tasks`, the sums of `Work` over all, and `peak_heap_bytes`, which is
    None if it is not known.
    """
    zero = min((span.begin_s for span in spans), default=_begin(run))
    until = max((span.end_s for span in spans), default=zero)
    total = Work()
    for stage in run.stages:
        total.add(stage.work)
    going = wall_seconds(Span(str(s.stage_id), (), s.begin_s, s.end_s) for s in run.stages)
    return {
        "spark_version": run.spark_version,
        "stages": [_row(stage, spans, zero) for stage in run.stages],
        "stage_s": going,
        "driver_s": max(0.0, until - zero - going),
        "tasks": sum(stage.tasks for stage in run.stages),
        **asdict(total),
        "peak_heap_bytes": run.peak_heap_bytes,
    }


def _begin(run: SparkRun) -> float:
    return run.stages[0].begin_s if run.stages else 0.0


def _row(stage: Stage, spans: Sequence[Span], zero: float) -> dict[str, Any]:
    row = asdict(stage)
    work = row.pop("work")
    return {
        **row,
        "step": stage.step or _step_at(stage, spans),
        "begin_s": stage.begin_s - zero,
        "end_s": stage.end_s - zero,
        "seconds": stage.end_s - stage.begin_s,
        **work,
    }


def _step_at(stage: Stage, spans: Sequence[Span]) -> str | None:
    """The step during which most of the stage ran; for stages without a label."""

    def together(span: Span) -> float:
        return min(span.end_s, stage.end_s) - max(span.begin_s, stage.begin_s)

    best = max(spans, key=together, default=None)
    return best.step if best is not None and together(best) > 0 else None
