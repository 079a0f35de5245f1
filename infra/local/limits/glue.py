"""AWS Glue: what StartJobRun and a job's definition may not say.

Sources: AWS Glue Developer Guide, "Using job parameters in AWS Glue jobs" (`infra.local.glue_arguments`); Glue API Reference,
"Jobs" (WorkerType, NumberOfWorkers, MaxCapacity, Timeout). The words about workers are those that users report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.local import glue_arguments
from infra.local.limits.errors import Check, Refusal

LONGEST_MINUTES = 7 * 24 * 60
"""Timeout: "Jobs must have timeout values less than 7 days or 10080 minutes. Otherwise, the jobs will throw an exception.\""""
_LEAST_WORKERS = 2


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidInputException", message)


def start_job_run(asked: Mapping[str, Any], handler: Any) -> None:
    """The run's own arguments, and their size with those of the job."""
    own = asked.get("Arguments") or {}
    _arguments(own)
    _capacity(asked)
    job = handler.glue_backend.jobs.get(asked["JobName"])
    if job is not None:
        _size({**(job.default_arguments or {}), **own, **(job.non_overridable_arguments or {})})


def job(asked: Mapping[str, Any], _: Any = None) -> None:
    """CreateJob, or the definition in UpdateJob."""
    both: dict[str, Any] = {}
    for name in ("DefaultArguments", "NonOverridableArguments"):
        _arguments(asked.get(name) or {})
        both |= asked.get(name) or {}
    _size(both)
    _capacity(asked)


def _arguments(arguments: Mapping[str, Any]) -> None:
    for key, value in arguments.items():
        if not isinstance(value, str):
            raise Refusal("SerializationException", f"the value of {key} is not a string")
    try:
        glue_arguments.check_names(arguments)
    except glue_arguments.ArgumentsRefused as refused:
        raise _invalid(str(refused)) from refused


def _size(arguments: Mapping[str, Any]) -> None:
    try:
        glue_arguments.check_size(arguments)
    except glue_arguments.ArgumentsRefused as refused:
        raise _invalid(str(refused)) from refused


def _capacity(asked: Mapping[str, Any]) -> None:
    kind, workers = asked.get("WorkerType"), asked.get("NumberOfWorkers")
    if (kind is None) != (workers is None):
        raise _invalid("Please set both Worker Type and Number of Workers.")
    if kind is not None and asked.get("MaxCapacity") is not None:
        raise _invalid("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if kind is not None and workers is not None and workers < _LEAST_WORKERS:
        raise _invalid(
            f"To use Worker Type {kind}, minimum allowed value of Number of Workers is {_LEAST_WORKERS}."
        )
    minutes = asked.get("Timeout")
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise _invalid(f"Timeout must be between 1 and {LONGEST_MINUTES} minutes: {minutes}")
    runs = (asked.get("ExecutionProperty") or {}).get("MaxConcurrentRuns", 1)
    if runs < 1:
        raise _invalid(f"MaxConcurrentRuns must be at least 1: {runs}")


RULES: dict[str, Check] = {
    "StartJobRun": start_job_run,
    "CreateJob": job,
    "UpdateJob": lambda asked, handler: job(asked["JobUpdate"], handler),
}
