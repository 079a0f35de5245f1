"""Real services for tests of the sinks: OpenSearch, and the warehouse with its S3."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from infra.local.stack import Stack
from infra.local.warehouse import DATABASE, WORKGROUP
from mallfeed.aws.redshift_data import RedshiftData, Waiting, Warehouse
from mallfeed.sinks.opensearch import bootstrap as index_bootstrap
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.redshift import bootstrap as table_bootstrap

BUCKET = "sink-tests"
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


@contextmanager
def sink_services(name: str) -> Iterator[SinkServices]:
    """OpenSearch with its indices and the warehouse with its tables, until the block ends."""
    os.environ.setdefault("MALLFEED_OPENSEARCH_HEAP", "640m")
    with Stack(name).session() as stack:
        with warnings.catch_warnings():
            # The stack lets go of its Popen objects on purpose: it knows processes by their ids.
            warnings.simplefilter("ignore", ResourceWarning)
            stack.start_all()
        spec = ConnectionSpec(stack.url("opensearch"))
        client = connect(spec)
        index_bootstrap.bootstrap(client)
        client.close()
        dsn = stack.environment()["WAREHOUSE_DSN"]
        s3 = _client(stack, "s3", "aws")
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
        )
        data = RedshiftData(
            _client(stack, "redshift-data", "redshift-data"),
            Warehouse(WORKGROUP, DATABASE),
            Waiting(first_s=0.01, most_s=0.2, deadline_s=60),
        )
        table_bootstrap.bootstrap(data)
        yield SinkServices(spec, data, s3, dsn, stack.url("aws"), stack.url("redshift-data"))


def _client(stack: Stack, service: str, process: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=stack.url(process),
        region_name="ap-northeast-2",
        aws_access_key_id="local",
        aws_secret_access_key="local-secret",
    )
