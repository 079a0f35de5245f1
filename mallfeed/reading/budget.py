"""How much work a feed may make in proportion to its size, and what reading it has made so far.

A small file can be made to cost hours. Its neighbours in a run would wait for it: beyond its budget a feed is
HELD, and when it is released it is read without one, in a run of its own. The figures, and the feeds that they
were held against, stand in docs/decisions/budget-of-work.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from mallfeed.errors import FeedHeld

TOO_COSTLY = "too_costly"
MAX_RATIO = 200
"""What unpacks to more than its budget and to so many times its own size is an archive that is no feed
(`archive_ratio`)."""
NONE = "none"
"""A parameter of SSM cannot be empty; as an amount, no limit."""


class Allowance(NamedTuple):
    """So much whatever the feed's size, and so much more for each MB of it as it was sent, packed."""

    least: int
    per_mb: int

    def of(self, size_bytes: int) -> int:
        """For a feed of that size."""
        return self.least + self.per_mb * size_bytes // 1_000_000


@dataclass(frozen=True)
class Kind:
    """What is counted: its name in the parameter, in words, and what the sender can do about it.

    What has the same name has one limit.
    """

    name: str
    what: str
    advice: str


UNPACKED = Kind("unpacked", "unpacked bytes", "Send it unpacked, or in several files")
MEMBERS = Kind("members", "packed members", "Pack the file as one")
ENTRIES = Kind("members", "entries in a zip", "Pack the file alone")
COLUMN_CHUNKS = Kind("members", "column chunks", "Write it in larger row groups")
ELEMENTS = Kind("elements", "elements and values", "Leave out what is not of a product")
BLANK_LINES = Kind("elements", "blank lines", "Leave out the blank lines")
CELLS = Kind("cells", "cells", "Leave out columns that are empty in most rows")
BROKEN = Kind("broken", "records that cannot be taken apart", "Write the agreed format")
ATTRIBUTES = Kind(
    "attributes", "attributes or keys in one record", "Send those that describe the product"
)

DEFAULTS: Mapping[Kind, Allowance] = {
    UNPACKED: Allowance(128_000_000, 60_000_000),
    MEMBERS: Allowance(20_000, 4_000),
    ELEMENTS: Allowance(5_000_000, 2_000_000),
    CELLS: Allowance(20_000_000, 20_000_000),
    BROKEN: Allowance(100_000, 20_000),
    ATTRIBUTES: Allowance(10_000, 100),
}
_SPENT_AT_ONCE = 10_000
KINDS = tuple(kind.name for kind in DEFAULTS)


@dataclass(frozen=True)
class Budget:
    """What is allowed of each kind, by its name; None = without limit."""

    allowances: Mapping[str, Allowance | None] = field(
        default_factory=lambda: {kind.name: allowed for kind, allowed in DEFAULTS.items()}
    )

    @staticmethod
    def of_text(text: str) -> Budget:
        """Of the parameter: entries KIND=LEAST+PER_MB or KIND=none, apart by commas; `none` = the defaults.

        Raises ValueError that says which entry is wrong, and how one is written.
        """
        entries = () if text.strip() == NONE else text.split(",")
        return Budget({**Budget().allowances, **dict(map(_entry, entries))})


USUAL = Budget()
"""Of a stack whose operator has set no other, and where there is no stack."""


def _entry(entry: str) -> tuple[str, Allowance | None]:
    name, _, amount = (part.strip() for part in entry.partition("="))
    if name in KINDS and amount == NONE:
        return name, None
    numbers = [number.strip() for number in amount.split("+")]
    if name not in KINDS or len(numbers) != 2 or not all(n.isdecimal() for n in numbers):
        raise ValueError(
            f"`{entry.strip()}` is no amount of work: write KIND=LEAST+PER_MB or KIND={NONE}, entries "
            f"apart by commas, or `{NONE}`; kinds are {', '.join(KINDS)}"
        )
    return name, Allowance(int(numbers[0]), int(numbers[1]))


class Work:
    """What reading one feed has made so far. Each kind is counted by one thread only.

    `budget` None: nothing is too much.
    """

    def __init__(self, budget: Budget | None, size_bytes: int) -> None:
        self._budget = budget
        self._size_bytes = size_bytes
        allowances = budget.allowances if budget else {}
        self._allowed = {
            name: allowed.of(size_bytes) for name, allowed in allowances.items() if allowed
        }
        self.spent = dict.fromkeys(KINDS, 0)

    def spend(self, kind: Kind, count: int, name: str, place: str) -> None:
        """So much more of a kind; raises FeedHeld `too_costly` beyond the budget.

        `name` is the file's, `place` says how far reading it has come.
        """
        spent = self.spent[kind.name] = self.spent[kind.name] + count
        if spent > self.most(kind):
            raise self._too_costly(kind, name, place)

    def check(self, kind: Kind, count: int, name: str, place: str) -> None:
        """Raises FeedHeld `too_costly` where one thing has more of a kind than the feed may have."""
        if self.is_beyond(kind, count):
            raise self._too_costly(kind, name, place)

    def is_beyond(self, kind: Kind, count: int) -> bool:
        """Whether that is more than the budget allows."""
        return count > self.most(kind)

    def most(self, kind: Kind) -> float:
        """How much of a kind the feed may have."""
        return self._allowed.get(kind.name, inf)

    def _too_costly(self, kind: Kind, name: str, place: str) -> FeedHeld:
        allowed = self._allowed[kind.name]
        allowance = self._budget.allowances[kind.name] if self._budget else None
        assert allowance is not None, "there is a limit"
        return FeedHeld(
            TOO_COSTLY,
            f"{name}: more than {allowed:,} {kind.what} {place}, which is all that a feed of "
            f"{self._size_bytes:,} bytes may have ({allowance.least:,} and {allowance.per_mb:,} per MB; "
            f"`{kind.name}` in the parameter limits/work). Nothing was loaded. {kind.advice}; or release "
            "the feed: it is then read without a limit, in a run of its own.",
            {"counted": kind.name, "allowed": allowed, "size_bytes": self._size_bytes},
        )


def unlimited() -> Work:
    """Of a feed of which nothing is too much."""
    return Work(None, 0)


class Tally:
    """Counts what each record has few of, and spends it when it has become some.

    `unit` is what records are called by their number (`line`).
    """

    def __init__(self, work: Work, kind: Kind, name: str, unit: str) -> None:
        self._work = work
        self._kind = kind
        self._name = name
        self._unit = unit
        self._counted = 0

    def add(self, count: int, number: int) -> None:
        """So much more, in the record of that number; raises FeedHeld `too_costly`."""
        self._counted += count
        if self._counted > _SPENT_AT_ONCE:
            self.spend(number)

    def spend(self, number: int) -> None:
        """All that was counted, behind the last record; raises FeedHeld `too_costly`."""
        self._work.spend(self._kind, self._counted, self._name, f"by {self._unit} {number:,}")
        self._counted = 0


def blank_counted(lines: Iterator[str], work: Work, name: str) -> Iterator[str]:
    """The same lines; the blank ones, which readers pass over one by one, are spent. Raises FeedHeld `too_costly`."""
    blank = Tally(work, BLANK_LINES, name, "line")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            blank.add(1, number)
        yield line
