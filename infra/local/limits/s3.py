"""Amazon S3: what moto takes of keys, metadata, lists, names and presigned URLs, and S3 does not.

S3's API model says nothing of lengths, and moto reads S3's requests in handlers of its own, so these rules look at the HTTP request.
Sources: Amazon S3 User Guide, "Naming Amazon S3 objects" (1,024 bytes), "Working with object metadata" (2 KB), "Uploading objects"
(5 GB by one PUT), "General purpose bucket naming rules", "Download and upload objects with presigned URLs" (7 days); API Reference, DeleteObjects
(1,000 keys), "Authenticating Requests: Using Query Parameters" and "Error responses" (codes). Forms are in `s3_post`.
"""

from __future__ import annotations

import io
import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from werkzeug.wsgi import get_input_stream

from infra.local.events_inbox import Wsgi
from infra.local.limits import s3_post
from infra.local.limits.errors import Refusal

MOST_KEY_BYTES = 1024
MOST_METADATA_BYTES = 2048
MOST_PUT_BYTES = 5 * 1024**3
MOST_DELETED = 1000
LONGEST_URL_S = 7 * 24 * 3600
_OF_S3 = re.compile(r"/s3/aws4_request")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NO_PREFIX = ("xn--", "sthree-", "amzn-s3-demo-")
_NO_SUFFIX = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")
_FORBIDDEN = frozenset({"AccessDenied", "RequestTimeTooSkewed", "SignatureDoesNotMatch"})
Now = Callable[[], datetime]


def install(application: Wsgi, now: Now = lambda: datetime.now(UTC)) -> Wsgi:
    """The application, asked only what S3 would do."""

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            _check(environ, now())
        except Refusal as refusal:
            return _refused(refusal, start_response)
        return application(environ, start_response)

    return serve


def _check(environ: dict[str, Any], now: datetime) -> None:
    """Raises Refusal; a body that was looked at is there for the next reader."""
    if "HTTP_X_AMZ_TARGET" in environ:
        return
    method, query = environ["REQUEST_METHOD"], parse_qs(environ.get("QUERY_STRING", ""), True)
    bucket, _, key = _path(environ).lstrip("/").partition("/")
    if method == "POST" and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data"):
        s3_post.check(environ["CONTENT_TYPE"], _body(environ), bucket, now)
        return
    signed = query.get("X-Amz-Credential", [environ.get("HTTP_AUTHORIZATION", "")])[0]
    if not _OF_S3.search(signed):
        return
    if "X-Amz-Expires" in query:
        _check_url(query, now)
    if len(key.encode()) > MOST_KEY_BYTES:
        raise Refusal("KeyTooLongError", "Your key is too long")
    if method == "PUT":
        _check_put(environ, bucket, key, query)
    if method == "POST" and "delete" in query and _body(environ).count(b"<Key>") > MOST_DELETED:
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise Refusal("MalformedXML", message)


def _check_put(environ: dict[str, Any], bucket: str, key: str, query: dict[str, Any]) -> None:
    if not key and not query and not _is_name(bucket):
        raise Refusal("InvalidBucketName", f"The specified bucket is not valid: {bucket}")
    if sum(map(len, _metadata(environ))) > MOST_METADATA_BYTES:
        message = "Your metadata headers exceed the maximum allowed metadata size"
        raise Refusal("MetadataTooLarge", message)
    if int(environ.get("CONTENT_LENGTH") or 0) > MOST_PUT_BYTES:
        message = "Your proposed upload exceeds the maximum allowed size"
        raise Refusal("EntityTooLarge", message)


def _metadata(environ: dict[str, Any]) -> Iterator[bytes]:
    """Names (without the prefix) and values of the user's own metadata."""
    for name, value in environ.items():
        if name.startswith("HTTP_X_AMZ_META_"):
            yield name.removeprefix("HTTP_X_AMZ_META_").encode()
            yield value.encode("latin-1")


def _check_url(query: dict[str, list[str]], now: datetime) -> None:
    try:
        seconds = int(query["X-Amz-Expires"][0])
        signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except (KeyError, ValueError) as error:
        message = "Query-string authentication version 4 requires X-Amz-Date and X-Amz-Expires"
        raise Refusal("AuthorizationQueryParametersError", message) from error
    if not 0 <= seconds <= LONGEST_URL_S:
        raise Refusal(
            "AuthorizationQueryParametersError",
            f"X-Amz-Expires must be less than a week (in seconds) that is {LONGEST_URL_S}",
        )
    if now > signed + timedelta(seconds=seconds):
        raise Refusal("AccessDenied", "Request has expired")


def _is_name(bucket: str) -> bool:
    try:
        ipaddress.ip_address(bucket)
    except ValueError:
        fits = _NAME.fullmatch(bucket) and ".." not in bucket
        return bool(fits) and not bucket.startswith(_NO_PREFIX) and not bucket.endswith(_NO_SUFFIX)
    return False


def _path(environ: dict[str, Any]) -> str:
    """The path as text; WSGI hands it over as bytes in the disguise of Latin-1."""
    return str(environ.get("PATH_INFO", "")).encode("latin-1").decode("utf-8", "replace")


def _body(environ: dict[str, Any]) -> bytes:
    body = get_input_stream(environ).read()
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _refused(refusal: Refusal, start_response: Any) -> Iterable[bytes]:
    status = "403 Forbidden" if refusal.code in _FORBIDDEN else "400 Bad Request"
    told = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    answer = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{told}</Error>'.encode()
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(answer)))]
    start_response(status, [*headers, ("Connection", "close")])
    return [answer]
