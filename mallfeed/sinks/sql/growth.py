"""The warehouse's tables are made, or grow to the columns of this release, before they are written to."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Sequence
from random import SystemRandom

from mallfeed.backoff import FullJitter
from mallfeed.errors import SinkUnavailable
from mallfeed.sinks.sql import catalog, ddl
from mallfeed.sinks.sql.database import Database, Ended
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.tables import Table, TableColumn
from mallfeed.sinks.sql.verdict import Judge, Verdict
from mallfeed.table.growth import Difference, Growth, Wanted, growth, refuse

LOG = logging.getLogger(__name__)
TRIES = 6
_CHANCE = SystemRandom()
_VARCHAR = re.compile(r"VARCHAR\((\d+)\)")


class Tables:
    """The tables of one warehouse, looked at once by each process that loads it."""

    def __init__(
        self,
        layout: Layout,
        judge: Judge,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _CHANCE.random,
    ) -> None:
        self._layout = layout
        self._judge = judge
        self._sleep = sleep
        self._random = random
        self._backoff = FullJitter(base_s=0.5, cap_s=10.0)
        self._ready = False
        self._found: catalog.Columns = {}

    def foreign(self, table: str) -> list[str]:
        """The columns of that table that only a later release knows, as last found."""
        ours = {
            column.name
            for one in self._layout.tables
            for column in one.columns
            if one.name == table
        }
        return [column for column in self._found.get(table, {}) if column not in ours]

    def ensure(self, database: Database) -> None:
        """As `grow`, but asks nothing once this object has found the tables in order."""
        if not self._ready:
            self.grow(database)

    def grow(self, database: Database) -> None:
        """Make the tables that are missing, and add the columns that are missing in others.

        Each statement is a transaction of its own: it locks its table for a moment, and several
        processes may do it at once (one adds the column, the others find it there). Raises SchemaDiffers
        before anything is written, SinkUnavailable where the warehouse does not take a statement.
        """
        for attempt in range(TRIES):
            statements = missing(self._layout, self._look(database))
            failed = _run(database, statements)
            if not failed:
                self._ready = True
                return
            if all(self._judge(e.error, e.aborted) is not Verdict.CONFLICT for e in failed):
                break
            self._sleep(self._backoff.delay_s(attempt, self._random))
        if missing(self._layout, self._look(database)):
            raise SinkUnavailable(f"the warehouse's tables did not grow: {failed[0].told}")
        self._ready = True

    def _look(self, database: Database) -> catalog.Columns:
        query = catalog.query(table.name for table in self._layout.tables)
        self._found = catalog.columns(database.query(query, uuid.uuid4().hex))
        return self._found


def _run(database: Database, statements: Sequence[str]) -> list[Ended]:
    """Those that failed."""
    ends = []
    for statement in statements:
        LOG.info("the warehouse grows", extra={"statement": statement})
        ends.append(database.run([statement], uuid.uuid4().hex, "mallfeed growth"))
    return [ended for ended in ends if not ended.finished]


def missing(layout: Layout, found: catalog.Columns) -> list[str]:
    """The statements that make, or add to, what is found; raises SchemaDiffers where adding is no help."""
    there = {
        table.name: growth(f"table {table.name}", _wanted(table), found[table.name], _fits)
        for table in layout.tables
        if table.name in found
    }
    refuse(there.values(), lambda differences: _what_to_do(layout, differences))
    return [
        statement
        for table in layout.tables
        for statement in _statements(layout, table, there.get(table.name))
    ]


def _statements(layout: Layout, table: Table, grown: Growth | None) -> list[str]:
    if grown is None:
        return [ddl.create_table(layout.dialect, table)]
    return [ddl.add_column(table.name, TableColumn(one.name, one.type)) for one in grown.add]


def _wanted(table: Table) -> list[Wanted]:
    return [Wanted(column.name, column.type, not column.first) for column in table.columns]


def _fits(found: str, expected: str) -> bool:
    """A text column may be wider than ours: of all types Redshift lets only these be altered."""
    held, wanted = _VARCHAR.fullmatch(found), _VARCHAR.fullmatch(expected)
    if held and wanted:
        return int(held[1]) >= int(wanted[1])
    return found == expected


def _what_to_do(layout: Layout, differences: Sequence[Difference]) -> str:
    keys = {f"table {table.name}": table.key for table in layout.tables}
    steps = dict.fromkeys(_step(one, one.column in keys[one.place]) for one in differences)
    return (
        f"What to do: {'; '.join(steps)}. Then, to have every mall's values written again, empty "
        "the table mall_state"
    )


def _step(difference: Difference, is_key: bool) -> str:
    table = difference.place.removeprefix("table ")
    both = (difference.found or "", difference.expected)
    if difference.found is None and not is_key:
        return f"ALTER TABLE {table} ADD COLUMN {difference.column} {difference.expected}"
    if not is_key and all(map(_VARCHAR.fullmatch, both)):
        return f"ALTER TABLE {table} ALTER COLUMN {difference.column} TYPE {difference.expected}"
    return (
        f"deploy the release that made {table} again, or ALTER TABLE {table} RENAME TO {table}_before "
        "and run `mallfeed sinks bootstrap`"
    )
