"""A job's arguments as its script receives them, and those that Glue keeps for itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

# AWS Glue Developer Guide, "Using job parameters in AWS Glue jobs": read by Glue, not the script.
_GLUES_OWN = frozenset(
    {
        "--additional-python-modules",
        "--auto-scale-within-microbatch",
        "--class",
        "--conf",
        "--continuous-log-logGroup",
        "--datalake-formats",
        "--enable-auto-scaling",
        "--enable-continuous-cloudwatch-log",
        "--enable-glue-datacatalog",
        "--enable-job-insights",
        "--enable-metrics",
        "--enable-observability-metrics",
        "--enable-spark-ui",
        "--enable-spark-ui-legacy-path",
        "--extra-files",
        "--extra-jars",
        "--extra-py-files",
        "--job-language",
        "--python-modules-installer-option",
        "--python-virtual-env",
        "--scriptLocation",
        "--spark-event-logs-path",
        "--user-jars-first",
    }
)
RESERVED = frozenset({"--JOB_NAME", "--JOB_RUN_ID", "--JOB_ID", "--debug", "--mode"})
"""Names that Glue uses itself ("Internal to AWS Glue. Do not set."). Its documentation does not say what becomes of a run that
sets one: here, the stricter reading, it is refused."""
MOST_BYTES = 260 * 1024
""""Job arguments have a maximum size limit of 260KB. A validation check will raise an error if the argument size is greater
than 260KB." (the same page, which does not say how it counts: here names and values, in UTF-8)."""


class ArgumentsRefused(Exception):
    """Glue would not start, or wrongly start, a run with such arguments."""


def check_names(arguments: Iterable[str]) -> None:
    """Raise ArgumentsRefused for names that Glue keeps for itself."""
    forbidden = sorted(RESERVED & set(arguments))
    if forbidden:
        raise ArgumentsRefused(f"Glue sets these itself: {', '.join(forbidden)}")


def check_size(arguments: Mapping[str, str]) -> None:
    """Raise ArgumentsRefused for more than Glue takes: a run's arguments with those of its job."""
    size = sum(len(key.encode()) + len(str(value).encode()) for key, value in arguments.items())
    if size > MOST_BYTES:
        raise ArgumentsRefused(f"arguments of {size} bytes; Glue takes {MOST_BYTES}")


def command_line(job_name: str, run_id: str, arguments: Mapping[str, str]) -> list[str]:
    """The arguments after the script's name in sys.argv."""
    own = {"--JOB_NAME": job_name, "--JOB_ID": f"j_{job_name}", "--JOB_RUN_ID": run_id}
    given = {key: str(value) for key, value in arguments.items() if key not in _GLUES_OWN}
    return [text for pair in (own | given).items() for text in pair]


def spark_submit_arguments(arguments: Mapping[str, str], properties: Path) -> str:
    """PYSPARK_SUBMIT_ARGS: this machine's properties, and the job's `--conf` (`a=b --conf c=d`), which
    Spark gives precedence. pyspark splits it as a shell does."""
    conf = arguments.get("--conf", "").strip()
    parts = [f"--properties-file {shlex.quote(str(properties))}"]
    parts += [f"--conf {conf}"] if conf else []
    return " ".join([*parts, "pyspark-shell"])
