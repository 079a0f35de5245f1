"""The Redshift Data API: run a batch as one transaction, wait for it, read rows."""

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
    """Which warehouse, and how to sign in.

    `secret_arn` is None where the caller's own IAM identity is mapped to a database user.
    """

    workgroup: str
    database: str
    secret_arn: str | None = None

    def arguments(self) -> dict[str, str]:
        """The API's arguments that name it."""
        found = {"WorkgroupName": self.workgroup, "Database": self.database}
        return found | ({"SecretArn": self.secret_arn} if self.secret_arn else {})


@dataclass(frozen=True)
class Waiting:
    """How long to wait: polls from `first_s` doubling to `most_s`; `deadline_s` for a statement."""

    first_s: float = 0.05
    most_s: float = 2.0
    deadline_s: float = 1800.0


class RedshiftData:
    """A thin client; throttling and lost connections are waited out up to the deadline.

    Raises SinkUnavailable when that was not enough, or when the API refuses the call (rights, a
    workgroup that is gone): nothing of that is about the data.
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
        """Run the statements as one transaction and wait for its end.

        `token` makes a repeated call find the first one's statement. A transaction that does not
        end before the deadline is cancelled.
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
        """The result set of a finished statement; every page of it."""
        found: list[list[Any]] = []
        more: dict[str, str] = {}
        while True:
            page = self._call("get_statement_result", Id=statement_id, **more)
            found += [[_value(cell) for cell in record] for record in page["Records"]]
            if not page.get("NextToken"):
                return found
            more = {"NextToken": page["NextToken"]}

    def select(self, sql: str, token: str) -> tuple[list[str], list[list[Any]]]:
        """Column names and rows of one statement; raises SinkRefused when it fails."""
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
        """Rows of one SELECT of ours; raises SinkUnavailable with the warehouse's message when it fails."""
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
            told = self._call("describe_statement", Id=statement_id)
            if told["Status"] in _ENDED:
                subs = tuple(sub["Id"] for sub in told.get("SubStatements", ()))
                return Ended(statement_id, told["Status"], _error(told), subs, _failed_at(told))
            if self._clock() >= deadline:
                with suppress(SinkUnavailable):  # it may have ended just now
                    self._call("cancel_statement", Id=statement_id)
                after = timedelta(seconds=self._waiting.deadline_s)
                raise SinkUnavailable(f"the warehouse's statement {statement_id} ran over {after}")
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


def _error(told: dict[str, Any]) -> str:
    failed = _failed(told)
    return str(told.get("Error", "") if failed is None else failed["Error"])


def _failed_at(told: dict[str, Any]) -> str:
    failed = _failed(told)
    return "" if failed is None else str(failed.get("QueryString", ""))[:120]


def _failed(told: dict[str, Any]) -> dict[str, Any] | None:
    """The statement of a batch at which it failed, as described."""
    return next((sub for sub in told.get("SubStatements", ()) if sub.get("Error")), None)


def _value(cell: dict[str, Any]) -> Any:
    kind, value = next(iter(cell.items()))
    return None if kind == "isNull" else value
