"""An HTTP request as API Gateway hands it to a function (HTTP API, payload format 2.0), and back.

API Gateway's behaviour is kept, pleasant or not: header names are lower case, repeated headers
and repeated query parameters are joined by commas, and the path arrives percent-decoded, cut at
a decoded question mark, in `rawPath` too.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from infra.local.place import ACCOUNT

API_ID = "local"


@dataclass(frozen=True)
class Request:
    """A client's request: `target` is the request line's path and query, verbatim."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str


@dataclass(frozen=True)
class Answer:
    """What goes back to the client."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def event(request: Request) -> dict[str, Any]:
    """The event of the route `$default`."""
    raw_path, _, query = request.target.partition("?")
    path = unquote(raw_path).split("?")[0] or "/"
    headers = _joined((name.lower(), value) for name, value in request.headers)
    cookies = [value.strip() for value in headers.pop("cookie", "").split(";") if value.strip()]
    now = datetime.now(UTC)
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "domainName": headers.get("host", ""),
            "domainPrefix": API_ID,
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex,
            "routeKey": "$default",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S %z"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": bool(request.body),
    }
    if query:
        made["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if cookies:
        made["cookies"] = cookies
    if request.body:
        made["body"] = base64.b64encode(request.body).decode()
    return made


def answer(returned: Any) -> Answer:
    """What API Gateway makes of a function's result; without a status code it is the body itself."""
    if not isinstance(returned, dict) or "statusCode" not in returned:
        body = json.dumps(returned, ensure_ascii=False).encode()
        return Answer(200, (("content-type", "application/json"),), body)
    text = returned.get("body") or ""
    body = base64.b64decode(text) if returned.get("isBase64Encoded") else text.encode()
    headers = [
        (name.lower(), str(value)) for name, value in (returned.get("headers") or {}).items()
    ]
    headers += [("set-cookie", cookie) for cookie in returned.get("cookies") or ()]
    return Answer(int(returned["statusCode"]), tuple(headers), body)


def failure(status: int, message: str) -> Answer:
    """API Gateway's own answer if the function gave none."""
    body = json.dumps({"message": message}).encode()
    return Answer(status, (("content-type", "application/json"),), body)


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: ",".join(values) for name, values in found.items()}
