"""The deployed search function, from its zip, behind the local HTTP API."""

from __future__ import annotations

import gzip
import http.client
import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.paths import CHECKOUT
from tests.local.walk import MALLFEED
from tests.local_parts import Parts

pytestmark = pytest.mark.stack


def get(parts: Parts, target: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of the front's answer."""
    connection = http.client.HTTPConnection(str(urlsplit(parts.env["SEARCH_API_URL"]).netloc))
    connection.request("GET", target, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def test_the_deployed_function_searches(stack: Parts) -> None:
    status, headers, body = get(stack, "/products?size=1&facets=true")
    assert (status, headers["content-type"]) == (200, "application/json")
    answer = json.loads(body)
    assert set(answer["facets"]) >= {"category", "brand", "mall", "price"}
    assert len(answer["items"]) == min(1, answer["total"]["value"])
    status, _, body = get(
        stack, "/products?size=1&facets=true", **{"If-None-Match": headers["etag"]}
    )
    assert (status, body) == (304, b"")


def test_the_document_that_runs_is_the_committed_one_and_comes_compressed(stack: Parts) -> None:
    status, headers, body = get(stack, "/openapi.json", **{"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    committed = json.loads((CHECKOUT / "docs" / "openapi.json").read_text("utf-8"))
    assert json.loads(gzip.decompress(body)) == committed


def test_page_and_documentation_are_on_the_address_that_status_prints(stack: Parts) -> None:
    done = subprocess.run(
        [MALLFEED, "local", "status", "--stack", stack.stack.name],
        capture_output=True,
        text=True,
        check=False,  # a session's stack never counts as completely up
    )
    assert stack.env["SEARCH_API_URL"] in done.stdout
    assert b'role="combobox"' in get(stack, "/")[2]
    assert b"SwaggerUIBundle" in get(stack, "/docs")[2]


def test_its_zip_holds_neither_spark_nor_pyarrow(stack: Parts) -> None:
    unpacked = stack.stack.directory / "data" / "functions"
    folders = [path.parent for path in unpacked.glob("*/mallfeed")]
    assert folders
    for folder in folders:
        there = {Path(path).name for path in folder.iterdir()}
        assert "opensearchpy" in there
        assert not {"pyspark", "pyarrow", "playwright"} & there
