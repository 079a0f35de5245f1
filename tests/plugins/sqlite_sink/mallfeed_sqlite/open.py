"""The factory that the entry point names: which settings the sink needs, and how it is opened."""

from __future__ import annotations

from pathlib import Path

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.factory import SinkFactory
from mallfeed_sqlite import schema
from mallfeed_sqlite.sink import SqliteSink

PATH = Setting("sqlite/path")
"""The file; its folder exists."""


def _open(context: SinkContext) -> list[SqliteSink]:
    return [SqliteSink(schema.connect(Path(context.value(PATH))))]


def _bootstrap(context: SinkContext) -> None:
    schema.connect(Path(context.value(PATH))).close()


SQLITE = SinkFactory("sqlite", needs=(PATH,), open=_open, bootstrap=_bootstrap)
