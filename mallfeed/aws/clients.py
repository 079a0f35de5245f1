"""boto3 clients with bounded timeouts; endpoints come from AWS_ENDPOINT_URL(_<SERVICE>) if set."""

from __future__ import annotations

import os
from functools import cache
from typing import Any


def work_in(region: str) -> None:
    """Clients that this process creates from now on without a region of their own use this one.

    For the jobs: boto3 looks for a region in AWS_DEFAULT_REGION, which Glue does not promise to set.
    """
    os.environ["AWS_DEFAULT_REGION"] = region


@cache
def client(service: str, region: str | None = None, attempts: int = 5) -> Any:
    """The process's client of a service; created on first use, so that a cold start costs little.

    `attempts` is 1 for calls that must not be repeated automatically: those that are not idempotent.
    """
    import boto3  # half a second, which a command that calls no AWS service saves
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=32,
    )
    return boto3.client(service, region_name=region, config=config)  # type: ignore[call-overload]


def session_credentials(region: str) -> Any:
    """The credentials of this process, renewed by botocore as they expire: they sign requests (SigV4)
    to a service for which boto3 has no client."""
    import boto3

    return boto3.Session(region_name=region).get_credentials()


def in_large_parts() -> Any:
    """How S3 transfers are divided. Each part costs requests, and copying one costs nobody bandwidth: few
    large parts, several at once."""
    from boto3.s3.transfer import TransferConfig

    size = 128 * 1024 * 1024
    return TransferConfig(multipart_threshold=2 * size, multipart_chunksize=size)
