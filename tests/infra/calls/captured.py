"""What boto3 would send, without sending it, and what IAM is asked about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest

from infra.local.calls.call import Operation
from infra.local.calls.expressions import Evaluator
from infra.local.calls.operation import recognised
from infra.local.calls.rules import Ask, rules
from infra.local.calls.signature import signed
from infra.local.place import REGION

ENDPOINT = "http://127.0.0.1:9"
Environ = dict[str, Any]


class _Caught(Exception):
    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__()
        self.request = request


@cache
def client(service: str) -> Any:
    """A client whose calls raise what they would send."""
    session = boto3.Session("key", "secret", "token", REGION)
    made = session.client(service, endpoint_url=ENDPOINT)

    def catch(request: AWSPreparedRequest, **_: Any) -> None:
        raise _Caught(request)

    made.meta.events.register("before-send", catch)
    return made


def environ_of(call: Callable[[], Any]) -> Environ:
    """What a WSGI server would hand on of the request that the call sends."""
    try:
        call()
    except _Caught as caught:
        return _environ(caught.request)
    raise AssertionError("nothing was sent")


def _environ(request: AWSPreparedRequest) -> Environ:
    parts = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    found = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": parts.path,
        "RAW_URI": f"{parts.path}?{parts.query}" if parts.query else parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "9",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        text = value.decode() if isinstance(value, bytes) else str(value)
        found[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = text
    found.pop("HTTP_TRANSFER_ENCODING", None)
    return {**found, "CONTENT_LENGTH": str(len(body))}


class Facts:
    """Of an account in which tables have the key `pk`, and the objects that are named have tags."""

    def __init__(self, tagged: frozenset[str] = frozenset()) -> None:
        self._tagged = tagged

    def hash_key(self, table: str, index: str | None, region: str) -> str | None:
        return f"{index}_key" if index else "pk"

    def has_tags(self, bucket: str, key: str, version: str | None) -> bool:
        return key in self._tagged

    def secret_arn(self, secret: str, region: str) -> str:
        if secret.startswith("arn:"):
            return secret
        return f"arn:aws:secretsmanager:{region}:123456789012:secret:{secret}-AbCdEf"

    def key_arn(self, key: str, region: str) -> str:
        return f"arn:aws:kms:{region}:123456789012:key/{key.rpartition('/')[2]}"

    def workgroup_arn(self, name: str, region: str) -> str:
        return f"arn:aws:redshift-serverless:{region}:123456789012:workgroup/3f0c"


def recognised_in(environ: Environ) -> Operation:
    """The operation of that request."""
    who = signed(environ)
    assert who is not None
    return recognised(environ, who, rules())


def asks_of(environ: Environ, facts: Facts | None = None) -> list[Ask]:
    """What IAM is asked about that request."""
    return rules().asks(recognised_in(environ), Evaluator(facts or Facts()))


def asked(service: str, operation: str, facts: Facts | None = None, **members: Any) -> list[Ask]:
    """What IAM is asked about boto3's call, such as ("s3", "get_object", Bucket=…)."""
    called = client(service)
    return asks_of(environ_of(lambda: getattr(called, operation)(**members)), facts)
