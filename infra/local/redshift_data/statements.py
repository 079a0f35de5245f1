"""Statements that were submitted: run in the background, remembered with status and result."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg

from infra.local.redshift_data.errors import ApiError, NotHere, Refused, invalid
from infra.local.redshift_data.results import Outcome
from infra.local.redshift_data.session import Session, TableClock

_AT_ONCE = 8
MOST_ACTIVE = 500
"""Statements that were submitted and have not ended, per workgroup (Redshift Management Guide, "Considerations when calling the
Amazon Redshift Data API")."""
TERMINAL = ("FINISHED", "FAILED", "ABORTED")


@dataclass
class Sub:
    """One SQL text of a statement."""

    sql: str
    status: str = "SUBMITTED"
    error: str | None = None
    outcome: Outcome = field(default_factory=Outcome)
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    seconds: float = 0.0


@dataclass
class Statement:
    """An ExecuteStatement or BatchExecuteStatement; `owner` is the `aws:userid` of who submitted it."""

    database: str
    workgroup: str
    subs: list[Sub]
    parameters: Mapping[str, str]
    is_batch: bool
    name: str = ""
    owner: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "SUBMITTED"
    error: str | None = None
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    seconds: float = 0.0
    pid: int = 0
    cancelled: threading.Event = field(default_factory=threading.Event)
    session: Session | None = None


class Statements:
    """All of them, by id."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._clock = TableClock()
        self._known: dict[str, Statement] = {}
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="statement")

    def submit(self, statement: Statement, token: str | None) -> Statement:
        """Queue it; the same client token returns the statement that was submitted first."""
        with self._lock:
            if token is not None and token in self._tokens:
                return self._known[self._tokens[token]]
            active = sum(one.status not in TERMINAL for one in self._known.values())
            if active >= MOST_ACTIVE:
                raise ApiError(
                    "ActiveStatementsExceededException",
                    f"Active statements exceeded the allowed quota ({MOST_ACTIVE}).",
                )
            if token is not None:
                self._tokens[token] = statement.id
            self._known[statement.id] = statement
        self._pool.submit(self._run, statement)
        return statement

    def get(self, identifier: str) -> Statement:
        """The statement; raises ResourceNotFoundException."""
        found = self._known.get(identifier.partition(":")[0])
        if found is None:
            raise ApiError("ResourceNotFoundException", "Query does not exist.")
        return found

    def owner(self, identifier: str) -> str | None:
        """Who submitted that statement; None if there is none."""
        found = self._known.get(identifier.partition(":")[0])
        return found.owner if found else None

    def sub(self, identifier: str) -> Sub:
        """The sub-statement `id:n`, or a plain statement's only one."""
        statement = self.get(identifier)
        _, _, number = identifier.partition(":")
        if statement.is_batch and not number:
            raise ApiError(
                "ResourceNotFoundException",
                "Query does not have result. Please check query status with DescribeStatement.",
            )
        place = int(number or 1)
        if not 1 <= place <= len(statement.subs):
            raise ApiError("ResourceNotFoundException", "Query does not exist.")
        return statement.subs[place - 1]

    def newest_first(self) -> Sequence[Statement]:
        """For ListStatements."""
        return sorted(self._known.values(), key=lambda one: one.created, reverse=True)

    def cancel(self, identifier: str) -> None:
        """Ask it to stop; raises ValidationException if it has ended."""
        statement = self.get(identifier)
        if statement.status in TERMINAL:
            raise invalid("Could not cancel a query that is already in FINISHED state.")
        statement.cancelled.set()
        if (session := statement.session) is not None:
            session.cancel()

    def _run(self, statement: Statement) -> None:
        begun = time.monotonic()
        try:
            if statement.cancelled.is_set():
                raise Refused("ERROR: Query cancelled on user's request")
            _mark(statement, "STARTED")
            session = Session(
                self._dsn, statement.database, self._clock, in_batch=statement.is_batch
            )
            try:
                statement.session, statement.pid = session, session.pid
                for sub in statement.subs:
                    _run_sub(sub, statement, session)
                session.commit()
            finally:
                statement.session = None
                session.close()
            statement.seconds = time.monotonic() - begun
            _mark(statement, "FINISHED")
        except Exception as error:
            statement.seconds = time.monotonic() - begun
            statement.error = _text(error)
            for sub in statement.subs:
                if sub.status in ("SUBMITTED", "STARTED"):
                    sub.status = "ABORTED"
            _mark(statement, "ABORTED" if statement.cancelled.is_set() else "FAILED")


def _run_sub(sub: Sub, statement: Statement, session: Session) -> None:
    begun = time.monotonic()
    sub.status = "STARTED"
    try:
        if statement.cancelled.is_set():
            raise Refused("ERROR: Query cancelled on user's request")
        sub.outcome = session.run(sub.sql, statement.parameters)
        sub.status = "FINISHED"
    except Exception as error:
        sub.status = "ABORTED" if statement.cancelled.is_set() else "FAILED"
        sub.error = _text(error)
        raise
    finally:
        sub.seconds, sub.updated = time.monotonic() - begun, time.time()


def _text(error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, psycopg.Error):
        return f"ERROR: {str(error).strip()}"
    return str(NotHere(f"{type(error).__name__}: {error}"))


def _mark(statement: Statement, status: str) -> None:
    statement.updated = time.time()
    statement.status = status
