"""Opens the stack's warehouse: one sink, whose stage is in the lake bucket."""

from __future__ import annotations

from functools import cache

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.factory import SinkFactory
from mallfeed.sinks.port import Sink
from mallfeed.sinks.redshift import bootstrap as tables
from mallfeed.sinks.redshift.data_api import RedshiftData, Warehouse
from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.sinks.sql.growth import Tables

WORKGROUP = Setting("redshift/workgroup")
DATABASE = Setting("redshift/database")
SECRET = Setting("redshift/secret_arn", default="-")
"""`-` if the job's role is mapped to a database user."""
COPY_ROLE = Setting("redshift/copy_role_arn")


def warehouse_of(context: SinkContext) -> RedshiftData:
    """The stack's warehouse, reached through the Data API. Raises SettingsInvalid if a parameter is missing."""
    context.check((WORKGROUP, DATABASE))
    arn = context.value(SECRET)
    warehouse = Warehouse(
        workgroup=context.value(WORKGROUP),
        database=context.value(DATABASE),
        secret_arn=None if arn == "-" else arn,
    )
    return RedshiftData(context.client("redshift-data"), warehouse)


def _open(context: SinkContext) -> list[Sink]:
    bucket = context.settings.lake_bucket
    area = StageArea(context.client("s3"), bucket, f"redshift/{context.run}")
    role = context.value(COPY_ROLE)
    data = warehouse_of(context)
    return [RedshiftSink(data, area, role, tables=_looked_at(data.warehouse), sent=context.sent)]


@cache
def _looked_at(_warehouse: Warehouse) -> Tables:
    """One per warehouse and process, so that its tables are only checked once."""
    return Tables(LAYOUT, verdict)


def _bootstrap(context: SinkContext) -> None:
    tables.bootstrap(warehouse_of(context))


REDSHIFT = SinkFactory(
    "redshift",
    needs=(WORKGROUP, DATABASE, SECRET, COPY_ROLE),
    open=_open,
    bootstrap=_bootstrap,
)
