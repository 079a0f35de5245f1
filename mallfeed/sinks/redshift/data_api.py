"""The Redshift Data API: runs a batch as one transaction, waits for its end, reads rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mallfeed.aws.failures import code_of, may_pass
from mallfeed.backoff import FullJitter
from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.sql.database import Ended

_BUSY = frozenset({"ActiveStatementsExceededException", "ActiveSessionsExceededException"})
_LOST = frozenset({"BatchExecuteStatementException", "ExecuteStatementException"})
_CHANCE = SystemRandom()
_BACKOFF = FullJitter(base_s=0.25, cap_s=20.0)
_ENDED = frozenset({"FINISHED", "FAILED", "ABORTED"})


@dataclass(frozen=True)
class Warehouse:
    """A warehouse, and how to sign in to it.

    `secret_arn` is None if the caller's own IAM identity is mapped to a database user.
    """

    workgroup: str
    database: str
    secret_arn: str | None = None

    def arguments(self) -> dict[str, str]:
        """The arguments by which the API identifies it."""
        arguments = {"WorkgroupName": self.workgroup, "Database": self.database}
        return arguments | ({"SecretArn": self.secret_arn} if self.secret_arn else {})


@dataclass(frozen=True)
class Waiting:
    """How long to wait between polls (`first_s`, doubling up to `most_s`), and for a statement (`deadline_s`)."""

    first_s: float = 0.05
    most_s: float = 2.0
    deadline_s: float = 1800.0


class RedshiftData:
    """A thin client that retries throttled calls and lost connections up to the deadline.

    Raises SinkUnavailable after that, or if the API refuses the call (rights, a workgroup that no longer
    exists), since none of this is caused by the data.
    """

    def __init__(
        self,
        client: Any,
        warehouse: Warehouse,
        waiting: Waiting = Waiting(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _CHANCE.random,
    ) -> None:
        self._client = client
        self.warehouse = warehouse
        self._waiting = waiting
        self._clock = clock
        self._sleep = sleep
        self._random = random

    def run(self, statements: Sequence[str], token: str, name: str = "mallfeed") -> Ended:
        """Run the statements as one transaction, and wait for its end.

        With the same `token`, a repeated call returns the statement of the first one. A transaction that
        does not end before the deadline is cancelled.
        """
        if len(statements) == 1:
            started = self._call(
                "execute_statement", Sql=statements[0], ClientToken=token, StatementName=name,
                **self.warehouse.arguments(),
            )  # fmt: skip
        else:
            started = self._call(
                "batch_execute_statement", Sqls=list(statements), ClientToken=token,
                StatementName=name, **self.warehouse.arguments(),
            )  # fmt: skip
        return self._wait(started["Id"])

    def rows(self, statement_id: str) -> list[list[Any]]:
        """The rows of a finished statement, from all pages of its result."""
        rows: list[list[Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._call("get_statement_result", Id=statement_id, **more)
            rows += [[_value(cell) for cell in record] for record in page["Records"]]
            if not page.get("NextToken"):
                return rows
            more = {"NextToken": page["NextToken"]}

    def select(self, sql: str, token: str) -> tuple[list[str], list[list[Any]]]:
        """The column names and rows of one statement. Raises SinkRefused if it fails."""
        ended = self.run([sql], token)
        if not ended.finished:
            raise SinkRefused(f"{ended.error}")
        described = self._call("describe_statement", Id=ended.statement_id)
        if not described.get("HasResultSet"):
            return [], []
        first = self._call("get_statement_result", Id=ended.statement_id)
        columns = [column.get("label") or column["name"] for column in first["ColumnMetadata"]]
        return columns, self.rows(ended.statement_id)

    def query(self, sql: str, token: str) -> list[list[Any]]:
        """The rows of one of our own SELECTs. Raises SinkUnavailable with the warehouse's message if it fails."""
        ended = self._wait(
            self._call("execute_statement", Sql=sql, ClientToken=token,
                       **self.warehouse.arguments())["Id"]
        )  # fmt: skip
        if not ended.finished:
            raise SinkUnavailable(f"the warehouse refused a query: {ended.error} ({sql[:200]})")
        return self.rows(ended.statement_id)

    def _wait(self, statement_id: str) -> Ended:
        deadline = self._clock() + self._waiting.deadline_s
        pause = self._waiting.first_s
        while True:
            described = self._call("describe_statement", Id=statement_id)
            if (status := described["Status"]) in _ENDED:
                subs = tuple(sub["Id"] for sub in described.get("SubStatements", ()))
                return Ended(statement_id, status, _error(described), subs, _failed_at(described))
            if self._clock() >= deadline:
                with suppress(SinkUnavailable):  # it may have ended just now
                    self._call("cancel_statement", Id=statement_id)
                after = timedelta(seconds=self._waiting.deadline_s)
                raise SinkUnavailable(
                    f"the warehouse's statement {statement_id} did not end within {after}"
                )
            self._sleep(pause)
            pause = min(pause * 2, self._waiting.most_s)

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        deadline = self._clock() + self._waiting.deadline_s
        attempt = 0
        while True:
            try:
                answer: dict[str, Any] = getattr(self._client, operation)(**arguments)
                return answer
            except (ClientError, BotoCoreError) as error:
                if not _passing(error) or self._clock() >= deadline:
                    raise SinkUnavailable(f"Data API {operation}: {error}") from error
            self._sleep(_BACKOFF.delay_s(attempt, self._random))
            attempt += 1


def _passing(error: Exception) -> bool:
    if isinstance(error, ClientError) and code_of(error) in (_BUSY | _LOST):
        return True
    return may_pass(error)


def _error(described: dict[str, Any]) -> str:
    failed = _failed(described)
    return str(described.get("Error", "") if failed is None else failed["Error"])


def _failed_at(described: dict[str, Any]) -> str:
    failed = _failed(described)
    return "" if failed is None else str(failed.get("QueryString", ""))[:120]


def _failed(described: dict[str, Any]) -> dict[str, Any] | None:
    """The statement at which a batch failed, from the description of the batch; None if none has failed."""
    return next((sub for sub in described.get("SubStatements", ()) if sub.get("Error")), None)


def _value(cell: dict[str, Any]) -> Any:
    kind, value = next(iter(cell.items()))
    return None if kind == "isNull" else value
