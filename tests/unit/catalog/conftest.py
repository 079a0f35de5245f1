"""A lake bucket behind a real HTTP server, and a folder of two malls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infra.local.place import REGION
from tests.moto_process import ENVIRONMENT, moto_server

TEXT = """mall: {mall}
version: {version}
effective_from: {since}
owner: feeds
contact: md@shop.example
fields: {{product_id: id, title: name, price: price, url: url, category_path: category}}
feeds:
  full: {{format: csv}}
"""


def text_of(mall: str, version: int = 1, since: str = "2026-01-01T00:00:00+09:00") -> str:
    return TEXT.format(mall=mall, version=version, since=since)


def write(folder: Path, mall: str, version: int = 1, text: str | None = None) -> Path:
    path = folder / mall / f"v{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or text_of(mall, version), "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Versions 1 of two malls."""
    catalogs = tmp_path / "catalogs"
    write(catalogs, "one_shop")
    write(catalogs, "two_shop")
    return catalogs


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield url


def _client(service: str, url: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture(scope="session")
def s3(aws: str) -> Any:
    return _client("s3", aws)


@pytest.fixture(scope="session")
def glue(aws: str) -> Any:
    return _client("glue", aws)


@pytest.fixture
def database(glue: Any) -> str:
    name = f"lake_{uuid4().hex[:8]}"
    glue.create_database(DatabaseInput={"Name": name})
    return name


@pytest.fixture
def lake(s3: Any) -> str:
    name = f"lake-{uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return name
