"""What can go wrong, sorted by what the pipeline must do about it.

`FeedHeld` is about the *feed* (the partner's data): it becomes the state HELD, and a message that the mall
can read. `Terminal` means that trying again cannot help, `Transient` that it may. Any other exception is
one of our own bugs and is allowed to raise, so that nothing half-done is ever loaded.
"""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.visible import visible


class MallfeedError(Exception):
    """The base class of all errors that mallfeed raises on purpose; their text is safe to display."""

    def __str__(self) -> str:
        return visible(super().__str__())


class Terminal(MallfeedError):
    """Trying again cannot help: a person has to act."""


class Transient(MallfeedError):
    """May pass by itself (throttling, a connection, a service that is down): try again later."""


class SettingsInvalid(Terminal):
    """An environment variable or job argument is missing or has the wrong form."""


class PluginBroken(Terminal):
    """A package that adds something to mallfeed cannot be used; the message names it."""


class CatalogInvalid(Terminal):
    """One or more catalogs are invalid; `faults` has one line (`file:line:column: …`) per fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class FeedHeld(MallfeedError):
    """The feed must not be loaded as it is; the last good data continues to be served.

    Attributes
    ----------
    code : stable name from docs/codes.md (`undecodable`, `drift`, `guard_vanished`, …)
    message : what, where, what was expected, what to do next
    details : data for the report (offset, header table, counts …)
    figures_ko : in Korean, for the mall: the figures of the message; "" where it has none
    """

    def __init__(
        self,
        code: str,
        message: str,
        details: Mapping[str, object] | None = None,
        figures_ko: str = "",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = visible(message)
        self.details: dict[str, object] = dict(details or {})
        self.figures_ko = visible(figures_ko)

    def with_hint(self, hint: str) -> FeedHeld:
        """The same with a further sentence; itself where there is none."""
        if not hint:
            return self
        return FeedHeld(self.code, f"{self.message} {hint}", self.details, self.figures_ko)


class ClaimLost(Terminal):
    """Another run has taken this feed over: this run must not write anything any more."""


class TransitionRefused(Terminal):
    """The ledger was asked for a change of state that is not possible from the feed's present state."""


class ConditionFailed(MallfeedError):
    """A conditional write found something other than expected: read again, and make a new decision."""


class SnapshotGone(MallfeedError):
    """The snapshot under a cursor has expired or belongs to another table: synchronise fully."""


class SinkRefused(Terminal):
    """A sink refuses the data itself (the same 400 for many documents, a COPY that cannot succeed)."""


class SinkUnavailable(Transient):
    """A sink did not accept the data within all retries; the feed stays SYNCING."""


class NothingToGoBackTo(Terminal):
    """There is no earlier index that can serve again; the message says why."""
