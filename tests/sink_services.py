"""Real services for tests of the sinks: OpenSearch, and a warehouse of their own with its S3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from infra.local.redshift_data import server
from infra.local.warehouse import WORKGROUP
from mallfeed.sinks.opensearch import bootstrap as index_bootstrap
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.redshift import bootstrap as table_bootstrap
from mallfeed.sinks.redshift.data_api import RedshiftData, Waiting, Warehouse
from tests.local_parts import Parts

BUCKET = "sink-tests"
DATABASE = "sink_tests"
ROLE = "arn:aws:iam::123456789012:role/copy"


@dataclass(frozen=True)
class SinkServices:
    """What a test needs to make sinks."""

    opensearch: ConnectionSpec
    data: RedshiftData
    s3: Any
    dsn: str
    aws_url: str
    redshift_data_url: str


def sink_services(opensearch: str, warehouse: Parts) -> SinkServices:
    """The index template in place; the tables in a database that no other test uses."""
    spec = ConnectionSpec(opensearch)
    client = connect(spec)
    index_bootstrap.bootstrap(client)
    client.close()
    s3 = warehouse.client("s3")
    s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    data, own_dsn = database(warehouse, DATABASE)
    table_bootstrap.bootstrap(data)
    return SinkServices(
        spec,
        data,
        s3,
        own_dsn,
        warehouse.env["AWS_ENDPOINT_URL"],
        warehouse.env["AWS_ENDPOINT_URL_REDSHIFT_DATA"],
    )


def database(warehouse: Parts, name: str) -> tuple[RedshiftData, str]:
    """A new database of that name behind the Data API, without a table; with its DSN."""
    dsn = warehouse.env["WAREHOUSE_DSN"]
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    own_dsn = f"{dsn.rpartition('/')[0]}/{name}"
    with psycopg.connect(own_dsn, autocommit=True) as connection:
        connection.execute(server._PREPARE.encode())
    data = RedshiftData(
        warehouse.client("redshift-data"),
        Warehouse(WORKGROUP, name),
        Waiting(first_s=0.01, most_s=0.2, deadline_s=60),
    )
    return data, own_dsn
