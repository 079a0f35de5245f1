"""A placeholder for a sink that could not be opened, so that the others can be loaded all the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mallfeed.errors import MallfeedError, SinkUnavailable
from mallfeed.sinks.port import ClaimCheck, Cursor, MallLoad, SinkResult
from mallfeed.table.digest import Digest, Hashes


class BrokenSink:
    """Stands for a sink that could not be opened: every method raises the reason.

    It is always raised as SinkUnavailable, so that feeds wait for the sink: even if it is a mapping that
    was refused, this happened before any mall's data was looked at.
    """

    def __init__(self, name: str, error: Exception) -> None:
        self.name = name
        self._why = f"{name} cannot be opened: {_in_words(error)}"

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:  # noqa: ARG002
        """Raises SinkUnavailable."""
        raise SinkUnavailable(self._why)

    def load(
        self,
        loads: Sequence[MallLoad],  # noqa: ARG002
        epoch: int,  # noqa: ARG002
        check_claim: ClaimCheck,  # noqa: ARG002
        reapply: bool = False,  # noqa: ARG002
    ) -> SinkResult:
        """Raises SinkUnavailable."""
        raise SinkUnavailable(self._why)

    def malls(self) -> set[str]:
        """Raises SinkUnavailable."""
        raise SinkUnavailable(self._why)

    def digest(self, mall_id: str) -> Digest:  # noqa: ARG002
        """Raises SinkUnavailable."""
        raise SinkUnavailable(self._why)

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:  # noqa: ARG002
        """Raises SinkUnavailable."""
        raise SinkUnavailable(self._why)


def _in_words(error: Exception) -> str:
    """The error's message, preceded by its class unless it is one of our own errors."""
    return str(error) if isinstance(error, MallfeedError) else f"{type(error).__name__}: {error}"
