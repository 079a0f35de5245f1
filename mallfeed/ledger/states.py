"""The states of a feed, and the transitions between them that are possible."""

from __future__ import annotations

from enum import StrEnum

from mallfeed.errors import TransitionRefused


class State(StrEnum):
    """The state of a feed."""

    WAITING = "WAITING"  # entered, and to be dispatched
    RUNNING = "RUNNING"  # in a plan; nothing of it is committed yet
    SYNCING = "SYNCING"  # committed to the product table; the sinks are catching up
    LOADED = "LOADED"  # both cursors have reached its snapshot
    HELD = "HELD"  # needs a person: release or drop
    FAILED = "FAILED"  # tried N times before its commit: retry or drop
    DROPPED = "DROPPED"  # a person decided against loading it
    IGNORED = "IGNORED"  # not a feed (marker, part, unchanged bytes)
    SUPERSEDED = "SUPERSEDED"  # a newer full feed has loaded


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset(
        {State.RUNNING, State.HELD, State.DROPPED, State.SUPERSEDED, State.IGNORED}
    ),
    State.RUNNING: frozenset(
        {State.WAITING, State.SYNCING, State.HELD, State.FAILED, State.SUPERSEDED, State.IGNORED}
    ),
    State.SYNCING: frozenset({State.LOADED}),
    State.LOADED: frozenset(),
    State.HELD: frozenset({State.WAITING, State.DROPPED, State.SUPERSEDED}),
    State.FAILED: frozenset({State.WAITING, State.DROPPED, State.SUPERSEDED}),
    State.DROPPED: frozenset(),
    State.IGNORED: frozenset(),
    State.SUPERSEDED: frozenset(),
}
"""From → to. HELD → WAITING is `release`, FAILED → WAITING is `retry`; a replay is a new feed."""

BLOCKING = frozenset({State.HELD, State.FAILED})
OPEN = frozenset({State.WAITING, State.RUNNING, State.SYNCING})
CLOSED = frozenset(State) - OPEN

ENTRY = frozenset({State.WAITING, State.HELD, State.IGNORED})
"""The states in which a feed may enter the ledger."""

UNSETTLED = OPEN | BLOCKING
"""States in which something is still to be done, by the pipeline or by a person."""

SYNC_RETRY = "sync_retry"
"""Code of a committed feed that a sink has not received yet."""

SINK_REFUSED = "sink_refused"
"""Code of a committed feed whose data a sink refuses."""

PART_OF_FOLDER = "part_of_folder"
"""Code of an object that is IGNORED because it is read as a part of its folder's feed."""

UNCHANGED_BYTES = "unchanged_bytes"
"""Code of a full feed that was IGNORED because it equals the published one: in the order it counts
as a loaded full feed, since the mall's state starts from it."""

SAME_PARTS = "same_parts"
"""Code of a folder feed that was IGNORED because its signal was repeated for the same parts."""

FEEDS_NOT_NEEDED = frozenset({UNCHANGED_BYTES, SAME_PARTS})
"""Codes of IGNORED feeds; anything else that is IGNORED is not a feed."""


def check_entry(feed_id: str, state: State) -> None:
    """Raises TransitionRefused if a feed cannot enter the ledger in this state."""
    if state not in ENTRY:
        raise TransitionRefused(
            f"feed {feed_id} cannot enter the ledger as {state}; expected one of "
            f"{', '.join(sorted(ENTRY))}"
        )


def check_transition(feed_id: str, before: State, after: State) -> None:
    """Raises TransitionRefused if TRANSITIONS does not allow it; staying in a state is allowed."""
    if after != before and after not in TRANSITIONS[before]:
        allowed = ", ".join(sorted(TRANSITIONS[before])) or "none, it is final"
        raise TransitionRefused(
            f"feed {feed_id} is {before} and cannot become {after}; possible from {before}: {allowed}"
        )
