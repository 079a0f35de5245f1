"""Committing to Iceberg: properties on SQL commits, and how conflicts and unknown outcomes are resolved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession

from mallfeed.errors import Transient
from mallfeed.table.port import Commit

LOG = logging.getLogger(__name__)

COMMIT_ATTEMPTS = 5
"""How often a run tries one commit, besides Iceberg's own `commit.retry.num-retries`."""

_RETRIED = ("CommitFailedException", "CommitStateUnknownException", "ValidationException")

_CONFLICTS = (
    "CommitFailedException",
    "CommitStateUnknownException",
    "Cannot commit",  # found new delete for replaced data file
    "Missing required files to delete",
    "could not be found in the latest snapshot",  # a manifest that was rewritten
)


class _Callable:
    """A java.util.concurrent.Callable that runs a Python function in the calling thread."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self.error: BaseException | None = None

    def call(self) -> None:
        try:
            self._function()
        except BaseException as error:  # raised again below, on the other side of the JVM
            self.error = error

    class Java:
        implements = ("java.util.concurrent.Callable",)


def commit_properties(
    spark: SparkSession, properties: Mapping[str, str], function: Callable[[], Any]
) -> None:
    """Run `function` (a SQL MERGE) so that the snapshot it commits carries `properties`.

    Session settings do not reach the summary of a SQL MERGE. CommitMetadata keeps properties in a
    thread local, and the pinned-thread gateway runs the callback on that very thread.
    """
    ensure_callback_server_started(spark.sparkContext._gateway)  # type: ignore[no-untyped-call]
    jvm: Any = spark._jvm
    body = _Callable(function)
    jvm.org.apache.iceberg.spark.CommitMetadata.withCommitProperties(
        dict(properties), body, jvm.java.lang.RuntimeException._java_lang_class
    )
    if body.error is not None:
        raise body.error


def with_retries(attempt: Callable[[], None], landed: Callable[[], Commit | None]) -> Commit:
    """Try a commit until it is found among the table's ancestors; returns that commit.

    `landed` looks for it after every attempt, so that a commit whose outcome was unknown is never
    applied twice. Raises Transient after `COMMIT_ATTEMPTS` conflicts.
    """
    for number in range(1, COMMIT_ATTEMPTS + 1):
        try:
            attempt()
        except Exception as error:
            if not _may_pass(error):
                raise
            LOG.warning("commit attempt %s did not succeed: %s", number, str(error)[:300])
        commit = landed()
        if commit is not None:
            return commit
    raise Transient(f"the product table refused the commit {COMMIT_ATTEMPTS} times: conflicts")


def met_another(error: Exception) -> bool:
    """Whether maintenance of the table failed because a concurrent commit was faster.

    Recognised by the texts of Iceberg's conflicts, since it raises ValidationException for faults too.
    """
    return any(sign in _text(error) for sign in _CONFLICTS)


def _may_pass(error: Exception) -> bool:
    return any(name in _text(error) for name in _RETRIED)


def _text(error: Exception) -> str:
    return str(error.java_exception) if isinstance(error, Py4JJavaError) else repr(error)
