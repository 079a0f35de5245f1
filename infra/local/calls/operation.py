"""Which operation of which service an HTTP request is, by botocore's models of the services.

The models are matched by moto's router, which serves the very same requests: two readings of one request could
differ, and then something else would be judged than is done.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from infra.local.calls.call import Operation
from infra.local.calls.rules import Rules
from infra.local.calls.signature import Signed

JSON = "json"
_OF_S3 = re.compile(r"x-amz-.*|x-id", re.IGNORECASE)
"""Parameters of a query string that no operation's model has: those of a presigned URL, and the SDKs' own."""


class Unknown(Exception):
    """What IAM is asked about a call is not known here, so that it is refused; the message says what is missing."""


def body_of(environ: dict[str, Any]) -> bytes:
    """The request's body, which is put back for whoever serves it."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        body = environ["wsgi.input"].read()
    else:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    put_back(environ, body)
    return bytes(body)


def put_back(environ: dict[str, Any], body: bytes) -> None:
    """Make that the request's body."""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def recognised(environ: dict[str, Any], who: Signed, rules: Rules) -> Operation:
    """The operation; raises Unknown for what is in no model, or of no service that the rules have."""
    services = rules.signed_as(who.service)
    if not services:
        raise Unknown(f"no rules for the service {who.service}")
    body = b"" if "s3" in services else body_of(environ)
    for service in services:
        request = Request({**environ, "wsgi.input": io.BytesIO(body)})
        try:
            model, of_path = get_service_router(service).match(request)
            protocol = determine_request_protocol(get_service_model(service), request.content_type)
        except (HTTPException, NotImplementedError):
            continue
        if service == "s3":
            _check_query(request, model)
            if rules.reads_body(service, model.name):
                body = body_of(environ)
        members = _members(request, model, protocol, of_path, _plain(environ, body))
        return Operation(service, model.name, who.region, protocol, members)
    called = environ.get("HTTP_X_AMZ_TARGET") or _path_and_names(environ)
    raise Unknown(f"no operation of {' or '.join(services)} is called by {called}")


def _members(
    request: Request,
    model: OperationModel,
    protocol: str,
    of_path: dict[str, Any],
    body: bytes,
) -> Mapping[str, Any]:
    if protocol == JSON:  # whose members are called as the model calls them
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Unknown(f"the body of {model.name} is no JSON object")
        return found
    parsed: dict[str, Any] = PROTOCOL_PARSERS[protocol](model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": of_path,
        }
    )
    return {name: value for name, value in parsed.items() if value is not None}


def _plain(environ: Mapping[str, Any], body: bytes) -> bytes:
    return (
        gzip.decompress(body) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" and body else body
    )


def _check_query(request: Request, model: OperationModel) -> None:
    """S3 tells operations apart by a word in the query: one that the model lacks may be another operation."""
    shape = model.input_shape
    known = set(model.http_trait.query_args)
    for name, member in (shape.members if shape else {}).items():
        if member.serialization.get("location") == "querystring":
            known.add(member.serialization.get("name", name))
    strange = [name for name in request.args if name not in known and not _OF_S3.fullmatch(name)]
    if strange:
        raise Unknown(f"{model.name} of s3 has no parameter {', '.join(strange)}")


def _path_and_names(environ: Mapping[str, Any]) -> str:
    names = re.sub(r"=[^&]*", "", environ.get("QUERY_STRING", ""))
    return (
        f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '')}{'?' if names else ''}{names}"
    )
