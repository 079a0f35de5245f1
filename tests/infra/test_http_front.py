"""The local HTTP front keeps to what API Gateway does with a request and an answer."""

from __future__ import annotations

import base64
import http.client
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local import http_event, http_page
from infra.local.http_event import Answer, Request
from infra.local.http_front import Front
from infra.local.ports import free_ports


def request(target: str, *headers: tuple[str, str], body: bytes = b"") -> Request:
    return Request("GET", target, headers, body, "127.0.0.1")


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/products/a%3A%ED%95%9C", "/products/a:한"),
        ("/products/a%2Fb", "/products/a/b"),
        ("/products/a%3Fb", "/products/a"),
        ("/products/a%253Fb", "/products/a%3Fb"),
        ("/", "/"),
    ],
)
def test_the_path_arrives_decoded_once_and_cut_at_a_question_mark(target: str, path: str) -> None:
    event = http_event.event(request(target + "?x=1"))
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == (path, path)


def test_the_query_stays_as_it_was_sent_beside_its_joined_values() -> None:
    event = http_event.event(request("/p?brand=a%2Cb&brand=c&q="))
    assert event["rawQueryString"] == "brand=a%2Cb&brand=c&q="
    assert event["queryStringParameters"] == {"brand": "a,b,c", "q": ""}


def test_headers_are_lower_case_and_joined_cookies_apart_and_bodies_base64() -> None:
    sent = (("Accept", "a"), ("ACCEPT", "b"), ("Cookie", "x=1; y=2"))
    event = http_event.event(request("/p", *sent, body=b"\xff"))
    assert event["headers"] == {"accept": "a,b"}
    assert event["cookies"] == ["x=1", "y=2"]
    assert (event["body"], event["isBase64Encoded"]) == ("/w==", True)


def test_a_result_becomes_an_answer() -> None:
    body = base64.b64encode(b"\x00").decode()
    returned = {"statusCode": 201, "headers": {"ETag": "a"}, "cookies": ["c=1"], "body": body}
    made = http_event.answer({**returned, "isBase64Encoded": True})
    assert made == Answer(201, (("etag", "a"), ("set-cookie", "c=1")), b"\x00")
    assert http_event.answer({"a": "가"}).body == '{"a": "가"}'.encode()
    assert http_event.answer({"statusCode": 304, "body": None}).body == b""


@pytest.mark.parametrize("target", ["/", "/app.js?x=1", "/style.css", "/icon.svg"])
def test_the_page_is_served_with_a_tag_and_allows_no_foreign_script(target: str) -> None:
    first = http_page.answer(request(target))
    assert first is not None
    assert first.status == 200
    headers = dict(first.headers)
    assert "default-src 'self'" in headers["content-security-policy"]
    again = http_page.answer(request(target, ("If-None-Match", headers["etag"])))
    assert again is not None
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("target", ["/products", "/../README.md", "/.hidden", "/nothing.js"])
def test_other_paths_are_the_functions(target: str) -> None:
    assert http_page.answer(request(target)) is None


class Echo:
    """A function that answers with its own request."""

    def call(self, asked: Request) -> Answer:
        return Answer(418, (("x-method", asked.method), ("x-target", asked.target)), asked.body)


@pytest.fixture
def front() -> Iterator[str]:
    (port,) = free_ports(1)
    workers: Any = Echo()
    with Front(port, workers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{port}"
        server.shutdown()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PROPFIND"])
def test_every_method_reaches_the_function(front: str, method: str) -> None:
    connection = http.client.HTTPConnection(front)
    connection.request(method, "/a%20b?c=%2C", b"body")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["x-method"]) == (418, method)
    assert answer.headers["x-target"] == "/a%20b?c=%2C"
    assert answer.read() == b"body"
    connection.close()
