"""What a SQL sink asks of its database, and how a transaction ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Ended:
    """How a statement, or a transaction of several, ended.

    Attributes
    ----------
    error : what the database said, without the statement's own text
    sub_ids : its statements in order, each to be asked for its rows
    failed_at : beginning of the statement that failed
    """

    statement_id: str
    status: str
    error: str
    sub_ids: tuple[str, ...] = ()
    failed_at: str = ""

    @property
    def finished(self) -> bool:
        """Whether it was committed."""
        return self.status == "FINISHED"

    @property
    def aborted(self) -> bool:
        """Whether it was cancelled."""
        return self.status == "ABORTED"

    @property
    def told(self) -> str:
        """The error and where it came up, for messages."""
        return f"{self.error} (in: {self.failed_at})" if self.failed_at else self.error


class Database(Protocol):
    """A database in which transactions run; raises SinkUnavailable when it cannot be asked."""

    def run(self, statements: Sequence[str], token: str, name: str = "mallfeed") -> Ended:
        """Run them as one transaction; one that fails is told by how it ended, and leaves nothing.

        `token` makes a repeated call find the first one's transaction.
        """

    def rows(self, statement_id: str) -> list[list[Any]]:
        """Rows of a finished statement."""

    def query(self, sql: str, token: str) -> list[list[Any]]:
        """Rows of one SELECT."""
