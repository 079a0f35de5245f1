"""A refusal in the form of the protocol in which the call came, written by moto's serializers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from infra.local.calls.gate import Refusal
from infra.local.calls.operation import JSON

# Codes where they are not called as in the query protocol ("Common errors" of each API's reference; for S3,
# "Error responses").
_JSON = {
    "AccessDenied": "AccessDeniedException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
}
_S3 = {"InvalidClientTokenId": "InvalidAccessKeyId", "MissingAuthenticationToken": "AccessDenied"}
_STATUS = {400: "400 Bad Request", 403: "403 Forbidden"}


class _Refused(ServiceException):
    """Of this module, so that moto seeks no service of its own behind it."""


Answer = tuple[str, list[tuple[str, str]], bytes]


def protocol_of(environ: Mapping[str, Any], service: str) -> str:
    """The protocol of a request whose operation is not known."""
    if environ.get("HTTP_X_AMZ_TARGET"):
        return JSON
    return {"s3": "rest-xml", "lambda": "rest-json", "xray": "rest-json"}.get(service, "query")


def answer(refusal: Refusal, service: str, protocol: str, method: str) -> Answer:
    """Status, headers and body: 403, but for the JSON protocol, which has 400 for every error of the caller's."""
    model = get_service_model(service)
    code = refusal.code
    if service == "s3":
        code = _S3.get(code, code)
    elif protocol in (JSON, "rest-json"):
        code = _JSON.get(code, code)
    serializer = get_serializer_class(service, protocol)(operation_model=OperationModel({}, model))
    written = serializer.serialize(_Refused(code, refusal.message))
    headers = {str(name): str(value) for name, value in written["headers"].items()}
    if (
        "x-amzn-query-error" in headers
    ):  # services that once spoke the query protocol keep its codes
        headers["x-amzn-query-error"] = f"{refusal.code};Sender"
    text = written["body"] if method != "HEAD" else ""
    body = text.encode() if isinstance(text, str) else text
    headers["Content-Length"] = str(len(body))
    return _STATUS[400 if protocol == JSON else 403], list(headers.items()), body
